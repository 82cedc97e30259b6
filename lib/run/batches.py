"""A plan cut into batches: what one call to the target writes, and one entry of the journal."""

from collections.abc import Collection, Iterator
from math import ceil

import pandas as pd

from lib.model import OF_LISTINGS, Operation
from lib.plan import Plan
from lib.store import unpack
from lib.target.port import Kind

BATCH: dict[Kind, int] = {"product": 2500, "amazon_product": 1000, "price": 1000}
"""Rows a call at most; smaller batches of products are slower, larger ones not much faster."""

CREATE, WRITE, PRICE = "create products", "write Amazon Products", "set prices"
UNMAP = "unmap Amazon Products"
"""The kinds of batches of a plan. A batch of CREATE has ``row`` (the number of the product in the
plan, below 0), ``xid``, ``reference``, ``name``; one of WRITE or UNMAP has ``row`` (the position of
the listing) and what ``Plan.rows`` has, but for ``reason``; one of PRICE has what ``Plan.prices``
has."""

REMOVE, RESTORE, DROP = "remove Amazon Products", "restore Amazon Products", "remove products"
REMOVE_PRICE, RESTORE_PRICE = "remove prices", "restore prices"
MAP_AGAIN = "map Amazon Products again"
"""The kinds of batches of an undo. Those to remove, to restore and to map again have the columns of
WRITE or PRICE, with what the run wrote as what was before, and the other way round; DROP has
``row``, ``xid``, ``id`` int64, ``reference``, ``name``."""

WRITES: dict[str, Kind] = {
    CREATE: "product",
    WRITE: "amazon_product",
    UNMAP: "amazon_product",
    PRICE: "price",
    REMOVE_PRICE: "price",
    RESTORE_PRICE: "price",
    REMOVE: "amazon_product",
    RESTORE: "amazon_product",
    MAP_AGAIN: "amazon_product",
    DROP: "product",
}
"""What batches of a kind are about."""


def batches(plan: Plan, connections: int) -> Iterator[tuple[str, pd.DataFrame]]:
    """Kind and rows of each batch, in the order they are written in: products come first, and of
    a kind no two batches depend on each other."""
    products = plan.products.rename_axis("row").reset_index()
    yield from cut(CREATE, products, connections)
    rows = plan.rows.reset_index(drop=True).rename_axis("row").reset_index()
    rows = rows.drop(columns="reason").astype({"operation": "str"})
    written = rows["operation"].isin([change.value for change in OF_LISTINGS])
    yield from cut(WRITE, rows[written], connections)
    yield from cut(UNMAP, rows[rows["operation"] == Operation.UNMAP.value], connections)
    # Last, for only what is mapped gets a price.
    yield from cut(PRICE, plan.prices, connections)


def cut(kind: str, rows: pd.DataFrame, connections: int) -> Iterator[tuple[str, pd.DataFrame]]:
    """Batches of equal size, as many as keep all connections busy to the end."""
    size = BATCH[WRITES[kind]]
    # Records made by hand have no external id; a batch is of one sort or the other, and of one
    # pricelist.
    sorts = [rows["xid"] == "", *([rows["pricelist_id"]] if "pricelist_id" in rows else [])]
    for _, part in rows.groupby(sorts):
        rounds = max(ceil(len(part) / size / connections), 1)
        even = max(ceil(len(part) / (rounds * connections)), 1)
        for start in range(0, len(part), even):
            yield kind, part.iloc[start : start + even].reset_index(drop=True)


def unpack_rows(data: bytes, columns: Collection[str] = ()) -> pd.DataFrame:
    """The rows of a batch (or of them these columns) as the journal keeps them; runs of before
    there were units wrote 1."""
    rows = unpack(data, columns)
    old = "was_title" in rows and "was_units" not in rows
    return rows.assign(units=1, was_units=1) if old else rows
