"""An Odoo without and one with the Amazon layer, which the modules share to save time."""

import pytest

from lib.target.connection import Connection
from lib.target.odoo import OdooTarget
from tests.conftest import OdooDatabase
from tests.odoo.server import PASSWORD, USER, OdooServer
from tests.odoo.steps import layered_database, target


@pytest.fixture(scope="session")
def bare(odoo_server: OdooServer) -> OdooDatabase:
    """A database without the layer: no test makes it there."""
    return OdooDatabase(odoo_server.url, odoo_server.new_database(), USER, PASSWORD)


@pytest.fixture(scope="session")
def layered(odoo_server: OdooServer) -> OdooDatabase:
    """A database with the layer: each test has Seller SKUs and references of its own."""
    return layered_database(odoo_server)


@pytest.fixture(scope="module")
def of_odoo(layered: OdooDatabase) -> OdooTarget:
    """The target with the layer, as the administrator sees it."""
    return target(layered)


@pytest.fixture(scope="module")
def odoo(of_odoo: OdooTarget) -> Connection:
    """Its connection, to look at Odoo's own records."""
    return of_odoo.connection
