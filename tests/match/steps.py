"""What the tests of matching do over and over."""

import pandas as pd

from lib.match.decisions import NOTHING_KEPT, listing_keys
from lib.match.ladder import match
from lib.model import Options
from tests.tables import SELLER, listings


def only(
    rows, products, options=Options(), decisions=None, memory=NOTHING_KEPT, offers=None
) -> pd.Series:
    """The match of the last row."""
    return match(rows, products, SELLER, options, decisions, offers, memory).iloc[-1]


def key(**listing) -> str:
    return listing_keys(listings(listing)).iloc[0]
