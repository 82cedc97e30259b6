"""Removing records that a run, or the undo of one, is to remove: what somebody changed is left."""

import pandas as pd

from lib.model import Outcome
from lib.run.batches import WRITES
from lib.run.compare import AS_BEFORE, GONE, compare
from lib.run.journal import Batch, Journal, Run, results
from lib.target.port import Denied, Kind, Target, TargetError, Unreachable

REMOVED: dict[Kind, str] = {
    "product": "Product deleted",
    "amazon_product": "Amazon Product removed",
    "price": "Price removed",
}


def remove(
    journal: Journal,
    run: Run,
    batch: Batch,
    target: Target,
    gone: tuple[Outcome, str],
    changed: tuple[Outcome, str],
) -> pd.DataFrame:
    """Remove the records of a batch (columns of WRITE or PRICE) that are as they were;
    RESULT_COLUMNS. ``gone`` and ``changed`` are outcome and message of those that somebody else
    has removed or changed."""
    rows, kind = batch.rows, WRITES[batch.kind]
    found = compare(target, run, kind, rows)["standing"]
    go, missing = found == AS_BEFORE, found == GONE
    ours = rows["row"].isin(batch.sent or [])
    journal.send(run, batch, rows.loc[go | ours, "row"].to_list())
    return pd.concat(
        [
            results(rows.loc[missing & ours, "row"], Outcome.DONE.value, REMOVED[kind]),
            results(rows.loc[missing & ~ours, "row"], gone[0].value, gone[1]),
            results(rows.loc[~go & ~missing, "row"], changed[0].value, changed[1]),
            deleted(target, kind, rows.loc[go, ["row", "record_id"]]),
        ]
    )


def deleted(target: Target, kind: Kind, records: pd.DataFrame) -> pd.DataFrame:
    """Delete records (``row``, ``record_id``), those that are refused found by halving; a product
    that is in use is archived."""
    if records.empty:
        return results()
    ids = records["record_id"].to_list()
    try:
        target.delete(kind, ids)
    except (Unreachable, Denied):
        raise
    except TargetError as refused:
        if len(ids) > 1:
            middle = len(ids) // 2
            halves = records.iloc[:middle], records.iloc[middle:]
            return pd.concat([deleted(target, kind, half) for half in halves])
        if kind != "product":
            return results(records["row"], Outcome.FAILED.value, str(refused))
        return _archived(target, records, refused)
    return results(records["row"], Outcome.DONE.value, REMOVED[kind])


def _archived(target: Target, record: pd.DataFrame, why: TargetError) -> pd.DataFrame:
    try:
        target.archive(record["record_id"].to_list())
    except (Unreachable, Denied):
        raise
    except TargetError as refused:
        return results(record["row"], Outcome.FAILED.value, str(refused))
    return results(record["row"], Outcome.DONE.value, f"Product archived, it is in use. {why}")
