"""The port to a target: one catalogue to read, one ``load`` to write, one job log."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

import pandas as pd

from lib.catalogue import Catalogue
from lib.model import JobState, MapperError


class TargetError(MapperError):
    """The target did not do what was asked; nothing of the call was written."""


class Unreachable(TargetError):
    """No connection, or none any more: whether the last call was written is not known."""


class Denied(TargetError):
    """Wrong database, user or password, or a right that the user does not have."""


Kind = Literal["product", "amazon_product", "price"]
"""What ``load`` writes. A "product" row has xid, reference, name: it is created if nothing was
created under that xid, and never overwritten; one that has another reference by now is refused.
An "amazon_product" row has xid or else record_id, and title, seller, market, sku, channel,
created_for, product_id (int64): created or updated. A "price" row has pricelist_id, product_id
(int64), price (an amount), and xid or else record_id: with a record_id that price is updated; with
an xid it is created if nothing was created under that xid, and never overwritten; one that says
something else by now is refused."""


class Message(NamedTuple):
    """Why a row (its position in the batch, or -1 for the batch) was refused."""

    row: int
    text: str


class Loaded(NamedTuple):
    """``ids`` in the order of the rows; none at all if the batch was refused. Where there are
    ids, a message tells of a single row that could not be used, whose id is 0."""

    ids: list[int]
    messages: list[Message]


@dataclass
class Job:
    """One execution, as the job log keeps it. Times are UTC, ISO 8601. ``counts`` has the keys
    of ``python -m lib map --json``; ``rows`` is what ``lib.results.result_rows`` gives, or
    nothing while the job runs."""

    id: str
    user: str
    seller: str
    file: str
    sha256: str
    started: str
    finished: str = ""
    state: JobState = JobState.RUNNING
    counts: dict = field(default_factory=dict)
    rows: pd.DataFrame | None = None


def changed_since(row: int, reference: str) -> Message:
    """The refusal of a product that was created for a reference and has another one by now."""
    return Message(
        row,
        f"The product created earlier for this reference has the reference {reference!r} now. "
        f"Choose the product for the row, or give the product its reference back.",
    )


def price_changed(row: int) -> Message:
    """The refusal of a price that we made once and that a person has made another rule of."""
    return Message(
        row,
        "The price made earlier for this product was changed to another amount, dates or minimum "
        "quantity in Odoo and is left as it is. Correct or remove it in the pricelist.",
    )


def made_frame(
    products: pd.DataFrame, there: pd.DataFrame, mapped: Collection[int]
) -> pd.DataFrame:
    """``Target.made`` of what we wrote and what is there now (PRODUCT_COLUMNS), as far as these
    columns tell."""
    both = there.merge(products, on="id", suffixes=("", "_made"))
    as_made = (both["reference"] == both["reference_made"]) & (both["name"] == both["name_made"])
    untouched = as_made & (both["barcode"] == "") & both["active"]
    return both[["id"]].assign(untouched=untouched, mapped=both["id"].isin(list(mapped)))


class Target(Protocol):
    """A place that holds products, Amazon Products and the job log.

    Every method raises Unreachable or Denied, or TargetError with the target's own words.
    """

    name: str
    """What the settings call it."""
    label: str
    place: str
    """The database written to, whoever is the user."""
    identity: str
    """Tells this target from every other one, also of the same place."""
    user: str
    connections: int
    """How many calls it serves well side by side."""

    def missing(self) -> list[str]:
        """What must be provisioned before Amazon Products can be written, in words."""
        ...

    def check_rights(self, kinds: set[Kind]) -> None:
        """Raises Denied unless the user may write all these kinds and the job log."""
        ...

    def catalogue(self) -> Catalogue: ...

    def amazon_products(self, seller: str, skus: list[str], ids: list[int]) -> pd.DataFrame:
        """AMAZON_PRODUCT_COLUMNS of a seller's listings that have these SKUs or ids, as they are
        now."""
        ...

    def products_with(self, codes: list[str]) -> pd.DataFrame:
        """PRODUCT_COLUMNS of the products that have one of these references or barcodes now."""
        ...

    def pricelists(self) -> pd.DataFrame:
        """PRICELIST_COLUMNS of the pricelists in use."""
        ...

    def prices(self, pricelist: int, products: list[int] | None = None) -> pd.DataFrame:
        """PRICE_COLUMNS of a pricelist as it is now: of these products, or all."""
        ...

    def made(self, products: pd.DataFrame) -> pd.DataFrame:
        """What became of products that we created (``id``, ``reference``, ``name``): those still
        there. ``id`` int64; ``untouched`` bool, as nobody has written to it since; ``mapped``
        bool, as an Amazon Product is tied to it."""
        ...

    def load(self, kind: Kind, rows: pd.DataFrame) -> Loaded:
        """Write a batch whole or not at all; all rows have an xid or all have none. The same
        batch again changes nothing."""
        ...

    def delete(self, kind: Kind, records: list[int]) -> None:
        """Delete all these records or, raising TargetError, none. What is gone already is no
        error."""
        ...

    def archive(self, products: list[int]) -> None: ...

    def save_job(self, job: Job) -> None: ...

    def jobs(self) -> list[Job]:
        """The job log, newest first, without rows."""
        ...

    def job_rows(self, job: str) -> pd.DataFrame: ...
