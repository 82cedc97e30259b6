"""The rows and figures of the review, without a screen."""

import pandas as pd
import pytest

from lib.match.result import lane_counts
from lib.model import Lane, Options
from lib.overview import overview
from lib.results import result_rows
from lib.review import review
from lib.source import map_file as reader
from lib.source import map_out
from lib.ui import charts
from lib.ui.rows import filtered, layer_rows, logged_rows, search, shown_rows
from lib.ui.text import counted, plain
from tests.tables import SELLER, catalogue, map_file

CATALOGUE = catalogue(
    {"reference": "LMP-1", "name": "Lamp, matt black", "barcode": "4006381333931"},
    {"reference": "MAT-1", "name": "Desk mat", "active": False},
    {"reference": "MAT-2", "name": "Desk mat"},
)
FILE = map_file(
    {"sku": "1", "reference": "LMP-1"},
    {"sku": "2", "reference": "lmp-1", "channel": "MFN"},
    {"sku": "3", "reference": "N", "market": "DE"},
    {"sku": "4", "reference": "N", "market": ""},
)


@pytest.fixture
def done():
    return review(FILE, CATALOGUE, SELLER, Options(create=True))


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("mat", [3, 2, 1]),
        ("desk MAT", [3, 2, 1]),
        ("black", [1]),
        ("4006381333931", [1]),
        ("mat-1", [2]),
        ("nothing", []),
        ("  ", []),
        ("%", []),
    ],
)
def test_search_puts_whole_words_first_and_archived_products_last(text, ids):
    assert search(CATALOGUE, text)["id"].tolist() == ids


def test_the_bars_of_each_chart_sum_to_the_rows(done):
    rows = shown_rows(done)
    for figure in (charts.coverage(rows, 300), charts.reasons(rows, 300)):
        assert sum(sum(bar.x) for bar in figure.data) == len(rows)
        assert {bar.name for bar in figure.data} == {lane.label for lane in Lane}


def test_a_bar_filters_to_just_the_rows_it_counts(done):
    rows = shown_rows(done)
    for figure, names in (
        (charts.coverage(rows, 300), ("market", "channel", "lane")),
        (charts.reasons(rows, 300), ("why", "lane")),
    ):
        for bar in figure.data:
            for count, values in zip(bar.x, bar.customdata, strict=True):
                assert len(filtered(rows, dict(zip(names, values, strict=True)))) == count


def test_a_lane_has_one_colour_everywhere(done):
    for figure in (charts.coverage(shown_rows(done), 300), charts.reasons(shown_rows(done), 300)):
        assert {bar.name: bar.marker.color for bar in figure.data} == {
            lane.label: lane.colour for lane in Lane
        }


def test_the_product_of_a_row_is_named_as_odoo_names_it(done):
    assert shown_rows(done)["product"].tolist() == [
        "[LMP-1] Lamp, matt black", "[LMP-1] Lamp, matt black", "[N] A title", "",
    ]  # fmt: skip


def test_marketplace_and_fulfilment_are_called_alike_on_every_screen(done):
    rows = shown_rows(done)
    assert rows["where"].tolist() == [
        "Amazon.com · FBA", "Amazon.com · FBM", "Amazon.de · FBA", "? · FBA",
    ]  # fmt: skip
    assert set(charts.coverage(rows, 300).data[1].y) == {"Amazon.com · FBA", "Amazon.com · FBM"}
    listing = {"sku": "1", "market": "DE", "channel": "MFN", "product_id": 1}
    one = catalogue({}, held=(listing,))
    layer = layer_rows(overview(one, SELLER, []), one)
    assert layer[["market", "channel"]].to_numpy().tolist() == [["Amazon.de", "FBM"]]
    read = {"marketplace": ["us", "Mars", ""], "fulfilment": ["AFN", "", "Drone"]}
    logged = logged_rows(pd.DataFrame(read, dtype="str"))
    assert logged.to_numpy().tolist() == [["Amazon.com", "FBA"], ["Mars", ""], ["", "Drone"]]


def test_what_a_list_downloads_uploads_again_unchanged(done):
    rows = shown_rows(done)
    again = reader.read(map_out.to_csv(result_rows(done, rows.index)), "again.csv")
    assert again.listings.drop(columns="row").equals(FILE.listings.drop(columns="row"))
    assert again.ignored == ("Odoo product", "Lane", "Rule", "Reason")
    matched = review(again, CATALOGUE, SELLER, Options(create=True)).matches
    assert lane_counts(matched) == lane_counts(done.matches)


def test_nothing_in_a_text_is_markup():
    assert plain("a*b`[x](y)\n:red[z]") == r"a\*b\`\[x\]\(y\) \:red\[z\]"


def test_counts_have_their_plural():
    assert [counted(n, "row") for n in (0, 1, 2000)] == ["0 rows", "1 row", "2,000 rows"]
