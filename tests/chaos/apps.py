"""The app as processes of their own, which a test starts and kills."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lib.model import JobState
from lib.run.journal import Journal, Run
from lib.store import Store
from lib.ui.registry import ROOT
from tests.conftest import OdooDatabase
from tests.odoo.install import dying_with_us
from tests.tables import SELLER

WORKER = ["-m", "lib", "worker"]
SECONDS = 240
"""How long a test waits for anything before it fails."""


class Home:
    """A folder with the settings of an app, its journal, and the processes that run there."""

    def __init__(self, folder: Path, odoo: OdooDatabase, data: Path, url: str = ""):
        self.folder, self.data, self.url = folder, data, url
        self.apps: list[App] = []
        (folder / ".streamlit").mkdir()
        (folder / ".streamlit" / "secrets.toml").write_text(
            "[connections.odoo]\n"
            + "".join(f'{name} = "{value}"\n' for name, value in odoo._asdict().items())
            + f"[sellers.{SELLER.name}]\nmarketplaces = {list(SELLER.markets)}\n"
        )
        self.journal = Journal(Store(url or f"sqlite:///{data / 'app.sqlite'}"))

    def start(self, *command: str) -> App:
        """Start a process of the app; by default a worker."""
        self.apps.append(App(self, *(command or WORKER)))
        return self.apps[-1]

    def start_screen(self) -> App:
        """Serve the app as its user does, and visit no page."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = str(free.getsockname()[1])
        options = ["--server.port", port, "--server.headless", "true"]
        return self.start("-m", "streamlit", "run", str(ROOT / "app.py"), *options)

    def run(self, run_id: str) -> Run:
        run = self.journal.run(run_id)
        assert run
        return run

    def batches(self, run_id: str) -> int:
        return self.journal.progress(self.run(run_id)).batches

    def done(self, run_id: str) -> int:
        """How many batches of a run have ended."""
        return self.journal.progress(self.run(run_id)).batches_done

    def reach(self, run_id: str, batches: int, attempt: int = 0) -> Run:
        """Wait until a run is at work, in an attempt after this one, and so many batches ended."""

        def there() -> bool:
            run = self.run(run_id)
            assert run.active, run
            at_work = run.state is JobState.RUNNING and run.attempt > attempt
            return at_work and self.done(run_id) >= batches

        self.wait(there)
        return self.run(run_id)

    def wait_for_end(self, run_id: str) -> Run:
        self.wait(lambda: not self.run(run_id).active)
        return self.run(run_id)

    def wait(self, until: Callable[[], Any], seconds: float = SECONDS) -> float:
        """How many seconds it took until it was so."""
        start = time.monotonic()
        while not until():
            waited = time.monotonic() - start
            assert waited < seconds, f"Not so after {seconds} s.\n{self.said()}"
            time.sleep(0.01)
        return time.monotonic() - start

    def said(self) -> str:
        """What the processes printed, and how the runs stand."""
        runs = (f"{run.id} {run.state} {run.attempt} {run.error}" for run in self.journal.runs())
        logs = (app.log.read_text(errors="replace")[-3000:] for app in self.apps)
        return "\n".join([*runs, *logs])

    def close(self) -> None:
        for app in self.apps:
            app.kill()
        self.journal.store.close()


class App:
    """A process of the app, killed at the latest when the test ends."""

    def __init__(self, home: Home, *command: str):
        self.log = home.folder / f"{len(home.apps)}.log"
        set_by_us = {"MAPPER_DATA": home.data, "MAPPER_DATABASE": home.url, "PYTHONPATH": ROOT}
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, *command],
                cwd=home.folder,
                env=os.environ | {name: str(value) for name, value in set_by_us.items()},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dying_with_us(signal.SIGKILL),
            )
        self.pid = self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """End it at once, as kill -9 does."""
        self._process.kill()
        self._process.wait()
