"""Columns of a map file hold few different texts: work on each text once, not on each cell."""

from collections.abc import Callable

import pandas as pd


def map_unique(values: pd.Series, function: Callable[[str], str]) -> pd.Series:
    """``function`` of every text in ``values`` (str, none missing): the same index, dtype str."""
    codes, texts = values.factorize()
    results = pd.array([function(text) for text in texts], dtype="str")
    return pd.Series(results.take(codes), values.index)
