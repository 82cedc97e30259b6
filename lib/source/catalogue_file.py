"""An Odoo product export as a catalogue for the embedded store."""

from pathlib import Path

import pandas as pd

from lib.model import MapperError
from lib.source.table import open_table

_COLUMNS = {
    "external_id": ("external id", "id"),
    "reference": ("internal reference", "default_code"),
    "barcode": ("barcode",),
    "name": ("name", "product/name"),
    "active": ("active",),
}
_ACTIVE = {"true": True, "1": True, "yes": True, "": True, "false": False, "0": False, "no": False}


def read_products(path: Path) -> pd.DataFrame:
    """Read the columns ID or External ID, Internal Reference, Barcode, Name and Active of a CSV or
    XLSX export.

    Returns ``external_id``, ``reference``, ``barcode``, ``name`` str and ``active`` bool. Without
    the column Active all products are active. Raises MapperError that names the file and the row.
    """
    try:
        table = open_table(path.read_bytes())
        rows = table.read(_find([header.casefold() for header in table.headers]))
        for column in ("external_id", "barcode", "active"):
            if column not in rows:
                rows[column] = pd.Series("", rows.index, dtype="str")
        unnamed = rows["name"].str.strip() == ""
        active = rows["active"].str.strip().str.casefold().map(_ACTIVE)
        for wrong, words in (
            (unnamed, "has no Name. Every product needs one."),
            (active.isna(), "says in Active neither TRUE nor FALSE. Correct it."),
        ):
            if wrong.any():
                raise MapperError(f"row {rows.loc[wrong, 'row'].iloc[0]} {words}")
    except MapperError as error:
        raise MapperError(f"{path.name}: {error}") from None
    return rows[["external_id", "reference", "barcode", "name"]].assign(active=active.astype(bool))


def _find(headers: list[str]) -> dict[str, int]:
    found = {}
    for field, names in _COLUMNS.items():
        at = [place for place, header in enumerate(headers) if header in names]
        if len(at) > 1:
            raise MapperError(f"{len(at)} columns are its {names[0]}. Delete all but one of them.")
        if at:
            found[field] = at[0]
    if "name" not in found or "reference" not in found:
        raise MapperError(
            "columns Internal Reference and Name are needed. Export the products from Odoo with "
            "External ID, Internal Reference, Barcode, Name and Active."
        )
    return found
