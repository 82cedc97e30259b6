"""Amazon's listing reports as listings: found by header name, in every language of Seller Central.

A report has no column for the product. By the rule of the sync a listing's Seller SKU is the
product's internal reference, so it stands in both columns.

report_headers.json: our name -> language -> header as seen; "fba" is how FBA inventory reports
call it.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from lib.columns import LISTING_COLUMNS, OFFER_COLUMNS
from lib.model import CHANNEL_LABELS, Action, MapFile, MapperError
from lib.source.encoding import NotInEncoding
from lib.source.map_file import check_size
from lib.source.marketplaces import NAMES
from lib.source.table import Table, open_table
from lib.source.unique import map_unique

_CHANNEL = re.compile(r"(DEFAULT)|AMAZON_\w+", re.IGNORECASE)
_NOT_ACTIVE = ("inactive", "incomplete")
_ASIN = r"B[0-9A-Z]{9}|[0-9]{9}[0-9X]"
_GTIN_DIGITS = {"3": 12, "4": 13}
"""Product id type -> digits: UPC, EAN."""
_NUMERIC = ("price", "id_type", "product_id")
"""Zeros that Excel took from a UPC or EAN are known by its length and put back."""


class FulfilmentNeeded(MapperError):
    """A listing report does not say who ships: an FBA inventory report beside it does."""


@dataclass(frozen=True)
class Report(MapFile):
    """Listing reports as read, one for each of ``markets`` (codes), called ``names``.

    ``left_out`` (LISTING_COLUMNS) are the rows of listings that are not active, unless they were
    asked for (``inactive``). ``looked_up`` counts the listings that Amazon's catalogue has a
    product's code of (lib.amazon.catalog).
    """

    markets: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    inactive: bool = False
    looked_up: int = 0
    left_out: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=LISTING_COLUMNS))

    @property
    def reading(self) -> tuple:
        return *super().reading, self.markets, self.inactive, self.looked_up

    @property
    def seen(self) -> pd.DataFrame:
        """All rows of the report (LISTING_COLUMNS), also of listings that are not active."""
        return pd.concat([self.listings, self.left_out])


def read_path(path: Path, market: str, **choices) -> Report:
    """``read`` the file at ``path``, which is not loaded if it is too large."""
    check_size(path.name, path.stat().st_size)
    return read(path.read_bytes(), path.name, market, **choices)


def read(
    data: bytes,
    name: str,
    market: str,
    inactive: bool = False,
    sheet: str | None = None,
    encoding: str | None = None,
    fba: Report | None = None,
) -> Report:
    """Read a listing or FBA inventory report called ``name``: the text file of Seller Central, or
    that file saved again as CSV or XLSX.

    ``market`` is the code of its marketplace, which no report names. ``inactive`` keeps listings
    that are not active; ``sheet`` and ``encoding`` are the user's choice. By ``fba``, an FBA
    inventory report, listings whose fulfilment the report leaves out are FBA if it has their
    Seller SKU, else FBM. Raises NotInEncoding where another encoding may help, FulfilmentNeeded
    where ``fba`` does, and MapperError for every file that is no such report.
    """
    check_size(name, len(data))
    try:
        table = open_table(data, sheet, encoding, bare=True)
        found = _find(table.headers, told=fba is not None)
        rows = table.read(found, _NUMERIC)
        if rows.empty:
            raise MapperError("it has a header but no rows: Amazon reports no listing.")
        rows = rows.assign(**{column: "" for column in _HEADERS if column not in found})
        if is_inventory(table.headers) and "channel" not in found:
            rows["channel"] = _AFN
        elif fba is not None:
            rows["channel"] = _told(rows, fba)
        listings = _listings(rows, table, market)
        active = _active(rows, name, listings)
        kept = np.ones(len(rows), bool) if inactive else active
        if not kept.any():
            raise MapperError("no listing in it is active. Ask for inactive listings to read it.")
    except MapperError as error:
        choice = isinstance(error, NotInEncoding)
        more = " Or choose its encoding on the page Sync listings." if choice else ""
        error.args = (f"{name}: {error}{more}",)
        raise
    used = {found[column] for column in found}
    return Report(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        listings=listings[kept].reset_index(drop=True),
        columns={column: table.headers[at] for column, at in found.items()},
        ignored=tuple(h for at, h in enumerate(table.headers) if h and at not in used),
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet,
        sheets=table.sheets,
        offers=_offers(rows[kept]).reset_index(drop=True),
        markets=(market,),
        names=(name,),
        inactive=inactive,
        left_out=listings[~kept],
    )


def _key(header: str) -> str:
    """A header without what differs between a report, its custom form and a file saved again."""
    plain = unicodedata.normalize("NFKC", header).casefold()
    return re.sub(r"[\s_-]", "", plain).replace("fulfilment", "fulfillment")


_HEADERS: dict[str, list[str]] = {
    column: list(dict.fromkeys(map(_key, names.values())))
    for column, names in json.loads(
        Path(__file__).with_name("report_headers.json").read_text("utf-8")
    ).items()
}
_FBA_ONLY = {"fnsku", "fulfillmentchannelsku"}
_MFN, _AFN = "DEFAULT", "AMAZON_FBA"
"""Channels in a report's words, where it has none of its own."""


def is_inventory(headers: Iterable[str]) -> bool:
    """Whether these are the headers of an FBA inventory report."""
    return not _FBA_ONLY.isdisjoint(map(_key, headers))


def as_inventory(read: Report) -> Report:
    """A report, if it is an FBA inventory report; else raises MapperError."""
    if not is_inventory(read.headers):
        raise MapperError(
            f"{read.name} is no FBA inventory report. Give Amazon Fulfilled Inventory or Manage "
            f"FBA Inventory as Seller Central writes it."
        )
    return read


def _find(headers: list[str], told: bool) -> dict[str, int]:
    """The position of each of our columns; ``told``: the channel is known from elsewhere. Raises
    MapperError where a report has others."""
    keys = [_key(header) for header in headers]
    found = {}
    for column, names in _HEADERS.items():
        places = [at for name in names for at, key in enumerate(keys) if _is(key, name)]
        if places:
            # Chinese heads the listing id with the name of the product id, which comes after it.
            found[column] = places[-1] if column == "product_id" else places[0]
    untold = "channel" not in found and not told and not is_inventory(headers)
    missing = [] if "sku" in found else ["seller-sku"]
    if missing:
        missing += ["fulfillment-channel"] * untold
        raise MapperError(
            f"no column is called {' or '.join(missing)}, in any language that is known. Give a "
            "listing report or an FBA inventory report as Seller Central writes it."
        )
    if untold:
        raise FulfilmentNeeded(
            "no column is called fulfillment-channel, in any language that is known: it does not "
            "say who ships. Give an FBA inventory report of the same seller too, or a listing "
            "report that says it."
        )
    return found


def _is(key: str, name: str) -> bool:
    """Whether a header is this name; Amazon itself writes "?" for letters of some languages."""
    if "?" not in key or not any(map(str.isalnum, key)):
        return key == name
    return re.fullmatch(re.escape(key).replace(r"\?", "."), name) is not None


def _told(rows: pd.DataFrame, fba: Report) -> pd.Series:
    """The channel as read; where it is blank, by whether the inventory report has the SKU."""
    at_amazon = rows["sku"].str.strip().isin(fba.seen["sku"].str.strip())
    known = pd.Series(np.where(at_amazon, _AFN, _MFN), rows.index, dtype="str")
    return rows["channel"].where(rows["channel"].str.strip() != "", known)


def _listings(rows: pd.DataFrame, table: Table, market: str) -> pd.DataFrame:
    """LISTING_COLUMNS of the rows, with the fulfilment written as in a map file."""
    channel = map_unique(rows["channel"], _channel)
    # In a row with too many cells nobody knows which is which: it names no listing.
    channel = channel.mask(rows["row"].isin(table.overlong or []), "")
    return rows.assign(
        reference=rows["sku"],
        marketplace=NAMES[market],
        fulfilment=channel.map(CHANNEL_LABELS).fillna(rows["channel"]),
        market=market,
        channel=channel,
        units="",
        action=Action.MAP.value,
    )[LISTING_COLUMNS]


def _channel(text: str) -> str:
    match = _CHANNEL.fullmatch(text.strip())
    return "" if match is None else "MFN" if match[1] else "AFN"


def _active(rows: pd.DataFrame, name: str, listings: pd.DataFrame) -> np.ndarray:
    """Which rows are of active listings (bool). Without a status, those of a report are, unless
    its name says otherwise; a status that is not known is warned of."""
    status = rows["status"].str.strip()
    if not status.any():
        return np.full(len(rows), "inactive" not in name.casefold())
    folded = status.str.casefold()
    not_active = folded.isin(_NOT_ACTIVE)
    unknown = ~not_active & (folded != "active")
    if unknown.any():
        words = 'Status "' + status[unknown] + '" is not known: taken for active'
        before = listings.loc[unknown, "warning"]
        listings.loc[unknown, "warning"] = words.where(before == "", before + "; " + words)
    return ~not_active.to_numpy()


def _offers(rows: pd.DataFrame) -> pd.DataFrame:
    """OFFER_COLUMNS of the rows; a code is told by its shape, for reports mix their columns."""
    asin, other = rows["asin"].str.strip(), rows["product_id"].str.strip()
    kind = rows["id_type"].str.strip()
    asin = asin.where(asin.str.fullmatch(_ASIN), other.where(kind == "1", ""))
    ean = pd.Series("", rows.index, dtype="str")
    for of_kind, digits in _GTIN_DIGITS.items():
        codes = other[kind == of_kind].str.zfill(digits)
        ean[codes.index] = codes.where(is_gtin(codes), "")
    asin = asin.where(asin.str.fullmatch(_ASIN), "")
    price = rows["price"].str.strip()
    return pd.DataFrame({"asin": asin, "ean": ean, "price": price, "looked_up": ""})[OFFER_COLUMNS]


def is_gtin(codes: pd.Series) -> pd.Series:
    """Whether each code is 12 to 14 digits, not all 0, and its last is the check of the others."""
    shaped = codes.str.fullmatch("[0-9]{12,14}")
    number = codes.where(shaped, "1").astype("int64")
    total = sum(number // 10**place % 10 * (1, 3)[place % 2] for place in range(14))
    return (total % 10 == 0) & (number > 0)
