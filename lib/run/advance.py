"""The next piece of work of a run, whatever happened before: it is read from the journal."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum

import numpy as np
import pandas as pd

from lib.model import CHANGES, JobState, MapperError, Operation, Outcome
from lib.plan import outcome_counts
from lib.run.batches import CREATE, PRICE
from lib.run.journal import Batch, Journal, Run
from lib.run.work import work
from lib.store import StoreError
from lib.target.port import Job, Target, Unreachable

log = logging.getLogger(__name__)

_GOOD = [Outcome.UNCHANGED.value, Outcome.DONE.value]
_WORST_LAST = pd.Index(["", *_GOOD, Outcome.SKIPPED.value, Outcome.FAILED.value])
"""Of the two things that may be done of a row, the one that ended worse tells how it ended."""

_OPERATIONS = {CREATE: Operation.CREATE_PRODUCT.value, PRICE: Operation.SET_PRICE.value}
"""The kinds of batches whose rows are all of one operation."""

_NOT_REACHED = {
    JobState.CANCELLED: (Outcome.SKIPPED, "Cancelled before this row was reached"),
    JobState.FAILED: (Outcome.FAILED, "Not confirmed"),
}

ROUND = 8
"""Batches a connection that one step does: the time between two steps is lost."""

_IN_DOUBT = "Odoo did not answer: not known whether it was written. Resume the run to find out."


class Next(StrEnum):
    """What is to be done after a step."""

    GO_ON = "go on"
    WAIT = "wait"
    END = "end"


def advance(
    journal: Journal,
    run_id: str,
    attempt: int,
    open_target: Callable[[Run], Target],
    closing: threading.Event,
) -> Next:
    """Do the next piece of work of a run: enter it in the job log, do its next batches (no other
    one is begun when the app is ``closing``), or end it. Raises StoreError, and then it is to be
    taken up again."""
    run = journal.run(run_id)
    if run is None or run.attempt != attempt or not run.active:
        return Next.END
    if run.state is JobState.CANCELLING and not run.ending:
        journal.update(run, ending=JobState.CANCELLED)
        return Next.GO_ON
    try:
        return _next(journal, run, open_target(run), closing)
    except Unreachable as silence:
        if run.ending and (run.ending == JobState.CANCELLED or run.state is JobState.CANCELLING):
            return _end(journal, run)
        journal.move(run, JobState.WAITING, _failure(run) or str(silence))
        return Next.WAIT
    except StoreError:
        raise
    except MapperError as refused:
        why = str(refused)
    except Exception:
        log.exception("Run %s stopped unexpectedly", run.id)
        why = "The run stopped unexpectedly; the log of the app says why."
    if run.ending:
        return _end(journal, run, error=f"The job log lacks the end: {why}")
    journal.update(run, ending=JobState.FAILED, error=why)
    return Next.GO_ON


def _next(journal: Journal, run: Run, target: Target, closing: threading.Event) -> Next:
    batches = _next_batches(journal, run, target)
    if not run.logged and not run.ending:
        target.save_job(job(run))
        journal.update(run, logged=True)
    if batches:
        journal.move(run, JobState.RUNNING, error="")
        _do_all(journal, run, batches, target, closing)
        return Next.GO_ON
    if not run.ending:
        run = replace(run, ending=JobState.DONE)
        journal.update(run, ending=JobState.DONE)
    counts, rows = _counted(journal, run)
    target.save_job(job(replace(run, state=JobState(run.ending), counts=counts), rows))
    return _end(journal, run, counts)


def _next_batches(journal: Journal, run: Run, target: Target) -> list[Batch]:
    if run.ending == JobState.FAILED:
        return []
    # A run that is cancelled still finds out what became of a batch whose answer was lost.
    many = ROUND * target.connections
    return journal.next_batches(run.id, many, in_doubt=bool(run.ending))


def _end(journal: Journal, run: Run, counts: dict | None = None, error: str = "") -> Next:
    journal.update(
        run,
        state=JobState(run.ending),
        counts=counts or _counted(journal, run)[0],
        error=_failure(run) or error,
        finished=time.time(),
    )
    return Next.END


def _failure(run: Run) -> str:
    """Why a run that is to end as failed has failed: what comes after does not overwrite it."""
    return run.error if run.ending == JobState.FAILED else ""


def _counted(journal: Journal, run: Run) -> tuple[dict, pd.DataFrame]:
    """The counts of a run that is to end, and its rows as the job log keeps them."""
    rows, written = outcome_rows(journal, run, JobState(run.ending))
    counts = run.counts | {"outcomes": outcome_counts(rows), "written": written}
    return counts, rows.drop(columns="row")


def _do_all(
    journal: Journal, run: Run, batches: list[Batch], target: Target, closing: threading.Event
) -> None:
    """Do batches, as many side by side as the target has connections, until one fails or the run
    is to stop. What became of a batch is noted while the next one is written."""
    failed = threading.Event()

    def write(batch: Batch) -> Future[None] | None:
        if failed.is_set() or closing.is_set() or _is_to_stop(journal, run):
            return None
        with _telling(failed):
            return notes.submit(note, batch, work(journal, run, batch, target))

    def note(batch: Batch, done: pd.DataFrame) -> None:
        with _telling(failed):
            journal.settle(run, batch, done)

    with ThreadPoolExecutor(1) as notes, ThreadPoolExecutor(target.connections) as connections:
        written = [connections.submit(write, batch) for batch in batches]
    # All have ended: none goes on behind the back of the one that failed.
    for noted in [batch.result() for batch in written]:
        if noted:
            noted.result()


@contextmanager
def _telling(failed: threading.Event) -> Iterator[None]:
    try:
        yield
    except BaseException:
        failed.set()
        raise


def _is_to_stop(journal: Journal, run: Run) -> bool:
    """Whether a run is to be cancelled and does not know it yet."""
    now = journal.run(run.id)
    return not run.ending and (now is None or now.state is JobState.CANCELLING)


def job(run: Run, rows: pd.DataFrame | None = None) -> Job:
    """A run as the job log of its target shows it, with its rows once it has ended."""
    return Job(
        id=run.id,
        user=run.user,
        seller=run.seller,
        file=run.file,
        sha256=run.sha256,
        started=iso(run.started),
        finished="" if run.active else iso(run.finished or time.time()),
        state=JobState.RUNNING if run.active else run.state,
        counts=run.counts,
        rows=rows,
    )


def outcome_rows(
    journal: Journal, run: Run, ending: JobState
) -> tuple[pd.DataFrame, dict[str, int]]:
    """All rows of a run with what became of them, and how many changes were done: operation
    value, or kind of batch, -> how many."""
    rows = journal.rows(run.id)
    at = pd.Index(rows["row"])
    outcome, message = (rows[name].to_numpy(object, copy=True) for name in ("outcome", "message"))
    written = dict.fromkeys([change.value for change in CHANGES], 0)
    for kind, planned, results in journal.ended_batches(run.id, ["row", "operation"]):
        done = results.loc[results["outcome"] == Outcome.DONE.value, "row"]
        if kind in _OPERATIONS:
            written[_OPERATIONS[kind]] += len(done)
        elif "operation" in planned and not run.undoes:
            operations = planned["operation"][planned["row"].isin(done)].value_counts()
            written |= {name: written[name] + int(many) for name, many in operations.items()}
        else:
            written[kind] = written.get(kind, 0) + len(done)
        places = at.get_indexer(results["row"])
        known = places >= 0
        here, results = places[known], results[known]
        outcome[here], message[here] = _with(outcome[here], message[here], results)
    if ending in _NOT_REACHED:
        begun = np.isin(outcome, _GOOD) & at.isin(journal.left(run.id))
        left = (outcome == "") | begun
        what, why = _NOT_REACHED[ending]
        why = f"{why}. {run.error}" if ending is JobState.FAILED else why
        outcome[left] = what.value
        message[left] = why
        message[begun] = f"Done in part. {why}"
        if ending is JobState.CANCELLED:
            doubtful = left & at.isin(journal.in_doubt(run.id))
            outcome[doubtful], message[doubtful] = Outcome.FAILED.value, _IN_DOUBT
    texts = {"outcome": pd.array(outcome, dtype="str"), "message": pd.array(message, dtype="str")}
    return rows.assign(**texts), written


def _with(
    outcome: np.ndarray, message: np.ndarray, results: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes and messages of rows so far, with what became of them in one more batch."""
    new, more = results["outcome"].to_numpy(object), results["message"].to_numpy(object)
    worse = _WORST_LAST.get_indexer(new) >= _WORST_LAST.get_indexer(outcome)
    both = np.where((message != "") & (more != "") & (message != more), message + "; " + more, "")
    one = np.where(more != "", more, message)
    return np.where(worse, new, outcome), np.where(both != "", both, one)


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")[:19] + "Z"
