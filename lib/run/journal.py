"""The journal: every run, its batches and what became of each row, in the app's own database.

It is the truth about runs: the screen, the command line and a worker on another machine read the
same. A SQLite file by default, PostgreSQL where several machines share it.
"""

import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from lib.model import JobState, MapperError, Outcome
from lib.run import executors
from lib.run.batches import unpack_rows
from lib.store import ACTIVE, BATCH, RUN, Store, StoreError, pack, unpack

RESULT_COLUMNS = ["row", "outcome", "message", "record", "product_id"]
"""What became of the rows of a batch: ``row`` as in the batch, ``record`` the record written or
0, ``product_id`` the product it was tied to or 0 (int64); ``outcome`` an Outcome value,
``message`` (str)."""


@dataclass(frozen=True)
class Run:
    """One execution, as the journal has it, without its rows. ``place`` is the database written
    to; times are seconds since 1970, 0 for not yet; ``attempt`` counts the times it was taken up;
    ``ending`` is the state it is about to end in; ``logged`` whether the job log knows of it."""

    id: str
    target: str
    place: str
    seller: str
    user: str
    file: str
    sha256: str
    counts: dict
    executor: str
    undoes: str = ""
    state: JobState = JobState.QUEUED
    ending: str = ""
    error: str = ""
    logged: bool = False
    started: float = 0.0
    resumed: float = 0.0
    finished: float = 0.0
    attempt: int = 1

    @property
    def active(self) -> bool:
        return self.state.active


@dataclass(frozen=True)
class Batch:
    """What one call writes. ``rows`` has ``row`` (int64) and what its kind needs; ``sent`` are the
    rows that an earlier attempt may have written, None if there was none."""

    number: int
    kind: str
    rows: pd.DataFrame
    sent: list[int] | None


@dataclass(frozen=True)
class Progress:
    """How far a run is: ``done`` of ``total`` changes, ``batches_done`` of ``batches``."""

    total: int
    done: int
    failed: int
    batches: int
    batches_done: int
    rows_a_second: float

    @property
    def seconds_left(self) -> float:
        return (self.total - self.done) / self.rows_a_second if self.rows_a_second else 0.0


_COLUMNS = [RUN.c[field.name] for field in fields(Run)]


class Journal:
    """The journal in a store. Its methods raise StoreError when the store cannot be used, and
    those that note something of a batch when another attempt has taken the run over."""

    def __init__(self, store: Store):
        self.store = store

    # -- runs -----------------------------------------------------------------------------

    def add(
        self, run: Run, rows: pd.DataFrame, batches: Iterable[tuple[str, pd.DataFrame]]
    ) -> None:
        """Enter a run, its rows as the job log shows them (with ``row``, int64), and its batches.
        Raises MapperError while another one of the same place and seller is under way."""
        now = time.time()
        values = vars(replace(run, started=now, resumed=now)) | {"rows": pack(rows)}
        try:
            with self.store.begin() as store:
                store.execute(sa.insert(RUN).values(values))
                for number, (kind, batch) in enumerate(batches):
                    planned = {"run": run.id, "number": number, "kind": kind, "size": len(batch)}
                    store.execute(sa.insert(BATCH).values(planned | {"rows": pack(batch)}))
        except sa.exc.IntegrityError:
            raise self._busy(run) from None

    def run(self, run_id: str) -> Run | None:
        return next(iter(self._runs(RUN.c.id == run_id)), None)

    def runs(self, place: str = "", active: bool = False) -> list[Run]:
        """The newest 100 runs, newest first: of one place, or those under way, if asked for."""
        of_place = [RUN.c.place == place] if place else []
        return self._runs(*of_place, *([RUN.c.state.in_(ACTIVE)] if active else []))

    def undone_by(self, run_id: str) -> list[Run]:
        """The undo runs of a run, newest first."""
        return self._runs(RUN.c.undoes == run_id)

    def _runs(self, *conditions: sa.ColumnElement) -> list[Run]:
        asked = sa.select(*_COLUMNS).where(*conditions).order_by(RUN.c.started.desc()).limit(100)
        with self.store.begin() as store:
            return [_run(found) for found in store.execute(asked)]

    def rows(self, run_id: str) -> pd.DataFrame:
        """All rows of a run as ``add`` was given them."""
        with self.store.begin() as store:
            found = store.execute(sa.select(RUN.c.rows).where(RUN.c.id == run_id))
            return unpack(found.scalar_one())

    def ended(self, place: str) -> float:
        """When a run on a place ended last: each may have changed it."""
        asked = sa.select(sa.func.max(RUN.c.finished)).where(RUN.c.place == place)
        with self.store.begin() as store:
            return store.execute(asked).scalar_one() or 0.0

    def update(self, run: Run, *conditions: sa.ColumnElement, **values: Any) -> bool:
        """Set columns of a run; False if another attempt has taken it over meanwhile, or the
        conditions do not hold. Raises MapperError where this would make a second active run."""
        this = (RUN.c.id == run.id, RUN.c.attempt == run.attempt, *conditions)
        try:
            with self.store.begin() as store:
                return store.execute(sa.update(RUN).where(*this).values(values)).rowcount == 1
        except sa.exc.IntegrityError:
            raise self._busy(run) from None

    def move(self, run: Run, state: JobState, error: str) -> None:
        """Say how a run stands, unless it is to be cancelled."""
        self.update(run, RUN.c.state != JobState.CANCELLING, state=state, error=error)

    def take_up(self, run: Run, executor: str) -> Run | None:
        """Begin the next attempt of a run; None if somebody else was quicker."""
        new = {"attempt": run.attempt + 1, "executor": executor, "resumed": time.time()}
        new["logged"] = run.logged and run.active
        if run.state is not JobState.CANCELLING:
            new |= {"state": JobState.QUEUED, "ending": "", "error": ""}
        return self.run(run.id) if self.update(run, RUN.c.state == run.state, **new) else None

    def ask_to_cancel(self, run_id: str) -> bool:
        """Have a run stop after the batch under way; False if it has ended."""
        this = (RUN.c.id == run_id, RUN.c.state.in_(ACTIVE))
        with self.store.begin() as store:
            asked = sa.update(RUN).where(*this).values(state=JobState.CANCELLING)
            return store.execute(asked).rowcount == 1

    # -- batches --------------------------------------------------------------------------

    def next_batches(self, run_id: str, many: int, in_doubt: bool = False) -> list[Batch]:
        """The next batches, all of one kind, which may be written side by side; only those that
        were sent already, if ``in_doubt``."""
        asked = sa.select(BATCH).where(BATCH.c.run == run_id, BATCH.c.ended == 0)
        asked = asked.where(BATCH.c.sent.is_not(None)) if in_doubt else asked
        with self.store.begin() as store:
            found = store.execute(asked.order_by(BATCH.c.number).limit(many)).all()
        return [
            Batch(row.number, row.kind, unpack_rows(row.rows), row.sent)
            for row in found
            if row.kind == found[0].kind
        ]

    def ended_batches(
        self, run_id: str, columns: Collection[str] = ()
    ) -> Iterator[tuple[str, pd.DataFrame, pd.DataFrame]]:
        """Kind, rows (or of them these columns) and results (RESULT_COLUMNS) of each batch that
        has ended, one at a time: together they may be large."""
        asked = sa.select(BATCH.c.number).where(BATCH.c.run == run_id, BATCH.c.ended > 0)
        with self.store.begin() as store:
            numbers = store.execute(asked.order_by(BATCH.c.number)).scalars().all()
        for number in numbers:
            this = (BATCH.c.run == run_id, BATCH.c.number == number)
            with self.store.begin() as store:
                row = store.execute(sa.select(BATCH).where(*this)).one()
            yield row.kind, unpack_rows(row.rows, columns), unpack(row.results)

    def results(self, run_id: str, kind: str) -> pd.DataFrame:
        """RESULT_COLUMNS of the batches of a kind that have ended."""
        return self._results(BATCH.c.run == run_id, BATCH.c.kind == kind, BATCH.c.ended > 0)

    def errors(self, run_id: str) -> dict[str, int]:
        """Why rows failed so far -> how many, the most frequent first."""
        found = self._results(BATCH.c.run == run_id, BATCH.c.failed > 0)
        found = found.loc[found["outcome"] == Outcome.FAILED.value, "message"].value_counts()
        return {str(message): int(count) for message, count in found.items()}

    def _results(self, *conditions: sa.ColumnElement) -> pd.DataFrame:
        with self.store.begin() as store:
            asked = store.execute(sa.select(BATCH.c.results).where(*conditions))
            parts = [unpack(part) for part in asked.scalars()]
        return pd.concat([results(), *parts], ignore_index=True)

    def in_doubt(self, run_id: str) -> list[int]:
        """The rows that were sent in batches that have not ended."""
        asked = sa.select(BATCH.c.sent).where(BATCH.c.run == run_id, BATCH.c.ended == 0)
        with self.store.begin() as store:
            return [row for sent in store.execute(asked).scalars() for row in sent or []]

    def left(self, run_id: str) -> list[int]:
        """The rows of batches that have not ended."""
        asked = sa.select(BATCH.c.rows).where(BATCH.c.run == run_id, BATCH.c.ended == 0)
        with self.store.begin() as store:
            parts = [unpack(part, ["row"]) for part in store.execute(asked).scalars()]
        return [row for part in parts for row in part["row"]]

    def send(self, run: Run, batch: Batch, rows: list[int]) -> None:
        """Note which rows of a batch are about to be written, before they are."""
        self._set(run, batch, sent=rows)

    def settle(self, run: Run, batch: Batch, done: pd.DataFrame) -> None:
        """Note what became of all rows of a batch (RESULT_COLUMNS)."""
        failed = int((done["outcome"] == Outcome.FAILED.value).sum())
        self._set(run, batch, results=pack(done), failed=failed, ended=time.time())

    def _set(self, run: Run, batch: Batch, **values: Any) -> None:
        ours = sa.exists().where(RUN.c.id == run.id, RUN.c.attempt == run.attempt)
        this = (BATCH.c.run == run.id, BATCH.c.number == batch.number, ours)
        with self.store.begin() as store:
            if not store.execute(sa.update(BATCH).where(*this).values(values)).rowcount:
                raise StoreError(f"Run {run.id} was taken over by another process.")

    def progress(self, run: Run) -> Progress:
        def total_of(condition: sa.ColumnElement, value: Any) -> sa.ColumnElement:
            return sa.func.coalesce(sa.func.sum(sa.case((condition, value), else_=0)), 0)

        asked = sa.select(
            sa.func.coalesce(sa.func.sum(BATCH.c.size), 0).label("total"),
            total_of(BATCH.c.ended > 0, BATCH.c.size).label("done"),
            sa.func.coalesce(sa.func.sum(BATCH.c.failed), 0).label("failed"),
            sa.func.count().label("batches"),
            total_of(BATCH.c.ended > 0, 1).label("batches_done"),
            total_of(BATCH.c.ended > run.resumed, BATCH.c.size).label("lately"),
            sa.func.coalesce(sa.func.max(BATCH.c.ended), 0).label("last"),
        ).where(BATCH.c.run == run.id)
        with self.store.begin() as store:
            numbers = dict(store.execute(asked).mappings().one())
        lately, seconds = numbers.pop("lately"), numbers.pop("last") - run.resumed
        return Progress(**numbers, rows_a_second=lately / max(seconds, 1e-3) if lately else 0.0)

    def _busy(self, run: Run) -> MapperError:
        active = self.runs(run.place, active=True)
        other = next((o for o in active if o.seller == run.seller and o.id != run.id), None)
        if other is None:
            return MapperError("Another run has ended here just now. Press again.")
        if executors.is_alive(self.store, other.executor):
            return MapperError(
                f"{other.file} is being executed for seller {other.seller} by {other.user}: run "
                f"{other.id}, {other.state.label.lower()}. Wait until it has ended, or cancel it."
            )
        return MapperError(
            f"{other.file} for seller {other.seller} was interrupted: run {other.id}. It goes on "
            f"when the app is started, or by `python -m lib runs resume {other.id}`; or cancel it."
        )


def results(
    rows: Iterable[int] = (),
    outcome: Any = "",
    message: Any = "",
    record: Any = 0,
    product_id: Any = 0,
) -> pd.DataFrame:
    """RESULT_COLUMNS of rows; each value is one for all, or one a row in the same order."""
    at = np.array(list(rows), np.int64)
    values = {"outcome": outcome, "message": message, "record": record, "product_id": product_id}
    kinds = {"outcome": "str", "message": "str", "record": "int64", "product_id": "int64"}
    arrays = {
        # Made of the right kind at once: a run makes thousands of these frames.
        name: pd.array(np.broadcast_to(np.asarray(value), len(at)), dtype=kinds[name])
        for name, value in values.items()
    }
    return pd.DataFrame({"row": at} | arrays, copy=False)


def _run(found: sa.Row) -> Run:
    run = Run(**found._mapping)
    return replace(run, state=JobState(run.state))
