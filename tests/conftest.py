"""Fixtures that more than one test module uses."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings

from tests.hook import Hook, listening
from tests.odoo.server import PASSWORD, USER, OdooServer, unavailable

# How long an example takes says how busy the machine is, not that the code is wrong.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


class OdooDatabase(NamedTuple):
    """What it takes to log in to an Odoo."""

    url: str
    database: str
    user: str
    password: str


@pytest.fixture(scope="session")
def odoo_server() -> Iterator[OdooServer]:
    """A real Odoo 19, or a skipped test; in CI it must be there."""
    if reason := unavailable():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    with OdooServer() as server:
        yield server


@pytest.fixture(scope="module")
def odoo_db(odoo_server: OdooServer) -> Iterator[OdooDatabase]:
    """A fresh database with Odoo's demo data for this test module alone."""
    database = odoo_server.new_database()
    yield OdooDatabase(odoo_server.url, database, USER, PASSWORD)
    odoo_server.drop_database(database)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with no settings and no data."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAPPER_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("ODOO_PASSWORD", raising=False)
    return tmp_path


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    """A web hook that is notified."""
    with listening() as server:
        monkeypatch.setenv("MAPPER_NOTIFY", server.address)
        yield server
