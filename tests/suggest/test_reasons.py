"""What an explanation says its parts are about."""

import pickle

import pandas as pd
import pytest
from hypothesis import given, settings

from lib.suggest.engine import explain, suggest
from lib.suggest.evidence import PARTS
from lib.suggest.index import Index
from lib.suggest.reasons import reasons
from tests.suggest.test_engine import EAN, NAMES, TITLES, listings, products


def told(title: str, name: str, what: str, asked=None, held=None) -> str:
    columns = {key: [""] * len(NAMES) + [value] for key, value in (held or {}).items()}
    index = Index(products([*NAMES, name], **columns))
    pair = pd.DataFrame({"listing": [0], "product": [len(NAMES)]})
    rows = listings(title, **{key: [value] for key, value in (asked or {}).items()})
    return reasons(rows, index, pair)[what].iloc[0]


@pytest.mark.parametrize(
    ("title", "name", "what", "words"),
    [
        ("Radio XR500B", "XR-500B", "model number", "xr500b"),
        ("Feldmark XR500B", "Feldmark XR900C", "model number", "xr500b ≠ xr900c"),
        ("Radio by Nordvale", "Nordvale radio", "brand", "nordvale"),
        ("Nordvale radio", "Feldmark radio", "brand", "nordvale ≠ feldmark"),
        ("Big gel pen", "Pen of gel", "title words", "gel, pen"),
        ("Suite 2004", "Suite 2004", "numbers", "2004"),
        ("Suite 6 2004", "Suite 6 2005", "numbers", "6; 2004 ≠ 2005"),
        ("Gel pen, pack of 3", "Gel pen, pack of 9", "pack size", "3 ≠ 9"),
        ("Gel pen x3", "Gel pen", "pack size", "3 ≠ none named"),
        ("Rug 2 m", "Rug 200 cm", "size", "2 m"),
        ("Rug 2 m", "Rug 300 cm", "size", "2 m ≠ 300 cm"),
        ("Schwarzer rug schwarz", "Rug black", "colour", "black"),
        ("Rug black", "Rug weiß", "colour", "black ≠ white"),
        ("Gel pen", "Gel pen", "spelling", "100% alike, 100% of the shorter"),
        ("Gel pen", "Rug", "spelling", ""),
        ("Green lamp", "Green lampshade", "title words", "green, lamp ~ lampshade"),
        ("Radio FM-XR500B", "Radio XR500B", "model number", "xr500b"),
        ("Radio XR500B", "Radio FMXR500B/EU", "model number", "xr500b"),
        ("Radio XR500B", "Radio XR500C", "model number", "xr500b ≠ xr500c"),
        ("Radio v10.0", "Radio v.10", "model number", ""),
        ("Gel pen", "Gel pen", "pack size", ""),
    ],
)
def test_what_agrees_or_differs_is_named(title, name, what, words):
    assert told(title, name, what) == words


def test_barcodes_and_prices_are_named():
    upc = "036000291452"
    assert told("Pen", "Pen", "barcode", {"ean": EAN}, {"barcode": EAN}) == "0" + EAN
    different = told("Pen", "Pen", "barcode", {"ean": EAN}, {"barcode": upc})
    assert different == f"0{EAN} ≠ 00{upc}"
    assert told("Pen", "Pen", "price", {"price": "10.50"}, {"price": "9"}) == "10.5 ≠ 9"
    assert told("Pen", "Pen", "price", {"price": "10.50"}, {"price": ""}) == ""


@settings(deadline=None, max_examples=30)
@given(TITLES)
def test_every_part_that_counts_is_told_and_no_other(titles):
    asked, index = listings(*titles), Index(products())
    found = suggest(asked, index)
    counts = explain(asked, index, found)[[*PARTS]] != 0
    words = reasons(asked, index, found)
    assert list(words.columns) == list(PARTS)
    assert words.index.equals(found.index)
    pd.testing.assert_frame_equal(words != "", counts)


def test_no_pairs_have_no_reasons():
    index = Index(products())
    nothing = reasons(listings("zzz"), index, suggest(listings("zzz"), index))
    assert list(nothing.columns) == list(PARTS)
    assert nothing.empty


def test_an_index_that_was_pickled_answers_the_same():
    asked, index = listings(*NAMES), Index(products())
    again = pickle.loads(pickle.dumps(index))
    pd.testing.assert_frame_equal(suggest(asked, again), suggest(asked, index))
    found = suggest(asked, index)
    pd.testing.assert_frame_equal(reasons(asked, again, found), reasons(asked, index, found))
