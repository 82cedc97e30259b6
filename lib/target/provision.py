"""The layer above Odoo's products, made in the customer's Odoo by RPC with no module installed.

Every record of it has an external id of our module, so that provisioning twice changes nothing
and removing it finds all of it again.
"""

from dataclasses import dataclass
from typing import Any

from lib.external_id import MODULE
from lib.model import Outcome
from lib.source.marketplaces import MARKETPLACES
from lib.target.connection import Connection
from lib.target.port import TargetError

AMAZON_PRODUCT = "x_amazon_product"
JOB_LOG = "x_amazon_job_log"

_NAMES = {
    AMAZON_PRODUCT: "Amazon Product",
    JOB_LOG: "Amazon Job Log",
}


@dataclass(frozen=True)
class Part:
    """One record to provision: ``xid`` within our module, and load() column -> value."""

    xid: str
    model: str
    values: dict[str, Any]

    @property
    def words(self) -> str:
        """What a user reads in the preview."""
        kind = _KINDS[self.model]
        if self.model == "ir.model.fields":
            return f"{kind} {self.values['field_description']} ({self.values['name']})"
        return f"{kind} {self.values['name']}"


@dataclass(frozen=True)
class _Opens:
    """The action a menu opens: a reference field, which load() takes by number only."""

    action: str


_KINDS = {
    "res.groups": "User group",
    "ir.model": "Model",
    "ir.model.fields": "Field",
    "ir.model.access": "Access rights",
    "ir.ui.view": "View",
    "ir.actions.act_window": "Action",
    "ir.ui.menu": "Menu",
}


def missing(odoo: Connection) -> list[str]:
    """What of the layer is not in this Odoo yet, in words."""
    return [part.words for part in _missing(odoo)]


def provision(odoo: Connection) -> list[str]:
    """Make what is missing of the layer; returns it in words. Raises Denied without the
    administrator's rights."""
    made = []
    for part in _missing(odoo):
        columns = ["id", *part.values]
        row = [f"{MODULE}.{part.xid}", *(_resolved(odoo, value) for value in part.values.values())]
        loaded = odoo.call(part.model, "load", [columns, [row]])
        if not loaded["ids"]:
            words = "; ".join(message["message"] for message in loaded["messages"])
            raise TargetError(f"Odoo refused {part.words}: {words}")
        if part.model == "res.groups":
            fields = odoo.call("res.groups", "fields_get", [[], ["type"]])
            users = "user_ids" if "user_ids" in fields else "users"
            odoo.call("res.groups", "write", [loaded["ids"], {users: [(4, odoo.user)]}])
        made.append(part.words)
    return made


def removable(odoo: Connection) -> dict[str, int]:
    """What ``remove`` would remove: words -> records."""
    found = _ours(odoo)
    words = {
        f"{_NAMES[model]} record": odoo.call(model, "search_count", [[]])
        for model in _NAMES
        if any(record["name"] == _model_xid(model) for record in found) and _readable(odoo, model)
    }
    for model, kind in reversed(_KINDS.items()):
        words[kind] = sum(record["model"] == model for record in found)
    return {what: count for what, count in words.items() if count}


def remove(odoo: Connection) -> None:
    """Remove the whole layer: its records, menus, actions, views, rights, fields and models.
    The products stay."""
    found = _ours(odoo)
    # In the reverse order of their making; a model takes its records with it. Fields go before,
    # and first those that others are shown through.
    for model in reversed(_KINDS):
        ids = [record["res_id"] for record in found if record["model"] == model]
        if model == "ir.model.fields" and ids:
            domain = [("id", "in", ids), ("related", "!=", False)]
            shown_through = odoo.call(model, "search", [domain])
            odoo.call(model, "unlink", [shown_through])
            ids = [record for record in ids if record not in shown_through]
        if ids:
            odoo.call(model, "unlink", [ids])
    left = odoo.call("ir.model.data", "search", [[("module", "=", MODULE)]])
    if left:
        odoo.call("ir.model.data", "unlink", [left])


def _ours(odoo: Connection) -> list[dict]:
    """The external ids of the layer's own records (not of what was written into it)."""
    domain = [("module", "=", MODULE), ("model", "in", list(_KINDS))]
    return odoo.call("ir.model.data", "search_read", [domain, ["name", "model", "res_id"]])


def _missing(odoo: Connection) -> list[Part]:
    parts = _parts(odoo.major)
    try:
        present = {record["name"] for record in _ours(odoo)}
    except TargetError:
        # Only administrators read external ids; others see the layer if it is usable.
        usable = all(_readable(odoo, model) for model in _NAMES)
        return [] if usable else parts
    return [part for part in parts if part.xid not in present]


def _readable(odoo: Connection, model: str) -> bool:
    try:
        return odoo.may(model, "read")
    except TargetError:
        return False


def _resolved(odoo: Connection, value: Any) -> Any:
    """A value as load() takes it: text or number, never a bool."""
    if isinstance(value, bool):
        return str(value)
    if not isinstance(value, _Opens):
        return value
    domain = [("module", "=", MODULE), ("name", "=", value.action)]
    found = odoo.call("ir.model.data", "search_read", [domain, ["model", "res_id"]])[0]
    return f"{found['model']},{found['res_id']}"


def _model_xid(model: str) -> str:
    return f"model_{model.removeprefix('x_')}"


def _parts(major: int) -> list[Part]:
    group = Part("group_manager", "res.groups", {"name": "Amazon Manager"})
    parts = [group]
    for model, name in _NAMES.items():
        parts.append(Part(_model_xid(model), "ir.model", {"name": name, "model": model}))
        parts += [_field(model, *spec) for spec in _FIELDS[model]]
        parts += _access(model)
        parts += _views(model, major)
    return parts + _menus(major)


def _field(model: str, name: str, label: str, kind: str, more: dict[str, Any]) -> Part:
    values = {
        "model_id/id": f"{MODULE}.{_model_xid(model)}",
        "name": name,
        "field_description": label,
        "ttype": kind,
    }
    return Part(f"field_{model.removeprefix('x_')}_{name}", "ir.model.fields", values | more)


_MARKETS = str([(code, place.name) for code, place in MARKETPLACES.items()])
_STATES = str([("running", "Running"), ("done", "Done"), ("failed", "Failed")])
_INDEXED = {"index": True}

_FIELDS: dict[str, list[tuple[str, str, str, dict[str, Any]]]] = {
    AMAZON_PRODUCT: [
        ("x_seller", "Seller", "char", _INDEXED),
        ("x_marketplace", "Marketplace", "selection", {"selection": _MARKETS}),
        ("x_sku", "Seller SKU", "char", _INDEXED),
        (
            "x_fulfilment",
            "Fulfilment",
            "selection",
            {"selection": str([("AFN", "FBA"), ("MFN", "FBM")])},
        ),
        # A mapped product cannot be deleted, only archived: the mapping is never lost unseen.
        (
            "x_product_id",
            "Product",
            "many2one",
            {"relation": "product.product", "on_delete": "restrict", "index": True},
        ),
        (
            "x_reference",
            "Internal Reference",
            "char",
            {"related": "x_product_id.default_code", "store": False, "readonly": True},
        ),
        (
            "x_barcode",
            "Barcode",
            "char",
            {"related": "x_product_id.barcode", "store": False, "readonly": True},
        ),
        ("x_created_for", "Product created for", "char", {"copied": False}),
        ("x_key", "External key", "char", {"copied": False}),
    ],
    JOB_LOG: [
        ("x_job", "Job", "char", _INDEXED),
        ("x_user", "User", "char", {}),
        ("x_seller", "Seller", "char", {}),
        ("x_sha256", "File SHA-256", "char", {}),
        ("x_state", "State", "selection", {"selection": _STATES}),
        ("x_started", "Started", "datetime", {}),
        ("x_finished", "Finished", "datetime", {}),
        ("x_rows", "Rows", "integer", {}),
        *((f"x_{outcome.value}", outcome.value.capitalize(), "integer", {}) for outcome in Outcome),
        ("x_summary", "Reasons", "text", {}),
        ("x_counts", "Counts", "text", {}),
        ("x_result", "Rows with their outcome", "binary", {}),
        ("x_result_name", "Result file name", "char", {}),
    ],
}


def _access(model: str) -> list[Part]:
    stem = model.removeprefix("x_")
    everybody = {"perm_read": True, "perm_write": False, "perm_create": False, "perm_unlink": False}
    readers = {"name": f"{_NAMES[model]}: users", "group_id/id": "base.group_user"} | everybody
    writers = {
        "name": f"{_NAMES[model]}: managers",
        "group_id/id": f"{MODULE}.group_manager",
    } | dict.fromkeys(everybody, True)
    of_model = {"model_id/id": f"{MODULE}.{_model_xid(model)}"}
    return [
        Part(f"access_{stem}_user", "ir.model.access", readers | of_model),
        Part(f"access_{stem}_manager", "ir.model.access", writers | of_model),
    ]


def _views(model: str, major: int) -> list[Part]:
    stem = model.removeprefix("x_")
    table = "list" if major >= 18 else "tree"
    arches = {kind: arch.replace("<TABLE", f"<{table}").replace("</TABLE", f"</{table}")
              for kind, arch in _ARCHES[model].items()}  # fmt: skip
    return [
        Part(
            f"view_{stem}_{kind}",
            "ir.ui.view",
            {"name": f"{_NAMES[model]} {kind}", "model": model, "arch": arch},
        )
        for kind, arch in arches.items()
    ]


def _menus(major: int) -> list[Part]:
    modes = "list,form" if major >= 18 else "tree,form"

    def window(xid: str, name: str, model: str) -> Part:
        values = {"name": name, "res_model": model, "view_mode": modes}
        return Part(xid, "ir.actions.act_window", values)

    def menu(xid: str, name: str, parent: str = "", opens: str = "", sequence: int = 10) -> Part:
        values: dict[str, Any] = {"name": name, "sequence": sequence}
        if parent:
            values["parent_id/id"] = f"{MODULE}.{parent}"
        if opens:
            values["action"] = _Opens(opens)
        return Part(xid, "ir.ui.menu", values)

    return [
        window("action_amazon_product", "Amazon Products", AMAZON_PRODUCT),
        window("action_amazon_job_log", "Process job log", JOB_LOG),
        menu("menu_root", "Amazon", sequence=60),
        menu("menu_products", "Products", "menu_root", sequence=10),
        menu("menu_all_variants", "All variants", "menu_products", "action_amazon_product"),
        menu("menu_log", "Log", "menu_root", sequence=20),
        menu("menu_job_log", "Process job log", "menu_log", "action_amazon_job_log"),
    ]


_ARCHES = {
    AMAZON_PRODUCT: {
        "list": """<TABLE default_order="x_seller, x_sku" editable="bottom">
            <field name="x_sku"/><field name="x_marketplace"/><field name="x_fulfilment"/>
            <field name="x_product_id"/><field name="x_reference"/><field name="x_barcode"/>
            <field name="x_name" string="Title"/><field name="x_seller"/></TABLE>""",
        "form": """<form><sheet><div class="oe_title"><h1><field name="x_name"
            placeholder="Title"/></h1></div><group>
            <group string="Amazon"><field name="x_seller"/><field name="x_marketplace"/>
            <field name="x_sku"/><field name="x_fulfilment"/></group>
            <group string="Odoo"><field name="x_product_id"/><field name="x_reference"/>
            <field name="x_barcode"/><field name="x_created_for" readonly="1"/></group>
            </group></sheet></form>""",
        "search": """<search><field name="x_sku"/><field name="x_name" string="Title"/>
            <field name="x_product_id"/><field name="x_seller"/>
            <filter name="fba" string="FBA" domain="[('x_fulfilment', '=', 'AFN')]"/>
            <filter name="fbm" string="FBM" domain="[('x_fulfilment', '=', 'MFN')]"/>
            <separator/><filter name="archived" string="Product archived"
            domain="[('x_product_id.active', '=', False)]"/><group>
            <filter name="by_seller" string="Seller" context="{'group_by': 'x_seller'}"/>
            <filter name="by_market" string="Marketplace" context="{'group_by': 'x_marketplace'}"/>
            <filter name="by_channel" string="Fulfilment" context="{'group_by': 'x_fulfilment'}"/>
            <filter name="by_product" string="Product" context="{'group_by': 'x_product_id'}"/>
            </group></search>""",
    },
    JOB_LOG: {
        "list": """<TABLE default_order="x_started desc" create="false" edit="false">
            <field name="x_started"/><field name="x_name" string="File"/>
            <field name="x_seller"/><field name="x_user"/><field name="x_state"/>
            <field name="x_rows" sum="Rows"/><field name="x_done" sum="Done"/>
            <field name="x_unchanged"/><field name="x_skipped"/>
            <field name="x_failed"/></TABLE>""",
        "form": """<form create="false" edit="false"><sheet><div class="oe_title">
            <h1><field name="x_name"/></h1></div><group>
            <group><field name="x_job"/><field name="x_seller"/><field name="x_user"/>
            <field name="x_state"/><field name="x_started"/><field name="x_finished"/></group>
            <group><field name="x_rows"/><field name="x_done"/><field name="x_unchanged"/>
            <field name="x_skipped"/><field name="x_failed"/></group>
            <group colspan="2"><field name="x_result_name" invisible="1"/>
            <field name="x_result" filename="x_result_name"/>
            <field name="x_summary"/><field name="x_sha256"/></group>
            </group></sheet></form>""",
        "search": """<search><field name="x_name" string="File"/><field name="x_seller"/>
            <field name="x_user"/><field name="x_job"/>
            <filter name="failed" string="With failed rows" domain="[('x_failed', '>', 0)]"/>
            <filter name="skipped" string="With skipped rows" domain="[('x_skipped', '>', 0)]"/>
            <group><filter name="by_seller" string="Seller"
            context="{'group_by': 'x_seller'}"/></group></search>""",
    },
}
