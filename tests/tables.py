"""Small tables for tests, written the short way."""

import io

import openpyxl
import pandas as pd

from lib.catalogue import Catalogue, amazon_products_frame, products_frame
from lib.columns import AMAZON_PRODUCT_COLUMNS, LISTING_COLUMNS, MAP_FIELDS, OFFER_COLUMNS
from lib.match.decisions import DECISION_COLUMNS, no_decisions
from lib.model import MapFile, Seller
from lib.source.report import Report

SELLER = Seller("acme", ("US", "DE", "GB", "JP"))


def listings(*rows: dict) -> pd.DataFrame:
    """Listing rows; a row says only what matters in it: by default a titled, FBA, US listing."""
    default = {"title": "A title", "reference": "", "sku": "", "market": "US", "channel": "AFN",
               "units": "", "action": "MAP", "warning": ""}  # fmt: skip
    filled = [default | row for row in rows]
    frame = pd.DataFrame(filled, columns=list(default)).astype("str")
    frame["row"] = range(2, len(rows) + 2)
    frame["marketplace"] = frame["market"]
    frame["fulfilment"] = frame["channel"]
    return frame[LISTING_COLUMNS]


def map_file(*rows: dict) -> MapFile:
    return MapFile("test.csv", "0" * 64, listings(*rows))


def report(*rows: dict) -> Report:
    """A report of these listings, of which each may give OFFER_COLUMNS besides."""
    read = listings(*({"market": "US", "reference": row["sku"]} | row for row in rows))
    offers = pd.DataFrame(
        [{column: row.get(column, "") for column in OFFER_COLUMNS} for row in rows],
        columns=OFFER_COLUMNS,
        dtype="str",
    )
    markets = tuple(read["market"].unique()) or ("US",)
    names = ("report.txt",) * len(markets)
    return Report("report.txt", "0" * 64, read, offers=offers, markets=markets, names=names)


def products(*rows: dict) -> pd.DataFrame:
    """Products numbered from 1; by default active, with no reference and no barcode."""
    default = {"reference": "", "barcode": "", "active": True}
    return products_frame(
        [default | {"id": at, "name": f"Product {at}"} | row for at, row in enumerate(rows, 1)]
    )


def exported(*rows: dict) -> pd.DataFrame:
    """The same as an export that the embedded store takes."""
    ids = [row.get("external_id", "") for row in rows]
    return products(*rows).drop(columns="id").assign(external_id=ids)


def amazon_products(*rows: dict) -> pd.DataFrame:
    """Amazon Products numbered from 101; by default of our seller, FBA, US, made by hand."""
    default = dict.fromkeys(AMAZON_PRODUCT_COLUMNS, "") | {
        "seller": SELLER.name,
        "market": "US",
        "channel": "AFN",
        "units": 1,
        "title": "A title",
    }
    return amazon_products_frame([default | {"id": at} | row for at, row in enumerate(rows, 101)])


def catalogue(*of_products: dict, held: tuple[dict, ...] = ()) -> Catalogue:
    return Catalogue(products(*of_products), amazon_products(*held))


def decisions(*rows: dict) -> pd.DataFrame:
    """Kept decisions; by default the choice of a product for the FBA listing S in the US."""
    default = dict.fromkeys(DECISION_COLUMNS, "") | {
        "market": "US", "channel": "AFN", "sku": "S", "verdict": "choose", "product_id": 0,
        "user": "eva", "decided": "2026-01-02T03:04:05Z",
    }  # fmt: skip
    frame = pd.DataFrame([default | row for row in rows], columns=DECISION_COLUMNS)
    return frame.astype(no_decisions().dtypes.to_dict())


def cells(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[list(MAP_FIELDS)]


def workbook(hidden: str = "", **sheets: list[list]) -> bytes:
    """An Excel file: sheet -> rows. The sheet named ``hidden`` is."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if hidden:
        book[hidden].sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
