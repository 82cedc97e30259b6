"""A listing report is found its columns in every language, and every listing of it is kept."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.columns import LISTING_COLUMNS, OFFER_COLUMNS
from lib.model import MapperError
from lib.source import map_file, map_out
from lib.source.encoding import NotInEncoding
from lib.source.report import Report, read_path
from tests.source.reports import (
    BASE,
    HEADERS,
    LANGUAGES,
    LAYOUTS,
    NAME,
    ROW,
    SEEN,
    data,
    of,
    text,
)
from tests.tables import workbook


def skus(report: Report) -> list[str]:
    return report.listings["sku"].tolist()


def saved_again(delimiter: str, *rows: dict[str, str]) -> str:
    """The report as a spreadsheet saves it: with quotation marks where a cell needs them."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerows([BASE, *([(ROW | row).get(header, "") for header in BASE] for row in rows)])
    return stream.getvalue()


def test_a_report_becomes_listings_whose_reference_is_the_seller_sku():
    report = of(data({}))
    assert report.listings.columns.tolist() == LISTING_COLUMNS
    assert report.listings.iloc[0].tolist() == [
        2, "Office Chair", "FURN_7777", "FURN_7777", "Amazon.de", "FBM", "DE", "MFN", "", "MAP",
        "",
    ]  # fmt: skip
    assert report.listings["row"].dtype == "int64"
    assert (report.listings.dtypes.drop("row") == "str").all()
    assert (report.encoding, report.delimiter, report.markets) == ("utf-8", "\t", ("DE",))


def test_asin_upc_or_ean_and_price_are_kept_aside():
    offers = of(data({}, {"product-id-type": "1", "product-id": "B0ABCDEFGH", "asin1": ""})).offers
    assert offers.columns.tolist() == OFFER_COLUMNS
    assert (offers.dtypes == "str").all()
    assert offers.to_numpy().tolist() == [
        ["B012345678", "4006381333931", "79.90", ""],
        ["B0ABCDEFGH", "", "79.90", ""],
    ]


@pytest.mark.parametrize(
    ("kind", "code", "ean"),
    [
        ("3", "012345678905", "012345678905"),
        ("4", "4006381333931", "4006381333931"),
        ("3", "12345678905", "012345678905"),
        ("4", "4006381333932", ""),
        ("4", "B012345678", ""),
        ("1", "4006381333931", ""),
        ("2", "9783161484100", ""),
        ("3", "", ""),
        ("4", "0", ""),
    ],
)
def test_only_a_sound_code_of_type_3_or_4_is_a_upc_or_ean(kind, code, ean):
    offers = of(data({"product-id-type": kind, "product-id": code})).offers
    assert offers["ean"].tolist() == [ean]


@pytest.mark.parametrize("columns", LAYOUTS)
def test_every_layout_is_read_by_header_name(columns):
    assert len(LAYOUTS[columns]) == columns
    report = of(data({}, {"seller-sku": "B"}, headers=LAYOUTS[columns]))
    assert skus(report) == ["FURN_7777", "B"]
    assert set(report.listings["channel"]) == {"MFN"}
    assert report.offers["ean"].tolist() == ["4006381333931"] * 2
    assert set(report.listings["warning"]) == {""}


def test_31_columns_over_rows_of_29_cells():
    report = of(text({}, {"seller-sku": "B"}, headers=LAYOUTS[31]).replace("\t\t\r\n", "\r\n"))
    assert skus(report) == ["FURN_7777", "B"]
    assert set(report.listings["warning"]) == {""}


@pytest.mark.parametrize("language", LANGUAGES)
def test_headers_are_known_in_every_language(language):
    names = [names.get(language, names["en"]) for names in HEADERS.values()]
    cells = {"sku": "S", "title": "T", "channel": "AMAZON_EU", "status": "Active",
             "asin": "B012345678", "id_type": "4", "product_id": "4006381333931",
             "price": "1"}  # fmt: skip
    report = of("\t".join(names) + "\n" + "\t".join(cells[name] for name in HEADERS) + "\n")
    assert report.columns == dict(zip(HEADERS, names, strict=True))
    assert report.listings.loc[0, ["title", "sku", "channel"]].tolist() == ["T", "S", "AFN"]
    assert report.offers.iloc[0, :3].tolist() == ["B012345678", "4006381333931", "1"]


@pytest.mark.parametrize("language", SEEN)
def test_whole_reports_in_every_language_are_read_and_no_other_column_is_taken(language):
    """All columns that were seen, each with a cell that says which it is."""
    cells = {
        header: {"seller-sku": "S", "fulfillment-channel": "AMAZON_EU", "asin1": "B012345678",
                 "product-id-type": "4", "product-id": "4006381333931", "status": "Active",
                 "price": "9,90"}.get(header, f"of {header}")
        for header in SEEN[language]
    }  # fmt: skip
    text = "\t".join(SEEN[language].values()) + "\n" + "\t".join(cells.values()) + "\n"
    report = of(text)
    listing = report.listings.loc[0, ["title", "sku", "channel", "warning"]].tolist()
    assert listing == ["of item-name", "S", "AFN", ""]
    asin = "B012345678" if "asin1" in cells else ""
    assert report.offers.iloc[0, :3].tolist() == [asin, "4006381333931", "9,90"]


def test_the_chinese_name_of_two_columns_means_the_product_id_where_it_comes_last():
    header = "商品名称\t商品编码\t卖家 SKU\t商品编码类型\t商品编码\t配送渠道\n"
    report = of(header + "椅子\t0101X\tS\t4\t4006381333931\tDEFAULT\n")
    assert report.offers["ean"].tolist() == ["4006381333931"]


def test_letters_that_amazon_wrote_as_question_marks_are_read_in_headers():
    report = of("nazwa-produktu\tsku-sprzedawcy\tkana?-realizacji\nKrzes?o\tS\tDEFAULT\n")
    assert report.listings.loc[0, ["title", "channel"]].tolist() == ["Krzes?o", "MFN"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_the_west(encoding):
    title = "Großer Schrank “Oak” – 5…"
    report = of(text({"item-name": title}, {"seller-sku": "B"}).encode(encoding))
    assert report.listings["title"].tolist() == [title, "Office Chair"]
    assert skus(report) == ["FURN_7777", "B"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_a_japanese_report_has_15_columns_and_letters_beyond_shift_jis(encoding):
    header = ["商品名", "出品ID", "出品者SKU", "価格", "数量", "出品日", "商品IDタイプ",
              "コンディション説明", "コンディション", "国外へ配送可", "迅速な配送", "商品ID",
              "在庫数", "フルフィルメント・チャンネル", "ポイント"]  # fmt: skip
    row = ["①髙島の椅子", "0101X", "イス-1", "1,299", "3", "2009/09/18 15:18:58 JST", "4", "",
           "11", "", "", "4901234567894", "0", "AMAZON_JP", ""]  # fmt: skip
    raw = ("\t".join(header) + "\n" + "\t".join(row) + "\n").encode(encoding)
    report = of(raw, market="JP")
    assert report.encoding == encoding
    listing = report.listings.loc[0, ["title", "sku", "marketplace", "channel"]]
    assert listing.tolist() == ["①髙島の椅子", "イス-1", "Amazon.co.jp", "AFN"]
    assert report.offers.iloc[0, :3].tolist() == ["", "4901234567894", "1,299"]


def test_another_encoding_can_be_chosen():
    raw = text({"item-name": "Krzesło dębowe"}).encode("cp1250")
    assert of(raw, encoding="cp1250").listings.loc[0, "title"] == "Krzesło dębowe"
    with pytest.raises(NotInEncoding, match="on the page Sync listings"):
        of(raw, encoding="utf-8")


@pytest.mark.parametrize(
    ("written", "channel", "fulfilment"),
    [
        ("DEFAULT", "MFN", "FBM"),
        ("AMAZON_NA", "AFN", "FBA"),
        ("AMAZON_EU", "AFN", "FBA"),
        ("amazon_jp", "AFN", "FBA"),
        ("", "", ""),
        ("OTHER", "", "OTHER"),
    ],
)
def test_the_channel_is_said_by_the_report_or_unknown(written, channel, fulfilment):
    listings = of(data({"fulfillment-channel": written})).listings
    assert listings.loc[0, ["channel", "fulfilment"]].tolist() == [channel, fulfilment]


@pytest.mark.parametrize("sku", ["NA", "null", "None", "nan", "#N/A", "00123", "1E5", "a b/#+,é"])
@pytest.mark.parametrize("delimiter", ["\t", ",", ";"])
def test_a_seller_sku_stays_what_it_is(sku, delimiter):
    assert skus(of(saved_again(delimiter, {"seller-sku": sku}))) == [sku]


def test_titles_that_begin_with_a_quotation_mark_swallow_nothing():
    titles = ['"12 inch lamp', '"Best" chair', 'Desk 5"', '""', '"']
    rows = [{"item-name": title, "seller-sku": str(at)} for at, title in enumerate(titles)]
    report = of(data(*rows))
    assert report.listings["title"].tolist() == titles
    assert skus(report) == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("delimiter", ["\t", ",", ";"])
def test_a_report_saved_again_is_read_with_its_quotation_marks(delimiter):
    titles = ['"12 inch" lamp, oak; black', "Two\nlines", '"', 'Desk 5"']
    rows = [{"item-name": title, "seller-sku": str(at)} for at, title in enumerate(titles)]
    report = of(saved_again(delimiter, *rows))
    assert report.listings["title"].tolist() == titles
    assert skus(report) == ["0", "1", "2", "3"]


def test_a_report_saved_again_as_excel_text_or_workbook():
    assert skus(of(saved_again("\t", {"item-name": 'A "b"'}).encode("utf-16"))) == ["FURN_7777"]
    report = of(workbook(Sheet=[list(ROW), list(ROW.values())]), "report.xlsx")
    assert skus(report) == ["FURN_7777"]
    assert report.sheet == "Sheet"


def test_zeros_that_excel_took_from_a_upc_are_put_back_and_numbers_in_skus_are_flagged():
    row = ROW | {"seller-sku": 123, "price": 9.5, "product-id-type": 3, "product-id": 12345678905}
    report = of(workbook(Sheet=[list(row), list(row.values())]), "report.xlsx")
    assert report.offers.iloc[0, :3].tolist() == ["B012345678", "012345678905", "9.5"]
    assert report.listings.loc[0, "warning"] == (
        "seller-sku was a number in the workbook (123): leading zeros may be lost"
    )


def test_a_row_with_too_many_cells_names_no_listing_and_says_why():
    report = of(data({"item-name": "A\ttab", "merchant-shipping-group": "G"}, {"seller-sku": "B"}))
    assert report.listings["channel"].tolist() == ["", "MFN"]
    assert report.listings.loc[0, "warning"].startswith("Row has 29 cells, the header has 28")


def test_a_tab_too_many_spoils_its_row_in_any_order_of_the_columns():
    headers = ["fulfillment-channel", "item-name", "seller-sku"]
    report = of(data({"item-name": "A\ttab"}, {}, headers=headers))
    assert report.listings["channel"].tolist() == ["", "MFN"]


def test_a_row_broken_in_two_names_no_listing():
    report = of(data({"item-description": "two\nlines"}, {"seller-sku": "B"}))
    assert report.listings["channel"].tolist() == ["", "", "MFN"]
    assert skus(report)[2] == "B"


def test_a_row_with_too_few_cells_is_read_as_far_as_it_goes():
    line = "\r\n" + "\t".join(["Lamp", "", "", "C"]) + "\r\n"
    report = of(data({}).rstrip(b"\r\n") + line.encode())
    assert report.listings.loc[1, ["sku", "channel"]].tolist() == ["C", ""]
    assert report.listings.loc[1, "warning"].startswith("Row has 4 of 28 cells")


ALL = [{"seller-sku": "A"}, {"seller-sku": "B", "status": "Inactive"},
       {"seller-sku": "C", "status": "Incomplete"}]  # fmt: skip


def test_of_all_listings_only_the_active_ones_are_read_unless_asked():
    report = of(data(*ALL, headers=LAYOUTS[47]))
    assert skus(report) == ["A"]
    assert report.left_out["sku"].tolist() == ["B", "C"]
    assert report.seen["sku"].tolist() == ["A", "B", "C"]
    report = of(data(*ALL, headers=LAYOUTS[47]), inactive=True)
    assert skus(report) == ["A", "B", "C"]
    assert report.left_out.empty


def test_rows_offers_and_numbers_stay_together_when_some_are_left_out():
    rows = [ALL[1], ALL[0] | {"asin1": "B000000009"}]
    report = of(data(*rows, headers=LAYOUTS[47]))
    assert report.listings["row"].tolist() == [3]
    assert report.listings.index.equals(report.offers.index)
    assert report.offers["asin"].tolist() == ["B000000009"]


def test_a_status_that_is_not_known_is_taken_for_active_and_flagged():
    report = of(data({"status": "Aktiv"}, headers=LAYOUTS[47]))
    assert report.listings["warning"].tolist() == ['Status "Aktiv" is not known: taken for active']


def test_a_report_of_inactive_listings_is_read_when_asked():
    name = "Inactive+Listings+Report_11-23-2026.txt"
    with pytest.raises(MapperError, match="no listing in it is active"):
        of(data({}), name)
    assert skus(of(data({}), name, inactive=True)) == ["FURN_7777"]


def test_fba_inventory_reports_say_that_their_skus_are_fba():
    afn = "seller-sku\tfulfillment-channel-sku\tasin\tcondition-type\tWarehouse-Condition-code\t"
    report = of(f"{afn}Quantity Available\nS\tX000\tB012345678\tNewItem\tSELLABLE\t3\n")
    assert report.listings.loc[0, ["sku", "channel", "fulfilment"]].tolist() == ["S", "AFN", "FBA"]
    myi = "sku\tfnsku\tasin\tproduct-name\tcondition\tyour-price\tmfn-listing-exists\n"
    report = of(f"{myi}S\tX000\tB012345678\tChair\tNew\t9.90\tYes\n")
    assert report.listings.loc[0, ["title", "sku", "channel"]].tolist() == ["Chair", "S", "AFN"]
    assert report.offers.iloc[0, :3].tolist() == ["B012345678", "", "9.90"]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "nothing in it"),
        ("\t".join(BASE), "Amazon reports no listing"),
        (b"Title,Internal Reference\nA,B\n", "no column is called seller-sku or fulfillment-"),
        (b"sku\tasin\tprice\tquantity\nA\tB\t1\t2\n", "no column is called fulfillment-channel"),
        (b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "a web page or an XML"),
    ],
)
def test_what_is_no_report_is_told_in_one_sentence_that_names_it(raw, words):
    with pytest.raises(MapperError, match=words) as caught:
        of(raw)
    assert str(caught.value).startswith(f"{NAME}: ")


def test_a_report_is_read_from_its_path(tmp_path):
    path = tmp_path / NAME
    path.write_bytes(data({}))
    assert read_path(path, "GB").listings["marketplace"].tolist() == ["Amazon.co.uk"]


CELL = st.text(
    st.characters(codec="utf-8", exclude_characters="\t\r\n\0", exclude_categories=["Cc"]),
    max_size=12,
)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6), st.booleans())
def test_every_row_of_tabbed_text_is_kept_whatever_its_quotation_marks(cells, ends):
    rows = [{"item-name": f'"{title}', "seller-sku": f"S{sku}"} for title, sku in cells]
    rows.append({"item-name": 'an "odd" one', "seller-sku": '"odd'})
    raw = text(*rows)
    report = of(raw if ends else raw.rstrip("\r\n"))
    assert skus(report) == [row["seller-sku"] for row in rows]
    assert report.listings["title"].tolist() == [row["item-name"] for row in rows]


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6), st.sampled_from("\t,;"))
def test_every_row_of_a_report_saved_again_is_kept(cells, delimiter):
    rows = [{"item-name": title, "seller-sku": f"S{sku}"} for title, sku in cells]
    report = of(saved_again(delimiter, *rows))
    assert skus(report) == [row["seller-sku"] for row in rows]
    assert report.listings["title"].tolist() == [row["item-name"] for row in rows]


def test_a_report_downloads_as_a_map_file():
    report = of(data({"seller-sku": "=1"}, {"fulfillment-channel": "AMAZON_EU"}))
    again = map_file.read(map_out.to_csv(report.listings), "map.csv").listings
    assert again[LISTING_COLUMNS].equals(report.listings)
