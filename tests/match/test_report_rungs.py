"""What differs where the listings come from a report: nobody wrote the references there."""

from lib.match.ladder import match
from lib.model import Options, Reason, Rule
from tests.tables import SELLER, catalogue, report

EAN = "4006381333931"


def of(file, held, options=Options()):
    """The match of the last row."""
    return match(file.listings, held, SELLER, options, offers=file.offers).iloc[-1]


def test_the_seller_sku_is_the_reference_then_the_barcode():
    held = catalogue({"reference": "S"}, {"barcode": EAN})
    assert of(report({"sku": "S"}), held)[["rule", "product_id"]].tolist() == [Rule.REFERENCE, 1]
    assert of(report({"sku": EAN}), held)[["rule", "product_id"]].tolist() == [Rule.BARCODE, 2]


def test_the_reports_upc_or_ean_is_tried_last_and_named_as_the_rule():
    held = catalogue({"reference": "S"}, {"barcode": EAN}, {"barcode": "0012345678905"})
    assert of(report({"sku": "S", "ean": EAN}), held)["product_id"] == 1
    assert of(report({"sku": "X", "ean": EAN}), held)[["rule", "product_id"]].tolist() == [
        Rule.EAN, 2,
    ]  # fmt: skip
    assert of(report({"sku": "X", "ean": "012345678905"}), held)["product_id"] == 3


def test_a_upc_or_ean_is_looked_up_among_barcodes_only():
    assert of(report({"sku": "X", "ean": EAN}), catalogue({"reference": EAN}))["product_id"] == 0


def test_a_upc_or_ean_of_several_or_archived_products_waits_for_a_person():
    several = catalogue({"barcode": EAN}, {"barcode": EAN})
    assert of(report({"sku": "X", "ean": EAN}), several)["reason"] == Reason.SEVERAL
    archived = catalogue({"barcode": EAN, "active": False})
    match = of(report({"sku": "X", "ean": EAN}), archived, Options(create=True))
    assert match[["reason", "candidate"]].tolist() == [Reason.ARCHIVED, 1]


def test_an_existing_mapping_stays_whatever_product_has_the_sku_as_its_code():
    held = catalogue(
        {"reference": "OTHER"}, {"reference": "S"}, held=({"sku": "S", "product_id": 1},)
    )
    match = of(report({"sku": "S"}), held)
    assert match[["rule", "product_id"]].tolist() == [Rule.EXISTING, 1]
    assert match["warning"] == "Another product has its code; the mapping is kept"


def test_an_existing_mapping_to_a_product_with_another_reference_is_nothing_to_note():
    held = catalogue({"reference": "OTHER"}, held=({"sku": "S", "product_id": 1},))
    assert of(report({"sku": "S"}), held)[["rule", "warning"]].tolist() == [Rule.EXISTING, ""]


def test_a_sku_that_is_mapped_elsewhere_creates_no_product_of_its_own():
    held = catalogue({"reference": "P"}, held=({"sku": "S", "product_id": 1, "market": "DE"},))
    match = of(report({"sku": "S"}), held, Options(create=True))
    assert match[["rule", "product_id", "warning"]].tolist() == [Rule.SAME_SKU, 1, ""]


def test_a_product_is_created_for_the_sku_if_asked():
    assert of(report({"sku": "S"}), catalogue())["reason"] == Reason.NOT_FOUND
    match = of(report({"sku": "S"}), catalogue(), Options(create=True))
    assert match[["rule", "product_id"]].tolist() == [Rule.CREATE, -1]


def test_no_product_is_created_while_the_skus_other_listing_waits_for_a_person():
    rows = {"sku": "S", "ean": EAN, "channel": "AFN"}, {"sku": "S", "channel": "MFN"}
    archived = catalogue({"barcode": EAN, "active": False})
    match = of(report(*rows), archived, Options(create=True))
    assert match[["reason", "product_id"]].tolist() == [Reason.NOT_FOUND, 0]
