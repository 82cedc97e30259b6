"""Map products, up to Execute: what was read, where each row stands, and what a person decides."""

import pytest

from lib.columns import MAP_FIELDS
from lib.source import map_out, sample
from lib.source.map_file import REQUIRED
from lib.ui.registry import AMAZON_PRODUCTS, MAP_PRODUCTS

ROWS = len(sample.ROWS)
RENAMED = {"Internal Reference": "Artikelnummer", "Fulfilment": "Versand durch"}


def test_first_screen_asks_for_seller_options_and_file_and_offers_the_sample(visitor):
    assert visitor.at.selectbox(key="seller").value == "demo"
    assert visitor.at.button_group(key="channels").options == ["FBA and FBM", "FBA", "FBM"]
    assert not visitor.at.toggle(key="create_demo").value
    assert visitor.at.file_uploader[0].label == "Map file (CSV or XLSX)"
    assert [button.label for button in visitor.at.download_button] == ["Sample CSV", "Sample XLSX"]
    assert not visitor.at.exception


def test_first_screen_says_plainly_that_it_is_the_embedded_demo_store(visitor):
    (label,) = visitor.at.sidebar.warning
    assert "Embedded demo store" in label.value
    assert "Nothing goes to an Odoo" in label.value


@pytest.mark.parametrize("make", [map_out.sample_csv, map_out.sample_xlsx])
def test_the_downloaded_sample_shows_five_lanes_that_sum_to_the_rows_read(visitor, make):
    visitor.upload(make(), "sample" + (".csv" if make is map_out.sample_csv else ".xlsx"))
    assert len(visitor.lanes) == 5
    assert sum(visitor.lanes.values()) == ROWS
    assert visitor.lanes["Matched"] == ROWS - 2
    assert f"{ROWS} rows read" in visitor.text
    assert not visitor.at.exception


def test_create_missing_products_moves_rows_from_unmatched_to_to_create(reviewing):
    before = reviewing.lanes
    reviewing.at.toggle(key="create_demo").set_value(True).run()
    assert reviewing.lanes["To create"] == 1
    assert reviewing.lanes["Unmatched"] == before["Unmatched"] - 1
    assert sum(reviewing.lanes.values()) == ROWS


def test_fba_only_blocks_the_fbm_rows_and_the_sum_stays(reviewing):
    reviewing.at.button_group(key="channels").set_value("FBA").run()
    assert reviewing.lanes["Blocked"] == (sample.ROWS["fulfilment"] == "MFN").sum()
    assert sum(reviewing.lanes.values()) == ROWS


def test_a_chosen_product_matches_the_row_until_the_choice_is_taken_back(reviewing):
    before = reviewing.lanes
    reviewing.choose("FURN_8900")
    assert reviewing.lanes["Matched"] == before["Matched"] + 1
    assert reviewing.lanes["Unmatched"] == before["Unmatched"] - 1
    reviewing.press("Take back")
    assert reviewing.lanes == before


def test_a_decision_names_its_listing_as_the_tables_do(reviewing):
    reviewing.choose("FURN_8900")
    said = [text.value.replace("\\", "") for text in reviewing.at.markdown]
    assert "**MAT-01** · Amazon.com · FBA is [FURN_8900] Drawer Black" in said


def test_a_dismissed_row_is_blocked_with_the_reason(reviewing):
    before = reviewing.lanes
    reviewing.at.selectbox(key="why_10_1").set_value("Handled outside Odoo").run()
    reviewing.press("Dismiss the row")
    assert reviewing.lanes["Blocked"] == before["Blocked"] + 1
    assert reviewing.lanes["Unmatched"] == before["Unmatched"] - 1
    tables = [table.value for table in reviewing.at.dataframe if "Note" in table.value]
    (row,) = tables[-1].to_dict("records")  # Blocked is the last of the lanes
    assert (row["Seller SKU"], row["Why"]) == ("MAT-01", "Dismissed")
    assert "Handled outside Odoo" in row["Note"]


def test_every_lane_downloads_as_a_map_file_of_its_rows(downloads, reviewing):
    text = downloads["unmatched.csv"]().decode("utf-8-sig")
    header, *rows = text.splitlines()
    assert header.startswith(",".join(MAP_FIELDS.values()))
    assert len(rows) == reviewing.lanes["Unmatched"]


def test_a_lane_without_rows_offers_no_download_and_leaves_its_room_to_the_others(
    downloads, reviewing
):
    assert "matched.csv" in downloads
    assert "to_create.csv" not in downloads
    matched, to_create, unmatched = reviewing.at.columns[-5:-2]
    assert matched.weight == unmatched.weight > to_create.weight


def test_execute_says_how_many_changes_it_makes(reviewing):
    assert "Execute 10 changes" in reviewing.buttons
    reviewing.at.toggle(key="create_demo").set_value(True).run()
    assert "Execute 12 changes" in reviewing.buttons  # one product and its listing more
    assert reviewing.numbers["Products to create"] == 1


def test_the_file_stays_when_one_visits_another_page_and_comes_back(reviewing):
    reviewing.choose("FURN_8900")
    before = reviewing.lanes
    reviewing.open(AMAZON_PRODUCTS)
    assert not reviewing.at.metric
    reviewing.open(MAP_PRODUCTS)
    assert reviewing.lanes == before
    assert "sample_map.csv" in reviewing.text.replace("\\", "")


def test_two_visitors_do_not_share_decisions(visit):
    one, other = visit(), visit()
    one.upload()
    other.upload()
    untouched = other.lanes
    one.choose("FURN_8900")
    other.at.run()
    assert other.lanes == untouched != one.lanes
    assert not [button for button in other.buttons if button == "Take back"]


def with_other_headers() -> bytes:
    header, rows = map_out.sample_csv().decode("utf-8-sig").split("\r\n", 1)
    for ours, theirs in RENAMED.items():
        header = header.replace(ours, theirs)
    return f"{header}\r\n{rows}".encode()


def test_other_headers_are_asked_for_and_the_answer_is_remembered(visit):
    first = visit()
    first.upload(with_other_headers(), "october.csv")
    (asks,) = first.at.main.warning
    assert "october.csv: no column is called Internal Reference, Fulfilment" in asks.value.replace(
        "\\", ""
    )
    assert first.at.selectbox(key="column_sku").value == "Seller SKU"
    assert not first.at.metric
    first.at.selectbox(key="column_reference").set_value("Artikelnummer")
    first.at.selectbox(key="column_fulfilment").set_value("Versand durch")
    first.press("Use these columns")
    assert first.lanes["Matched"] == ROWS - 2

    other = visit()
    other.upload(with_other_headers().replace(b"MAT-01", b"MAT-02"), "november.csv")
    assert not other.at.main.warning
    assert other.lanes["Matched"] == ROWS - 2


def test_the_form_marks_what_is_required_and_proposes_similar_names(visitor):
    header = b"Name,Item code,Amazon SKU,Site,FBA or FBM,Price\n"
    visitor.upload(header + b"Chair,FURN_7777,S-1,DE,FBA,9\n", "map.csv")
    boxes = {field: visitor.at.selectbox(key=f"column_{field}") for field in MAP_FIELDS}
    marked = {field for field, box in boxes.items() if box.label.endswith(" *")}
    assert marked == set(REQUIRED)
    assert [box.value for box in boxes.values()] == header.decode().strip().split(",")[:5]
    assert not visitor.at.metric
    visitor.press("Use these columns")
    assert visitor.lanes["Matched"] == 1


def test_a_required_column_without_a_choice_is_named(visitor):
    visitor.upload(with_other_headers(), "october.csv")
    visitor.press("Use these columns")
    assert visitor.errors == ["Choose a column for Internal Reference, Fulfilment."]


def test_a_column_may_not_be_chosen_twice(visitor):
    visitor.upload(with_other_headers(), "october.csv")
    visitor.at.selectbox(key="column_reference").set_value("Seller SKU")
    visitor.at.selectbox(key="column_fulfilment").set_value("Versand durch")
    visitor.press("Use these columns")
    assert len(visitor.errors) == 1
    assert "same column" in visitor.errors[0]
    assert not visitor.at.metric


def test_text_of_the_file_is_never_markup(visitor):
    header = map_out.sample_csv().decode("utf-8-sig").split("\r\n")[0]
    visitor.upload(f"{header}\nDesk,R1,`[click](http://evil.example)`,US,FBA".encode(), "map.csv")
    assert not [text for text in visitor.at.markdown if "[click](http" in text.value]


def test_a_column_without_a_word_leaves_its_room_to_the_others(visitor):
    header = ",".join(MAP_FIELDS.values())
    for reference, shown in (("", False), ("NO-SUCH", True)):
        visitor.upload(f"{header}\nLamp,{reference},SKU-1,Amazon.de,FBA".encode(), "map.csv")
        assert ("Internal Reference" in visitor.at.dataframe[0].value) == shown


def test_a_lane_of_many_rows_is_shown_page_by_page(visitor):
    lines = [f"Lamp,FURN_8888,SKU-{row:03},Amazon.de,FBA" for row in range(60)]
    visitor.upload("\n".join([",".join(MAP_FIELDS.values()), *lines]).encode(), "many.csv")
    assert len(visitor.at.dataframe[0].value) == 50
    (pages,) = visitor.at.pagination
    pages.set_value(2).run()
    assert visitor.at.dataframe[0].value["Seller SKU"].tolist()[-1] == "SKU-059"
    assert len(visitor.at.dataframe[0].value) == 10
