"""The demonstration catalogue is realistic, valid and always the same."""

import random
import re
import time

import pytest
from stdnum import ean

from lib.target import sample

ODOO = """
FURN_7777 FURN_8888 FURN_9999 FURN_7800 FURN_0096 FURN_0097 FURN_0098 DESK0005 DESK0006 E-COM06
E-COM07 E-COM08 E-COM09 E-COM10 E-COM11 E-COM12 E-COM13 FURN_0269 FURN_1118 FURN_8900 FURN_9001
FURN_7888 FURN_0789 FURN_8855 FURN_8220 FURN_6741 FURN_8999 Delivery_010 FURN_0001 FURN_0002
FURN_0006 FURN_5555
"""
ODOO_REFERENCES = ODOO.split()

STYLES = {
    "family, finish and size": r"[A-Z]{3}[23]?-[A-Z]{3}-[A-Z0-9-]+",
    "FURN_ and a number": r"FURN_\d{4}",
    "EL- and a padded number": r"EL-\d{5}",
    "a number with leading zeros": r"0\d{4}",
    "with spaces": r"WH \d+ [A-Z]{3}",
    "with a slash": r"kbx/\d+",
    "in lower case": r"aud-\d+",
    "with a letter beyond ASCII": r"MÉ\.\d+",
}


@pytest.fixture(scope="module")
def products():
    return sample.catalogue()


def few(number: int) -> bool:
    return 3 <= number <= 40


def handful(number: int) -> bool:
    return 3 <= number <= 8


def shared(texts):
    """The rows whose text another row has too."""
    return texts[(texts != "") & texts.duplicated(keep=False)]


def test_columns_are_text_kept_as_text(products):
    assert products.dtypes.astype(str).to_dict() == {
        "reference": "str",
        "barcode": "str",
        "name": "str",
        "active": "bool",
    }
    assert not products.isna().any(axis=None)


def test_about_3000_products(products):
    assert 2_900 <= len(products) <= 3_100


def test_same_every_time(products):
    random.seed(5)
    assert sample.catalogue().equals(products)


def test_random_module_is_left_alone():
    random.seed(5)
    before = random.getstate()
    sample.catalogue()
    assert random.getstate() == before


def test_fast():
    def seconds():
        start = time.perf_counter()
        sample.catalogue()
        return time.perf_counter() - start

    assert min(seconds() for _ in range(3)) < 0.3


def test_barcodes_have_right_check_digits(products):
    barcodes = products["barcode"][products["barcode"] != ""]
    assert [code for code in barcodes if not ean.is_valid(code)] == []


def test_barcodes_are_ean_13_and_some_upc_12(products):
    lengths = products["barcode"].str.len().value_counts()
    assert set(lengths.index) == {0, 12, 13}
    assert 0.02 < lengths[12] / lengths[13] < 0.15


def test_barcodes_are_in_ranges_no_shop_sells_under(products):
    barcodes = products["barcode"][products["barcode"] != ""]
    assert barcodes.str.match(r"952\d{10}$|4\d{11}$").all()


def test_about_70_percent_have_a_barcode(products):
    assert (products["barcode"] != "").mean() == pytest.approx(0.70, abs=0.03)


def test_about_10_percent_have_no_reference(products):
    assert (products["reference"] == "").mean() == pytest.approx(0.10, abs=0.02)


def test_about_3_percent_are_archived(products):
    assert (~products["active"]).mean() == pytest.approx(0.03, abs=0.01)


@pytest.mark.parametrize("style", STYLES)
def test_reference_house_style(products, style):
    matches = products["reference"].map(lambda text: bool(re.fullmatch(STYLES[style], text)))
    assert matches.sum() >= 3


def test_every_reference_is_in_a_house_style_or_odoo_demo(products):
    more = [r"[A-Z]{2}\d{3,4}-[A-Z]{3}-[A-Z0-9-]+", r"GH-\d+", r"JP\d{6}", r"\d{5}"]
    styles = re.compile("|".join([*STYLES.values(), *more, *ODOO_REFERENCES, ""]))
    assert [text for text in products["reference"] if not styles.fullmatch(text)] == []


def test_references_have_no_outer_space(products):
    assert (products["reference"] == products["reference"].str.strip()).all()


def test_a_handful_of_references_on_two_active_products(products):
    references = shared(products["reference"][products["active"]])
    assert handful(references.nunique())
    assert set(references.value_counts()) == {2}


def test_an_archived_product_shares_a_reference_with_an_active_one(products):
    references = shared(products["reference"])
    sides = products["active"][references.index].groupby(references).agg(["sum", "size"])
    assert handful(((sides["sum"] == 1) & (sides["size"] == 2)).sum())


def test_a_handful_of_barcodes_on_two_products(products):
    barcodes = shared(products["barcode"])
    assert handful(barcodes.nunique())
    assert set(barcodes.value_counts()) == {2}


def test_a_few_names_are_identical_across_variants(products):
    names = shared(products["name"])
    assert few(names.nunique())
    assert few(len(names))


@pytest.mark.parametrize(
    "letters", ["[äöüß]", "[éèêàÉ]", "[\u3040-\u30ff]"], ids=["German", "French", "Japanese"]
)
def test_a_few_names_have_letters_beyond_ascii(products, letters):
    assert few(products["name"].str.contains(letters).sum())


def test_names_are_written_plainly(products):
    assert (products["name"].str.len() > 4).all()
    assert not products["name"].str.contains(r"[{}]|\s{2}|^\s|\s$").any()


def test_product_families(products):
    nouns = """
    Desk Chair Shelf Lamp Monitor Keyboard Cable Charger Speaker Headphones SSD Webcam Router Hub
    Switch Sofa Bookcase
    """
    for noun in nouns.split():
        assert products["name"].str.contains(noun).sum() > 10, noun


def test_odoo_demo_products_are_there_once_and_active(products):
    odoo = products[products["reference"].isin(ODOO_REFERENCES)]
    assert sorted(odoo["reference"]) == sorted(ODOO_REFERENCES)
    assert odoo["active"].all()


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("FURN_7777", "Office Chair"),
        ("FURN_8888", "Office Lamp"),
        ("E-COM07", "Large Cabinet"),
        ("DESK0006", "Customizable Desk"),
        ("FURN_5555", "Cable Management Box"),
    ],
)
def test_odoo_demo_product_has_its_name(products, reference, name):
    assert products.set_index("reference").at[reference, "name"] == name
