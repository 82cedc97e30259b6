"""The run engine: executions go on outside the screen that started them."""

import functools
import logging
import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from lib.model import MapperError
from lib.review import Review
from lib.run.execute import Progress, Result, execute
from lib.target.port import Target

KEPT = 20
"""Runs whose result stays at hand; the job log keeps them all."""

_UNEXPECTED = (
    "The run ended unexpectedly; the log of the app says why. Press again: what was written is "
    "recognised."
)

log = logging.getLogger(__name__)


@dataclass
class Run:
    """One execution. It ends with a ``result``, or with an ``error`` before anything was
    written."""

    id: str
    target: str
    review: Review
    progress: Progress
    result: Result | None = None
    error: str = ""

    @property
    def finished(self) -> bool:
        return bool(self.result or self.error)


@dataclass
class Engine:
    """Starts runs in threads and tells how far they are. One run a target and seller at a time."""

    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(max_workers=2))
    _runs: dict[str, Run] = field(default_factory=dict)
    _ended: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, review: Review, target: Target, user: str) -> str:
        """Start a run; returns its id. Raises MapperError while another one is under way."""
        with self._lock:
            self._refuse_a_second(review, target)
            run = Run(uuid.uuid4().hex, target.label, review, Progress(review.plan.changes, 0))
            self._runs[run.id] = run
            for old in [old for old in self._runs.values() if old.finished][:-KEPT]:
                del self._runs[old.id]
        self._pool.submit(self._work, run, target, user)
        return run.id

    def ended(self, target: str) -> int:
        """How many runs on the target of this label have ended: each may have changed it."""
        return self._ended[target]

    def run(self, run_id: str) -> Run | None:
        return self._runs.get(run_id)

    def close(self) -> None:
        """Let what is under way end."""
        self._pool.shutdown(wait=True)

    def _refuse_a_second(self, review: Review, target: Target) -> None:
        for run in self._runs.values():
            same = (run.target, run.review.seller.name) == (target.label, review.seller.name)
            if same and not run.finished:
                raise MapperError(
                    f"{run.review.file.name} is being executed for seller "
                    f"{run.review.seller.name} on {run.target}. Wait until it has ended."
                )

    def _work(self, run: Run, target: Target, user: str) -> None:
        def watch(progress: Progress) -> None:
            run.progress = replace(progress)

        try:
            result, error = execute(run.review, target, user, watch), ""
        except MapperError as refused:
            result, error = None, str(refused)
        except Exception:
            log.exception("Run %s ended unexpectedly", run.id)
            result, error = None, _UNEXPECTED
        self._ended[run.target] += 1
        run.result, run.error = result, error


@functools.cache
def engine() -> Engine:
    """The one engine of this process."""
    return Engine()
