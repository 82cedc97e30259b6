"""Executing a plan: products first, then Amazon Products, and an outcome for every row."""

import logging
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd

from lib.model import CHANGES, JobState, Operation, Outcome
from lib.plan import Plan, first_outcomes, outcome_counts, result_rows
from lib.review import Review
from lib.run.push import insist, push
from lib.target.port import Job, Target, TargetError

log = logging.getLogger(__name__)


@dataclass
class Progress:
    """How far a run is: ``done`` of ``total`` changes; times are ``time.monotonic()``."""

    total: int
    started: float
    done: int = 0
    failed: int = 0
    now: float = 0.0

    @property
    def rows_a_second(self) -> float:
        return self.done / max(self.now - self.started, 1e-3)

    @property
    def seconds_left(self) -> float:
        return (self.total - self.done) / self.rows_a_second if self.done else 0.0


@dataclass(frozen=True)
class Result:
    """How an execution ended. ``outcomes`` has ``outcome`` and ``message`` (str), one a row read;
    ``written`` is the reconciliation, operation value -> how many of the planned were done.
    ``error`` says why it stopped early, or why the job log could not be written."""

    job: Job
    outcomes: pd.DataFrame
    written: dict[str, int]
    error: str = ""


def execute(
    review: Review,
    target: Target,
    user: str,
    watch: Callable[[Progress], None] = lambda _: None,
) -> Result:
    """Execute a reviewed plan. Raises TargetError only while nothing is written yet."""
    plan = review.plan
    kinds = {"amazon_product"} | ({"product"} if len(plan.products) else set())
    if plan.changes:
        target.check_rights(kinds)
    job = Job(
        id=uuid.uuid4().hex[:12],
        user=user,
        seller=review.seller.name,
        file=review.file.name,
        sha256=review.file.sha256,
        started=_now(),
        counts=review.counts,
    )
    target.save_job(job)
    run = _Run(plan, target, watch)
    error = ""
    try:
        run.create_products()
        run.write_amazon_products()
    except TargetError as stopped:
        error = str(stopped)
    except Exception:
        # What is written is written: the rows are accounted for whatever has happened.
        log.exception("Job %s stopped unexpectedly", job.id)
        error = "The run stopped unexpectedly; the log of the app says why."
    outcomes = run.finish(error)
    job.finished, job.state = _now(), JobState.FAILED if error else JobState.DONE
    job.counts = review.counts | {"outcomes": outcome_counts(outcomes)}
    job.rows = result_rows(review.file.listings, review.matches, outcomes)
    try:
        insist(lambda: target.save_job(job))
    except TargetError as unsaved:
        error = error or f"The job log could not be written: {unsaved}"
    return Result(job, outcomes, run.written(), error)


class _Run:
    """The state of one execution: the outcomes so far, and the ids of the products created."""

    def __init__(self, plan: Plan, target: Target, watch: Callable[[Progress], None]):
        self.plan, self.target, self.watch = plan, target, watch
        self.outcomes = first_outcomes(plan)
        self.product_ids: dict[int, int] = {}
        self.progress = Progress(plan.changes, time.monotonic())

    def create_products(self) -> None:
        rows = self.plan.rows
        for batch in push(self.target, "product", self.plan.products):
            refused = {pushed.row: pushed.message for pushed in batch if pushed.message}
            self.product_ids |= {pushed.row: pushed.record for pushed in batch if pushed.record}
            if refused:
                waiting = rows[rows["product_id"].isin(refused) & (self.outcomes["outcome"] == "")]
                messages = "Product not created: " + waiting["product_id"].map(refused)
                self._settle(waiting.index, Outcome.FAILED, messages)
            self._report(len(batch), len(refused))

    def write_amazon_products(self) -> None:
        writes = self.plan.rows[self.outcomes["outcome"] == ""]
        products = writes["product_id"].replace(self.product_ids)
        writes = writes.assign(product_id=products)
        # Rows made by hand have no external id; a batch is of one sort or the other.
        by_hand = writes["xid"] == ""
        for rows in (writes[~by_hand], writes[by_hand]):
            for batch in push(self.target, "amazon_product", rows):
                done = [pushed.row for pushed in batch if not pushed.message]
                refused = {pushed.row: pushed.message for pushed in batch if pushed.message}
                self._settle(done, Outcome.DONE, "")
                self._settle(list(refused), Outcome.FAILED, pd.Series(refused, dtype="str"))
                self._report(len(batch), len(refused))

    def finish(self, error: str) -> pd.DataFrame:
        """The outcomes, with the rows that were never reached failed for the error."""
        unreached = self.outcomes.index[self.outcomes["outcome"] == ""]
        self._settle(unreached, Outcome.FAILED, f"Not confirmed. {error}")
        return self.outcomes

    def written(self) -> dict[str, int]:
        """How many of the planned changes were done, by operation value."""
        done = self.plan.rows["operation"][self.outcomes["outcome"] == Outcome.DONE.value]
        counts = {change.value: int((done == change.value).sum()) for change in CHANGES}
        return counts | {Operation.CREATE_PRODUCT.value: len(self.product_ids)}

    def _settle(self, rows: Iterable, outcome: Outcome, message: str | pd.Series) -> None:
        self.outcomes.loc[rows, "outcome"] = outcome.value
        self.outcomes.loc[rows, "message"] = message

    def _report(self, done: int, failed: int) -> None:
        self.progress.done += done
        self.progress.failed += failed
        self.progress.now = time.monotonic()
        self.watch(self.progress)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
