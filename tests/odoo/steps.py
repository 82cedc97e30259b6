"""What the tests against a real Odoo do over and over."""

from lib.target import provision
from lib.target.connection import Connection, OdooSettings
from lib.target.layer import AMAZON_PRODUCT
from lib.target.odoo import OdooTarget
from tests.conftest import OdooDatabase
from tests.odoo.server import PASSWORD, USER, OdooServer
from tests.runs import Result
from tests.tables import SELLER


def layered_database(server: OdooServer) -> OdooDatabase:
    """A new database with demo data and the Amazon layer."""
    made = OdooDatabase(server.url, server.new_database(), USER, PASSWORD)
    provision.provision(target(made).connection)
    return made


def target(database: OdooDatabase, user: str = "", password: str = "") -> OdooTarget:
    """The target as this user sees it; by default the administrator."""
    changed = {"user": user, "password": password or user} if user else {}
    return OdooTarget(OdooSettings(*database._replace(**changed)))


def outcomes(result: Result) -> dict[str, int]:
    """Outcome -> rows, but for the outcomes that no row has."""
    return {name: rows for name, rows in result.job.counts["outcomes"].items() if rows}


def add_user(odoo: Connection, login: str, *groups: str) -> str:
    """An internal user with these groups, whose password is the login."""
    group_ids = [by_xid(odoo, group) for group in ("base.group_user", *groups)]
    values = {"name": login, "login": login, "password": login, "group_ids": [(6, 0, group_ids)]}
    odoo.call("res.users", "create", [values])
    return login


def by_xid(odoo: Connection, xid: str) -> int:
    """The id of the record that has this external id."""
    module, name = xid.split(".")
    domain = [("module", "=", module), ("name", "=", name)]
    return odoo.call("ir.model.data", "search_read", [domain, ["res_id"]])[0]["res_id"]


def add_product(odoo: Connection, reference: str, **values) -> int:
    return odoo.call(
        "product.product", "create", [{"name": reference, "default_code": reference} | values]
    )


def by_hand(odoo: Connection, sku: str, product: int, **values) -> int:
    """An Amazon Product as a person makes it on Odoo's own screen."""
    record = {"x_name": "By hand", "x_seller": SELLER.name, "x_marketplace": "US", "x_sku": sku,
              "x_fulfilment": "AFN", "x_product_id": product}  # fmt: skip
    return odoo.call(AMAZON_PRODUCT, "create", [record | values])


def count(odoo: Connection, model: str, *domain: tuple) -> int:
    """Records, archived ones among them."""
    return odoo.call(model, "search_count", [list(domain)], {"active_test": False})
