"""Rows that name no listing of the seller: blocked, with what to correct."""

import pytest

from lib.match.decisions import Choice
from lib.model import Lane, Options, Reason
from tests.match.steps import key, only
from tests.tables import catalogue, listings


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"sku": " "}, Reason.NO_SKU),
        ({"sku": "S", "market": ""}, Reason.UNKNOWN_MARKETPLACE),
        ({"sku": "S", "market": "BR"}, Reason.NOT_SELLERS_MARKETPLACE),
        ({"sku": "S", "channel": ""}, Reason.UNKNOWN_FULFILMENT),
        ({"sku": "S", "channel": "MFN"}, Reason.NOT_CHOSEN_FULFILMENT),
    ],
)
def test_a_row_that_names_no_usable_listing_is_blocked_by_name(row, reason):
    got = only(listings({"reference": "A"} | row), catalogue({"reference": "A"}),
               Options(channels=("AFN",)))  # fmt: skip
    assert (got.lane, got.reason, got.product_id) == (Lane.BLOCKED, reason, 0)


def test_a_choice_makes_no_row_usable_that_names_no_listing():
    got = only(listings({"sku": "S", "market": ""}), catalogue({"reference": "A"}),
               decisions={key(sku="S", market=""): Choice(1)})  # fmt: skip
    assert got.reason == Reason.UNKNOWN_MARKETPLACE


@pytest.mark.parametrize(
    ("unknown", "column", "reason"),
    [
        ("market", "marketplace", Reason.UNKNOWN_MARKETPLACE),
        ("channel", "fulfilment", Reason.UNKNOWN_FULFILMENT),
    ],
)
@pytest.mark.parametrize(
    ("written", "note"),
    [
        (" Amazon Mars ", 'The file says "Amazon Mars"'),
        ("", "The cell is empty"),
        ("x" * 1000, f'The file says "{"x" * 60}"'),
    ],
)
def test_a_marketplace_or_fulfilment_that_is_not_known_is_repeated(
    unknown, column, reason, written, note
):
    rows = listings({"sku": "S", "reference": "A", unknown: ""}).assign(**{column: written})
    got = only(rows, catalogue({"reference": "A"}))
    assert (got.reason, got.warning) == (reason, note)


def test_outer_spaces_of_a_sku_are_left_out_and_flagged():
    found = catalogue({"reference": "A"}, held=({"sku": "S", "product_id": 1},))
    got = only(listings({"sku": " S ", "reference": "A"}), found)
    assert got.lane == Lane.MAPPED
    assert "Outer spaces" in got.warning


def test_every_reason_to_wait_needs_a_choice_or_a_correction_or_nothing():
    settled = {Reason.NONE, Reason.REPEATED, Reason.DISMISSED, Reason.NOT_CHOSEN_FULFILMENT,
               Reason.NOT_MAPPED}  # fmt: skip
    for reason in Reason:
        assert reason.needs_choice + reason.needs_correction + (reason in settled) == 1
