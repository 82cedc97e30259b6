"""Doing one batch of a run. Doing it again, after whatever happened the first time, is safe.

Before a batch the affected keys are read again: what somebody changed since the preview is
reported and not overwritten. The rows about to be written are noted first, so that a batch whose
answer was lost is resolved by reading.
"""

from collections.abc import Callable
from functools import lru_cache, partial

import pandas as pd

from lib.model import Outcome
from lib.run.batches import CREATE, UNMAP, WRITE
from lib.run.compare import AS_BEFORE, AS_WANTED, held, standing
from lib.run.journal import Batch, Journal, Run, no_results, results
from lib.run.push import pushed
from lib.run.remove import remove
from lib.run.undo import DROP, LEFT, REMOVE, RESTORE, drop, restore
from lib.target.port import Target

Work = Callable[[Journal, Run, Batch, Target], pd.DataFrame]
"""Does a batch and returns its results (RESULT_COLUMNS)."""

TAKEN = (
    "A product with this reference was made since the preview. Execute the file again to map it."
)
CHANGED = (
    "The mapping was changed in Odoo since the preview and is left as it is. Execute the file "
    "again to see what it is now."
)
NOT_THERE = "Somebody removed the Amazon Product since the preview"


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
    rows, orphans = _with_products(journal, run, batch.rows)
    found = standing(rows, held(target, run, rows))
    go, there = found["standing"] == AS_BEFORE, found["standing"] == AS_WANTED
    sent = set(batch.sent or [])
    journal.send(run, batch, sorted(sent | set(rows.loc[go, "row"])))
    # Somebody else may have made the same link between our note and our write.
    ours = rows.loc[there, "row"].isin(sent) & (found["xid"] == rows["xid"])[there]
    return pd.concat(
        [
            orphans,
            results(rows.loc[~go & ~there, "row"], Outcome.FAILED.value, CHANGED),
            results(
                rows.loc[there, "row"],
                ours.map({True: Outcome.DONE.value, False: Outcome.UNCHANGED.value}),
                record=found.loc[there, "record"],
                product_id=rows.loc[there, "product_id"],
            ),
            pushed(target, "amazon_product", rows[go]),
        ]
    )


def _with_products(
    journal: Journal, run: Run, rows: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows with the ids of the products created for them, and the results of the rows whose
    product was not created."""
    waits = rows["product_id"] < 0
    if not waits.any():
        return rows, no_results()
    created = _created(journal, run.id)
    numbers = rows["product_id"]
    ids = numbers.where(~waits, numbers.map(created["record"])).astype("int64")
    orphan = ids == 0
    why = "Product not created: " + numbers[orphan].map(created["message"])
    orphans = results(rows.loc[orphan, "row"], Outcome.FAILED.value, why)
    return rows.assign(product_id=ids)[~orphan], orphans


@lru_cache(maxsize=4)
def _created(journal: Journal, run_id: str) -> pd.DataFrame:
    """RESULT_COLUMNS of the products of a run, by ``row``. They are all there before the first
    listing is written, and do not change any more."""
    return journal.results(run_id, CREATE).set_index("row")


_WORK: dict[str, Work] = {
    CREATE: _create,
    WRITE: _write,
    UNMAP: partial(remove, gone=(Outcome.UNCHANGED, NOT_THERE), changed=(Outcome.FAILED, CHANGED)),
    REMOVE: partial(remove, gone=(Outcome.SKIPPED, LEFT), changed=(Outcome.SKIPPED, LEFT)),
    RESTORE: restore,
    DROP: drop,
}
