"""What speaks for and against a pair, as figures from 0 up, and the weight of each.

The score of a pair is the start plus all of its evidence: the logarithm of the odds that the
listing is this product rather than none of the catalogue.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lib.suggest.index import Index, Said, Spelling
from lib.suggest.text import only_letters
from lib.suggest.vectors import rarest, shared, weigh

PARTS = {
    "barcode": ("barcode_agrees", "barcode_differs"),
    "model number": ("model_agrees", "model_within", "model_around", "model_differs"),
    "brand": ("brand_agrees", "brand_differs"),
    "title words": ("listing_words", "product_words"),
    "spelling": ("letters", "letters_within"),
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
    index: Index, listings: Said, spelling: Spelling, at: np.ndarray, of: np.ndarray
) -> np.ndarray:
    """The FIGURES (columns, float32) of each pair: listing ``at``, product ``of``, with this
    spelling."""
    letters, within = spelling
    listing_words, product_words = _words(index, listings, at, of)
    brands, other_brand = _brands(index, listings, at, of)

    rare = rarest(index.codes.of(listings.codes), index.rare_codes, at, of)
    stems = shared(index.stems.of(listings.stems), index.stems.rows, at, of)
    both_models = (_count(listings.models) > 0)[at] & (index.model_worth > 0)[of]
    held, around = _models(index, listings, at, of)
    apart = both_models & (rare == 0) & (held == 0) & (around == 0)

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
        "model_agrees": rare / index.codes.unseen,
        "model_within": held,
        "model_around": around,
        # Those that begin alike may be one in two finishes.
        "model_differs": apart * np.where(stems > 0, 0.5, 1),
        "brand_agrees": brands,
        "brand_differs": other_brand,
        "listing_words": listing_words,
        "product_words": product_words,
        "letters": letters,
        "letters_within": within,
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
    """The shares of the words of either title, by weight, that the other has, brand included; of
    the listing's a word that one of the product's begins with, or the other way round, counts in
    part."""
    known, weights = index.words, index.word_weights
    own, all_own = known.of(listings.words), known.of(listings.all_words)
    weighed = weigh(own, weights)
    kin = weighed @ index.kin
    # What the listing says itself is not counted as like another word once more.
    kin -= kin.multiply(own)
    strange = _count(listings.words) - _held(own)
    whole = np.maximum(_sums(weighed) + strange * (known.unseen + 1), 1e-6)
    of_listing = shared((weighed + kin).tocsr(), known.rows, at, of) / whole[at]
    whole = np.maximum(_sums(index.name_words), 1e-6)
    return np.minimum(of_listing, 1), shared(all_own, index.name_words, at, of) / whole[of]


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


def _models(
    index: Index, listings: Said, at: np.ndarray, of: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What the product's most telling model number is worth if the listing's title holds it,
    whatever stands around it; the same of the listing's in the product's name."""
    titles = np.array([only_letters(title) for title in listings.closed], object)
    models, worth = index.telling(listings.models)
    return (
        _held_in(index.models, index.model_worth, of, titles, at),
        _held_in(models, worth, at, index.joined, of),
    )


def _held_in(
    codes: np.ndarray, worth: np.ndarray, one: np.ndarray, texts: np.ndarray, other: np.ndarray
) -> np.ndarray:
    """For each pair what code ``one`` is worth if text ``other`` holds it, else 0 (float32)."""
    worth = worth[one]
    asked = np.flatnonzero(worth > 0)
    pairs = zip(codes[one[asked]], texts[other[asked]], strict=True)
    held = np.fromiter((code in text for code, text in pairs), bool, len(asked))
    found = np.zeros(len(one), np.float32)
    found[asked[held]] = worth[asked[held]]
    return found


def _both(listings: list[set], products, at: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Whether both have marks of a kind (bool)."""
    return (_count(listings) > 0)[at] & (_held(products) > 0)[of]


def _count(marks: list[set]) -> np.ndarray:
    return np.fromiter(map(len, marks), np.float32, len(marks))


def _held(rows) -> np.ndarray:
    return np.diff(rows.indptr)


def _sums(rows) -> np.ndarray:
    return np.asarray(rows.sum(axis=1)).ravel()
