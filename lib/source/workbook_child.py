"""Run by workbook.py in a process of its own: standard input holds a workbook, argv[1] the sheet.

The reader claims memory for every cell between the first and the last, and one stray or hostile
cell makes that terabytes, which ends its process at once. So here, not in the server.

Writes pickles to standard output: first the sheet's name and all sheet names, then lists of rows,
each cut after its last filled cell, then an empty list; at any trouble, its text. A cell that is
not text comes as (kind, shortest text).
"""

import io
import pickle
import sys
from collections.abc import Iterator
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
_TEXT = 1 << 29  # a text is stored once, however many cells show it: a bomb of its own kind
_BATCH = 500


class _Trouble(Exception):
    """A message for the user."""


def _messages(wanted: str) -> Iterator:
    workbook = CalamineWorkbook.from_object(io.BytesIO(sys.stdin.buffer.read()))
    sheets = [m for m in workbook.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    names = [sheet.name for sheet in sheets]
    visible = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
    chosen = wanted or next(iter(visible + names), "")
    if chosen not in names:
        raise _Trouble(f"there is no sheet {chosen!r}. It has: {', '.join(names) or 'none'}.")
    rows = workbook.get_sheet_by_name(chosen).iter_rows()
    yield chosen, names
    left = _TEXT
    while batch := [_cells(row) for row in islice(rows, _BATCH)]:
        left -= sum(sum(map(len, row)) for row in batch)
        if left < 0:
            raise _Trouble("the sheet holds over 512 MB of text. Split it into several files.")
        yield batch
    yield []


def _cells(row: list) -> list:
    while row and row[-1] == "":
        row.pop()
    return [cell if type(cell) is str else _typed(cell) for cell in row]


def _typed(cell: object) -> tuple[str, str]:
    if isinstance(cell, bool):
        return "true-or-false value", str(cell).upper()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return "number", str(int(cell))
    return "number" if isinstance(cell, int | float) else "date or time", str(cell)


if __name__ == "__main__":
    with suppress(ImportError, OSError, ValueError):  # some systems have no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    try:
        sys.stdout.buffer.writelines(map(pickle.dumps, _messages(sys.argv[1])))
    except PasswordError:
        pickle.dump("the workbook has a password. Remove it and save again.", sys.stdout.buffer)
    except CalamineError as error:
        pickle.dump(f"the workbook is damaged ({error}). Save it again.", sys.stdout.buffer)
    except _Trouble as trouble:
        pickle.dump(str(trouble), sys.stdout.buffer)
