"""The embedded target: a SQLite file that behaves as Odoo does, for a machine without one."""

import getpass
import json
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pandas as pd

from lib.catalogue import Catalogue, amazon_products_frame, products_frame
from lib.model import AMAZON_PRODUCT_COLUMNS, PRODUCT_COLUMNS, JobState
from lib.target import sample
from lib.target.port import (
    Job,
    Kind,
    Loaded,
    Message,
    TargetError,
    changed_since,
    made_frame,
)

_SCHEMA = """
create table product (
    id integer primary key, external_id text not null default '',
    reference text not null default '', barcode text not null default '',
    name text not null check (name <> ''), active integer not null default 1, xid text unique);
create table amazon_product (
    id integer primary key, seller text not null, market text not null, sku text not null,
    channel text not null, product_id integer not null references product (id),
    title text not null, created_for text not null default '', xid text unique);
create table job (id text primary key, started text not null, header text not null, rows text);
"""


_AMONG = "in (select value from json_each(?))"


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
                store.executescript(_SCHEMA)
            self.take_products(sample.catalogue().assign(external_id=""))
            self.path = self.path.replace(path)

    def missing(self) -> list[str]:
        return []

    def check_rights(self, kinds: set[Kind]) -> None:
        """Everybody may write here."""

    def catalogue(self) -> Catalogue:
        with self._store() as store:
            products = _read(store, "product", PRODUCT_COLUMNS)
            amazon_products = _read(store, "amazon_product", AMAZON_PRODUCT_COLUMNS)
        return Catalogue(products_frame(products), amazon_products_frame(amazon_products))

    def amazon_products(self, seller: str, skus: list[str], ids: list[int]) -> pd.DataFrame:
        where = f"seller = ? and (sku {_AMONG} or id {_AMONG})"
        with self._store() as store:
            held = _read(store, "amazon_product", AMAZON_PRODUCT_COLUMNS, where, seller, skus, ids)
        return amazon_products_frame(held)

    def products_with(self, codes: list[str]) -> pd.DataFrame:
        where = f"reference {_AMONG} or barcode {_AMONG}"
        with self._store() as store:
            found = _read(store, "product", PRODUCT_COLUMNS, where, codes, codes)
        return products_frame(found)

    def made(self, products: pd.DataFrame) -> pd.DataFrame:
        with self._store() as store:
            there = products_frame(
                _read(store, "product", PRODUCT_COLUMNS, f"id {_AMONG}", products["id"].to_list())
            )
            tied = _read(store, "amazon_product", ["product_id"])
        return made_frame(products, there, {row["product_id"] for row in tied})

    def load(self, kind: Kind, rows: pd.DataFrame) -> Loaded:
        ids: list[int] = []
        refused: list[Message] = []
        unusable: list[Message] = []
        with self._store() as store:
            for position, row in enumerate(rows.to_dict("records")):
                try:
                    if kind == "amazon_product":
                        ids.append(_write_amazon_product(store, row))
                        continue
                    number, reference = _write_product(store, row)
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
                _read(store, "product", ["id", "external_id", "reference"]),
                columns=["id", "external_id", "reference"],
            )
            ids = _ids_of(products, there)
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


def _read(
    store: sqlite3.Connection,
    table: str,
    columns: list[str],
    where: str = "true",
    *values: str | list,
) -> list[dict]:
    asked = f"select {', '.join(columns)} from {table} where {where} order by id"
    given = [json.dumps(value) if isinstance(value, list) else value for value in values]
    rows = store.execute(asked, given).fetchall()
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _ids_of(products: pd.DataFrame, there: pd.DataFrame) -> list[int]:
    """The id of each product: the one it has already, or a new one."""
    ids = pd.Series(0, products.index)
    for column in ("external_id", "reference"):
        owners = there[(there[column] != "") & ~there[column].duplicated(keep=False)]
        owners = owners[~owners["id"].isin(ids)].set_index(column)["id"]
        asks = (ids == 0) & ~products[column].duplicated(keep=False)
        ids[asks] = products.loc[asks, column].map(owners).fillna(0).astype("int64")
    new = ids == 0
    first = int(there["id"].max()) + 1 if len(there) else 1
    ids[new] = range(first, first + int(new.sum()))
    return ids.tolist()


def _write_product(store: sqlite3.Connection, row: dict) -> tuple[int, str]:
    """The product under the row's xid, made if it is not there, and its reference now."""
    store.execute(
        "insert into product (xid, reference, name) values (:xid, :reference, :name) "
        "on conflict (xid) do nothing",
        row,
    )
    return store.execute("select id, reference from product where xid = :xid", row).fetchone()


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
        "update amazon_product set product_id = :product_id, title = :title, "
        "created_for = :created_for where id = :record_id",
        row,
    )
    return row["record_id"]
