"""A map file is found its columns, whatever they are called, and read into listings."""

import hashlib
from pathlib import Path

import pytest

from lib.columns import LISTING_COLUMNS
from lib.model import MapperError
from lib.source import map_file
from lib.source.map_file import ColumnsNeeded, header_key, read, read_path
from tests.tables import workbook

HEADER = "Title,Internal Reference,Seller SKU,Marketplace,Fulfilment"
ROW = "Chair,FURN_7777,00123,Amazon.co.uk,FBA"
DATA = f"{HEADER}\n{ROW}\n".encode()


def fields(data: bytes, **choices) -> list[str]:
    """The five cells of the first row."""
    return read(data, "map.csv", **choices).listings.iloc[0][[*map_file.MAP_FIELDS]].tolist()


def test_a_map_file_becomes_listings():
    read_file = read(DATA, "map.csv")
    assert read_file.listings.columns.tolist() == LISTING_COLUMNS
    assert read_file.listings.iloc[0].tolist() == [2, *ROW.split(","), "GB", "AFN", "", "MAP", ""]
    assert read_file.listings["row"].dtype == "int64"
    assert (read_file.listings.dtypes.drop("row") == "str").all()
    assert read_file.name == "map.csv"
    assert read_file.sha256 == hashlib.sha256(DATA).hexdigest()
    assert (read_file.encoding, read_file.delimiter) == ("utf-8", ",")
    assert (read_file.sheet, read_file.sheets, read_file.ignored) == ("", (), ())


def test_an_unknown_marketplace_or_channel_is_left_for_the_rules():
    listing = read(f"{HEADER}\n,R,S,Mars,Drone\n".encode(), "map.csv").listings.iloc[0]
    assert listing[["market", "channel", "warning"]].tolist() == ["", "", ""]
    assert listing[["marketplace", "fulfilment"]].tolist() == ["Mars", "Drone"]


@pytest.mark.parametrize("header", ["Action", "ACTION", "mapping_action"])
@pytest.mark.parametrize(
    ("cell", "action"),
    [("MAP", "MAP"), (" unmap ", "UNMAP"), ("", "MAP"), (" ", "MAP"), ("delete", "delete")],
)
def test_the_action_column_says_what_a_row_asks_for(header, cell, action):
    listings = read(f"{header},{HEADER}\n{cell},{ROW}\n".encode(), "map.csv").listings
    assert listings["action"].tolist() == [action]


@pytest.mark.parametrize("header", ["Units", "units_per_listing", "Pack Size"])
@pytest.mark.parametrize(
    ("cell", "units"),
    [("6", "6"), (" 006 ", "6"), ("6.0", "6"), ("", ""), (" ", ""), ("six", "six"), ("0", "0"),
     ("-1", "-1"), ("1.5", "1.5"), ("123456", "123456"), ("６", "６"), ("6,00", "6"),
     ("1,000", "1,000"), ("2.000", "2.000")],
)  # fmt: skip
def test_the_units_column_says_how_many_of_its_product_a_listing_is(header, cell, units):
    listings = read(f'{header},{HEADER}\n"{cell}",{ROW}\n'.encode(), "map.csv").listings
    assert listings["units"].tolist() == [units]


def test_units_in_a_workbook_are_the_number_in_the_cell():
    data = workbook(Map=[[*HEADER.split(","), "Units"], [*ROW.split(","), 6]])
    assert read(data, "map.xlsx").listings[["units", "warning"]].to_numpy().tolist() == [["6", ""]]


def test_two_action_columns_are_refused():
    with pytest.raises(MapperError, match="2 columns are called Action"):
        read(f"Action,action,{HEADER}\nMAP,UNMAP,{ROW}\n".encode(), "map.csv")


def test_columns_stand_in_any_order_and_case_and_others_are_ignored():
    data = b"NOTE,fulfillment,MARKETPLACE,seller_sku,Lane,internal-reference, Title ,\n" + (
        b"n,FBA,Amazon.co.uk,00123,Matched,FURN_7777,Chair,\n"
    )
    assert fields(data) == ROW.split(",")
    assert read(data, "map.csv").ignored == ("NOTE", "Lane")


@pytest.mark.parametrize(
    "header",
    [
        "Product Title,Default Code,SKU,Marketplace,Channel",
        "item-name,Internal Ref,seller-sku,Marketplace Name,Fulfillment Channel",
        "ITEM_NAME,default_code,Merchant SKU,marketplace-id,Fulfilled By",
    ],
)
def test_columns_are_known_by_other_names(header):
    assert fields(f"{header}\n{ROW}\n".encode()) == ROW.split(",")


def test_the_best_name_wins_and_the_other_column_is_ignored():
    data = f"SKU,{HEADER}\nother,{ROW}\n".encode()
    assert fields(data) == ROW.split(",")
    assert read(data, "map.csv").ignored == ("SKU",)


def test_title_is_optional():
    data = b"Internal Reference,Seller SKU,Marketplace,Fulfilment\nR,S,DE,FBM\n"
    assert fields(data) == ["", "R", "S", "DE", "FBM"]
    assert read(data, "map.csv").listings["title"].dtype == "str"


def test_missing_columns_are_asked_for_with_what_was_found():
    with pytest.raises(ColumnsNeeded) as caught:
        read(b"Item,Seller SKU,Site,FBA?\nChair,S,DE,FBA\n", "my map.csv")
    assert caught.value.headers == ["Item", "Seller SKU", "Site", "FBA?"]
    assert caught.value.guess == {"sku": "Seller SKU"}
    assert str(caught.value).startswith(
        "my map.csv: no column is called Internal Reference, Marketplace, Fulfilment."
    )


def test_columns_may_be_chosen():
    data = b"Item,Code,Seller SKU,Site,FBA?\nChair,R,S,DE,FBA\n"
    chosen = {"reference": "Code", "marketplace": "Site", "fulfilment": "FBA?"}
    assert fields(data, columns=chosen) == ["", "R", "S", "DE", "FBA"]
    assert fields(data, columns=chosen | {"title": "Item"})[0] == "Chair"


def test_a_choice_goes_before_a_known_name_and_may_leave_title_out():
    data = f"{HEADER},ASIN\n{ROW},B000\n".encode()
    assert fields(data, columns={"reference": "ASIN", "title": ""})[:2] == ["", "B000"]


def test_a_chosen_column_must_be_there_and_be_chosen_once():
    with pytest.raises(MapperError, match=r"map.csv: no column is called 'Code'"):
        fields(DATA, columns={"reference": "Code"})
    with pytest.raises(MapperError, match="column Title is chosen twice"):
        fields(DATA, columns={"reference": "Title"})


def test_the_header_key_minds_neither_order_nor_case_nor_marks():
    assert header_key(["Title", "Seller SKU"]) == header_key(["seller-sku", "TITLE"])
    assert header_key(["Title", "Seller SKU"]) != header_key(["Title", "SKU"])


@pytest.mark.parametrize(
    ("written", "text"),
    [("'=A1", "=A1"), ("''-5", "'-5"), ("'hood", "'hood"), ("=A1", "=A1"), ("'", "'")],
)
def test_the_apostrophe_of_our_own_files_is_taken_away_again(written, text):
    assert fields(f"{HEADER}\n{written},R,{written},DE,FBA\n".encode())[:3] == [text, "R", text]


def test_a_file_is_read_from_its_path(tmp_path: Path):
    path = tmp_path / "map.csv"
    path.write_bytes(DATA)
    assert read_path(path).listings.equals(read(DATA, "map.csv").listings)
    assert read_path(path, encoding="cp1252").encoding == "cp1252"
