"""Listings that wait for a person after a sync, and which of them did not after the one before."""

from collections.abc import Sequence

import pandas as pd
import sqlalchemy as sa

from lib.match.decisions import listing_keys
from lib.match.lookup import is_in
from lib.model import Operation, Reason
from lib.review import Review
from lib.store import WAITING, Store

_REASONS = [reason.value for reason in Reason if reason.needs_choice or reason.needs_correction]


def waiting(done: Review) -> pd.DataFrame:
    """The listings (LISTING_COLUMNS and ``reason``) that somebody has to do something about."""
    rows = done.plan.rows
    waits = (rows["operation"] == Operation.SKIP.value) & rows["reason"].isin(_REASONS)
    return done.file.listings[waits].assign(reason=rows.loc[waits, "reason"])


def new(store: Store, place: str, seller: str, found: pd.DataFrame) -> pd.DataFrame:
    """Those of the listings found waiting that the last ``note`` of their marketplace has not."""
    asked = sa.select(WAITING.c.listings).where(
        WAITING.c.place == place, WAITING.c.seller == seller
    )
    with store.begin() as connection:
        known = [key for (keys,) in connection.execute(asked) for key in keys]
    return found[~is_in(listing_keys(found), pd.Series(known, dtype="str"))]


def note(
    store: Store, place: str, seller: str, markets: Sequence[str], found: pd.DataFrame
) -> None:
    """Keep what waits on these marketplaces, in place of what waited there before."""
    keys = listing_keys(found)
    values = [
        {"place": place, "seller": seller, "market": market,
         "listings": keys[found["market"] == market].tolist()}
        for market in markets
    ]  # fmt: skip
    before = sa.delete(WAITING).where(
        WAITING.c.place == place, WAITING.c.seller == seller, WAITING.c.market.in_(markets)
    )
    with store.begin() as connection:
        connection.execute(before)
        connection.execute(sa.insert(WAITING), values)
