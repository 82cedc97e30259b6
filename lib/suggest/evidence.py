"""What speaks for and against a pair, as figures from 0 up, and the weight of each.

The score of a pair is the start plus all of its evidence: the logarithm of the odds that the
listing is this product rather than none of the catalogue.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from lib.suggest.index import THREADS, Index, Said
from lib.suggest.text import only_letters
from lib.suggest.vectors import rarest, shared, weigh

PARTS = {
    "barcode": ("barcode_agrees", "barcode_differs"),
    "model number": ("model_agrees", "model_within", "model_differs"),
    "brand": ("brand_agrees", "brand_differs"),
    "title words": ("listing_words", "product_words"),
    "spelling": ("letters", "word_letters", "part_letters"),
    "numbers": ("number_agrees", "number_differs"),
    "pack size": ("pack_differs",),
    "size": ("size_agrees", "size_differs"),
    "colour": ("colour_agrees", "colour_differs"),
    "price": ("price_agrees", "price_differs"),
}
"""Part of the explanation -> the figures it sums, each times its weight."""

FIGURES = [figure for figures in PARTS.values() for figure in figures]
_FILE = json.loads(Path(__file__).with_name("weights.json").read_text("utf-8"))
SAFE: float = _FILE["safe"]
"""The margin from which on a suggestion was right in 98 of 100 cases, as measured."""


@dataclass(frozen=True)
class Weights:
    """How FIGURES become a score: the start plus each figure times its weight (float64)."""

    start: float
    figures: np.ndarray


LEARNT = Weights(_FILE["start"], np.array([_FILE["weights"][figure] for figure in FIGURES]))


def figures(
    index: Index, listings: Said, at: np.ndarray, of: np.ndarray, letters: np.ndarray
) -> np.ndarray:
    """The FIGURES (columns, float32) of each pair: listing ``at``, product ``of``."""
    return compared(quick(index, listings, at, of, letters), index, listings, at, of)


def compared(
    found: np.ndarray, index: Index, listings: Said, at: np.ndarray, of: np.ndarray
) -> np.ndarray:
    """What ``quick`` found for the same pairs, with the figures that it leaves out."""
    left, right = np.array(listings.closed, object)[at], index.closed[of]
    whole = found.copy()
    for name, figure in (
        ("model_within", _within(index, listings, at, of)),
        ("word_letters", _alike(left, right, fuzz.token_set_ratio)),
        ("part_letters", _alike(left, right, fuzz.partial_ratio)),
    ):
        whole[:, FIGURES.index(name)] = figure
    return whole


def quick(
    index: Index, listings: Said, at: np.ndarray, of: np.ndarray, letters: np.ndarray
) -> np.ndarray:
    """FIGURES as ``figures`` gives them, with 0 for those that compare letter by letter."""
    listing_words, product_words = _words(index, listings, at, of)
    brands, other_brand = _brands(index, listings, at, of)

    models = index.stems.of(listings.stems)
    rare = rarest(models, index.rare_stems, at, of)
    both_models = _both(listings.stems, index.stems.rows, at, of)

    numbers = shared(index.numbers.of(listings.numbers), index.numbers.rows, at, of)
    fewer = np.minimum(_count(listings.numbers)[at], _held(index.numbers.rows)[of])
    sizes = shared(index.sizes.of(listings.sizes), index.sizes.rows, at, of)
    measured = index.dimensions.of(listings.dimensions)
    dimensions = shared(measured, index.dimensions.rows, at, of)
    colours = shared(index.colours.of(listings.colours), index.colours.rows, at, of)
    gtins = shared(index.gtins.of(listings.gtins), index.gtins.rows, at, of)

    one, other = listings.packs[at], index.packs[of]
    # A pack that only one title speaks of may be the other's own unit.
    sure = (np.minimum(one, 1) + np.minimum(other, 1)) / 2
    ratio = np.abs(np.log(listings.prices[at] / index.prices[of]))
    found = {
        "barcode_agrees": gtins > 0,
        "barcode_differs": _both(listings.gtins, index.gtins.rows, at, of) & (gtins == 0),
        "model_agrees": rare / index.stems.unseen,
        "model_differs": both_models & (rare == 0),
        "brand_agrees": brands,
        "brand_differs": other_brand,
        "listing_words": listing_words,
        "product_words": product_words,
        "letters": letters,
        "number_agrees": np.minimum(numbers, 3),
        "number_differs": np.clip(fewer - numbers, 0, 2),
        "pack_differs": (np.maximum(one, 1) != np.maximum(other, 1)) * sure,
        "size_agrees": np.minimum(sizes, 2),
        "size_differs": np.clip(dimensions - sizes, 0, 2),
        "colour_agrees": colours > 0,
        "colour_differs": _both(listings.colours, index.colours.rows, at, of) & (colours == 0),
        "price_agrees": np.nan_to_num(np.exp(-5 * ratio)),
        "price_differs": np.nan_to_num(np.minimum(ratio, 2)),
    }
    whole = np.zeros((len(at), len(FIGURES)), np.float32)
    for name, figure in found.items():
        whole[:, FIGURES.index(name)] = figure
    return whole


def _words(
    index: Index, listings: Said, at: np.ndarray, of: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The shares of the words of either title, by weight, that the other has, brand included."""
    known, theirs = index.words, index.name_words
    own, all_own = (
        weigh(known.of(words), index.word_weights) for words in (listings.words, listings.all_words)
    )
    strange = _count(listings.words) - _held(own)
    whole = np.maximum(_squares(own) + strange * (known.unseen + 1), 1e-6)
    of_listing = shared(own, index.all_words, at, of) / whole[at]
    whole = np.maximum(_squares(theirs[of]), 1e-6)
    return of_listing, shared(all_own, theirs, at, of) / whole


def _brands(
    index: Index, listings: Said, at: np.ndarray, of: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Whether either names the brand that the other leads with; whether both lead with one and
    neither names the other's (bool)."""
    known = index.words
    leads = [index.brands & {lead} for lead in listings.leads]
    meets = shared(known.of(leads), known.rows, at, of)
    meets += shared(known.of(listings.all_words), index.leads, at, of)
    return meets > 0, _both(leads, index.leads, at, of) & (meets == 0)


def _within(index: Index, listings: Said, at: np.ndarray, of: np.ndarray) -> np.ndarray:
    """The length, in tens, of the product's longest model number if the listing's title holds it,
    whatever stands around it."""
    titles = np.array([only_letters(title) for title in listings.closed], object)
    lengths = np.fromiter(map(len, titles), np.int64, len(titles))[at]
    long = index.model_lengths[of]
    asked = np.flatnonzero((long > 0) & (long <= lengths))
    held = _alike(index.models[of[asked]], titles[at[asked]], fuzz.partial_ratio, least=1) == 1
    found = np.zeros(len(at), np.float32)
    found[asked[held]] = np.minimum(long[asked[held]], 12) / 10
    return found


def _alike(left: np.ndarray, right: np.ndarray, scorer: Callable, least: float = 0) -> np.ndarray:
    """How alike the texts of each pair are, 0 to 1; 0 where it is less than ``least``."""
    kwargs = {"score_cutoff": 100 * least, "workers": THREADS, "dtype": np.float32}
    return process.cpdist(left, right, scorer=scorer, **kwargs) / 100


def _both(listings: list[set], products, at: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Whether both have marks of a kind (bool)."""
    return (_count(listings) > 0)[at] & (_held(products) > 0)[of]


def _count(marks: list[set]) -> np.ndarray:
    return np.fromiter(map(len, marks), np.float32, len(marks))


def _held(rows) -> np.ndarray:
    return np.diff(rows.indptr)


def _squares(rows) -> np.ndarray:
    return np.asarray(rows.multiply(rows).sum(axis=1)).ravel()
