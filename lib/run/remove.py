"""Removing records that a run, or the undo of one, is to remove: what somebody changed is left."""

import pandas as pd

from lib.model import Outcome
from lib.run.compare import AS_BEFORE, CHANGED, GONE, held, standing
from lib.run.journal import Batch, Journal, Run, no_results, results
from lib.target.port import Denied, Kind, Target, TargetError, Unreachable

REMOVED = "Amazon Product removed"


def remove(
    journal: Journal,
    run: Run,
    batch: Batch,
    target: Target,
    gone: tuple[Outcome, str],
    changed: tuple[Outcome, str],
) -> pd.DataFrame:
    """Remove the Amazon Products of a batch (columns of WRITE) that are as they were;
    RESULT_COLUMNS. ``gone`` and ``changed`` are outcome and message of those that somebody else
    has removed or changed."""
    rows = batch.rows
    now = held(target, run, rows)
    # One that has another listing by now is there under its number.
    there = rows["record_id"].isin(now["id"])
    found = standing(rows, now)["standing"].mask(lambda how: (how == GONE) & there, CHANGED)
    go, missing = found == AS_BEFORE, found == GONE
    ours = rows["row"].isin(batch.sent or [])
    journal.send(run, batch, rows.loc[go | ours, "row"].to_list())
    return pd.concat(
        [
            results(rows.loc[missing & ours, "row"], Outcome.DONE.value, REMOVED),
            results(rows.loc[missing & ~ours, "row"], gone[0].value, gone[1]),
            results(rows.loc[~go & ~missing, "row"], changed[0].value, changed[1]),
            deleted(target, "amazon_product", rows.loc[go, ["row", "record_id"]]),
        ]
    )


def deleted(target: Target, kind: Kind, records: pd.DataFrame) -> pd.DataFrame:
    """Delete records (``row``, ``record_id``), those that are refused found by halving; a product
    that is in use is archived."""
    if records.empty:
        return no_results()
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
        if kind == "amazon_product":
            return results(records["row"], Outcome.FAILED.value, str(refused))
        return _archived(target, records, refused)
    words = "Product deleted" if kind == "product" else REMOVED
    return results(records["row"], Outcome.DONE.value, words)


def _archived(target: Target, record: pd.DataFrame, why: TargetError) -> pd.DataFrame:
    try:
        target.archive(record["record_id"].to_list())
    except (Unreachable, Denied):
        raise
    except TargetError as refused:
        return results(record["row"], Outcome.FAILED.value, str(refused))
    return results(record["row"], Outcome.DONE.value, f"Product archived, it is in use. {why}")
