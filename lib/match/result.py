"""What matching says of each row, and the counts of it."""

from enum import StrEnum

import numpy as np
import pandas as pd

from lib.model import Lane, Reason, Rule

MATCH_COLUMNS = [
    "lane", "rule", "reason", "product_id", "candidate", "record_id", "repeats", "warning",
]  # fmt: skip
"""One row a listing row, same index: ``lane``, ``rule``, ``reason`` (categories: the enums'
values); ``product_id`` int64, the product, or below 0 the n-th product to create, or 0;
``candidate`` int64, a product a person may want, or 0; ``record_id`` int64, the Amazon Product
that holds the key, or 0; ``repeats`` int64, the earlier row this one repeats, or 0; ``warning``
str."""

LANES, RULES, REASONS = list(Lane), list(Rule), list(Reason)


def categories(codes: np.ndarray, members: list[StrEnum]) -> pd.Categorical:
    """Codes into ``members`` as a categorical of their values."""
    return pd.Categorical.from_codes(codes, categories=[member.value for member in members])


def noted(matches: pd.DataFrame, notes: pd.Series) -> pd.DataFrame:
    """Matches (MATCH_COLUMNS) with more said in their warnings: a note (str) a row, or ""."""
    before = matches["warning"]
    both = (before + "; " + notes).where(before != "", notes)
    return matches.assign(warning=before.where(notes == "", both))


def lane_counts(matches: pd.DataFrame) -> dict[str, int]:
    """Lane value -> rows, all five lanes."""
    counts = matches["lane"].value_counts()
    return {lane.value: int(counts[lane.value]) for lane in Lane}


def reason_counts(matches: pd.DataFrame) -> dict[str, int]:
    """Reason value -> rows, most frequent first, without the rows that need none."""
    counts = matches["reason"].value_counts().drop(Reason.NONE.value)
    return {str(reason): int(count) for reason, count in counts.items() if count}
