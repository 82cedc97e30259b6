"""The embedded target: a SQLite file that behaves as Odoo does, for a machine without one."""

import getpass
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd

from lib.catalogue import Catalogue, amazon_products_frame, products_frame
from lib.model import AMAZON_PRODUCT_COLUMNS, PRODUCT_COLUMNS
from lib.target import sample
from lib.target.port import Job, Kind, Loaded, Message, TargetError

_SCHEMA = """
create table product (
    id integer primary key, reference text not null default '', barcode text not null default '',
    name text not null check (name <> ''), active integer not null default 1,
    xid text unique);
create table amazon_product (
    id integer primary key, seller text not null, market text not null, sku text not null,
    channel text not null, product_id integer not null references product (id),
    title text not null, created_for text not null default '', xid text unique);
create table job (id text primary key, started text not null, header text not null, rows text);
"""


class EmbeddedTarget:
    """A target in the file at ``path``, made on first use with the sample catalogue."""

    label = "Embedded demo store"

    def __init__(self, path: Path):
        self.path = path
        self.user = getpass.getuser()
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            self.replace_products(sample.catalogue())

    def missing(self) -> list[str]:
        return []

    def check_rights(self, kinds: set[Kind]) -> None:
        """Everybody may write here."""

    def catalogue(self) -> Catalogue:
        with self._open() as store:
            products = _read(store, "product", PRODUCT_COLUMNS)
            amazon_products = _read(store, "amazon_product", AMAZON_PRODUCT_COLUMNS)
        return Catalogue(products_frame(products), amazon_products_frame(amazon_products))

    def load(self, kind: Kind, rows: pd.DataFrame) -> Loaded:
        write = {"product": _write_product, "amazon_product": _write_amazon_product}[kind]
        ids: list[int] = []
        messages: list[Message] = []
        with self._open() as store:
            for position, row in enumerate(rows.to_dict("records")):
                try:
                    ids.append(write(store, row))
                except sqlite3.IntegrityError as error:
                    messages.append(Message(position, f"The store refused the row: {error}"))
            if messages:
                store.rollback()
                return Loaded([], messages)
        return Loaded(ids, [])

    def save_job(self, job: Job) -> None:
        header = {name: value for name, value in vars(job).items() if name != "rows"}
        rows = None if job.rows is None else job.rows.to_json(orient="split", index=False)
        with self._open() as store:
            store.execute(
                "insert into job (id, started, header, rows) values (?, ?, ?, ?) "
                "on conflict (id) do update set header = excluded.header, rows = excluded.rows",
                (job.id, job.started, json.dumps(header), rows),
            )

    def jobs(self) -> list[Job]:
        with self._open() as store:
            headers = store.execute("select header from job order by started desc, id").fetchall()
        return [Job(**json.loads(header)) for (header,) in headers]

    def job_rows(self, job: str) -> pd.DataFrame:
        with self._open() as store:
            found = store.execute("select rows from job where id = ?", (job,)).fetchone()
        if not found or found[0] is None:
            raise TargetError(f"Job {job} has no rows in the log of {self.path.name}.")
        table = json.loads(found[0])
        return pd.DataFrame(table["data"], columns=table["columns"], dtype="str")

    def replace_products(self, products: pd.DataFrame) -> int:
        """Start a new store with these products (reference, barcode, name str; active bool).
        Amazon Products and jobs of the old one go with it. Returns how many there are now."""
        fresh = self.path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with closing(sqlite3.connect(fresh)) as store, store:
            store.executescript(_SCHEMA)
            store.executemany(
                "insert into product (reference, barcode, name, active) values (?, ?, ?, ?)",
                products[["reference", "barcode", "name", "active"]].itertuples(index=False),
            )
        # A half-made store is never seen under the store's name.
        fresh.replace(self.path)
        return len(products)

    def _open(self) -> "_Store":
        return _Store(self.path)


class _Store:
    """One connection for one piece of work: committed at the end, rolled back on an error."""

    def __init__(self, path: Path):
        self.connection = sqlite3.connect(path, timeout=30)
        self.connection.execute("pragma foreign_keys = on")

    def __enter__(self) -> sqlite3.Connection:
        return self.connection.__enter__()

    def __exit__(self, *error: object) -> None:
        self.connection.__exit__(*error)
        self.connection.close()


def _read(store: sqlite3.Connection, table: str, columns: list[str]) -> list[dict]:
    rows = store.execute(f"select {', '.join(columns)} from {table} order by id").fetchall()
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _write_product(store: sqlite3.Connection, row: dict) -> int:
    store.execute(
        "insert into product (xid, reference, name) values (:xid, :reference, :name) "
        "on conflict (xid) do nothing",
        row,
    )
    return store.execute("select id from product where xid = :xid", row).fetchone()[0]


def _write_amazon_product(store: sqlite3.Connection, row: dict) -> int:
    if row["xid"]:
        return store.execute(
            "insert into amazon_product "
            "(xid, seller, market, sku, channel, product_id, title, created_for) values "
            "(:xid, :seller, :market, :sku, :channel, :product_id, :title, :created_for) "
            "on conflict (xid) do update set seller = excluded.seller, market = excluded.market, "
            "sku = excluded.sku, channel = excluded.channel, product_id = excluded.product_id, "
            "title = excluded.title, created_for = excluded.created_for returning id",
            row,
        ).fetchone()[0]
    store.execute(
        "update amazon_product set product_id = :product_id, title = :title where id = :record_id",
        row,
    )
    return row["record_id"]
