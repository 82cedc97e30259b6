"""Units per listing: what a file says, what Odoo holds, and what a title says of packs."""

import pytest

from lib.model import Lane, Operation, Options, Reason
from lib.results import result_rows
from lib.review import again, review
from tests.tables import SELLER, catalogue, map_file

CATALOGUE = catalogue(
    {"reference": "A", "name": "Battery AA"},
    {"reference": "B", "name": "Battery AA, pack of 4"},
    held=({"sku": "HELD", "product_id": 1, "units": 6, "title": "Battery AA, pack of 6"},),
)


def of(*rows: dict, **options):
    return review(map_file(*rows), CATALOGUE, SELLER, Options(**options))


def units(done) -> list[int]:
    return done.plan.rows["units"].tolist()


def test_what_the_file_says_is_planned_and_1_where_nobody_says():
    done = of({"sku": "1", "reference": "A", "units": "6"}, {"sku": "2", "reference": "A"})
    assert units(done) == [6, 1]


def test_what_odoo_holds_stays_unless_the_file_says_another():
    assert units(of({"sku": "HELD", "reference": "A"})) == [6]
    done = of({"sku": "HELD", "reference": "A", "units": "12", "title": "Battery AA, pack of 6"})
    assert units(done) == [12]
    assert done.plan.counts[Operation.UPDATE] == 1
    assert done.plan.rows["was_units"].tolist() == [6]


@pytest.mark.parametrize("units", ["0", "six", "1.5", "-2", "100000"])
def test_units_that_are_no_number_block_the_row_and_are_repeated(units):
    done = of({"sku": "1", "reference": "A", "units": units})
    assert done.matches["lane"].tolist() == [Lane.BLOCKED]
    assert done.matches["reason"].tolist() == [Reason.UNKNOWN_UNITS]
    assert units in done.matches["warning"].iloc[0]


def test_one_listing_with_two_numbers_of_units_is_blocked():
    rows = ({"sku": "1", "reference": "A", "units": said} for said in ("6", "12"))
    assert of(*rows).matches["reason"].tolist() == [Reason.SEVERAL_UNITS] * 2


def test_units_said_in_one_row_of_a_listing_are_said_of_the_listing():
    rows = ({"sku": "1", "reference": "A", "units": said} for said in ("", "6"))
    done = of(*rows)
    assert units(done)[0] == 6
    assert done.matches["reason"].tolist() == [Reason.NONE, Reason.REPEATED]


@pytest.mark.parametrize(
    ("title", "reference", "warned"),
    [
        ("Battery AA, pack of 6", "A", "Title says a pack of 6, Units is 1"),
        ("6er-Pack Batterien AA", "A", "Title says a pack of 6, Units is 1"),
        ("Piles AA, lot\xa0de\xa06", "A", "Title says a pack of 6, Units is 1"),
        ("Piles AA, 6 pièces", "A", "Title says a pack of 6, Units is 1"),
        ("Batteries AA x12", "B", "Title says a pack of 3, Units is 1"),
        ("Battery AA", "A", ""),
        ("Battery AA, pack of 4", "B", ""),
        ("Battery AA, pack of 6", "B", "Title says another pack than the product's name"),
    ],
)
def test_a_pack_that_is_mapped_as_one_is_warned_of(title, reference, warned):
    done = of({"sku": "1", "reference": reference, "title": title})
    assert units(done) == [1]
    assert done.matches["warning"].tolist() == [warned]


def test_nobody_is_warned_of_what_somebody_said():
    rows = ({"sku": said, "reference": "A", "title": "Pack of 6", "units": said} for said in "16")
    assert of(*rows).matches["warning"].tolist() == ["", ""]
    assert of({"sku": "HELD", "reference": "A", "title": "Pack of 6"}).matches[
        "warning"
    ].tolist() == [""]


def test_a_pack_of_a_product_to_be_created_is_told_by_the_name_that_it_gets():
    rows = (
        {"sku": "1", "reference": "N", "title": "One"},
        {"sku": "2", "reference": "N", "title": "Two, pack of 6"},
    )
    assert units(of(*rows, create=True, packs=True)) == [1, 6]
    noted = of(*rows, create=True).matches["warning"].tolist()
    assert noted == ["", "Title says a pack of 6, Units is 1"]


def test_titles_of_one_listing_that_say_different_packs_are_the_pack_of_the_first():
    rows = [{"sku": "1", "reference": "A", "title": f"Pack of {size}"} for size in (6, 12)]
    done = of(*rows, packs=True)
    assert units(done)[0] == 6
    assert again(done).matches["reason"].tolist() == [Reason.NONE, Reason.REPEATED]


def test_a_new_product_is_the_pack_that_its_title_says():
    done = of({"sku": "1", "reference": "N", "title": "Pack of 6"}, create=True, packs=True)
    assert units(done) == [1]
    assert done.matches["warning"].tolist() == [""]


def test_what_is_unmapped_has_no_pack():
    held = ({"sku": "S", "product_id": 1},)
    file = map_file({"sku": "S", "action": "UNMAP", "title": "Battery AA, pack of 6"})
    for asked in (False, True):
        done = review(file, catalogue({"name": "Battery AA"}, held=held), SELLER,
                      Options(packs=asked))  # fmt: skip
        assert done.plan.rows["operation"].tolist() == [Operation.UNMAP]
        assert done.matches["warning"].tolist() == [""]
        assert done.file.listings["units"].tolist() == [""]


def test_pack_sizes_are_taken_from_titles_where_somebody_asks_for_it():
    rows = (
        {"sku": "1", "reference": "A", "title": "Battery AA, pack of 6"},
        {"sku": "2", "reference": "A", "title": "Battery AA, pack of 6", "units": "1"},
        {"sku": "3", "reference": "B", "title": "Battery AA x12"},
        {"sku": "HELD", "reference": "A", "title": "Battery AA, pack of 3"},
        {"sku": "4", "reference": "GONE", "title": "Battery AA, pack of 6"},
    )
    done = of(*rows, packs=True)
    assert units(done)[:4] == [6, 1, 3, 6]
    assert done.matches["warning"].tolist() == [""] * 5
    told = result_rows(done)["units"]
    assert told.tolist() == [
        "6",
        "1",
        "3",
        "",
        "",
    ]
    assert again(done).plan.rows.equals(done.plan.rows)
