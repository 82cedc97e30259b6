"""A file's bytes as a table of texts, whatever the format: nothing of what a cell says is lost."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, compress

import numpy as np
import pandas as pd
import pyarrow as pa

from lib.model import MapperError
from lib.source.csv_rows import open_csv
from lib.source.workbook import OLE, ZIP, open_workbook

COLUMN_LIMIT = 1_000
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FOREIGN = {
    b"%PDF": "a PDF file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"RIFF": "a picture",
    b"\x1f\x8b": "a packed file",
    b"7z\xbc\xaf": "a packed file",
    b"Rar!": "a packed file",
    b"<": "a web page or an XML file",
    b"{": "a JSON file",
}
_LOST = {"number": "leading zeros may be lost"}


@dataclass(frozen=True)
class Table:
    """A table whose rows below the header are read once, by ``read``.

    ``headers`` are trimmed and in file order. ``encoding`` and ``delimiter`` are set for a CSV
    file, ``sheet`` and ``sheets`` for a workbook. ``spanning``, complete once read, has the numbers
    of the rows of a CSV file that take several lines; so has ``overlong``, if it is not None, of
    those with more cells than the header, which are else refused.
    """

    headers: list[str]
    spanning: list[int]
    _batches: Iterator[list[list]]
    _first: int
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    overlong: list[int] | None = None

    def read(self, columns: dict[str, int], numeric: tuple[str, ...] = ()) -> pd.DataFrame:
        """The named columns, given by position, of all rows that are not wholly blank.

        Returns ``row`` (int64, as a spreadsheet counts, blank rows too), the named columns (str)
        and ``warning`` (str); an Excel error such as #N/A is blank. A number in a ``numeric``
        column loses nothing and is not warned of. Raises MapperError at a row with more cells than
        the header.
        """
        rows: list[int] = []
        parts = {name: [] for name in columns}
        warnings = defaultdict(list)
        first = self._first
        for batch in self._batches:
            numbers = list(range(first, first + len(batch)))
            first += len(batch)
            if set(map(len, batch)) != {len(self.headers)}:
                batch = self._widen(batch, numbers, max(columns.values()), warnings)
            filled = [not _blank(row) for row in batch]
            if not all(filled):
                batch, numbers = list(compress(batch, filled)), list(compress(numbers, filled))
            for name, at in columns.items():
                cells = [row[at] for row in batch]
                try:
                    part = pa.array(cells, pa.large_string())
                except pa.ArrowTypeError:
                    if name not in numeric:
                        self._warn_of_numbers(cells, at, numbers, warnings)
                    part = pa.array(map(_text, cells), pa.large_string())
                parts[name].append(part)
            rows += numbers
        arrays = {name: pa.chunked_array(part, pa.large_string()) for name, part in parts.items()}
        frame = pa.table({"row": np.array(rows, np.int64)} | arrays).combine_chunks().to_pandas()
        texts = pd.Series({row: "; ".join(all_) for row, all_ in warnings.items()}, dtype="str")
        return frame.assign(warning=texts.reindex(frame["row"], fill_value="").array)

    def _widen(self, batch: list, numbers: list[int], last: int, warnings: dict) -> list[list]:
        """The batch with all rows as wide as the header."""
        width = len(self.headers)
        if self.delimiter:  # a workbook's cells have each its own place, those of CSV shift
            for number, row in zip(numbers, batch, strict=True):
                if not _blank(row[width:]):
                    if self.overlong is not None:
                        self.overlong.append(number)
                        warnings[number].append(
                            f"Row has {len(row)} cells, the header has {width}: a text may hold "
                            "the delimiter"
                        )
                        continue
                    raise MapperError(
                        f"row {number} has {len(row)} cells, the header has {width}. Put a text "
                        f"that holds the delimiter ({self.delimiter!r}) in quotation marks, and "
                        "look for a quotation mark too many."
                    )
                if len(row) <= last and not _blank(row):
                    warnings[number].append(
                        f"Row has {len(row)} of {width} cells: the others were read as blank"
                    )
        return [(row + [""] * width)[:width] for row in batch]

    def _warn_of_numbers(self, cells: list, at: int, numbers: list[int], warnings: dict) -> None:
        """Warn of the cells that were not text in the workbook."""
        for number, cell in zip(numbers, cells, strict=True):
            if isinstance(cell, tuple):
                kind, text = cell
                lost = _LOST.get(kind, "the text once typed may be lost")
                warnings[number].append(
                    f"{self.headers[at]} was a {kind} in the workbook ({text}): {lost}"
                )


def open_table(
    data: bytes, sheet: str | None = None, encoding: str | None = None, bare: bool = False
) -> Table:
    """Open a CSV (comma, semicolon or tab) or Excel file, told apart by content.

    ``sheet`` and ``encoding`` are the user's choice; else the first sheet in sight is read, and
    the encoding is detected. The header is the first row that is not blank. ``bare`` reads text as
    Amazon writes it: quotation marks may be text, rows may be wider than the header. Raises
    MapperError for anything that is no such file, and for more than COLUMN_LIMIT columns.
    """
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, what in _FOREIGN.items():
        if start.startswith(magic):
            raise MapperError(f"this is {what}, whatever its name. Give a CSV or XLSX file.")
    found = delimiter = chosen = ""
    sheets: list[str] = []
    spanning: list[int] = []
    if data.startswith((ZIP, OLE)):
        batches, chosen, sheets = open_workbook(data, sheet)
    else:
        batches, found, delimiter = open_csv(data, encoding, spanning, bare)
    first = 1
    for batch in batches:
        above = next((at for at, row in enumerate(batch) if not _blank(row)), None)
        if above is not None:
            break
        first += len(batch)
    else:
        raise MapperError("there is nothing in it. Give a file with a header and rows below it.")
    header, below = batch[above], batch[above + 1 :]
    if len(header) > COLUMN_LIMIT:
        raise MapperError(
            f"it has {len(header):,} columns, {COLUMN_LIMIT:,} are the most. Keep the columns of "
            "the map file and delete the others."
        )
    headers = [_text(cell).strip() for cell in header]
    if any(map(_CONTROLS.search, headers)):
        raise MapperError("this is no table of text. Give a CSV or XLSX file.")
    rest = chain([below], batches)
    first += above + 1
    overlong: list[int] | None = [] if bare else None
    return Table(headers, spanning, rest, first, found, delimiter, chosen, tuple(sheets), overlong)


def _text(cell: str | tuple[str, str]) -> str:
    return cell if isinstance(cell, str) else cell[1]


def _blank(row: list) -> bool:
    for cell in row:  # noqa: SIM110 - runs for every row, and all() takes three times as long
        if cell and (isinstance(cell, tuple) or not cell.isspace()):
            return False
    return True
