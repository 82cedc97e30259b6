"""The tables of the app's own database, and how frames are kept in them."""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pandas as pd
import pyarrow as pa
import sqlalchemy as sa
from pyarrow import feather

from lib.model import JobState, MapperError

_META = sa.MetaData()
ACTIVE = [state.value for state in JobState if state.active]

RUN = sa.Table(
    "run",
    _META,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("undoes", sa.String, nullable=False),
    sa.Column("target", sa.String, nullable=False),
    sa.Column("place", sa.String, nullable=False),
    sa.Column("seller", sa.String, nullable=False),
    sa.Column("user", sa.String, nullable=False),
    sa.Column("file", sa.String, nullable=False),
    sa.Column("sha256", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("ending", sa.String, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("logged", sa.Boolean, nullable=False),
    sa.Column("started", sa.Float, nullable=False),
    sa.Column("resumed", sa.Float, nullable=False),
    sa.Column("finished", sa.Float, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("executor", sa.String, nullable=False),
    sa.Column("counts", sa.JSON, nullable=False),
    sa.Column("rows", sa.LargeBinary, nullable=False),
    # The database itself keeps a second run away, whichever process presses.
    sa.Index(
        "one_run_a_place_and_seller",
        "place",
        "seller",
        unique=True,
        sqlite_where=sa.column("state").in_(ACTIVE),
        postgresql_where=sa.column("state").in_(ACTIVE),
    ),
)

BATCH = sa.Table(
    "batch",
    _META,
    sa.Column("run", sa.String, sa.ForeignKey("run.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("rows", sa.LargeBinary, nullable=False),
    sa.Column("sent", sa.JSON(none_as_null=True)),
    sa.Column("results", sa.LargeBinary),
    sa.Column("failed", sa.Integer, nullable=False, default=0),
    sa.Column("ended", sa.Float, nullable=False, default=0.0),
)

EXECUTOR = sa.Table(
    "executor",
    _META,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("host", sa.String, nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("born", sa.String, nullable=False),
    sa.Column("beat", sa.Float, nullable=False),
)


LISTED = sa.Table(
    "listed",
    _META,
    sa.Column("run", sa.String, sa.ForeignKey("run.id"), primary_key=True),
    sa.Column("place", sa.String, nullable=False),
    sa.Column("seller", sa.String, nullable=False),
    sa.Column("market", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("inactive", sa.Boolean, nullable=False),
    sa.Column("rows", sa.LargeBinary, nullable=False),
)

COLUMN_CHOICE = sa.Table(
    "column_choice",
    _META,
    sa.Column("headers", sa.String, primary_key=True),
    sa.Column("columns", sa.JSON, nullable=False),
)

# Ids are never given twice, so the newest and the count tell whether anything was changed.
DECISION = sa.Table(
    "decision",
    _META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("place", sa.String, nullable=False),
    sa.Column("seller", sa.String, nullable=False),
    sa.Column("market", sa.String, nullable=False),
    sa.Column("channel", sa.String, nullable=False),
    sa.Column("sku", sa.String, nullable=False),
    sa.Column("verdict", sa.String, nullable=False),
    sa.Column("product_id", sa.BigInteger, nullable=False),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("user", sa.String, nullable=False),
    sa.Column("decided", sa.String, nullable=False),
    sa.Index("decisions_of_a_listing", "place", "seller", "sku"),
    sqlite_autoincrement=True,
)

AFFIX = sa.Table(
    "affix",
    _META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("seller", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("text", sa.String, nullable=False),
    sa.UniqueConstraint("seller", "kind", "text"),
    sqlite_autoincrement=True,
)

AMAZON_REPORT = sa.Table(
    "amazon_report",
    _META,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("seller", sa.String, nullable=False),
    sa.Column("market", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("report_id", sa.String, nullable=False),
    sa.Column("document_id", sa.String, nullable=False),
    sa.Column("explanation", sa.Text, nullable=False),
    sa.Column("since", sa.Float, nullable=False),
    sa.Column("requested", sa.Float, nullable=False),
    sa.Column("leased", sa.Float, nullable=False),
    sa.Column("finished", sa.Float, nullable=False),
    sa.Column("charset", sa.String),
    sa.Column("encoding", sa.String),
    sa.Column("document", sa.LargeBinary),
    # Processes that want the same report wait for one.
    sa.Index(
        "one_report_at_a_time",
        "seller",
        "market",
        "kind",
        unique=True,
        sqlite_where=sa.column("active"),
        postgresql_where=sa.column("active"),
    ),
)

WAITING = sa.Table(
    "waiting",
    _META,
    sa.Column("place", sa.String, primary_key=True),
    sa.Column("seller", sa.String, primary_key=True),
    sa.Column("market", sa.String, primary_key=True),
    sa.Column("listings", sa.JSON, nullable=False),
)

AMAZON_CODES = sa.Table(
    "amazon_codes",
    _META,
    sa.Column("market", sa.String, primary_key=True),
    sa.Column("asin", sa.String, primary_key=True),
    sa.Column("codes", sa.JSON, nullable=False),
    sa.Column("asked", sa.Float, nullable=False),
)


class StoreError(MapperError):
    """The app's own database cannot be used now."""


class Store:
    """The app's database at ``url`` (as SQLAlchemy writes it), made on first use."""

    def __init__(self, url: str):
        try:
            address = sa.make_url(url)
            if address.get_backend_name() == "sqlite":
                Path(address.database or "").parent.mkdir(parents=True, exist_ok=True)
        except (OSError, ValueError, sa.exc.ArgumentError) as error:
            reason = getattr(error, "strerror", None) or "its address is not one"
            raise StoreError(f"The app's own database cannot be used: {reason}.") from None
        if address.get_backend_name() == "sqlite":
            self._engine = sa.create_engine(address, connect_args={"timeout": 30})
            sa.event.listen(self._engine, "connect", _tune_sqlite)
            alone = "begin immediate"
        else:
            address = address.set(drivername="postgresql+psycopg")
            self._engine = sa.create_engine(address, pool_pre_ping=True)
            alone = "select pg_advisory_xact_lock(1)"
        with self.begin() as connection:
            # Of processes that start together the first makes the tables, and the others wait.
            connection.exec_driver_sql(alone)
            _META.create_all(connection)

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """A transaction. Raises StoreError, but leaves sa.exc.IntegrityError to the caller."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except sa.exc.IntegrityError:
            raise
        except sa.exc.DBAPIError as error:
            raise StoreError(
                f"The app's own database cannot be used: {error.orig}. What was written to Odoo "
                f"is recognised when it can be used again."
            ) from None

    def close(self) -> None:
        self._engine.dispose()


def _tune_sqlite(connection, _) -> None:
    # Readers do not wait for a writer. The mode is the file's: SQLite refuses to set it while
    # another process does.
    with suppress(sqlite3.OperationalError):
        connection.execute("pragma journal_mode = wal")
    # What is about to be written to Odoo is noted first, also for after a power cut.
    connection.execute("pragma synchronous = full")


def pack(frame: pd.DataFrame) -> bytes:
    """A frame, without its index, as bytes."""
    sink = pa.BufferOutputStream()
    table = pa.Table.from_pandas(frame, preserve_index=False)
    feather.write_feather(table, sink, compression="zstd")
    return sink.getvalue().to_pybytes()


def unpack(data: bytes, columns: Collection[str] = ()) -> pd.DataFrame:
    """The frame, or of it these columns, as far as it has them."""
    if columns:
        columns = [name for name in pa.ipc.open_file(data).schema.names if name in columns]
    return feather.read_table(pa.BufferReader(data), columns or None).to_pandas()
