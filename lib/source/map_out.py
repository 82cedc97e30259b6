"""Write map files, with what became of each row, so that ``map_file.read`` gives the same back.

C0 control characters other than tab and line breaks, U+FFFE and U+FFFF, which the formats cannot
hold, are written as U+FFFD. Excel cuts a cell after 32,767 characters, and so does to_xlsx.
"""

import re
from collections.abc import Iterable
from io import BytesIO

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from lib.columns import FILE_FIELDS, MAP_FIELDS
from lib.model import Action, MapperError
from lib.source import sample
from lib.source.map_file import unescape
from lib.source.table import open_table

EXTRA_FIELDS = {
    "units": FILE_FIELDS["units"],
    "action": FILE_FIELDS["action"],
    "product": "Odoo product",
    "was_price": "Price before",
    "price": "Price after",
    "currency": "Currency",
    "lane": "Lane",
    "rule": "Rule",
    "reason": "Reason",
    "outcome": "Outcome",
    "message": "Message",
}
"""What may stand beside the five columns of a map file: our name -> header as written."""

_USUAL = {"units": "", "action": Action.MAP.value, "product": ""}
"""Columns that are written only where a row has something else."""
ROW_LIMIT = 1_048_575  # what Excel holds below a header
_WIDTHS = {"title": 48, "product": 48, "reason": 48, "message": 48}
_UNWRITABLE = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{FFFE}\x{FFFF}]"
_XML_SPECIAL = r"_x[0-9A-Fa-f]{4}_|\r|^[ \t\n]+$"


def to_csv(frame: pd.DataFrame) -> bytes:
    """``frame``, with MAP_FIELDS and any of EXTRA_FIELDS as str columns, as a CSV file.

    UTF-8 with a byte order mark, by which Excel knows it. A cell that a spreadsheet would run as a
    formula gets an apostrophe in front.
    """
    return as_csv(frame.loc[:, [*_fields(frame)]].rename(columns=_fields(frame)))


def as_csv(cells: pd.DataFrame) -> bytes:
    """Any cells (all str) under their headers, written as ``to_csv`` writes them."""
    cells = _writable(cells).apply(_escape, pattern=r"'*[=+\-@\t\r]")
    return cells.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def to_xlsx(frame: pd.DataFrame, explain: bool = False) -> bytes:
    """``frame``, as for ``to_csv``, as a workbook; ``explain`` adds the sheet "Columns".

    All cells are text, so no cell is run, and the reader's apostrophe rule needs minding only where
    a text has such apostrophes of its own. Raises MapperError for more rows than Excel holds.
    """
    if len(frame) > ROW_LIMIT:
        raise MapperError(f"An Excel sheet holds {ROW_LIMIT:,} rows. Download the CSV file.")
    cells = _written(frame).apply(_escape, pattern=r"'+[=+\-@\t\r]").apply(_xml)
    workbook = Workbook(write_only=True)
    widths = [_WIDTHS.get(name, 20) for name in _fields(frame)]
    _sheet(workbook, "Map", cells.columns, cells.itertuples(index=False), len(cells), widths)
    if explain:
        header, *rows = sample.COLUMNS
        _sheet(workbook, "Columns", header, rows, len(rows), [20, 64, 48, 24])
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def read_back(data: bytes) -> pd.DataFrame:
    """The frame (all str) that ``to_csv`` wrote."""
    names = {header: name for name, header in (MAP_FIELDS | EXTRA_FIELDS).items()}
    table = open_table(data)
    columns = {names[header]: at for at, header in enumerate(table.headers)}
    return table.read(columns)[list(columns)].apply(unescape)


def sample_csv() -> bytes:
    """The sample map file as CSV."""
    return to_csv(sample.ROWS)


def sample_xlsx() -> bytes:
    """The sample map file as a workbook, with the sheet that explains the columns."""
    return to_xlsx(sample.ROWS, explain=True)


def _fields(frame: pd.DataFrame) -> dict[str, str]:
    extra = {name: header for name, header in EXTRA_FIELDS.items() if name in frame}
    for name, usual in _USUAL.items():
        if name in frame and (frame[name] == usual).all():
            del extra[name]
    return MAP_FIELDS | extra


def _written(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns to write, under their headers, without what no format can hold."""
    return _writable(frame.loc[:, [*_fields(frame)]].rename(columns=_fields(frame)))


def _writable(cells: pd.DataFrame) -> pd.DataFrame:
    return cells.apply(lambda column: column.str.replace(_UNWRITABLE, "\ufffd", regex=True))


def _escape(column: pd.Series, pattern: str) -> pd.Series:
    """One more apostrophe before texts like ``pattern``, which the reader takes away again."""
    return column.mask(column.str.match(pattern), "'" + column)


def _xml(column: pd.Series) -> pd.Series:
    """Excel's own escapes for what XML would lose, and for what would be taken for one of them."""
    special = column.str.contains(_XML_SPECIAL)
    return column.mask(special, column.loc[special].map(_xml_text))


def _xml_text(text: str) -> str:
    text = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text).replace("\r", "_x000D_")
    return text if text.strip(" \t\n") else f"_x{ord(text[0]):04X}_{text[1:]}"


def _sheet(
    workbook: Workbook, title: str, header: Iterable, rows: Iterable, count: int, widths: list
) -> None:
    """Add a sheet of text cells with a bold, fixed header, column widths and a filter."""
    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(widths))}{count + 1}"
    for at, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    bold, plain = ([WriteOnlyCell(sheet) for _ in widths] for _ in range(2))
    for cell in bold + plain:
        cell.number_format = "@"
    for cell in bold:
        cell.font = Font(bold=True)
    # A row is written when appended, so one row of cells, styled once, serves for all.
    sheet.append(_filled(bold, header))
    for row in rows:
        sheet.append(_filled(plain, row))


def _filled(cells: list[Cell], texts: Iterable[str]) -> list[Cell]:
    for cell, text in zip(cells, texts, strict=True):
        cell.value = text
        cell.data_type = "s" if text else "n"  # text that begins with "=" is no formula
    return cells
