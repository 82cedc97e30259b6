"""What is written is read back letter by letter, and no spreadsheet runs any of it."""

import csv
import io

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.columns import MAP_FIELDS
from lib.model import MapperError
from lib.source import map_out
from lib.source.map_file import read
from lib.source.map_out import sample_csv, sample_xlsx, to_csv, to_xlsx

FIELDS = [*MAP_FIELDS]
NASTY = [
    *("=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "'=1", "''+", "'", "'a", "-", "=", "\t", "\r"),
    *(
        "_x000D_",
        "_x0041_x0042_",
        "_x005F_x000D_",
        "_x000d_",
        "_",
        " ",
        "\n",
        "\r\n",
        " a ",
        "a\rb",
    ),
    *(
        '"',
        '""',
        'a"b',
        "a,b",
        "a;b\tc",
        "a\nb",
        "00123",
        "1E5",
        "NA",
        "#N/A",
        "TRUE",
        "😀",
        "\xa0",
    ),
    *("\ufeffa", "\u2028", "\x85", "<b>&amp;", "]]>", "ﾍﾟ", "\ue000", "\x7f"),
]
# All but what the formats cannot hold: surrogates, control characters, two non-characters.
CHARACTERS = st.characters(
    exclude_categories=["Cs"],
    exclude_characters=[chr(c) for c in range(32) if chr(c) not in "\t\n\r"] + ["\ufffe", "\uffff"],
)
CELL = st.one_of(st.text(CHARACTERS, max_size=12), st.sampled_from(NASTY))
# A row with nothing in it is a blank line, so each has a SKU.
ROWS = st.lists(st.tuples(*[CELL] * 2, CELL.map("S".__add__), *[CELL] * 2), min_size=1, max_size=20)


def frame(*rows: tuple, extra: tuple = ()) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[*FIELDS, *extra], dtype="str")


def back(data: bytes) -> list[tuple]:
    return list(read(data, "map").listings[FIELDS].itertuples(index=False, name=None))


@given(ROWS)
@settings(max_examples=150, deadline=None)
def test_any_text_survives_csv(rows):
    assert back(to_csv(frame(*rows))) == rows


@given(ROWS)
@settings(max_examples=40, deadline=None)
def test_any_text_survives_xlsx(rows):
    assert back(to_xlsx(frame(*rows))) == rows


@pytest.mark.parametrize("write", [to_csv, to_xlsx])
@pytest.mark.parametrize("field", range(5))
def test_each_nasty_text_survives_in_each_column(write, field):
    rows = [tuple(text if at == field else "x" for at in range(5)) for text in NASTY]
    assert back(write(frame(*rows))) == rows


def test_a_csv_cell_is_never_a_formula():
    lines = csv.reader(
        io.StringIO(to_csv(frame(*[(text,) * 5 for text in NASTY])).decode()[1:], "")
    )
    assert not [
        cell for row in lines for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")
    ]


def test_an_xlsx_cell_is_always_text():
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(frame(*[(text,) * 5 for text in NASTY]))))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert {cell.number_format for cell in cells} == {"@"}
    assert "=1+1" in {cell.value for cell in cells}


@pytest.mark.parametrize("write", [to_csv, to_xlsx])
def test_what_no_format_holds_is_written_as_a_replacement_character(write):
    assert back(write(frame(("a\0\x1b\uffffb", "R", "S", "DE", "FBA")))) == [
        ("a\ufffd\ufffd\ufffdb", "R", "S", "DE", "FBA")
    ]


def test_csv_is_utf8_with_a_mark_and_crlf():
    assert to_csv(frame(("Größe", "R", "S", "DE", "FBA"))) == (
        b"\xef\xbb\xbfTitle,Internal Reference,Seller SKU,Marketplace,Fulfilment\r\n"
        + "Größe,R,S,DE,FBA\r\n".encode()
    )


def test_extra_columns_follow_in_their_order_and_are_ignored_when_read():
    extra = ("reason", "market", "lane")
    rows = frame(("T", "R", "S", "DE", "FBA", "why", "DE", "matched"), extra=extra)
    for data in (to_csv(rows), to_xlsx(rows)):
        assert read(data, "map").ignored == ("Lane", "Reason")
        assert back(data) == [("T", "R", "S", "DE", "FBA")]


def test_an_xlsx_sheet_has_a_bold_frozen_header_a_filter_and_widths():
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(frame(("T", "R", "S", "DE", "FBA"))))).active
    assert [cell.value for cell in sheet[1]] == [*MAP_FIELDS.values()]
    assert all(cell.font.b for cell in sheet[1])
    assert not any(cell.font.b for cell in sheet[2])
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:E2"
    assert sheet.column_dimensions["A"].width > sheet.column_dimensions["B"].width > 10


def test_more_rows_than_excel_holds_are_refused(monkeypatch):
    monkeypatch.setattr(map_out, "ROW_LIMIT", 1)
    with pytest.raises(MapperError, match="Download the CSV"):
        to_xlsx(frame(*[("T", "R", "S", "DE", "FBA")] * 2))


def test_an_empty_frame_is_a_header():
    empty = frame(("T", "R", "S", "DE", "FBA"))[:0]
    assert to_csv(empty).count(b"\r\n") == 1
    assert openpyxl.load_workbook(io.BytesIO(to_xlsx(empty))).active.max_row == 1


# The sample


@pytest.mark.parametrize("data", [sample_csv(), sample_xlsx()])
def test_the_sample_is_a_sound_map_file(data):
    listings = read(data, "sample").listings
    assert len(listings) == 12
    assert listings["market"].nunique() >= 5
    assert "JP" in set(listings["market"])
    assert set(listings["channel"]) == {"AFN", "MFN"}
    assert set(listings["warning"]) == {""}
    assert (listings["reference"] == "").sum() == 1
    assert not listings.duplicated(["sku", "market", "channel"]).any()


def test_the_sample_workbook_explains_each_column_on_a_second_sheet():
    book = openpyxl.load_workbook(io.BytesIO(sample_xlsx()))
    assert book.sheetnames == ["Map", "Columns"]
    assert [row[0].value for row in book["Columns"]] == ["Column", *MAP_FIELDS.values()]
    assert all(cell.value for row in book["Columns"] for cell in row)


def test_the_sample_read_is_the_sample_written():
    assert to_csv(read(sample_xlsx(), "sample").listings) == sample_csv()


@pytest.mark.parametrize("write", [to_csv, to_xlsx])
def test_the_action_is_written_where_a_row_has_another_than_map(write):
    rows = read(sample_csv(), "sample").listings.assign(reason="")
    assert "action" not in read(write(rows), "again").columns
    rows.loc[1, "action"] = "UNMAP"
    again = read(write(rows), "again").listings
    assert again["action"].equals(rows["action"])
