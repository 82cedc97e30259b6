"""Which products a listing is probably about, how sure that is, and why."""

import numpy as np
import pandas as pd

from lib.suggest.collector import paused
from lib.suggest.evidence import FIGURES, LEARNT, PARTS, SAFE, Weights, figures
from lib.suggest.index import Index, Said

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
    return _found(listings, index, top, weights)[0]


def suggest_explained(
    listings: pd.DataFrame, index: Index, top: int = 5
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What ``suggest`` and ``explain`` say of the same listings, without looking twice."""
    found, evidence = _found(listings, index, top, LEARNT)
    return found, _explained(evidence, LEARNT, found.index)


@paused()
def _found(
    listings: pd.DataFrame, index: Index, top: int, weights: Weights
) -> tuple[pd.DataFrame, np.ndarray]:
    """COLUMNS, and the FIGURES of the same pairs."""
    if listings.empty or index.products.empty:
        nothing = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()})
        return nothing, np.zeros((0, len(FIGURES)))
    starts = range(0, len(listings), _LISTINGS_AT_ONCE)
    parts = [_of_some(listings, at, index, top, weights) for at in starts]
    found = pd.concat([part for part, _ in parts], ignore_index=True)
    found["listing"] = listings.index[found["listing"]]
    found["product"] = index.products.index[found["product"]]
    return found, np.concatenate([evidence for _, evidence in parts])


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
    found = figures(index, said, index.spelling(said, at, of), at, of)
    return _explained(found, LEARNT, pairs.index)


def _explained(found: np.ndarray, weights: Weights, rows: pd.Index) -> pd.DataFrame:
    """EXPLAINED of pairs by their FIGURES."""
    weighted = pd.DataFrame(found * weights.figures, rows, FIGURES)
    parts = {part: weighted[list(names)].sum(axis=1) for part, names in PARTS.items()}
    explained = pd.DataFrame({"start": weights.start, **parts}, rows)
    return explained.assign(score=explained.sum(axis=1))[EXPLAINED]


def _of_some(
    listings: pd.DataFrame, first: int, index: Index, top: int, weights: Weights
) -> tuple[pd.DataFrame, np.ndarray]:
    """COLUMNS of the listings from ``first`` on, as many as are looked at at once, with positions
    in place of labels; and the FIGURES of the same pairs."""
    said = Said.of(listings.iloc[first : first + _LISTINGS_AT_ONCE], "title")
    at, of, spelling = index.candidates(said)
    evidence = figures(index, said, spelling, at, of)
    score = weights.start + evidence @ weights.figures
    order, begin, count = _ranked(index, at, of, score)
    at, of, score = at[order], of[order], score[order]
    rank = np.arange(len(at)) - np.repeat(begin, count)
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
    kept = rank < top
    return found[kept], evidence[order[kept]]


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
