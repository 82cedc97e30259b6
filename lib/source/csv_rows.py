"""The rows of a CSV file, read as a spreadsheet reads it, with every misfit found and placed."""

import csv
import re
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper
from itertools import chain, islice
from typing import Any

from lib.model import MapperError
from lib.source.encoding import detect

_BATCH = 500  # rows as lists are many times larger than as arrays
_END = "\0"  # no text that passed detect() holds it
_BREAK = re.compile(r"[\r\n]")
_QUOTED = re.compile(r'"[^"]*"')
_ENCLOSED = re.compile(r'(?:\A|[\t\r\n])"(?:([^"\t]*+(?:""[^"\t]*+)*+)"(?=[\t\r\n]|\Z))?')


def open_csv(
    data: bytes, forced: str | None, spanning: list[int], bare: bool = False
) -> tuple[Iterator[list[list[str]]], str, str]:
    """The records of ``data`` in batches, and its encoding and delimiter. Blank lines are [].

    While the records are read, the numbers of those of several lines go to ``spanning``. ``bare``
    allows for tabbed text whose quotation marks are text, as Amazon writes it. Raises MapperError
    as ``detect`` does; iterating raises it at a quotation mark left open and at a cell beyond all
    measure.
    """
    encoding, mark = detect(data, forced)
    delimiter = _delimiter(data[mark : mark + 65_536].decode(encoding, "ignore"))
    bare = bare and delimiter == "\t" and not _quotes_enclose(data, encoding, mark)
    stream = BytesIO(data)
    stream.seek(mark)
    lines = TextIOWrapper(stream, encoding, newline="")
    quoting = csv.QUOTE_NONE if bare else csv.QUOTE_MINIMAL
    reader = csv.reader(chain(lines, [_END]), delimiter=delimiter, quoting=quoting)
    return _batches(reader, spanning), encoding, delimiter


def _delimiter(head: str) -> str:
    """The delimiter that cuts the header, the first line with a word in it, into most cells."""
    header = next((line for line in head.splitlines() if line.strip(' \t,;"')), "")
    return max(",;\t", key=_QUOTED.sub("", header).count)


def _quotes_enclose(data: bytes, encoding: str, mark: int) -> bool:
    """Whether each quotation mark that begins a cell encloses one whole cell: a spreadsheet saved
    the text again. No cell of it can hold a tab, for the text was cut at tabs when it was read."""
    if b'"' not in data:
        return True
    text = data[mark:].decode(encoding)
    return all(cell.end(1) >= 0 for cell in _ENCLOSED.finditer(text))


def _batches(reader: Any, spanning: list[int]) -> Iterator[list[list[str]]]:
    count = 0
    while True:
        lines = reader.line_num
        batch: list[list[str]] = []
        try:
            batch.extend(islice(reader, _BATCH))
        except csv.Error:  # the records before it are in the batch
            raise MapperError(
                f"row {count + len(batch) + 1} has a cell of over {csv.field_size_limit():,} "
                "characters. Look for a quotation mark left open there."
            ) from None
        if not batch:
            return
        # The end mark stands alone, unless a quotation mark still open took it in.
        ended = batch[-1] and batch[-1][-1].endswith(_END)
        if ended and batch.pop() != [_END]:
            raise MapperError(
                f"row {count + len(batch) + 1} opens a quotation mark that is never closed. "
                'Close it, or write a quotation mark that belongs to the text twice ("").'
            )
        if reader.line_num - lines > len(batch):
            numbered = enumerate(batch, count + 1)
            spanning += [number for number, row in numbered if _BREAK.search("".join(row))]
        count += len(batch)
        yield batch
