"""Prices on the page Sync listings: asked for, seen before and after, set and logged."""

import pytest

from lib.source.table import open_table
from lib.ui.registry import JOB_LOG, SYNC_LISTINGS
from tests.source.reports import LAYOUTS, data

CHAIR = {"seller-sku": "FURN_7777", "price": "79.90"}
LAMP = {"seller-sku": "FURN_8888", "price": "1,299"}


def upload(visitor, *rows):
    visitor.open(SYNC_LISTINGS)
    visitor.upload(data(*rows, headers=LAYOUTS[47]), "report.txt")
    market = next(box for box in visitor.at.selectbox if box.label == "Marketplace")
    market.set_value("DE").run()
    return visitor.at.toggle(key="prices_demo")


def tables(visitor, alt_column):
    return [t.value for t in visitor.at.dataframe if alt_column in t.value]


def test_prices_are_left_alone_unless_asked_for(visitor):
    upload(visitor, CHAIR, LAMP)
    assert "Prices to set" not in visitor.numbers
    assert "Execute 2 changes" in visitor.buttons


def test_each_price_is_shown_before_and_after_and_then_set_and_logged(visitor, downloads):
    upload(visitor, CHAIR, LAMP).set_value(True).run()
    assert visitor.numbers["Prices to set"] == 1
    assert "Execute 3 changes" in visitor.buttons
    (table,) = tables(visitor, "Before")
    assert table[["Seller SKU", "Before", "After", "Currency"]].to_numpy().tolist() == [
        ["FURN_7777", "", "79.90", "EUR"]
    ]
    headers = open_table(downloads["prices.csv"]()).headers
    assert {"Price before", "Price after", "Currency"} <= set(headers)
    note = 'Price not set: "1,299" is no clear amount of EUR'
    assert any((shown.value == note).any(axis=None) for shown in visitor.at.dataframe)
    visitor.execute()
    assert "1 price" in visitor.at.success[0].value
    visitor.press("Close the result")
    assert visitor.numbers["Prices to set"] == 0
    assert not tables(visitor, "Before")

    visitor.upload(data(CHAIR | {"price": "69,90"}, headers=LAYOUTS[47]), "report.txt")
    (table,) = tables(visitor, "Before")
    assert table[["Before", "After"]].to_numpy().tolist() == [["79.90", "69.90"]]
    visitor.execute()
    visitor.open(JOB_LOG)
    assert any(
        "Price 69.90 EUR, before: 79.90" in set(t.value.get("Message", []))
        for t in visitor.at.dataframe
    )
    visitor.press("See what an undo would do")
    assert visitor.numbers["Prices to restore"] == 1


@pytest.fixture
def without_pricelist(project):
    text = '[sellers.demo]\nmarketplaces = ["DE", "FR"]\n'
    (project / ".streamlit" / "secrets.toml").write_text(text)


def test_a_marketplace_without_a_pricelist_says_what_to_write(without_pricelist, visit):
    visitor = visit()
    toggle = upload(visitor, CHAIR)
    assert toggle.disabled
    assert any("name no pricelist of seller demo" in c.value for c in visitor.at.caption)


def test_a_pricelist_that_is_not_there_is_told_and_nothing_can_be_executed(project, visit):
    text = '[sellers.demo]\nmarketplaces = ["DE"]\npricelists = { DE = "Nowhere" }\n'
    (project / ".streamlit" / "secrets.toml").write_text(text)
    visitor = visit()
    upload(visitor, CHAIR).set_value(True).run()
    assert "no pricelist 'Nowhere'" in visitor.errors[0]
    assert not [label for label in visitor.buttons if label.startswith("Execute")]
    visitor.at.toggle(key="prices_demo").set_value(False).run()
    assert "Execute 1 change" in visitor.buttons
