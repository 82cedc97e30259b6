"""Looking many codes up in a table of products at once."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lib.match.normalise import arrow

FEW = 20
"""How many times more the others must be for values to count as few."""


def place(texts: pd.Series, among: pd.Series) -> np.ndarray:
    """Where each text first stands in ``among`` (both str), or -1; int."""
    return _place(arrow(texts), arrow(among))


def _place(values: pa.Array, among: pa.Array) -> np.ndarray:
    if FEW * len(values) > len(among):
        return pc.index_in(values, value_set=among).fill_null(-1).to_numpy()
    # The other way round: an index of the few, and a look at each of the many.
    own = pc.index_in(among, value_set=values)
    there = np.flatnonzero(own.is_valid())
    first = np.full(len(values), -1)
    first[own.take(pa.array(there[::-1])).to_numpy()] = there[::-1]
    return first[pc.index_in(values, value_set=values).to_numpy()]


def is_in(texts: pd.Series, among: pd.Series) -> np.ndarray:
    """Whether each text stands in ``among`` (both str); bool. pandas' isin takes Python's time."""
    return place(texts, among) >= 0


def only(values: pa.Array, rows: np.ndarray) -> pa.Array:
    """The values of these rows (bool), null elsewhere: what is null costs nothing to look up."""
    return pc.if_else(pa.array(rows), values, pa.scalar(None, values.type))


class Hits(NamedTuple):
    """One entry a value looked up. ``active`` and ``archived`` count products (int64);
    ``product`` is the active one if there is one, else the archived one, else 0 (int64)."""

    active: np.ndarray
    archived: np.ndarray
    product: np.ndarray


class Codes:
    """An index over one code of the products: code -> products that carry it."""

    def __init__(self, codes: pa.Array, products: pd.DataFrame):
        used = pc.not_equal(codes, "")
        taken = used.to_numpy(zero_copy_only=False)
        encoded = codes.filter(used).dictionary_encode()
        distinct = encoded.dictionary
        entries = pd.DataFrame(
            {
                "code": encoded.indices.to_numpy(),
                "id": products["id"].to_numpy()[taken],
                "active": products["active"].to_numpy()[taken],
            }
        )
        count = len(distinct)
        active = np.bincount(entries["code"], entries["active"], count).astype(np.int64)
        total = np.bincount(entries["code"], minlength=count)
        # Of several products, an active one is written last and so stays.
        entries = entries.sort_values("active", kind="stable")
        product = np.zeros(count + 1, np.int64)
        product[entries["code"]] = entries["id"]
        self._distinct = distinct
        # The last place is what a code that nobody has finds.
        self._active = np.append(active, 0)
        self._archived = np.append(total - active, 0)
        self._product = product

    def find(self, values: pa.Array) -> Hits:
        at = _place(values, self._distinct)
        return Hits(self._active[at], self._archived[at], self._product[at])


def union(first: Hits, second: Hits) -> Hits:
    """What was found under either code; the same product under both counts once."""
    same = (first.product == second.product) & (first.product != 0)
    active = first.active + second.active - (same & (first.active > 0))
    archived = first.archived + second.archived - (same & (first.active == 0))
    take_second = (first.product == 0) | ((first.active == 0) & (second.active > 0))
    return Hits(active, archived, np.where(take_second, second.product, first.product))
