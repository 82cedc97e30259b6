"""A real Odoo 19 for a benchmark, as the product reaches it and as a bare script does."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import odoorpc

from bench.measure import SOFTWARE
from lib.target import provision
from lib.target.connection import TIMEOUT, OdooSettings
from lib.target.odoo import OdooTarget
from tests.odoo.server import PASSWORD, USER, OdooServer


@contextmanager
def fresh_odoo() -> Iterator[tuple[OdooTarget, odoorpc.ODOO]]:
    """A new database with demo data and the Amazon layer: the product's target, and odoorpc."""
    with OdooServer() as server:
        settings = OdooSettings(server.url, server.new_database(), USER, PASSWORD)
        target = OdooTarget(settings)
        provision.provision(target.connection)
        SOFTWARE["Odoo"] = target.connection.version
        yield target, bare_odoorpc(settings)


def bare_odoorpc(settings: OdooSettings) -> odoorpc.ODOO:
    address = urlsplit(settings.url)
    odoo = odoorpc.ODOO(address.hostname, port=address.port, timeout=TIMEOUT)
    odoo.login(settings.database, settings.user, settings.password)
    return odoo
