"""Bytes become texts: no cell, row or row number is lost, in any format and encoding."""

import datetime

import pytest

from lib.model import MapperError
from lib.source.encoding import detect
from lib.source.table import open_table
from tests.tables import workbook

HEADER = "Title,SKU"


def cells(data: bytes, **choices) -> list[tuple]:
    table = open_table(data, **choices)
    frame = table.read({"title": 0, "sku": 1})
    return list(frame[["row", "title", "sku"]].itertuples(index=False, name=None))


TEXTS = ["00123", "1E5", "NA", "None", "null", "NaN", "", "a  b", " a ", "123.0", "TRUE"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_survives_in_csv_and_xlsx(text):
    expected = [(2, "t", text)]
    assert cells(f"{HEADER}\nt,{text}\n".encode()) == expected
    assert cells(workbook(Sheet=[["Title", "SKU"], ["t", text]])) == expected


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter):
    data = f'"Title, or; name"{delimiter}SKU\n"a,b;c\td"{delimiter}x'.encode()
    assert open_table(data).delimiter == delimiter
    assert cells(data) == [(2, "a,b;c\td", "x")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_line_ends_are_read(end):
    assert cells(end.join([HEADER, "a,1", "b,2"]).encode()) == [(2, "a", "1"), (3, "b", "2")]


def test_blank_rows_are_dropped_but_counted():
    data = b"\n,\nTitle,SKU\n\n , \na,1\n,\n\nb,2\n\n"
    assert cells(data) == [(6, "a", "1"), (9, "b", "2")]


def test_blank_rows_of_a_workbook_are_dropped_but_counted():
    rows = [[], ["Title", "SKU"], [], [" ", None], ["a", "1"], [], ["b", "2"], []]
    assert cells(workbook(Sheet=rows)) == [(5, "a", "1"), (7, "b", "2")]


def test_rows_count_on_past_a_batch_and_past_blank_rows_above_the_header():
    above, rows = 700, 1234
    data = "\n" * above + HEADER + "\n" + "".join(f"t{i},{i}\n" for i in range(rows))
    assert cells(data.encode())[-1] == (above + 1 + rows, f"t{rows - 1}", f"{rows - 1}")


@pytest.mark.parametrize("rows", [499, 500, 501, 998, 999, 1000])
def test_the_last_row_is_read_where_it_fills_a_batch(rows):
    data = HEADER + "\n" + "a,1\n" * (rows - 1)
    assert len(cells(data.encode())) == rows - 1


def test_a_row_of_several_lines_counts_once():
    table = open_table(b'Title,SKU\n"a\nb",1\nc,2\n')
    frame = table.read({"title": 0})
    assert frame["row"].tolist() == [2, 3]
    assert frame["title"].tolist() == ["a\nb", "c"]
    assert table.spanning == [2]


def test_quotation_marks_are_read_as_excel_reads_them():
    data = b'Title,SKU\n"a ""b""",12" x\n"Best" chair,1\n'
    assert cells(data) == [(2, 'a "b"', '12" x'), (3, "Best chair", "1")]


def test_missing_cells_are_blank_and_warned_of():
    frame = open_table(b"Title,SKU,Note\na\nb,2\nc,3,x\n").read({"title": 0, "sku": 1})
    assert frame["sku"].tolist() == ["", "2", "3"]
    assert frame["warning"].tolist() == [
        "Row has 1 of 3 cells: the others were read as blank",
        "",
        "",
    ]


def test_blank_cells_beyond_the_header_do_no_harm():
    assert cells(b"Title,SKU\na,1,,\n") == [(2, "a", "1")]


# Encodings

JAPANESE = "商品名,SKU\nペダル式ゴミ箱,1\n"
WESTERN = "Title,SKU\nGroßer Schrank – «Boîte»,1\n"


@pytest.mark.parametrize(
    ("text", "codec", "expected"),
    [
        (WESTERN, "utf-8", "utf-8"),
        (WESTERN, "utf-8-sig", "utf-8"),
        (WESTERN, "utf-16", "utf-16-le"),
        (WESTERN, "utf-16-le", "utf-16-le"),
        (WESTERN, "utf-16-be", "utf-16-be"),
        (WESTERN, "cp1252", "cp1252"),
        (JAPANESE, "utf-8", "utf-8"),
        (JAPANESE, "cp932", "cp932"),
        ("Title,SKU\n机 黒色,1\n", "cp932", "cp932"),
        ("Title,SKU\nMen’s “best”,1\n", "cp1252", "cp1252"),
        ("Title,SKU\nÄÖÜ ÉÈ ß é,1\n", "cp1252", "cp1252"),
        ("Title,SKU\nplain,1\n", "ascii", "utf-8"),
    ],
)
def test_the_encoding_is_detected(text, codec, expected):
    data = text.encode(codec)
    table = open_table(data)
    assert table.encoding == expected
    assert table.headers == text.splitlines()[0].split(",")
    assert table.read({"title": 0})["title"].tolist() == [text.splitlines()[1].split(",")[0]]


def test_the_encoding_may_be_chosen():
    data = "Title,SKU\nŁóżko,1\n".encode("cp1250")
    assert cells(data, encoding="cp1250") == [(2, "Łóżko", "1")]


def test_a_mark_is_no_part_of_the_first_header_when_its_encoding_is_chosen():
    assert open_table(b"\xef\xbb\xbfTitle\na", encoding="utf-8").headers == ["Title"]


def test_an_encoding_not_offered_is_refused():
    with pytest.raises(MapperError, match="rot13"):
        detect(b"a", "rot13")


def test_text_that_is_not_in_the_chosen_encoding_is_refused_with_its_line():
    with pytest.raises(MapperError, match=r"line 3 .* utf-8"):
        open_table("Title\na\né\n".encode("cp1252"), encoding="utf-8")


def test_damaged_utf8_is_not_taken_for_cp1252():
    data = "Title\nGröße\nÄpfel\nÖl\n".encode() + b"\xff\n"
    with pytest.raises(MapperError, match=r"line 5 .* utf-8"):
        open_table(data)


# Workbooks


@pytest.mark.parametrize(
    ("value", "text", "warning"),
    [
        (123, "123", "SKU was a number in the workbook (123): leading zeros may be lost"),
        (123.0, "123", "SKU was a number in the workbook (123): leading zeros may be lost"),
        (0, "0", "SKU was a number in the workbook (0): leading zeros may be lost"),
        (1.5, "1.5", "SKU was a number in the workbook (1.5): leading zeros may be lost"),
        (4006381333931, "4006381333931", "leading zeros may be lost"),
        (True, "TRUE", "SKU was a true-or-false value in the workbook (TRUE)"),
        (datetime.date(2024, 5, 1), "2024-05-01", "SKU was a date or time in the workbook"),
    ],
)
def test_a_cell_that_is_no_text_becomes_its_shortest_text_and_is_warned_of(value, text, warning):
    frame = open_table(workbook(Sheet=[["Title", "SKU"], ["a", "x"], ["b", value]])).read(
        {"sku": 1}
    )
    assert frame["sku"].tolist() == ["x", text]
    assert frame["warning"][0] == ""
    assert warning in frame["warning"][1]


def test_an_excel_error_is_blank_and_a_text_like_one_is_text():
    data = workbook(Sheet=[["Title", "SKU"], ["a", "#N/A"]])  # openpyxl makes it an error
    assert cells(data) == [(2, "a", "")]
    assert cells(b"Title,SKU\na,#N/A\n") == [(2, "a", "#N/A")]


def test_two_numbers_in_a_row_are_both_warned_of():
    frame = open_table(workbook(Sheet=[["Title", "SKU"], [1, 2]])).read({"title": 0, "sku": 1})
    assert [part.split()[0] for part in frame["warning"][0].split("; ")] == ["Title", "SKU"]


def test_the_first_visible_sheet_is_read_unless_another_is_chosen():
    rows = [["Title", "SKU"], ["a", "1"]]
    data = workbook("Hidden", Hidden=rows, One=rows, Two=rows)
    assert open_table(data).sheet == "One"
    assert open_table(data, sheet="Two").sheet == "Two"
    assert open_table(data).sheets == ("Hidden", "One", "Two")


def test_a_sheet_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(MapperError, match=r"no sheet 'Three'.*One, Two"):
        open_table(workbook(One=[["a"]], Two=[["a"]]), sheet="Three")


def test_a_table_in_a_corner_of_the_sheet_is_found():
    data = workbook(Sheet=[[], [None, "Title", "SKU"], [None, "a", "1", None, "stray note"]])
    table = open_table(data)
    assert table.headers == ["Title", "SKU"]
    assert table.read({"title": 0, "sku": 1})["row"].tolist() == [3]
