"""The Odoo target: products and the provisioned ``x_`` models, through odoorpc."""

import pandas as pd

from lib.catalogue import Catalogue, amazon_products_frame, products_frame
from lib.target import job_log, layer, pricelists, provision
from lib.target.connection import BUSY, Connection, OdooSettings
from lib.target.port import (
    Denied,
    Job,
    Kind,
    Loaded,
    Message,
    Unreachable,
    changed_since,
    made_frame,
)

_AMAZON_PRODUCT = {
    "title": "x_name",
    "seller": "x_seller",
    "market": "x_marketplace",
    "sku": "x_sku",
    "channel": "x_fulfilment",
    "product_id": "x_product_id",
    "units": "x_units",
    "created_for": "x_created_for",
    "xid": "x_key",
}
_PRODUCT = {
    "reference": "default_code",
    "barcode": "barcode",
    "name": "display_name",
    "active": "active",
}
_MODEL = {
    "product": "product.product",
    "amazon_product": layer.AMAZON_PRODUCT,
    "price": pricelists.RULE,
}
# A product that we created once is left as people have made it since. As with an import on Odoo's
# own screen, no "created" note is posted for each: that would take most of the time.
_CONTEXT = {
    "product": {"mode": "update", "noupdate": True, "tracking_disable": True},
    "amazon_product": {"active_test": False},
    "price": pricelists.NEW,
}


class OdooTarget:
    """A target in the Odoo of these settings. Raises Unreachable or Denied at once."""

    name = "odoo"

    def __init__(self, settings: OdooSettings):
        self.connection = Connection(settings)
        self.label = f"Odoo · {settings.database}"
        self.place = settings.place
        self.identity = f"{self.place} {settings.user}"
        self.user = settings.user
        self.connections = settings.connections

    def missing(self) -> list[str]:
        return provision.missing(self.connection)

    def check_rights(self, kinds: set[Kind]) -> None:
        needed = [(_MODEL[kind], "create") for kind in sorted(kinds)]
        needed += [(_MODEL[kind], "write") for kind in sorted(kinds - {"product"})]
        needed += [(layer.JOB_LOG, "create")]
        for model, right in needed:
            if not self.connection.may(model, right):
                raise Denied(
                    f"User {self.connection.settings.user} has no right to {right} {model} in "
                    f"Odoo database {self.connection.settings.database}. Give the user the "
                    f"rights in Odoo (Settings, Users) and press again; nothing was written."
                )

    def catalogue(self) -> Catalogue:
        products = self._products([])
        amazon_products: list[dict] = []
        if not self.missing():
            read = self._read(layer.AMAZON_PRODUCT, [], list(_AMAZON_PRODUCT.values()))
            amazon_products = [_renamed(record, _AMAZON_PRODUCT) for record in read]
        return Catalogue(
            products,
            amazon_products_frame(amazon_products),
            self.connection.company,
        )

    def amazon_products(self, seller: str, skus: list[str], ids: list[int]) -> pd.DataFrame:
        domain = [("x_seller", "=", seller), "|", ("x_sku", "in", skus), ("id", "in", ids)]
        read = self._read(layer.AMAZON_PRODUCT, domain, list(_AMAZON_PRODUCT.values()))
        return amazon_products_frame([_renamed(record, _AMAZON_PRODUCT) for record in read])

    def products_with(self, codes: list[str]) -> pd.DataFrame:
        return self._products(["|", ("default_code", "in", codes), ("barcode", "in", codes)])

    def pricelists(self) -> pd.DataFrame:
        return pricelists.named(self.connection)

    def prices(self, pricelist: int, products: list[int] | None = None) -> pd.DataFrame:
        return pricelists.prices(self.connection, pricelist, products)

    def made(self, products: pd.DataFrame) -> pd.DataFrame:
        ids = products["id"].to_list()
        tied = self._read(layer.AMAZON_PRODUCT, [("x_product_id", "in", ids)], ["x_product_id"])
        mapped = {record["x_product_id"][0] for record in tied}
        made = made_frame(products, self._products([("id", "in", ids)]), mapped)
        return made.assign(untouched=made["untouched"] & ~made["id"].isin(self._written(ids)))

    def _written(self, products: list[int]) -> set[int]:
        """Those of these products, or of their templates, that were written to after the
        transaction that created them."""
        dates = ["create_date", "write_date"]
        read = self._read("product.product", [("id", "in", products)], [*dates, "product_tmpl_id"])
        templates = [record["product_tmpl_id"][0] for record in read]
        of_templates = self._read("product.template", [("id", "in", templates)], dates)
        written = {t["id"] for t in of_templates if t["create_date"] != t["write_date"]}
        return {
            record["id"]
            for record in read
            if record["create_date"] != record["write_date"]
            or record["product_tmpl_id"][0] in written
        }

    def _products(self, domain: list) -> pd.DataFrame:
        read = self._read(
            "product.product", domain, list(_PRODUCT.values()), display_default_code=False
        )
        return products_frame([_renamed(record, _PRODUCT) for record in read])

    def _read(self, model: str, domain: list, fields: list[str], **context: bool) -> list[dict]:
        context = context | {"active_test": False}
        return list(self.connection.read_all(model, fields, context, domain))

    def load(self, kind: Kind, rows: pd.DataFrame) -> Loaded:
        columns = _load_columns(kind, by_xid=bool(rows["xid"].iloc[0]))
        newest = self._newest_product() if kind == "product" else 0
        cells = rows[list(columns.values())].astype(object)
        if kind == "amazon_product":  # a record may have been without a product before
            cells["product_id"] = cells["product_id"].replace(0, "")
        answer = self.connection.call(
            _MODEL[kind],
            "load",
            [list(columns), cells.to_numpy().tolist()],
            context=_CONTEXT[kind],
        )
        if answer["ids"]:
            if kind == "product":
                return self._with_references(rows, answer["ids"], newest)
            if kind == "price":
                return pricelists.checked(self.connection, rows, answer["ids"])
            return Loaded(answer["ids"], [])
        refused = [
            Message(_row_of(message), message["message"])
            for message in answer["messages"]
            if message["type"] == "error"
        ]
        if any(BUSY.search(message.text) for message in refused):
            raise Unreachable("Odoo is busy: others write to the same records.")
        return Loaded([], refused)

    def _newest_product(self) -> int:
        found = self.connection.call(
            "product.product", "search", [[], 0, 1, "id desc"], context={"active_test": False}
        )
        return max(found, default=0)

    def _with_references(self, rows: pd.DataFrame, ids: list[int], newest: int) -> Loaded:
        """What load() left as it was, up to the product that was ``newest`` before it, may have
        been given another reference by a person."""
        left = {at: number for at, number in enumerate(ids) if number <= newest}
        if not left:
            return Loaded(ids, [])
        read = self.connection.call(
            "product.product",
            "read",
            [list(left.values()), ["default_code"]],
            context={"active_test": False},
        )
        now = {record["id"]: record["default_code"] or "" for record in read}
        wanted = rows["reference"].to_list()
        wrong = {
            at: now.get(number, "")
            for at, number in left.items()
            if now.get(number, "") != wanted[at]
        }
        used = [0 if at in wrong else number for at, number in enumerate(ids)]
        return Loaded(used, [changed_since(at, reference) for at, reference in wrong.items()])

    def delete(self, kind: Kind, records: list[int]) -> None:
        there = self.connection.call(
            _MODEL[kind], "search", [[("id", "in", records)]], context={"active_test": False}
        )
        if there:
            self.connection.call(_MODEL[kind], "unlink", [there])

    def archive(self, products: list[int]) -> None:
        self.connection.call("product.product", "write", [products, {"active": False}])

    def save_job(self, job: Job) -> None:
        job_log.save(self.connection, job)

    def jobs(self) -> list[Job]:
        return [] if self.missing() else job_log.read(self.connection)

    def job_rows(self, job: str) -> pd.DataFrame:
        return job_log.rows(self.connection, job, self.label)


def _load_columns(kind: Kind, by_xid: bool) -> dict[str, str]:
    """The column of Odoo's load() -> ours."""
    if kind == "product":
        return {"id": "xid", "default_code": "reference", "name": "name"}
    if kind == "price":
        return pricelists.COLUMNS if by_xid else {".id": "record_id", "fixed_price": "price"}
    if not by_xid:
        return {
            ".id": "record_id",
            "x_name": "title",
            "x_product_id/.id": "product_id",
            "x_units": "units",
            "x_created_for": "created_for",
        }
    columns = {column: ours for ours, column in _AMAZON_PRODUCT.items()}
    product = columns.pop("x_product_id")
    return {"id": "xid", "x_product_id/.id": product} | columns


def _row_of(message: dict) -> int:
    return message["rows"]["from"] if "rows" in message else -1


def _renamed(record: dict, names: dict[str, str]) -> dict:
    """A record as read, under our names; a many2one as its id."""
    values = {"id": record["id"]}
    for ours, field in names.items():
        value = record[field]
        values[ours] = value[0] if isinstance(value, list) else value
    return values
