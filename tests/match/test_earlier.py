"""Earlier choices: where they speak, and where a person is asked again."""

import pytest

from lib.match.decisions import Choice, Memory
from lib.match.ladder import match
from lib.match.result import lane_counts
from lib.model import Lane, MapFile, Options, Reason, Rule
from lib.review import review
from tests.match.steps import key, only
from tests.tables import SELLER, catalogue, decisions, listings, report

CREATE = Options(create=True)
A = {"reference": "A"}
B = {"reference": "B"}
ON_A = {"product_id": 1, "reference": "A", "name": "Product 1"}
HELD = {"sku": "S", "product_id": 1}


def kept(*rows, affixes=()) -> Memory:
    return Memory(decisions(*rows), affixes)


def of(rows, held, memory, options=Options(), taken=None):
    return only(rows, held, options, taken, memory)


def test_an_earlier_choice_settles_a_row_that_names_nothing():
    got = of(listings({"sku": "S"}), catalogue(A), kept(ON_A))
    assert (got.lane, got.rule, got.product_id) == (Lane.MATCHED, Rule.EARLIER, 1)


def test_it_is_the_choice_for_one_listing_only():
    rows = listings({"sku": "S", "market": "DE"}, {"sku": "S", "channel": "MFN"}, {"sku": "s"})
    got = match(rows, catalogue(A), SELLER, Options(), memory=kept(ON_A))
    assert Rule.EARLIER not in set(got.rule)


def test_a_listing_settled_by_an_earlier_choice_counts_for_its_sku_elsewhere():
    got = of(listings({"sku": "S"}, {"sku": "S", "market": "DE"}), catalogue(A), kept(ON_A))
    assert (got.rule, got.product_id) == (Rule.SAME_SKU, 1)


def test_the_same_unknown_reference_again_is_settled_as_it_was():
    rows = listings({"sku": "S", "reference": "X"})
    memory = kept(ON_A | {"said": "x", "why": Reason.NOT_FOUND})
    got = of(rows, catalogue(A), memory, CREATE)
    assert (got.lane, got.rule, got.product_id) == (Lane.MATCHED, Rule.EARLIER, 1)


@pytest.mark.parametrize("reference", ["B", "b", "UNKNOWN", "OLD", "TWIN"])
def test_a_file_that_names_another_product_since_waits_for_a_person(reference):
    found = catalogue(A, B, {"reference": "OLD", "active": False}, {"reference": "TWIN"},
                      {"reference": "TWIN"})  # fmt: skip
    memory = kept(ON_A | {"said": "x", "why": Reason.NOT_FOUND})
    got = of(listings({"sku": "S", "reference": reference}), found, memory, CREATE)
    assert (got.lane, got.reason) == (Lane.BLOCKED, Reason.DISAGREES)
    assert (got.candidate, got.product_id) == (1, 0)


def test_the_same_words_that_mean_a_product_by_now_wait_for_a_person():
    rows = listings({"sku": "S", "reference": "B"})
    memory = kept(ON_A | {"said": "b", "why": Reason.NOT_FOUND})
    assert of(rows, catalogue(A, B), memory).reason == Reason.DISAGREES


def test_a_choice_against_what_the_file_named_stands_while_it_names_the_same():
    rows = listings({"sku": "S", "reference": "B"})
    memory = kept(ON_A | {"said": "b", "why": Reason.DISAGREES})
    got = of(rows, catalogue(A, B), memory)
    assert (got.rule, got.product_id) == (Rule.EARLIER, 1)


def test_a_file_that_names_the_chosen_product_is_matched_by_its_own_rule():
    got = of(listings({"sku": "S", "reference": "A"}), catalogue(A), kept(ON_A))
    assert (got.rule, got.product_id) == (Rule.REFERENCE, 1)


def test_of_several_candidates_the_one_chosen_earlier_is_taken():
    rows = listings({"sku": "S", "reference": "A"})
    got = of(rows, catalogue(A, A), kept(ON_A | {"product_id": 2, "name": "Product 2"}))
    assert (got.rule, got.product_id) == (Rule.EARLIER, 2)


def test_all_rows_of_a_listing_wait_together():
    rows = listings({"sku": "S", "reference": "B"}, {"sku": "S"})
    got = match(rows, catalogue(A, B), SELLER, Options(), memory=kept(ON_A))
    assert list(got.reason) == [Reason.DISAGREES] * 2


def test_a_contradiction_is_settled_again_as_long_as_the_file_says_the_same():
    rows = listings({"sku": "S", "reference": "A"}, {"sku": "S", "reference": "B"})
    memory = kept(ON_A | {"said": "a\nb", "why": Reason.CONTRADICTION})
    got = match(rows, catalogue(A, B), SELLER, Options(), memory=memory)
    assert list(got.product_id) == [1, 1]
    other = listings({"sku": "S", "reference": "A"}, {"sku": "S", "reference": "C"})
    got = match(other, catalogue(A, B, {"reference": "C"}), SELLER, Options(), memory=memory)
    assert set(got.reason) == {Reason.CONTRADICTION}


def test_an_earlier_choice_keeps_odoos_mapping_against_the_file_it_was_taken_against():
    rows = listings({"sku": "S", "reference": "B"})
    held = catalogue(A, B, held=(HELD,))
    got = of(rows, held, kept(ON_A | {"said": "b", "why": Reason.RELINK}))
    assert (got.lane, got.rule, got.product_id) == (Lane.MAPPED, Rule.EXISTING, 1)
    got = of(rows, held, kept(ON_A | {"said": "c", "why": Reason.RELINK}))
    assert (got.lane, got.reason) == (Lane.BLOCKED, Reason.RELINK)


@pytest.mark.parametrize("said", ["", "b"])
def test_an_earlier_choice_never_changes_a_mapping_that_odoo_has(said):
    held = catalogue(A, B, held=(HELD,))
    on_b = {"product_id": 2, "reference": "B", "name": "Product 2", "said": said,
            "why": Reason.RELINK}  # fmt: skip
    got = of(listings({"sku": "S"}), held, kept(on_b))
    assert (got.lane, got.product_id) == (Lane.MAPPED, 1)
    assert "the mapping is kept" in got.warning
    got = of(listings({"sku": "S", "reference": "B"}), held, kept(on_b))
    assert (got.lane, got.reason) == (Lane.BLOCKED, Reason.RELINK)


def test_a_choice_taken_now_stands_above_an_earlier_one():
    got = of(listings({"sku": "S"}), catalogue(A, B), kept(ON_A), taken={key(sku="S"): Choice(2)})
    assert (got.rule, got.product_id) == (Rule.CHOICE, 2)


def test_a_product_that_was_made_again_is_known_by_its_reference():
    found = catalogue(A, A | {"active": False}, B, {"reference": "C"})
    again = {"product_id": 99, "reference": "C", "name": "Product 9"}
    assert of(listings({"sku": "S"}), found, kept(again)).product_id == 4


def test_a_product_with_another_reference_since_is_known_by_its_id_and_name():
    got = of(listings({"sku": "S"}), catalogue(B), kept(ON_A))
    assert (got.rule, got.product_id) == (Rule.EARLIER, 1)


@pytest.mark.parametrize(
    "found",
    [
        catalogue(A | {"active": False}),
        catalogue(B | {"name": "Other"}),
        catalogue(B, A),
        catalogue({}, A, A),
    ],
    ids=["archived", "gone", "id and reference disagree", "several have the reference"],
)
def test_a_stale_choice_is_told_and_not_applied(found):
    about = ON_A | {"name": "Product 1" if len(found.products) == 2 else "Desk"}
    got = of(listings({"sku": "S"}), found, kept(about))
    assert (got.product_id, got.reason) == (0, Reason.NO_REFERENCE)
    assert "Your earlier choice, [A]" in got.warning
    assert "archived or gone" in got.warning


DISMISSED = {"verdict": "dismiss", "note": "Not sold", "said": "x", "why": Reason.NOT_FOUND}


@pytest.mark.parametrize("reference", ["", "X", "Y"])
def test_a_dismissed_listing_stays_dismissed(reference):
    got = of(listings({"sku": "S", "reference": reference}), catalogue(A), kept(DISMISSED))
    assert (got.lane, got.reason) == (Lane.BLOCKED, Reason.DISMISSED)
    assert got.warning == "Your earlier choice; Not sold"


def test_a_dismissed_listing_whose_file_names_a_product_since_waits_for_a_person():
    got = of(listings({"sku": "S", "reference": "A"}), catalogue(A), kept(DISMISSED))
    assert (got.lane, got.reason, got.candidate) == (Lane.BLOCKED, Reason.DISAGREES, 1)


def test_a_dismissed_listing_that_odoo_has_by_now_is_mapped():
    got = of(listings({"sku": "S"}), catalogue(A, held=(HELD,)), kept(DISMISSED))
    assert got.lane == Lane.MAPPED


CREATED = {"verdict": "create", "reference": "N", "name": "New", "said": "n"}


def test_what_was_to_be_created_is_created_for_all_rows_with_its_reference():
    rows = listings({"sku": "S", "reference": "N"}, {"sku": "T", "reference": "n"},
                    {"sku": "U", "reference": "M"})  # fmt: skip
    got = match(rows, catalogue(), SELLER, Options(), memory=kept(CREATED))
    assert list(got.lane) == [Lane.TO_CREATE, Lane.TO_CREATE, Lane.UNMATCHED]
    assert list(got.product_id) == [-1, -1, 0]


def test_another_reference_is_not_created_because_one_was_to_be():
    got = of(listings({"sku": "S", "reference": "M"}), catalogue(), kept(CREATED))
    assert got.reason == Reason.NOT_FOUND


def test_a_product_is_created_for_a_row_that_is_decided_so_now():
    got = only(listings({"sku": "S", "reference": "N"}), catalogue(),
               decisions={key(sku="S"): Choice(-1)})  # fmt: skip
    assert (got.lane, got.rule) == (Lane.TO_CREATE, Rule.CREATE)


REJECTED = ON_A | {"verdict": "reject"}


@pytest.mark.parametrize(
    ("row", "held"),
    [
        ({"reference": "a"}, ()),
        ({}, (HELD | {"market": "DE"},)),
    ],
    ids=["normalised reference", "same SKU elsewhere"],
)
def test_a_rejected_product_is_never_taken_by_a_rule_that_is_not_exact(row, held):
    found = catalogue(A, held=held)
    assert of(listings({"sku": "S"} | row), found, kept()).product_id == 1
    got = of(listings({"sku": "S"} | row), found, kept(REJECTED))
    assert (got.lane, got.reason, got.product_id) == (Lane.UNMATCHED, Reason.REJECTED, 0)


def test_a_rejection_does_not_hold_against_an_exact_reference():
    assert (
        of(listings({"sku": "S", "reference": "A"}), catalogue(A), kept(REJECTED)).product_id == 1
    )


def test_a_rejection_is_of_one_listing():
    rows = listings({"sku": "T", "reference": "a"})
    assert of(rows, catalogue(A), kept(REJECTED)).product_id == 1


def test_a_choice_from_a_map_file_speaks_for_a_report_as_well():
    file = report({"sku": "S"})
    memory = kept(ON_A | {"said": "x", "why": Reason.NOT_FOUND})
    got = only(file.listings, catalogue(A), memory=memory, offers=file.offers)
    assert (got.rule, got.product_id) == (Rule.EARLIER, 1)


def test_a_report_whose_sku_is_a_products_code_by_now_waits_for_a_person():
    file = report({"sku": "S"})
    got = only(file.listings, catalogue(A, {"reference": "S"}), memory=kept(ON_A),
               offers=file.offers)  # fmt: skip
    assert got.reason == Reason.DISAGREES


def test_the_lanes_count_earlier_choices_like_others():
    rows = listings({"sku": "S"}, {"sku": "T"})
    got = match(rows, catalogue(A), SELLER, Options(), memory=kept(ON_A))
    assert sum(lane_counts(got).values()) == 2


def test_a_created_product_has_the_reference_that_it_was_created_for():
    rows = listings({"sku": "S", "reference": "X", "market": "DE"}, {"sku": "S", "reference": "N"})
    done = review(MapFile("m.csv", "", rows), catalogue(), SELLER, Options(), None, kept(CREATED))
    assert list(done.matches["product_id"]) == [-1, -1]
    assert list(done.plan.products["reference"]) == ["N"]
