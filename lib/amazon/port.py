"""What is asked of Amazon and what comes back, as types, and how it goes wrong."""

import re
from dataclasses import dataclass, field, fields
from enum import StrEnum

from lib.model import MapperError


class AmazonError(MapperError):
    """Amazon did not do what was asked."""


class Unreachable(AmazonError):
    """No answer, or none that means anything, for now. ``after`` is how many seconds Amazon wants
    to be left alone, 0 if it did not say."""

    def __init__(self, message: str, after: float = 0.0):
        super().__init__(message)
        self.after = after


class Denied(AmazonError):
    """Wrong credentials, or a right that the account or the application does not have."""


class NoRight(Denied):
    """A right that is missing in one region: the account may be one of another region."""


class Gone(AmazonError):
    """Amazon does not have it, or no more."""


class NoReport(AmazonError):
    """Amazon ended a report without a document."""


class NoData(NoReport):
    """Amazon has nothing to report, as far as it says."""


@dataclass(frozen=True)
class Credentials:
    """What opens one seller account: all three or nothing. ``source`` is where they are written,
    for messages."""

    refresh_token: str = field(default="", repr=False)
    lwa_app_id: str = field(default="", repr=False)
    lwa_client_secret: str = field(default="", repr=False)
    source: str = "[sellers.NAME]"

    @property
    def missing(self) -> list[str]:
        """The names of those that are not given."""
        return [name for name in CREDENTIALS if not getattr(self, name)]

    def hide(self, text: str) -> str:
        """A text of Amazon's without the credentials that it may repeat."""
        for secret in filter(None, (getattr(self, name) for name in CREDENTIALS)):
            text = text.replace(secret, "…")
        return re.sub(r"Atz[ar]\|[^\s\"']+", "…", text)


CREDENTIALS = [item.name for item in fields(Credentials) if item.name != "source"]
"""Our names of the three credentials, which are those of the client library as well."""


class ReportKind(StrEnum):
    """The reports that are read; the value is Amazon's name."""

    ACTIVE = "GET_MERCHANT_LISTINGS_DATA"
    ALL = "GET_MERCHANT_LISTINGS_ALL_DATA"

    @property
    def label(self) -> str:
        return _KIND_LABELS[self]


_KIND_LABELS = {
    ReportKind.ACTIVE: "Active listings",
    ReportKind.ALL: "All listings",
}


class ReportState(StrEnum):
    """Where a report stands. READY: it can be downloaded; DONE: its document is kept here."""

    ASKED = "asked"
    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"
    DONE = "done"
    NO_DATA = "no_data"
    CANCELLED = "cancelled"
    FATAL = "fatal"
    GIVEN_UP = "given_up"

    @property
    def label(self) -> str:
        return _STATE_LABELS[self]

    @property
    def tone(self) -> str:
        """Its colour, as Streamlit's text takes it."""
        return _STATE_TONES[self]

    @property
    def active(self) -> bool:
        """Whether it has not ended."""
        return self in (self.ASKED, self.QUEUED, self.RUNNING, self.READY)

    @property
    def without_data(self) -> bool:
        """Whether Amazon has nothing to report. It cancels a report for that, and seldom for
        having been asked for it too often."""
        return self in (self.NO_DATA, self.CANCELLED)


_STATE_LABELS = {
    ReportState.ASKED: "Being asked for",
    ReportState.QUEUED: "In queue",
    ReportState.RUNNING: "In progress",
    ReportState.READY: "Ready to download",
    ReportState.DONE: "Done",
    ReportState.NO_DATA: "No data",
    ReportState.CANCELLED: "No data (cancelled)",
    ReportState.FATAL: "Failed at Amazon",
    ReportState.GIVEN_UP: "Given up",
}
_STATE_TONES = {
    ReportState.ASKED: "gray",
    ReportState.QUEUED: "blue",
    ReportState.RUNNING: "blue",
    ReportState.READY: "blue",
    ReportState.DONE: "green",
    ReportState.NO_DATA: "orange",
    ReportState.CANCELLED: "orange",
    ReportState.FATAL: "red",
    ReportState.GIVEN_UP: "gray",
}


@dataclass(frozen=True)
class Report:
    """A report as Amazon has it. ``market`` is a marketplace code; ``created`` seconds since 1970;
    ``document_id`` is "" if it has none, or none yet; ``explanation`` why it ended without data."""

    id: str
    market: str
    kind: ReportKind
    state: ReportState
    created: float
    document_id: str = ""
    explanation: str = ""


@dataclass(frozen=True)
class Document:
    """A report's document. ``charset`` is as Amazon announced it, or ""; ``encoding`` is the one of
    lib.source.encoding.ENCODINGS that it means and the bytes are text in, or "", where the reader
    has to find out."""

    data: bytes = field(repr=False)
    charset: str = ""
    encoding: str = ""


@dataclass(frozen=True)
class Participation:
    """A marketplace that the account has: whether it takes part, and has suspended listings."""

    market: str
    takes_part: bool
    suspended: bool
