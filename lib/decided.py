"""A review with decisions, made from the one without: only rows that a decision can matter to are
matched again, so that a decision on one of 100,000 rows is answered at once."""

from dataclasses import replace

import numpy as np
import pandas as pd

from lib.match.decisions import Decisions, Memory, listing_keys
from lib.match.lookup import is_in
from lib.match.usable import to_unmap
from lib.model import Rule
from lib.plan import Plan
from lib.review import Review, again


def touched(done: Review, before: Decisions, now: Decisions) -> pd.Index:
    """The rows that what was decided between two states can matter to, ``done`` as in
    ``decided``."""
    keys = before.keys() | now.keys()
    told = pd.Series([key for key in keys if before.get(key) != now.get(key)], dtype="str")
    return done.keys.index[_near(done, is_in(done.keys, told))]


def _near(done: Review, rows: np.ndarray) -> np.ndarray:
    """The rows (bool) that these rows can matter to."""
    return np.isin(done.neighbourhoods, done.neighbourhoods[rows])


def decided(done: Review, decisions: Decisions, memory: Memory) -> tuple[Review, pd.Index]:
    """What ``again`` makes of these decisions, where ``done`` has none, and of a memory with the
    same affix rules; and the rows that were matched again for it.

    Rows to unmap are always among them: the others are matched as if what they leave were gone.
    """
    listings, offers = done.read.listings, done.read.offers
    if done.pricelists:  # a product's price is told by all of its rows
        return again(done, memory=memory, decisions=decisions), listings.index
    told = pd.concat([pd.Series([*decisions], dtype="str"), _differing(done.memory, memory)])
    rows = _near(done, is_in(done.keys, told) | to_unmap(listings))
    offers = None if offers is None else offers[rows]
    part = again(
        done, replace(done.read, listings=listings[rows], offers=offers), memory, decisions
    )
    return _together(done, part), part.file.listings.index


def _differing(before: Memory, now: Memory) -> pd.Series:
    """The keys (str) of listings of which another thing is kept."""
    if before is now:
        return pd.Series(dtype="str")
    both = pd.concat([memory.decisions.drop_duplicates() for memory in (before, now)])
    return listing_keys(both[~both.duplicated(keep=False)])


def _together(whole: Review, part: Review) -> Review:
    """A review with some of its rows replaced, and the products to create numbered again in the
    order of all rows."""
    listings = put(whole.file.listings, part.file.listings)
    matches = put(whole.matches, part.matches)
    rows = put(whole.plan.rows, part.plan.rows)
    # The part has used the numbers of the whole for products of its own.
    apart = len(whole.plan.products)
    product = matches["product_id"].to_numpy(copy=True)
    product[(product < 0) & matches.index.isin(part.matches.index)] -= apart
    products = part.plan.products
    products = pd.concat([whole.plan.products, products.set_axis(products.index - apart)])

    creates = (matches["rule"] == Rule.CREATE.value).to_numpy()
    old = pd.unique(product[creates])
    number = pd.Series(-1 - np.arange(len(old)), old)
    cells = whole.file.listings.loc[creates, ["reference", "title"]]
    names_it = (cells["reference"].str.strip() != "") & (cells["title"].str.strip() != "")
    wanted = pd.unique(product[creates][names_it])
    products = products.loc[wanted].set_axis(pd.Index(number[wanted], name="number"))
    product[product < 0] = number[product[product < 0]]

    return replace(
        whole,
        file=replace(whole.file, listings=listings),
        decisions=part.decisions,
        memory=part.memory,
        matches=matches.assign(product_id=product),
        plan=Plan(rows.assign(product_id=product), products),
    )


def put(whole: pd.DataFrame, part: pd.DataFrame) -> pd.DataFrame:
    """A frame with some of its rows replaced by those of ``part``, which has the same columns."""
    at = whole.index.get_indexer(part.index)
    columns = {name: column.array for name, column in whole.items()}
    for name, values in columns.items():
        if not values.take(at).equals(part[name].array):
            columns[name] = values.copy()
            columns[name][at] = part[name].array
    return pd.DataFrame(columns, index=whole.index)
