"""What people decided, now and earlier, and the listing keys they decided it for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd

CREATE = -1
"""The product id of a choice to create the product that the row names."""


@dataclass(frozen=True)
class Choice:
    """What a person decided for a listing: a product id, 0 to dismiss it, or CREATE; with a note,
    and ``why``, the reason the row waited for."""

    product_id: int
    note: str = ""
    why: str = ""


Decisions = Mapping[str, Choice]
"""Listing key, as ``listing_keys`` writes it -> choice."""


class Verdict(StrEnum):
    """What a kept decision says of its listing."""

    CHOOSE = "choose"
    DISMISS = "dismiss"
    CREATE = "create"
    REJECT = "reject"

    @property
    def label(self) -> str:
        return self.value.capitalize()


LISTING_KEY = ["market", "channel", "sku"]

DECISION_COLUMNS = [
    *LISTING_KEY, "verdict", "product_id", "reference", "name", "said", "why", "note", "user",
    "decided",
]  # fmt: skip
"""Kept decisions of one seller at one place, at most one a listing and any number of rejections:
``verdict`` a Verdict value; the product it is about by ``product_id`` (int64, 0 for none),
``reference`` and ``name``, of a product to be created by the last two; ``said`` what the file said
of the listing then (see ``said_of``); ``why`` the Reason it waited for; ``note``, ``user``; and
``decided``, UTC, ISO 8601. All but ``product_id`` are str."""


class AffixKind(StrEnum):
    """Where an affix stands in a Seller SKU."""

    PREFIX = "prefix"
    SUFFIX = "suffix"


@dataclass(frozen=True)
class Affix:
    """What a seller puts before or after the reference to make a Seller SKU."""

    kind: AffixKind
    text: str


def no_decisions() -> pd.DataFrame:
    """A frame of DECISION_COLUMNS without rows."""
    kinds = dict.fromkeys(DECISION_COLUMNS, "str") | {"product_id": "int64"}
    return pd.DataFrame(columns=DECISION_COLUMNS).astype(kinds)


@dataclass(frozen=True)
class Memory:
    """What is kept of a seller at a place: ``decisions`` (DECISION_COLUMNS) and affix rules."""

    decisions: pd.DataFrame = field(default_factory=no_decisions)
    affixes: tuple[Affix, ...] = ()


NOTHING_KEPT = Memory()


def listing_keys(frame: pd.DataFrame) -> pd.Series:
    """The key of each listing within its seller (str), from market, channel and sku."""
    return frame["market"] + "\x1f" + frame["channel"] + "\x1f" + frame["sku"].str.strip()
