"""A real Odoo 19 for tests, benchmarks and demos.

    with OdooServer() as odoo:
        database = odoo.new_database()  # a second's work: a clone of the template, with demo data

or `python -m tests.odoo.server` for one to click through. The first use downloads and builds for
some minutes into `.cache/odoo19` (elsewhere with ODOO_TEST_CACHE); later ones start in seconds.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from . import install
from .install import CACHE, ENV, ROOT, postgres, run, unavailable

__all__ = ["PASSWORD", "USER", "OdooServer", "unavailable"]
USER = PASSWORD = "admin"
MODULES = "sale_management,stock"
TEMPLATE = "template_demo"
PREFIX = "odoo19-test-"
# Each worker of pytest-xdist has an Odoo of its own, and so a log.
LOG = "-".join(filter(None, ["odoo", os.environ.get("PYTEST_XDIST_WORKER")]))
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _spawn(command: Sequence[object], log: Path, last: int, **options) -> subprocess.Popen:
    """Start a process in a group of its own, which gets the signal `last` if we die first."""
    with log.open("ab") as out:
        options |= {"stdin": subprocess.DEVNULL, "stdout": out, "stderr": out, "env": ENV}
        options |= {"start_new_session": True, "preexec_fn": install.dying_with_us(last)}
        return subprocess.Popen([str(c) for c in command], **options)


def _end(process: subprocess.Popen | None, signum: int) -> None:
    """End a process and all of its group."""
    if not process:
        return
    for sent, patience in ((signum, 20), (signal.SIGKILL, None)):
        with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(process.pid, sent)
            process.wait(patience)


def _await(ready: Callable[[], bool], process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + 180
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            tail = log.read_text(errors="replace")[-4000:]
            raise RuntimeError(f"It did not start. {log.name}:\n{tail}")
        time.sleep(0.1)


class OdooServer:
    """An Odoo and a PostgreSQL of its own, in a temporary folder that `stop` removes.

    Once started it has `url`, `port`, `log` (the path of Odoo's log) and `process` (Odoo's). Start
    it from a thread that outlives its use: when that thread ends, so do the processes.
    """

    def __init__(self, workers: int = 0) -> None:
        self.workers = workers
        self.process: subprocess.Popen | None = None
        self._postgres: subprocess.Popen | None = None

    def __enter__(self) -> OdooServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, workers: int | None = None) -> None:
        """Start Odoo, on PostgreSQL, and return when it answers. 0 workers: a single process."""
        self.workers = self.workers if workers is None else workers
        if not self._postgres:
            with install.installed() as key:
                template = install.once("template", f"{MODULES} {key}", _build_template)
            self._start_postgres(template)
        command = [*self._odoo("server"), "--workers", self.workers]
        self.process = _spawn(command, self.log, signal.SIGTERM)
        _await(self._healthy, self.process, self.log)

    def kill(self) -> None:
        """End Odoo at once, as a crash would; `start` brings it back at the same address."""
        _end(self.process, signal.SIGKILL)

    def restart(self, workers: int | None = None) -> None:
        """End Odoo as its administrator would, and start it again at the same address."""
        _end(self.process, signal.SIGTERM)
        self.start(workers)

    @property
    def socket(self) -> Path:
        """The folder where PostgreSQL listens."""
        return self._cluster

    @contextlib.contextmanager
    def silent_database(self) -> Iterator[None]:
        """Until the block ends PostgreSQL answers nothing, and no connection to it breaks."""
        assert self._postgres
        server = str(self._postgres.pid)
        os.kill(self._postgres.pid, signal.SIGSTOP)  # first, so that it makes no new children
        # Each has a process group of its own.
        children = [*map(int, run("pgrep", "-P", server).split())]
        try:
            for child in children:
                os.kill(child, signal.SIGSTOP)
            yield
        finally:
            for process in (*children, self._postgres.pid):
                os.kill(process, signal.SIGCONT)

    def stop(self) -> None:
        """End everything and remove its files, but for a copy of Odoo's log in the cache."""
        self.kill()
        _end(self._postgres, signal.SIGINT)
        if self._postgres:
            if self.log.exists():
                shutil.copy(self.log, CACHE / f"{LOG}.log")
            shutil.rmtree(self._folder, ignore_errors=True)
        self.process = self._postgres = None
        atexit.unregister(self.stop)

    def new_database(self) -> str:
        """A clone of the template: its demo data, with USER and PASSWORD for its administrator."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        self.sql("createdb", "--template", TEMPLATE, name)
        # Odoo never writes to a file in there twice, so the clones can share them.
        shutil.copytree(self._filestore / TEMPLATE, self._filestore / name, copy_function=os.link)
        return name

    def drop_database(self, name: str) -> None:
        """Drop it, whoever uses it."""
        self.sql("dropdb", "--force", name)
        shutil.rmtree(self._filestore / name, ignore_errors=True)

    def sql(self, program: str, *arguments: str) -> str:
        """What one of PostgreSQL's client programs (psql, createdb...) prints."""
        return run(postgres(program), "-h", self._cluster, "-U", "odoo", *arguments)

    def _odoo(self, command: str) -> list[object]:
        code, python = f"PYTHONPATH={install.ADDONS}", install.PYTHON
        return ["env", code, python, "-m", "odoo", command, "-c", self._config]

    def _healthy(self) -> bool:
        with contextlib.suppress(OSError):
            return DIRECT.open(f"{self.url}/web/health", timeout=10).status == 200
        return False

    def _start_postgres(self, template: Path | None) -> None:
        """Set out the folder and start PostgreSQL, on a copy of the template or an empty cluster.

        PostgreSQL's user can reach a temporary folder wherever the cache is. It listens on a socket
        in its data folder only: no port to clash, and nobody else can connect.
        """
        # What runs ended by kill -9 left behind.
        for old in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
            if not Path("/proc", old.name.split("-")[2]).exists():
                shutil.rmtree(old, ignore_errors=True)
        self._folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self._folder.chmod(0o711)
        self._cluster = self._folder / "cluster"
        self._filestore = self._folder / "odoo" / "filestore"
        self._config = self._folder / "odoo.conf"
        self.log = self._folder / "odoo.log"
        self._filestore.mkdir(parents=True)
        self._cluster.mkdir(mode=0o700)
        owner: dict = {"cwd": self._cluster}
        if ROOT:
            shutil.chown(self._cluster, "postgres", "postgres")
            owner |= {"user": "postgres", "group": "postgres", "extra_groups": []}
        if template:
            with (template / "cluster.tar").open() as tar:
                run("tar", "-x", stdin=tar, **owner)
            shutil.copytree(template / "filestore", self._filestore / TEMPLATE)
        else:
            how = ["-Uodoo", "-Atrust", "-EUTF8", "--locale=C", "--no-sync", "-D", "."]
            run(postgres("initdb"), *how, **owner)
        # No care for a power cut: nothing in here outlives the run.
        how = ["-cfsync=off", "-cfull_page_writes=off", "-csynchronous_commit=off"]
        where = ["-D", self._cluster, "-k", self._cluster, "-clisten_addresses="]
        log = self._folder / "postgres.log"
        atexit.register(self.stop)
        self._postgres = _spawn([postgres("postgres"), *where, *how], log, signal.SIGINT, **owner)
        asks = [postgres("pg_isready"), "-q", "-h", self._cluster]
        _await(lambda: subprocess.run(asks, env=ENV).returncode == 0, self._postgres, log)
        self._configure()

    def _configure(self) -> None:
        free = ("127.0.0.1", 0)
        with socket.create_server(free) as http, socket.create_server(free) as gevent:
            self.port, gevent_port = http.getsockname()[1], gevent.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        # The limits are for benchmarks: Odoo ends a worker whose one request takes longer.
        self._config.write_text(f"""[options]
addons_path = {install.ADDONS}/odoo/addons,{install.ADDONS}/addons
data_dir = {self._filestore.parent}
db_host = {self._cluster}
db_user = odoo
http_interface = 127.0.0.1
http_port = {self.port}
gevent_port = {gevent_port}
max_cron_threads = 0
limit_time_cpu = 1800
limit_time_real = 1800
""")


def _build_template(path: Path) -> None:
    """A database with demo data, kept as a tar of its whole cluster: no run can spoil another's."""
    server = OdooServer()
    server._start_postgres(None)
    server.sql("createdb", TEMPLATE)
    once = ["-d", TEMPLATE, "--no-http"]
    run(*server._odoo("server"), *once, "--stop-after-init", "--with-demo", "-i", MODULES)
    # Else the first page of each clone would wait for its scripts and styles to be compiled.
    compiling = "env['ir.qweb']._pregenerate_assets_bundles(); env.cr.commit()\n"
    run(*server._odoo("shell"), *once, input=compiling)
    # Odoo must neither list nor open it: a template in use cannot be cloned.
    closing = f"ALTER DATABASE {TEMPLATE} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false"
    server.sql("psql", "-d", "postgres", "-qc", closing)
    _end(server._postgres, signal.SIGINT)
    shutil.copytree(server._filestore / TEMPLATE, path / "filestore")
    run("tar", "-C", server._cluster, "-cf", path / "cluster.tar", "--exclude=./postmaster.*", ".")
    server.stop()


def main() -> None:
    """A demo Odoo until Ctrl-C or SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    if reason := unavailable():
        sys.exit(reason)
    print("Starting Odoo 19 (the first time it is built, for some minutes)...", flush=True)
    with contextlib.suppress(KeyboardInterrupt), OdooServer() as odoo:
        name = odoo.new_database()
        print(f"URL       {odoo.url}/odoo?db={name}", f"database  {name}", sep="\n")
        print(f"user      {USER}\npassword  {PASSWORD}\nCtrl-C ends it.", flush=True)
        while odoo.process and odoo.process.poll() is None:
            time.sleep(1)


if __name__ == "__main__":
    main()
