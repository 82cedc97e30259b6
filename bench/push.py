"""Pushing Amazon Products to Odoo, against a bare script that does the same, and a naive one."""

import itertools
from collections.abc import Callable, Iterator
from functools import partial

import odoorpc
import pandas as pd

from bench.measure import Line, interleaved, ratios, speeds
from bench.odoo import fresh_engine, fresh_odoo, run_to_end, with_connections
from lib.catalogue import Catalogue
from lib.model import JobState, Options, Seller
from lib.plan import first_outcomes
from lib.results import result_rows
from lib.review import Review, review
from lib.run.batches import BATCH, batches
from lib.run.compare import AS_BEFORE, standing
from lib.run.push import pushed
from lib.source import map_file, map_out
from lib.source.marketplaces import MARKETPLACES
from lib.target.odoo import OdooTarget
from lib.target.port import Job

ROWS, MORE_ROWS, SINGLE_ROWS = 5_000, 10_000, 200
RUNS, SINGLE_RUNS = 9, 3
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
    "x_units": "units",
    "x_created_for": "created_for",
    "x_key": "xid",
}
"""The columns that the product writes: as load() calls them -> in a plan's rows."""


def lines() -> Iterator[Line]:
    with fresh_odoo() as (target, odoo), fresh_engine(target) as engine:
        fresh = partial(review_of, target.catalogue(), itertools.count())
        one = with_connections(target, 1)

        def run(rows: int, of: OdooTarget) -> Callable[[], None]:
            return partial(run_to_end, engine, fresh(rows), of)

        taken = interleaved(
            RUNS,
            run=lambda: run(ROWS, target),
            load=lambda: _bare_load(odoo, fresh(ROWS)),
            one=lambda: run(ROWS, one),
        )
        beside, create = interleaved(
            SINGLE_RUNS,
            run=lambda: run(ROWS, target),
            create=lambda: _create_one_by_one(odoo, fresh(SINGLE_ROWS)),
        ).values()
        durable, plain = interleaved(
            RUNS,
            durable=lambda: run(MORE_ROWS, one),
            plain=lambda: partial(_push_without_engine, one, fresh(MORE_ROWS)),
        ).values()
    single = [seconds * ROWS / SINGLE_ROWS for seconds in create]
    against = "÷ a bare `load()` script, rows/s"
    yield Line(
        f"Push: a run {against}",
        ROWS,
        ratios(taken["load"], taken["run"]),
        0.9,
        medians=speeds(ROWS, run=taken["run"], bare_load=taken["load"]),
    )
    yield Line(
        f"Push: a run with one connection {against}",
        ROWS,
        ratios(taken["load"], taken["one"]),
        medians=speeds(ROWS, run=taken["one"], bare_load=taken["load"]),
    )
    yield Line(
        "Push: a run ÷ one `create` a row, rows/s",
        ROWS,
        ratios(single, beside),
        least=20,
        medians=speeds(ROWS, run=beside, create=single),
    )
    yield Line(
        "Push: a run with one connection ÷ the same without journal and engine, time",
        MORE_ROWS,
        ratios(durable, plain),
        below=1.05,
        medians=speeds(MORE_ROWS, run=durable, without=plain),
    )


def review_of(catalogue: Catalogue, turn: Iterator[int], count: int) -> Review:
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


def _push_without_engine(target: OdooTarget, made: Review) -> None:
    """What a run does, without a journal and an engine."""
    target.check_rights({"amazon_product"})
    job = Job("", "bench", SELLER.name, made.file.name, made.file.sha256, "2026-01-01T00:00:00Z")
    job.id = f"plain {made.file.sha256}"
    target.save_job(job)
    outcomes = first_outcomes(made.plan)
    for _, batch in batches(made.plan, target.connections):
        found = standing(batch, target.amazon_products(SELLER.name, batch["sku"].to_list(), []))
        assert (found["standing"] == AS_BEFORE).all()
        results = pushed(target, "amazon_product", batch).set_index("row")
        outcomes.loc[results.index, ["outcome", "message"]] = results[["outcome", "message"]]
    job.state, job.finished, job.counts = JobState.DONE, job.started, made.counts
    job.rows = result_rows(made, outcomes=outcomes)
    target.save_job(job)


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
