"""Whatever the bytes, one clear message or a map file: never a crash, a hang or a flood."""

import base64
import io
import struct
import time
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.model import MapFile, MapperError
from lib.source import map_file, workbook
from lib.source.map_file import read, read_path
from lib.source.map_out import sample_csv, sample_xlsx

HEADER = "Title,Internal Reference,Seller SKU,Marketplace,Fulfilment\n"
XLSX = sample_xlsx()


def message(data: bytes | str) -> str:
    with pytest.raises(MapperError) as caught:
        read(data.encode() if isinstance(data, str) else data, "my file.csv")
    text = str(caught.value)
    assert text.startswith("my file.csv: ")
    assert text.endswith(".")
    return text


def rebuilt(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The sample workbook with some of its parts replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(XLSX)) as old, zipfile.ZipFile(stream, "w", method) as new:
        for name in old.namelist() + [name for name in parts if name not in old.namelist()]:
            new.writestr(name, parts[name] if name in parts else old.read(name))
    return stream.getvalue()


SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet(rows: str) -> bytes:
    return f"<worksheet {SPACE}><sheetData>{rows}</sheetData></worksheet>".encode()


def of_sheet(rows: str) -> bytes:
    """The sample workbook with other rows."""
    return rebuilt({"xl/worksheets/sheet1.xml": sheet(rows)})


# Nothing in it


@pytest.mark.parametrize("data", ["", "\n\n", " ", ",,,\n,,\n", "\ufeff"])
def test_an_empty_file(data):
    assert "nothing in it" in message(data)


def test_an_empty_workbook():
    assert "nothing in it" in message(of_sheet(""))


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


# Workbooks


def test_a_zip_bomb_by_its_own_word(monkeypatch):
    monkeypatch.setattr(workbook, "_INFLATED_LIMIT", 64 << 20)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(65):
                part.write(bytes(1 << 20))
    assert "unpacks to over" in message(bomb.getvalue())


def test_a_zip_bomb_that_lies_about_its_size(monkeypatch):
    monkeypatch.setattr(workbook, "_INFLATED_LIMIT", 1 << 20)
    bomb = bytearray(rebuilt({"xl/worksheets/sheet1.xml": bytes(8 << 20)}))
    at = bomb.rindex(b"xl/worksheets/sheet1.xml") - 46  # the entry in the directory
    bomb[at + 24 : at + 28] = struct.pack("<I", 100)
    bomb[at + 16 : at + 20] = struct.pack("<I", zlib.crc32(bytes(100)))
    assert zipfile.ZipFile(io.BytesIO(bomb)).getinfo("xl/worksheets/sheet1.xml").file_size == 100
    assert "unpacks to over" in message(bytes(bomb))


def test_a_zip_of_very_many_entries():
    assert "no Excel workbook" in message(b"PK\x03\x04" + b"PK\x01\x02" * 20_000)


def test_a_value_far_from_the_table_harms_only_its_own_process():
    rows = [(1, "A"), (1_048_576, "XFD")]
    far = "".join(f'<row r="{n}"><c r="{c}{n}"><v>1</v></c></row>' for n, c in rows)
    assert "a value far away from the table" in message(of_sheet(far))


def test_a_text_shown_by_very_many_cells():
    names = HEADER.strip().split(",")
    header = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in names)
    rows = f"<row>{header}</row>" + '<row><c t="s"><v>0</v></c></row>' * 17_000
    relations = "xl/_rels/workbook.xml.rels"
    old = zipfile.ZipFile(io.BytesIO(XLSX)).read(relations)
    link = (
        b'<Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>'
    )
    bomb = rebuilt(
        {
            "xl/worksheets/sheet1.xml": sheet(rows),
            "xl/sharedStrings.xml": f"<sst {SPACE}><si><t>{'x' * 32_000}</t></si></sst>".encode(),
            relations: old.replace(b"</Relationships>", link),
        }
    )
    assert "over 512 MB of text" in message(bomb)


def test_a_zip_that_is_no_workbook():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "no Excel workbook" in message(stream.getvalue())


@pytest.mark.parametrize("length", [4, 30, 1000, len(XLSX) - 30])
def test_a_workbook_cut_short(length):
    assert "damaged" in message(XLSX[:length])


def test_a_workbook_with_damaged_parts():
    assert "damaged" in message(rebuilt({"xl/worksheets/sheet1.xml": b"<worksheet><"}))
    broken = bytearray(XLSX)
    broken[XLSX.index(b"xl/worksheets/sheet1.xml") + 40] ^= 255
    assert "damaged" in message(bytes(broken))


def test_a_workbook_with_a_password():
    stream = "EncryptedPackage".encode("utf-16-le")
    assert "password" in message(workbook.OLE + bytes(504) + stream + bytes(1000))


def test_a_workbook_of_too_many_columns():
    book = openpyxl.Workbook()
    book.active.append([f"c{n}" for n in range(1001)])
    stream = io.BytesIO()
    book.save(stream)
    assert "it has 1,001 columns" in message(stream.getvalue())


# A workbook of Excel 97, written by xlwt: zlib, base 85.
OLD_XLS = (
    "c-rk)O-"
    "L0{6#nkKdA=Y2o~D5Y@({8z3C%@q>}BMW2p{%LiU@4fD~RJL!wbqqS?00`S`}>sH?^?Z^g}Ib*CH@#5d@LevQ<#g"
    "LY>Y%Gw-"
    "G4!UttP%s1R~&pG$r@7_E2cjozQ+1%8f>UsQtJqTdQiJ)MaPf&<tjTk81ag>^k!xS7J{}du&8pwhm9u_|fsWDXJJ"
    "r51H^(Q2OcNC6e6sZwQ#@7-1xDAF-ZD=7WaGg9QsNz<Yv+QHJf#ogE`H1CS_FQDyLV4%JG0Y}X^}D@Ud{nFDv=S)"
    "ZdtBx<dzw&*r)n0Ty)4|kLA2U~hWU3U)aXT+28~<0w4`mAbEu#JoW^G-"
    "4t&b4)W>n(zrKC}@_$|F53S<AqUpdmoD)33CsBw-U8MxjVT>-"
    "|63tL>2m*%(Go~yD4p<p!TZS1=%K>Rit4~IOE@_(5j&~jGE(Ddehh%2dG&m`F(i|8xhozMvl6L#cTS;4ZvOAsX*+"
    "n2<V`J0KX7aTT8)GBZj(!;+J(;4Jc8Wrpmc{-ya&;tAQMLc`ei2)-"
    "Ulj8?Dk9mBQr63OHO1&eSh(@=MMrOEqK7@>d`7q@$!67gI5?+DP~j4|U5DFW)N_gLEYCCRCf2K2R!|;_>pCkvB{{"
    "))E^ulc)zi#)nb@*S-"
    "%9%AheP*kCf_Hvkv`KtKUOjGDlvsxI@$WEym}_kAR5HAs|pVi*;shH&Ks6hKkYzaE#|e|@s7(<EF#Kk8B5nvZ%5="
    "T&3jj_6(B2+vvjg_k6En3ESNdy<rmCckh2tXC}%0=aL!W95sz70g;`_fsF&XzQJPseqbW-<-"
    "^`^c=AxXXn2Xi@K`X~yMMJyscSPaChYue<eE9I;<Ih6y9n`&d>)y><-"
    "62EXf1O1NOa5<?{}ySC(37DL(>7QX+c=%q{Mm@0$a0A_mdXAvR5(Jl+ZaMGw__;p`AgqqVtIeoTrl?QmQcR+FXhw"
    "D-(3GUBEst6"
)


def test_an_old_xls_workbook_is_read():
    data = zlib.decompress(base64.b85decode(OLD_XLS))
    listings = read(data, "old.xls").listings
    assert listings["sku"].tolist() == ["00123", "42"]
    assert listings["title"].tolist() == ["Größe", "x"]
    assert "Seller SKU was a number" in listings["warning"][1]


def test_an_old_xls_workbook_damaged():
    data = zlib.decompress(base64.b85decode(OLD_XLS))
    assert "damaged" in message(data[:1000])
    assert "damaged" in message(data[:512] + bytes(len(data) - 512))


# Anything


def survives(data: bytes) -> None:
    try:
        result = read(data, "fuzz")
    except MapperError as error:
        result = error
    assert isinstance(result, MapFile) or str(result).startswith("fuzz: ")


@given(st.binary(max_size=400))
@settings(max_examples=500, deadline=None)
def test_any_bytes(data):
    survives(data)


@given(st.text(st.sampled_from("a\",;\t\r\n ='\0\ufeff…é"), max_size=60))
@settings(max_examples=500, deadline=None)
def test_any_rows(text):
    survives((HEADER + text).encode())


PATCHES = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=3)), max_size=6)


def patched(data: bytes, patches: list[tuple[float, bytes]]) -> bytes:
    damaged = bytearray(data)
    for place, patch in patches:
        at = int(place * len(damaged))
        damaged[at : at + max(1, len(patch))] = patch
    return bytes(damaged)


@given(PATCHES, st.sampled_from(["utf-8", "utf-16", "cp932"]))
@settings(max_examples=200, deadline=None)
def test_any_damaged_csv(patches, encoding):
    survives(patched(sample_csv().decode("utf-8-sig").encode(encoding, "replace"), patches))


@given(PATCHES)
@settings(max_examples=40, deadline=None)
def test_any_damaged_xlsx(patches):
    survives(patched(XLSX, patches))


@given(PATCHES, st.sampled_from(zipfile.ZipFile(io.BytesIO(XLSX)).namelist()))
@settings(max_examples=60, deadline=None)
def test_any_xlsx_of_damaged_xml(patches, part):
    xml = zipfile.ZipFile(io.BytesIO(XLSX)).read(part)
    survives(rebuilt({part: patched(xml, patches)}))


@given(PATCHES)
@settings(max_examples=40, deadline=None)
def test_any_damaged_xls(patches):
    survives(patched(zlib.decompress(base64.b85decode(OLD_XLS)), patches))
