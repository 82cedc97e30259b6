"""A disk that is full when a test says so."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.chaos.apps import App

MEGABYTES = 16


class SmallDisk:
    """A file system of its own."""

    name = "a full disk"

    def __init__(self, path: Path):
        self._ballast = path / "ballast"

    def fill(self, _: App, room: int) -> None:
        """Leave room for so many bytes."""
        with self._ballast.open("wb", buffering=0) as ballast, suppress(OSError):
            while True:
                ballast.write(bytes(4096))
        os.truncate(self._ballast, self._ballast.stat().st_size - room)

    def free(self, _: App) -> None:
        self._ballast.unlink()


class Limit:
    """A limit of the process, where nothing can be mounted. What it prints is far below it, and
    what its database writes soon above."""

    name = "files that may not grow"

    def fill(self, app: App, room: int) -> None:
        self._set(app, 64 * 1024 + room)

    def free(self, app: App) -> None:
        self._set(app, resource.RLIM_INFINITY)

    def _set(self, app: App, size: int) -> None:
        resource.prlimit(app.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@contextmanager
def small_disk(path: Path) -> Iterator[SmallDisk | Limit]:
    """A small disk at ``path``, or what comes next to it on this machine."""
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(path)]
    if subprocess.run(mount, capture_output=True).returncode:  # not root, or not in a container
        yield Limit()
        return
    try:
        yield SmallDisk(path)
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)
