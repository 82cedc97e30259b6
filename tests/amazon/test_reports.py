"""A report's life in the app's own database: asked for once, downloaded once, whatever happens."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from lib.amazon import reports
from lib.amazon.account import Amazon as Account
from lib.amazon.port import Credentials, NoData, NoReport, ReportKind, ReportState, Unreachable
from lib.model import Seller
from lib.settings import AMAZON_VARIABLES
from lib.source.marketplaces import MARKETPLACES
from lib.store import AMAZON_REPORT, Store
from lib.ui.registry import ROOT
from tests.amazon.amazon import DOCUMENT, HTML, LOGIN_DATA, REPORTS, Answer, Document

KIND = ReportKind.ACTIVE
US = MARKETPLACES["US"].id
TEXT = b"seller-sku\tprice\nA-1\t9.99\n"
HEADER = b"seller-sku\tprice\n"
S3 = "GET /doc-"


class Killed(BaseException):
    """What ends a process."""


@pytest.fixture(autouse=True)
def report(amazon):
    amazon.documents[US, KIND.value] = Document(TEXT)


@pytest.fixture
def fetch(store, seller):
    def fetched(**how):
        return reports.fetch(store, seller, "US", KIND, **how)

    return fetched


def killed_at(state):
    """What ends the process when the report stands so."""

    def watch(request):
        if request.state is state:
            raise Killed

    return watch


def test_a_report_is_shown_through_all_its_states(fetch):
    seen = []
    assert fetch(watch=lambda request: seen.append(request.state.label)).data == TEXT
    assert seen == ["Being asked for", "In queue", "In progress", "Done"]


def test_a_document_is_downloaded_once_and_kept_with_what_was_announced(
    fetch, store, seller, amazon
):
    fetched = fetch()
    kept = reports.kept(store, reports.requests(store, "acme")[0].id)
    assert kept == fetched
    assert (kept.charset, kept.encoding) == ("utf-8", "utf-8")
    assert fetch(fresh=3600) == fetched
    assert (amazon.counted(f"POST {REPORTS}"), amazon.counted(S3)) == (1, 1)


def test_without_the_wish_for_reuse_a_new_report_is_asked_for(fetch, amazon):
    fetch()
    fetch()
    assert amazon.counted(f"POST {REPORTS}") == 2


def test_a_recent_report_that_somebody_else_asked_for_is_reused(fetch, seller, amazon):
    seller.request_report("US", KIND)
    assert fetch(fresh=3600).data == TEXT
    assert amazon.counted(f"POST {REPORTS}") == 1


def test_only_the_document_of_the_newest_report_is_kept(fetch, store):
    fetch()
    fetch()
    newest, older = reports.requests(store, "acme")
    assert reports.kept(store, newest.id).data == TEXT
    assert reports.kept(store, older.id) is None
    assert fetch(fresh=3600).data == TEXT


@pytest.mark.parametrize("state", [ReportState.ASKED, ReportState.QUEUED, ReportState.RUNNING])
def test_after_a_restart_it_goes_on_with_the_same_report(fetch, tmp_path, seller, amazon, state):
    with pytest.raises(Killed):
        fetch(watch=killed_at(state))
    after = Store(f"sqlite:///{tmp_path / 'app.sqlite'}")
    assert reports.fetch(after, seller, "US", KIND).data == TEXT
    after.close()
    assert amazon.counted(f"POST {REPORTS}") == 1


def test_a_report_whose_id_was_lost_is_found_again(fetch, amazon, monkeypatch):
    answer = amazon._create

    def lost(call):
        answer(call)
        return Answer(hang_up=True)

    with monkeypatch.context() as cut:
        cut.setattr(amazon, "_create", lost)
        with pytest.raises(Unreachable):
            fetch()
    assert fetch().data == TEXT
    assert len(amazon.reports) == 1


def test_a_request_that_never_arrived_is_made_again(fetch, amazon):
    amazon.plan(f"POST {REPORTS}", Answer(502, b"<html>"))
    with pytest.raises(Unreachable):
        fetch()
    assert fetch().data == TEXT


def test_a_download_that_failed_is_made_again_for_the_same_report(fetch, amazon):
    amazon.plan(S3, *[HTML] * 50)
    with pytest.raises(Unreachable):
        fetch()
    amazon._planned.clear()
    assert fetch().data == TEXT
    assert amazon.counted(f"POST {REPORTS}") == 1


def test_each_marketplace_and_kind_has_a_report_of_its_own(store, seller, amazon):
    amazon.documents[MARKETPLACES["DE"].id, KIND.value] = Document(TEXT.replace(b"A-1", b"B-1"))
    amazon.documents[US, ReportKind.ALL.value] = Document(TEXT.replace(b"A-1", b"C-1"))
    found = [reports.fetch(store, seller, *what).data[-9:-6]
             for what in (("US", KIND), ("DE", KIND), ("US", ReportKind.ALL))]  # fmt: skip
    assert found == [b"A-1", b"B-1", b"C-1"]


@pytest.mark.parametrize("state", ["CANCELLED", "FATAL"])
def test_a_report_that_amazon_ends_is_told_and_asked_for_anew(fetch, store, amazon, state):
    amazon.states = ("IN_QUEUE", state)
    amazon.documents[US, KIND.value] = None
    with pytest.raises(NoReport, match="Amazon"):
        fetch()
    assert reports.requests(store, "acme")[0].state.name == state
    amazon.states = ("DONE",)
    amazon.documents[US, KIND.value] = Document(TEXT)
    assert fetch().data == TEXT


def test_a_fatal_report_keeps_amazons_explanation(fetch, store, amazon):
    amazon.states = ("FATAL",)
    amazon.documents[US, KIND.value] = Document(b'{"errorDetails": "Seller is blocked"}')
    with pytest.raises(NoReport, match="Seller is blocked"):
        fetch()
    assert "Seller is blocked" in reports.requests(store, "acme")[0].explanation


def test_done_without_a_document_is_no_data(fetch, store, amazon):
    amazon.documents[US, KIND.value] = None
    with pytest.raises(NoReport, match="no data"):
        fetch()
    assert reports.requests(store, "acme")[0].state is ReportState.NO_DATA


def test_a_header_alone_is_no_data_and_is_not_asked_for_again_at_once(fetch, store, amazon):
    amazon.documents[US, KIND.value] = Document(HEADER)
    for _ in range(2):
        with pytest.raises(NoData, match="no data"):
            fetch(fresh=3600)
    (request,) = reports.requests(store, "acme")
    assert (request.state, reports.kept(store, request.id).data) == (ReportState.NO_DATA, HEADER)
    assert amazon.counted(f"POST {REPORTS}") == 1


def test_a_report_that_amazon_has_no_more_ends_and_is_asked_for_anew(fetch, amazon):
    with pytest.raises(Killed):
        fetch(watch=killed_at(ReportState.QUEUED))
    amazon.reports.clear()
    with pytest.raises(NoReport, match="Ask for the report again") as told:
        fetch()
    assert not isinstance(told.value, NoData)
    assert fetch().data == TEXT


def test_a_request_that_is_given_up_stays_so_and_may_be_made_again(fetch, store, amazon):
    amazon.states = ("IN_QUEUE",)

    def give_up(request):
        if request.state is ReportState.QUEUED:
            reports.give_up(store, request.id, "mia")

    with pytest.raises(NoReport, match="Given up by mia"):
        fetch(watch=give_up)
    (request,) = reports.requests(store, "acme")
    assert request.state is ReportState.GIVEN_UP
    amazon.states = ("DONE",)
    assert fetch().data == TEXT


def test_a_step_that_ends_after_a_request_was_given_up_does_not_take_it_up(store, seller, amazon):
    request = reports.begin(store, "acme", "US", KIND)
    answer = amazon._create

    def meanwhile(call):
        reports.give_up(store, request.id, "mia")
        return answer(call)

    amazon._create = meanwhile
    assert reports.advance(store, seller, request).state is ReportState.GIVEN_UP
    assert reports.under_way(store) == []


def test_processes_that_want_the_same_report_share_one(store, seller, amazon):
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(reports.fetch, store, seller, "US", KIND, 3600) for _ in range(4)]
    assert [job.result().data for job in jobs] == [TEXT] * 4
    assert (amazon.counted(f"POST {REPORTS}"), amazon.counted(f"GET {DOCUMENT}")) == (1, 1)


def test_the_step_of_a_process_that_died_over_it_is_taken_over_later(
    store, seller, amazon, monkeypatch
):
    request = reports.begin(store, "acme", "US", KIND)
    assert reports._lease(store, request.id)
    assert reports.advance(store, seller, request) == request
    now = time.time()
    monkeypatch.setattr(reports.time, "time", lambda: now + reports.LEASE + 1)
    assert reports.advance(store, seller, request).state is ReportState.QUEUED


def test_waiting_grows_longer_and_no_look_is_made_without_a_pause(fetch, amazon, pauses):
    amazon.states = ("IN_QUEUE", *["IN_PROGRESS"] * 7, "DONE")
    fetch()
    assert pauses == [5, 10, 20, 30, 60, 60]


def test_documents_are_small_in_the_database(fetch, store, amazon):
    amazon.documents[US, KIND.value] = Document(HEADER + b"A-1\t9.99\n" * 100_000)
    fetch()
    with store.begin() as connection:
        size = connection.execute(sa.select(sa.func.length(AMAZON_REPORT.c.document))).scalar_one()
    assert size < 20_000


FETCH = """
import sys
from lib import settings
from lib.amazon import reports
reports.POLLS = (60,)
configured = settings.load()
reports.fetch(reports.Store(configured.database), configured.open_amazon("demo"), "US",
              reports.ReportKind.ACTIVE, watch=lambda request: print(request.state, flush=True))
"""


@pytest.fixture
def fetching(tmp_path, amazon):
    """A process of its own that fetches a report; it prints how the report stands."""
    amazon.states = ("IN_QUEUE", "IN_PROGRESS", "IN_PROGRESS", "DONE")
    given = {"MAPPER_DATABASE": f"sqlite:///{tmp_path / 'app.sqlite'}", "PYTHONPATH": str(ROOT)}
    given |= {f"{variable}_DEMO": LOGIN_DATA[name] for name, variable in AMAZON_VARIABLES.items()}
    words = [sys.executable, "-c", FETCH]
    with subprocess.Popen(
        words, cwd=tmp_path, env=os.environ | given, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


def leased(store):
    with store.begin() as connection:
        return connection.execute(sa.select(AMAZON_REPORT.c.leased)).scalar_one() > 0


def fetched_by_another(store):
    demo = Account(Seller("demo", ("US",)), Credentials(**LOGIN_DATA))
    return reports.fetch(store, demo, "US", KIND).data


def test_a_process_that_is_killed_while_it_waits_costs_nothing(fetching, store, amazon, pauses):
    for _ in range(2):  # as it stood before and as it stands now: then it waits for the next look
        while fetching.stdout.readline().strip() != "running":
            assert fetching.poll() is None
    fetching.kill()
    assert not leased(store)
    assert fetched_by_another(store) == TEXT
    assert amazon.counted(f"POST {REPORTS}") == 1


def test_a_process_that_is_killed_over_a_step_costs_no_second_report(
    fetching, store, amazon, pauses, monkeypatch
):
    asked, go_on, answer = threading.Event(), threading.Event(), amazon._api

    def slow(call):
        if str(call).startswith(f"GET {REPORTS}/"):
            asked.set()
            assert go_on.wait(20)
        return answer(call)

    monkeypatch.setattr(amazon, "_api", slow)
    assert asked.wait(20)
    fetching.kill()
    go_on.set()
    assert leased(store)
    now = time.time()
    monkeypatch.setattr(reports.time, "time", lambda: now + reports.LEASE + 1)
    assert fetched_by_another(store) == TEXT
    assert amazon.counted(f"POST {REPORTS}") == 1
