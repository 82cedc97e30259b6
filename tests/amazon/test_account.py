"""What a seller asks of Amazon, over the wire, and what goes wrong on it."""

import logging
import threading

import pytest

from lib.amazon import account, client
from lib.amazon.port import (
    AmazonError,
    Denied,
    Gone,
    Participation,
    ReportKind,
    ReportState,
    Unreachable,
)
from lib.source.marketplaces import MARKETPLACES
from tests.amazon.amazon import (
    HTML,
    LOGIN_DATA,
    PARTICIPATIONS,
    REPORTS,
    TOKEN,
    Answer,
    Document,
    refusal,
    throttled,
)

ACTIVE = ReportKind.ACTIVE
US, JP = MARKETPLACES["US"].id, MARKETPLACES["JP"].id
EMPTY = Answer(429)
HANG_UP = Answer(hang_up=True)


def test_a_connection_test_lists_the_marketplaces_of_all_regions_and_no_other_programme(seller):
    assert seller.marketplaces() == [
        Participation(code, True, False) for code in ("US", "DE", "JP")
    ]


def test_an_account_may_take_part_in_nothing_in_one_of_its_regions(seller, amazon):
    amazon.markets = ("US",)
    assert [place.market for place in seller.marketplaces()] == ["US"]


def test_a_region_that_refuses_the_account_is_left_out_unless_all_do(seller, amazon, monkeypatch):
    """A refresh token is of one region."""
    answer, own = amazon._api, "sellingpartnerapi-na.amazon.com"
    no = refusal(403, "Unauthorized", "Access to requested resource is denied.")
    monkeypatch.setattr(amazon, "_api", lambda call: answer(call) if call.host == own else no)
    assert [place.market for place in seller.marketplaces()] == ["US"]
    monkeypatch.setattr(amazon, "_api", lambda _: no)
    with pytest.raises(Denied, match="acme in region na"):
        seller.marketplaces()


def test_each_marketplace_is_asked_at_the_address_of_its_region(seller, amazon):
    seller.request_report("JP", ACTIVE)
    assert amazon.calls[-1].host == "sellingpartnerapi-fe.amazon.com"


def test_no_variable_of_the_library_chooses_another_marketplace(seller, amazon, monkeypatch):
    monkeypatch.setenv("SP_API_DEFAULT_MARKETPLACE", "DE")
    seller.request_report("US", ACTIVE)
    assert amazon.calls[-1].host == "sellingpartnerapi-na.amazon.com"


def test_a_report_goes_through_its_states(seller):
    report = seller.request_report("US", ACTIVE)
    assert seller.report("US", report).state is ReportState.RUNNING
    assert seller.report("US", report).state is ReportState.NO_DATA  # it has no document


def test_a_request_names_kind_and_marketplace_and_nothing_else(seller, amazon):
    seller.request_report("US", ACTIVE)
    body = b'{"reportType": "GET_MERCHANT_LISTINGS_DATA", "marketplaceIds": ["%s"]}' % US.encode()
    assert amazon.calls[-1].body == body


def test_recent_reports_are_those_of_this_marketplace_and_kind(seller):
    wanted = seller.request_report("US", ACTIVE)
    seller.request_report("US", ReportKind.ALL)
    seller.request_report("DE", ACTIVE)
    assert [report.id for report in seller.recent_reports("US", ACTIVE, since=0)] == [wanted]


def test_a_cancelled_report_says_what_that_may_mean(seller, amazon):
    amazon.states = ("CANCELLED",)
    report = seller.report("US", seller.request_report("US", ACTIVE))
    assert report.state is ReportState.CANCELLED
    assert "nothing to report" in report.explanation


@pytest.mark.parametrize("text", [b'{"errorDetails": "Bad date range"}', b"Bad date range"])
def test_a_fatal_report_gives_amazons_explanation(seller, amazon, text):
    amazon.states = ("FATAL",)
    amazon.documents[US, ACTIVE.value] = Document(text)
    report = seller.report("US", seller.request_report("US", ACTIVE))
    assert report.state is ReportState.FATAL
    assert report.explanation == "Amazon could not make the report: Bad date range"


def test_a_fatal_report_without_explanation_says_so(seller, amazon):
    amazon.states = ("FATAL",)
    assert (
        "does not say why" in seller.report("US", seller.request_report("US", ACTIVE)).explanation
    )


def test_a_report_that_amazon_does_not_have_is_gone(seller):
    with pytest.raises(Gone, match="does not exist"):
        seller.report("US", "no-such")


def test_a_refused_request_is_told_in_amazons_words(seller, amazon, pauses):
    amazon.plan(f"POST {REPORTS}", refusal(400, "InvalidInput", "Report type is not allowed."))
    with pytest.raises(AmazonError, match="Report type is not allowed"):
        seller.request_report("US", ACTIVE)
    assert pauses == []


# -- trouble that passes ------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", [HTML, EMPTY, Answer(200), Answer(400, b"<html>", {}),
                                     Answer(200, b"<html>maintenance</html>"), Answer(200, b"{}"),
                                     refusal(500, "InternalFailure", "We had a problem."),
                                     HANG_UP])  # fmt: skip
def test_trouble_that_passes_is_tried_again_and_never_success(seller, amazon, trouble, pauses):
    amazon.plan(f"GET {PARTICIPATIONS}", trouble, trouble)
    assert len(seller.marketplaces()) == 3
    assert pauses == [1, 2]


@pytest.mark.parametrize("trouble", [HTML, EMPTY, Answer(200), Answer(502, b"<html>Bad Gateway"),
                                     HANG_UP])  # fmt: skip
def test_trouble_that_stays_is_told_as_unreachable(seller, amazon, trouble, pauses):
    amazon.plan("GET", *[trouble] * 50)
    with pytest.raises(Unreachable, match=r"region na.*Try again later"):
        seller.marketplaces()
    assert sum(pauses) <= account.PATIENCE


@pytest.mark.parametrize("answer", [HTML, EMPTY, Answer(200, b'{"other": 1}')])
def test_a_503_or_429_or_an_answer_without_an_id_is_no_report(seller, amazon, answer):
    amazon.plan(f"POST {REPORTS}", *[answer] * 50)
    with pytest.raises(Unreachable):
        seller.request_report("US", ACTIVE)


@pytest.mark.parametrize("answer", [HTML, EMPTY, Answer(200, b'{"reportId": "1"}')])
def test_an_answer_without_a_state_is_no_state(seller, amazon, answer):
    amazon.plan(f"GET {REPORTS}", *[answer] * 50)
    with pytest.raises(Unreachable):
        seller.report("US", "1")


@pytest.mark.parametrize("lost", [HANG_UP, Answer(502, b"<html>")])
def test_a_request_that_amazon_may_have_taken_is_not_sent_twice(seller, amazon, lost):
    amazon.plan(f"POST {REPORTS}", lost)
    with pytest.raises(Unreachable):
        seller.request_report("US", ACTIVE)
    assert amazon.counted(f"POST {REPORTS}") == 1


def test_a_silent_amazon_is_told_as_unreachable(seller, amazon, monkeypatch):
    monkeypatch.setattr(client, "TIMEOUT", 0.05)
    slow, answer = threading.Event(), amazon._api
    monkeypatch.setattr(amazon, "_api", lambda call: slow.wait(0.3) or answer(call))
    with pytest.raises(Unreachable, match="did not answer in time"):
        seller.request_report("US", ACTIVE)


def test_a_proxy_that_is_not_there_is_told_as_unreachable(seller, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with pytest.raises(Unreachable, match="cannot be reached"):
        seller.marketplaces()


def test_surroundings_that_allow_of_no_connection_are_told_at_once(seller, monkeypatch, pauses):
    monkeypatch.setenv("SSL_CERT_FILE", "no-such-file.pem")
    with pytest.raises(AmazonError, match="SSL_CERT_FILE"):
        seller.marketplaces()
    assert pauses == []


def test_the_limit_that_amazon_names_is_waited_for(seller, amazon, pauses):
    amazon.plan(f"POST {REPORTS}", throttled(0.0167))
    seller.request_report("US", ACTIVE)
    assert pauses == [pytest.approx(1 / 0.0167)]


def test_a_limit_beyond_patience_is_told_with_the_time_to_wait(seller, amazon, pauses):
    amazon.plan(f"POST {REPORTS}", throttled(0.001))
    with pytest.raises(Unreachable, match="less often") as told:
        seller.request_report("US", ACTIVE)
    assert told.value.after == 1000
    assert pauses == []


# -- credentials --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "words"), [("refresh_token", "refresh_token is wrong"),
                         ("lwa_app_id", "id or secret"), ("lwa_client_secret", "id or secret")],
)  # fmt: skip
def test_wrong_credentials_are_told_at_once(open_account, amazon, pauses, wrong, words):
    with pytest.raises(Denied, match=rf"acme.*{words}.*Correct \[sellers.acme\]"):
        open_account(**{wrong: "wr0ng"}).marketplaces()
    assert amazon.counted(f"POST {TOKEN}") == 1
    assert pauses == []


@pytest.mark.parametrize("missing", list(LOGIN_DATA))
def test_a_missing_credential_is_named_and_nothing_is_sent(
    open_account, amazon, monkeypatch, missing
):
    for name in ("SP_API_REFRESH_TOKEN", "LWA_APP_ID", "LWA_CLIENT_SECRET"):
        monkeypatch.setenv(name, "from somewhere else")
    with pytest.raises(Denied, match=missing):
        open_account(**{missing: ""}).marketplaces()
    assert amazon.calls == []


def test_a_token_is_asked_for_once(seller, amazon):
    seller.marketplaces()
    seller.request_report("US", ACTIVE)
    assert amazon.counted(f"POST {TOKEN}") == 1


def test_an_expired_token_is_replaced_and_the_call_made_again(seller, amazon):
    seller.marketplaces()
    amazon.expire_tokens()
    assert len(seller.marketplaces()) == 3
    assert amazon.counted(f"POST {TOKEN}") == 2


def test_a_right_that_is_missing_is_told_after_one_new_token(seller, amazon, pauses):
    no = refusal(403, "Unauthorized", "Access to requested resource is denied.", "No such role.")
    amazon.plan(f"POST {REPORTS}", no, no)
    with pytest.raises(Denied, match=r"acme in region na.*No such role"):
        seller.request_report("US", ACTIVE)
    assert (amazon.counted(f"POST {TOKEN}"), pauses) == (2, [])


def test_a_changed_secret_is_noticed_though_the_refresh_token_is_the_same(seller, open_account):
    seller.marketplaces()
    with pytest.raises(Denied):
        open_account(lwa_client_secret="changed").marketplaces()


@pytest.mark.parametrize("before", [0, 1])
def test_twenty_threads_ask_for_one_token(seller, amazon, before):
    """Also in place of one that has expired."""
    for _ in range(before):
        seller.marketplaces()
        amazon.expire_tokens()
    threads = [threading.Thread(target=seller.request_report, args=("US", ACTIVE))
               for _ in range(20)]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(amazon.reports), amazon.counted(f"POST {TOKEN}")) == (20, 1 + before)


def test_a_token_server_in_trouble_is_tried_again(seller, amazon, pauses):
    amazon.plan(f"POST {TOKEN}", HTML, HANG_UP, Answer(200, b"{}"))
    assert len(seller.marketplaces()) == 3
    assert pauses == [1, 2, 4]


def test_a_token_whose_time_is_up_is_not_used(seller, amazon, monkeypatch):
    seller.marketplaces()
    now = client.time.monotonic()
    monkeypatch.setattr(client.time, "monotonic", lambda: now + 3600)
    seller.marketplaces()
    assert amazon.counted(f"POST {TOKEN}") == 2


# -- secrets ------------------------------------------------------------------------------------


def test_no_secret_is_in_a_message_a_log_or_a_repr(seller, amazon, caplog):
    caplog.set_level(logging.DEBUG)
    amazon.documents[US, ACTIVE.value] = Document(b"sku\tprice\nA\t1\n")
    amazon.states = ("DONE",)
    report = seller.report("US", seller.request_report("US", ACTIVE))
    seller.document(report)
    said = " ".join(["Atza|token-1 of", *LOGIN_DATA.values()])
    amazon.plan(f"POST {REPORTS}", refusal(400, "InvalidInput", said))
    with pytest.raises(AmazonError) as told:
        seller.request_report("US", ACTIVE)
    shown = caplog.text + str(told.value) + repr(vars(seller))
    for secret in (*LOGIN_DATA.values(), "Atza|", "s1gnature"):
        assert secret not in shown
