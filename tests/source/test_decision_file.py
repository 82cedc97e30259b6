"""Kept decisions as a file: what goes out comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from lib.match.decisions import Verdict
from lib.model import MapperError
from lib.source import decision_file
from lib.source.marketplaces import MARKETPLACES
from tests.tables import decisions

NOW = "2026-02-03T04:05:06Z"
TEXTS = st.text(
    st.characters(exclude_categories=["C"], include_characters="\n\t"), max_size=12
)  # what a file can hold
ROW = st.fixed_dictionaries(
    {
        "market": st.sampled_from(list(MARKETPLACES)),
        "channel": st.sampled_from(["AFN", "MFN"]),
        "sku": TEXTS.map(str.strip).filter(bool),
        "verdict": st.sampled_from(list(Verdict)).map(str),
        "product_id": st.integers(0, 2**53),
        "reference": TEXTS.map(lambda text: f"R{text}"),
        "name": TEXTS,
        "said": TEXTS,
        "why": TEXTS,
        "note": TEXTS,
        "user": TEXTS.filter(bool),
    }
)
ROWS = st.lists(ROW, min_size=1, max_size=6, unique_by=lambda row: row["sku"])


@given(ROWS)
def test_a_written_file_reads_back_as_it_was(rows):
    kept = decisions(*rows)
    again = decision_file.read(decision_file.to_csv(kept), "d.csv", "me", NOW)
    assert_frame_equal(again, kept, check_dtype=False)


def of(text: str):
    return decision_file.read(text.encode(), "d.csv", "me", NOW)


def test_the_least_a_file_needs_is_a_decision_and_its_listing():
    got = of("Decision,Seller SKU,Marketplace,Fulfilment,Internal Reference\n"
             "choose, S ,uk,FBA,A\nDISMISS,T,DE,FBM,\n")  # fmt: skip
    assert got[["verdict", "market", "channel", "sku", "reference", "user", "decided"]].to_numpy(
    ).tolist() == [
        ["choose", "GB", "AFN", "S", "A", "me", NOW],
        ["dismiss", "DE", "MFN", "T", "", "me", NOW],
    ]  # fmt: skip


HEADER = "Decision,Seller SKU,Marketplace,Fulfilment,Internal Reference,Product ID\n"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("Maybe,S,DE,FBA,A,\n", "row 2 says in Decision"),
        ("Choose,,DE,FBA,A,\n", "row 2 has no Seller SKU"),
        ("Choose,S,Mars,FBA,A,\n", "row 2 names no Marketplace"),
        ("Choose,S,DE,by mail,A,\n", "row 2 says in Fulfilment"),
        ("Choose,S,DE,FBA,,7\n", "row 2 names no product"),
        ("Choose,S,DE,FBA,A,x\n", "row 2 has a Product ID"),
        ("Choose,S,DE,FBA,A,\nDismiss,S,DE,FBA,,\n", "row 3 decides on a listing"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_and_nothing_is_read(rows, words):
    with pytest.raises(MapperError, match=f"d.csv: {words}"):
        of(HEADER + rows)


def test_any_number_of_products_may_be_rejected_for_a_listing():
    assert len(of(HEADER + "Reject,S,DE,FBA,A,\nReject,S,DE,FBA,B,\nChoose,S,DE,FBA,C,\n")) == 3


def test_a_file_without_the_columns_says_which():
    with pytest.raises(MapperError, match="no column is called Decision, Marketplace, Fulfilment"):
        of("Seller SKU,Product\nS,A\n")
