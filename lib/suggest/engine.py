"""Which products a listing is probably about, how sure that is, and why."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

from lib.suggest.evidence import FIGURES, LEARNT, PARTS, SAFE, Weights, compared, figures, quick
from lib.suggest.index import THREADS, Index, Said
from lib.suggest.vectors import shared

COLUMNS = {
    "listing": "object",
    "rank": "int64",
    "product": "object",
    "score": "float64",
    "probability": "float64",
    "margin": "float64",
    "safe": "bool",
}
"""The columns of suggestions with their dtypes; the labels have those of the frames they are of."""
EXPLAINED = ["start", *PARTS, "score"]
COMPARED = 10
"""How many candidates of a listing are compared letter by letter at least."""
_LISTINGS_AT_ONCE = 2_000


def suggest(
    listings: pd.DataFrame, index: Index, top: int = 5, weights: Weights = LEARNT
) -> pd.DataFrame:
    """The ``top`` products for each listing, best first, each listing for itself.

    ``listings`` has title and, where they are there, brand, price, ean, sku and reference: text,
    "" for none; its index has no label twice. Returns COLUMNS, by listing and rank: ``listing`` and
    ``product`` are the labels of the rows in ``listings`` and in the frame that ``index`` was built
    of; ``rank`` (int64) counts from 1; ``score`` (float64) is the logarithm of the odds that it is
    this product rather than none of the catalogue; ``probability`` that it is this one rather than
    its strongest rival or none; ``margin`` is what the score is above that rival's, so below 0 from
    rank 2 on, and the score itself where there is no rival; ``safe`` (bool) is that it may be taken
    without looking, with the weights that were learnt.
    Listings that are like no product are not in it.
    """
    if listings.empty or index.products.empty:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()})
    starts = range(0, len(listings), _LISTINGS_AT_ONCE)
    with ThreadPoolExecutor(THREADS) as pool:
        parts = pool.map(lambda start: _of_some(listings, start, index, top, weights), starts)
        found = pd.concat(parts, ignore_index=True)
    found["listing"] = listings.index[found["listing"]]
    found["product"] = index.products.index[found["product"]]
    return found


def is_safe(found: pd.DataFrame, margin: float = SAFE) -> pd.Series:
    """Which suggestions (COLUMNS) come first, beat their rival by ``margin``, and none (bool)."""
    return (found["rank"] == 1) & (found["margin"] >= margin) & (found["score"] > 0)


def explain(listings: pd.DataFrame, index: Index, pairs: pd.DataFrame) -> pd.DataFrame:
    """Why each pair has its score: in figures, and in words by ``lib.suggest.reasons``. ``pairs``
    has listing and product, as ``suggest`` returns them.

    Returns EXPLAINED (float64) with the index of ``pairs``: the parts, of which the start is the
    same for all, sum to the score. Above 0 speaks for the pair, below 0 against it, and 0 says
    nothing.
    """
    if pairs.empty:
        return pd.DataFrame(0.0, pairs.index, EXPLAINED)
    rows = listings.loc[pairs["listing"].unique()]
    at = rows.index.get_indexer(pairs["listing"])
    of = index.products.index.get_indexer(pairs["product"])
    said = Said.of(rows, "title")
    letters = shared(index.letters.of(said.closed), index.letters.rows, at, of)
    weighted = figures(index, said, at, of, letters) * LEARNT.figures
    columns = pd.DataFrame(weighted, pairs.index, FIGURES)
    parts = {part: columns[list(names)].sum(axis=1) for part, names in PARTS.items()}
    explained = pd.DataFrame({"start": LEARNT.start, **parts}, pairs.index)
    return explained.assign(score=explained.sum(axis=1))[EXPLAINED]


def _of_some(
    listings: pd.DataFrame, first: int, index: Index, top: int, weights: Weights
) -> pd.DataFrame:
    """COLUMNS of the listings from ``first`` on, as many as are looked at at once, with positions
    in place of labels."""
    said = Said.of(listings.iloc[first : first + _LISTINGS_AT_ONCE], "title")
    at, of, letters = index.candidates(said)
    found = quick(index, said, at, of, letters)
    order, begin, count = _ranked(index, at, of, weights.start + found @ weights.figures)
    # To compare letter by letter takes long: only what may still come first.
    order = order[_ranks(begin, count) < max(2 * top, COMPARED)]
    at, of = at[order], of[order]
    found = compared(found[order], index, said, at, of)
    score = weights.start + found @ weights.figures
    order, begin, count = _ranked(index, at, of, score)
    at, of, score = at[order], of[order], score[order]
    rank = _ranks(begin, count)
    second = np.where(count > 1, score[np.minimum(begin + 1, len(score) - 1)], -np.inf)
    rival = np.where(rank == 0, np.repeat(second, count), np.repeat(score[begin], count))
    # None of the catalogue is a rival too, with the score 0.
    against = np.exp(rival - score) + np.exp(-score)
    found = pd.DataFrame(
        {
            "listing": at + first,
            "rank": rank + 1,
            "product": of,
            "score": score,
            "probability": 1 / (1 + against),
            "margin": score - np.where(np.isneginf(rival), 0, rival),
        }
    )
    found["safe"] = is_safe(found)
    return found[found["rank"] <= top]


def _ranked(
    index: Index, at: np.ndarray, of: np.ndarray, score: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The order of the pairs by listing, best first, and where each listing's begin and how many
    they are."""
    # Products that are alike are told apart by name: their order in the catalogue says nothing.
    order = np.lexsort((index.order[of], -score.round(4), at))
    by = at[order]
    begin = np.flatnonzero(np.append(True, by[1:] != by[:-1])[: len(by)])
    return order, begin, np.diff(np.append(begin, len(by)))


def _ranks(begin: np.ndarray, count: np.ndarray) -> np.ndarray:
    """The place of each pair among its listing's, from 0."""
    return np.arange(count.sum()) - np.repeat(begin, count)
