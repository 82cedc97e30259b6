"""A plan cut into batches: what one call to the target writes, and one entry of the journal."""

from collections.abc import Iterator
from math import ceil

import pandas as pd

from lib.model import CHANGES, Operation
from lib.plan import Plan
from lib.target.port import Kind

BATCH: dict[Kind, int] = {"product": 2500, "amazon_product": 1000}
"""Rows a call at most; smaller batches of products are slower, larger ones not much faster."""

CREATE, WRITE = "create products", "write Amazon Products"
UNMAP = "unmap Amazon Products"
"""The kinds of batches of a plan. A batch of CREATE has ``row`` (the number of the product in the
plan, below 0), ``xid``, ``reference``, ``name``; one of WRITE or UNMAP has ``row`` (the position of
the listing) and what ``Plan.rows`` has, but for ``reason``."""


def batches(plan: Plan, connections: int) -> Iterator[tuple[str, pd.DataFrame]]:
    """Kind and rows of each batch, in the order they are written in: products come first, and of
    a kind no two batches depend on each other."""
    products = plan.products.rename_axis("row").reset_index()
    yield from cut(CREATE, products, "product", connections)
    rows = plan.rows.reset_index(drop=True).rename_axis("row").reset_index()
    rows = rows[rows["operation"].isin([change.value for change in CHANGES])]
    rows = rows.drop(columns="reason").astype({"operation": "str"})
    unmaps = rows["operation"] == Operation.UNMAP.value
    yield from cut(WRITE, rows[~unmaps], "amazon_product", connections)
    yield from cut(UNMAP, rows[unmaps], "amazon_product", connections)


def cut(
    kind: str, rows: pd.DataFrame, writes: Kind, connections: int
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Batches of equal size, as many as keep all connections busy to the end."""
    size = BATCH[writes]
    # Records made by hand have no external id; a batch is of one sort or the other.
    by_hand = rows["xid"] == ""
    for part in (rows[~by_hand], rows[by_hand]):
        rounds = max(ceil(len(part) / size / connections), 1)
        even = max(ceil(len(part) / (rounds * connections)), 1)
        for start in range(0, len(part), even):
            yield kind, part.iloc[start : start + even].reset_index(drop=True)
