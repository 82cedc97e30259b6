"""Sync listings from Amazon: fetched in the background, reviewed together, kept and used again."""

import re
import time

import pytest

from lib import memory
from lib.amazon import watch
from lib.amazon.port import ReportKind
from lib.match.decisions import Affix, AffixKind
from lib.run.engine import engine
from lib.settings import AMAZON_VARIABLES, DEMO_VARIABLE
from lib.source.marketplaces import MARKETPLACES
from lib.target.sample import catalogue
from lib.ui.registry import CONNECTION, JOB_LOG, OVERVIEW, SYNC_LISTINGS
from tests.amazon.amazon import CATALOGUE, LOGIN_DATA, REPORTS, Document, refusal
from tests.amazon.conftest import amazon, proxy  # noqa: F401
from tests.amazon.demo import demo
from tests.app.conftest import SECONDS

SECRETS = """
[sellers.acme]
marketplaces = ["US", "JP"]
[sellers.poor]
marketplaces = ["US"]
[sellers.more]
marketplaces = ["US", "DE", "JP"]
"""


@pytest.fixture
def demo_amazon(amazon, project, monkeypatch):  # noqa: F811
    """The demo Amazon, with credentials of acme and more."""
    made = demo()
    amazon.documents, amazon.markets = made.documents, made.markets
    amazon.cancels_without_data = True
    (project / ".streamlit" / "secrets.toml").write_text(SECRETS)
    for name, variable in AMAZON_VARIABLES.items():
        for seller in ("ACME", "MORE"):
            monkeypatch.setenv(f"{variable}_{seller}", LOGIN_DATA[name])
    monkeypatch.setattr(watch, "TICK", 0.02)
    monkeypatch.setattr(watch, "POLLS", (0.02,))
    return amazon


@pytest.fixture
def syncing(demo_amazon, visitor):
    visitor.open(SYNC_LISTINGS)
    return visitor


def choose_seller(visitor, name):
    visitor.at.selectbox(key="seller").set_value(name).run()


def wait_until(visitor, ready):
    """As the browser does it: the page is drawn again until it is so."""
    end = time.monotonic() + SECONDS
    while not ready():
        assert time.monotonic() < end, visitor.text
        visitor.at.run()


def fetch(visitor):
    visitor.press("Fetch")
    wait_until(visitor, lambda: visitor.at.metric)


def asked_for(visitor) -> int:
    """Of how many ASINs Amazon would be asked for the codes."""
    (label,) = [label for label in visitor.buttons if label.startswith("Ask Amazon for")]
    return int(label.split()[3])


def titles(visitor):
    """The titles in the tables of the lanes."""
    tables = [table.value for table in visitor.at.dataframe if "Title" in table.value]
    return [title for table in tables for title in table["Title"]]


def test_two_marketplaces_are_fetched_and_reviewed_together(syncing):
    assert syncing.at.multiselect[0].value == ["US", "JP"]
    fetch(syncing)
    assert sum(syncing.lanes.values()) == 11
    text = syncing.text.replace("\\", "")
    assert "Active listings Amazon.com" in text
    assert "8 listings" in text
    assert "3 listings · CP932" in text
    assert not syncing.at.exception
    assert not syncing.errors


def test_a_demo_amazon_is_labelled_on_every_page(demo_amazon, monkeypatch, visit):
    assert not any("Demo Amazon" in label.value for label in visit().at.sidebar.warning)
    monkeypatch.setenv(DEMO_VARIABLE, "Made-up listings. Not Amazon.")
    visitor = visit()
    for page in (SYNC_LISTINGS, JOB_LOG):
        visitor.open(page)
        *_, label = visitor.at.sidebar.warning
        assert label.value == "**Demo Amazon.** Made-up listings. Not Amazon."


def test_both_are_executed_in_one_run_and_gone_listings_of_both_are_shown(syncing, demo_amazon):
    fetch(syncing)
    syncing.at.toggle(key="create_acme").set_value(True).run()
    syncing.execute()
    syncing.open(JOB_LOG)
    name = "Active listings Amazon.com, Active listings Amazon.co.jp"
    assert syncing.at.dataframe[0].value.loc[0, "File"] == name
    syncing.open(OVERVIEW)
    (reports,) = [c.value for c in syncing.at.caption if c.value.startswith("Reports · ")]
    assert re.findall(r"Active listings Amazon\S+,", reports.replace("\\", "")) == [
        "Active listings Amazon.co.jp,", "Active listings Amazon.com,",
    ]  # fmt: skip
    assert reports.count("Amazon") == 2
    for document in demo_amazon.documents.values():
        header, *rows = document.data.splitlines(keepends=True)
        document.data = b"".join([header, *rows[1:]])
    syncing.open(SYNC_LISTINGS)
    syncing.press("Other reports")
    syncing.press("Ask for new ones")
    wait_until(syncing, lambda: "Gone from the report" in [h.value for h in syncing.at.header])
    (gone,) = [t.value for t in syncing.at.dataframe if list(t.value)[:1] == ["Seller SKU"]
               and "Fulfilment" in t.value and len(t.value) == 2]  # fmt: skip
    assert gone["Seller SKU"].tolist() == ["FURN_7777", "E-COM10"]


def test_a_kept_report_is_used_again_by_another_visitor(syncing, visit, demo_amazon):
    fetch(syncing)
    other = visit()
    other.open(SYNC_LISTINGS)
    assert "Ask for new ones" in other.buttons
    other.press("Use the reports of a moment ago")
    assert sum(other.lanes.values()) == 11
    assert demo_amazon.counted(f"POST {REPORTS}") == 2
    other.press("Other reports")
    assert not other.at.metric


def test_a_marketplace_without_data_is_told_and_the_others_are_reviewed(syncing, visit):
    choose_seller(syncing, "more")
    assert syncing.at.multiselect[0].value == ["US", "DE", "JP"]
    fetch(syncing)
    assert sum(syncing.lanes.values()) == 11
    assert "No data (cancelled)" in syncing.text
    assert "nothing to report" in syncing.text
    assert not syncing.errors
    other = visit()
    other.open(SYNC_LISTINGS)
    choose_seller(other, "more")
    assert "Ask for new ones" in other.buttons
    other.press("Use 2 of 3 reports")
    assert sum(other.lanes.values()) == 11
    assert "No data (cancelled)" in other.text


def test_where_no_marketplace_has_data_there_is_nothing_to_open(syncing, demo_amazon):
    demo_amazon.documents.clear()
    syncing.press("Fetch")
    wait_until(syncing, lambda: syncing.text.count("No data (cancelled)") >= 2)
    assert not syncing.at.metric
    assert "Fetch" in syncing.buttons


def test_a_marketplace_that_fails_is_told_and_the_others_are_used(syncing, demo_amazon):
    refused = refusal(400, "InvalidInput", "Marketplace is not yours.")
    demo_amazon.plan(f"POST {REPORTS}", refused)
    syncing.press("Fetch")
    wait_until(syncing, lambda: any(label.startswith("Use 1 of 2") for label in syncing.buttons))
    assert "Failed at Amazon" in syncing.text
    assert "Marketplace is not yours" in syncing.text
    syncing.press("Use 1 of 2 reports")
    assert syncing.at.metric


def test_a_report_that_cannot_be_read_is_told_and_the_others_are_reviewed(syncing, demo_amazon):
    bad = Document(b"what\tis this\n1\t2\n")
    demo_amazon.documents[MARKETPLACES["US"].id, ReportKind.ACTIVE.value] = bad
    fetch(syncing)
    assert "Active listings Amazon.com: no column is called" in syncing.errors[0]
    assert sum(syncing.lanes.values()) == 3


def test_a_report_with_the_wrong_letters_is_read_in_the_encoding_that_is_chosen(
    syncing, demo_amazon
):
    title = "Krzesło biurowe"
    kind = MARKETPLACES["US"].id, ReportKind.ACTIVE.value
    data = demo_amazon.documents[kind].data.decode().replace("Standing Desk Mat", title)
    demo_amazon.documents[kind] = Document(data.encode("cp1250"), "")
    fetch(syncing)
    assert title not in titles(syncing)
    choice = next(box for box in syncing.at.selectbox if box.label == "Read the report as")
    choice.set_value("cp1250").run()
    assert "CP1250" in syncing.text
    assert title in titles(syncing)


def test_a_report_under_way_can_be_given_up(syncing, demo_amazon):
    demo_amazon.states = ("IN_QUEUE",)
    syncing.press("Fetch")
    wait_until(syncing, lambda: syncing.text.count("In queue") == 2)
    syncing.press("Give up")
    assert syncing.text.count("Given up") >= 1
    syncing.press("Give up")
    assert "Fetch" in syncing.buttons
    demo_amazon.states = ("DONE",)
    fetch(syncing)
    assert sum(syncing.lanes.values()) == 11


def test_listings_without_a_product_are_matched_by_the_codes_of_amazons_catalogue(
    syncing, demo_amazon
):
    products = catalogue().query("active")
    once = ~products["barcode"].duplicated(keep=False) & (products["barcode"] != "")
    demo_amazon.codes["B0DEMO0006"] = [("EAN", products.loc[once, "barcode"].iloc[0])]
    fetch(syncing)
    before = syncing.lanes
    assert not any(label.startswith("Ask Amazon for") for label in syncing.buttons)
    syncing.at.toggle(key="lookup_acme").set_value(True).run()
    assert "0 listings with the code of a product" in syncing.text
    assert demo_amazon.counted(f"GET {CATALOGUE}") == 0
    syncing.press("Ask Amazon for")
    assert "1 listing with the code of a product" in syncing.text
    assert syncing.lanes["Matched"] == before["Matched"] + 1
    assert not any(label.startswith("Ask Amazon for") for label in syncing.buttons)


def test_listings_that_an_affix_rule_finds_no_more_are_asked_for(syncing):
    rules = Affix(AffixKind.PREFIX, "amzn.gr."), Affix(AffixKind.SUFFIX, "-x1y2")
    for rule in rules:
        memory.add_affix(engine().store, "acme", rule)
    fetch(syncing)
    syncing.at.toggle(key="lookup_acme").set_value(True).run()
    before = asked_for(syncing)
    memory.remove_affix(engine().store, "acme", rules[0])
    syncing.at.run()
    assert asked_for(syncing) == before + 1


def test_what_amazon_refuses_is_told_in_words(syncing, demo_amazon):
    demo_amazon.login = LOGIN_DATA | {"lwa_client_secret": "another"}
    syncing.press("Fetch")
    wait_until(syncing, lambda: syncing.text.count("Failed at Amazon") >= 2)
    assert "lwa_client_secret" in syncing.text.replace("\\", "")
    assert LOGIN_DATA["lwa_client_secret"] not in syncing.text
    assert "Fetch" in syncing.buttons


def test_all_listings_are_another_report(syncing, demo_amazon):
    fetch(syncing)
    syncing.press("Other reports")
    syncing.at.toggle(key="inactive").set_value(True).run()
    assert not any(label.startswith("Use") for label in syncing.buttons)
    fetch(syncing)
    kinds = [report.kind for report in demo_amazon.reports.values()]
    assert kinds == [ReportKind.ACTIVE] * 2 + [ReportKind.ALL] * 2


def test_without_credentials_it_says_what_to_write_and_takes_a_file(syncing):
    choose_seller(syncing, "poor")
    text = syncing.text.replace("\\", "")
    assert "`refresh_token`" in text
    assert "[sellers.poor]" in text
    assert not syncing.at.multiselect
    assert syncing.at.file_uploader


def test_a_file_may_be_uploaded_all_the_same(syncing):
    fetch(syncing)
    syncing.at.segmented_control(key="source").set_value("Upload a report").run()
    assert syncing.at.file_uploader
    assert not syncing.at.metric


def test_the_connection_names_marketplaces_that_the_settings_lack_or_name_in_vain(
    demo_amazon, visitor
):
    demo_amazon.markets = ("US", "CA", "JP")
    visitor.open(CONNECTION)
    visitor.at.selectbox(key="account").set_value("more").run()
    visitor.press("Test connection")
    assert any("takes part in Amazon.ca too" in told.value for told in visitor.at.info)
    assert any("name Amazon.de" in told.value for told in visitor.at.warning)
    table = visitor.at.dataframe[0].value
    assert dict(zip(table.iloc[:, 0], table.iloc[:, 1], strict=True)) == {
        "Amazon.com": "Takes part, in the settings",
        "Amazon.de": "In the settings, takes no part",
        "Amazon.co.jp": "Takes part, in the settings",
        "Amazon.ca": "Takes part, not in the settings",
    }


def test_a_seller_whose_settings_name_no_marketplace_is_told_so_and_not_of_all(
    demo_amazon, project, monkeypatch, visit
):
    (project / ".streamlit" / "secrets.toml").unlink()
    for name, variable in AMAZON_VARIABLES.items():
        monkeypatch.setenv(f"{variable}_DEMO", LOGIN_DATA[name])
    visitor = visit()
    visitor.open(CONNECTION)
    visitor.press("Test connection")
    assert not any("does not take part" in told.value for told in visitor.at.warning)
    assert any("name no marketplaces of seller demo" in told.value for told in visitor.at.info)
    assert visitor.at.dataframe[0].value.to_numpy().tolist() == [
        ["Amazon.com", "Takes part"], ["Amazon.co.jp", "Takes part"],
    ]  # fmt: skip


def test_the_connection_says_why_amazon_refuses(demo_amazon, visitor):
    demo_amazon.login = LOGIN_DATA | {"refresh_token": "another"}
    visitor.open(CONNECTION)
    visitor.press("Test connection")
    assert "the refresh_token is wrong, was revoked" in visitor.errors[0]


def test_the_connection_of_a_seller_without_credentials_says_what_is_missing(demo_amazon, visitor):
    visitor.open(CONNECTION)
    visitor.at.selectbox(key="account").set_value("poor").run()
    button = next(each for each in visitor.at.button if each.label == "Test connection")
    assert button.disabled
    assert "[sellers.poor]" in visitor.text.replace("\\", "")
