"""A run watched, cancelled, resumed and undone from another tab than the one that started it."""

import pandas as pd
from playwright.sync_api import expect

from lib.source import map_out, sample
from tests.browser.chromium import tab
from tests.browser.screen import PATIENCE, expect_calm, open_page, photograph, upload

MARKETS = ["US", "GB", "DE", "FR"]
ROWS = 60_000
LONG = 4 * PATIENCE


def big_file(path):
    """A map file of so many listings of one product, which takes the store a while."""
    reference = sample.ROWS.loc[sample.ROWS["reference"] != "", "reference"].iloc[0]
    rows = pd.DataFrame(
        {
            "title": "Lamp",
            "reference": reference,
            "sku": [f"LAMP-{at // len(MARKETS):05}" for at in range(ROWS)],
            "marketplace": [MARKETS[at % len(MARKETS)] for at in range(ROWS)],
            "fulfilment": "FBA",
        }
    )
    path.write_bytes(map_out.to_csv(rows.astype("str")))
    return path


def test_a_run_is_cancelled_resumed_and_undone_from_another_tab(app, page, browser, tmp_path):
    page.goto(app.url)
    upload(page, big_file(tmp_path / "big.csv"))
    page.get_by_role("button", name=f"Execute {ROWS:,} changes").click(timeout=LONG)
    expect(page.get_by_text("It goes on if you close this page")).to_be_visible(timeout=PATIENCE)

    with tab(browser) as other:
        other.goto(app.url)
        open_page(other, "Job log")
        expect(other.get_by_text(f"of {ROWS:,} changes")).to_be_visible(timeout=PATIENCE)
        photograph(other, "8_under_way")
        page.close()
        other.get_by_role("button", name="Cancel").click()
        expect(other.get_by_role("button", name="Resume")).to_be_visible(timeout=LONG)
        expect_calm(other)
        photograph(other, "9_cancelled")

        other.get_by_role("button", name="Resume").click()
        expect(other.get_by_role("button", name="Resume")).to_have_count(0, timeout=LONG)
        expect(other.get_by_text("Undo this run")).to_be_visible(timeout=LONG)
        expect(other.get_by_role("button", name="Mismatch lines (0)")).to_be_visible()
        other.get_by_text("Undo this run").click()
        other.get_by_role("button", name="See what an undo would do").click()
        undo = other.get_by_role("button", name=f"Undo {ROWS:,} changes")
        expect(undo).to_be_visible(timeout=LONG)
        expect_calm(other)
        photograph(other, "10_undo")
        undo.click()
        expect(other.get_by_text("This run is the undo of run")).to_be_visible(timeout=LONG)
        open_page(other, "Amazon Products")
        expect(other.get_by_text("No listing is mapped yet")).to_be_visible(timeout=PATIENCE)
