"""Reports go on without anybody who waits: in a thread of each process that serves the app."""

import logging
import threading
import time
from collections.abc import Callable
from itertools import groupby

from lib import settings
from lib.amazon.account import Amazon
from lib.amazon.port import AmazonError, Unreachable
from lib.amazon.reports import POLLS, Request, advance, note_trouble, under_way
from lib.model import MapperError
from lib.store import Store

TICK = 1.0
"""Seconds between two looks for reports whose turn it is."""

TROUBLED = 30.0
"""Seconds until the next look, when the settings or the app's own database cannot be read."""

PARTING = 10.0
"""Seconds that a step under way has to end when the app is closed."""

log = logging.getLogger(__name__)


class Watch:
    """Advances all reports under way of the sellers whose credentials this process has: those of a
    seller one after another, for Amazon's limits are an account's, and sellers side by side."""

    def __init__(self, store: Store, configured: Callable[[], settings.Settings]):
        self._store, self._configured = store, configured
        self._due: dict[str, float] = {}
        self._looks: dict[str, int] = {}
        self._at_work: dict[str, threading.Thread] = {}
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="reports", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop after the steps under way; one that takes long is made again by whoever comes."""
        self._closing.set()
        end = time.monotonic() + PARTING
        self._thread.join()
        for thread in self._at_work.values():
            thread.join(max(0.0, end - time.monotonic()))

    def _watch(self) -> None:
        pause = 0.0
        while not self._closing.wait(pause):
            pause = TICK
            try:
                self._look()
            except MapperError as error:
                log.warning("%s", error)
                pause = TROUBLED
            except Exception:
                log.exception("The reports could not be looked after")
                pause = TROUBLED

    def _look(self) -> None:
        waiting = under_way(self._store)
        if not waiting:
            self._due.clear()
            self._looks.clear()
            return
        configured = self._configured()
        for seller, asked in groupby(waiting, lambda request: request.seller):
            at_work = seller in self._at_work and self._at_work[seller].is_alive()
            if at_work or seller not in configured.sellers or configured.amazon[seller].missing:
                continue
            now = time.monotonic()
            due = [request for request in asked if self._due.get(request.id, 0.0) <= now]
            if due:
                what = configured.open_amazon(seller), due
                name = f"reports of {seller}"
                thread = threading.Thread(target=self._advance, args=what, name=name, daemon=True)
                self._at_work[seller] = thread
                thread.start()

    def _advance(self, amazon: Amazon, due: list[Request]) -> None:
        for request in due:
            if self._closing.is_set():
                return
            self._due[request.id] = time.monotonic() + self._step(amazon, request)

    def _step(self, amazon: Amazon, request: Request) -> float:
        """One step; returns the seconds until the next one. What goes wrong is noted, and keeps
        no other report waiting."""
        try:
            if advance(self._store, amazon, request).state is not request.state:
                return 0.0
        except AmazonError as error:
            note_trouble(self._store, request.id, error)
            return max(POLLS[-1], error.after if isinstance(error, Unreachable) else 0.0)
        except MapperError as error:
            log.warning("%s", error)
            return TROUBLED
        except Exception:
            log.exception("The report of %s for %s fell", request.seller, request.market)
            return POLLS[-1]
        looks = self._looks[request.id] = self._looks.get(request.id, -1) + 1
        return POLLS[min(looks, len(POLLS) - 1)]
