"""Python's collector, which looks at all objects again whenever there are a quarter more."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class _Pauses:
    """The pauses under way, in any thread: Python has one collector for all of them."""

    def __init__(self) -> None:
        self._lock, self._count, self._ran = Lock(), 0, False

    def begin(self) -> None:
        with self._lock:
            if not self._count:
                self._ran = gc.isenabled()
                gc.disable()
            self._count += 1

    def end(self) -> None:
        with self._lock:
            self._count -= 1
            if not self._count and self._ran:
                gc.enable()


_PAUSES = _Pauses()


@contextmanager
def paused() -> Iterator[None]:
    """Nothing is collected meanwhile: for work that makes a million objects, all of which stay.
    Of several at a time the one that ends last ends the pause."""
    _PAUSES.begin()
    try:
        yield
    finally:
        _PAUSES.end()
