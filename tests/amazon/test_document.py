"""A report's document: bytes as they are, and nothing that is no report."""

import gzip
import threading
import tracemalloc

import pytest

from lib.amazon import client, download
from lib.amazon.port import AmazonError, ReportKind, Unreachable
from lib.source.marketplaces import MARKETPLACES
from tests.amazon.amazon import DOCUMENT, EXPIRED_XML, HTML, Answer, Document

KIND = ReportKind.ACTIVE
TEXT = "seller-sku\titem-name\nA-1\tNaïve “tin” 5″\n".encode()
JAPANESE = "出品者SKU\t商品名\nA-1\t①髙島屋\n"
S3 = "GET /doc-"


@pytest.fixture
def fetched(seller, amazon):
    """The document of a report that Amazon gives so."""

    def fetch(*document, **other):
        amazon.states = ("DONE",)
        amazon.documents[MARKETPLACES["US"].id, KIND.value] = Document(*document, **other)
        report = seller.report("US", seller.request_report("US", KIND))
        return seller.document(report)

    return fetch


@pytest.mark.parametrize("zipped", [True, False])
def test_the_bytes_come_as_they_are_zipped_or_not(fetched, zipped):
    assert fetched(TEXT, zipped=zipped).data == TEXT


def test_a_byte_order_mark_stays_in_the_bytes(fetched):
    assert fetched(b"\xef\xbb\xbf" + TEXT).data == b"\xef\xbb\xbf" + TEXT


@pytest.mark.parametrize(
    ("announced", "text", "encoding"),
    [
        ("UTF-8", TEXT, "utf-8"),
        ("Shift_JIS", JAPANESE.encode("cp932"), "cp932"),
        ("Windows-31J", JAPANESE.encode("cp932"), "cp932"),
        ("Cp1252", "SKU\t“é”\n".encode("cp1252"), "cp1252"),
        ("ISO-8859-1", "SKU\t“é”\n".encode("cp1252"), "cp1252"),
        ("UTF-8", "SKU\t“é”\n".encode("cp1252"), ""),
        ("x-nobody-knows", TEXT, ""),
    ],
)
def test_the_announced_charset_counts_where_the_bytes_are_text_in_it(
    fetched, announced, text, encoding
):
    document = fetched(text, f"text/plain; charset={announced}")
    assert (document.data, document.charset, document.encoding) == (
        text,
        announced.lower(),
        encoding,
    )


@pytest.mark.parametrize("content_type", ["text/plain", "application/octet-stream"])
def test_utf8_without_a_charset_is_not_read_as_latin_1(fetched, content_type):
    document = fetched(TEXT, content_type)
    assert (document.data, document.charset, document.encoding) == (TEXT, "", "")


def test_shift_jis_with_a_circled_digit_is_text(fetched):
    document = fetched(JAPANESE.encode("cp932"), "text/plain; charset=Shift_JIS")
    assert document.data.decode(document.encoding) == JAPANESE


def test_an_expired_address_is_no_report_and_a_new_one_is_asked_for(fetched, amazon):
    amazon.plan(S3, EXPIRED_XML)
    assert fetched(TEXT).data == TEXT
    assert amazon.counted(f"GET {DOCUMENT}") == 2


def test_an_address_that_never_works_is_told(fetched, amazon):
    amazon.plan(S3, EXPIRED_XML, EXPIRED_XML)
    with pytest.raises(AmazonError, match="does not work"):
        fetched(TEXT)


@pytest.mark.parametrize(
    "trouble",
    [HTML, Answer(200, b"<html>Welcome to the hotel's wifi"), Answer(hang_up=True),
     Answer(200, gzip.compress(TEXT)[:-9])],
)  # fmt: skip
def test_a_download_in_trouble_is_tried_again(fetched, amazon, trouble):
    amazon.plan(S3, trouble)
    assert fetched(TEXT).data == TEXT


def test_a_document_that_comes_slowly_is_waited_for_as_long_as_we_say(fetched, monkeypatch):
    """The library's five seconds are too few, and what its client is told does not reach it."""
    answered, slow = Document.answered, threading.Event()
    monkeypatch.setattr(Document, "answered", lambda it: slow.wait(0.3) or answered(it))
    monkeypatch.setattr(download, "TIMEOUT", 0.1)
    with pytest.raises(Unreachable, match="did not answer in time"):
        fetched(TEXT)
    monkeypatch.setattr(download, "TIMEOUT", 5)
    assert fetched(TEXT).data == TEXT
    assert client.TIMEOUT > 5


def test_a_web_page_is_never_a_report(fetched):
    with pytest.raises(Unreachable, match="web page"):
        fetched(b"", answer=Answer(200, b"\xef\xbb\xbf\n<html>"))


@pytest.mark.parametrize("zipped", [True, False])
def test_a_document_beyond_all_measure_is_told(fetched, monkeypatch, zipped):
    monkeypatch.setattr(download, "LARGEST", 1 << 20)
    with pytest.raises(AmazonError, match=r"more than 1 MB.*Seller Central"):
        fetched(b"0" * (2 << 20), zipped=zipped)


def test_what_unzips_beyond_all_measure_never_fills_the_memory(monkeypatch):
    monkeypatch.setattr(download, "LARGEST", 1 << 20)
    zipped = gzip.compress(bytes(64 << 20))
    tracemalloc.start()
    with pytest.raises(AmazonError):
        download._unzipped(zipped)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20
