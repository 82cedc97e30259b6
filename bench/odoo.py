"""A real Odoo 19 for a benchmark, as the product reaches it and as a bare script does."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import odoorpc

from bench.measure import SOFTWARE
from lib.review import Review
from lib.run.engine import Engine
from lib.settings import Settings
from lib.target import provision
from lib.target.connection import TIMEOUT, OdooSettings
from lib.target.odoo import OdooTarget
from tests.odoo.server import PASSWORD, USER, OdooServer


@contextmanager
def fresh_odoo(workers: int = 0) -> Iterator[tuple[OdooTarget, odoorpc.ODOO]]:
    """A new database with demo data and the Amazon layer: the product's target, with as many
    connections as Odoo has workers or its own default, and odoorpc."""
    with OdooServer(workers) as server:
        settings = OdooSettings(server.url, server.new_database(), USER, PASSWORD)
        settings = replace(settings, connections=workers or settings.connections)
        target = OdooTarget(settings)
        provision.provision(target.connection)
        SOFTWARE["Odoo"] = target.connection.version
        yield target, bare_odoorpc(settings)


def bare_odoorpc(settings: OdooSettings) -> odoorpc.ODOO:
    address = urlsplit(settings.url)
    odoo = odoorpc.ODOO(address.hostname, port=address.port, timeout=TIMEOUT)
    odoo.login(settings.database, settings.user, settings.password)
    return odoo


@contextmanager
def fresh_engine(target: OdooTarget) -> Iterator[Engine]:
    """The engine as a command starts it, with a journal of its own."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/app.sqlite"
        settings = Settings({}, target.connection.settings, Path(folder), database)
        engine = Engine(lambda: settings, alone=True)
        try:
            yield engine
        finally:
            engine.close()


def run_to_end(engine: Engine, made: Review, target: OdooTarget, **watch) -> None:
    """Execute a reviewed plan, as Execute does; every row must be done."""
    run = engine.wait(engine.start(made, target, "bench"), **watch)
    assert run.counts["outcomes"]["done"] == len(made.plan.rows), run


def with_connections(target: OdooTarget, connections: int) -> OdooTarget:
    return OdooTarget(replace(target.connection.settings, connections=connections))
