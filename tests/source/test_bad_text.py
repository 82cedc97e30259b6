"""Text files that are no map file: one clear message, and never a crash, a hang or a flood."""

import struct
import time
import tracemalloc
from pathlib import Path

import pytest

from lib.model import MapperError
from lib.source import map_file
from lib.source.map_file import read, read_path
from tests.source.bad_files import HEADER, message

# Nothing in it


@pytest.mark.parametrize("data", ["", "\n\n", " ", ",,,\n,,\n", "\ufeff"])
def test_an_empty_file(data):
    assert "nothing in it" in message(data)


@pytest.mark.parametrize("below", ["", "\n\n", ",,,,\n , ,,,\n"])
def test_a_header_only(below):
    assert "header but no rows" in message(HEADER + below)


# Columns


def test_a_missing_column_is_named():
    assert "no column is called Seller SKU." in message(
        "Internal Reference,Marketplace,Fulfilment\na,b,c"
    )


def test_two_columns_of_one_name_are_named():
    assert "2 columns are called Seller SKU" in message("Seller SKU," + HEADER + "a,b,c,d,e,f")
    assert "2 columns are called Fulfillment" in message("Fulfillment," + HEADER + "a,b,c,d,e,f")


def test_two_columns_of_one_name_that_no_map_file_has_do_no_harm():
    assert read((f"Note,Note,{HEADER}1,2,a,b,c,DE,FBA").encode(), "x").ignored == ("Note", "Note")


def test_a_million_columns_are_refused_at_once_and_with_little_memory():
    data = ",".join(map(str, range(1_000_000))).encode()
    tracemalloc.start()
    start = time.perf_counter()
    text = message(data + b"\n" + data)
    taken, memory = time.perf_counter() - start, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "line 1 is over 65,536 bytes long. Delete the columns" in text
    assert taken < 2
    assert memory < 100e6


def test_too_many_columns():
    assert "it has 1,001 columns, 1,000 are the most" in message("," * 996 + HEADER + "x")


def test_a_row_with_more_cells_than_the_header():
    assert "row 3 has 6 cells, the header has 5" in message(
        HEADER + "a,b,c,d,e\nChair, big,b,c,d,e\n"
    )


# Quotation marks


def test_a_quotation_mark_never_closed():
    assert "row 3 opens a quotation mark" in message(HEADER + 'a,b,c,d,e\na,"b,c,d,e\na,b,c,d,e\n')


def test_a_quotation_mark_never_closed_in_a_large_file():
    rows = "a,b,c,d,e\n" * 50_000
    assert "row 50002 has a cell of over 131,072" in message(f'{HEADER}{rows}a,"b,c,d,e\n{rows}')


@pytest.mark.parametrize(
    "rows",
    [
        'a,b,c,DE,FBA\n"Chair,b,c,DE,FBA\nd,e,f,DE,FBA\ng",h,i,DE,FBA\n',
        'a,b,c,DE,FBA\n"Chair,b,c,DE,FBA\ng",h,i,DE,FBA\n',
        'a,b,c,DE,FBA\na,b,"SKU,DE,FBA\nd,e",DE,FBA\n',
        'a,b,c,DE,FBA\na,b,c,DE,"FBA\nd,e,f,DE,FBA\ng,h,i,DE,"\n',
    ],
)
def test_a_stray_quotation_mark_that_swallows_rows(rows):
    text = message(HEADER + rows)
    assert "row 3, column " in text
    assert "swallows the next rows" in text


def test_a_text_of_several_lines_is_no_stray_quotation_mark():
    row = '"Chair, big\nblack, with, arms, and\n\nwheels, DE, FBA",b,c,DE,"FBA\n"\n'
    assert len(read((HEADER + row * 3).encode(), "x").listings) == 3


# Not text


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture"),
        (b"GIF89a\1\0\1\0", "a picture"),
        (b"\x1f\x8b\x08\0\0", "a packed file"),
        (b"\n <!DOCTYPE html><html><body>", "a web page"),
        (b"\xef\xbb\xbf<html>", "a web page"),
        (b'{"rows": []}', "a JSON file"),
    ],
)
def test_a_file_of_another_kind_renamed(data, what):
    assert f"this is {what}" in message(data)


def test_nul_characters_are_told_with_their_line():
    assert "line 2 holds NUL characters" in message(HEADER + "a,b\0,c,d,e")


def test_binary_noise():
    noise = b"".join(struct.pack("<d", 1.1**n) for n in range(2000))
    assert isinstance(message(noise), str)
    assert "no table of text" in message(b"\x01\x02abc\x03,\x04\nx,y")


def test_bytes_of_no_encoding_are_told_with_their_line():
    assert "line 2 is not text in the encoding cp1252" in message(HEADER.encode() + b"\x81\xff,\n")


# Size


def test_a_file_too_large_is_not_loaded(tmp_path: Path):
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(300 << 20)  # sparse: takes no room
    with pytest.raises(MapperError, match=r"big.csv: the file has 300 MB, 200 MB are the most"):
        read_path(path)


def test_data_too_large_is_not_read(monkeypatch):
    monkeypatch.setattr(map_file, "BYTES_LIMIT", 10)
    assert "are the most" in message("x" * 11)
