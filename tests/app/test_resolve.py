"""The review workbench: rows one at a time, many at once, and the blind check."""

import json
from base64 import b64decode

import pytest

from lib import memory
from lib.columns import MAP_FIELDS
from lib.match.decisions import Affix, AffixKind
from lib.run.engine import engine
from lib.target.embedded import EmbeddedTarget
from lib.ui import board, session
from lib.ui.registry import AMAZON_PRODUCTS, SYNC_LISTINGS
from tests.app.test_sync import LOST, NAME, choose, report
from tests.tables import exported

NAMES = {
    "T-1": "Sony PS-LX350H turntable, black",
    "T-2": "Sony PS-LX300USB turntable, silver",
    "L-1": "Osram Parathom desk lamp 9 W, white",
    "T-3": "Sony WH-1000 headphones",
    "H-1": "Gardena garden hose 20 m",
    "H-2": "Gardena garden hose 30 m",
}
ROWS = {
    "S-1": ("Sony Belt Drive Turntable - PSLX350H", "FBA"),
    "S-2": ("Osram Parathom desk lamp 9W white", "FBM"),
    "S-3": ("Gardena hose 30 m for the garden", "FBA"),
    "S-4": ("What nobody has", "FBA"),
}


@pytest.fixture(autouse=True)
def products(project):
    EmbeddedTarget(project / "data" / "embedded.sqlite").take_products(
        exported(*({"reference": code, "name": name} for code, name in NAMES.items()))
    )


@pytest.fixture
def resolving(visitor):
    """A visitor with four rows that name no reference."""
    lines = [f'"{title}",,{sku},DE,{channel}' for sku, (title, channel) in ROWS.items()]
    visitor.upload("\n".join([",".join(MAP_FIELDS.values()), *lines]).encode(), "rows.csv")
    return visitor


def row_shown(visitor) -> str:
    """The Seller SKU of the row to decide."""
    (told,) = [text.value for text in visitor.at.markdown if text.value.startswith("Seller SKU")]
    return told.split("**")[1].replace("\\", "")


def decide(visitor, how: str) -> None:
    visitor.at.button_group(key="decide").set_value(how).run()


def threshold(visitor, percent: float) -> None:
    visitor.at.slider[0].set_value(percent).run()


def test_the_best_suggestion_comes_first_with_its_certainty(resolving):
    assert row_shown(resolving) == "S-1"
    text = resolving.text.replace("\\", "")
    assert "% certain" in text
    first = text.index("PS-LX350H]")
    assert first < text.index("PS-LX300USB]")
    resolving.press("Choose")
    assert resolving.lanes["Matched"] == 1
    assert not resolving.at.exception


def test_after_a_decision_the_next_row_stands_in_its_place(resolving):
    resolving.press("Next")
    assert row_shown(resolving) == "S-2"
    resolving.press("Choose")
    assert row_shown(resolving) == "S-3"
    resolving.press("Previous")
    assert row_shown(resolving) == "S-1"


def test_a_skipped_row_waits_at_the_end(resolving):
    resolving.press("Skip")
    assert row_shown(resolving) == "S-2"
    for _ in range(3):
        resolving.press("Next")
    assert row_shown(resolving) == "S-1"


def test_a_rejected_product_makes_room_for_the_next(resolving):
    resolving.press("Not this")
    resolving.press("Choose")
    resolving.execute()
    resolving.open(AMAZON_PRODUCTS)
    assert resolving.at.dataframe[0].value["Odoo product"].tolist() == [f"[T-2] {NAMES['T-2']}"]


def test_a_row_that_waits_because_an_affix_rule_is_gone_has_suggestions(visitor):
    rule = Affix(AffixKind.SUFFIX, "-FBA")
    memory.add_affix(engine().store, "demo", rule)
    lines = [f'"{ROWS["S-1"][0]}",,{sku},DE,FBA' for sku in ("T-1-FBA", "S-1")]
    visitor.upload("\n".join([",".join(MAP_FIELDS.values()), *lines]).encode(), "rows.csv")
    assert visitor.lanes["Matched"] == 1
    memory.remove_affix(engine().store, "demo", rule)
    visitor.at.run()
    assert row_shown(visitor) == "S-1", "what is looked at stays in view"
    visitor.press("Previous")
    assert row_shown(visitor) == "T-1-FBA"
    assert "% certain" in visitor.text


def test_a_row_that_waits_since_a_choice_was_taken_back_is_offered_with_the_others(visitor):
    title = ROWS["S-1"][0]
    lines = [f'"{title}",,SAME,{market},FBA' for market in ("DE", "FR")]
    visitor.upload("\n".join([",".join(MAP_FIELDS.values()), *lines]).encode(), "rows.csv")
    visitor.press("Choose")
    assert visitor.lanes["Matched"] == 2, "the other has the same SKU"
    visitor.at.toggle(key="packs").set_value(True).run()
    visitor.press("Take back")
    decide(visitor, "Many at once")
    threshold(visitor, 0.0)
    (preview,) = [t.value for t in visitor.at.dataframe if "Certainty" in t.value]
    assert len(preview) == 2


def test_the_queue_is_filtered_by_place_suggestion_and_text(resolving):
    labels = [box.label for box in resolving.at.selectbox]
    assert {"Marketplace and fulfilment", "Suggestion"} < set(labels)
    where = next(box for box in resolving.at.selectbox if box.label.startswith("Marketplace and"))
    where.set_value("Amazon.de · FBM").run()
    assert row_shown(resolving) == "S-2"
    where = next(box for box in resolving.at.selectbox if box.label.startswith("Marketplace and"))
    where.set_value(None).run()
    box = next(box for box in resolving.at.text_input if box.label == "Filter")
    box.set_value("gardena").run()
    assert row_shown(resolving) == "S-3"
    box = next(box for box in resolving.at.text_input if box.label == "Filter")
    box.set_value("not there").run()
    assert "No row that waits is left by these filters." in resolving.text


def box(visitor, label):
    """The box of a filter or search that is labelled so."""
    (found,) = [
        box for box in (*visitor.at.selectbox, *visitor.at.text_input) if box.label == label
    ]
    return found


def test_a_filter_stays_until_its_last_row_is_decided_and_then_says_so(resolving):
    box(resolving, "Marketplace and fulfilment").set_value("Amazon.de · FBA").run()
    for sku in ("S-1", "S-3", "S-4"):
        assert row_shown(resolving) == sku
        resolving.choose("T-1")
    assert "No row that waits is left by these filters." in resolving.text
    resolving.press("Show all that wait")
    assert row_shown(resolving) == "S-2"


def test_a_filter_begins_at_its_first_row(resolving):
    resolving.press("Next")
    box(resolving, "Filter").set_value("s").run()
    assert row_shown(resolving) == "S-1"
    resolving.press("Next")
    box(resolving, "Marketplace and fulfilment").set_value("Amazon.de · FBA").run()
    assert row_shown(resolving) == "S-1"


def test_filters_and_place_are_kept_while_many_rows_are_looked_at(resolving):
    box(resolving, "Filter").set_value("S-").run()
    resolving.press("Next")
    decide(resolving, "Blind check")
    threshold(resolving, 0.0)
    resolving.press("Check")
    first = row_shown(resolving)
    resolving.press("Next")
    assert row_shown(resolving) != first
    decide(resolving, "One by one")
    assert box(resolving, "Filter").value == "S-"
    assert row_shown(resolving) == "S-2"


def test_every_product_in_sight_has_a_key(resolving):
    keys = [button.proto.shortcut for button in resolving.at.button if button.label == "Choose"]
    assert keys[:3] == ["enter", "2", "3"]


def test_any_decision_is_found_again_and_taken_back(visitor):
    lines = [f"Lamp,,R-{at:02},DE,FBA" for at in range(12)]
    visitor.upload("\n".join([",".join(MAP_FIELDS.values()), *lines]).encode(), "rows.csv")
    for _ in lines:
        visitor.choose("T-1")
    told = [text.value.replace("\\", "") for text in visitor.at.markdown]
    assert f"**R-11** · Amazon.de · FBA is [T-1] {NAMES['T-1']}" in told
    assert not any("R-00" in words for words in told)
    box(visitor, "Find a decision").set_value("r-00").run()
    visitor.press("Take back")
    assert visitor.lanes["Unmatched"] == 1
    assert row_shown(visitor) == "R-00"


def test_many_rows_are_accepted_at_once_after_a_preview_and_taken_back(resolving):
    decide(resolving, "Many at once")
    threshold(resolving, 30.0)
    (preview,) = [t.value for t in resolving.at.dataframe if "Certainty" in t.value]
    assert preview["Certainty"].min() >= 30
    count = len(preview)
    assert f"**{count}** of 4 rows shown move to Matched: {count} from Unmatched" in resolving.text
    resolving.press(f"Accept the best for {count} row")
    assert resolving.lanes["Matched"] == count
    resolving.press(f"Take all {count} back")
    assert resolving.lanes["Matched"] == 0
    assert resolving.lanes["Unmatched"] == 4


def test_what_was_accepted_together_is_taken_back_without_the_other_decisions(resolving):
    resolving.press("Choose")
    decide(resolving, "Many at once")
    threshold(resolving, 0.0)
    resolving.press("Accept the best for")
    matched = resolving.lanes["Matched"]
    assert matched > 2
    resolving.press(f"Take the {matched - 1} accepted together back")
    assert resolving.lanes["Matched"] == 1


def test_what_is_accepted_is_what_agrees(resolving):
    decide(resolving, "Many at once")
    threshold(resolving, 0.0)
    resolving.at.pills[0].set_value(["model number", "brand"]).run()
    (preview,) = [t.value for t in resolving.at.dataframe if "Certainty" in t.value]
    assert preview["Seller SKU"].tolist() == ["S-1"]
    assert "model number" in preview["For"].item()
    (chart,) = [spec for each in resolving.at.get("plotly_chart")
                if "Would be accepted" in (spec := each.proto.spec)]  # fmt: skip
    parts = json.loads(chart)["data"]
    bars = {part["name"]: len(b64decode(part["x"]["bdata"])) // 8 for part in parts}
    assert bars == {"Would be accepted": 1, "Stay as they are": 3}
    threshold(resolving, 100.0)
    assert "Lower the certainty" in resolving.text


def test_a_blind_check_measures_how_often_the_best_is_right(resolving):
    decide(resolving, "Blind check")
    threshold(resolving, 0.0)
    resolving.press("Check")
    assert "% certain" not in resolving.text
    assert "orange-background[Belt]" not in resolving.text
    sample = int(resolving.text.split(" checked")[0].split()[-1])
    resolving.press("None of these")
    assert f"1 of {sample} checked: the best suggestion was right in **0**, 0%" in resolving.text
    resolving.press("Choose")
    assert f"2 of {sample} checked" in resolving.text
    assert resolving.lanes["Matched"] == 1
    resolving.press("End the check")
    assert "Check" in "".join(resolving.buttons)


def test_a_new_product_that_looks_like_one_that_is_there_is_warned_of_and_can_be_chosen(visitor):
    line = '"Sony Belt Drive Turntable - PSLX350H",NEW-1,S-1,DE,FBA'
    visitor.at.toggle(key="create_demo").set_value(True).run()
    visitor.upload("\n".join([",".join(MAP_FIELDS.values()), line]).encode(), "rows.csv")
    assert visitor.lanes["To create"] == 1
    notes = [t.value["Note"].item() for t in visitor.at.dataframe if "Note" in t.value]
    assert notes == [f"Looks like an existing product: [T-1] {NAMES['T-1']}"]
    visitor.press("Choose")
    assert visitor.lanes["Matched"] == 1


def test_a_blind_check_does_not_tell_the_suggestion_of_a_new_product(visitor):
    rows = [f'"{ROWS["S-1"][0]}",NEW-{at},S-{at},DE,FBA' for at in (1, 2)]
    visitor.at.toggle(key="create_demo").set_value(True).run()
    visitor.upload("\n".join([",".join(MAP_FIELDS.values()), *rows]).encode(), "rows.csv")
    decide(visitor, "Blind check")
    threshold(visitor, 0.0)
    visitor.press("Check")
    assert not [text for text in visitor.at.caption if text.value.startswith("Looks like")]


def test_a_row_that_another_decision_settles_is_no_row_of_a_blind_check_any_more(visitor):
    title = ROWS["S-1"][0]
    rows = [f'"{title}",,SAME,{market},FBA' for market in ("DE", "FR")] + [f'"{title}",,O,DE,FBA']
    visitor.upload("\n".join([",".join(MAP_FIELDS.values()), *rows]).encode(), "rows.csv")
    decide(visitor, "Blind check")
    threshold(visitor, 0.0)
    visitor.press("Check 3 rows")
    while row_shown(visitor) != "SAME":
        visitor.press("Next")
    visitor.press("Choose")
    assert visitor.lanes["Matched"] == 2
    assert "1 of 2 checked" in visitor.text


def test_skipping_a_row_is_no_answer_of_a_blind_check(resolving):
    resolving.press("Skip")
    skipped = row_shown(resolving)
    decide(resolving, "Blind check")
    threshold(resolving, 0.0)
    resolving.press("Check")
    assert "0 of 4 checked" in resolving.text
    assert skipped


def test_a_threshold_is_one_of_its_page_and_its_purpose(resolving):
    decide(resolving, "Blind check")
    threshold(resolving, 0.0)
    decide(resolving, "Many at once")
    assert resolving.at.slider[0].value == 95.3


def test_rows_that_wait_beside_what_the_charts_show_are_told_of(resolving, monkeypatch):
    monkeypatch.setattr(board, "show_charts", lambda rows: {"lane": "mapped"})
    resolving.at.run()
    assert "No row that waits is among those shown" in resolving.text


def test_products_of_a_later_reading_of_the_catalogue_are_suggested(resolving, project):
    new = {"reference": "T-9", "name": ROWS["S-4"][0]}
    EmbeddedTarget(project / "data" / "embedded.sqlite").take_products(exported(new))
    session._catalogue.clear()  # as after an hour
    line = f'"{ROWS["S-4"][0]}",,S-9,DE,FBA'
    resolving.upload("\n".join([",".join(MAP_FIELDS.values()), line]).encode(), "more.csv")
    assert "**T-9**" in resolving.text


def test_a_blind_check_ends_when_other_rows_are_read(visitor):
    visitor.open(SYNC_LISTINGS)
    visitor.at.toggle(key="inactive").set_value(True).run()
    listing = LOST | {"item-name": ROWS["S-1"][0]}
    of = (listing | {"seller-sku": f"GONE-{at}", "status": "Inactive"} for at in range(3))
    visitor.upload(report(*of, listing), NAME)
    choose(visitor, "DE")
    decide(visitor, "Blind check")
    threshold(visitor, 0.0)
    visitor.press("Check 4 rows")
    visitor.press("None of these")
    visitor.at.toggle(key="inactive").set_value(False).run()
    assert not visitor.at.exception
    assert "Check 1 row" in visitor.buttons
