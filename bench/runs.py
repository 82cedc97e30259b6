"""Runs that create products with their mappings, and long ones."""

import itertools
import os
import resource
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import odoorpc
import pandas as pd

from bench.create import COLUMNS as PRODUCT_COLUMNS
from bench.imports import odoo_import
from bench.measure import Line, alone, interleaved, ratios, speeds
from bench.odoo import fresh_engine, fresh_odoo, run_to_end, with_connections
from bench.push import COLUMNS, SELLER, review_of
from lib.catalogue import Catalogue
from lib.model import Options
from lib.review import Review, review
from lib.run.journal import Run
from lib.source import map_file, map_out
from lib.target.connection import OdooSettings
from lib.target.odoo import OdooTarget

CREATED, RUNS = 5_000, 3
LONG, SHORT = 100_000, 10_000


def lines() -> Iterator[Line]:
    for workers, least, words in ((0, 1.3, "one connection"), (3, 1.7, "3 workers, 3 connections")):
        with fresh_odoo(workers) as (target, odoo):
            if not workers:
                target = with_connections(target, 1)
            yield _creating(target, odoo, least, words)
    with fresh_odoo() as (target, _):
        few = alone(long_run, target.connection.settings, SHORT)
        many = alone(long_run, target.connection.settings, LONG)
    cost = (many[0] / LONG) / (few[0] / SHORT)
    medians = f"{SHORT:,} rows {few[0]:.0f} s, {LONG:,} rows {many[0]:.0f} s"
    yield Line(
        f"Run: cost of a row, {LONG:,} rows ÷ {SHORT:,} rows", LONG, [cost], below=1.2,
        medians=medians,
    )  # fmt: skip
    yield Line("Run: memory above the start", LONG, [many[1]], below=200, unit="MB")


def _creating(target: OdooTarget, odoo: odoorpc.ODOO, least: float, words: str) -> Line:
    turn, catalogue = itertools.count(), target.catalogue()
    with fresh_engine(target) as engine:

        def run() -> Callable[[], None]:
            return partial(run_to_end, engine, _new_products(catalogue, next(turn)), target)

        taken = interleaved(
            RUNS,
            run=run,
            two_imports=lambda: _two_imports(odoo, _new_products(catalogue, next(turn))),
        )
    return Line(
        f"Run: create products with mappings ÷ Odoo's import of two files, {words}, rows/s",
        CREATED,
        ratios(taken["two_imports"], taken["run"]),
        least,
        medians=speeds(CREATED, **taken),
    )


def _new_products(catalogue: Catalogue, number: int) -> Review:
    """A reviewed map file of listings that each create their product."""
    rows = pd.DataFrame(
        {
            "title": [f"Office Chair, mesh back, no. {row}" for row in range(CREATED)],
            "reference": [f"MADE-{os.getpid()}-{number}-{row}" for row in range(CREATED)],
            "sku": [f"MADE-{number}-{row}" for row in range(CREATED)],
            "marketplace": "Amazon US",
            "fulfilment": "AFN",
        },
        dtype="str",
    )
    file = map_file.read(map_out.to_csv(rows), "bench.csv")
    made = review(file, catalogue, SELLER, Options(create=True))
    assert made.plan.counts["create_product"] == CREATED
    return made


def _two_imports(odoo: odoorpc.ODOO, made: Review) -> Callable[[], list[None]]:
    """Odoo's import of a file of the products, then of a file of the mappings."""
    products = made.plan.products
    listings = made.plan.rows.assign(product=made.plan.rows["product_id"].map(products["xid"]))
    names = {"x_product_id/id" if name == "x_product_id/.id" else name: ours
             for name, ours in COLUMNS.items()}  # fmt: skip
    names["x_product_id/id"] = "product"
    imports = [
        odoo_import(odoo, "product.product", PRODUCT_COLUMNS, products),
        odoo_import(odoo, "x_amazon_product", names, listings),
    ]
    return lambda: [work() for work in imports]


def long_run(settings: OdooSettings, rows: int) -> tuple[float, float]:
    """Seconds of a run that maps so many listings, and the MB its process grew by meanwhile."""
    target = OdooTarget(settings)
    made = review_of(target.catalogue(), itertools.count(rows), rows)
    start, peak = _resident(), 0

    def watch(_: Run) -> None:
        nonlocal peak
        peak = max(peak, _resident())

    with fresh_engine(target) as engine:
        run_to_end(engine, made, target, watch=watch)
        run = engine.journal.runs()[0]
    return run.finished - run.started, (max(peak, _resident()) - start) / 1e6


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
