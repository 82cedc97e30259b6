"""The app as its user starts it: `streamlit run app.py`, in a project folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from lib.ui.registry import ROOT
from tests.odoo.install import dying_with_us

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
SECONDS = 60


class App(NamedTuple):
    """A served app: its address, the file with all that it printed, and its process."""

    url: str
    log: Path
    pid: int


@contextmanager
def served(folder: Path, secrets: str = "", script: Path = ROOT / "app.py") -> Iterator[App]:
    """Serve the app with these settings and its data in the folder, until the block ends.

    Streamlit reads the config.toml beside the script; the app reads secrets.toml where it was
    started, which is the folder. No page is asked for here: the first visit is the test's.
    """
    (folder / ".streamlit").mkdir(exist_ok=True)
    (folder / ".streamlit" / "secrets.toml").write_text(secrets)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    path = folder / "app.log"
    options = ["--server.port", str(port), "--server.headless", "true"]
    with path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", script, *options],
            cwd=folder,
            env={**os.environ, "MAPPER_DATA": str(folder / "data")},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=dying_with_us(signal.SIGTERM),
        )
    app = App(f"http://127.0.0.1:{port}", path, process.pid)
    try:
        _await_health(app, process)
        yield app
    finally:
        _end(process)


def _await_health(app: App, process: subprocess.Popen) -> None:
    end = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < end:
        with suppress(OSError), DIRECT.open(f"{app.url}/_stcore/health", timeout=5):
            return
        time.sleep(0.05)
    raise RuntimeError(f"The app did not start:\n{app.log.read_text(errors='replace')}")


def _end(process: subprocess.Popen) -> None:
    for sent, patience in ((signal.SIGTERM, 20), (signal.SIGKILL, None)):
        with suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(process.pid, sent)
            process.wait(patience)
            return
