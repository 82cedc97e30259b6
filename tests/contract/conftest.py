"""Every target there is, each fresh, behind one fixture."""

from pathlib import Path

import pytest

from lib.target import provision
from lib.target.connection import OdooSettings
from lib.target.embedded import EmbeddedTarget
from lib.target.odoo import OdooTarget
from lib.target.port import Target
from tests.tables import exported


@pytest.fixture(scope="module", params=["embedded", "odoo"])
def target(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Target:
    """A target that holds products and no Amazon Products at the start of a module."""
    if request.param == "embedded":
        path: Path = tmp_path_factory.mktemp("embedded") / "store.sqlite"
        made = EmbeddedTarget(path)
        made.take_products(exported({"reference": "OLD", "active": False}, {"reference": "A"}))
        return made
    database = request.getfixturevalue("odoo_db")
    made = OdooTarget(OdooSettings(*database))
    provision.provision(made.connection)
    return OdooTarget(OdooSettings(*database))


@pytest.fixture
def product_id(target: Target) -> int:
    """An active product with a reference."""
    found = target.catalogue().products
    return int(found.loc[found["active"] & (found["reference"] != ""), "id"].iloc[0])
