"""What Odoo holds and the reports do not, marketplace by marketplace."""

from lib.catalogue import Catalogue
from lib.drift import as_file, gone
from lib.source.report import read
from lib.source.reports_together import combine
from tests.source.reports import data
from tests.tables import SELLER, amazon_products, products

CHAIR = {"seller-sku": "CHAIR"}


def test_of_several_reports_each_tells_only_of_its_marketplace_and_its_channels():
    rows = [
        {"market": "DE", "channel": "MFN", "sku": "CHAIR"},
        {"market": "DE", "channel": "MFN", "sku": "LAMP"},
        {"market": "DE", "channel": "AFN", "sku": "LAMP"},
        {"market": "FR", "channel": "AFN", "sku": "LAMP"},
        {"market": "FR", "channel": "MFN", "sku": "CHAIR"},
        {"market": "IT", "channel": "MFN", "sku": "LAMP"},
        {"market": "FR", "channel": "AFN", "sku": "ODD"},
    ]
    held = amazon_products(*({"product_id": 1} | row for row in rows))
    german = read(data(CHAIR), "de.txt", "DE")
    strange = {"seller-sku": "ODD", "fulfillment-channel": "?"}
    french = read(data(CHAIR | {"fulfillment-channel": "AMAZON_EU"}, strange), "fr.txt", "FR")
    catalogue = Catalogue(products({"reference": "A"}), held)
    drifted = gone(combine([german, french]), catalogue, SELLER)
    assert drifted[["market", "channel", "sku"]].to_numpy().tolist() == [
        ["DE", "MFN", "LAMP"], ["FR", "AFN", "LAMP"],
    ]  # fmt: skip


def test_what_is_gone_names_its_product_also_without_a_reference():
    held = amazon_products({"market": "DE", "channel": "MFN", "sku": "LAMP", "product_id": 1})
    catalogue = Catalogue(products({"name": "Lamp"}), held)
    file = as_file(gone(read(data(CHAIR), "de.txt", "DE"), catalogue, SELLER), catalogue)
    assert file[["reference", "product"]].to_numpy().tolist() == [["", "Lamp"]]
