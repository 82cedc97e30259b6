"""No page is ever shown outside the shell, not even to the first visitor of a fresh server.

Streamlit runs pages/ by itself where it lies beside a script that navigates: the first deep link
would pass by the shell (docs/decisions/0001-launcher.md).
"""

from pathlib import Path

from playwright.sync_api import expect

from lib.ui.registry import JOB_LOG, PAGES
from tests.browser.chromium import launched, tab
from tests.browser.server import served


def test_a_deep_link_as_first_request_is_shown_inside_the_shell(tmp_path: Path):
    with launched() as browser, served(tmp_path) as app, tab(browser) as page:
        page.goto(f"{app.url}/job_log")
        expect(page.get_by_role("heading", name=JOB_LOG.title)).to_be_visible()
        expect(page.get_by_test_id("stSidebarNavLink")).to_have_text(
            [f"{spec.icon[10:-1]}{spec.title}" for spec in PAGES]
        )
        expect(page.get_by_test_id("stSidebar")).to_contain_text("Embedded demo store")
        expect(page.get_by_test_id("stException")).to_have_count(0)
