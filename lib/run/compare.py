"""What a plan expects against what the target holds by now: a batch never overwrites the rest."""

import numpy as np
import pandas as pd

from lib.match.decisions import listing_keys
from lib.run.journal import Run
from lib.target.port import Kind, Target

AS_BEFORE, AS_WANTED, CHANGED, GONE = "as before", "as wanted", "changed", "gone"
"""How a row stands: to be written; written already; changed, or removed, by somebody else."""


FIELDS: dict[Kind, dict[str, str]] = {
    "amazon_product": {
        "product_id": "was_product",
        "units": "was_units",
        "title": "was_title",
        "created_for": "was_created_for",
    },
    "price": {"price": "was_price"},
}
"""What batches write -> the column of what was there before."""


def compare(target: Target, run: Run, kind: Kind, rows: pd.DataFrame) -> pd.DataFrame:
    """``standing`` of rows of a batch on what the target holds now."""
    records = rows.loc[rows["record_id"] > 0, "record_id"].to_list()
    if kind == "price":
        now = target.prices(int(rows["pricelist_id"].iloc[0]), rows["product_id"].to_list())
    else:
        now = target.amazon_products(run.seller, rows["sku"].to_list(), records)
    return standing(rows, now, kind)


def standing(rows: pd.DataFrame, now: pd.DataFrame, kind: Kind = "amazon_product") -> pd.DataFrame:
    """How each row of a batch stands on the records there are ``now`` (AMAZON_PRODUCT_COLUMNS or
    PRICE_COLUMNS): ``standing`` (str), ``record`` (int64), the record found or 0, and its ``xid``
    (str), which Odoo does not tell of a price: that of the row."""
    held = now.assign(key=_keys(now, kind))
    key = _keys(rows, kind)
    # A listing on several records is nobody's to decide here.
    torn = key.isin(held.loc[held["key"].duplicated(), "key"]).to_numpy()
    of_key = held.drop_duplicates("key").set_index("key").reindex(key)
    record = of_key["id"].fillna(0).astype("int64").to_numpy()
    new = (rows["record_id"] == 0).to_numpy()
    there = record > 0

    wanted, before = there.copy(), there.copy()
    for field, was in FIELDS[kind].items():
        value = of_key[field].fillna(0 if now[field].dtype == "int64" else "").to_numpy()
        wanted &= value == rows[field].to_numpy()
        before &= value == rows[was].to_numpy()
    same = there & (record == rows["record_id"].to_numpy())
    as_before = np.where(new, ~there, same & before)
    # What somebody else did meanwhile, as the plan would have, needs no more writing.
    as_wanted = wanted & (new | same)
    # A record that has another key by now is not gone.
    moved = ~there & rows["record_id"].isin(now["id"]).to_numpy()
    found = np.select(
        [torn | moved, as_before, as_wanted, there], [CHANGED, AS_BEFORE, AS_WANTED, CHANGED], GONE
    )
    xid = of_key["xid"].fillna("").to_numpy() if "xid" in of_key else rows["xid"]
    return pd.DataFrame({"standing": found, "record": record, "xid": xid}, index=rows.index)


def _keys(frame: pd.DataFrame, kind: Kind) -> pd.Series:
    """What there is one record of, on a pricelist or of a seller (str)."""
    return frame["product_id"].astype("str") if kind == "price" else listing_keys(frame)
