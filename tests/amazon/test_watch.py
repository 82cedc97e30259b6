"""Reports under way go on in the background, each seller's whatever becomes of another's."""

import time
from dataclasses import replace

import pytest

from lib import settings
from lib.amazon import account, reports, watch
from lib.amazon.port import Credentials, ReportKind, ReportState
from lib.model import Seller
from lib.source.marketplaces import MARKETPLACES
from tests.amazon.amazon import LOGIN_DATA, REPORTS, Answer, Document, refusal

KIND = ReportKind.ACTIVE
TEXT = b"seller-sku\tprice\nA-1\t9.99\n"
SECONDS = 30


@pytest.fixture(autouse=True)
def quick(amazon, monkeypatch):
    """Amazon has a report for each marketplace, and nobody waits long."""
    for code in ("US", "DE", "JP"):
        amazon.documents[MARKETPLACES[code].id, KIND.value] = Document(TEXT)
    monkeypatch.setattr(watch, "TICK", 0.02)
    monkeypatch.setattr(watch, "TROUBLED", 0.02)
    monkeypatch.setattr(watch, "POLLS", (0.02,))
    monkeypatch.setattr(account, "PATIENCE", 0)


@pytest.fixture
def configured(tmp_path):
    """Two sellers: the secret of "wrong" is."""
    sellers = {name: Seller(name, ("US", "DE", "JP")) for name in ("acme", "wrong")}
    logins = {name: Credentials(**LOGIN_DATA) for name in sellers}
    logins["wrong"] = replace(logins["wrong"], lwa_client_secret="no secret")
    return settings.Settings(sellers, None, tmp_path, "", logins)


@pytest.fixture
def start(store, configured):
    started = []

    def begin(of=configured):
        started.append(watch.Watch(store, lambda: of))
        return started[-1]

    yield begin
    for each in started:
        each.close()


@pytest.fixture
def wait(store):
    def until(seller, *states, market="US"):
        end = time.monotonic() + SECONDS
        while (found := reports.newest(store, seller, KIND)[market]).state not in states:
            assert time.monotonic() < end, found
            time.sleep(0.01)
        return found

    return until


def test_each_marketplace_gets_its_own_report_without_anybody_waiting(store, start, wait):
    for market in ("US", "DE", "JP"):
        reports.begin(store, "acme", market, KIND)
    start()
    for market in ("US", "DE", "JP"):
        request = wait("acme", ReportState.DONE, market=market)
        assert reports.kept(store, request.id).data == TEXT
    assert set(reports.finished(store, "acme", KIND)) == {"US", "DE", "JP"}
    assert not reports.under_way(store)


def test_what_is_asked_for_later_is_seen(store, start, wait):
    start()
    reports.begin(store, "acme", "US", KIND)
    wait("acme", ReportState.DONE)


def test_wrong_credentials_of_one_seller_end_its_report_and_no_other(store, start, wait):
    for seller in ("wrong", "acme"):
        reports.begin(store, seller, "US", KIND)
    start()
    wait("acme", ReportState.DONE)
    ended = wait("wrong", ReportState.FATAL)
    assert "lwa_client_secret" in ended.explanation
    assert ended.finished
    assert reports.begin(store, "wrong", "US", KIND).id != ended.id


def test_a_marketplace_that_amazon_refuses_keeps_no_other_waiting(store, start, wait, amazon):
    amazon.plan(f"POST {REPORTS}", refusal(400, "InvalidInput", "Marketplace is not yours."))
    reports.begin(store, "acme", "US", KIND)
    reports.begin(store, "acme", "DE", KIND)
    start()
    assert "Marketplace is not yours." in wait("acme", ReportState.FATAL).explanation
    wait("acme", ReportState.DONE, market="DE")


def test_while_amazon_is_not_reached_the_report_says_so_and_then_goes_on(
    store, start, wait, amazon, monkeypatch
):
    answer = amazon._api
    monkeypatch.setattr(amazon, "_api", lambda _: Answer(hang_up=True))
    request = reports.begin(store, "acme", "US", KIND)
    start()
    end = time.monotonic() + SECONDS
    while "Try again later" not in reports.requests(store, "acme")[0].explanation:
        assert time.monotonic() < end
        time.sleep(0.01)
    assert wait("acme", ReportState.ASKED).id == request.id
    monkeypatch.setattr(amazon, "_api", answer)
    assert wait("acme", ReportState.DONE).explanation == ""
    assert amazon.counted(f"POST {REPORTS}") >= 1


def test_a_seller_whose_credentials_another_process_has_is_left_to_it(
    store, start, wait, amazon, configured
):
    reports.begin(store, "acme", "US", KIND)
    reports.begin(store, "gone", "US", KIND)
    here = replace(configured, amazon={"acme": Credentials(), "wrong": Credentials()})
    start(here)
    time.sleep(0.2)
    assert not amazon.calls
    start()
    wait("acme", ReportState.DONE)
    assert wait("gone", ReportState.ASKED).explanation == ""


def test_two_processes_ask_for_a_report_once(store, start, wait, amazon):
    amazon.states = ("IN_QUEUE", *["IN_PROGRESS"] * 10, "DONE")
    start()
    start()
    reports.begin(store, "acme", "US", KIND)
    wait("acme", ReportState.DONE)
    assert amazon.counted(f"POST {REPORTS}") == 1
    assert amazon.counted("GET /doc-") == 1


def test_settings_that_cannot_be_read_stop_nothing_for_good(store, wait, configured):
    def broken():
        if answers:
            raise answers.pop()
        return configured

    answers = [settings.MapperError("secrets.toml cannot be read"), ValueError("what nobody knew")]
    reports.begin(store, "acme", "US", KIND)
    watching = watch.Watch(store, broken)
    wait("acme", ReportState.DONE)
    watching.close()


def test_when_it_is_closed_the_report_stays_for_the_next_process(store, start, wait, amazon):
    amazon.states = ("IN_QUEUE",)
    reports.begin(store, "acme", "US", KIND)
    start().close()
    calls = len(amazon.calls)
    time.sleep(0.1)
    assert len(amazon.calls) == calls
    amazon.states = ("DONE",)
    for report in amazon.reports.values():
        report.states = ["DONE"]
    start()
    wait("acme", ReportState.DONE)
    assert amazon.counted(f"POST {REPORTS}") == 1
