"""Which product is suggested, how sure that is, and what is said for it."""

from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.suggest import engine, measure
from lib.suggest.engine import COLUMNS, EXPLAINED, explain, suggest
from lib.suggest.evidence import FIGURES, PARTS, SAFE, Weights
from lib.suggest.files import read_listings, read_products, read_truth
from lib.suggest.index import CANDIDATES, COMMON, Index, Said, gtin
from lib.suggest.vectors import Marks
from tests.tables import catalogue

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "matching"
EAN = "4006381333931"
NAMES = [
    "Feldmark Turntable FM-TX350H",
    "Feldmark Turntable FM-TX355H",
    "Feldmark Earbuds EB32LP/BLK black",
    "Feldmark Earbuds EB32LP/WHT white",
    "Nordvale Desk Lamp 40 cm green",
    "Nordvale Desk Lamp 60 cm green",
    "Nordvale Gel Pen blue, Pack of 6",
    "Nordvale Gel Pen blue, Pack of 12",
    "Kabelux USB-C Kabel 2 m",
    "ノルド ボールペン 黒 6個セット",
    "Pixelyn Photo Suite 2006",
    "Pixelyn Photo Suite 2007",
]


def products(names=NAMES, **columns) -> pd.DataFrame:
    return pd.DataFrame({"name": names, **columns}, dtype="str")


def listings(*titles: str, **columns) -> pd.DataFrame:
    return pd.DataFrame({"title": titles, **columns}, dtype="str")


def best(title: str, **columns) -> str:
    found = suggest(listings(title, **columns), Index(products()))
    return NAMES[found["product"].iloc[0]]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("TX350H turntable by Feldmark", "Feldmark Turntable FM-TX350H"),
        ("Turntable - FMTX355H", "Feldmark Turntable FM-TX355H"),
        ("Earbuds in white", "Feldmark Earbuds EB32LP/WHT white"),
        ("Schwarze Ohrhörer EB32LP Earbuds", "Feldmark Earbuds EB32LP/BLK black"),
        ("Nordvale lamp 60cm", "Nordvale Desk Lamp 60 cm green"),
        ("Nordvale gel pens blue 12er-Pack", "Nordvale Gel Pen blue, Pack of 12"),
        ("Pack de 6 Nordvale gel pen", "Nordvale Gel Pen blue, Pack of 6"),
        ("Kabelux Cable USB-C 200 cm", "Kabelux USB-C Kabel 2 m"),
        ("ボールペン 6個入り 黒", "ノルド ボールペン 黒 6個セット"),
        ("Photo Suite 2007 Pixelyn", "Pixelyn Photo Suite 2007"),
    ],
)
def test_the_right_one_of_products_that_are_alike_comes_first(title, name):
    assert best(title) == name


def part(title: str, name: str, what: str, **columns) -> float:
    given = {key: [value] for key, value in columns.items()}
    of_listing = {key: value for key, value in given.items() if key in ("ean", "brand")}
    index = Index(products([*NAMES, name], **{
        key: [""] * len(NAMES) + value for key, value in given.items() if key == "barcode"
    }))  # fmt: skip
    pair = pd.DataFrame({"listing": [0], "product": [len(NAMES)]})
    return explain(listings(title, **of_listing), index, pair)[what].iloc[0]


@pytest.mark.parametrize(
    ("title", "name", "what"),
    [
        ("Feldmark radio XR500B", "Feldmark radio XR900C", "model number"),
        ("Nordvale radio", "Feldmark radio", "brand"),
        ("Gel pen, pack of 3", "Gel pen, pack of 9", "pack size"),
        ("Gel pen x3", "Gel pen", "pack size"),
        ("Rug 2 m", "Rug 3 m", "size"),
        ("Rug black", "Rug white", "colour"),
        ("Suite 2004", "Suite 2005", "numbers"),
    ],
)
def test_what_contradicts_counts_against(title, name, what):
    assert part(title, name, what) < 0


@pytest.mark.parametrize(
    ("title", "name", "what"),
    [
        ("Radio XR500B", "XR-500B", "model number"),
        ("Rug 2 m", "Rug 200 cm", "size"),
        ("Rug schwarz", "Rug black", "colour"),
        ("Suite 2004", "Suite 2004", "numbers"),
    ],
)
def test_what_agrees_counts_for_it(title, name, what):
    assert part(title, name, what) > 0


def test_a_pack_that_both_name_says_nothing():
    assert part("Gel pen, 6er-Pack", "Gel pen x6", "pack size") == 0


def test_the_same_barcode_in_two_lengths_counts_for_it():
    upc = "036000291452"
    assert part("Pen", "Something else", "barcode", ean=upc, barcode="0" + upc) > 0


def test_another_barcode_counts_against():
    assert part("Pen", "Pen", "barcode", ean=EAN, barcode="036000291452") < 0


@pytest.mark.parametrize(
    "code", ["", "123", "4006381333930", "B00ABCDEFG", "４００６３８１３３３９３１"]
)
def test_what_is_no_valid_barcode_is_none(code):
    assert gtin(code) == ""


def test_a_product_with_the_barcode_is_found_by_no_word_of_its_name():
    index = Index(products(["Quite another name", "Gel pen"], barcode=[EAN, ""]))
    found = suggest(listings("Gel pen", ean=[EAN]), index)
    assert set(found["product"]) == {0, 1}


def test_a_text_without_letters_is_like_no_other():
    nameless = Index(products(["", "Lamp"], barcode=["", EAN]))
    found = suggest(listings("", ean=[EAN]), nameless)
    assert found["product"].tolist() == [1]
    parts = explain(listings("", ean=[EAN]), nameless, found)
    assert parts.at[0, "score"] == pytest.approx(found.at[0, "score"])
    assert (parts[["spelling", "title words"]] == 0).all(axis=None)


def test_the_spelling_of_the_candidates_is_that_of_any_pairs():
    words = ["desk", "lamp", "chair", "oak", "green", "large", "small", "stand", "shelf", "wood"]
    names = [f"Nordvale {' '.join(pair)}" for pair in permutations(words, 3)] + ["", "-"]
    index = Index(products(names, barcode=["", EAN, *[""] * (len(names) - 2)]))
    assert index.letters.rows.shape[0] > COMMON[0]
    titles = ["Nordvale green desk oak", "", "Lamp by Nordvale", "ペン", "Something else"]
    said = Said.of(listings(*titles, ean=[EAN] * len(titles)), "title")
    at, of, spelling = index.candidates(said)
    assert set(at) == set(range(len(titles)))
    assert len(at) > 2 * CANDIDATES
    for one, other in zip(spelling, index.spelling(said, at, of), strict=True):
        assert one == pytest.approx(other, abs=1e-5)


def test_a_price_far_off_counts_against_and_a_missing_one_says_nothing():
    index = Index(products(["Gel pen", "Gel pen", "Gel pen"], price=["10", "99", ""]))
    found = suggest(listings("Gel pen", price=["10.50"]), index)
    why = explain(listings("Gel pen", price=["10.50"]), index, found).set_axis(found["product"])
    assert why.loc[0, "price"] > 0 > why.loc[1, "price"]
    assert why.loc[2, "price"] == 0
    assert found["product"].iloc[0] == 0


def test_only_title_and_name_are_needed_and_odoo_products_can_be_asked():
    held = catalogue({"id": 7, "reference": "FURN_7", "name": "Office Chair", "barcode": EAN})
    found = suggest(listings("Chair for the office"), Index(held.products))
    assert list(found.columns) == list(COLUMNS)
    assert found["product"].tolist() == [0]


def test_the_labels_of_both_frames_are_given_back():
    index = Index(products(["Gel pen", "Desk lamp"]).set_axis(["p", "q"]))
    found = suggest(listings("A desk lamp").set_axis(["x"]), index)
    assert found[["listing", "product"]].iloc[0].tolist() == ["x", "q"]


def test_other_weights_give_other_scores():
    weights = Weights(2.0, np.zeros(len(FIGURES)))
    found = suggest(listings("Nordvale gel pen"), Index(products()), weights=weights)
    assert (found["score"] == 2).all()


def test_more_listings_than_are_looked_at_at_once_keep_their_labels(monkeypatch):
    asked, index = listings(*NAMES).set_axis(list("abcdefghijkl")), Index(products())
    whole = suggest(asked, index)
    monkeypatch.setattr(engine, "_LISTINGS_AT_ONCE", 5)
    pd.testing.assert_frame_equal(suggest(asked, index), whole, atol=1e-4)


def test_twins_are_not_safe():
    found = suggest(listings("Nordvale gel pen"), Index(products(["Nordvale gel pen"] * 2)))
    assert found["probability"].max() < 0.6
    assert found["margin"].abs().max() < 1e-6
    assert not found["safe"].any()


def test_what_fits_alone_is_surer_than_what_has_a_rival():
    index = Index(products())
    sure = suggest(listings(NAMES[8]), index).iloc[0]
    torn = suggest(listings("Feldmark turntable"), index).iloc[0]
    assert sure["probability"] > torn["probability"]
    assert sure["margin"] > torn["margin"]
    assert sure["safe"]
    assert not torn["safe"]


def test_nothing_to_ask_or_nothing_to_find_is_no_error():
    index = Index(products())
    assert suggest(listings(), index).empty
    assert suggest(listings("", "zzz qqq"), index)["listing"].tolist() == []
    nothing = suggest(listings("Gel pen"), Index(products([])))
    assert list(nothing.columns) == list(COLUMNS)
    assert nothing.empty
    assert explain(listings("Gel pen"), index, nothing).empty


def test_marks_that_no_product_has_are_left_out():
    marks = Marks([{"a", "b"}, set()])
    assert marks.of([{"b", "new"}, set()]).sum(axis=1).ravel().tolist() == [[1, 0]]


TITLES = st.lists(
    st.lists(st.sampled_from(" ".join(NAMES).split()), min_size=1, max_size=6).map(" ".join),
    min_size=1, max_size=4,
)  # fmt: skip


@settings(deadline=None, max_examples=30)
@given(TITLES)
def test_the_parts_sum_to_the_score(titles):
    asked, index = listings(*titles), Index(products())
    found = suggest(asked, index)
    why = explain(asked, index, found)
    assert list(why.columns) == EXPLAINED == ["start", *PARTS, "score"]
    assert (why.drop(columns="score").sum(axis=1) - found["score"]).abs().max() < 1e-4
    assert found["probability"].between(0, 1).all()


@settings(deadline=None, max_examples=30)
@given(TITLES, st.permutations(range(len(NAMES))))
def test_the_order_of_the_products_does_not_change_the_ranking(titles, order):
    asked, held = listings(*titles), products()
    one = suggest(asked, Index(held))
    other = suggest(asked, Index(held.iloc[list(order)]))
    assert one[["listing", "rank", "product"]].equals(other[["listing", "rank", "product"]])


@settings(deadline=None, max_examples=30)
@given(TITLES)
def test_a_listing_gets_the_same_whatever_others_are_asked_for(titles):
    asked, index = listings(*titles), Index(products())
    together = suggest(asked, index)
    alone = pd.concat([suggest(asked.iloc[[at]], index) for at in range(len(asked))])
    pd.testing.assert_frame_equal(together, alone.reset_index(drop=True), atol=1e-4)


@pytest.mark.skipif(not REAL.is_dir(), reason="the known pairs are not beside this clone")
@pytest.mark.parametrize(
    ("folder", "first", "fifth"), [("abt_buy", 0.90, 0.98), ("amazon_google", 0.76, 0.97)]
)
@pytest.mark.parametrize("title_only", [False, True])
@pytest.mark.parametrize("top", [5, 10])
def test_true_products_are_among_the_first(folder, first, fifth, title_only, top):
    asked = read_listings(REAL / folder / "listings.csv")
    held = read_products(REAL / folder / "products.csv")
    truth = read_truth(REAL / folder / "truth.csv", asked, held)
    if title_only:
        asked = asked[["title"]]
    found = suggest(asked, Index(held), top=top)
    share = measure.recall(found, truth)
    assert share["1"] >= first
    assert share["5"] >= fifth
    if not title_only:
        safe = measure.safe(found, truth, SAFE)
        assert safe["precision"] >= 0.98
        assert safe["coverage"] >= 0.40
