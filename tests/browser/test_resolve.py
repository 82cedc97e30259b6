"""The workbench as a person with a keyboard uses it: by key, many at once, and blind."""

import re
from random import Random

import pytest
from playwright.sync_api import expect

from lib.columns import MAP_FIELDS
from lib.target.sample import catalogue
from tests.browser.screen import PATIENCE, expect_calm, expect_cards, open_page, photograph

ROWS = 80
PRESS_AS_THE_NEXT_ROW_COMES = """
    new MutationObserver((_, watch) => {
        if (!document.querySelector("[class*=st-key-choose_1_]")) return
        watch.disconnect()
        for (const [key, code] of [["Enter", "Enter"], ["n", "KeyN"]])
            document.body.dispatchEvent(new KeyboardEvent("keydown", {key, code, bubbles: true}))
    }).observe(document.body, {subtree: true, childList: true, attributes: true})
"""
"""The buttons of the row before are there for a moment longer, and hear the same keys."""


@pytest.fixture
def resolving(page, app, tmp_path):
    """The page after an upload of titles as marketplaces have them: words moved or left out."""
    shuffled, lines = Random(1), [",".join(MAP_FIELDS.values())]
    for at, name in enumerate(catalogue().query("active")["name"].sample(ROWS, random_state=2)):
        words = name.replace(",", " ").split()
        if at % 3 == 0:
            shuffled.shuffle(words)
        words = words[: -2 if at % 4 == 0 else None]
        lines.append(f'"{" ".join(words)}",,SKU-{at},Amazon.de,{"FBA" if at % 2 else "FBM"}')
    file = tmp_path / "titles.csv"
    file.write_text("\n".join(lines))
    page.goto(app.url)
    open_page(page, "Map products")
    page.locator("input[type=file]").set_input_files(str(file))
    expect(page.get_by_role("heading", name="Resolve")).to_be_visible(timeout=PATIENCE)
    expect_calm(page)
    return page


def test_rows_are_decided_by_key_with_their_evidence_in_sight(resolving):
    resolving.get_by_text("Why", exact=True).last.click()
    expect(resolving.get_by_text("its score is")).to_be_visible(timeout=PATIENCE)
    expect_calm(resolving)
    photograph(resolving, "resolve_1_one")
    resolving.keyboard.press("j")
    expect(resolving.get_by_text(f"Row 2 of {ROWS} that wait")).to_be_visible(timeout=PATIENCE)
    expect_calm(resolving)
    resolving.keyboard.press("Enter")
    expect(resolving.get_by_text("You took 1 decision")).to_be_visible(timeout=PATIENCE)
    expect(resolving.get_by_text(f"Row 2 of {ROWS - 1} that wait")).to_be_visible()
    expect_calm(resolving)
    resolving.keyboard.press("k")
    expect(resolving.get_by_text(f"Row 1 of {ROWS - 1} that wait")).to_be_visible(timeout=PATIENCE)
    expect_cards(resolving, {"Matched": 1, "Unmatched": ROWS - 1})


def test_a_key_is_about_the_row_in_sight_and_not_about_the_one_before(resolving):
    second = resolving.locator("[class*=st-key-choose_0_]").nth(1)
    chosen = second.locator("xpath=following::p[strong]").first.inner_text().splitlines()[0]
    resolving.evaluate(PRESS_AS_THE_NEXT_ROW_COMES)
    resolving.keyboard.press("2")
    expect(resolving.locator("[class*=st-key-choose_0_]")).to_have_count(0)
    resolving.wait_for_timeout(1_500)  # the whole page is drawn after its part
    expect_calm(resolving)
    resolving.get_by_text("You took").click()
    told = resolving.get_by_text(re.compile(r"^SKU-0 ·")).first
    expect(told).to_contain_text(chosen.split(" · ")[1], timeout=PATIENCE)
    open_page(resolving, "Decisions")  # where rejections are kept
    expect_calm(resolving)
    expect(resolving.locator("strong", has_text=re.compile("^SKU-0$"))).to_have_count(0)


def test_what_was_answered_closes_and_what_was_opened_stays(resolving):
    resolving.get_by_role("button", name="Dismiss").click()
    why = resolving.get_by_role("combobox", name="Why is this row left out?")
    why.fill("Gift")
    why.press("Enter")
    resolving.get_by_role("button", name="Dismiss the row").click()
    taken = resolving.get_by_text("You took 1 decision")
    expect(taken).to_be_visible(timeout=PATIENCE)
    expect_calm(resolving)
    expect(why).to_have_count(0)
    taken.click()
    back = resolving.get_by_role("button", name="Take back")
    expect(back).to_have_count(1, timeout=PATIENCE)
    expect_calm(resolving)
    resolving.locator("[class*=st-key-choose_1_] button").first.click()
    expect(back).to_have_count(2, timeout=PATIENCE)


def test_a_filter_stays_as_rows_are_decided_by_key(resolving):
    option = resolving.get_by_role("option", name="Amazon.de · FBA")
    while not option.is_visible():  # charts that are drawn late move the page, which closes a list
        resolving.get_by_role("combobox", name="Marketplace and fulfilment").press("ArrowDown")
        resolving.wait_for_timeout(500)
    option.click()
    resolving.get_by_text(re.compile("Row 1 of .* that wait")).click()  # no box has the keyboard
    expect(resolving.get_by_text(f"Row 1 of {ROWS} that wait")).to_have_count(0, timeout=PATIENCE)
    shown = int(resolving.get_by_text("that wait").inner_text().split()[3])
    for left in (shown - 1, shown - 2, shown - 3):
        expect_calm(resolving)
        resolving.keyboard.press("Enter")
        row = resolving.get_by_text(f"Row 1 of {left} that wait")
        expect(row).to_be_visible(timeout=PATIENCE)


def lower_the_threshold(resolving):
    slider = resolving.get_by_role("slider")
    expect(slider).to_be_visible(timeout=PATIENCE)
    slider.focus()
    for _ in range(3):
        resolving.keyboard.press("PageDown")
    expect_calm(resolving)


def test_many_are_accepted_at_once_and_the_threshold_is_checked_blind(resolving):
    resolving.get_by_text("Many at once").click()
    lower_the_threshold(resolving)
    accept = resolving.get_by_role("button", name="Accept the best for")
    expect(accept).to_be_visible(timeout=PATIENCE)
    expect_calm(resolving)
    photograph(resolving, "resolve_2_many")
    resolving.get_by_text("Blind check").click()
    expect(resolving.get_by_role("button", name=re.compile(r"^Check \d+ rows$"))).to_be_visible()
    lower_the_threshold(resolving)
    check = resolving.get_by_role("button", name="Check 20 rows")
    expect(check).to_be_visible(timeout=PATIENCE)
    check.click()
    expect(resolving.get_by_text("0 of 20 checked")).to_be_visible(timeout=PATIENCE)
    expect(resolving.get_by_text("% certain")).to_have_count(0)
    photograph(resolving, "resolve_3_blind")
    resolving.get_by_role("button", name="Choose").first.click()
    expect(resolving.get_by_text("1 of 20 checked")).to_be_visible(timeout=PATIENCE)
    resolving.get_by_text("Many at once").click()
    expect(accept).to_be_visible(timeout=PATIENCE)
    accept.click()
    expect(resolving.get_by_text("You took 1 decision", exact=True)).to_have_count(0)
    expect_calm(resolving)
    resolving.get_by_text("You took").click()
    expect(resolving.get_by_text("Take all")).to_be_visible(timeout=PATIENCE)
