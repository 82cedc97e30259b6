"""A report's document from the address that Amazon gives for five minutes.

The client library would take the error page of an expired address for the report, and text without
a charset for Latin-1; so the bytes are fetched here, and stay bytes.
"""

import gzip
import zlib
from io import BytesIO

import httpx

from lib.amazon.client import TIMEOUT, Passing
from lib.amazon.port import AmazonError, Document
from lib.model import MapperError
from lib.source.encoding import detect

LARGEST = 1 << 29
"""Bytes of a document: a report of a million listings has half of that."""

# What a charset is called -> the encoding that text announced so is really in: Amazon's Shift_JIS
# has Microsoft's ① and 髙, and its Latin-1 has Microsoft's quotation marks.
ENCODINGS = {
    "utf-8": "utf-8", "utf8": "utf-8",
    "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
    "windows-31j": "cp932", "shift_jis": "cp932", "sjis": "cp932", "ms932": "cp932",
    "cp932": "cp932",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "windows-1252": "cp1252",
    "cp1252": "cp1252", "windows-1250": "cp1250", "windows-1254": "cp1254",
}  # fmt: skip


class Expired(Exception):
    """The address is no longer good."""


def download(address: str) -> Document:
    """Raises Expired, Passing, httpx.HTTPError, or AmazonError if it is no report."""
    try:
        with httpx.Client(timeout=TIMEOUT) as client, client.stream("GET", address) as answer:
            answer.raise_for_status()
            data = _unzipped(_body(answer))
            charset = answer.charset_encoding or ""
    except httpx.HTTPStatusError as error:
        if error.response.status_code in (400, 403, 404):
            raise Expired from None
        raise Passing(f"answers with HTTP status {error.response.status_code}") from None
    except httpx.InvalidURL:
        raise AmazonError("Amazon gave no address for the report. Ask for it again.") from None
    if data[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        raise Passing("gives a web page in place of the report")
    return Document(data, charset, announced(charset, data))


def announced(charset: str, data: bytes) -> str:
    """What ``Document.encoding`` says."""
    encoding = ENCODINGS.get(charset.strip("\"' ").lower())
    if not encoding:
        return ""
    try:
        return detect(data, encoding)[0]
    except MapperError:
        return ""


def _body(answer: httpx.Response) -> bytes:
    read = bytearray()
    for part in answer.iter_bytes():
        read += part
        if len(read) > LARGEST:
            raise _too_large()
    return bytes(read)


def _unzipped(data: bytes) -> bytes:
    # By the bytes and not by what Amazon says of them: who stands between may have unzipped it.
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.open(BytesIO(data)) as file:
            plain = file.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error):
        raise Passing("gives a damaged document") from None
    if len(plain) > LARGEST:
        raise _too_large()
    return plain


def _too_large() -> AmazonError:
    return AmazonError(
        f"The report has more than {LARGEST >> 20} MB. Download it from Seller Central, split it "
        f"and upload the parts."
    )
