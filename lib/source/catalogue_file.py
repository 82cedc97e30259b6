"""An Odoo product export as a catalogue for the embedded store."""

from pathlib import Path

import pandas as pd

from lib.model import MapperError
from lib.source.table import open_table

_COLUMNS = {
    "reference": ("internal reference", "default_code"),
    "barcode": ("barcode",),
    "name": ("name", "product/name"),
    "active": ("active",),
}
_FALSE = ("false", "0", "no", "f")


def read_products(path: Path) -> pd.DataFrame:
    """Read the columns Internal Reference, Barcode, Name, Active of a CSV or XLSX export.

    Returns ``reference``, ``barcode``, ``name`` str and ``active`` bool; a file without Active has
    active products only. ID columns are not needed: the store numbers its products itself.
    Raises MapperError that names the file and the row.
    """
    try:
        table = open_table(path.read_bytes())
        headers = [header.casefold() for header in table.headers]
        found = {
            field: headers.index(name)
            for field, names in _COLUMNS.items()
            for name in names
            if name in headers
        }
        if "name" not in found or "reference" not in found:
            raise MapperError(
                "columns Internal Reference and Name are needed. Export the products from Odoo "
                "with Internal Reference, Barcode, Name and Active."
            )
        rows = table.read(found)
    except OSError as error:
        raise MapperError(f"{path}: {error.strerror}. Give the path of the export.") from None
    except MapperError as error:
        raise MapperError(f"{path.name}: {error}") from None
    unnamed = rows["row"][rows["name"].str.strip() == ""]
    if len(unnamed):
        raise MapperError(
            f"{path.name}: row {unnamed.iloc[0]} has no Name. Every product needs one."
        )
    missing = pd.Series("", rows.index, dtype="str")
    active = ~rows.get("active", missing).str.strip().str.casefold().isin(_FALSE)
    return pd.DataFrame(
        {
            "reference": rows["reference"],
            "barcode": rows.get("barcode", missing),
            "name": rows["name"],
            "active": active,
        }
    )
