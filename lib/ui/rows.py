"""The rows as the screens show them: one frame a review, filtered by masks."""

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from lib.catalogue import Catalogue, texts_of
from lib.model import CHANNEL_LABELS, Lane
from lib.overview import Drift, Overview
from lib.results import products_of
from lib.review import Review
from lib.source import channels, marketplaces
from lib.source.marketplaces import NAMES
from lib.units import doubts, packs

COLUMNS = {
    "sku": "Seller SKU",
    "where": "Where",
    "product": "Odoo product",
    "units": "Units",
    "title": "Title",
    "reference": "Internal Reference",
    "why": "Why",
    "warning": "Note",
}
IF_ANY = ["warning", "units", "reference"]
"""Columns that are shown where a row has something in them."""
LANE_COLUMNS = {
    Lane.MAPPED: ["sku", "product", "warning", "units", "where"],
    Lane.MATCHED: ["sku", "product", "warning", "units", "where", "why"],
    Lane.TO_CREATE: ["sku", "product", "warning", "units", "where"],
    Lane.UNMATCHED: ["sku", "why", "where", "reference", "title", "warning"],
    Lane.BLOCKED: ["sku", "why", "where", "reference", "title", "warning"],
}


def shown_rows(done: Review, index: pd.Index | None = None) -> pd.DataFrame:
    """All rows of a review, or these, with columns sku, where, product, units, title, reference,
    why, warning, market, channel (str) and lane. ``units`` is "" where it is 1, as nearly
    everywhere."""
    index = done.matches.index if index is None else index
    listings, matches = done.file.listings.loc[index], done.matches.loc[index]
    reason, rule = matches["reason"].astype("str"), matches["rule"].astype("str")
    market = _called(listings["market"], NAMES, listings["marketplace"])
    channel = _called(listings["channel"], CHANNEL_LABELS, listings["fulfilment"])
    return pd.DataFrame(
        {
            "sku": listings["sku"],
            "where": market.replace("", "?") + " · " + channel.replace("", "?"),
            "product": products_of(done, index),
            "units": several_units(done.plan.rows.loc[index, "units"]),
            "title": listings["title"],
            "reference": listings["reference"],
            "why": reason.where(reason != "", rule),
            "warning": matches["warning"],
            "market": listings["market"],
            "channel": listings["channel"],
            "lane": matches["lane"],
        }
    )


def several_units(units: pd.Series) -> pd.Series:
    """Units (int64) as text, "" for 1."""
    return units.astype("str").where(units > 1, "").astype("str")


def logged_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of the job log, with marketplace and fulfilment called as on the other screens."""
    market = marketplaces.resolve(rows["marketplace"])
    channel = channels.resolve(rows["fulfilment"])
    return rows.assign(
        marketplace=_called(market, NAMES, rows["marketplace"]),
        fulfilment=_called(channel, CHANNEL_LABELS, rows["fulfilment"]),
    )


def _called(codes: pd.Series, names: dict[str, str], read: pd.Series) -> pd.Series:
    """What people call these codes; where there is none, what was read instead of one."""
    return codes.map(names).fillna(read)


def layer_rows(shown: Overview, catalogue: Catalogue) -> pd.DataFrame:
    """The Amazon Products of a seller and, with id 0, the listings that are not mapped, by SKU:
    ``id``, ``product_id`` (int64); ``sku``, ``market``, ``channel``, ``product``, ``reference``,
    ``title`` as labels, ``units``, ``note``, how it drifted and what its title says of packs,
    ``words``, the folded text to search in (str); ``several``, whether its product has several
    SKUs, ``pack``, whether it may be a pack that is mapped as one, and each Drift (bool)."""
    none = {"id": 0, "product_id": 0, "units": 0, Drift.UNMAPPED: True}
    held = pd.concat([shown.held, shown.unmapped.assign(**none)], ignore_index=True)
    held = held.sort_values(["sku", "market", "channel"], ignore_index=True)
    drifts = held[[*Drift]].fillna(False).astype("bool")
    note = pd.Series("", held.index, dtype="str")
    for kind in Drift:
        more = (note + " · ").where(note != "", "") + kind.label
        note = note.where(~drifts[kind], more)
    doubt = doubts(
        pd.Series(packs(held["title"], held["product_id"], catalogue.by_id["name"]), held.index)
    )
    pack = (doubt != "") & (held["units"] == 1)
    note = note.where(~pack, (note + " · ").where(note != "", "") + doubt)
    skus = held[["product_id", "sku"]].drop_duplicates()["product_id"].value_counts()
    table = pd.DataFrame(
        {
            "sku": held["sku"],
            "market": _called(held["market"], NAMES, held["market"]),
            "channel": _called(held["channel"], CHANNEL_LABELS, held["channel"]),
            "product": texts_of(held["product_id"], catalogue.labels),
            "reference": texts_of(held["product_id"], catalogue.by_id["reference"]),
            "title": held["title"],
            "units": held["units"].astype("str").where(held["id"] > 0, ""),
            "note": note,
        }
    ).astype("str")
    words = table["sku"] + " " + table["title"] + " " + table["product"]
    several = held["product_id"].map(skus).gt(1) & (held["product_id"] > 0)
    numbers = held[["id", "product_id"]].astype("int64")
    table = table.assign(words=words.str.casefold(), several=several, pack=pack)
    return table.join([numbers, drifts])


def filtered(rows: pd.DataFrame, filters: dict[str, str]) -> pd.DataFrame:
    """The rows that agree with all filters: column -> value."""
    if not filters:
        return rows
    # Once: of a million rows each copy takes as long as all comparisons.
    return rows[np.logical_and.reduce([rows[column] == value for column, value in filters.items()])]


def search(catalogue: Catalogue, text: str, limit: int = 8) -> pd.DataFrame:
    """The products (PRODUCT_COLUMNS) that hold most words of a text in reference, barcode or
    name, best first: whole words count three times a part, active ones come before archived."""
    products, texts = catalogue.products, catalogue.searchable
    score = np.zeros(len(products), np.int64)
    words = dict.fromkeys(text.casefold().replace(",", " ").split())
    # A title may have twenty words: the longest tell most.
    for word in sorted(words, key=len, reverse=True)[:5]:
        part = np.flatnonzero(pc.match_substring(texts, word))
        whole = part[np.asarray(pc.match_substring(texts.take(part), f" {word} "))]
        score[part] += len(word)
        score[whole] += 2 * len(word)
    best = products[score > 0].assign(score=score[score > 0])
    best = best.sort_values(["score", "active", "id"], ascending=[False, False, True])
    return best.head(limit).drop(columns="score")
