"""What the layer above Odoo's products consists of: models, fields, rights, views and menus."""

from dataclasses import dataclass
from typing import Any

from lib.external_id import MODULE
from lib.model import CHANNEL_LABELS, JobState, Outcome
from lib.source import marketplaces

AMAZON_PRODUCT = "x_amazon_product"
JOB_LOG = "x_amazon_job_log"

NAMES = {
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
        kind = KINDS[self.model]
        if self.model == "ir.model.fields":
            label, model = self.values["field_description"], self.values["model_id/id"]
            return (
                f"{kind} {label} ({model.removeprefix(f'{MODULE}.model_')}.{self.values['name']})"
            )
        return f"{kind} {self.values['name']}"


@dataclass(frozen=True)
class Opens:
    """The action a menu opens: a reference field, which load() takes by number only."""

    action: str


KINDS = {
    "res.groups": "User group",
    "ir.model": "Model",
    "ir.model.fields": "Field",
    "ir.model.access": "Access rights",
    "ir.ui.view": "View",
    "ir.actions.act_window": "Action",
    "ir.ui.menu": "Menu",
}


def model_xid(model: str) -> str:
    return f"model_{model.removeprefix('x_')}"


def parts(major: int, members: dict[str, str]) -> list[Part]:
    """All records of the layer for this major version of Odoo, in the order of their making.
    ``members`` is the column and value of the first members of its group."""
    parts = [Part("group_manager", "res.groups", {"name": "Amazon Manager"} | members)]
    for model, name in NAMES.items():
        parts.append(Part(model_xid(model), "ir.model", {"name": name, "model": model}))
        parts += [_field(model, *spec) for spec in _FIELDS[model]]
        parts += _access(model)
        parts += _views(model, major)
    return parts + _menus(major)


def _field(model: str, name: str, label: str, kind: str, more: dict[str, Any]) -> Part:
    values = {
        "model_id/id": f"{MODULE}.{model_xid(model)}",
        "name": name,
        "field_description": label,
        "ttype": kind,
    }
    return Part(f"field_{model.removeprefix('x_')}_{name}", "ir.model.fields", values | more)


_MARKETS = str(list(marketplaces.NAMES.items()))
_STATES = str([(state.value, state.label) for state in JobState])
_CHANNELS = str(list(CHANNEL_LABELS.items()))
_INDEXED = {"index": True}
_PRODUCT = {"relation": "product.product", "on_delete": "restrict"}


def _shown(path: str) -> dict[str, Any]:
    """A field of a linked record, shown and not stored."""
    return {"related": path, "store": False, "readonly": True}


_FIELDS: dict[str, list[tuple[str, str, str, dict[str, Any]]]] = {
    AMAZON_PRODUCT: [
        ("x_seller", "Seller", "char", _INDEXED),
        ("x_sku", "Seller SKU", "char", _INDEXED),
        ("x_marketplace", "Marketplace", "selection", {"selection": _MARKETS}),
        ("x_fulfilment", "Fulfilment", "selection", {"selection": _CHANNELS}),
        # A mapped product cannot be deleted, only archived: the mapping is never lost unseen.
        ("x_product_id", "Product", "many2one", _PRODUCT | _INDEXED),
        ("x_units", "Units per listing", "integer", {}),
        ("x_reference", "Internal Reference", "char", _shown("x_product_id.default_code")),
        ("x_barcode", "Barcode", "char", _shown("x_product_id.barcode")),
        ("x_created_for", "Product created for", "char", {"copied": False}),
        ("x_key", "External key", "char", {"copied": False}),
    ],
    JOB_LOG: [
        ("x_job", "Job", "char", _INDEXED),
        ("x_state", "State", "selection", {"selection": _STATES}),
        ("x_user", "User", "char", {}),
        ("x_seller", "Seller", "char", {}),
        ("x_sha256", "File SHA-256", "char", {}),
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
    readers = {"name": f"{NAMES[model]}: users", "group_id/id": "base.group_user"} | everybody
    writers = {
        "name": f"{NAMES[model]}: managers",
        "group_id/id": f"{MODULE}.group_manager",
    } | dict.fromkeys(everybody, True)
    of_model = {"model_id/id": f"{MODULE}.{model_xid(model)}"}
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
            {"name": f"{NAMES[model]} {kind}", "model": model, "arch": arch},
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
            values["action"] = Opens(opens)
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
            <field name="x_product_id"/><field name="x_units"/><field name="x_reference"/>
            <field name="x_barcode"/><field name="x_name" string="Title"/>
            <field name="x_seller"/></TABLE>""",
        "form": """<form><sheet><div class="oe_title"><h1><field name="x_name"
            placeholder="Title"/></h1></div><group>
            <group string="Amazon"><field name="x_seller"/><field name="x_marketplace"/>
            <field name="x_sku"/><field name="x_fulfilment"/></group>
            <group string="Odoo"><field name="x_product_id"/><field name="x_units"/>
            <field name="x_reference"/><field name="x_barcode"/>
            <field name="x_created_for" readonly="1"/></group>
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
