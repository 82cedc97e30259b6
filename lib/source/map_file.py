"""Read a map file: find its columns, whatever they are called, and keep every cell."""

import hashlib
import itertools
import re
from pathlib import Path

import pandas as pd

from lib.columns import FILE_FIELDS, LISTING_COLUMNS, MAP_FIELDS
from lib.model import Action, MapFile, MapperError
from lib.source import channels, marketplaces, units
from lib.source.encoding import NotInEncoding
from lib.source.table import Table, open_table
from lib.source.unique import map_unique

BYTES_LIMIT = 200 << 20
REQUIRED = ("reference", "sku", "marketplace", "fulfilment")

_NAMES = {
    "title": ("title", "producttitle", "listingtitle", "itemname"),
    "reference": ("internalreference", "internalref", "defaultcode"),
    "sku": ("sellersku", "sku", "merchantsku"),
    "marketplace": ("marketplace", "marketplacename", "amazonmarketplace", "marketplaceid"),
    "fulfilment": ("fulfilment", "fulfilmentchannel", "fulfilmentby", "fulfilledby", "channel"),
    "units": ("units", "unitsperlisting", "packsize", "packquantity"),
    "action": ("action", "mappingaction", "mapaction"),
}
"""Headers as ``_key`` writes them, the best first. Only names that mean one thing."""


class ColumnsNeeded(MapperError):
    """Required columns were not found, so a person is to say which is which.

    ``headers``, ``sheet`` and ``sheets`` are the table's; ``guess`` maps our names to the headers
    found so far.
    """

    def __init__(self, message: str, table: Table, guess: dict[str, str]):
        super().__init__(message)
        self.headers, self.sheet, self.sheets = table.headers, table.sheet, table.sheets
        self.guess = guess


def read_path(path: Path, **choices) -> MapFile:
    """``read`` the file at ``path``, which is not loaded if it is too large."""
    check_size(path.name, path.stat().st_size)
    return read(path.read_bytes(), path.name, **choices)


def read(
    data: bytes,
    name: str,
    columns: dict[str, str] | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
) -> MapFile:
    """Read a CSV or Excel map file called ``name``.

    ``columns`` (our name -> header), ``sheet`` and ``encoding`` are the user's choice where the
    file itself is not clear; a header of "" leaves Title out. Raises ColumnsNeeded when required
    columns are not found, NotInEncoding where another encoding may help, and MapperError for every
    file that is no map file.
    """
    check_size(name, len(data))
    try:
        table = open_table(data, sheet, encoding)
        found = _find(table.headers, columns or {})
        missing = [MAP_FIELDS[field] for field in REQUIRED if field not in found]
        if missing:
            raise ColumnsNeeded(
                f"no column is called {', '.join(missing)}. Rename the columns, or say on the "
                "page Map products which column is which: it is remembered.",
                table,
                {field: table.headers[at] for field, at in found.items()},
            )
        listings = table.read(found, numeric=("units",))
        if listings.empty:
            raise MapperError("it has a header but no rows. Add the rows to map.")
        if table.spanning:
            _check_quotes(listings, table, found)
    except MapperError as error:
        choice = isinstance(error, NotInEncoding)
        more = " Or choose its encoding on the page Map products." if choice else ""
        error.args = (f"{name}: {error}{more}",)
        raise
    for field in FILE_FIELDS:
        listings[field] = unescape(listings[field]) if field in found else ""
    listings["market"] = marketplaces.resolve(listings["marketplace"])
    listings["channel"] = channels.resolve(listings["fulfilment"])
    listings["units"] = units.resolve(listings["units"])
    listings["action"] = map_unique(listings["action"], _action)
    return MapFile(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        listings=listings[LISTING_COLUMNS],
        columns={field: table.headers[at] for field, at in found.items()},
        ignored=tuple(
            header for at, header in enumerate(table.headers) if header and at not in found.values()
        ),
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet,
        sheets=table.sheets,
    )


def header_key(headers: list[str]) -> str:
    """A stable text that files with the same headers share, in whatever order and case."""
    return hashlib.sha256("\n".join(sorted(map(_key, headers))).encode()).hexdigest()


def check_size(name: str, size: int) -> None:
    if size > BYTES_LIMIT:
        raise MapperError(
            f"{name}: the file has {size >> 20:,} MB, {BYTES_LIMIT >> 20} MB are the most. "
            "Split it into several files."
        )


def _action(text: str) -> str:
    """An Action value: MAP where the cell is empty; or the text, where it names none."""
    named = text.strip().upper() or Action.MAP.value
    return named if named in [*Action] else text


def _key(header: str) -> str:
    return re.sub(r"[\s_-]", "", header).casefold().replace("fulfillment", "fulfilment")


def _find(headers: list[str], chosen: dict[str, str]) -> dict[str, int]:
    """The position of each of our columns: as chosen, else by the best name the file has."""
    keys = [_key(header) for header in headers]
    found = {}
    for field, names in _NAMES.items():
        if field in chosen:
            names = [_key(chosen[field])] if chosen[field] else []
            if names and names[0] not in keys:
                raise MapperError(f"no column is called {chosen[field]!r}. Choose another one.")
        best = next((name for name in names if name in keys), None)
        if best is None:
            continue
        at = keys.index(best)
        if keys.count(best) > 1:
            raise MapperError(
                f"{keys.count(best)} columns are called {headers[at]}. Delete all but one of them."
            )
        if at in found.values():
            raise MapperError(f"column {headers[at]} is chosen twice. Choose another one.")
        found[field] = at
    return found


def _check_quotes(listings: pd.DataFrame, table: Table, found: dict[str, int]) -> None:
    """Raise at a quotation mark that swallowed rows: a cell of which a line is a row of its own."""
    width = len(table.headers)
    suspects = []
    listings = listings.loc[listings["row"].isin(table.spanning)]
    for field, at in found.items():
        for number, cell in listings[["row", field]].itertuples(index=False):
            lines = re.split(r"\r\n?|\n", cell)
            first, *others = (line.split(table.delimiter) for line in lines)
            rows = [[""] * at + first if len(first) > 1 else [], *others]
            suspects += [(number, at, row) for row in rows if len(row) == width]
    for field, resolve in (("marketplace", marketplaces.resolve), ("fulfilment", channels.resolve)):
        known = resolve(pd.Series([row[found[field]] for _, _, row in suspects], dtype="str")) != ""
        for number, at, _ in itertools.compress(suspects, known):
            raise MapperError(
                f"row {number}, column {table.headers[at]}: a quotation mark there swallows the "
                "next rows. Remove it, or write a quotation mark that belongs to the text twice "
                '("").'
            )


def unescape(cells: pd.Series) -> pd.Series:
    """Undo map_out's escape: a text that a spreadsheet would run has one more apostrophe."""
    quoted = cells.loc[cells.str.startswith("'")]
    escaped = quoted.loc[quoted.str.match(r"'+[=+\-@\t\r]")]
    if escaped.empty:
        return cells
    cells = cells.copy()
    cells[escaped.index] = escaped.str.slice(1)
    return cells
