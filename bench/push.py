"""Pushing Amazon Products to Odoo, against a bare script that does the same, and a naive one."""

import itertools
from collections.abc import Callable, Iterator
from functools import partial

import odoorpc
import pandas as pd

from bench.measure import Line, interleaved, ratios, speeds
from bench.odoo import fresh_odoo
from lib.catalogue import Catalogue
from lib.model import Options, Outcome, Seller
from lib.review import Review, review
from lib.run.execute import execute
from lib.run.push import BATCH, push
from lib.source import map_file, map_out
from lib.source.marketplaces import MARKETPLACES
from lib.target.odoo import OdooTarget

ROWS, SINGLE_ROWS = 5_000, 200
RUNS, SINGLE_RUNS = 15, 5
SELLER = Seller("bench", tuple(MARKETPLACES))
MODEL = "x_amazon_product"
COLUMNS = {
    "id": "xid",
    "x_product_id/.id": "product_id",
    "x_name": "title",
    "x_seller": "seller",
    "x_marketplace": "market",
    "x_sku": "sku",
    "x_fulfilment": "channel",
    "x_created_for": "created_for",
    "x_key": "xid",
}
"""The columns that the product writes: as load() calls them -> in a plan's rows."""


def lines() -> Iterator[Line]:
    with fresh_odoo() as (target, odoo):
        fresh = partial(_review, target.catalogue(), itertools.count())

        def whole() -> Callable[[], None]:
            return partial(_execute, target, fresh(ROWS))

        execute_, load, push_ = interleaved(
            RUNS,
            execute=whole,
            load=lambda: _bare_load(odoo, fresh(ROWS)),
            push=lambda: partial(_push, target, fresh(ROWS)),
        ).values()
        beside, create = interleaved(
            SINGLE_RUNS,
            execute=whole,
            create=lambda: _create_one_by_one(odoo, fresh(SINGLE_ROWS)),
        ).values()
    single = [seconds * ROWS / SINGLE_ROWS for seconds in create]
    against = "÷ a bare `load()` script, rows/s"
    taken = speeds(ROWS, execute=execute_, push=push_, bare_load=load)
    yield Line(f"Push: `execute()` {against}", ROWS, ratios(load, execute_), 0.9, medians=taken)
    yield Line(f"Push: `push()` alone {against}", ROWS, ratios(load, push_))
    yield Line(
        "Push: `execute()` ÷ one `create` a row, rows/s",
        ROWS,
        ratios(single, beside),
        least=20,
        medians=speeds(ROWS, execute=beside, create=single),
    )


def _review(catalogue: Catalogue, turn: Iterator[int], count: int) -> Review:
    """A reviewed map file of listings that no earlier turn has, all of known products."""
    number = next(turn)
    products = catalogue.products[catalogue.products["active"]]
    references = products["reference"][products["reference"] != ""].drop_duplicates(keep=False)
    rows = pd.DataFrame(
        {
            "title": [f"Office Chair, mesh back, no. {row}" for row in range(count)],
            "reference": references.sample(count, replace=True, random_state=number).to_list(),
            "sku": [f"TURN-{number}-{row // 4}" for row in range(count)],
            "marketplace": [f"Amazon {('US', 'UK', 'DE', 'FR')[row % 4]}" for row in range(count)],
            "fulfilment": "AFN",
        }
    )
    file = map_file.read(map_out.to_csv(rows.astype("str")), "bench.csv")
    made = review(file, catalogue, SELLER, Options())
    assert made.plan.counts["link"] == count, made.plan.skipped
    return made


def _execute(target: OdooTarget, made: Review) -> None:
    result = execute(made, target, user="bench")
    assert (result.outcomes["outcome"] == Outcome.DONE.value).all(), result.error


def _push(target: OdooTarget, made: Review) -> None:
    for batch in push(target, "amazon_product", made.plan.rows):
        assert all(pushed.record for pushed in batch)


def _bare_load(odoo: odoorpc.ODOO, made: Review) -> Callable[[], None]:
    rows = made.plan.rows[list(COLUMNS.values())].astype(object).to_numpy().tolist()
    size = BATCH["amazon_product"]

    def work() -> None:
        for start in range(0, len(rows), size):
            answer = odoo.env[MODEL].load(list(COLUMNS), rows[start : start + size])
            assert answer["ids"], answer["messages"]

    return work


def _create_one_by_one(odoo: odoorpc.ODOO, made: Review) -> Callable[[], None]:
    names = {name.removesuffix("/.id"): ours for name, ours in COLUMNS.items() if name != "id"}
    rows = made.plan.rows[list(names.values())].astype(object).set_axis([*names], axis=1)
    records = rows.to_dict("records")
    return lambda: [odoo.env[MODEL].create(record) for record in records]
