"""Python's collector, which looks at all objects again whenever there are a quarter more."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """Nothing is collected meanwhile: for work that makes a million objects, all of which stay.
    Of two at a time the one that began first ends the pause."""
    ran = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if ran:
            gc.enable()
