"""From Amazon's reports into a real Odoo and back, as a person does it in a browser."""

import pytest
from playwright.sync_api import expect

from lib.target import provision
from tests.amazon.amazon import LOGIN_DATA
from tests.amazon.conftest import amazon, proxy  # noqa: F401
from tests.amazon.demo import JP_LISTINGS, US_LISTINGS, demo
from tests.browser.chromium import tab
from tests.browser.odoo import amazon_products, plain_connection, products
from tests.browser.screen import PATIENCE, expect_calm, expect_cards, open_page, photograph
from tests.browser.server import served
from tests.odoo.steps import target

MATCHED, CREATED = 7, 4
PRICES = len(US_LISTINGS) + len(JP_LISTINGS)
CHANGES = MATCHED + CREATED + CREATED + PRICES
PRICELISTS = {"Amazon US": "USD", "Amazon JP": "JPY"}


@pytest.fixture
def secrets(odoo_db):
    credentials = "".join(f'{name} = "{value}"\n' for name, value in LOGIN_DATA.items())
    odoo = "".join(f'{name} = "{value}"\n' for name, value in odoo_db._asdict().items())
    return (
        f"[connections.odoo]\n{odoo}[sellers.demo]\n"
        f'marketplaces = ["Amazon.com", "Amazon.co.jp"]\n{credentials}'
        '[sellers.demo.pricelists]\n"Amazon.com" = "Amazon US"\n"Amazon.co.jp" = "Amazon JP"\n'
    )


@pytest.fixture
def demo_amazon(amazon):  # noqa: F811
    """The demo Amazon, with some time to look at a report in progress."""
    made = demo()
    amazon.documents, amazon.markets = made.documents, made.markets
    amazon.states = ("IN_QUEUE", "IN_PROGRESS", "IN_PROGRESS", "DONE")
    return amazon


def test_two_marketplaces_are_fetched_reviewed_executed_and_undone(
    demo_amazon, odoo_db, secrets, browser, tmp_path
):
    provision.provision(target(odoo_db).connection)
    odoo = plain_connection(odoo_db)
    make_pricelists(odoo)
    before = products(odoo), amazon_products(odoo), prices(odoo)
    with served(tmp_path, secrets) as app:
        with tab(browser) as page:
            page.goto(app.url)
            open_page(page, "Connection")
            page.get_by_role("button", name="Test connection").click()
            expect(page.get_by_text("Amazon answers")).to_be_visible(timeout=PATIENCE)
            expect_calm(page)
            photograph(page, "sync_1_connection")

            open_page(page, "Sync listings")
            expect(page.get_by_role("button", name="Fetch")).to_be_visible()
            expect_calm(page)
            photograph(page, "sync_2_from_amazon")
            page.get_by_text("Create missing products").click()
            page.get_by_role("button", name="Fetch").click()
            expect(page.get_by_text("In progress")).to_have_count(2, timeout=PATIENCE)
            photograph(page, "sync_3_in_progress")
            expect(page.get_by_role("heading", name="Review")).to_be_visible(timeout=PATIENCE)
            expect_cards(page, {"Matched": MATCHED, "To create": CREATED, "Unmatched": 0})
            expect_calm(page)
            photograph(page, "sync_4_review")
            # What was chosen before the reports came stays chosen.
            page.get_by_text("FBM", exact=True).first.click()
            expect_cards(page, {"Matched": 3, "To create": 2})

        # The reports are kept for the next visitor.
        with tab(browser) as page:
            page.goto(app.url)
            open_page(page, "Sync listings")
            page.get_by_text("Create missing products").click()
            expect(page.get_by_role("button", name="Ask for new ones")).to_be_visible()
            expect_calm(page)
            photograph(page, "sync_5_kept")
            page.get_by_role("button", name="Use the reports of").click()
            page.get_by_text("Update prices").click(timeout=PATIENCE)
            expect(page.get_by_text("Prices to set", exact=True)).to_be_visible(timeout=PATIENCE)
            expect_calm(page)
            photograph(page, "sync_6_preview")
            page.get_by_role("button", name=f"Execute {CHANGES} changes").click(timeout=PATIENCE)
            done = page.get_by_text(f"Done: {CHANGES} changes written to Odoo")
            expect(done).to_be_visible(timeout=PATIENCE)
            expect_calm(page)
            photograph(page, "sync_7_result")
            assert amazon_products(odoo) == expected()
            assert prices(odoo) == expected_prices()

            open_page(page, "Job log")
            page.get_by_text("Undo this run").click()
            page.get_by_role("button", name="See what an undo would do").click()
            undo = page.get_by_role("button", name=f"Undo {CHANGES} changes")
            expect(undo).to_be_visible(timeout=PATIENCE)
            undo.click()
            undone = page.get_by_text("This run is the undo of run")
            expect(undone).to_be_visible(timeout=2 * PATIENCE)
            expect_calm(page)
            photograph(page, "sync_8_undone")
    assert (products(odoo), amazon_products(odoo), prices(odoo)) == before
    assert len(demo_amazon.reports) == 2


def expected() -> list[tuple]:
    """The demo listings as Odoo holds them: the Seller SKU is the reference."""
    return sorted(
        (title, sku, sku, "demo", market, "MFN" if channel == "DEFAULT" else "AFN")
        for market, listings in (("US", US_LISTINGS), ("JP", JP_LISTINGS))
        for title, sku, _, _, _, channel in listings
    )


def make_pricelists(odoo):
    """A pricelist a marketplace, in its currency; of new Odoos yen are not in use yet."""
    for name, currency in PRICELISTS.items():
        found = odoo.env["res.currency"].with_context(active_test=False)
        number = found.search([("name", "=", currency)])
        odoo.env["res.currency"].write(number, {"active": True})
        odoo.env["product.pricelist"].create({"name": name, "currency_id": number[0]})


def prices(odoo) -> list[tuple]:
    """Pricelist, internal reference and price of what the pricelists of the marketplaces have."""
    items = odoo.env["product.pricelist.item"].search_read(
        [("pricelist_id.name", "in", list(PRICELISTS))],
        ["pricelist_id", "product_id", "fixed_price"],
    )
    ids = [item["product_id"][0] for item in items]
    codes = {of["id"]: of["default_code"] for of in odoo.env["product.product"].read(
        ids, ["default_code"])}  # fmt: skip
    return sorted(
        (item["pricelist_id"][1].split(" (")[0], codes[item["product_id"][0]], item["fixed_price"])
        for item in items
    )


def expected_prices() -> list[tuple]:
    return sorted(
        (name, sku, float(price.replace(",", "")))
        for name, listings in (("Amazon US", US_LISTINGS), ("Amazon JP", JP_LISTINGS))
        for _, sku, price, *_ in listings
    )
