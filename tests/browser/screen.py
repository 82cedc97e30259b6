"""The app's screens as a person sees them: by label, waiting until they are drawn."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from lib.ui.registry import ROOT
from tests.browser.chromium import VIEWPORT

SCREENSHOTS = ROOT / "build" / "screenshots"
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)  # else 5 seconds, which a busy machine takes to paint


def upload(page: Page, file: Path) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    expect(page.get_by_role("heading", name="Review")).to_be_visible(timeout=PATIENCE)


def card(page: Page, label: str) -> Locator:
    """The number on the card with this label."""
    named = page.locator("p", has_text=re.compile(rf"^(● )?{label}$"))
    return page.get_by_test_id("stMetric").filter(has=named).get_by_test_id("stMetricValue")


def expect_cards(page: Page, numbers: dict[str, int]) -> None:
    for label, number in numbers.items():
        expect(card(page, label)).to_have_text(str(number))


def open_page(page: Page, title: str) -> None:
    page.get_by_test_id("stSidebarNav").get_by_text(title, exact=True).click()
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible(timeout=PATIENCE)


def expect_calm(page: Page) -> None:
    """The script has run to its end, and no part of it has failed."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=PATIENCE)
    expect(page.locator("[data-stale=true]")).to_have_count(0)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def photograph(page: Page, name: str, content: str = "[data-testid=stMain]") -> None:
    """Keep a picture of the whole screen, as long as it is."""
    height = page.locator(content).evaluate("element => element.scrollHeight")
    page.set_viewport_size({"width": VIEWPORT["width"], "height": max(height, VIEWPORT["height"])})
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled")
    page.set_viewport_size(VIEWPORT)
