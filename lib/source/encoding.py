"""Which encoding a text file is in. A wrong guess spoils titles in silence, so it is strict."""

import codecs
import re

from lib.model import MapperError

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252", "cp932", "cp1250", "cp1254")
"""The encodings a user may choose; detection settles for one of the first five."""

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_BLOCK = 1 << 16
_SAMPLE = 1 << 24
_JAPANESE_RUN = re.compile(r"[\u3000-\u30ff\u4e00-\u9fff\uff01-\uff60]{2,}")


class NotInEncoding(MapperError):
    """The bytes are not text in the encoding that was found or chosen."""


def detect(data: bytes, forced: str | None = None) -> tuple[str, int]:
    """The encoding of ``data`` (one of ENCODINGS) and the length of its byte order mark.

    ``forced`` is the user's choice. Raises NotInEncoding when ``data`` is not text in it, or, left
    to itself, in any encoding tried; MapperError when it holds NUL characters or endless lines.
    """
    if forced is not None and forced not in ENCODINGS:
        raise MapperError(f"encoding {forced} is not known. Choose {', '.join(ENCODINGS)}.")
    mark = next((mark for mark in _MARKS if data.startswith(mark)), b"")
    encoding = forced or _MARKS.get(mark) or _utf16_without_mark(data[:4096])
    if encoding:
        line = _first_fault(data, encoding)
    else:
        encoding, line = "utf-8", _first_fault(data, "utf-8")
        if line and not _mostly_utf8(data):
            encoding = "cp932" if _looks_japanese(data) else "cp1252"
            line = _first_fault(data, encoding)
    if line:
        raise NotInEncoding(
            f"line {line} is not text in the encoding {encoding}. Save it again as UTF-8 (in "
            'Excel: "CSV UTF-8").'
        )
    return encoding, len(mark) if _MARKS.get(mark) == encoding else 0


def _first_fault(data: bytes, encoding: str) -> int:
    """The line of the first byte that does not decode, or 0. In blocks, to hold little at once."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for start in range(0, len(data), _BLOCK):
        end = start + _BLOCK
        try:
            text = decoder.decode(data[start:end], final=end >= len(data))
        except UnicodeDecodeError as error:
            return _line(data[: start + error.start], encoding)
        if "\0" in text:
            line = _line(data[:start], encoding) + text[: text.index("\0")].count("\n")
            raise MapperError(
                f"line {line} holds NUL characters, so this is no CSV file or it is damaged. "
                "Save the table again as CSV or XLSX."
            )
        if end < len(data) and "\n" not in text and "\r" not in text:
            raise MapperError(
                f"line {_line(data[:start], encoding)} is over {_BLOCK:,} bytes long. Delete the "
                "columns that no map file has, and look for line breaks that were lost."
            )
    return 0


def _line(before: bytes, encoding: str) -> int:
    return before.decode(encoding, "ignore").count("\n") + 1


def _utf16_without_mark(head: bytes) -> str:
    """A header in Latin letters shows UTF-16 by zero bytes, all in even or all in odd places."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if min(even, odd) * 20 < max(even, odd) and max(even, odd) * 4 > len(head[1::2]):
        return "utf-16-be" if even > odd else "utf-16-le"
    return ""


def _mostly_utf8(data: bytes) -> bool:
    """Whether ``data`` is damaged UTF-8: text in another encoding is hardly ever valid UTF-8."""
    text = data[:_SAMPLE].decode("utf-8", "replace")
    return _not_ascii(text) > 2 * text.count("\ufffd")


def _looks_japanese(data: bytes) -> bool:
    """Whether ``data`` is cp932. Much of cp1252 decodes as cp932 too, so the text must look it.

    Japanese stands in runs of kana and kanji; Western accents and quotes read as cp932 become
    single kanji between Latin letters, half-width kana or private characters.
    """
    try:
        text = codecs.getincrementaldecoder("cp932")().decode(data[:_SAMPLE])
    except UnicodeDecodeError:
        return False
    return (len(text) - len(_JAPANESE_RUN.sub("", text))) * 2 > _not_ascii(text)


def _not_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))
