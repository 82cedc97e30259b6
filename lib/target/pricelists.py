"""Pricelists of an Odoo: the rules that give a single product a fixed price."""

import pandas as pd

from lib.catalogue import typed
from lib.columns import PRICE_COLUMNS, PRICELIST_COLUMNS
from lib.prices import amount
from lib.target.connection import Connection
from lib.target.port import Loaded, price_changed

RULE = "product.pricelist.item"

COLUMNS = {
    "id": "xid",
    "pricelist_id/.id": "pricelist_id",
    "product_id/.id": "product_id",
    "fixed_price": "price",
}
"""The columns of load() for a new price -> ours."""

NEW = {
    "mode": "update",
    "noupdate": True,  # what people have made of a price since is not overwritten
    "default_applied_on": "0_product_variant",
    "default_compute_price": "fixed",
}
"""The context of load()."""

_FIXED = [
    ("applied_on", "=", "0_product_variant"),
    ("compute_price", "=", "fixed"),
    ("min_quantity", "<=", 1),
    ("date_start", "=", False),
    ("date_end", "=", False),
]


def named(odoo: Connection) -> pd.DataFrame:
    """PRICELIST_COLUMNS of the pricelists that the user's company uses."""
    domain = [("company_id", "in", [False, odoo.company])]
    read = odoo.read_all("product.pricelist", ["name", "currency_id"], domain=domain)
    # What Odoo calls a currency is its code.
    rows = [{"id": r["id"], "name": r["name"], "currency": r["currency_id"][1]} for r in read]
    return typed(pd.DataFrame(rows, columns=PRICELIST_COLUMNS))


def prices(odoo: Connection, pricelist: int, products: list[int] | None) -> pd.DataFrame:
    """PRICE_COLUMNS of a pricelist: of these products, or all."""
    of = [] if products is None else [("product_id", "in", products)]
    domain = [("pricelist_id", "=", pricelist), *_FIXED, *of]
    read = odoo.read_all(RULE, ["product_id", "fixed_price"], domain=domain)
    rows = [
        {"id": r["id"], "product_id": r["product_id"][0], "price": amount(r["fixed_price"])}
        for r in read
    ]
    return typed(pd.DataFrame(rows, columns=PRICE_COLUMNS))


def checked(odoo: Connection, rows: pd.DataFrame, ids: list[int]) -> Loaded:
    """What load() made of rows: it left prices that it had made earlier as they are by now."""
    pricelist, products = int(rows["pricelist_id"].iloc[0]), rows["product_id"].to_list()
    now = prices(odoo, pricelist, products).set_index("id")["price"]
    wrong = pd.Series(ids).map(now).to_numpy() != rows["price"].to_numpy()
    used = [0 if bad else number for number, bad in zip(ids, wrong, strict=True)]
    return Loaded(used, [price_changed(at) for at in wrong.nonzero()[0]])
