"""What a real Odoo 19 is made of, fetched once into a cache. `server` runs it.

No Docker, and no change to the machine but PostgreSQL.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

# Odoo's package links to files of the other four: without them each of its pages is an error.
PACKAGES = [
    "odoo-19",
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-font-awesome",
]
HERE = Path(__file__).resolve().parent
CACHE = Path(os.environ.get("ODOO_TEST_CACHE") or HERE.parents[1] / ".cache" / "odoo19").resolve()
PYTHON = CACHE / "venv" / "bin" / "python"
ADDONS = CACHE / "odoo" / "usr" / "lib" / "python3" / "dist-packages"
ROOT = os.geteuid() == 0
LIBC = ctypes.CDLL(None)  # loaded here, as a forked child must not
# No proxy, and no PostgreSQL or Python setting of the developer's, may reach Odoo.
ENV = {k: v for k, v in os.environ.items() if not re.match("PG|PYTHON|.*_proxy$", k, re.IGNORECASE)}


def unavailable() -> str:
    """Why this machine cannot have an Odoo, or "" if it can."""
    if not _postgres_folder() and not (ROOT and shutil.which("apt-get")):
        return "PostgreSQL's initdb is missing, and only root with apt could install it"
    apt = shutil.which("apt-get") and shutil.which("dpkg-deb")
    if not (CACHE / "odoo.ok").exists() and not (apt and _archive()):
        return "Odoo 19 comes from Debian's archive, and this machine has no apt set to it"
    return ""


def dying_with_us(last: int) -> Callable[[], None]:
    """For a preexec_fn: signal the child when the thread that started it ends, even by kill -9."""
    return lambda: LIBC.prctl(1, last)  # 1: PR_SET_PDEATHSIG


def run(*command: object, **options) -> str:
    """The output of a command, or an error that ends with it."""
    done = subprocess.run(
        [str(c) for c in command],
        text=True,
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=dying_with_us(signal.SIGTERM),
        **{"env": ENV, **options},
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}:\n{done.stdout[-4000:]}")
    return done.stdout


def postgres(program: str) -> Path:
    """The path of one of PostgreSQL's programs."""
    folder = _postgres_folder()
    assert folder, "PostgreSQL is missing"
    return folder / program


def _postgres_folder() -> Path | None:
    """Where PostgreSQL's programs are: Debian keeps them out of PATH."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = (initdb.parent for initdb in Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return max(versions, key=lambda folder: int(folder.parent.name), default=None)


@contextmanager
def installed() -> Iterator[str]:
    """Install what is missing, and hold the cache's lock for what else is to be built from it.

    Gives a key that changes with what is installed.
    """
    if reason := unavailable():
        raise RuntimeError(reason)
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with alone_with_apt():
            if not _postgres_folder():
                _install_postgres()
        if ROOT:  # PostgreSQL refuses to run as root
            run("sh", "-c", "id postgres || useradd --system postgres")
        once("odoo", " ".join(PACKAGES), _unpack_odoo)
        once("venv", sys.version + (HERE / "requirements.txt").read_text(), _make_venv)
        yield f"{(CACHE / 'odoo.ok').stat().st_mtime_ns} {run(postgres('initdb'), '--version')}"


@contextmanager
def alone_with_apt() -> Iterator[None]:
    """Hold a lock of ours for what installs packages: apt refuses a second one at a time."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "apt.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def once(name: str, key: str, build: Callable[[Path], None]) -> Path:
    """`CACHE/name`, built unless its marker, written last, says that it is whole and for `key`."""
    path, marker = CACHE / name, CACHE / f"{name}.ok"
    if not marker.exists() or marker.read_text() != key:
        marker.unlink(missing_ok=True)
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir()
        build(path)
        marker.write_text(key)
    return path


def _install_postgres() -> None:
    conf = Path("/etc/postgresql-common/createcluster.conf")
    if not conf.exists():  # else Debian would set up and start a cluster of its own
        conf.parent.mkdir(exist_ok=True)
        conf.write_text("create_main_cluster = false\n")
    run("apt-get", "-q", "update", env=os.environ)
    how = ["-qy", "-oDpkg::Options::=--force-confold", "--no-install-recommends"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", *how, "install", "postgresql", env=quiet)


def _archive() -> str:
    """The Debian mirror that this machine's apt is set to."""
    addresses = run("apt-get", "indextargets", "--format", "$(REPO_URI)").split()
    return next((a for a in addresses if re.search("/debian/?$", a)), "")


def _unpack_odoo(path: Path) -> None:
    """Odoo from Debian unstable, by a source list of our own: the machine's stays as it is."""
    work = path / "apt"
    for part in ("lists/partial", "archives/partial"):
        (work / part).mkdir(parents=True)
    (work / "sid.list").write_text(f"deb {_archive()} sid main\n")
    options = [
        f"Dir::Etc::sourcelist={work}/sid.list",
        "Dir::Etc::sourceparts=-",
        f"Dir::State::Lists={work}/lists",
        f"Dir::Cache={work}",
        "APT::Sandbox::User=",  # apt's own user might not reach the cache
        "Acquire::Check-Valid-Until=false",  # a mirror some weeks behind will do
    ]
    apt = ["apt-get", "-q", *(f"-o{option}" for option in options)]
    run(*apt, "update", env=os.environ)
    run(*apt, "download", *PACKAGES, env=os.environ, cwd=work)
    for deb in work.glob("*.deb"):
        run("dpkg-deb", "--extract", deb, path)
    shutil.rmtree(work)


def _make_venv(path: Path) -> None:
    run(sys.executable, "-m", "venv", path)
    how = ["-q", "--disable-pip-version-check", "--only-binary=:all:"]
    run(PYTHON, "-m", "pip", "install", *how, "-r", HERE / "requirements.txt", env=os.environ)
