"""Looking many codes up in a table of products at once."""

from typing import NamedTuple

import numpy as np
import pandas as pd


class Hits(NamedTuple):
    """One entry a value looked up. ``active`` and ``archived`` count distinct products (int64);
    ``product`` is the active one if there is one, else the archived one, else 0 (int64)."""

    active: np.ndarray
    archived: np.ndarray
    product: np.ndarray


class Codes:
    """An index over one code of the products: code (str) -> products that carry it."""

    def __init__(self, codes: pd.Series, products: pd.DataFrame):
        used = (codes != "").to_numpy()
        entries = pd.DataFrame(
            {
                "code": codes.to_numpy()[used],
                "id": products["id"].to_numpy()[used],
                "active": products["active"].to_numpy()[used],
            }
        )
        shared = entries["code"].duplicated(keep=False).to_numpy()
        # Nearly every code has one owner: only the shared ones pay for a group-by.
        single, several = entries[~shared], entries[shared].sort_values("active", kind="stable")
        groups = several.groupby("code", sort=False)
        self._index = pd.Index(pd.concat([single["code"], groups["id"].last().index.to_series()]))
        active = np.concatenate([single["active"], groups["active"].sum()]).astype(np.int64)
        total = np.concatenate([np.ones(len(single), np.int64), groups["id"].size()])
        # The last row is what a code that nobody has finds.
        self._active = np.append(active, 0)
        self._archived = np.append(total - active, 0).astype(np.int64)
        self._product = np.append(np.concatenate([single["id"], groups["id"].last()]), 0).astype(
            np.int64
        )

    def find(self, values: pd.Series) -> Hits:
        at = self._index.get_indexer(pd.Index(values))
        at[(values == "").to_numpy()] = -1
        return Hits(self._active[at], self._archived[at], self._product[at])


def union(first: Hits, second: Hits) -> Hits:
    """What was found under either code; the same product under both counts once."""
    same = (first.product == second.product) & (first.product != 0)
    active = first.active + second.active - (same & (first.active > 0) & (second.active > 0))
    archived = first.archived + second.archived - (same & (first.active == 0))
    take_second = (first.product == 0) | ((first.active == 0) & (second.active > 0))
    return Hits(active, archived, np.where(take_second, second.product, first.product))
