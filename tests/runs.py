"""Runs without dbos and without waiting: the steps of a run, one after the other."""

import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from lib.model import MapFile, Options
from lib.review import Review, review
from lib.run.advance import Next, advance, job, outcome_rows
from lib.run.enter import enter, enter_undo
from lib.run.journal import Journal, Progress, Run
from lib.run.undo import plan_undo
from lib.store import Store
from lib.target.embedded import EmbeddedTarget
from lib.target.port import Job, Target
from tests.tables import SELLER, exported

STAYS_OPEN = threading.Event()
"""An app that is not being closed."""


@dataclass(frozen=True)
class Result:
    """How a run ended; ``outcomes`` has ``outcome`` and ``message``, one a row read."""

    run: Run
    job: Job
    outcomes: pd.DataFrame
    written: dict[str, int]
    error: str
    journal: Journal


def new_journal() -> Journal:
    return Journal(Store(f"sqlite:///{Path(tempfile.mkdtemp()) / 'app.sqlite'}"))


def drive(
    journal: Journal,
    run: Run,
    target: Target,
    watch: Callable[[Progress], None] = lambda _: None,
    waits: int = 0,
) -> Result:
    """Do all steps of a run, giving up when the target is silent more often than ``waits``."""
    while (what := step(journal, run, lambda _: target)) is not Next.END:
        watch(journal.progress(run))
        if what is Next.WAIT:
            waits -= 1
            if waits < 0:
                break
            time.sleep(0.2)
    return result(journal, run.id)


def step(journal: Journal, run: Run, open_target: Callable[[Run], Target]) -> Next:
    return advance(journal, run.id, run.attempt, open_target, STAYS_OPEN)


def result(journal: Journal, run_id: str) -> Result:
    run = journal.run(run_id)
    rows, written = outcome_rows(journal, run, run.state)
    done = job(run, rows.drop(columns="row"))
    return Result(run, done, rows[["outcome", "message"]], written, run.error, journal)


@cache
def _empty_store() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite"
        EmbeddedTarget(path).take_products(exported())
        return path.read_bytes()


def empty_target(path: Path) -> EmbeddedTarget:
    """An embedded store without products, for which the sample catalogue is not made each time."""
    path.write_bytes(_empty_store())
    return EmbeddedTarget(path)


def embedded_target(path: Path) -> EmbeddedTarget:
    """An embedded store with the products A and B."""
    made = empty_target(path)
    made.take_products(exported({"reference": "A"}, {"reference": "B"}))
    return made


def by_hand(target: EmbeddedTarget, words: str, *values: object) -> None:
    """What somebody else does to an embedded store."""
    with target._store() as store:
        store.execute(words, values)


def preview(target: Target, file: MapFile, **options) -> Review:
    return review(file, target.catalogue(), SELLER, Options(**options))


def press(target: Target, file: MapFile, **options) -> Result:
    """Review a file and execute it."""
    return execute(preview(target, file, **options), target)


def execute(
    made: Review,
    target: Target,
    user: str = "me",
    watch: Callable[[Progress], None] = lambda _: None,
    waits: int = 0,
) -> Result:
    """Execute a reviewed plan."""
    journal = new_journal()
    return drive(journal, enter(journal, made, target, user, "test"), target, watch, waits)


def undo(done: Result, target: Target) -> Result:
    """Undo a run."""
    journal = done.journal
    made = plan_undo(journal, done.run, target)
    return drive(journal, enter_undo(journal, made, target, "me", "test"), target)
