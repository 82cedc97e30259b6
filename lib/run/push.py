"""Pushing a batch, so that one bad row fails alone."""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from lib.model import Outcome
from lib.run.journal import results
from lib.target.port import Kind, Loaded, Message, Target


class Pushed(NamedTuple):
    """What became of one row: its index in the frame, its record or 0, and why not."""

    row: int
    record: int
    message: str


def push(target: Target, kind: Kind, rows: pd.DataFrame) -> Iterator[Pushed]:
    """Write rows, all in one call if they are good; bad ones are found by halving. Raises
    Unreachable or Denied, and then what was written is not known."""
    if rows.empty:
        return
    loaded: Loaded = target.load(kind, rows)
    if loaded.ids:
        said = {message.row: message.text for message in loaded.messages}
        for at, (row, record) in enumerate(zip(rows.index, loaded.ids, strict=True)):
            yield Pushed(row, record, said.get(at, ""))
    elif len(rows) == 1:
        yield Pushed(rows.index[0], 0, loaded.messages[0].text)
    else:
        for part in _parts(rows, loaded.messages):
            yield from push(target, kind, part)


def pushed(target: Target, kind: Kind, rows: pd.DataFrame) -> pd.DataFrame:
    """Push rows of a batch (with ``row``); RESULT_COLUMNS."""
    done = pd.DataFrame(push(target, kind, rows), columns=list(Pushed._fields))
    failed = done["message"] != ""
    of_rows = rows.loc[done["row"]]
    return results(
        of_rows["row"],
        failed.map({True: Outcome.FAILED.value, False: Outcome.DONE.value}),
        done["message"],
        done["record"],
        0 if kind == "product" else of_rows["product_id"],
    )


def _parts(rows: pd.DataFrame, messages: list[Message]) -> list[pd.DataFrame]:
    """A refused batch, in parts to try again.

    A message may name a row that is not to blame: Odoo pins an error of the whole batch on its
    first row. So what is named is only suspected, and fails when it is refused alone.
    """
    named = sorted({message.row for message in messages if message.row >= 0})
    if named and len(named) <= len(rows) // 2:
        suspects = rows.iloc[named]
        return [rows.drop(suspects.index), suspects]
    middle = len(rows) // 2
    return [rows.iloc[:middle], rows.iloc[middle:]]
