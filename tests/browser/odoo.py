"""What an Odoo holds, read by a client of its own and not by the app's."""

from urllib.parse import urlsplit

import odoorpc

from tests.conftest import OdooDatabase


def plain_connection(odoo_db: OdooDatabase) -> odoorpc.ODOO:
    odoo = odoorpc.ODOO("127.0.0.1", port=urlsplit(odoo_db.url).port)
    odoo.login(odoo_db.database, odoo_db.user, odoo_db.password)
    return odoo


def amazon_products(odoo: odoorpc.ODOO) -> list[tuple]:
    """What Odoo holds: (title, reference of its product, SKU, seller, marketplace, channel)."""
    names = ["x_name", "x_product_id", "x_sku", "x_seller", "x_marketplace", "x_fulfilment"]
    records = odoo.env["x_amazon_product"].search_read([], names)
    ids = [record["x_product_id"][0] for record in records]
    products = odoo.env["product.product"].read(ids, ["default_code"])
    codes = {product["id"]: product["default_code"] for product in products}
    for record in records:
        record["x_product_id"] = codes[record["x_product_id"][0]]
    return sorted(tuple(record[name] for name in names) for record in records)


def products(odoo: odoorpc.ODOO) -> list[tuple]:
    """All products, also archived ones: (id, internal reference, name, active)."""
    names = ["id", "default_code", "name", "active"]
    found = odoo.env["product.product"].with_context(active_test=False).search_read([], names)
    return sorted(tuple(record[name] for name in names) for record in found)
