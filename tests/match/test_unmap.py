"""Rows that ask for their listing to be unmapped."""

import pytest

from lib.match.ladder import match
from lib.match.unmap import OTHER_PRODUCT
from lib.model import Lane, Options, Reason, Rule
from tests.tables import SELLER, catalogue, listings

UNMAP = {"action": "UNMAP"}
HELD = catalogue(
    {"reference": "A"},
    {"reference": "B"},
    held=(
        {"sku": "1", "product_id": 1},
        {"sku": "1", "product_id": 1, "channel": "MFN"},
        {"sku": "2", "product_id": 2},
        {"sku": "2", "product_id": 2},
        {"sku": "3", "product_id": 0},
        {"sku": "9", "product_id": 1, "seller": "somebody else"},
    ),
)


def matched(*rows, decisions=None):
    found = match(listings(*rows), HELD, SELLER, Options(), decisions)
    assert found.index.tolist() == list(range(len(rows)))
    return found.to_dict("records")


def test_a_listing_that_is_mapped_is_found_by_its_key_alone():
    (row,) = matched({"sku": " 1"} | UNMAP)
    assert (row["lane"], row["rule"]) == (Lane.MATCHED, Rule.UNMAP)
    assert (row["record_id"], row["product_id"], row["warning"]) == (101, 1, "")


def test_a_listing_that_nobody_gave_a_product_is_found_too():
    (row,) = matched({"sku": "3"} | UNMAP)
    assert (row["rule"], row["record_id"], row["product_id"]) == (Rule.UNMAP, 105, 0)


@pytest.mark.parametrize("sku", ["4", "9"], ids=["nobody's", "of another seller"])
def test_a_listing_that_is_not_mapped_says_so_and_waits_for_nobody(sku):
    (row,) = matched({"sku": sku, "reference": "A"} | UNMAP)
    assert (row["lane"], row["reason"]) == (Lane.BLOCKED, Reason.NOT_MAPPED)
    assert not Reason.NOT_MAPPED.needs_choice
    assert not Reason.NOT_MAPPED.needs_correction


def test_of_a_listing_that_odoo_has_twice_nobody_knows_which():
    (row,) = matched({"sku": "2"} | UNMAP)
    assert (row["lane"], row["reason"]) == (Lane.BLOCKED, Reason.TWICE_IN_TARGET)


@pytest.mark.parametrize(("reference", "words"), [("B", OTHER_PRODUCT), ("a ", ""), ("", "")])
def test_a_file_that_names_another_product_is_warned_of(reference, words):
    (row,) = matched({"sku": "1", "reference": reference} | UNMAP)
    assert (row["rule"], row["warning"]) == (Rule.UNMAP, words)


def test_the_second_row_of_a_listing_repeats_the_first():
    rows = matched({"sku": "3"} | UNMAP, {"sku": "3"} | UNMAP)
    assert [row["repeats"] for row in rows] == [0, 2]


def test_a_listing_to_map_and_to_unmap_is_blocked_in_both_rows():
    rows = matched({"sku": "1"} | UNMAP, {"sku": "1", "reference": "A"}, {"sku": "3"} | UNMAP)
    assert [row["reason"] for row in rows] == [Reason.MAP_AND_UNMAP] * 2 + [Reason.NONE]


def test_an_action_that_nobody_knows_blocks_its_row_and_is_repeated():
    (row,) = matched({"sku": "1", "reference": "A", "action": "delete it"})
    assert (row["lane"], row["reason"]) == (Lane.BLOCKED, Reason.UNKNOWN_ACTION)
    assert row["warning"] == 'The file says "delete it"'
    assert Reason.UNKNOWN_ACTION.needs_correction


def test_a_listing_that_goes_is_no_reason_to_map_another_one():
    gone, elsewhere = matched({"sku": "1"} | UNMAP, {"sku": "1", "market": "DE"})
    assert gone["rule"] == Rule.UNMAP
    assert elsewhere["product_id"] == 1, "its FBM listing stays mapped"
    *_, elsewhere = matched(
        {"sku": "1"} | UNMAP, {"sku": "1", "channel": "MFN"} | UNMAP, {"sku": "1", "market": "DE"}
    )
    assert elsewhere["reason"] == Reason.NO_REFERENCE


def test_what_the_options_leave_out_stays_mapped():
    found = match(listings({"sku": "1"} | UNMAP), HELD, SELLER, Options(channels=("MFN",)))
    assert found["reason"].tolist() == [Reason.NOT_CHOSEN_FULFILMENT]
