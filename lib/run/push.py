"""Pushing rows in batches, so that one bad row fails alone."""

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pandas as pd

from lib.target.port import Kind, Loaded, Target, Unreachable

BATCH: dict[Kind, int] = {"product": 2000, "amazon_product": 1000}
"""Rows a call; of products as many as Odoo's own import sends: smaller batches are slower."""

PAUSES = (1, 4, 10)
"""Seconds before a batch without an answer is sent again."""


class Pushed(NamedTuple):
    """What became of one row: its index in the frame, its record or 0, and why not."""

    row: int
    record: int
    message: str


def push(
    target: Target, kind: Kind, rows: pd.DataFrame, pause: Callable[[float], None] = time.sleep
) -> Iterator[list[Pushed]]:
    """Write rows, a batch or a part of one a step. Raises Unreachable when a batch has no answer
    any more; what came before it is written."""
    for start in range(0, len(rows), BATCH[kind]):
        batch = rows.iloc[start : start + BATCH[kind]]
        yield from _load_what_can_be(target, kind, batch, pause)


def _load_what_can_be(
    target: Target, kind: Kind, batch: pd.DataFrame, pause: Callable[[float], None]
) -> Iterator[list[Pushed]]:
    if batch.empty:
        return
    loaded: Loaded = insist(lambda: target.load(kind, batch), pause)
    if loaded.ids:
        said = {message.row: message.text for message in loaded.messages}
        yield [
            Pushed(row, record, said.get(at, ""))
            for at, (row, record) in enumerate(zip(batch.index, loaded.ids, strict=True))
        ]
        return
    if len(batch) == 1:
        yield [Pushed(batch.index[0], 0, loaded.messages[0].text)]
        return
    # A message may name a row that is not to blame: Odoo pins an error of the whole batch on its
    # first row. So what is named is only suspected, and fails when it is refused alone.
    named = sorted({message.row for message in loaded.messages if message.row >= 0})
    if not named or len(named) == len(batch):
        middle = len(batch) // 2
        parts = [batch.iloc[:middle], batch.iloc[middle:]]
    else:
        suspects = batch.iloc[named]
        parts = [batch.drop(suspects.index), *(suspects.iloc[[at]] for at in range(len(named)))]
    for part in parts:
        yield from _load_what_can_be(target, kind, part, pause)


def insist(call: Callable[[], Any], pause: Callable[[float], None] = time.sleep) -> Any:
    """Call until there is an answer: for what is safe to send again, as its external ids make it.
    Raises Unreachable when there is none any more."""
    for seconds in PAUSES:
        try:
            return call()
        except Unreachable:
            pause(seconds)
    return call()
