"""A report beside other ones: those of other marketplaces, and an FBA inventory."""

import pytest

from lib.columns import LISTING_COLUMNS
from lib.model import MapperError
from lib.source.reports_together import combine
from tests.source.reports import LAYOUTS, data, of


def test_a_report_without_a_channel_is_read_by_an_fba_inventory_report():
    inventory = of(b"sku\tfnsku\nA-1\tX1\n")
    text = b"sku\tasin\tprice\tquantity\nA-1\tB012345678\t1\t\nB-1\tB012345679\t1\t2\n"
    assert of(text, fba=inventory).listings["channel"].tolist() == ["AFN", "MFN"]
    with pytest.raises(MapperError, match="fulfillment-channel"):
        of(text)


def test_a_channel_that_the_report_has_goes_before_the_inventory():
    rows = [{"fulfillment-channel": word} for word in ("DEFAULT", "AMAZON_EU", "Rocket", "")]
    inventory = of(b"sku\tfnsku\nFURN_7777\tX1\n")
    channels = of(data(*rows), fba=inventory).listings["channel"]
    assert channels.tolist() == ["MFN", "AFN", "", "AFN"]


def test_reports_of_several_marketplaces_become_one_with_the_rows_of_all():
    resting = {"seller-sku": "OLD", "status": "Inactive"}
    german = of(data({}, {"seller-sku": "LAMP"}, resting, headers=LAYOUTS[47]), "de.txt")
    french = of(data({"price": "12.00"}), "fr.txt", market="FR")
    both = combine([german, french])
    assert both.markets == ("DE", "FR")
    assert both.names == ("de.txt", "fr.txt")
    assert both.name == "de.txt, fr.txt"
    assert both.sha256 not in (german.sha256, french.sha256)
    assert both.listings[["row", "sku", "market"]].to_numpy().tolist() == [
        [2, "FURN_7777", "DE"], [3, "LAMP", "DE"], [2, "FURN_7777", "FR"],
    ]  # fmt: skip
    assert both.listings.index.is_unique
    assert both.listings.columns.tolist() == LISTING_COLUMNS
    assert both.listings.dtypes.equals(german.listings.dtypes)
    assert both.offers["price"].tolist() == ["79.90", "79.90", "12.00"]
    assert both.seen["sku"].tolist() == ["FURN_7777", "LAMP", "FURN_7777", "OLD"]


def test_one_report_is_combined_to_itself():
    assert combine([report := of(data({}))]) is report


def test_no_reports_are_one_that_has_nothing():
    nothing, one = combine([]), of(data({}))
    assert (nothing.markets, len(nothing.listings), len(nothing.seen)) == ((), 0, 0)
    assert nothing.listings.dtypes.equals(one.listings.dtypes)
    assert nothing.offers.dtypes.equals(one.offers.dtypes)


def test_two_reports_of_one_marketplace_are_not_combined():
    with pytest.raises(MapperError, match=r"Two of the reports are of Amazon\.de"):
        combine([of(data({})), of(data({}), "again.txt")])
