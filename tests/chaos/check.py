"""What a run has to write, and what is in Odoo and in the journal after it: by plain XML-RPC and
plain SQL, without the code under test."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from xmlrpc.client import ServerProxy

import sqlalchemy as sa

from lib.model import JobState, MapFile
from tests.chaos.apps import Home
from tests.conftest import OdooDatabase
from tests.tables import SELLER, map_file

EXISTING = 20
"""Products that a file's rows are linked to."""


class Plain:
    """Odoo by its external API, as any script uses it."""

    def __init__(self, database: OdooDatabase):
        self._login = database
        common = ServerProxy(f"{database.url}/xmlrpc/2/common")
        self._user = common.authenticate(database.database, database.user, database.password, {})

    def call(self, model: str, method: str, *args: Any, **options: Any) -> Any:
        there = ServerProxy(f"{self._login.url}/xmlrpc/2/object")
        login = [self._login.database, self._user, self._login.password]
        return there.execute_kw(*login, model, method, list(args), options)


@dataclass(frozen=True)
class Things:
    """A file of so many rows: four of five are linked to products that are there, and of the
    others each two to a product that is still to be created."""

    name: str
    rows: int

    @property
    def existing(self) -> list[str]:
        return [f"{self.name}-OLD-{at}" for at in range(EXISTING)]

    @cached_property
    def wanted(self) -> dict[tuple, tuple[str, str]]:
        """Listing key -> the reference of its product, and its title."""
        return {
            (SELLER.name, "US", "AFN", f"{self.name}-{at}"): (self._reference(at), f"Title {at}")
            for at in range(self.rows)
        }

    @property
    def file(self) -> MapFile:
        return map_file(
            *(
                {"sku": key[-1], "reference": reference, "title": title}
                for key, (reference, title) in self.wanted.items()
            )
        )

    def _reference(self, at: int) -> str:
        return f"{self.name}-NEW-{at // 10}" if at % 5 == 0 else self.existing[at % EXISTING]

    def found(self, odoo: Plain) -> tuple[int, int]:
        """How many keys or products are in Odoo more than once, and how many rows are not there
        as they should be."""
        domain = [("x_sku", "like", f"{self.name}-")]
        keys = ["x_seller", "x_marketplace", "x_fulfilment", "x_sku"]
        records = odoo.call(
            "x_amazon_product", "search_read", domain, fields=[*keys, "x_product_id", "x_name"]
        )
        products = odoo.call(
            "product.product",
            "search_read",
            [("default_code", "like", f"{self.name}-")],
            fields=["default_code"],
            context={"active_test": False},
        )
        references = {product["id"]: product["default_code"] for product in products}
        there = {
            tuple(record[key] for key in keys): (
                references.get(record["x_product_id"][0]),
                record["x_name"],
            )
            for record in records
        }
        twice = len(records) - len(there) + len(products) - len(set(references.values()))
        wrong = sum(there.get(key) != wanted for key, wanted in self.wanted.items())
        strange = len(there.keys() - self.wanted.keys())
        return twice, wrong + strange


def accounted(home: Home, odoo: Plain, run_id: str, rows: int) -> None:
    """Every batch and every row of a run has ended, and the job log says the same."""
    with home.journal.store.begin() as store:
        read = store.execute(sa.text("select state, counts, finished from run where id = :id"),
                             {"id": run_id}).one()  # fmt: skip
        batches = store.execute(
            sa.text("select ended, failed from batch where run = :id"), {"id": run_id}
        ).all()
    run = home.run(run_id)
    assert (read.state, run.error) == (JobState.DONE, "")
    assert read.finished > 0
    assert all(batch.ended > 0 and batch.failed == 0 for batch in batches)
    assert Counter(run.counts["outcomes"]) == Counter(done=rows)
    fields = ["x_state", "x_rows", "x_done", "x_unchanged", "x_skipped", "x_failed"]
    jobs = odoo.call("x_amazon_job_log", "search_read", [("x_job", "=", run_id)], fields=fields)
    assert [[job[field] for field in fields] for job in jobs] == [["done", rows, rows, 0, 0, 0]]
