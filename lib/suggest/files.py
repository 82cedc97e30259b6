"""What ``python -m lib suggest`` reads: listings, products, and which belongs to which."""

from pathlib import Path

import pandas as pd

from lib.model import MapperError
from lib.source.table import open_table

_MODEL = ("model", "model number", "model_number", "modelno", "part number", "part_number", "mpn")
_LISTING = {
    "listing": ("listing", "listing-id", "id"),
    "title": ("title", "item-name"),
    "brand": ("brand", "manufacturer"),
    "price": ("price",),
    "ean": ("ean", "upc", "gtin", "barcode"),
    "sku": ("sku", "seller sku", "seller-sku"),
    "reference": ("reference", "internal reference"),
    "model": _MODEL,
}
_PRODUCT = {
    "product": ("product", "external id", "id"),
    "name": ("name",),
    "reference": ("reference", "internal reference", "default_code"),
    "barcode": ("barcode", "ean", "upc", "gtin"),
    "brand": ("brand", "manufacturer"),
    "price": ("price", "list_price", "sales price"),
    "model": _MODEL,
}
_TRUTH = {"listing": ("listing",), "product": ("product",)}


def read_listings(path: Path) -> pd.DataFrame:
    """``title`` and, where they are there, brand, model, price, ean, sku and reference (str), by
    the ids of the column listing. Raises MapperError that names the file and what is wrong."""
    return _by_id(path, _LISTING, ["listing", "title"])


def read_products(path: Path) -> pd.DataFrame:
    """``name`` and, where they are there, reference, model, barcode, brand and price (str), by the
    ids of the column product. Raises MapperError that names the file and what is wrong."""
    return _by_id(path, _PRODUCT, ["product", "name"])


def read_truth(path: Path, listings: pd.DataFrame, products: pd.DataFrame) -> pd.Series:
    """The product (its id) of each listing of the truth file, by the listing's id, which is there
    as often as it has products. Raises MapperError for ids that neither file has."""
    truth = _by_id(path, _TRUTH, ["listing", "product"], once=False)["product"]
    truth = truth[~pd.MultiIndex.from_arrays([truth.index, truth]).duplicated()]
    for ids, known, column in (
        (truth.index, listings.index, "listing"),
        (pd.Index(truth), products.index, "product"),
    ):
        strange = ids[~ids.isin(known)]
        if len(strange):
            raise MapperError(
                f"{path.name}: {column} {strange[0]} is in no row of the {column}s. Give the files "
                "that belong together."
            )
    return truth


def _by_id(
    path: Path, names: dict[str, tuple[str, ...]], needed: list[str], once: bool = True
) -> pd.DataFrame:
    try:
        table = open_table(path.read_bytes())
        headers = [header.casefold() for header in table.headers]
        # The first of its names that is there: an own id before any other.
        at = {
            field: headers.index(name)
            for field, known in names.items()
            if (name := next((name for name in known if name in headers), None))
        }
        if missing := [field for field in needed if field not in at]:
            found = ", ".join(table.headers)
            raise MapperError(f"it has no column {' and '.join(missing)}, only {found}.")
        rows = table.read(at)
        if (nameless := rows[needed[0]] == "").any():
            row = rows.loc[nameless, "row"].iloc[0]
            raise MapperError(f"row {row}: its {needed[0]} is empty. Give each row an id.")
        again = rows[needed[0]].duplicated()
        if once and again.any():
            row, name = rows.loc[again, ["row", needed[0]]].iloc[0]
            raise MapperError(f"row {row}: {needed[0]} {name} is there already. Give each once.")
    except MapperError as error:
        raise MapperError(f"{path.name}: {error}") from None
    return rows[list(at)].set_index(needed[0])
