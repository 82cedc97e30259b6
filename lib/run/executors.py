"""Which processes are at work on the runs of a store: each gives a sign of life."""

import os
import socket
import time
from pathlib import Path

import sqlalchemy as sa

from lib.store import EXECUTOR, Store

DEAD_AFTER = 30
"""Seconds of silence after which a process on another machine counts as dead."""


def beat(store: Store, executor: str) -> None:
    """Give a sign of life of this process, by the name it works under."""
    with store.begin() as connection:
        known = sa.update(EXECUTOR).where(EXECUTOR.c.id == executor).values(beat=time.time())
        if not connection.execute(known).rowcount:
            new = {"id": executor, "host": socket.gethostname(), "pid": os.getpid()}
            new |= {"born": _born(os.getpid()), "beat": time.time()}
            connection.execute(sa.insert(EXECUTOR).values(new))


def leave(store: Store, executor: str) -> None:
    """This process works under that name no longer."""
    with store.begin() as connection:
        connection.execute(sa.delete(EXECUTOR).where(EXECUTOR.c.id == executor))


def is_alive(store: Store, executor: str) -> bool:
    with store.begin() as connection:
        found = connection.execute(sa.select(EXECUTOR).where(EXECUTOR.c.id == executor)).first()
    if found is None:
        return False
    silent = time.time() - found.beat > DEAD_AFTER
    if found.host != socket.gethostname() or not found.born:
        return not silent
    # On this machine a death is seen at once, and a process that only sleeps is not taken for dead.
    return _born(found.pid) == found.born


def _born(pid: int) -> str:
    """When a process of this machine began, which no later one of its number shares; "" if there
    is none, or no telling."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return "" if words[0] == "Z" else f"{boot} {words[19]}"
