"""Making and removing the layer above Odoo's products by RPC, with no module installed.

Every record of it has an external id of our module, so that provisioning twice changes nothing
and removing it finds all of it again.
"""

from itertools import groupby
from typing import Any

from lib.external_id import MODULE
from lib.target.connection import Connection
from lib.target.layer import KINDS, NAMES, Opens, Part, model_xid, parts
from lib.target.port import Denied, TargetError, Unreachable


def missing(odoo: Connection) -> list[str]:
    """What of the layer is not in this Odoo yet, in words."""
    return [part.words for part in _missing(odoo, {})]


def provision(odoo: Connection) -> list[str]:
    """Make what is missing of the layer; returns it in words. Raises Denied without the
    administrator's rights."""
    if not odoo.may("res.groups", "create"):
        raise Denied(
            f"User {odoo.settings.user} is no administrator of Odoo database "
            f"{odoo.settings.database}, which making the Amazon layer needs. Let an administrator "
            f"make it; nothing was made."
        )
    wanted = _missing(odoo, _members(odoo))
    # Odoo reads its models anew after each call that changes them: one call for what is alike.
    for (model, columns), alike in groupby(wanted, lambda part: (part.model, tuple(part.values))):
        batch = list(alike)
        rows = [
            [f"{MODULE}.{part.xid}", *(_resolved(odoo, value) for value in part.values.values())]
            for part in batch
        ]
        loaded = odoo.call(model, "load", [["id", *columns], rows])
        if not loaded["ids"]:
            names = ", ".join(part.words for part in batch)
            words = "; ".join(message["message"] for message in loaded["messages"])
            raise TargetError(f"Odoo refused {names}: {words}")
    return [part.words for part in wanted]


def removable(odoo: Connection) -> dict[str, int]:
    """What ``remove`` would remove: words -> records."""
    found = _ours(odoo)
    words = {
        f"{NAMES[model]} record": odoo.call(model, "search_count", [[]])
        for model in NAMES
        if any(record["name"] == model_xid(model) for record in found) and _readable(odoo, model)
    }
    for model, kind in reversed(KINDS.items()):
        words[kind] = sum(record["model"] == model for record in found)
    return {what: count for what, count in words.items() if count}


def remove(odoo: Connection) -> None:
    """Remove the whole layer: its records, menus, actions, views, rights, fields and models.
    The products stay."""
    found = _ours(odoo)
    # In the reverse order of their making; a model takes its records with it. Fields go before,
    # and first those that others are shown through.
    for model in reversed(KINDS):
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
    domain = [("module", "=", MODULE), ("model", "in", list(KINDS))]
    return odoo.call("ir.model.data", "search_read", [domain, ["name", "model", "res_id"]])


def _missing(odoo: Connection, members: dict[str, str]) -> list[Part]:
    wanted = parts(odoo.major, members)
    try:
        present = {record["name"] for record in _ours(odoo)}
    except Denied:
        # Only administrators read external ids; others see the layer if it is usable.
        usable = all(_readable(odoo, model) for model in NAMES)
        return [] if usable else wanted
    return [part for part in wanted if part.xid not in present]


def _readable(odoo: Connection, model: str) -> bool:
    try:
        return odoo.may(model, "read")
    except Unreachable:
        raise
    except TargetError:
        # Odoo's answer about a model it does not have.
        return False


def _members(odoo: Connection) -> dict[str, str]:
    """Who provisions is a member of the group from its making on, or nobody could write."""
    fields = odoo.call("res.users", "fields_get", [["group_ids"], ["type"]])
    return {"user_ids/.id" if fields else "users/.id": str(odoo.user)}


def _resolved(odoo: Connection, value: Any) -> Any:
    """A value as load() takes it: text or number, never a bool."""
    if isinstance(value, bool):
        return str(value)
    if not isinstance(value, Opens):
        return value
    domain = [("module", "=", MODULE), ("name", "=", value.action)]
    found = odoo.call("ir.model.data", "search_read", [domain, ["model", "res_id"]])[0]
    return f"{found['model']},{found['res_id']}"
