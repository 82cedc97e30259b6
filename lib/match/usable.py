"""Which rows name a listing of the seller, and what is wrong with the others."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from lib.match.decisions import listing_keys
from lib.match.lookup import is_in
from lib.model import Action, Reason, Seller
from lib.source import units

NOT_A_LISTING = [
    reason for reason in Reason if reason.needs_correction or reason is Reason.NOT_CHOSEN_FULFILMENT
]
"""Blocked for good: no choice of a product can make these rows usable."""

READ_FROM = {
    Reason.UNKNOWN_MARKETPLACE: "marketplace",
    Reason.UNKNOWN_FULFILMENT: "fulfilment",
    Reason.UNKNOWN_ACTION: "action",
    Reason.UNKNOWN_UNITS: "units",
}
"""The cell that is wrong, where the reason does not tell it."""


def faults(
    listings: pd.DataFrame, seller: Seller, channels: tuple[str, ...]
) -> Iterator[tuple[Reason, np.ndarray]]:
    """Reasons and the rows (bool) that each of them blocks, unless one before it does."""
    market, channel = listings["market"], listings["channel"]
    yield Reason.NO_SKU, (listings["sku"].str.strip() == "").to_numpy()
    yield Reason.UNKNOWN_MARKETPLACE, (market == "").to_numpy()
    known = pd.Series(seller.markets, dtype="str")
    yield Reason.NOT_SELLERS_MARKETPLACE, ~is_in(market, known)
    yield Reason.UNKNOWN_FULFILMENT, (channel == "").to_numpy()
    yield Reason.NOT_CHOSEN_FULFILMENT, ~is_in(channel, pd.Series(channels, dtype="str"))
    yield Reason.UNKNOWN_ACTION, ~listings["action"].isin([*Action]).to_numpy()
    unmap, said = to_unmap(listings), (listings["units"] != "").to_numpy()
    if not unmap.any() and not said.any():
        return
    key = listing_keys(listings)
    if said.any():
        yield Reason.UNKNOWN_UNITS, ~units.usable(listings["units"])
        pairs = pd.DataFrame({"key": key, "units": listings["units"]})[said].drop_duplicates()
        yield Reason.SEVERAL_UNITS, is_in(key, pairs.loc[pairs["key"].duplicated(), "key"])
    if unmap.any():
        yield Reason.MAP_AND_UNMAP, is_in(key, key[unmap]) & is_in(key, key[~unmap])


def to_unmap(listings: pd.DataFrame) -> np.ndarray:
    """The rows (bool) that ask for their listing to be unmapped."""
    return (listings["action"] == Action.UNMAP.value).to_numpy()


def as_read(cells: pd.Series) -> list[str]:
    """What stands in each cell, to be repeated to whoever corrects the file. The beginning will
    do where somebody wrote a page."""
    starts = cells.str.strip().str.slice(0, 60)
    return [f'The file says "{start}"' if start else "The cell is empty" for start in starts]
