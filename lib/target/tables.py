"""The tables of the embedded store: their columns, and how rows are read and written."""

import json
import sqlite3

import pandas as pd

SCHEMA = """
create table product (
    id integer primary key, external_id text not null default '',
    reference text not null default '', barcode text not null default '',
    name text not null check (name <> ''), active integer not null default 1, xid text unique);
create table amazon_product (
    id integer primary key, seller text not null, market text not null, sku text not null,
    channel text not null, product_id integer not null references product (id),
    units integer not null default 1, title text not null, created_for text not null default '',
    xid text unique);
create table job (id text primary key, started text not null, header text not null, rows text);
"""

# Stores made before there were prices get these on first use.
PRICES = (
    "create table if not exists pricelist ("
    "id integer primary key, name text not null, currency text not null)",
    "create table if not exists price ("
    "id integer primary key, pricelist_id integer not null references pricelist (id), "
    "product_id integer not null references product (id) on delete cascade, "
    "price text not null, xid text unique)",
)

# Likewise stores from before there were units.
UNITS = "alter table amazon_product add column units integer not null default 1"

AMONG = "in (select value from json_each(?))"


def read(
    store: sqlite3.Connection,
    table: str,
    columns: list[str],
    where: str = "true",
    *values: str | list,
) -> list[dict]:
    """Columns of the rows of a table, in the order of their ids; a list is given as JSON."""
    asked = f"select {', '.join(columns)} from {table} where {where} order by id"
    given = [json.dumps(value) if isinstance(value, list) else value for value in values]
    rows = store.execute(asked, given).fetchall()
    return [dict(zip(columns, row, strict=True)) for row in rows]


def ids_of(products: pd.DataFrame, there: pd.DataFrame) -> list[int]:
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


def write_product(store: sqlite3.Connection, row: dict) -> tuple[int, str]:
    """The product under the row's xid, made if it is not there, and its reference now."""
    store.execute(
        "insert into product (xid, reference, name) values (:xid, :reference, :name) "
        "on conflict (xid) do nothing",
        row,
    )
    return store.execute("select id, reference from product where xid = :xid", row).fetchone()


def write_amazon_product(store: sqlite3.Connection, row: dict) -> int:
    """The id of the Amazon Product."""
    if row["xid"]:
        return store.execute(
            "insert into amazon_product "
            "(xid, seller, market, sku, channel, product_id, units, title, created_for) values "
            "(:xid, :seller, :market, :sku, :channel, :product_id, :units, :title, :created_for) "
            "on conflict (xid) do update set seller = excluded.seller, market = excluded.market, "
            "sku = excluded.sku, channel = excluded.channel, product_id = excluded.product_id, "
            "units = excluded.units, title = excluded.title, created_for = excluded.created_for "
            "returning id",
            row,
        ).fetchone()[0]
    store.execute(
        "update amazon_product set product_id = :product_id, units = :units, title = :title, "
        "created_for = :created_for where id = :record_id",
        row,
    )
    return row["record_id"]


def write_price(store: sqlite3.Connection, row: dict) -> int:
    """The id of the price; 0 for one under this xid that says something else by now."""
    if not row["xid"]:
        store.execute("update price set price = :price where id = :record_id", row)
        return row["record_id"]
    store.execute(
        "insert into price (xid, pricelist_id, product_id, price) values "
        "(:xid, :pricelist_id, :product_id, :price) on conflict (xid) do nothing",
        row,
    )
    number, price = store.execute("select id, price from price where xid = :xid", row).fetchone()
    return number if price == row["price"] else 0
