"""What people decided, and the listing keys they decided it for."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Choice:
    """What a person decided for a listing: a product id, or 0 to dismiss it, with a note."""

    product_id: int
    note: str = ""


Decisions = Mapping[str, Choice]
"""Listing key, as ``listing_keys`` writes it -> choice."""


def listing_keys(frame: pd.DataFrame) -> pd.Series:
    """The key of each listing within its seller (str), from market, channel and sku."""
    return frame["market"] + "\x1f" + frame["channel"] + "\x1f" + frame["sku"].str.strip()
