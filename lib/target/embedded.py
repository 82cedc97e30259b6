"""The embedded target: a SQLite file that behaves as Odoo does, for a machine without one."""

import getpass
import json
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pandas as pd

from lib.catalogue import Catalogue, amazon_products_frame, products_frame, typed
from lib.columns import AMAZON_PRODUCT_COLUMNS, PRICE_COLUMNS, PRICELIST_COLUMNS, PRODUCT_COLUMNS
from lib.model import JobState
from lib.source.marketplaces import MARKETPLACES
from lib.target import sample, tables
from lib.target.port import (
    Job,
    Kind,
    Loaded,
    Message,
    TargetError,
    changed_since,
    made_frame,
    price_changed,
)
from lib.target.tables import AMONG, read


def place(path: Path) -> str:
    """What tells the store at ``path`` from every other target."""
    return f"embedded {socket.gethostname()} {path.resolve()}"


class EmbeddedTarget:
    """A target in the file at ``path``, made on first use with the sample catalogue."""

    name = "embedded"
    label = "Embedded demo store"
    connections = 1

    def __init__(self, path: Path):
        self.path = path
        self.place = self.identity = place(path)
        self.user = getpass.getuser()
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            # A half-made store is never seen under the store's name.
            self.path = path.with_suffix(".new")
            self.path.unlink(missing_ok=True)
            with self._store() as store:
                store.executescript(tables.SCHEMA)
            self.take_products(sample.catalogue().assign(external_id=""))
            self.path = self.path.replace(path)
        self._bring_up_to_date()

    def missing(self) -> list[str]:
        return []

    def check_rights(self, kinds: set[Kind]) -> None:
        """Everybody may write here."""

    def catalogue(self) -> Catalogue:
        with self._store() as store:
            products = read(store, "product", PRODUCT_COLUMNS)
            amazon_products = read(store, "amazon_product", AMAZON_PRODUCT_COLUMNS)
        return Catalogue(products_frame(products), amazon_products_frame(amazon_products))

    def amazon_products(self, seller: str, skus: list[str], ids: list[int]) -> pd.DataFrame:
        where = f"seller = ? and (sku {AMONG} or id {AMONG})"
        with self._store() as store:
            held = read(store, "amazon_product", AMAZON_PRODUCT_COLUMNS, where, seller, skus, ids)
        return amazon_products_frame(held)

    def products_with(self, codes: list[str]) -> pd.DataFrame:
        where = f"reference {AMONG} or barcode {AMONG}"
        with self._store() as store:
            found = read(store, "product", PRODUCT_COLUMNS, where, codes, codes)
        return products_frame(found)

    def pricelists(self) -> pd.DataFrame:
        with self._store() as store:
            rows = read(store, "pricelist", PRICELIST_COLUMNS)
        return typed(pd.DataFrame(rows, columns=PRICELIST_COLUMNS))

    def prices(self, pricelist: int, products: list[int] | None = None) -> pd.DataFrame:
        where = "pricelist_id = ?" + ("" if products is None else f" and product_id {AMONG}")
        given = [pricelist] if products is None else [pricelist, products]
        with self._store() as store:
            rows = read(store, "price", PRICE_COLUMNS, where, *given)
        return typed(pd.DataFrame(rows, columns=PRICE_COLUMNS))

    def made(self, products: pd.DataFrame) -> pd.DataFrame:
        with self._store() as store:
            there = products_frame(
                read(
                    store,
                    "product",
                    PRODUCT_COLUMNS,
                    f"id {AMONG}",
                    products["id"].to_list(),
                )
            )
            tied = read(store, "amazon_product", ["product_id"])
        return made_frame(products, there, {row["product_id"] for row in tied})

    def load(self, kind: Kind, rows: pd.DataFrame) -> Loaded:
        ids: list[int] = []
        refused: list[Message] = []
        unusable: list[Message] = []
        with self._store() as store:
            for position, row in enumerate(rows.to_dict("records")):
                try:
                    if kind == "amazon_product":
                        ids.append(tables.write_amazon_product(store, row))
                        continue
                    if kind == "price":
                        ids.append(tables.write_price(store, row))
                        unusable += [] if ids[-1] else [price_changed(position)]
                        continue
                    number, reference = tables.write_product(store, row)
                except sqlite3.IntegrityError as error:
                    refused.append(Message(position, f"The store refused the row: {error}"))
                    continue
                ids.append(number if reference == row["reference"] else 0)
                if not ids[-1]:
                    unusable.append(changed_since(position, reference))
            if refused:
                store.rollback()
                return Loaded([], refused)
        return Loaded(ids, unusable)

    def delete(self, kind: Kind, records: list[int]) -> None:
        with self._store() as store:
            try:
                numbers = [(record,) for record in records]
                store.executemany(f"delete from {kind} where id = ?", numbers)
            except sqlite3.IntegrityError as error:
                raise TargetError(f"The store refused to delete it: {error}") from None

    def archive(self, products: list[int]) -> None:
        with self._store() as store:
            store.executemany(
                "update product set active = 0 where id = ?", [(number,) for number in products]
            )

    def save_job(self, job: Job) -> None:
        header = {name: value for name, value in vars(job).items() if name != "rows"}
        rows = None if job.rows is None else job.rows.to_json(orient="split", index=False)
        with self._store() as store:
            store.execute(
                "insert into job (id, started, header, rows) values (?, ?, ?, ?) "
                "on conflict (id) do update set header = excluded.header, rows = excluded.rows",
                (job.id, job.started, json.dumps(header), rows),
            )

    def jobs(self) -> list[Job]:
        with self._store() as store:
            headers = store.execute(
                "select header from job order by started desc, rowid desc"
            ).fetchall()
        read = [json.loads(header) for (header,) in headers]
        return [Job(**header | {"state": JobState(header["state"])}) for header in read]

    def job_rows(self, job: str) -> pd.DataFrame:
        with self._store() as store:
            found = store.execute("select rows from job where id = ?", (job,)).fetchone()
        if not found or found[0] is None:
            raise TargetError(f"Job {job} has no rows in the log of {self.path.name}.")
        table = json.loads(found[0])
        return pd.DataFrame(table["data"], columns=table["columns"], dtype="str")

    def take_products(self, products: pd.DataFrame) -> None:
        """Make these the products (external_id, reference, barcode, name str; active bool).

        One that is there already is known by its external id, else by a reference of its own. One
        that is not among them is deleted, or archived if a listing is mapped to it. Mappings and
        jobs stay.
        """
        with self._store() as store:
            there = pd.DataFrame(
                read(store, "product", ["id", "external_id", "reference"]),
                columns=["id", "external_id", "reference"],
            )
            ids = tables.ids_of(products, there)
            left = sorted(set(there["id"]) - set(ids))
            numbers = [(number,) for number in left]
            store.executemany("update product set active = 0 where id = ?", numbers)
            store.executemany(
                "delete from product where id = ? "
                "and id not in (select product_id from amazon_product)",
                numbers,
            )
            store.executemany(
                "insert into product (id, external_id, reference, barcode, name, active) "
                "values (:id, :external_id, :reference, :barcode, :name, :active) "
                "on conflict (id) do update set external_id = excluded.external_id, "
                "reference = excluded.reference, barcode = excluded.barcode, "
                "name = excluded.name, active = excluded.active",
                products.assign(id=ids).to_dict("records"),
            )

    def _bring_up_to_date(self) -> None:
        """What stores of earlier versions lack: units, and a pricelist a marketplace, called as it
        and in its currency; also where another process does it at the same time."""
        with self._store() as store:
            columns = "select 1 from pragma_table_info('amazon_product') where name = 'units'"
            priced = "select 1 from sqlite_master where name = 'price'"
            if store.execute(columns).fetchone() and store.execute(priced).fetchone():
                return
            store.execute("begin immediate")
            if not store.execute(columns).fetchone():
                store.execute(tables.UNITS)
            for table in tables.PRICES:
                store.execute(table)
            store.executemany(
                "insert or ignore into pricelist (id, name, currency) values (?, ?, ?)",
                [(at, m.name, m.currency) for at, m in enumerate(MARKETPLACES.values(), 1)],
            )

    @contextmanager
    def _store(self) -> Iterator[sqlite3.Connection]:
        """One connection for one piece of work: committed at the end, rolled back on an error."""
        try:
            with closing(sqlite3.connect(self.path, timeout=30)) as store, store:
                store.execute("pragma foreign_keys = on")
                yield store
        except sqlite3.Error as error:
            raise TargetError(
                f"The embedded store {self.path} cannot be used: {error}. Nothing of this step was "
                f"written. If the file is damaged, move it away: a new one is made."
            ) from None
