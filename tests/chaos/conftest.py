"""Faults, and what they were done to; the table of what became of it is tests/chaos/table.py.

``CHAOS=long`` (``make chaos``) does more of everything.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lib.run import batches
from lib.run.enter import enter
from tests.chaos.apps import Home
from tests.chaos.check import Plain, Things, accounted
from tests.chaos.table import LONG, SEED, TABLE
from tests.conftest import OdooDatabase
from tests.odoo.server import OdooServer
from tests.odoo.steps import layered_database, target
from tests.runs import preview


@dataclass(frozen=True)
class Size:
    """How much a session does."""

    kills: int
    screen_kills: int
    odoo_kills: int
    worker_kills: int
    fills: int
    silence: float
    rows: int
    batch: int


SIZE = Size(20, 5, 5, 5, 5, 30, 5000, 100) if LONG else Size(2, 1, 1, 1, 1, 3, 400, 20)


@pytest.fixture
def size() -> Size:
    return SIZE


@pytest.fixture
def long() -> None:
    """For tests that take too long for every day."""
    if not LONG:
        pytest.skip("only in the long form: make chaos")


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    print(f"CHAOS_SEED={SEED}")  # which pytest shows when the test fails
    return random.Random(f"{SEED} {request.node.name}")


@pytest.fixture(scope="session")
def database(odoo_server: OdooServer) -> OdooDatabase:
    return layered_database(odoo_server)


@pytest.fixture(scope="session")
def plain(database: OdooDatabase) -> Plain:
    return Plain(database)


@pytest.fixture
def new_home(tmp_path: Path, database: OdooDatabase) -> Iterator[Callable[..., Home]]:
    """Makes the folder of an app; its data are in it unless they are to be elsewhere."""
    homes: list[Home] = []

    def make(data: Path = tmp_path / "data", url: str = "") -> Home:
        homes.append(Home(tmp_path, database, data, url))
        return homes[-1]

    yield make
    for home in homes:
        home.close()


@pytest.fixture
def home(new_home: Callable[..., Home]) -> Home:
    return new_home()


class Chaos:
    """One fault, done to runs: enters them, checks them, and notes what became of them."""

    def __init__(self, test: pytest.Item, database: OdooDatabase, plain: Plain):
        self.faults = 0
        self._test, self._name = test, f"{test.name}-"
        self._target, self._plain = target(database), plain
        self._entered: dict[str, Things] = {}
        self._start = time.monotonic()

    def enter(self, home: Home, rows: int = SIZE.rows) -> str:
        """Enter a run, as a screen does whose process then ends; returns its id."""
        things = Things(f"{self._name}{len(self._entered)}", rows)
        products = [{"name": code, "default_code": code} for code in things.existing]
        self._plain.call("product.product", "create", products)
        reviewed = preview(self._target, things.file, create=True)
        run = enter(home.journal, reviewed, self._target, "me", "a process that has ended")
        self._entered[run.id] = things
        return run.id

    def check(self, home: Home, fault: str) -> None:
        """All entered runs have ended, and Odoo and the journal are as if nothing had been."""
        seconds = time.monotonic() - self._start
        found = [things.found(self._plain) for things in self._entered.values()]
        twice, lost = map(sum, zip(*found, strict=True))
        rows = sum(things.rows for things in self._entered.values())
        numbers = [len(self._entered), self.faults, rows, twice, lost]
        line = [fault, *(f"{number:,}" for number in numbers), f"{seconds:.0f}"]
        self._test.user_properties.append((TABLE, line))
        assert (twice, lost) == (0, 0)
        for run_id, things in self._entered.items():
            accounted(home, self._plain, run_id, things.rows)


@pytest.fixture
def chaos(
    request: pytest.FixtureRequest,
    database: OdooDatabase,
    plain: Plain,
    monkeypatch: pytest.MonkeyPatch,
) -> Chaos:
    # Batches small enough that a fault has something to stand between.
    monkeypatch.setattr(
        batches, "BATCH", batches.BATCH | {"product": SIZE.batch, "amazon_product": SIZE.batch}
    )
    return Chaos(request.node, database, plain)
