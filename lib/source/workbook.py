"""The rows of an Excel workbook, read so that no workbook, however built, harms the server."""

import pickle
import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from lib.model import MapperError

ZIP = b"PK\x03\x04"
OLE = bytes.fromhex("D0CF11E0A1B11AE1")

_INFLATED_LIMIT = 1 << 30  # a million rows of a map file are about half of it
_ENTRY_LIMIT = 10_000
_PIECE = 1 << 14  # inflates to 17 MB at most
_CHILD = Path(__file__).with_name("workbook_child.py")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_HAS_PASSWORD = "the workbook has a password. Remove it in Excel and save the workbook again."
_NOT_XLSX = "this is no Excel workbook. Save the table as XLSX or CSV."
_DAMAGED = "the workbook is damaged. Save it again in Excel, or as CSV."
_TOO_BIG = (
    f"the workbook unpacks to over {_INFLATED_LIMIT >> 20:,} MB. Copy the columns of the map file "
    "to a new workbook, or save them as CSV."
)
_CHILD_DIED = (
    "the workbook is damaged or has a value far away from the table. Copy the columns of the map "
    "file to a new workbook, or save them as CSV."
)


def open_workbook(data: bytes, sheet: str | None) -> tuple[Iterator[list[list]], str, list[str]]:
    """A sheet's rows in batches (the first in sight unless named), its name and all sheet names.

    Row 1 of the sheet comes first, blank rows are empty lists, each row ends at its last filled
    cell; a cell is its text or, if it was no text in the workbook, the tuple (kind, shortest text).
    Raises MapperError, the iteration too, for all that is no sound workbook.
    """
    if data.startswith(ZIP):
        _check_zip(data)
    elif _ENCRYPTED in data:
        raise MapperError(_HAS_PASSWORD)
    messages = _messages(data, sheet or "")
    chosen, names = next(messages)
    return messages, chosen, names


def _check_zip(data: bytes) -> None:
    """Raise MapperError unless this is a workbook's archive of bearable size once inflated."""
    if data.count(b"PK\x01\x02") > _ENTRY_LIMIT:
        raise MapperError(_NOT_XLSX)
    try:
        entries = ZipFile(BytesIO(data)).infolist()
    except Exception:  # a damaged directory makes zipfile raise almost anything
        raise MapperError(_DAMAGED) from None
    names = {entry.filename for entry in entries}
    if not any(re.fullmatch(r"xl/workbook\w*\.xml", name) for name in names):
        raise MapperError(_NOT_XLSX)
    if sum(entry.file_size for entry in entries) > _INFLATED_LIMIT:
        raise MapperError(_TOO_BIG)
    size = 0  # what the directory declares may be a lie
    for entry in entries:
        for piece in _inflated(data, entry):
            size += piece
            if size > _INFLATED_LIMIT:
                raise MapperError(_TOO_BIG)


def _inflated(data: bytes, entry: ZipInfo) -> Iterator[int]:
    """The sizes of an entry's pieces once inflated."""
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise MapperError(_NOT_XLSX)
    try:
        name, extra = struct.unpack_from("<HH", data, entry.header_offset + 26)
        start = entry.header_offset + 30 + name + extra
        packed = memoryview(data)[start : start + entry.compress_size]
        if entry.compress_type == ZIP_STORED:
            yield len(packed)
            return
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        for at in range(0, len(packed), _PIECE):
            yield len(inflater.decompress(packed[at : at + _PIECE]))
    except (struct.error, zlib.error):
        raise MapperError(_DAMAGED) from None


def _messages(data: bytes, sheet: str) -> Iterator:
    """What workbook_child.py has to say about this workbook, up to its empty list."""
    with TemporaryFile() as output:  # not a pipe: no process waits for a reader that gave up
        command = [sys.executable, "-I", str(_CHILD), sheet]
        subprocess.run(command, input=data, stdout=output, stderr=subprocess.DEVNULL, check=False)
        output.seek(0)
        try:
            while message := pickle.load(output):
                if isinstance(message, str):
                    raise MapperError(message)
                yield message
        except (EOFError, pickle.UnpicklingError):
            raise MapperError(_CHILD_DIED) from None
