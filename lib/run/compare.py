"""What a plan expects against what the target holds by now: a batch never overwrites the rest."""

import numpy as np
import pandas as pd

from lib.match.decisions import listing_keys
from lib.run.journal import Run
from lib.target.port import Target

AS_BEFORE, AS_WANTED, CHANGED, GONE = "as before", "as wanted", "changed", "gone"
"""How a row stands: to be written; written already; changed, or removed, by somebody else."""


def held(target: Target, run: Run, rows: pd.DataFrame) -> pd.DataFrame:
    """The Amazon Products that rows of a WRITE batch are about, as they are now."""
    records = rows.loc[rows["record_id"] > 0, "record_id"]
    return target.amazon_products(run.seller, rows["sku"].to_list(), records.to_list())


def standing(rows: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """How each row of a WRITE batch stands on the Amazon Products there are ``now``
    (AMAZON_PRODUCT_COLUMNS): ``standing`` (str), ``record`` (int64), the record found or 0, and
    its ``xid`` (str)."""
    held = now.assign(key=listing_keys(now))
    key = listing_keys(rows)
    # A listing on several records is nobody's to decide here.
    torn = key.isin(held.loc[held["key"].duplicated(), "key"]).to_numpy()
    of_key = held.drop_duplicates("key").set_index("key").reindex(key)
    record = of_key["id"].fillna(0).astype("int64").to_numpy()
    new = (rows["record_id"] == 0).to_numpy()
    there = record > 0

    wanted = _equal(of_key, rows, "product_id", "title", "created_for")
    before = _equal(of_key, rows, "was_product", "was_title", "was_created_for")
    same = there & (record == rows["record_id"].to_numpy())
    as_before = np.where(new, ~there, same & before)
    # What somebody else linked meanwhile, as the plan would have, needs no more writing.
    as_wanted = there & wanted & (new | same)
    found = np.select(
        [torn, as_before, as_wanted, there], [CHANGED, AS_BEFORE, AS_WANTED, CHANGED], GONE
    )
    xid = of_key["xid"].fillna("").to_numpy()
    return pd.DataFrame({"standing": found, "record": record, "xid": xid}, index=rows.index)


def _equal(held: pd.DataFrame, rows: pd.DataFrame, product: str, title: str, created: str):
    """Whether the held values are those of these columns of the rows; bool."""
    return (
        (held["product_id"].fillna(0).to_numpy() == rows[product].to_numpy())
        & (held["title"].fillna("").to_numpy() == rows[title].to_numpy())
        & (held["created_for"].fillna("").to_numpy() == rows[created].to_numpy())
    )
