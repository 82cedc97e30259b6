"""The run engine: runs go on without a screen, and after a crash; any process can watch them.

The journal is the truth about a run, and dbos drives it: it keeps the queue, works in the
background and waits between two tries (docs/decisions/0004-engine.md).
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable

import sqlalchemy as sa
from dbos import DBOS, SetWorkflowID

from lib import settings
from lib.amazon.watch import Watch
from lib.model import JobState, MapperError
from lib.review import Review
from lib.run import executors
from lib.run.advance import Next, advance
from lib.run.enter import enter, enter_undo
from lib.run.journal import Journal, Run
from lib.run.undo import Undo
from lib.store import Store, StoreError
from lib.target.port import Target

WATCH = 5.0
"""Seconds between two signs of life, and between two looks for runs that somebody left."""

PAUSES = (1, 2, 4, 8, 15)
"""Seconds before a target that does not answer is asked again; the last one from then on."""

QUEUE = "runs"

VERSION = "1"
"""To be raised when the steps of the workflow change: dbos replays none of another version."""

log = logging.getLogger(__name__)

# What dbos says goes where everything goes, and not to a stream of its own.
logging.getLogger("dbos").handlers = [logging.NullHandler()]


class Engine:
    """Starts, drives and watches the runs of the app's database: one a process, as dbos is.

    With ``alone`` it drives what it starts itself, and nothing that others left: no reports
    either, which it advances otherwise (lib.amazon.watch).
    """

    def __init__(
        self, configured: Callable[[], settings.Settings] = settings.load, alone: bool = False
    ):
        self.id = uuid.uuid4().hex
        self._configured, self._alone = configured, alone
        self._targets: dict[str, Target] = {}
        self._driving: set[tuple[str, int]] = set()
        self._stopped = threading.Condition()
        self._closing = threading.Event()
        database = configured().database
        self.store = Store(database)
        self.journal = Journal(self.store)
        executors.beat(self.store, self.id)
        try:
            _launch(self, database)
        except Exception as error:
            DBOS.destroy()
            raise StoreError(f"The run engine cannot start: {error}") from None
        self._watcher = threading.Thread(target=self._watch, name="runs", daemon=True)
        self._watcher.start()
        self._reports = None if alone else Watch(self.store, configured)

    def start(self, review: Review, target: Target, user: str) -> str:
        """Start the run of a reviewed plan; returns its id. Raises Denied without the rights it
        needs, and MapperError while another one of the same place and seller is under way."""
        self._targets[target.place] = target
        run = enter(self.journal, review, target, user, self.id)
        self._drive(run)
        return run.id

    def undo(self, undo: Undo, target: Target, user: str) -> str:
        """Start the run that undoes another one; returns its id. Raises MapperError as ``start``
        does."""
        self._targets[target.place] = target
        run = enter_undo(self.journal, undo, target, user, self.id)
        self._drive(run)
        return run.id

    def cancel(self, run_id: str) -> None:
        """Have a run stop after the batch under way. Raises MapperError if it has ended."""
        asked = self.journal.ask_to_cancel(run_id)
        run = self._known(run_id)
        if not asked:
            raise MapperError(f"Run {run_id} has ended: {run.state.label.lower()}.")
        if not executors.is_alive(self.store, run.executor):
            self._take_up(run)

    def resume(self, run_id: str) -> None:
        """Go on with a run that was cancelled, has failed or was interrupted. Raises MapperError
        if there is nothing to go on with."""
        run = self._known(run_id)
        if run.state is JobState.DONE:
            raise MapperError(f"Run {run_id} is done: there is nothing left of it.")
        if run.active and executors.is_alive(self.store, run.executor):
            raise MapperError(f"Run {run_id} is under way: {run.state.label.lower()}.")
        for undo in self.journal.undone_by(run_id)[:1]:
            raise MapperError(
                f"Run {run_id} was undone by run {undo.id}. Execute the file again instead."
            )
        self._take_up(run)

    def wait(self, run_id: str, watch: Callable[[Run], None] = lambda _: None) -> Run:
        """The run when it has ended."""
        while True:
            with self._stopped:
                run = self._known(run_id)
                if not run.active:
                    return run
                self._stopped.wait(0.5)
            watch(run)

    def close(self) -> None:
        """Stop after the batches under way; the rest goes on when an engine is started again."""
        self._closing.set()
        DBOS.destroy()
        self._watcher.join()
        if self._reports:
            self._reports.close()
        while self._driving:
            time.sleep(0.05)
        executors.leave(self.store, self.id)
        self.store.close()

    # -- driving ----------------------------------------------------------------------------

    def advance(self, run_id: str, attempt: int) -> str:
        """One step of a run: ``lib.run.advance``."""
        if self._closing.is_set():
            raise InterruptedError("The app is being closed.")
        first = (run_id, attempt) not in self._driving
        self._driving.add((run_id, attempt))
        if first and not self._alone and self._is_foreign(run_id):
            return Next.END.value
        what = advance(self.journal, run_id, attempt, self._open, self._closing)
        if what is not Next.GO_ON:
            self._targets.clear()  # a new connection next time, maybe by new settings
        return what.value

    def pause(self, seconds: float) -> None:
        """Wait, but not when the app is being closed."""
        self._closing.wait(seconds)

    def left(self, run_id: str, attempt: int) -> None:
        with self._stopped:
            self._driving.discard((run_id, attempt))
            self._stopped.notify_all()

    def _is_foreign(self, run_id: str) -> bool:
        """Whether a run is for a place that this process has not: then another one takes it."""
        run = self._known(run_id)
        if self._configured().places.get(run.target) == run.place:
            return False
        self.journal.update(run, executor="")
        return True

    def _open(self, run: Run) -> Target:
        if run.executor != self.id:
            self.journal.update(run, executor=self.id)
        target = self._targets.get(run.place)
        if target is None:
            target = self._configured().open_target(run.target)
            if target.place != run.place:
                raise MapperError(
                    f"The settings name another {run.target} ({target.place}) than the run was "
                    f"made for ({run.place}). Correct them and resume the run."
                )
            self._targets[run.place] = target
        return target

    def _drive(self, run: Run) -> None:
        try:
            with SetWorkflowID(f"{run.id}-{run.attempt}"):
                if self._alone:
                    DBOS.start_workflow(_workflow, run.id, run.attempt)
                else:  # whichever process of the app, or worker, is free
                    DBOS.enqueue_workflow(QUEUE, _workflow, run.id, run.attempt)
        except sa.exc.DBAPIError as error:  # it is in the journal: the watcher tries again
            log.warning("Run %s is not driven yet: %s", run.id, error.orig)

    def _take_up(self, run: Run) -> None:
        taken = self.journal.take_up(run, self.id)
        if taken:
            self._drive(taken)

    def _known(self, run_id: str) -> Run:
        run = self.journal.run(run_id)
        if run is None:
            raise MapperError(f"There is no run {run_id} here. `python -m lib runs` lists them.")
        return run

    # -- runs that were left ------------------------------------------------------------------

    def _watch(self) -> None:
        while True:
            try:
                executors.beat(self.store, self.id)
                self._take_over()
            except MapperError as error:
                log.warning("%s", error)
            except Exception:  # without signs of life others would take this process for dead
                log.exception("The runs could not be watched")
            if self._closing.wait(WATCH):
                return

    def _take_over(self) -> None:
        """Go on with runs whose process has died, and with own ones that fell."""
        for run in self.journal.runs(active=True):
            if run.executor == self.id:
                # Entered and never driven, or fallen because the journal could not be written.
                driven = (run.id, run.attempt) in self._driving
                fallen = not driven and time.time() - run.resumed > 2 * WATCH
            else:
                mine = self._configured().places.get(run.target) == run.place and not self._alone
                fallen = mine and not executors.is_alive(self.store, run.executor)
            if fallen:
                log.warning("Going on with run %s of %s", run.id, run.file)
                self._take_up(run)


_driver: Engine | None = None


def _launch(driver: Engine, database: str) -> None:
    """Start dbos, which there is one of in a process, for this engine."""
    global _driver
    _driver = driver
    DBOS(
        config={
            "name": "amazon-odoo-mapper",
            "system_database_url": database,
            "executor_id": driver.id,
            "application_version": VERSION,
            "log_level": "ERROR",
            # How long it sleeps on SQLite, also when it is to end: closing waits for that.
            "notification_listener_polling_interval_sec": 0.1,
        }
    )
    DBOS.listen_queues([] if driver._alone else [QUEUE])
    DBOS.launch()
    DBOS.register_queue(QUEUE, polling_interval_sec=0.1)


@DBOS.workflow(name="run")
def _workflow(run_id: str, attempt: int) -> None:
    driver = _driver
    assert driver
    tries = 0
    try:
        while True:
            what = DBOS.run_step({"name": "advance"}, driver.advance, run_id, attempt)
            if what == Next.END:
                return
            if what == Next.WAIT:
                driver.pause(PAUSES[min(tries, len(PAUSES) - 1)])
            tries = tries + 1 if what == Next.WAIT else 0
    finally:
        driver.left(run_id, attempt)


_one = threading.Lock()
_running: list[Engine] = []


def engine() -> Engine:
    """The one engine of this process, started at first use."""
    with _one:
        if not _running:
            _running.append(Engine())
        return _running[0]


def close_engine() -> None:
    """Close it, if there is one."""
    with _one:
        while _running:
            _running.pop().close()
