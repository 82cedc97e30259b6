"""Creating products in Odoo, against Odoo's own import: the same rows, the same external ids."""

import itertools
from collections.abc import Callable, Iterator
from functools import partial

import odoorpc
import pandas as pd

from bench.measure import Line, interleaved, ratios, speeds
from bench.odoo import fresh_odoo
from lib.external_id import product_ids
from lib.run.batches import CREATE, cut
from lib.run.push import pushed
from lib.target.odoo import OdooTarget

ROWS, RUNS = 2_000, 5
COLUMNS = {"id": "xid", "name": "name", "default_code": "reference"}
OPTIONS = {
    "has_headers": True,
    "quoting": '"',
    "separator": ",",
    "encoding": "utf-8",
    "date_format": "",
    "datetime_format": "",
    "float_thousand_separator": ",",
    "float_decimal_separator": ".",
    "advanced": True,
    "keep_matches": False,
    "skip": 0,
    "limit": 2000,
    "fallback_values": {},
    "name_create_enabled_fields": {},
    "import_set_empty_fields": [],
    "import_skip_records": [],
}
"""What the import screen sends for a CSV file, with its own limit of rows a call."""


def lines() -> Iterator[Line]:
    with fresh_odoo() as (target, odoo):
        fresh = partial(_products, itertools.count())
        quiet, tracked = (
            partial(_import, odoo, context) for context in ({"tracking_disable": True}, {})
        )
        taken = interleaved(
            RUNS,
            push=lambda: partial(_push, target, fresh()),
            quiet=lambda: quiet(fresh()),
            tracked=lambda: tracked(fresh()),
        )
    pushed = taken["push"]
    for name, words, least in (
        ("tracked", "as called", 1.0),
        ("quiet", "with its screen's `tracking_disable`", None),
    ):
        yield Line(
            f"Create: `push()` ÷ Odoo's import, {words}, rows/s",
            ROWS,
            ratios(taken[name], pushed),
            least,
            medians=speeds(ROWS, push=pushed, Odoo_import=taken[name]),
        )


def _products(turn: Iterator[int]) -> pd.DataFrame:
    """Products to create (as in a plan) that no earlier turn has."""
    number = next(turn)
    references = [f"TURN-{number}-{row}" for row in range(ROWS)]
    names = [f"Office Chair, mesh back, no. {row}" for row in range(ROWS)]
    xids = product_ids(1, references)
    return pd.DataFrame({"xid": xids, "reference": references, "name": names}, dtype="str")


def _push(target: OdooTarget, products: pd.DataFrame) -> None:
    for _, batch in cut(CREATE, products.assign(row=range(ROWS)), 1):
        assert (pushed(target, "product", batch)["record"] > 0).all()


def forget_nothing(odoo: odoorpc.ODOO) -> None:
    """Odoo forgets which passwords it has checked whenever a product is created, and the next call
    with one takes 0.3 s more: none of the ways is to pay for the one before it."""
    odoo.env["res.users"].search_count([])


def _import(odoo: odoorpc.ODOO, context: dict, products: pd.DataFrame) -> Callable[[], None]:
    """What the import screen does: upload the file, then execute its import."""
    text = products[list(COLUMNS.values())].set_axis([*COLUMNS], axis=1).to_csv(index=False)
    wizard = {
        "res_model": "product.product",
        "file": text,
        "file_type": "text/csv",
        "file_name": "products.csv",
    }
    importer = odoo.env["base_import.import"].with_context(**odoo.env.context, **context)
    forget_nothing(odoo)

    def work() -> None:
        uploaded = importer.create(wizard)
        args = [[uploaded], [*COLUMNS], [*COLUMNS], OPTIONS]
        answer = importer.execute_import(*args, dryrun=False)
        assert len(answer["ids"] or []) == len(products), answer["messages"]

    return work
