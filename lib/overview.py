"""How a seller's listings stand: what is mapped, what drifted since the last report, what is next.

What is not known is said: without a report nobody knows which listings are active.
"""

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from lib import drift
from lib.catalogue import Catalogue, texts_of
from lib.last_report import Listed
from lib.match.decisions import listing_keys
from lib.match.lookup import is_in
from lib.match.normalise import arrow, folded
from lib.model import Seller


class Drift(StrEnum):
    """How the layer and the world have come apart."""

    UNMAPPED = "unmapped"
    GONE = "gone"
    ARCHIVED = "archived"
    CHANGED = "changed"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def meaning(self) -> str:
        """What it counts, and what it does not know."""
        return _MEANINGS[self]


_LABELS = {
    Drift.UNMAPPED: "Listed, not mapped",
    Drift.GONE: "Gone from the report",
    Drift.ARCHIVED: "Product archived",
    Drift.CHANGED: "Reference changed",
}
_MEANINGS = {
    Drift.UNMAPPED: "Listings of the last report of each marketplace that have no Amazon Product. "
    "Marketplaces that were never synced are not counted.",
    Drift.GONE: "Amazon Products that the last report of their marketplace does not list, in no "
    "status. Known for marketplaces that were synced.",
    Drift.ARCHIVED: "Amazon Products whose product is archived in Odoo.",
    Drift.CHANGED: "Products made here for a reference that they do not have any more. The former "
    "references of other products are not known.",
}


@dataclass(frozen=True)
class Overview:
    """``held`` are the seller's Amazon Products (AMAZON_PRODUCT_COLUMNS) and a bool column for
    each Drift but UNMAPPED; ``unmapped`` has ``market``, ``channel``, ``sku``, ``title`` (str) and
    ``new`` bool, whether the report before did not list it; ``coverage`` has ``market``,
    ``channel`` (str), ``mapped``, ``listed`` and ``covered`` int64: Amazon Products, listings of
    the last report (-1: there is none), and those of them that are mapped."""

    held: pd.DataFrame
    unmapped: pd.DataFrame
    coverage: pd.DataFrame
    reports: list[Listed]

    @property
    def drifted(self) -> dict[Drift, int]:
        """How many of each."""
        counts = {kind: int(self.held[kind].sum()) for kind in Drift if kind in self.held}
        return {Drift.UNMAPPED: len(self.unmapped)} | counts


def overview(catalogue: Catalogue, seller: Seller, reports: list[Listed]) -> Overview:
    """How the listings of a seller stand in a catalogue, by the last reports of them."""
    held = catalogue.amazon_products
    held = held[held["seller"] == seller.name]
    gone = [drift.gone(report, catalogue, seller)["id"] for report in reports]
    archived = held["product_id"].isin(catalogue.archived)
    held = held.assign(
        **{
            Drift.GONE: held["id"].isin(pd.concat([pd.Series(dtype="int64"), *gone])),
            Drift.ARCHIVED: archived,
            Drift.CHANGED: _changed(held, catalogue),
        }
    )
    tied = held[held["product_id"] > 0]
    listed = _listed(reports)
    listed = listed.assign(covered=is_in(listing_keys(listed), listing_keys(tied)))
    return Overview(held, _unmapped(listed), _coverage(tied, listed, reports), reports)


def _changed(held: pd.DataFrame, catalogue: Catalogue) -> pd.Series:
    """Whether each product was made for a reference that it does not have any more."""
    was = held["created_for"]
    made = was[was != ""]
    now = texts_of(held.loc[made.index, "product_id"], catalogue.by_id["reference"])
    differs = (
        folded(arrow(made)).to_pandas().to_numpy() != folded(arrow(now)).to_pandas().to_numpy()
    )
    return pd.Series(differs, made.index).reindex(held.index, fill_value=False)


def _listed(reports: list[Listed]) -> pd.DataFrame:
    """The active listings of the last reports, each once: market, channel, sku, title (str), new
    (bool)."""
    parts = [pd.DataFrame({"market": "", "channel": "", "sku": "", "title": "", "new": False}, [])]
    for report in reports:
        seen = report.seen
        active = seen[seen["active"] & (seen["channel"] != "") & (seen["sku"].str.strip() != "")]
        new = False
        if report.before is not None:
            new = ~is_in(listing_keys(active), listing_keys(report.before))
        parts.append(active.assign(new=new).drop(columns="active"))
    listed = pd.concat(parts, ignore_index=True).astype({"new": "bool"})
    return listed[~listing_keys(listed).duplicated()]


def _unmapped(listed: pd.DataFrame) -> pd.DataFrame:
    unmapped = listed[~listed["covered"]].drop(columns="covered")
    return unmapped.sort_values(["market", "channel", "sku"], ignore_index=True)


def _coverage(tied: pd.DataFrame, listed: pd.DataFrame, reports: list[Listed]) -> pd.DataFrame:
    by = ["market", "channel"]
    table = pd.DataFrame(
        {
            "mapped": tied.groupby(by).size(),
            "listed": listed.groupby(by).size(),
            "covered": listed.groupby(by)["covered"].sum(),
        }
    )
    table = table.fillna(0).astype("int64").reset_index()
    unknown = ~table["market"].isin([report.market for report in reports])
    return table.assign(listed=table["listed"].mask(unknown, -1))
