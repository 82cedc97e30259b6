"""Sync listings: a report goes the way of a map file, from its marketplace to the job log."""

import pytest

from lib import waiting
from lib.run.engine import engine
from lib.source import map_file
from lib.ui.registry import AMAZON_PRODUCTS, JOB_LOG, MAP_PRODUCTS, SYNC_LISTINGS
from tests.source.reports import LAYOUTS, data
from tests.tables import listings

HEADERS = LAYOUTS[47]
CHAIR = {"seller-sku": "FURN_7777"}
LAMP = {"seller-sku": "FURN_8888", "fulfillment-channel": "AMAZON_EU"}
BOTTLE = {"seller-sku": "BOTTLE-1", "status": "Inactive"}
LOST = {"seller-sku": "LOST-1"}
NAME = "Active+Listings+Report.txt"


def report(*rows: dict[str, str]) -> bytes:
    return data(*rows, headers=HEADERS)


def choose(visitor, code: str) -> None:
    visitor.at.selectbox(key="market_demo").set_value(code).run()


@pytest.fixture
def syncing(visitor):
    """A visitor on the page Sync listings, who has uploaded a report and said of which
    marketplace it is."""
    visitor.open(SYNC_LISTINGS)
    visitor.upload(report(CHAIR, LAMP, BOTTLE, LOST), NAME)
    choose(visitor, "DE")
    return visitor


def test_the_marketplace_is_asked_for_and_never_guessed(visitor):
    visitor.open(SYNC_LISTINGS)
    visitor.upload(report(CHAIR), NAME)
    assert "Choose the marketplace of the report." in visitor.at.info[0].value
    assert not visitor.at.metric
    choose(visitor, "DE")
    assert visitor.lanes["Matched"] == 1
    assert not visitor.at.exception


def test_a_report_is_reviewed_executed_logged_and_mapped(syncing):
    assert syncing.lanes == {"Mapped": 0, "Matched": 2, "To create": 0, "Unmatched": 1,
                             "Blocked": 0}  # fmt: skip
    assert "1 not active, left out" in syncing.text.replace("\\", "")
    syncing.execute()
    assert syncing.numbers["Done"] == 2
    syncing.press("Close the result")
    assert syncing.lanes["Mapped"] == 2
    syncing.open(JOB_LOG)
    assert syncing.at.dataframe[0].value.loc[0, "File"] == NAME
    syncing.open(AMAZON_PRODUCTS)
    table = syncing.at.dataframe[0].value
    assert dict(zip(table["Seller SKU"], table["Fulfilment"], strict=True)) == {
        "FURN_7777": "FBM",
        "FURN_8888": "FBA",
    }
    assert set(table["Marketplace"]) == {"Amazon.de"}


def test_what_waits_after_a_sync_on_screen_is_no_news_for_a_notification(syncing):
    syncing.execute()
    found = listings(*({"sku": sku, "market": "DE", "channel": "MFN"} for sku in ("LOST-1", "X")))
    place = engine().journal.runs()[0].place
    assert waiting.new(engine().store, place, "demo", found)["sku"].tolist() == ["X"]


def test_inactive_listings_are_read_when_asked(syncing):
    syncing.at.toggle(key="inactive").set_value(True).run()
    assert sum(syncing.lanes.values()) == 4


def test_another_marketplace_is_another_review(syncing):
    syncing.execute()
    choose(syncing, "FR")
    assert syncing.lanes["Mapped"] == 0
    assert "Execute 2 changes" in syncing.buttons


def test_what_is_gone_from_the_report_is_shown_and_stays(syncing):
    syncing.execute()
    syncing.upload(report(CHAIR, LAMP | {"seller-sku": "LAMP-2"}), NAME)
    assert "Gone from the report" in [header.value for header in syncing.at.header]
    (gone,) = [
        t.value for t in syncing.at.dataframe if "FURN_8888" in set(t.value.get("Seller SKU", []))
    ]
    assert gone["Seller SKU"].tolist() == ["FURN_8888"]
    syncing.open(AMAZON_PRODUCTS)
    assert len(syncing.at.dataframe[0].value) == 2


def test_what_is_gone_is_unmapped_when_it_is_asked_for(syncing):
    syncing.execute()
    syncing.upload(report(CHAIR, LAMP | {"seller-sku": "LAMP-2"}), NAME)
    syncing.press("Unmap 1")
    assert "Gone from the report" not in [header.value for header in syncing.at.header]
    assert [label for label in syncing.buttons if label.startswith("Execute")] == [
        "Execute 1 change"
    ]
    syncing.execute()
    assert "Gone from the report" not in [header.value for header in syncing.at.header]
    assert sum(syncing.lanes.values()) == 2
    syncing.open(AMAZON_PRODUCTS)
    assert syncing.at.dataframe[0].value["Seller SKU"].tolist() == ["FURN_7777"]


def test_unmapping_what_is_gone_can_be_left_and_the_sync_goes_on(syncing):
    syncing.execute()
    syncing.upload(report(CHAIR, LAMP | {"seller-sku": "LAMP-2"}), NAME)
    syncing.press("Unmap 1")
    syncing.press("Cancel the change")
    assert "Gone from the report" in [header.value for header in syncing.at.header]
    assert "Execute 0 changes" in syncing.buttons


def test_a_report_without_fulfilment_is_read_with_an_fba_inventory_report(visitor):
    visitor.open(SYNC_LISTINGS)
    open_listings = b"sku\tasin\tprice\tquantity\nFURN_7777\t\t1\t1\nFURN_8888\t\t1\t1\n"
    visitor.upload(open_listings, "Open+Listings.txt")
    choose(visitor, "DE")
    assert "does not say who ships" in visitor.errors[0]
    visitor.upload(b"what\tis this\n1\t2\n", "other.txt")
    assert visitor.errors
    assert not visitor.at.metric
    visitor.upload(b"sku\tfnsku\nFURN_8888\tX1\n", "fba.txt")
    assert visitor.lanes["Matched"] == 2
    assert not visitor.errors
    visitor.execute()
    visitor.open(AMAZON_PRODUCTS)
    table = visitor.at.dataframe[0].value
    assert table["Fulfilment"].tolist() == ["FBM", "FBA"]


def test_the_report_downloads_as_a_map_file(downloads, syncing):
    again = map_file.read(downloads["listings_map.csv"](), "map.csv").listings
    assert again["sku"].tolist() == again["reference"].tolist() == [
        "FURN_7777", "FURN_8888", "LOST-1",
    ]  # fmt: skip
    assert set(again["market"]) == {"DE"}
    assert again["channel"].tolist() == ["MFN", "AFN", "MFN"]


def test_mismatches_are_a_map_file_to_fill_in_for_map_products(downloads, syncing):
    raw = downloads["mismatches_map.csv"]()
    again = map_file.read(raw, "map.csv").listings
    assert again[["sku", "reference"]].to_numpy().tolist() == [["LOST-1", ""]]
    syncing.open(MAP_PRODUCTS)
    syncing.upload(raw.replace(b",,LOST-1", b",FURN_7777,LOST-1"), "filled.csv")
    assert syncing.lanes["Matched"] == 1


def test_each_page_keeps_its_own_file(syncing):
    syncing.open(MAP_PRODUCTS)
    assert syncing.at.file_uploader
    syncing.upload()
    assert sum(syncing.lanes.values()) == 12
    syncing.open(SYNC_LISTINGS)
    assert sum(syncing.lanes.values()) == 3


def test_a_file_that_is_no_report_says_so(visitor):
    visitor.open(SYNC_LISTINGS)
    choose(visitor, "DE")
    visitor.upload()
    assert visitor.errors == [
        "sample_map.csv: no column is called fulfillment-channel, in any language that is known: "
        "it does not say who ships. Give an FBA inventory report of the same seller too, or a "
        "listing report that says it."
    ]


def test_headers_with_the_wrong_letters_are_read_in_the_encoding_that_is_chosen(visitor):
    visitor.open(SYNC_LISTINGS)
    choose(visitor, "PL")
    raw = "nazwa-produktu\tsku-sprzedawcy\tkanał-realizacji\nKrzesło\tFURN_7777\tDEFAULT\n"
    visitor.upload(raw.encode("cp1250"), NAME)
    assert "no column is called fulfillment-channel" in visitor.errors[0]
    visitor.at.selectbox(key="encoding_1").set_value("cp1250").run()
    assert not visitor.errors
    assert visitor.lanes["Matched"] == 1
