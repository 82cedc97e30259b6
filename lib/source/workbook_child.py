"""Run by workbook.py in a process of its own: standard input holds a workbook, argv[1] the sheet.

The reader claims memory for every cell between the first and the last, and one stray or hostile
cell makes that terabytes, which ends its process at once. So here, not in the server.

Writes pickles to standard output: first the sheet's name and all sheet names, or an error text;
then lists of rows, each cut after its last filled cell; then an empty list. A cell that is not
text comes as (kind, shortest text).
"""

import io
import pickle
import sys
from contextlib import suppress
from itertools import islice

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

_MEMORY = 3 << 30
_SECONDS = 300
_BATCH = 1000


def _main(wanted: str) -> None:
    workbook = CalamineWorkbook.from_object(io.BytesIO(sys.stdin.buffer.read()))
    sheets = [m for m in workbook.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    names = [sheet.name for sheet in sheets]
    visible = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
    chosen = wanted or next(iter(visible + names), "")
    if chosen not in names:
        _send(f"there is no sheet {chosen!r}. The sheets are: {', '.join(names) or 'none'}.")
        return
    rows = workbook.get_sheet_by_name(chosen).iter_rows()
    _send((chosen, names))
    while batch := [_cells(row) for row in islice(rows, _BATCH)]:
        _send(batch)
    _send([])


def _cells(row: list) -> list:
    while row and row[-1] == "":
        row.pop()
    if all(type(cell) is str for cell in row):
        return row
    return [cell if type(cell) is str else _typed(cell) for cell in row]


def _typed(cell: object) -> tuple[str, str]:
    if isinstance(cell, bool):
        return "true-or-false value", str(cell).upper()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return "number", str(int(cell))
    return "number" if isinstance(cell, int | float) else "date or time", str(cell)


def _send(message: object) -> None:
    pickle.dump(message, sys.stdout.buffer)


if __name__ == "__main__":
    with suppress(ImportError, OSError, ValueError):  # some systems have no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    try:
        _main(sys.argv[1])
    except PasswordError:
        _send("the workbook has a password. Remove it in Excel and save the workbook again.")
    except CalamineError as error:
        _send(f"the workbook is damaged ({error}). Save it again in Excel, or as CSV.")
