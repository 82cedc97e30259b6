"""How good suggestions are, measured on listings whose product is known."""

import numpy as np
import pandas as pd

from lib.suggest.engine import is_safe
from lib.suggest.evidence import SAFE

RANKS = (1, 3, 5, 10)
STEPS = (0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5)
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
    taken = found[is_safe(found, threshold) & found["listing"].isin(truth.index)]
    right = int(_right(taken, truth).sum())
    return {
        "threshold": threshold,
        "precision": right / len(taken) if len(taken) else 1.0,
        "coverage": right / max(len(truth), 1),
    }


def curve(found: pd.DataFrame, truth: pd.Series) -> pd.DataFrame:
    """CURVE: ``safe`` at several thresholds; ``suggested`` (int64) counts the suggestions."""
    rows = [safe(found, truth, step) for step in sorted({*STEPS, SAFE})]
    table = pd.DataFrame(rows)
    suggested = (table["coverage"] * len(truth) / table["precision"]).round().astype("int64")
    return table.assign(suggested=suggested)[CURVE]


def _right(found: pd.DataFrame, truth: pd.Series) -> np.ndarray:
    """Whether each suggestion is the true one (bool)."""
    return (found["listing"].map(truth) == found["product"]).to_numpy(bool)
