"""The product's words as types: see docs/concepts.md."""

from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd


class Lane(StrEnum):
    """Where a row stands. Every row read is in exactly one lane."""

    MAPPED = "mapped"
    MATCHED = "matched"
    TO_CREATE = "to_create"
    UNMATCHED = "unmatched"
    BLOCKED = "blocked"

    @property
    def label(self) -> str:
        return _LANE_LABELS[self]

    @property
    def colour(self) -> str:
        """As a figure takes it."""
        return _LANE_COLOURS[self]

    @property
    def tone(self) -> str:
        """As Streamlit's text takes it; config.toml gives these names the same colours."""
        return _LANE_TONES[self]


_LANE_LABELS = {
    Lane.MAPPED: "Mapped",
    Lane.MATCHED: "Matched",
    Lane.TO_CREATE: "To create",
    Lane.UNMATCHED: "Unmatched",
    Lane.BLOCKED: "Blocked",
}
_LANE_COLOURS = {
    Lane.MAPPED: "#6b4fbb",
    Lane.MATCHED: "#2f9e63",
    Lane.TO_CREATE: "#3b72d9",
    Lane.UNMATCHED: "#e08a1e",
    Lane.BLOCKED: "#c63d4c",
}
_LANE_TONES = {
    Lane.MAPPED: "violet",
    Lane.MATCHED: "green",
    Lane.TO_CREATE: "blue",
    Lane.UNMATCHED: "orange",
    Lane.BLOCKED: "red",
}

CHANNEL_LABELS = {"AFN": "FBA", "MFN": "FBM"}


class Action(StrEnum):
    """What a row of a map file asks for; the value is what stands in the file."""

    MAP = "MAP"
    UNMAP = "UNMAP"


class Rule(StrEnum):
    """Why a row is tied to its product; the value is what the user reads."""

    EXISTING = "Existing mapping"
    REFERENCE = "Internal reference"
    BARCODE = "Barcode"
    NORMALISED = "Normalised reference"
    EAN = "UPC or EAN in the report"
    LOOKED_UP = "UPC or EAN in Amazon's catalogue"
    SAME_SKU = "Same SKU elsewhere"
    AFFIX = "Affix rule"
    EARLIER = "Your earlier choice"
    CHOICE = "Your choice"
    CREATE = "New product"
    UNMAP = "Unmap"
    NONE = ""

    @property
    def exact(self) -> bool:
        """Whether a person's word, or a code exactly as written, stands behind it."""
        return self not in _INEXACT


_INEXACT = (Rule.NORMALISED, Rule.EAN, Rule.LOOKED_UP, Rule.SAME_SKU, Rule.AFFIX)


class Reason(StrEnum):
    """Why a row waits for a person or is left out; the value is what the user reads."""

    NONE = ""
    NO_SKU = "Seller SKU is empty"
    UNKNOWN_MARKETPLACE = "Marketplace is not known"
    NOT_SELLERS_MARKETPLACE = "Marketplace is not one of this seller's"
    UNKNOWN_FULFILMENT = "Fulfilment is not FBA or FBM"
    NOT_CHOSEN_FULFILMENT = "Fulfilment is left out by the options"
    UNKNOWN_ACTION = "Action is not MAP or UNMAP"
    UNKNOWN_UNITS = "Units is not a whole number from 1"
    SEVERAL_UNITS = "Same listing in the file with different units"
    MAP_AND_UNMAP = "Same listing in the file to map and to unmap"
    NOT_MAPPED = "Not mapped: nothing to unmap"
    CONTRADICTION = "Same listing in the file with different products"
    TWICE_IN_TARGET = "Odoo has this listing more than once"
    RELINK = "Odoo has this listing on another product"
    CREATED_BEFORE = "A product created earlier for this reference was changed since"
    NO_REFERENCE = "No internal reference and SKU not mapped elsewhere"
    NOT_FOUND = "No product has this reference or barcode"
    NO_TITLE = "Title is needed to create the product"
    SEVERAL = "Several products have this reference or barcode"
    ARCHIVED = "The product is archived"
    SKU_ON_SEVERAL = "SKU is mapped elsewhere to several products"
    AFFIX_SEVERAL = "Affix rules lead to several products"
    DISAGREES = "The file names another product than your earlier choice"
    REJECTED = "The product found for it is one that you rejected"
    REPEATED = "Repeats an earlier row"
    DISMISSED = "Dismissed"

    @property
    def needs_choice(self) -> bool:
        """Whether a person can settle it by choosing a product or dismissing the row."""
        return self in _NEED_CHOICE

    @property
    def needs_correction(self) -> bool:
        """Whether the row is no usable listing until its file, or Odoo, is corrected."""
        return self in _NEED_CORRECTION


_NEED_CHOICE = (
    Reason.CONTRADICTION,
    Reason.RELINK,
    Reason.CREATED_BEFORE,
    Reason.NO_REFERENCE,
    Reason.NOT_FOUND,
    Reason.NO_TITLE,
    Reason.SEVERAL,
    Reason.ARCHIVED,
    Reason.SKU_ON_SEVERAL,
    Reason.AFFIX_SEVERAL,
    Reason.DISAGREES,
    Reason.REJECTED,
)
_NEED_CORRECTION = (
    Reason.NO_SKU,
    Reason.UNKNOWN_MARKETPLACE,
    Reason.NOT_SELLERS_MARKETPLACE,
    Reason.UNKNOWN_FULFILMENT,
    Reason.UNKNOWN_ACTION,
    Reason.UNKNOWN_UNITS,
    Reason.SEVERAL_UNITS,
    Reason.MAP_AND_UNMAP,
    Reason.TWICE_IN_TARGET,
)


class Operation(StrEnum):
    """What the plan does. A row that creates its product counts as CREATE_PRODUCT and as LINK; one
    whose price is set counts as SET_PRICE besides what else is done."""

    LINK = "link"
    RELINK = "relink"
    UPDATE = "update"
    UNMAP = "unmap"
    CREATE_PRODUCT = "create_product"
    SET_PRICE = "set_price"
    UNCHANGED = "unchanged"
    SKIP = "skip"

    @property
    def label(self) -> str:
        return _OPERATION_LABELS[self]


_OPERATION_LABELS = {
    Operation.LINK: "Amazon Products to link",
    Operation.RELINK: "Amazon Products to relink",
    Operation.UPDATE: "Amazon Products to update",
    Operation.UNMAP: "Amazon Products to unmap",
    Operation.CREATE_PRODUCT: "Products to create",
    Operation.SET_PRICE: "Prices to set",
    Operation.UNCHANGED: "Already as in the file",
    Operation.SKIP: "Rows skipped",
}
OF_LISTINGS = (Operation.LINK, Operation.RELINK, Operation.UPDATE)
CHANGES = (*OF_LISTINGS, Operation.UNMAP, Operation.CREATE_PRODUCT, Operation.SET_PRICE)


class Outcome(StrEnum):
    """How a row of a run ended."""

    DONE = "done"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    FAILED = "failed"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class JobState(StrEnum):
    """Where an execution stands."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    DONE = "done"
    FAILED = "failed"

    @property
    def label(self) -> str:
        return "Waiting for Odoo" if self is JobState.WAITING else self.value.capitalize()

    @property
    def active(self) -> bool:
        """Whether it has not ended."""
        return self not in (JobState.CANCELLED, JobState.DONE, JobState.FAILED)


@dataclass(frozen=True)
class Seller:
    """One Amazon seller account; ``markets`` are marketplace codes, ``pricelists`` the name in Odoo
    of the pricelist that each has, if it has one. What a sync does unless a person says otherwise:
    ``create`` products, set ``prices``, and ``lookup``, ask Amazon's catalogue for the UPC or EAN
    of listings that find no product."""

    name: str
    markets: tuple[str, ...]
    pricelists: dict[str, str] = field(default_factory=dict, hash=False)
    create: bool = False
    prices: bool = False
    lookup: bool = False


@dataclass(frozen=True)
class Options:
    """The user's choices for one run; ``channels`` holds "AFN", "MFN" or both; ``packs`` is whether
    the pack sizes that titles say are taken as units; ``prices`` whether those of a report are
    set."""

    channels: tuple[str, ...] = ("AFN", "MFN")
    create: bool = False
    packs: bool = False
    prices: bool = False


@dataclass(frozen=True)
class MapFile:
    """A map file as read. ``listings`` has LISTING_COLUMNS; ``columns`` are our name -> header
    and ``ignored`` the headers not used. ``offers`` (OFFER_COLUMNS, same index) is what a report
    says besides; a map file, whose references were written by a person, has none."""

    name: str
    sha256: str
    listings: pd.DataFrame
    columns: dict[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    offers: pd.DataFrame | None = None

    @property
    def reading(self) -> tuple:
        """What a person may choose for the reading of the same bytes."""
        return self.sheet, self.encoding

    @property
    def headers(self) -> tuple[str, ...]:
        """All headers that have a name."""
        return (*self.columns.values(), *self.ignored)


class MapperError(Exception):
    """A message for the user: what is wrong, where, and what to do next."""
