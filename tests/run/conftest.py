"""Engines, each on a store of its own and with the embedded target."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lib import settings
from lib.run.engine import Engine
from lib.target.embedded import EmbeddedTarget
from tests.runs import embedded_target


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MAPPER_DATA", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def target(data: Path) -> EmbeddedTarget:
    return embedded_target(data / "embedded.sqlite")


@pytest.fixture
def start_engine() -> Iterator[Callable[[], Engine]]:
    """Starts an engine, closing the one before."""
    started: list[Engine] = []

    def start(**options) -> Engine:
        if started:
            started.pop().close()
        started.append(Engine(settings.load, **options))
        return started[-1]

    yield start
    for engine in started:
        engine.close()
