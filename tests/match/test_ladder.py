"""The ladder of rules, rung by rung."""

import pytest

from lib.match.decisions import Choice
from lib.match.ladder import match
from lib.match.result import lane_counts, reason_counts
from lib.model import Lane, Options, Reason, Rule
from tests.match.steps import key, only
from tests.tables import SELLER, catalogue, listings

CREATE = Options(create=True)


def test_the_internal_reference_matches_exactly():
    got = only(listings({"sku": "S", "reference": "A-1"}), catalogue({"reference": "A-1"}))
    assert (got.lane, got.rule, got.product_id) == (Lane.MATCHED, Rule.REFERENCE, 1)


def test_leading_zeros_are_part_of_a_reference():
    got = only(listings({"sku": "S", "reference": "0012"}), catalogue({"reference": "12"}))
    assert (got.lane, got.reason) == (Lane.UNMATCHED, Reason.NOT_FOUND)


@pytest.mark.parametrize("sign", ["_", "%", "."])
def test_no_sign_in_a_reference_is_a_wildcard(sign):
    got = only(listings({"sku": "S", "reference": f"A{sign}1"}), catalogue({"reference": "AX1"}))
    assert got.reason == Reason.NOT_FOUND


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("4006381333931", "4006381333931"),
        ("012345678905", "0012345678905"),
        ("0012345678905", "012345678905"),
        ("00012345678905", "012345678905"),
        ("INTERN-7", "INTERN-7"),
    ],
)
def test_a_barcode_matches_and_upc_and_ean_are_one(written, held):
    got = only(listings({"sku": "S", "reference": written}), catalogue({"barcode": held}))
    assert (got.lane, got.rule, got.product_id) == (Lane.MATCHED, Rule.BARCODE, 1)


@pytest.mark.parametrize("written", ["a-1", " A-1", "A-1\t", " a-1 "])
def test_case_and_outer_spaces_are_forgiven_and_flagged(written):
    got = only(listings({"sku": "S", "reference": written}), catalogue({"reference": "A-1"}))
    assert (got.lane, got.rule) == (Lane.MATCHED, Rule.NORMALISED)
    assert "case or outer spaces" in got.warning


def test_the_exact_reference_wins_over_one_of_other_case():
    found = catalogue({"reference": "a-1"}, {"reference": "A-1"})
    assert only(listings({"sku": "S", "reference": "A-1"}), found).product_id == 2


@pytest.mark.parametrize(
    "found",
    [
        catalogue({"reference": "A"}, {"reference": "A"}),
        catalogue({"barcode": "A"}, {"barcode": "A"}),
        catalogue({"reference": "A"}, {"barcode": "A"}),
        catalogue({"reference": "a"}, {"reference": "a "}),
        catalogue({"reference": "A", "active": False}, {"reference": "A", "active": False}),
    ],
    ids=["references", "barcodes", "reference and barcode", "other spelling", "both archived"],
)
def test_two_candidates_are_left_to_a_person(found):
    got = only(listings({"sku": "S", "reference": "A"}), found, CREATE)
    assert (got.lane, got.reason, got.product_id) == (Lane.UNMATCHED, Reason.SEVERAL, 0)


def test_one_product_with_the_code_as_reference_and_as_barcode_is_one_candidate():
    got = only(
        listings({"sku": "S", "reference": "A"}), catalogue({"reference": "A", "barcode": "A"})
    )
    assert (got.lane, got.product_id) == (Lane.MATCHED, 1)


def test_an_archived_product_is_left_to_a_person():
    got = only(
        listings({"sku": "S", "reference": "A"}),
        catalogue({"reference": "A", "active": False}),
        CREATE,
    )
    assert (got.lane, got.reason, got.candidate) == (Lane.UNMATCHED, Reason.ARCHIVED, 1)


def test_an_archived_twin_does_not_hide_the_active_product():
    found = catalogue({"reference": "A", "active": False}, {"reference": "A"})
    got = only(listings({"sku": "S", "reference": "A"}), found)
    assert (got.lane, got.product_id) == (Lane.MATCHED, 2)
    assert "archived" in got.warning


HELD = {"sku": "S", "product_id": 1}


def test_a_listing_that_odoo_has_on_the_same_product_is_mapped():
    found = catalogue({"reference": "A"}, held=(HELD,))
    got = only(listings({"sku": "S", "reference": "A"}), found)
    assert (got.lane, got.rule, got.record_id) == (Lane.MAPPED, Rule.EXISTING, 101)


def test_a_listing_of_another_seller_is_not_ours():
    found = catalogue({"reference": "A"}, held=(HELD | {"seller": "other"},))
    assert only(listings({"sku": "S", "reference": "A"}), found).lane == Lane.MATCHED


def test_the_key_tells_marketplaces_and_channels_apart():
    found = catalogue({"reference": "A"}, held=(HELD,))
    rows = listings(
        {"sku": "S", "reference": "A", "channel": "MFN"},
        {"sku": "S", "reference": "A", "market": "DE"},
        {"sku": "s", "reference": "A"},
    )
    assert set(match(rows, found, SELLER, Options()).lane) == {Lane.MATCHED}


def test_a_relink_is_blocked_until_a_person_says_so():
    found = catalogue({"reference": "A"}, {"reference": "B"}, held=(HELD,))
    rows = listings({"sku": "S", "reference": "B"})
    got = only(rows, found)
    assert (got.lane, got.reason, got.candidate) == (Lane.BLOCKED, Reason.RELINK, 2)
    got = only(rows, found, decisions={key(sku="S"): Choice(2)})
    assert (got.lane, got.rule, got.product_id, got.record_id) == (
        Lane.MATCHED, Rule.CHOICE, 2, 101,
    )  # fmt: skip


@pytest.mark.parametrize("reference", ["", "UNKNOWN", "TWIN", "OLD"])
def test_a_mapping_stands_where_the_file_names_no_other_product(reference):
    found = catalogue(
        {"reference": "TWIN"},
        {"reference": "TWIN"},
        {"reference": "OLD", "active": False},
        held=(HELD | {"product_id": 3 if reference == "OLD" else 1},),
    )
    got = only(listings({"sku": "S", "reference": reference}), found, CREATE)
    assert (got.lane, got.rule) == (Lane.MAPPED, Rule.EXISTING)


def test_a_listing_that_odoo_has_twice_is_blocked():
    found = catalogue({"reference": "A"}, held=(HELD, HELD))
    got = only(listings({"sku": "S", "reference": "A"}), found)
    assert (got.lane, got.reason) == (Lane.BLOCKED, Reason.TWICE_IN_TARGET)


@pytest.mark.parametrize("second", ["B", "UNKNOWN"])
def test_one_listing_with_two_products_in_the_file_is_blocked(second):
    found = catalogue({"reference": "A"}, {"reference": "B"})
    rows = listings({"sku": "S", "reference": "A"}, {"sku": "S", "reference": second})
    got = match(rows, found, SELLER, CREATE)
    assert set(got.reason) == {Reason.CONTRADICTION}
    assert set(got.lane) == {Lane.BLOCKED}


def test_a_choice_settles_a_contradiction_for_all_rows_of_the_listing():
    found = catalogue({"reference": "A"}, {"reference": "B"})
    rows = listings({"sku": "S", "reference": "A"}, {"sku": "S", "reference": "B"})
    got = match(rows, found, SELLER, Options(), {key(sku="S"): Choice(2)})
    assert list(got.product_id) == [2, 2]
    assert list(got.repeats) == [0, 2]


def test_a_row_that_repeats_an_earlier_one_names_it():
    found = catalogue({"reference": "A", "barcode": "4006381333931"})
    rows = listings({"sku": "S", "reference": "A"}, {"sku": " S", "reference": "4006381333931"})
    got = only(rows, found)
    assert (got.reason, got.repeats) == (Reason.REPEATED, 2)


def test_the_same_sku_elsewhere_in_odoo_matches():
    found = catalogue({"reference": "A"}, held=(HELD | {"market": "GB"},))
    got = only(listings({"sku": "S"}), found)
    assert (got.lane, got.rule, got.product_id) == (Lane.MATCHED, Rule.SAME_SKU, 1)


def test_the_same_sku_elsewhere_in_the_file_matches():
    rows = listings({"sku": "S", "reference": "A"}, {"sku": "S", "market": "DE"})
    got = only(rows, catalogue({"reference": "A"}))
    assert (got.lane, got.rule, got.product_id) == (Lane.MATCHED, Rule.SAME_SKU, 1)


def test_a_sku_on_two_products_elsewhere_is_left_to_a_person():
    held = (HELD | {"market": "GB"}, HELD | {"market": "DE", "product_id": 2})
    got = only(listings({"sku": "S"}), catalogue({"reference": "A"}, {}, held=held))
    assert (got.lane, got.reason) == (Lane.UNMATCHED, Reason.SKU_ON_SEVERAL)


def test_an_own_reference_wins_over_the_same_sku_elsewhere():
    held = (HELD | {"market": "GB"},)
    found = catalogue({"reference": "A"}, {"reference": "B"}, held=held)
    assert only(listings({"sku": "S", "reference": "B"}), found).product_id == 2


def test_auto_create_creates_what_is_not_found():
    rows = listings({"sku": "S", "reference": "N"})
    assert only(rows, catalogue()).reason == Reason.NOT_FOUND
    got = only(rows, catalogue(), CREATE)
    assert (got.lane, got.rule, got.product_id) == (Lane.TO_CREATE, Rule.CREATE, -1)


def test_two_listings_of_one_new_reference_create_one_product():
    rows = listings(
        {"sku": "S", "reference": "N"},
        {"sku": "T", "reference": " n", "title": ""},
        {"sku": "U", "reference": "M"},
    )
    assert list(match(rows, catalogue(), SELLER, CREATE).product_id) == [-1, -1, -2]


def test_nothing_is_created_without_a_title():
    got = only(listings({"sku": "S", "reference": "N", "title": " "}), catalogue(), CREATE)
    assert (got.lane, got.reason) == (Lane.UNMATCHED, Reason.NO_TITLE)


def test_a_row_without_reference_creates_nothing():
    got = only(listings({"sku": "S"}), catalogue(), CREATE)
    assert (got.lane, got.reason) == (Lane.UNMATCHED, Reason.NO_REFERENCE)


def test_a_product_created_before_and_renamed_since_is_not_created_again():
    held = (HELD | {"created_for": "N"},)
    found = catalogue({"reference": "RENAMED"}, held=held)
    got = only(listings({"sku": "T", "reference": "n"}), found, CREATE)
    assert (got.lane, got.reason, got.candidate) == (Lane.BLOCKED, Reason.CREATED_BEFORE, 1)


def test_a_dismissed_row_is_left_out_with_its_note():
    got = only(listings({"sku": "S", "reference": "A"}), catalogue({"reference": "A"}),
               decisions={key(sku="S"): Choice(0, "Not sold")})  # fmt: skip
    assert (got.lane, got.reason, got.warning) == (Lane.BLOCKED, Reason.DISMISSED, "Not sold")


def test_a_choice_that_odoo_has_already_is_mapped():
    found = catalogue({"reference": "A"}, {"reference": "B"}, held=(HELD,))
    got = only(listings({"sku": "S", "reference": "B"}), found, decisions={key(sku="S"): Choice(1)})
    assert (got.lane, got.rule) == (Lane.MAPPED, Rule.EXISTING)


def test_the_counts_name_all_five_lanes_and_only_the_reasons_there_are():
    got = match(listings({"sku": "S", "reference": "N"}), catalogue(), SELLER, Options())
    assert lane_counts(got) == {
        "mapped": 0, "matched": 0, "to_create": 0, "unmatched": 1, "blocked": 0,
    }  # fmt: skip
    assert reason_counts(got) == {Reason.NOT_FOUND: 1}


def test_an_empty_catalogue_and_an_empty_layer_are_no_special_case():
    got = match(listings({"sku": "S", "reference": "A"}), catalogue(), SELLER, Options())
    assert lane_counts(got)["unmatched"] == 1


def test_several_candidates_do_not_excuse_a_mapping_to_a_third_product():
    found = catalogue({"reference": "X"}, {"reference": "X"}, {"reference": "Z"},
                      held=(HELD | {"product_id": 3},))  # fmt: skip
    got = only(listings({"sku": "S", "reference": "X"}), found)
    assert (got.lane, got.reason) == (Lane.BLOCKED, Reason.RELINK)


def test_a_mapping_to_an_archived_product_says_so():
    found = catalogue({"reference": "A", "active": False}, held=(HELD,))
    got = only(listings({"sku": "S", "reference": "A"}), found)
    assert got.lane == Lane.MAPPED
    assert "archived" in got.warning


def test_a_record_without_a_product_is_filled_in():
    found = catalogue({"reference": "A"}, held=(HELD | {"product_id": 0},))
    got = only(listings({"sku": "S", "reference": "A"}), found)
    assert (got.lane, got.product_id, got.record_id) == (Lane.MATCHED, 1, 101)


def test_a_choice_whose_product_is_gone_is_no_choice():
    got = only(listings({"sku": "S"}), catalogue({"reference": "A"}),
               decisions={key(sku="S"): Choice(999)})  # fmt: skip
    assert (got.lane, got.reason) == (Lane.UNMATCHED, Reason.NO_REFERENCE)
    assert "not there any more" in got.warning


def test_a_reference_to_be_created_wins_over_the_same_sku_elsewhere():
    found = catalogue({"reference": "A"}, held=(HELD | {"market": "GB"},))
    rows = listings({"sku": "S", "reference": "N"})
    assert only(rows, found, CREATE).lane == Lane.TO_CREATE
    got = only(rows, found)
    assert (got.rule, got.product_id) == (Rule.SAME_SKU, 1)
    assert "No product has the file's reference" in got.warning


def test_a_upc_and_its_ean_are_one_new_product():
    rows = listings(
        {"sku": "S", "reference": "012345678905"}, {"sku": "T", "reference": "0012345678905"}
    )
    assert list(match(rows, catalogue(), SELLER, CREATE).product_id) == [-1, -1]


def test_of_several_candidates_the_one_that_the_same_listing_names_elsewhere_is_taken():
    of_products = ({"reference": "A", "barcode": "B-1"}, {"reference": "B", "barcode": "B-1"})
    rows = listings({"sku": "S", "reference": "A"}, {"sku": "S", "reference": "B-1"})
    done = match(rows, catalogue(*of_products), SELLER, Options())
    assert done["product_id"].tolist() == [1, 1]
    assert done["reason"].tolist() == [Reason.NONE, Reason.REPEATED]


@pytest.mark.parametrize("elsewhere", [(), (5,)], ids=["nothing else", "and a mapping"])
def test_a_record_without_a_product_is_no_mapping_elsewhere(elsewhere):
    mapped = (HELD | {"market": "GB", "product_id": product} for product in elsewhere)
    found = catalogue(*[{}] * 5, held=(HELD | {"product_id": 0}, *mapped))
    for reference in ("", "UNKNOWN"):
        got = only(listings({"sku": "S", "market": "DE", "reference": reference}), found)
        assert got.product_id == sum(elsewhere)
        assert (got.rule == Rule.SAME_SKU) == bool(elsewhere)
        assert ("other mapping is used" in got.warning) == bool(elsewhere and reference)
