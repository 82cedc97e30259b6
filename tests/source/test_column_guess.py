"""Columns of similar names are proposed where they mean one thing."""

import pytest

from lib.source.column_guess import propose


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Product name", "title"),
        ("REF", "reference"),
        ("item_code", "reference"),
        ("SKU (Amazon)", "sku"),
        ("Site", "marketplace"),
        ("Amazon country", "marketplace"),
        ("FBA?", "fulfilment"),
        ("Fulfillment: FBA/FBM", "fulfilment"),
    ],
)
def test_a_similar_name_is_proposed(header, field):
    assert propose([header, "Price"], {}) == {field: header}


@pytest.mark.parametrize(
    "header",
    ["ASIN/SKU", "sales-channel", "item-is-marketplace", "FNSKU", "Site code", "Product", "*", ""],
)
def test_a_name_of_another_or_of_two_senses_is_not_proposed(header):
    assert propose([header], {}) == {}


@pytest.mark.parametrize("headers", [["Ref", "Code"], ["Ref", "Ref"]])
def test_of_two_similar_names_none_is_proposed(headers):
    assert propose(headers, {}) == {}


def test_what_was_found_stays():
    found = {"sku": "Seller SKU", "marketplace": "Site"}
    assert propose(["SKU", "Seller SKU", "Site", "Country", "Code"], found) == found | {
        "reference": "Code"
    }
