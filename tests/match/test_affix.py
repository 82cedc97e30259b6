"""Affix rules: what they match, what waits, and what is proposed."""

import pandas as pd
import pytest

from lib.match.affix import propose
from lib.match.decisions import Affix, AffixKind, Memory
from lib.match.ladder import match
from lib.model import Lane, Options, Reason, Rule
from tests.match.steps import only
from tests.tables import SELLER, catalogue, decisions, listings, report

FBA = Affix(AffixKind.SUFFIX, "-FBA")
AMZ = Affix(AffixKind.PREFIX, "AMZ-")
DOT = Affix(AffixKind.SUFFIX, ".1")
A = {"reference": "A"}


def of(sku, held, *affixes, **row):
    return only(listings({"sku": sku} | row), held, memory=Memory(affixes=affixes))


@pytest.mark.parametrize(
    ("sku", "without"),
    [("A-FBA", "-FBA"), ("AMZ-A", "AMZ-"), ("AMZ-A-FBA", "AMZ- and -FBA"), (" A-FBA ", "-FBA")],
)
def test_a_sku_is_matched_without_one_prefix_and_one_suffix(sku, without):
    got = of(sku, catalogue(A), FBA, AMZ, DOT)
    assert (got.lane, got.rule, got.product_id) == (Lane.MATCHED, Rule.AFFIX, 1)
    assert f"Seller SKU without {without}" in got.warning


@pytest.mark.parametrize("sku", ["A.1-FBA", "AMZ-AMZ-A", "a-FBA", "A-fba", "-FBA", "A", "B-FBA"])
def test_nothing_more_than_one_prefix_and_one_suffix_is_removed_and_the_rest_is_exact(sku):
    assert of(sku, catalogue(A), FBA, AMZ, DOT).reason == Reason.NO_REFERENCE


def test_what_is_left_may_be_a_barcode():
    assert of("012345678905-FBA", catalogue({"barcode": "0012345678905"}), FBA).product_id == 1


@pytest.mark.parametrize(
    "found",
    [
        catalogue(A, A),
        catalogue(A, {"reference": "A-FBA"}),
        catalogue(A, {"reference": "A-F"}),
    ],
    ids=["one code", "the whole SKU is a code", "two rules"],
)
def test_two_candidates_wait_for_a_person(found):
    got = of("A-FBA", found, FBA, Affix(AffixKind.SUFFIX, "BA"))
    assert (got.lane, got.reason, got.product_id) == (Lane.UNMATCHED, Reason.AFFIX_SEVERAL, 0)
    assert got.candidate


def test_two_rules_that_lead_to_one_product_are_one_candidate():
    found = catalogue({"reference": "A", "barcode": "A-F"})
    assert of("A-FBA", found, FBA, Affix(AffixKind.SUFFIX, "BA")).product_id == 1


def test_a_whole_sku_that_is_a_code_is_no_affix_rule():
    assert of("A", catalogue(A), FBA).product_id == 0


def test_an_archived_product_waits_for_a_person():
    got = of("A-FBA", catalogue(A | {"active": False}), FBA)
    assert (got.reason, got.candidate) == (Reason.ARCHIVED, 1)


def test_a_row_with_a_reference_of_its_own_is_not_asked_for_its_sku():
    assert of("A-FBA", catalogue(A), FBA, reference="X").reason == Reason.NOT_FOUND
    found = catalogue(A, {"reference": "X"})
    assert of("A-FBA", found, FBA, reference="X").rule == Rule.REFERENCE


def test_the_same_sku_elsewhere_is_stronger():
    found = catalogue(A, {}, held=({"sku": "A-FBA", "market": "DE", "product_id": 2},))
    got = of("A-FBA", found, FBA)
    assert (got.rule, got.product_id) == (Rule.SAME_SKU, 2)


def test_an_affix_rule_comes_before_a_new_product_of_a_report():
    file = report({"sku": "A-FBA"})
    got = only(file.listings, catalogue(A), Options(create=True), memory=Memory(affixes=(FBA,)),
               offers=file.offers)  # fmt: skip
    assert (got.rule, got.product_id) == (Rule.AFFIX, 1)


def test_what_an_affix_rule_settles_counts_for_the_sku_elsewhere():
    rows = listings({"sku": "A-FBA", "reference": "X", "market": "DE"}, {"sku": "A-FBA"})
    got = match(rows, catalogue(A), SELLER, Options(), memory=Memory(affixes=(FBA,)))
    assert list(got.rule) == [Rule.SAME_SKU, Rule.AFFIX]


def test_a_rejected_product_is_not_taken_by_an_affix_rule():
    rejected = decisions({"sku": "A-FBA", "verdict": "reject", "product_id": 1, "reference": "A"})
    got = only(listings({"sku": "A-FBA"}), catalogue(A), memory=Memory(rejected, (FBA,)))
    assert got.reason == Reason.REJECTED


def known(*pairs):
    return pd.DataFrame(pairs, columns=["sku", "product_id"]).astype({"sku": "str"})


def test_affixes_that_many_known_skus_show_are_proposed_with_their_count():
    held = catalogue({"reference": "A"}, {"reference": "B"}, {"reference": "C"}, {"barcode": "9"})
    pairs = known(("A-FBA", 1), ("B-FBA", 2), ("C-FBA", 3), ("AMZ-A", 1), ("AMZ-B", 2),
                  ("C", 3), ("X-FBA", 4))  # fmt: skip
    got = propose(pairs, held)
    assert got.to_numpy().tolist() == [["suffix", "-FBA", 3, 0]]


def test_a_proposal_says_how_many_skus_it_would_lead_astray():
    held = catalogue({"reference": "A"}, {"reference": "B"}, {"reference": "C"}, {"reference": "D"})
    pairs = known(("xA", 1), ("xB", 2), ("xC", 3), ("xD", 1))
    assert propose(pairs, held).to_numpy().tolist() == [["prefix", "x", 3, 1]]


def test_the_same_pair_on_many_marketplaces_is_one_sku():
    pairs = known(*[("A-FBA", 1)] * 9)
    assert propose(pairs, catalogue(A)).empty
    assert propose(known(), catalogue()).empty


CREATE = Options(create=True)


def test_what_is_left_may_be_a_product_that_the_file_creates():
    rows = listings({"sku": "N", "reference": "N"}, {"sku": "N-FBA"})
    got = match(rows, catalogue(), SELLER, CREATE, memory=Memory(affixes=(FBA,)))
    assert list(got.product_id) == [-1, -1]
    assert list(got.rule) == [Rule.CREATE, Rule.AFFIX]


def test_a_whole_sku_that_the_file_makes_a_code_is_another_candidate():
    rows = listings({"sku": "S", "reference": "A-FBA"}, {"sku": "A-FBA"})
    got = match(rows, catalogue(A), SELLER, CREATE, memory=Memory(affixes=(FBA,)))
    assert got.reason.iloc[1] == Reason.AFFIX_SEVERAL


def test_a_product_to_be_created_is_no_candidate():
    """It has no number yet that a person could choose it by."""
    rows = listings({"sku": "A", "reference": "X"}, {"sku": "X-FBA"})
    held = catalogue({"reference": "X-FBA"})
    got = match(rows, held, SELLER, CREATE, memory=Memory(affixes=(FBA,)))
    assert got.reason.iloc[1] == Reason.AFFIX_SEVERAL
    assert got.candidate.tolist() == [0, 0]
