"""Workbooks that are no map file: one clear message, and never a crash, a hang or a flood."""

import io
import struct
import zipfile
import zlib

import openpyxl
import pytest

from lib.source import workbook
from lib.source.map_file import read
from tests.source.bad_files import HEADER, OLD_XLS, SPACE, XLSX, message, of_sheet, rebuilt, sheet


def test_an_empty_workbook():
    assert "nothing in it" in message(of_sheet(""))


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


@pytest.mark.parametrize("length", [4, 30, 1000, -30])
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


def test_an_old_xls_workbook_is_read():
    listings = read(OLD_XLS, "old.xls").listings
    assert listings["sku"].tolist() == ["00123", "42"]
    assert listings["title"].tolist() == ["Größe", "x"]
    assert "Seller SKU was a number" in listings["warning"][1]


def test_an_old_xls_workbook_damaged():
    assert "damaged" in message(OLD_XLS[:1000])
    assert "damaged" in message(OLD_XLS[:512] + bytes(len(OLD_XLS) - 512))
