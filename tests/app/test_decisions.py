"""Decisions that last: kept at Execute, applied to the next file, revised, exported, imported."""

import pytest
from streamlit.testing.v1 import AppTest

from lib import memory
from lib.columns import MAP_FIELDS
from lib.run.engine import engine
from lib.target.embedded import EmbeddedTarget
from lib.ui.registry import DECISIONS, MAP_PRODUCTS, SYNC_LISTINGS
from tests.tables import exported

HEADER = ",".join(MAP_FIELDS.values())


@pytest.fixture(autouse=True)
def products(project):
    EmbeddedTarget(project / "data" / "embedded.sqlite").take_products(
        exported({"reference": "A"}, {"reference": "B"}, {"reference": "OLD", "active": False})
    )


def file_of(*rows: str) -> bytes:
    """A map file of rows "reference,sku", titled, of the FBA listings in Germany."""
    return "\n".join([HEADER, *(f"Lamp,{row},DE,FBA" for row in rows), ""]).encode()


def kept(visitor) -> list[list[str]]:
    """Decision, SKU, product of each decision on the page Decisions."""
    visitor.open(DECISIONS)
    tables = [table.value for table in visitor.at.dataframe if "Decision" in table.value]
    if not tables:
        return []
    return tables[0][["Decision", "Seller SKU", "Odoo product"]].to_numpy().tolist()


@pytest.fixture
def chosen(visitor):
    """A visitor who chose product A for listing S-1, and executed it."""
    visitor.upload(file_of("X,S-1"), "first.csv")
    visitor.choose("A")
    visitor.execute()
    return visitor


def test_a_choice_that_is_not_executed_is_not_kept(visitor, visit):
    visitor.upload(file_of("X,S-1"), "first.csv")
    visitor.choose("A")
    visitor.press("Take back")
    assert kept(visitor) == []
    other = visit()
    other.upload(file_of("X,S-1"), "again.csv")
    assert other.lanes["Unmatched"] == 1


def test_an_executed_choice_is_kept_with_who_when_and_why(chosen):
    assert kept(chosen) == [["Choose", "S-1", "[A] Product 1"]]
    (row,) = chosen.at.dataframe[0].value.to_dict("records")
    assert row["Why it waited"] == "No product has this reference or barcode"
    assert row["Now"] == "In use"
    assert row["By"]
    assert row["At (UTC)"].startswith("20")


def test_a_dismissal_is_kept_by_executing_no_change_and_speaks_for_the_next_visitor(visitor, visit):
    visitor.upload(file_of("X,S-1"), "first.csv")
    visitor.at.selectbox(key="why_0_1").set_value("Not sold any more").run()
    visitor.press("Dismiss the row")
    visitor.execute()
    other = visit()
    other.upload(file_of("X,S-1", "A,S-2"), "second.csv")
    assert other.lanes["Blocked"] == 1
    notes = [table.value["Note"] for table in other.at.dataframe if "Note" in table.value]
    assert notes[-1].tolist() == ["Your earlier choice; Not sold any more"]


def test_a_forgotten_choice_is_applied_no_more(chosen, project):
    assert kept(chosen)
    chosen.press("Forget")
    assert kept(chosen) == []


def test_an_earlier_choice_is_changed_on_the_page(chosen):
    kept(chosen)
    at = next(box for box in chosen.at.text_input if box.label == "Search the catalogue")
    at.set_value("B").run()
    chosen.press("B Product 2")
    assert kept(chosen) == [["Choose", "S-1", "[B] Product 2"]]


def test_a_choice_that_is_changed_does_not_keep_the_note_of_the_old_one(chosen):
    kept(chosen)
    store, place = engine().store, engine().journal.runs()[0].place
    old = memory.recall(store, place, "demo").decisions
    memory.keep(store, place, "demo", old.assign(note="Suggestion, 82% certain"))
    chosen.at.run()
    at = next(box for box in chosen.at.text_input if box.label == "Search the catalogue")
    at.set_value("B").run()
    chosen.press("B Product 2")
    now = memory.recall(store, place, "demo").decisions
    assert now["note"].tolist() == [""]


def test_a_search_finds_decisions(chosen):
    kept(chosen)
    chosen.at.text_input(key="decision_search").set_value("s-1").run()
    assert "1 decision" in [text.value for text in chosen.at.caption]
    chosen.at.text_input(key="decision_search").set_value("nothing").run()
    assert "0 decisions have these words." in [text.value for text in chosen.at.caption]
    assert not chosen.at.exception


def test_what_is_exported_is_imported_again(chosen, downloads):
    kept(chosen)
    data = downloads["decisions_demo.csv"]()
    chosen.press("Forget")
    uploader = next(one for one in chosen.at.file_uploader if one.label.startswith("Decisions"))
    uploader.upload("d.csv", data).run()
    chosen.press("Take in 1 decision")
    assert kept(chosen) == [["Choose", "S-1", "[A] Product 1"]]


def test_a_file_that_is_none_of_decisions_says_so(visitor):
    visitor.open(DECISIONS)
    visitor.at.file_uploader[0].upload("d.csv", b"Seller SKU\nS\n").run()
    assert "d.csv: no column is called Decision" in visitor.errors[0]


def test_a_product_that_is_not_the_one_is_hidden_until_it_is_asked_for(visitor):
    visitor.upload(file_of("OLD,S-1"), "first.csv")
    assert visitor.buttons.count("Choose") == 1
    visitor.press("Not this")
    assert "Choose" not in visitor.buttons
    assert kept(visitor) == [["Reject", "S-1", "[OLD] Product 3"]]
    visitor.open(MAP_PRODUCTS)
    visitor.press("Show 1 rejected product again")
    assert visitor.buttons.count("Choose") == 1


def test_a_product_is_created_for_one_row(visitor):
    visitor.upload(file_of("NEW,S-1", "OTHER,S-2"), "first.csv")
    visitor.press("Create the product")
    assert visitor.lanes["To create"] == 1
    visitor.execute()
    assert visitor.lanes["Mapped"] == 1
    assert kept(visitor) == [["Create", "S-1", "[NEW] Lamp"]]


def rules(visitor) -> AppTest:
    visitor.at.toggle(key="affixes").set_value(True).run()
    return visitor.at


def test_an_affix_rule_is_tried_before_it_is_kept_and_then_matches(visitor, downloads):
    visitor.upload(file_of(",A-FBA", ",B-FBA", ",C-FBA"), "first.csv")
    assert visitor.lanes["Unmatched"] == 3
    rules(visitor)
    visitor.at.text_input(key="affix_text").set_value("-FBA").run()
    assert any(text.value.startswith("2 rows of this file would be matched, 0 rows")
               for text in visitor.at.caption)  # fmt: skip
    assert visitor.lanes["Unmatched"] == 3
    assert downloads["affix_rule.csv"]().count(b"Affix rule") == 2
    visitor.press("Keep this rule")
    assert (visitor.lanes["Matched"], visitor.lanes["Unmatched"]) == (2, 1)
    visitor.press("Remove")
    assert visitor.lanes["Unmatched"] == 3


def test_proposals_are_learned_from_the_matched_rows(visitor, project):
    EmbeddedTarget(project / "data" / "embedded.sqlite").take_products(
        exported(*({"reference": name} for name in "ABCD"))
    )
    visitor.upload(file_of("A,A.1", "B,B.1", "C,C.1", ",D.1"), "first.csv")
    rules(visitor)
    assert any("3 matched SKUs" in text.value for text in visitor.at.markdown)
    visitor.press("Try")
    assert visitor.at.text_input(key="affix_text").value == ".1"
    visitor.press("Keep this rule")
    assert visitor.lanes["Matched"] == 4


def test_both_pages_offer_the_rules(visitor):
    visitor.open(SYNC_LISTINGS)
    visitor.at.selectbox(key="market_demo").set_value("DE").run()
    report = b"item-name\tseller-sku\tfulfillment-channel\nLamp\tA-FBA\tDEFAULT\n"
    visitor.upload(report, "Active.txt")
    rules(visitor)
    visitor.at.text_input(key="affix_text").set_value("-FBA").run()
    visitor.press("Keep this rule")
    assert visitor.lanes["Matched"] == 1
