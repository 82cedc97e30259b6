"""From a map file to Amazon Products, as a person does it in a browser."""

import base64
import csv
import hashlib
import io
import re

import odoorpc
import pytest
from playwright.sync_api import Page, expect

from lib.source import map_out, sample
from tests.browser.chromium import VIEWPORT, tab
from tests.browser.odoo import amazon_products, plain_connection
from tests.browser.screen import (
    PATIENCE,
    card,
    expect_calm,
    expect_cards,
    open_page,
    photograph,
    upload,
)
from tests.browser.server import served

CODES = {
    "Amazon.com": "US",
    "Amazon.ca": "CA",
    "Amazon.co.uk": "GB",
    "Amazon.de": "DE",
    "Amazon.fr": "FR",
    "Amazon.co.jp": "JP",
}
DRAWER = "FURN_8900"
"""The product that is chosen for the row without a reference."""


@pytest.fixture
def sample_file(tmp_path):
    path = tmp_path / "sample_map.csv"
    path.write_bytes(map_out.sample_csv())
    return path


def create_and_resolve(page: Page) -> None:
    """Let the missing product be created, and choose one for the only row left."""
    page.get_by_text("Create missing products").click()
    expect_cards(page, {"Matched": 10, "To create": 1, "Unmatched": 1})
    expect_calm(page)
    search = page.get_by_role("textbox", name="Search the catalogue")
    search.fill(DRAWER)
    search.press("Enter")
    choose = page.get_by_role("button", name=re.compile("^Choose"))
    expect(choose).to_have_count(1)
    expect(page.get_by_text("You took 1 decision")).to_have_count(0)  # Enter was for the search
    choose.click()
    expect_cards(page, {"Matched": 11, "To create": 1, "Unmatched": 0})
    expect(page.get_by_text("You took 1 decision")).to_be_visible()


def execute(page: Page, changes: int, target: str) -> None:
    page.get_by_role("button", name=f"Execute {changes} changes").click()
    done = page.get_by_text(f"Done: {changes} changes written to {target}")
    expect(done).to_be_visible(timeout=PATIENCE)
    expect_cards(page, {"Done": 12, "Unchanged": 0, "Skipped": 0, "Failed": 0})


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

    create_and_resolve(page)
    expect_calm(page)
    photograph(page, "3_resolved")

    execute(page, 13, "Embedded demo store")
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
    expect(page.get_by_text("This is the embedded demo store")).to_be_visible()
    expect_calm(page)
    photograph(page, "7_connection")


@pytest.mark.parametrize(
    ("chart", "shown"), [(0, "Fulfilment: FB"), (1, "Why: No")], ids=["coverage", "why"]
)
def test_a_clicked_bar_of_a_chart_filters_the_tables(app, page, sample_file, chart, shown):
    page.goto(app.url)
    upload(page, sample_file)
    expect(page.get_by_text("Matched · 10")).to_be_visible()
    expect_calm(page)
    bar = page.locator(".js-plotly-plot").nth(chart).locator(".bars .point path").last
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_text("Tables show")).to_contain_text(shown)
    expect(page.get_by_text("Tables show")).to_contain_text("Lane: Unmatched")
    expect(page.get_by_role("heading", name="Unmatched · 1")).to_be_visible()
    expect(page.get_by_role("heading", name="Matched · 10")).to_have_count(0)
    expect(card(page, "Unmatched")).to_have_text("2")
    expect_calm(page)
    photograph(page, f"8_filtered_{chart}")
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    page.mouse.dblclick(box["x"] + 2 * box["width"], box["y"] + box["height"] / 2)
    expect(page.get_by_role("heading", name="Matched · 10")).to_be_visible()
    expect(page.get_by_text("Tables show")).to_have_count(0)


def test_the_review_is_readable_in_the_dark(app, browser, sample_file):
    with tab(browser, color_scheme="dark") as page:
        page.goto(app.url)
        upload(page, sample_file)
        expect_cards(page, {"Matched": 10})
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", "rgb(17, 24, 23)")
        expect_calm(page)
        photograph(page, "9_review_dark")


def test_the_sample_file_goes_all_the_way_into_a_real_odoo(odoo_db, browser, sample_file, tmp_path):
    secrets = f"""
[connections.odoo]
url = "{odoo_db.url}"
database = "{odoo_db.database}"
user = "{odoo_db.user}"
password = "{odoo_db.password}"
[sellers.acme]
"""
    with served(tmp_path, secrets) as app, tab(browser) as page:
        page.goto(f"{app.url}/connection")
        make = page.get_by_role("button", name="parts in Odoo")
        expect(make).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_text("What will be made:")).to_be_visible()
        expect_calm(page)
        photograph(page, "odoo_1_connection")
        make.click()
        expect(page.get_by_text("The Amazon layer is there")).to_be_visible(timeout=2 * PATIENCE)
        expect(make).to_have_count(0)

        open_page(page, "Map products")
        upload(page, sample_file)
        create_and_resolve(page)
        execute(page, 13, f"Odoo · {odoo_db.database}")
        expect_calm(page)
        photograph(page, "odoo_2_result")

    odoo = plain_connection(odoo_db)
    assert amazon_products(odoo) == expected_amazon_products()
    expect_one_job(odoo)
    look_at_it_in_odoo(odoo_db, browser)


def expected_amazon_products() -> list[tuple]:
    return sorted(
        (
            row.title,
            row.reference or DRAWER,
            row.sku,
            "acme",
            CODES[row.marketplace],
            row.fulfilment,
        )
        for row in sample.ROWS.itertuples()
    )


def expect_one_job(odoo: odoorpc.ODOO) -> None:
    (job,) = odoo.env["x_amazon_job_log"].search_read([], [])
    assert (job["x_name"], job["x_seller"], job["x_state"]) == ("sample_map.csv", "acme", "done")
    assert job["x_sha256"] == hashlib.sha256(map_out.sample_csv()).hexdigest()
    counts = [job[f"x_{name}"] for name in ("rows", "done", "unchanged", "skipped", "failed")]
    assert counts == [12, 12, 0, 0, 0]
    result = base64.b64decode(job["x_result"]).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(result)))
    assert [row["Seller SKU"] for row in rows] == sample.ROWS["sku"].tolist()
    assert {row["Outcome"] for row in rows} == {"done"}


def look_at_it_in_odoo(odoo_db, browser) -> None:
    """As Odoo's own web client shows it, which must not show an error."""
    page = browser.new_page(viewport=VIEWPORT)
    page.goto(f"{odoo_db.url}/web/login?db={odoo_db.database}")
    page.get_by_label("Email").fill(odoo_db.user)
    page.get_by_label("Password").fill(odoo_db.password)
    page.get_by_role("button", name="Log in").click()
    page.locator(".o_navbar_apps_menu button").click(timeout=PATIENCE)
    page.get_by_role("menuitem", name="Amazon", exact=True).click()
    expect(page.locator(".o_list_view .o_data_row")).to_have_count(12, timeout=PATIENCE)
    photograph(page, "odoo_3_products", ".o_list_view")
    page.get_by_role("button", name="Log", exact=True).click()
    page.get_by_role("menuitem", name="Process job log").click()
    page.locator(".o_data_row", has_text="sample_map.csv").locator("[name=x_name]").click()
    expect(page.locator(".o_form_view")).to_contain_text("sample_map.csv")
    expect(page.locator(".o_error_dialog")).to_have_count(0)
    photograph(page, "odoo_4_job_log", ".o_form_view")
    page.close()
