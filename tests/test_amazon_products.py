"""The layer as people work on it: as files, by product, and what is planned on chosen listings."""

import pandas as pd
import pytest

from lib.amazon_products import as_rows, by_product, plan_remap, plan_units, plan_unmap
from lib.columns import MAP_FIELDS
from lib.model import Operation, Reason, Rule
from lib.source import map_file, map_out
from tests.tables import SELLER, catalogue

CATALOGUE = catalogue(
    {"reference": "A"},
    {"reference": "B"},
    held=(
        {"sku": "2", "product_id": 1, "market": "DE", "xid": "x.2"},
        {"sku": "1", "product_id": 1, "channel": "MFN"},
        {"sku": "1", "product_id": 1},
        {"sku": "3", "product_id": 2, "market": "FR"},
        {"sku": "4", "product_id": 0},
    ),
)
HELD = CATALOGUE.amazon_products


def test_the_layer_is_a_map_file_of_itself():
    rows = as_rows(HELD, CATALOGUE)
    assert [*rows] == [*MAP_FIELDS, "units"]
    again = map_file.read(map_out.to_csv(rows.assign(action="")), "layer.csv").listings
    assert again[["sku", "market", "channel"]].equals(HELD[["sku", "market", "channel"]])
    assert again["reference"].tolist() == ["A", "A", "A", "B", ""]


def test_products_come_with_how_many_skus_and_listings_they_have():
    assert by_product(HELD).to_dict("records") == [
        {"product_id": 1, "skus": 2, "listings": 3, "markets": "Amazon.com, Amazon.de"},
        {"product_id": 2, "skus": 1, "listings": 1, "markets": "Amazon.fr"},
    ]
    assert by_product(HELD.head(0)).empty


@pytest.mark.parametrize("chosen", [[0], [1, 2], [3], [0, 1, 2, 3, 4]])
def test_any_amazon_products_can_be_unmapped_whatever_their_marketplace(chosen):
    assert "FR" not in SELLER.markets
    done = plan_unmap(HELD.iloc[chosen], CATALOGUE)
    assert done.plan.counts[Operation.UNMAP] == done.plan.changes == len(chosen)
    assert done.plan.rows["record_id"].tolist() == HELD["id"].iloc[chosen].tolist()
    assert done.seller.name == SELLER.name


def test_an_unmap_keeps_what_an_undo_needs():
    (row,) = plan_unmap(HELD.iloc[[0]], CATALOGUE).plan.rows.to_dict("records")
    assert (row["was_product"], row["was_title"], row["xid"]) == (1, "A title", "x.2")


def test_chosen_listings_are_tied_to_another_product():
    done = plan_remap(HELD, 2, CATALOGUE)
    assert done.plan.counts[Operation.RELINK] == 4
    assert done.plan.counts[Operation.UNCHANGED] == 1, "one is on it already"
    assert set(done.matches["rule"]) == {Rule.CHOICE, Rule.EXISTING}
    assert set(done.file.listings["reference"]) == {"B"}


PACKS = catalogue(
    {"reference": "A", "name": "Battery AA"},
    {"reference": "B", "name": "Battery AA, pack of 4"},
    held=(
        {"sku": "1", "product_id": 1, "title": "Battery AA, pack of 6"},
        {"sku": "2", "product_id": 2, "title": "Battery AA, pack of 4"},
        {"sku": "3", "product_id": 1, "title": "Batteries, 12 pcs", "units": 3},
    ),
)


def test_units_are_set_to_a_number_or_to_what_the_titles_say():
    held = PACKS.amazon_products
    done = plan_units(held, 2, PACKS)
    assert done.plan.rows["units"].tolist() == [2, 2, 2]
    assert done.plan.counts[Operation.UPDATE] == 3
    by_titles = plan_units(held, 0, PACKS)
    assert by_titles.plan.rows["units"].tolist() == [6, 1, 3], "what is held is somebody's word"
    assert by_titles.plan.counts[Operation.UPDATE] == 1


def test_another_product_leaves_the_units_as_they_are():
    done = plan_remap(PACKS.amazon_products, 2, PACKS)
    assert done.plan.rows["units"].tolist() == [1, 1, 3]


def test_a_listing_that_odoo_has_twice_is_left_to_a_person():
    twice = pd.concat([HELD, HELD.iloc[[0]].assign(id=999, units=6)], ignore_index=True)
    torn = catalogue({"reference": "A"}, {"reference": "B"}, held=tuple(twice.to_dict("records")))
    done = plan_unmap(torn.amazon_products, torn)
    assert (done.matches["reason"] == Reason.TWICE_IN_TARGET).sum() == 2
    assert done.plan.changes == 4
