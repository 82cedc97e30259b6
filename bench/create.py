"""Creating products in Odoo, against Odoo's own import: the same rows, the same external ids."""

import itertools
from collections.abc import Iterator
from functools import partial

import pandas as pd

from bench.imports import odoo_import
from bench.measure import Line, interleaved, ratios, speeds
from bench.odoo import fresh_odoo
from lib.external_id import product_ids
from lib.run.batches import CREATE, cut
from lib.run.push import pushed
from lib.target.odoo import OdooTarget

ROWS, RUNS = 2_000, 5
COLUMNS = {"id": "xid", "name": "name", "default_code": "reference"}


def lines() -> Iterator[Line]:
    with fresh_odoo() as (target, odoo):
        fresh = partial(_products, itertools.count())
        imported = partial(odoo_import, odoo, "product.product", COLUMNS)
        taken = interleaved(
            RUNS,
            push=lambda: partial(_push, target, fresh()),
            quiet=lambda: imported(fresh(), tracking_disable=True),
            tracked=lambda: imported(fresh()),
        )
    for name, words, least in (
        ("tracked", "as called", 1.0),
        ("quiet", "with its screen's `tracking_disable`", None),
    ):
        yield Line(
            f"Create: `push()` ÷ Odoo's import, {words}, rows/s",
            ROWS,
            ratios(taken[name], taken["push"]),
            least,
            medians=speeds(ROWS, push=taken["push"], Odoo_import=taken[name]),
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
