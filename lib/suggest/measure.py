"""How good suggestions are, measured on listings whose product is known."""

import numpy as np
import pandas as pd

from lib.suggest.engine import is_safe
from lib.suggest.evidence import SAFE

RANKS = (1, 3, 5, 10)
STEPS = sorted({0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5, SAFE})
CURVE = ["threshold", "suggested", "precision", "coverage"]


def recall(found: pd.DataFrame, truth: pd.Series) -> dict[str, float]:
    """The share of the listings of ``truth`` whose product is among the first 1, 3, 5 and 10; one
    of its products, where it has several.

    ``found`` is what ``suggest`` returns, for ten products at least; ``truth`` has the label of the
    product by the label of the listing, once for each product.
    """
    ranks = found[_right(found, truth)].groupby("listing")["rank"].min()
    return {str(most): float((ranks <= most).sum() / _count(truth)) for most in RANKS}


def safe(found: pd.DataFrame, truth: pd.Series, threshold: float = SAFE) -> dict[str, float]:
    """What is true of the suggestions that would be safe with this margin as threshold:
    ``precision``, the share of them that is right, and ``coverage``, the share of all listings
    with a known product for which they are right. Listings that are not in ``truth`` do not count;
    where nothing is suggested, the precision is 1."""
    row = curve(found, truth, [threshold]).iloc[0]
    return {name: float(row[name]) for name in ("threshold", "precision", "coverage")}


def curve(found: pd.DataFrame, truth: pd.Series, margins: list[float] = STEPS) -> pd.DataFrame:
    """CURVE: the same at several thresholds; ``suggested`` (int64) counts the suggestions."""
    known = found[found["listing"].isin(truth.index)]
    right = _right(known, truth)
    rows = []
    for margin in margins:
        taken = is_safe(known, margin).to_numpy()
        count, hits = int(taken.sum()), int(right[taken].sum())
        precision = hits / count if count else 1.0
        rows.append((margin, count, precision, hits / _count(truth)))
    return pd.DataFrame(rows, columns=CURVE)


def _right(found: pd.DataFrame, truth: pd.Series) -> np.ndarray:
    """Whether each suggestion is a true one (bool)."""
    pairs = pd.MultiIndex.from_frame(found[["listing", "product"]])
    return pairs.isin(pd.MultiIndex.from_arrays([truth.index, truth]))


def _count(truth: pd.Series) -> int:
    """How many listings have a known product; 1 if none has."""
    return max(truth.index.nunique(), 1)
