"""From a map file to Amazon Products, as a person does it in a browser."""

import pytest
from playwright.sync_api import expect

from lib.source import map_out
from tests.browser.chromium import tab
from tests.browser.screen import (
    PATIENCE,
    card,
    expect_calm,
    expect_cards,
    open_page,
    photograph,
    upload,
)


@pytest.fixture
def sample(tmp_path):
    path = tmp_path / "sample_map.csv"
    path.write_bytes(map_out.sample_csv())
    return path


def test_the_sample_file_goes_all_the_way_to_amazon_products(app, page, tmp_path):
    page.goto(app.url)
    expect(page.get_by_role("heading", name="Map products")).to_be_visible()
    expect(page.get_by_test_id("stSidebar")).to_contain_text("Embedded demo store")
    with page.expect_download() as download:
        page.get_by_role("button", name="Sample CSV").click()
    download.value.save_as(tmp_path / "sample_map.csv")
    expect_calm(page)
    photograph(page, "1_start")

    upload(page, tmp_path / "sample_map.csv")
    expect_cards(page, {"Mapped": 0, "Matched": 10, "To create": 0, "Unmatched": 2, "Blocked": 0})
    expect(page.get_by_text("12 rows read; every row is in one lane.")).to_be_visible()
    expect(page.get_by_role("button", name="Execute 10 changes")).to_be_enabled()
    expect_calm(page)
    photograph(page, "2_review")

    page.get_by_text("Create missing products").click()
    expect_cards(page, {"Matched": 10, "To create": 1, "Unmatched": 1})
    page.get_by_role("textbox", name="Search the catalogue").fill("FURN_8900")
    page.get_by_role("textbox", name="Search the catalogue").press("Enter")
    expect(page.get_by_role("button", name="Choose", exact=True)).to_have_count(1)
    page.get_by_role("button", name="Choose", exact=True).click()
    expect_cards(page, {"Matched": 11, "To create": 1, "Unmatched": 0})
    expect(page.get_by_text("Your decisions (1)")).to_be_visible()
    expect_calm(page)
    photograph(page, "3_resolved")

    page.get_by_role("button", name="Execute 13 changes").click()
    expect(page.get_by_text("Done: 13 changes are in Embedded demo store.")).to_be_visible(
        timeout=PATIENCE
    )
    expect_cards(page, {"Done": 12, "Unchanged": 0, "Skipped": 0, "Failed": 0})
    expect_calm(page)
    photograph(page, "4_result")

    open_page(page, "Job log")
    expect(page.get_by_role("button", name="All rows (12)")).to_be_visible()
    expect_calm(page)
    photograph(page, "5_job_log")

    open_page(page, "Amazon Products")
    expect(page.get_by_text("12 of 12 Amazon Products")).to_be_visible()
    expect_calm(page)
    photograph(page, "6_amazon_products")

    open_page(page, "Connection")
    expect(page.get_by_text("Connected to Embedded demo store.")).to_be_visible()
    expect_calm(page)
    photograph(page, "7_connection")


def test_a_clicked_bar_of_the_coverage_chart_filters_the_tables(app, page, sample):
    page.goto(app.url)
    upload(page, sample)
    expect(page.get_by_text("Matched · 10")).to_be_visible()
    expect_calm(page)
    bar = page.locator(".js-plotly-plot").first.locator(".bars .point path").last
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_text("Tables show")).to_contain_text("Lane: Unmatched")
    expect(page.get_by_role("heading", name="Unmatched · 1")).to_be_visible()
    expect(page.get_by_role("heading", name="Matched · 10")).to_have_count(0)
    expect(card(page, "Unmatched")).to_have_text("2")
    expect_calm(page)
    photograph(page, "8_filtered")


def test_the_review_is_readable_in_the_dark(app, browser, sample):
    with tab(browser, color_scheme="dark") as page:
        page.goto(app.url)
        upload(page, sample)
        expect_cards(page, {"Matched": 10})
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", "rgb(17, 24, 23)")
        expect_calm(page)
        photograph(page, "9_review_dark")
