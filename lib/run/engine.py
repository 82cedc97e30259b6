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

KEPT = 5
"""Runs whose rows stay in memory; the job log keeps them all."""

_UNEXPECTED = (
    "The run ended unexpectedly; the log of the app says why. Press again: what was written is "
    "recognised."
)

_STALE = (
    "The products or mappings were changed by somebody since this preview was made. Nothing was "
    "written: look at the new numbers below and press Execute again."
)

log = logging.getLogger(__name__)


@dataclass
class Run:
    """One execution. It ends with a ``result``, or with an ``error`` before anything was written.
    ``planned`` is operation value -> how many."""

    id: str
    target: Target
    seller: str
    file: str
    planned: dict[str, int]
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
            run = Run(
                uuid.uuid4().hex,
                target,
                review.seller.name,
                review.file.name,
                review.plan.counts,
                Progress(review.plan.changes, 0),
            )
            self._runs[run.id] = run
            for old in [old for old in self._runs.values() if old.finished][:-KEPT]:
                del self._runs[old.id]
        self._pool.submit(self._work, run, review, user)
        return run.id

    def ended(self, target: Target) -> int:
        """How many runs on a target have ended: each may have changed it."""
        return self._ended[target.identity]

    def run(self, run_id: str) -> Run | None:
        return self._runs.get(run_id)

    def close(self) -> None:
        """Let what is under way end."""
        self._pool.shutdown(wait=True)

    def _refuse_a_second(self, review: Review, target: Target) -> None:
        for run in self._runs.values():
            same = (run.target.identity, run.seller) == (target.identity, review.seller.name)
            if same and not run.finished:
                raise MapperError(
                    f"{run.file} is being executed for seller {run.seller} on "
                    f"{run.target.label}. Wait until it has ended."
                )

    def _work(self, run: Run, review: Review, user: str) -> None:
        def watch(progress: Progress) -> None:
            run.progress = replace(progress)

        result, error = None, ""
        try:
            # A person confirmed this plan; what others changed meanwhile they must see first.
            if review.is_as_on(run.target.catalogue()):
                result = execute(review, run.target, user, watch)
            else:
                error = _STALE
        except MapperError as refused:
            error = str(refused)
        except Exception:
            log.exception("Run %s ended unexpectedly", run.id)
            error = _UNEXPECTED
        self._ended[run.target.identity] += 1
        run.result, run.error = result, error


@functools.cache
def engine() -> Engine:
    """The one engine of this process."""
    return Engine()
