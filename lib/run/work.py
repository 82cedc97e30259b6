"""Doing one batch of a run. Doing it again, after whatever happened the first time, is safe.

Before a batch the affected keys are read again: what somebody changed since the preview is
reported and not overwritten. The rows about to be written are noted first, so that a batch whose
answer was lost is resolved by reading.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial

import numpy as np
import pandas as pd

from lib.model import Outcome
from lib.prices import shown
from lib.run.batches import (
    CREATE,
    DROP,
    MAP_AGAIN,
    PRICE,
    REMOVE,
    REMOVE_PRICE,
    RESTORE,
    RESTORE_PRICE,
    UNMAP,
    WRITE,
    WRITES,
)
from lib.run.compare import AS_BEFORE, AS_WANTED, compare
from lib.run.journal import RESULT_COLUMNS, Batch, Journal, Run, results
from lib.run.push import pushed
from lib.run.remove import remove
from lib.run.undo import LEFT, drop, restore
from lib.target.port import Target

Work = Callable[[Journal, Run, Batch, Target], pd.DataFrame]
"""Does a batch and returns its results (RESULT_COLUMNS)."""

TAKEN = (
    "A product with this reference was made since the preview. Execute the file again to map it."
)
CHANGED = {
    WRITE: "The mapping was changed in Odoo since the preview and is left as it is. Execute the "
    "file again to see what it is now.",
    PRICE: "The price was changed in Odoo since the preview and is left as it is. Execute the file "
    "again to see what it is now.",
}
NOT_THERE = "Somebody removed the Amazon Product since the preview"
NOT_MAPPED = "Price not set: the listing was not mapped"


def work(journal: Journal, run: Run, batch: Batch, target: Target) -> pd.DataFrame:
    """Do a batch; RESULT_COLUMNS. Raises TargetError when it cannot be done now."""
    return _WORK[batch.kind](journal, run, batch, target)


def _create(journal: Journal, run: Run, batch: Batch, target: Target) -> pd.DataFrame:
    rows = batch.rows
    if batch.sent is None:
        there = target.products_with(rows["reference"].to_list())
        free = ~rows["reference"].isin([*there["reference"], *there["barcode"]])
        journal.send(run, batch, rows.loc[free, "row"].to_list())
    else:  # what is there by now may be ours; the external id tells, and load() goes by it
        free = rows["row"].isin(batch.sent)
    taken = results(rows.loc[~free, "row"], Outcome.FAILED.value, TAKEN)
    return pd.concat([taken, pushed(target, "product", rows[free])])


def _write(journal: Journal, run: Run, batch: Batch, target: Target) -> pd.DataFrame:
    kind = WRITES[batch.kind]
    rows, orphans = _with_products(journal, run, batch.rows)
    if rows.empty:
        return orphans
    found = compare(target, run, kind, rows)
    go, there = found["standing"] == AS_BEFORE, found["standing"] == AS_WANTED
    sent = set(batch.sent or [])
    journal.send(run, batch, sorted(sent | set(rows.loc[go, "row"])))
    # Somebody else may have done the same between our note and our write.
    ours = there & rows["row"].isin(sent) & (found["xid"] == rows["xid"])
    left = pd.DataFrame(
        {
            "row": rows["row"],
            "outcome": np.select(
                [ours, there], [Outcome.DONE.value, Outcome.UNCHANGED.value], Outcome.FAILED.value
            ),
            "message": np.where(there, "", CHANGED[batch.kind]),
            "record": found["record"].where(there, 0),
            "product_id": rows["product_id"].where(there, 0),
        }
    )[~go]
    kept = results(*(left[column] for column in RESULT_COLUMNS))
    return pd.concat([orphans, kept, pushed(target, kind, rows[go])])


def _price(journal: Journal, run: Run, batch: Batch, target: Target) -> pd.DataFrame:
    """Only what is mapped gets a price."""
    rows, written = batch.rows, _results(journal, run.id, WRITE)
    unmapped = rows["row"].isin(written.index[written["outcome"] == Outcome.FAILED.value])
    left = results(rows.loc[unmapped, "row"], Outcome.FAILED.value, NOT_MAPPED)
    done = _write(journal, run, replace(batch, rows=rows[~unmapped]), target)
    done = done.reset_index(drop=True)
    good = done["outcome"] == Outcome.DONE.value
    return pd.concat([left, done.assign(message=done["message"].mask(good, _told(rows, done)))])


def _told(rows: pd.DataFrame, done: pd.DataFrame) -> pd.Series:
    """What was done of each price."""
    of = rows.set_index("row").loc[done["row"]].set_axis(done.index)
    was = shown(of["was_price"], of["currency"]).replace("", "none")
    return "Price " + shown(of["price"], of["currency"]) + " " + of["currency"] + ", before: " + was


def _with_products(
    journal: Journal, run: Run, rows: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows with the ids of the products created for them, and the results of the rows whose
    product was not created."""
    waits = rows["product_id"] < 0
    if not waits.any():
        return rows, results()
    created = _results(journal, run.id, CREATE)
    numbers = rows["product_id"]
    ids = numbers.where(~waits, numbers.map(created["record"])).astype("int64")
    orphan = ids == 0
    why = "Product not created: " + numbers[orphan].map(created["message"])
    orphans = results(rows.loc[orphan, "row"], Outcome.FAILED.value, why)
    return rows.assign(product_id=ids)[~orphan], orphans


@lru_cache(maxsize=4)
def _results(journal: Journal, run_id: str, kind: str) -> pd.DataFrame:
    """RESULT_COLUMNS of the batches of a kind by ``row``. They have all ended before the first
    batch of the next kind begins, and do not change any more."""
    return journal.results(run_id, kind).set_index("row")


_unmap = partial(
    remove, gone=(Outcome.UNCHANGED, NOT_THERE), changed=(Outcome.FAILED, CHANGED[WRITE])
)
_remove = partial(remove, gone=(Outcome.SKIPPED, LEFT), changed=(Outcome.SKIPPED, LEFT))

_WORK: dict[str, Work] = {
    CREATE: _create,
    WRITE: _write,
    PRICE: _price,
    UNMAP: _unmap,
    REMOVE_PRICE: _remove,
    RESTORE_PRICE: restore,
    REMOVE: _remove,
    RESTORE: restore,
    MAP_AGAIN: restore,
    DROP: drop,
}
