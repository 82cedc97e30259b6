"""The layer of Amazon Products as people work on it: as map files, by product, and what is planned
on those that somebody chose."""

import hashlib
from enum import StrEnum

import pandas as pd

from lib.catalogue import Catalogue, texts_of
from lib.columns import LISTING_COLUMNS, MAP_FIELDS
from lib.match.decisions import Choice, Decisions, listing_keys
from lib.model import CHANNEL_LABELS, Action, MapFile, Options, Seller
from lib.review import Review, review
from lib.source import map_out
from lib.source.marketplaces import NAMES


def as_rows(held: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Amazon Products (AMAZON_PRODUCT_COLUMNS) as rows of a map file: MAP_FIELDS and ``units``
    (str), same index."""
    return pd.DataFrame(
        {
            "title": held["title"],
            "reference": texts_of(held["product_id"], catalogue.by_id["reference"]),
            "sku": held["sku"],
            "marketplace": held["market"].map(NAMES).fillna(held["market"]),
            "fulfilment": held["channel"].map(CHANNEL_LABELS).fillna(held["channel"]),
            "units": held["units"].astype("str"),
        },
        columns=[*MAP_FIELDS, "units"],
        dtype="str",
    )


def by_product(held: pd.DataFrame) -> pd.DataFrame:
    """The products of Amazon Products (AMAZON_PRODUCT_COLUMNS), those with most SKUs first:
    ``product_id``, ``skus``, ``listings`` (int64), ``markets`` (str, their names)."""
    tied = held[held["product_id"] > 0]
    groups = tied.groupby("product_id")
    named = tied[["product_id", "market"]].drop_duplicates()
    named = named.assign(name=named["market"].map(NAMES).fillna(named["market"]))
    markets = named.sort_values("name").groupby("product_id")["name"].agg(", ".join)
    table = pd.DataFrame(
        {"skus": groups["sku"].nunique(), "listings": groups.size(), "markets": markets}
    )
    table = table.sort_values(["skus", "listings"], ascending=False, kind="stable").reset_index()
    return table.astype({"skus": "int64", "listings": "int64", "markets": "str"})


class Act(StrEnum):
    """What a person does to Amazon Products; the value is what its button says."""

    REMAP = "Choose another product for"
    UNITS = "Set units of"
    UNMAP = "Unmap"


def plan_act(held: pd.DataFrame, act: Act, value: int, catalogue: Catalogue) -> Review:
    """What an act on these Amazon Products (AMAZON_PRODUCT_COLUMNS, of one seller) would do;
    ``value`` is the product (id) to tie them to, or their units, 0 for what their titles say."""
    if act is Act.REMAP:
        return plan_remap(held, value, catalogue)
    return plan_units(held, value, catalogue) if act is Act.UNITS else plan_unmap(held, catalogue)


def plan_unmap(held: pd.DataFrame, catalogue: Catalogue) -> Review:
    """What unmapping these Amazon Products (AMAZON_PRODUCT_COLUMNS, of one seller) would do."""
    rows = as_rows(held, catalogue).assign(action=Action.UNMAP.value, units="")
    return _planned(held, catalogue, "Unmap on screen", rows)


def plan_remap(held: pd.DataFrame, product: int, catalogue: Catalogue) -> Review:
    """What tying these Amazon Products (AMAZON_PRODUCT_COLUMNS, of one seller) to another product
    (id) would do."""
    reference = catalogue.by_id["reference"].get(product, "")
    rows = as_rows(held, catalogue).assign(reference=reference, units="")
    decisions = dict.fromkeys(listing_keys(held), Choice(product))
    return _planned(held, catalogue, "Remap on screen", rows, decisions=decisions)


def plan_units(held: pd.DataFrame, units: int, catalogue: Catalogue) -> Review:
    """What setting the units of these Amazon Products (AMAZON_PRODUCT_COLUMNS, of one seller)
    would do, with 0 to the packs that their titles say."""
    rows = as_rows(held, catalogue).assign(units=str(units or ""))
    return _planned(held, catalogue, "Units on screen", rows, Options(packs=not units))


def _planned(
    held: pd.DataFrame,
    catalogue: Catalogue,
    name: str,
    rows: pd.DataFrame,
    options: Options | None = None,
    decisions: Decisions | None = None,
) -> Review:
    rows = pd.DataFrame({"action": Action.MAP.value}, rows.index).assign(**rows)
    rows = rows.reset_index(drop=True)
    keys = held[["market", "channel"]].reset_index(drop=True)
    listings = rows.assign(**keys, row=range(1, len(rows) + 1), warning="")[LISTING_COLUMNS]
    file = MapFile(name, hashlib.sha256(map_out.to_csv(rows)).hexdigest(), listings)
    # A listing that is in the layer may be on a marketplace that the settings name no more.
    (seller,) = held["seller"].unique()
    markets = tuple(keys["market"].unique())
    return review(file, catalogue, Seller(seller, markets), options or Options(), decisions)
