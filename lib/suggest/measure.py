"""How good suggestions are, measured on listings whose product is known."""

import numpy as np
import pandas as pd

from lib.suggest.engine import is_safe
from lib.suggest.evidence import SAFE

RANKS = (1, 3, 5, 10)
STEPS = sorted([0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5, SAFE])
CURVE = ["threshold", "suggested", "precision", "coverage"]


def recall(found: pd.DataFrame, truth: pd.Series) -> dict[str, float]:
    """The share of the listings of ``truth`` whose product is among the first 1, 3, 5 and 10.

    ``found`` is what ``suggest`` returns, for ten products at least; ``truth`` has the label of the
    product by the label of the listing.
    """
    ranks = found.loc[_right(found, truth), "rank"]
    return {str(most): float((ranks <= most).sum() / max(len(truth), 1)) for most in RANKS}


def safe(found: pd.DataFrame, truth: pd.Series, threshold: float = SAFE) -> dict[str, float]:
    """What is true of the suggestions that would be safe with this margin as threshold:
    ``precision``, the share of them that is right, and ``coverage``, the share of all true pairs
    that they find. Listings that are not in ``truth`` do not count; where nothing is suggested, the
    precision is 1."""
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
        rows.append((margin, count, precision, hits / max(len(truth), 1)))
    return pd.DataFrame(rows, columns=CURVE)


def _right(found: pd.DataFrame, truth: pd.Series) -> np.ndarray:
    """Whether each suggestion is the true one (bool)."""
    return (found["listing"].map(truth) == found["product"]).to_numpy(bool)
