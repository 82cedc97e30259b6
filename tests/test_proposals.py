"""Suggestions for the rows of a review: which rows ask, what is proposed and taken together."""

import pandas as pd
import pytest

from lib import memory
from lib.match.decisions import CREATE, Choice, Memory, listing_keys
from lib.model import Options, Reason, Seller
from lib.proposals import (
    KEPT,
    TOP,
    acceptable,
    agreeing,
    chosen,
    first_left,
    index_of,
    look_alike,
    propose,
    undisputed,
    without_rejected,
)
from lib.review import again, review
from lib.suggest.evidence import PARTS
from tests.tables import catalogue, decisions, map_file, report

SELLER = Seller("acme", ("US",))
SONY, OTHER, LAMP = 1, 2, 3
PRODUCTS = (
    {"name": "Sony PS-LX350H turntable, black", "reference": "T-1", "barcode": "4006381333931"},
    {"name": "Sony PS-LX300USB turntable, silver", "reference": "T-2"},
    {"name": "Osram desk lamp 9 W, white", "reference": "L-1"},
)
TURNTABLE = {"title": "Sony Belt Drive Turntable - PSLX350H", "sku": "S-1", "market": "US",
             "channel": "AFN"}  # fmt: skip


def reviewed(*rows, products=PRODUCTS, create=False):
    return review(map_file(*rows), catalogue(*products), SELLER, Options(create=create))


def proposed(done):
    return without_rejected(propose(done, done.asking, index_of(done.catalogue)), done)


def rejecting(done, row: int, product: int):
    """The review after a product was rejected for a row besides."""
    listing = done.file.listings.loc[row]
    kept = memory.rejection(listing, product, done.catalogue, "mia", "2026-11-24T10:00:00Z", "")
    return again(done, memory=Memory(pd.concat([done.memory.decisions, kept])))


def test_rows_that_wait_and_new_products_ask_and_no_others():
    done = reviewed(
        TURNTABLE | {"reference": "T-1"},
        TURNTABLE | {"sku": "S-2", "reference": "NEW"},
        TURNTABLE | {"sku": "S-3"},
        TURNTABLE | {"sku": ""},
        create=True,
    )
    assert list(done.asking) == [1, 2]


def test_a_row_that_was_decided_now_keeps_its_suggestions():
    done = reviewed(TURNTABLE)
    taken = chosen(done, proposed(done).first)
    after = review(done.file, done.catalogue, SELLER, Options(), taken)
    assert after.matches["product_id"].tolist() == [SONY]
    assert list(after.asking) == [0]


def test_a_row_that_was_dismissed_now_keeps_its_suggestions_and_one_dismissed_earlier_has_none():
    done = reviewed(TURNTABLE, TURNTABLE | {"sku": "S-2"})
    earlier = Memory(decisions({"sku": "S-2", "verdict": "dismiss"}))
    after = again(done, memory=earlier, decisions={done.keys[0]: Choice(0)})
    assert after.matches["reason"].tolist() == [Reason.DISMISSED] * 2
    assert list(after.asking) == [0]


def test_the_best_product_comes_first_with_parts_that_sum_to_its_score():
    found = proposed(reviewed(TURNTABLE))
    best = found.first.loc[0]
    assert best["product_id"] == SONY
    assert best["model number"] > 0
    assert best[["start", *PARTS]].sum() == pytest.approx(best["score"], abs=1e-6)
    assert found.of(0)["certainty"].is_monotonic_decreasing
    assert found.of(99).empty


def test_an_archived_product_is_not_suggested():
    products = [PRODUCTS[0] | {"active": False}, *PRODUCTS[1:]]
    assert SONY not in set(proposed(reviewed(TURNTABLE, products=products)).best["product_id"])


def test_a_report_is_looked_up_by_its_code_too():
    file = report({"sku": "X", "title": "Something", "ean": "4006381333931"})
    done = review(file, catalogue(*PRODUCTS, PRODUCTS[0] | {"name": "Another"}), SELLER, Options())
    assert set(proposed(done).best.head(2)["product_id"]) == {SONY, 4}


def test_a_rejected_product_is_not_proposed_and_the_others_are_measured_without_it():
    done = reviewed(TURNTABLE, TURNTABLE | {"sku": "S-2"})
    before = proposed(done)
    after = proposed(rejecting(done, 0, SONY))
    first = after.first
    assert first.at[0, "product_id"] == OTHER
    assert first.at[0, "margin"] > before.of(0)["margin"].iloc[1]
    assert first.at[0, "certainty"] > before.of(0)["certainty"].iloc[1]
    pd.testing.assert_series_equal(first.loc[1], before.first.loc[1])


def test_the_best_that_is_left_is_the_same_whether_all_rows_are_looked_at_again_or_not():
    done = reviewed(TURNTABLE, TURNTABLE | {"sku": "S-2"}, TURNTABLE | {"sku": "S-3"})
    found = propose(done, done.asking, index_of(done.catalogue))
    for products in ((), (SONY,), (SONY, OTHER), tuple(found.of(1)["product_id"])):
        for product in products:
            done = rejecting(done, 1, product)
        left = first_left(found, done)
        pd.testing.assert_frame_equal(left, without_rejected(found, done).first)
        assert (1 in left.index) == (len(products) < len(found.of(1)))


def test_some_are_left_when_some_are_rejected():
    many = [{"name": f"Sony turntable number {at}"} for at in range(20)]
    done = reviewed(TURNTABLE, products=many)
    index = index_of(done.catalogue)
    found = propose(done, done.asking, index)
    assert len(found.of(0)) == KEPT
    rejected = rejecting(done, 0, int(found.of(0)["product_id"].iloc[0]))
    left = without_rejected(found, rejected).of(0)
    assert left["rank"].tolist() == [*range(1, TOP + 1)]


def test_what_a_telling_part_speaks_against_is_not_taken_with_others():
    first = proposed(reviewed(TURNTABLE, TURNTABLE | {"sku": "S-2"})).first
    first.loc[1, "numbers"] = -1.2
    assert list(undisputed(first).index) == [0]
    first.loc[0, "price"] = -1.2
    assert list(undisputed(first).index) == [0]


def test_a_new_product_that_looks_like_one_that_is_there_is_found():
    strange = {"title": "Garden hose 20 m", "sku": "G-1", "reference": "G-1"}
    done = reviewed(TURNTABLE | {"reference": "NEW"}, TURNTABLE | strange, create=True)
    assert list(look_alike(done, proposed(done).first)) == [0]


NEW = TURNTABLE | {"reference": "NEW"}


@pytest.mark.parametrize("earlier", [False, True], ids=["now", "earlier"])
@pytest.mark.parametrize("create", [False, True], ids=["alone", "with all"])
def test_a_new_product_that_somebody_asked_for_is_neither_doubted_nor_taken_with_others(
    earlier, create
):
    other = TURNTABLE | {"reference": "OTHER", "sku": "S-3"}
    done = reviewed(NEW, NEW | {"sku": "S-2"}, other, create=create)
    assert list(look_alike(done, proposed(done).first)) == [0, 1, 2] * create
    kept = decisions({"sku": "S-1", "verdict": "create", "reference": "NEW", "said": "new"})
    taken = {} if earlier else {done.keys[0]: Choice(CREATE)}
    after = again(done, memory=Memory(kept) if earlier else Memory(), decisions=taken)
    assert after.matches["product_id"].tolist() == [-1, -1, -2 if create else 0]
    first = proposed(after).first
    assert list(look_alike(after, first)) == [2] * create
    assert list(acceptable(after, first, first.index).index) == [2]


def test_a_listing_whose_rows_have_different_best_products_is_not_taken_with_others():
    lamp = TURNTABLE | {"title": "Osram desk lamp 9 W"}
    same = TURNTABLE | {"sku": "S-2"}
    done = reviewed(TURNTABLE, lamp, same, same | {"title": "Sony turntable PS-LX350H"})
    first = proposed(done).first
    assert first["product_id"].tolist() == [SONY, LAMP, SONY, SONY]
    for rows in (first.index, pd.Index([1, 2, 3])):
        assert list(acceptable(done, first, rows).index) == [2, 3]


def test_a_blocked_row_is_never_taken_with_others():
    done = reviewed(TURNTABLE, TURNTABLE | {"reference": "T-1"}, TURNTABLE | {"reference": "L-1"},
                    TURNTABLE | {"sku": "S-2"})  # fmt: skip
    first = proposed(done).first
    taken = acceptable(done, first, pd.Index([0, 1, 2, 3]))
    lanes = set(done.matches.loc[taken.index, "lane"])
    assert lanes == {"unmatched"}
    assert 3 in taken.index


def test_only_what_agrees_in_all_parts_and_contradicts_in_none_is_taken():
    contradicted = {"title": "Sony PS-LX350H turntable, white, 2 pack", "sku": "S-2"}
    brand = {"name": "Sony WH-1000 headphones"}  # what three products begin with is a brand
    done = reviewed(TURNTABLE, TURNTABLE | contradicted, products=(*PRODUCTS, brand))
    first = proposed(done).first
    assert list(agreeing(first, ["model number", "brand"]).index) == [0]
    assert agreeing(first, ["barcode"]).empty


def test_what_is_taken_together_says_so_in_its_note():
    done = reviewed(TURNTABLE, TURNTABLE | {"sku": "S-2"})
    taken = chosen(done, proposed(done).first)
    assert list(taken) == list(listing_keys(done.file.listings))
    choice = next(iter(taken.values()))
    assert choice.product_id == SONY
    assert choice.note.endswith("one of 2 accepted together")
    assert choice.why == done.matches["reason"].iloc[0]


def test_without_rows_or_products_nothing_is_proposed():
    done = reviewed(TURNTABLE | {"reference": "T-1"})
    assert proposed(done).first.empty
    assert proposed(reviewed(TURNTABLE, products=())).first.empty
