"""Amazon Products and Overview: numbers lead to their rows, which are remapped or unmapped."""

import time
from dataclasses import replace

import pytest

from lib.overview import Drift
from lib.run.engine import engine
from lib.source import map_file, map_out, sample
from lib.ui.layer import PACKS
from lib.ui.registry import AMAZON_PRODUCTS, JOB_LOG, MAP_PRODUCTS, OVERVIEW, SYNC_LISTINGS
from tests.app.test_sync import CHAIR, LAMP, LOST, NAME, choose, report


@pytest.fixture
def browsing(executed):
    """A visitor who has executed the sample file and looks at the layer."""
    executed.open(AMAZON_PRODUCTS)
    return executed


@pytest.fixture
def synced(visitor):
    """A visitor who has executed two reports of Germany."""
    visitor.open(SYNC_LISTINGS)
    for rows in ((CHAIR, LAMP), (CHAIR, LOST, LAMP | {"seller-sku": "E-COM06"})):
        visitor.upload(report(*rows), NAME)
        choose(visitor, "DE")
        visitor.execute()
    return visitor


def skus(visitor) -> list[str]:
    return visitor.at.dataframe[-1].value["Seller SKU"].tolist()


def test_the_filters_leave_the_rows_that_they_say(browsing):
    browsing.at.selectbox(key="marketplace").set_value("Amazon.de").run()
    assert skus(browsing) == ["CABINET-L 2024", "DESK-R"]
    browsing.at.button_group(key="fulfilment").set_value("FBM").run()
    assert skus(browsing) == ["CABINET-L 2024"]
    browsing.at.text_input(key="layer_search").set_value("nothing has this").run()
    assert "0 of 10 Amazon Products" in browsing.text
    assert not browsing.at.exception


def test_products_with_several_skus_are_told_from_others(browsing):
    browsing.at.toggle(key="several").set_value(True).run()
    assert "0 of 10 Amazon Products" in browsing.text
    browsing.open(MAP_PRODUCTS)
    line = ",".join(sample.ROWS.iloc[2]).replace("00269", "SECOND")
    browsing.upload(f"{','.join(map_file.MAP_FIELDS.values())}\n{line}\n".encode(), "more.csv")
    browsing.execute()
    browsing.open(AMAZON_PRODUCTS)
    browsing.at.toggle(key="several").set_value(True).run()
    assert skus(browsing) == ["00269", "SECOND"]
    browsing.at.button_group(key="view").set_value("By product").run()
    (row,) = browsing.at.dataframe[0].value.to_dict("records")
    assert (row["SKUs"], row["Listings"], row["Marketplaces"]) == (2, 2, "Amazon.co.uk")


def test_all_filtered_rows_are_unmapped_after_a_preview_and_undone(browsing):
    browsing.at.selectbox(key="marketplace").set_value("Amazon.de").run()
    browsing.press("Unmap all 2")
    assert browsing.numbers["Amazon Products to unmap"] == 2
    browsing.execute()
    assert browsing.numbers["Done"] == 2
    browsing.press("Close the result")
    browsing.at.selectbox(key="marketplace").set_value(None).run()
    assert len(skus(browsing)) == 8
    browsing.open(JOB_LOG)
    assert browsing.at.dataframe[0].value.loc[0, "File"] == "Unmap on screen"
    browsing.press("See what an undo would do")
    browsing.press("Undo 2 changes")
    journal = engine().journal
    while journal.runs(active=True):
        time.sleep(0.1)
    browsing.open(AMAZON_PRODUCTS)
    assert len(skus(browsing)) == 10
    assert not browsing.at.exception


def test_a_change_that_was_begun_can_be_cancelled(browsing):
    browsing.press("Unmap all 10")
    browsing.press("Cancel the change")
    assert not browsing.at.metric
    assert len(skus(browsing)) == 10


def test_filters_that_leave_nothing_say_so_and_are_taken_away(browsing):
    browsing.at.text_input(key="layer_search").set_value("zzz").run()
    assert "0 of 10 Amazon Products left by these filters" in browsing.text
    assert not browsing.at.dataframe
    browsing.press("Show all")
    assert len(skus(browsing)) == 10
    browsing.at.selectbox(key="state").set_value(Drift.UNMAPPED.label).run()
    assert "0 of 0 listings left by these filters" in browsing.text
    browsing.press("Show all")
    assert len(skus(browsing)) == 10


def test_filtered_rows_are_tied_to_another_product(browsing):
    browsing.at.text_input(key="layer_search").set_value("00269").run()
    browsing.press("Choose another product for all 1")
    assert not browsing.at.metric
    search = next(box for box in browsing.at.text_input if box.label == "Search the catalogue")
    search.set_value("FURN_8900").run()
    browsing.press("Choose")
    browsing.press("Choose")
    assert browsing.numbers["Amazon Products to relink"] == 1
    browsing.execute()
    browsing.press("Close the result")
    (row,) = browsing.at.dataframe[0].value.to_dict("records")
    assert row["Odoo product"].startswith("[FURN_8900]")


def test_the_layer_downloads_as_a_map_file_with_an_action_column(downloads, browsing):
    raw = downloads["amazon_products.csv"]()
    again = map_file.read(raw, "again.csv")
    assert again.columns["action"] == "Action"
    assert len(again.listings) == 10
    browsing.open(MAP_PRODUCTS)
    browsing.upload(raw, "again.csv")
    assert browsing.lanes["Mapped"] == 10
    rows = map_out.read_back(raw)
    of_amazon = (rows["fulfilment"] == "FBA").sum()
    going = rows.assign(action=rows["action"].mask(rows["fulfilment"] == "FBA", "UNMAP"))
    browsing.upload(map_out.to_csv(going), "going.csv")
    assert browsing.numbers["Amazon Products to unmap"] == of_amazon
    assert f"One product found: will be linked; {of_amazon} to unmap" in browsing.text


def test_an_overview_without_mappings_says_where_to_start(visitor):
    visitor.open(OVERVIEW)
    assert "Nothing is mapped yet: upload a map file" in visitor.text.replace("\\", "")
    assert "Never synced" in visitor.text
    assert not visitor.at.exception


def test_the_overview_counts_what_is_mapped_and_what_drifted(synced):
    synced.open(OVERVIEW)
    assert not synced.at.exception
    assert synced.numbers["Mapped listings"] == 3
    assert synced.numbers[Drift.UNMAPPED.label] == 1
    assert synced.numbers[Drift.GONE.label] == 1
    assert "1 new in the last report" in synced.text
    assert NAME in synced.text.replace("\\", "")


@pytest.mark.parametrize(
    ("kind", "sku"), [(Drift.GONE, "FURN_8888"), (Drift.UNMAPPED, "LOST-1")], ids=str
)
def test_a_number_of_the_overview_leads_to_its_rows(synced, kind, sku):
    synced.open(AMAZON_PRODUCTS)
    synced.at.selectbox(key="state").set_value(kind.label).run()
    assert skus(synced) == [sku]


def test_coming_from_the_overview_no_filter_of_an_earlier_visit_is_left(synced):
    synced.open(AMAZON_PRODUCTS)
    everything = skus(synced)
    synced.at.selectbox(key="state").set_value(Drift.GONE.label).run()
    synced.at.button_group(key="view").set_value("By product").run()
    synced.open(OVERVIEW)
    synced.open(AMAZON_PRODUCTS)
    assert skus(synced) == everything


PACK = b"""Title,Internal Reference,Seller SKU,Marketplace,Fulfilment
"Office Lamp, pack of 6",FURN_8888,LAMP-6,Amazon.de,FBA
Office Lamp,FURN_8888,LAMP-1,Amazon.de,FBA
"""


def test_a_change_that_was_begun_in_another_target_is_not_offered(browsing):
    browsing.press("Unmap")
    assert "Cancel the change" in browsing.buttons
    here = browsing.at.session_state["states"]["Amazon Products"]
    here.change = replace(here.change, target="another")
    browsing.at.run()
    assert "Cancel the change" not in browsing.buttons


def units(visitor):
    (box,) = [box for box in visitor.at.number_input if box.label == "Units per listing"]
    return box


def test_units_of_other_listings_begin_with_what_their_titles_say(visitor):
    visitor.upload(PACK, "packs.csv")
    visitor.execute()
    visitor.open(AMAZON_PRODUCTS)
    visitor.press("Set units of all 2")
    units(visitor).set_value(3).run()
    assert visitor.at.dataframe[0].value["Units then"].tolist() == [3, 3]
    visitor.at.selectbox(key="state").set_value(PACKS).run()
    visitor.press("Set units of all 1")
    assert units(visitor).value is None
    assert visitor.at.dataframe[0].value["Units then"].tolist() == [6]


def test_a_pack_that_is_mapped_as_one_is_found_and_set_right(visitor):
    visitor.upload(PACK, "packs.csv")
    assert visitor.at.dataframe[0].value["Note"].tolist()[0] == "Title says a pack of 6, Units is 1"
    assert "1 row whose title says a pack, mapped as one" in visitor.text
    visitor.execute()
    visitor.open(AMAZON_PRODUCTS)
    visitor.at.selectbox(key="state").set_value(PACKS).run()
    assert skus(visitor) == ["LAMP-6"]
    visitor.press("Set units of all 1")
    assert visitor.at.dataframe[0].value["Units then"].tolist() == [6]
    units(visitor).set_value(3).run()
    assert visitor.at.dataframe[0].value["Units then"].tolist() == [3]
    visitor.execute()
    assert engine().journal.runs()[0].file == "Units on screen"
    visitor.at.selectbox(key="state").set_value(None).run()
    shown = visitor.at.dataframe[-1].value.set_index("Seller SKU")["Units"]
    assert shown.to_dict() == {"LAMP-1": "1", "LAMP-6": "3"}


def test_pack_sizes_are_taken_from_titles_where_a_person_says_so(visitor):
    visitor.upload(PACK, "packs.csv")
    visitor.at.toggle(key="packs").set_value(True).run()
    table = visitor.at.dataframe[0].value.set_index("Seller SKU")
    assert table["Units"].to_dict() == {"LAMP-1": "", "LAMP-6": "6"}
    assert "whose title says a pack" not in visitor.text
    assert "1 row of more than one piece: see the column Units" in visitor.text
    visitor.execute()
    visitor.open(AMAZON_PRODUCTS)
    visitor.at.selectbox(key="state").set_value(PACKS).run()
    assert "0 of 2 Amazon Products" in visitor.text
