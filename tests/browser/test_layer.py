"""The layer in a browser: from the overview to the listings it counts, and unmapped there."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from lib.source import map_out
from lib.ui.registry import ROOT
from tests.browser.chromium import tab
from tests.browser.screen import PATIENCE, expect_calm, open_page, photograph
from tests.browser.server import served
from tests.source.reports import LAYOUTS, data

HEADERS = LAYOUTS[47]
LISTED = ["FURN_7777", "FURN_8888", "FURN_0269", "FURN_1118", "LOST-1", "LOST-2"]


@pytest.fixture
def mapped(tmp_path, monkeypatch):
    """A folder whose demo store has the sample file and two reports of Germany, of which the
    last lists one listing less and one more."""
    monkeypatch.setenv("MAPPER_DATA", str(tmp_path / "data"))
    (tmp_path / "sample.csv").write_bytes(map_out.sample_csv())
    run(tmp_path, "map", "sample.csv", "--create")
    for skus in (LISTED[:-1], LISTED[1:]):
        report = data(*({"seller-sku": sku} for sku in skus), headers=HEADERS)
        (tmp_path / "Active+Listings+Report.txt").write_bytes(report)
        run(tmp_path, "sync", "--marketplace", "DE", "--file", "Active+Listings+Report.txt")
    return tmp_path


def run(folder, *words):
    """A command of the app, of which some rows may wait for a decision."""
    command = [sys.executable, "-m", "lib", *words, "--seller", "demo"]
    done = subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode in (0, 1), done.stderr


def test_a_number_of_the_overview_leads_to_its_listings_which_are_unmapped_and_undone(
    mapped, browser
):
    with served(mapped) as app, tab(browser) as page:
        page.goto(f"{app.url}/overview")
        expect(page.get_by_text("What to do next")).to_be_visible(timeout=PATIENCE)
        expect_calm(page)
        photograph(page, "11_overview")

        page.get_by_role("link", name="mapped and gone from Amazon's report").click()
        expect(page.get_by_role("heading", name="Amazon Products", exact=True)).to_be_visible()
        expect(page.get_by_text("2 of 15 Amazon Products")).to_be_visible(timeout=PATIENCE)
        expect_calm(page)
        photograph(page, "12_gone")

        page.get_by_role("button", name="Unmap all 2").click()
        execute = page.get_by_role("button", name="Execute 2 changes")
        expect(execute).to_be_visible(timeout=PATIENCE)
        expect_calm(page)
        photograph(page, "13_unmap")
        execute.click()
        expect(page.get_by_text("Done: 2 changes written")).to_be_visible(timeout=PATIENCE)
        expect_calm(page)
        photograph(page, "14_unmapped")

        open_page(page, "Job log")
        page.get_by_text("Undo this run").click()
        page.get_by_role("button", name="See what an undo would do").click()
        page.get_by_role("button", name="Undo 2 changes").click()
        expect(page.get_by_text("This run is the undo of run")).to_be_visible(timeout=PATIENCE)
        page.goto(f"{app.url}/amazon_products?view=By+product")
        expect(page.get_by_text("most SKUs first")).to_be_visible(timeout=PATIENCE)
        expect_calm(page)
        photograph(page, "15_products")
        page.goto(f"{app.url}/amazon_products")
        expect(page.get_by_text("15 of 15 Amazon Products")).to_be_visible(timeout=PATIENCE)
        page.get_by_role("button", name="Choose another product for all 15").click()
        page.get_by_role("textbox", name="Search the catalogue").fill("drawer")
        page.get_by_role("textbox", name="Search the catalogue").press("Enter")
        page.get_by_role("button", name="Choose", exact=True).first.click()
        expect(page.get_by_text("They will be tied to")).to_be_visible(timeout=PATIENCE)
        expect_calm(page)
        photograph(page, "16_remap")


def test_a_number_of_the_overview_leads_to_its_rows_whatever_was_filtered_before(mapped, browser):
    with served(mapped) as app, tab(browser) as page:
        page.goto(f"{app.url}/overview")
        page.get_by_role("link", name="mapped and gone from Amazon's report").click()
        expect(page.get_by_text("2 of 15 Amazon Products")).to_be_visible(timeout=PATIENCE)
        page.get_by_role("textbox", name="Search").fill("FURN")
        page.get_by_role("textbox", name="Search").press("Enter")
        page.get_by_text("Products with several SKUs").click()
        expect(page.get_by_text("1 of 15 Amazon Products")).to_be_visible(timeout=PATIENCE)
        open_page(page, "Overview")
        page.get_by_role("link", name="See 15").click()
        expect(page.get_by_text("15 of 15 Amazon Products")).to_be_visible(timeout=PATIENCE)
