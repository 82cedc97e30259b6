"""What ``--out`` writes: the rows of a run with their outcome, as a map file again."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from lib.model import MapperError
from lib.source import map_out

_WRITERS = {".csv": map_out.to_csv, ".xlsx": map_out.to_xlsx}


def check(out: str | None) -> None:
    """Raises MapperError where ``--out`` cannot be written: before anything is waited for."""
    if not out:
        return
    path = Path(out)
    if path.suffix.casefold() not in _WRITERS:
        raise MapperError(f"{out} is neither .csv nor .xlsx. Give one of these; nothing was done.")
    if not path.parent.is_dir() or path.is_dir():
        raise MapperError(f"{out} cannot be written there. Give another path; nothing was done.")


def writer(out: str | None, rows: int) -> Callable[[pd.DataFrame], object]:
    """What writes so many rows (as for ``map_out.to_csv``) to ``--out``, or nowhere without it.
    Raises MapperError before anything is done."""
    if not out:
        return lambda _: None
    path = Path(out)
    suffix = path.suffix.casefold()
    if suffix == ".xlsx" and rows > map_out.ROW_LIMIT:
        raise MapperError(
            f"{rows:,} rows do not fit an Excel sheet. Give a .csv; nothing was done."
        )
    return lambda frame: path.write_bytes(_WRITERS[suffix](frame))
