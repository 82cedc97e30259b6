"""``python -m lib sync`` without a file: the reports of several marketplaces in one run."""

import json

import pytest
import sqlalchemy as sa

from lib import settings, syncing
from lib.__main__ import main
from lib.amazon import reports as polled
from lib.amazon.port import ReportKind
from lib.run.journal import Journal
from lib.settings import AMAZON_VARIABLES
from lib.source.marketplaces import MARKETPLACES
from lib.store import AMAZON_REPORT, Store
from tests.amazon.amazon import CATALOGUE, LOGIN_DATA, REPORTS, Document
from tests.source.reports import data

CHAIR, LAMP = {"seller-sku": "FURN_7777"}, {"seller-sku": "FURN_8888"}
UNREADABLE = Document(b"what\tis this\n1\t2\n")
SECRETS = """
[sellers.acme]
marketplaces = ["US", "DE", "JP"]
"""


@pytest.fixture
def sync(amazon, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(polled, "POLLS", (0.01,))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAPPER_DATA", str(tmp_path / "data"))
    for credential, variable in AMAZON_VARIABLES.items():
        monkeypatch.setenv(f"{variable}_ACME", LOGIN_DATA[credential])
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text(SECRETS)

    def run(*arguments):
        capsys.readouterr()
        status = main(["sync", "--seller", "acme", "--json", *arguments])
        captured = capsys.readouterr()
        return status, json.loads(captured.out or "{}"), captured.err

    return run


def key(market):
    return MARKETPLACES[market].id, ReportKind.ACTIVE.value


def reports(amazon, **rows):
    for market, listings in rows.items():
        amazon.documents[key(market)] = Document(data(*listings))


def test_all_marketplaces_of_the_seller_are_one_run(amazon, sync):
    reports(amazon, US=[CHAIR, LAMP], DE=[CHAIR], JP=[LAMP])
    status, got, err = sync()
    assert (status, got["rows"], got["outcomes"]["done"]) == (0, 4, 4)
    assert got["not_synced"] == {}
    assert "Active listings, Amazon.de: Done" in err


def test_the_job_log_calls_a_report_as_the_screen_does(amazon, sync):
    reports(amazon, DE=[CHAIR])
    sync("--marketplace", "DE")
    (run,) = Journal(Store(settings.load().database)).runs()
    assert run.file == "Active listings Amazon.de"


def test_marketplaces_can_be_named(amazon, sync):
    reports(amazon, US=[CHAIR, LAMP], DE=[CHAIR], JP=[LAMP])
    status, got, _ = sync("--marketplace", "Amazon.de", "--marketplace", "JP")
    assert (status, got["rows"]) == (0, 2)
    assert amazon.counted(f"POST {REPORTS}") == 2


def test_all_reports_are_asked_for_before_one_is_waited_for(amazon, sync):
    reports(amazon, US=[CHAIR], DE=[CHAIR], JP=[CHAIR])
    sync()
    first_look = next(at for at, call in enumerate(amazon.calls) if f"{REPORTS}/" in call.path)
    asked = [call for call in amazon.calls[:first_look] if str(call) == f"POST {REPORTS}"]
    assert len(asked) == 3


def test_drift_is_the_total_of_the_marketplaces(amazon, sync, monkeypatch):
    reports(amazon, US=[CHAIR, LAMP], DE=[CHAIR, LAMP], JP=[CHAIR])
    sync()
    reports(amazon, US=[CHAIR], DE=[LAMP], JP=[CHAIR])
    monkeypatch.setattr(syncing, "FRESH", 0)  # else those of the first sync are used
    assert sync()[1]["drift"] == 2


def test_a_marketplace_that_fails_is_named_and_the_others_are_synced(amazon, sync, hook):
    reports(amazon, US=[CHAIR], JP=[LAMP])
    amazon.documents[key("DE")] = UNREADABLE
    status, got, err = sync()
    assert (status, got["rows"], got["outcomes"]["done"]) == (1, 2, 2)
    assert list(got["not_synced"]) == ["Amazon.de"]
    assert got["no_data"] == {}
    assert "error: not synced: Amazon.de: Active listings Amazon.de: no column is called" in err
    assert "Not synced: Amazon.de" in hook.told[0]["message"]


def test_without_any_report_nothing_is_done(amazon, sync):
    amazon.documents |= dict.fromkeys(map(key, ("US", "DE", "JP")), UNREADABLE)
    status, got, err = sync()
    assert (status, got) == (2, {})
    assert err.splitlines()[-1].startswith("error: No report could be read, nothing was done.")
    assert all(name in err.splitlines()[-1] for name in ("Amazon.com:", "Amazon.de:"))


def test_a_sync_without_credentials_leaves_no_request_to_be_sent_later(sync, monkeypatch):
    monkeypatch.delenv(f"{AMAZON_VARIABLES['refresh_token']}_ACME")
    status, _, err = sync("--dry-run")
    assert status == 2
    assert "has no refresh_token" in err
    with Store(settings.load().database).begin() as connection:
        assert connection.execute(sa.select(AMAZON_REPORT.c.id)).all() == []


@pytest.mark.parametrize("how", ["cancelled", "no document", "a header alone"])
def test_a_marketplace_without_data_is_told_and_is_no_failure(amazon, sync, hook, how):
    reports(amazon, US=[CHAIR], JP=[LAMP])
    amazon.cancels_without_data = how == "cancelled"
    if how == "a header alone":
        amazon.documents[key("DE")] = Document(data())
    status, got, err = sync()
    assert (status, got["rows"], got["outcomes"]["done"]) == (0, 2, 2)
    assert (list(got["no_data"]), got["not_synced"]) == (["Amazon.de"], {})
    assert "Active listings, Amazon.de: No data" in err
    assert "error" not in err
    assert hook.told == []


def test_without_data_where_odoo_has_listings_is_a_failure(amazon, sync, hook, monkeypatch):
    reports(amazon, US=[CHAIR], DE=[CHAIR, LAMP], JP=[LAMP])
    assert sync()[0] == 0
    del amazon.documents[key("DE")]
    amazon.cancels_without_data = True
    monkeypatch.setattr(syncing, "FRESH", 0)
    status, got, err = sync("--marketplace", "US", "--marketplace", "DE")
    assert (status, got["rows"], got["no_data"]) == (1, 1, {})
    assert "But Odoo has listings of it (2), which stay" in got["not_synced"]["Amazon.de"]
    assert "error: not synced: Amazon.de: Amazon cancelled the report" in err
    assert "failures" in hook.told[0]["title"]
    status, got, err = sync("--marketplace", "DE")
    assert (status, got) == (2, {})
    assert "Odoo has listings of it (2)" in err
    assert hook.told[1]["title"] == "Sync of acme failed"


def test_where_no_marketplace_has_data_there_is_nothing_to_do_and_no_run(amazon, sync, hook):
    amazon.cancels_without_data = True
    status, got, _ = sync("--prices", "--out", "rows.csv")
    assert (status, got["rows"], got["drift"]) == (0, 0, 0)
    assert list(got["no_data"]) == ["Amazon.com", "Amazon.de", "Amazon.co.jp"]
    assert not {"job", "outcomes"} & set(got)
    assert Journal(Store(settings.load().database)).runs() == []
    assert hook.told == []


def test_a_marketplace_without_data_is_named_in_words(amazon, sync, capsys):
    reports(amazon, US=[CHAIR])
    assert main(["sync", "--seller", "acme"]) == 0
    assert "no data at Amazon: Amazon.de, Amazon.co.jp" in capsys.readouterr().out.splitlines()


def test_listings_without_a_product_are_looked_up_only_when_asked(amazon, sync, tmp_path):
    lost = {"seller-sku": "X-1", "product-id-type": "1", "product-id": "B012345678"}
    reports(amazon, US=[lost])
    amazon.codes["B012345678"] = [("EAN", "4006381333931")]
    export = "External ID,Internal Reference,Barcode,Name,Active\np1,P-1,4006381333931,Pen,True\n"
    (tmp_path / "products.csv").write_text(export)
    assert main(["catalogue", "load", "products.csv"]) == 0
    given = "--marketplace", "US", "--dry-run"
    assert sync_lanes(sync(*given))["unmatched"] == 1
    assert amazon.counted(f"GET {CATALOGUE}") == 0
    assert sync_lanes(sync(*given, "--lookup"))["matched"] == 1
    secrets = tmp_path / ".streamlit" / "secrets.toml"
    secrets.write_text(SECRETS + "lookup = true\n")
    assert sync_lanes(sync(*given))["matched"] == 1
    assert amazon.counted(f"GET {CATALOGUE}") == 1


@pytest.mark.parametrize("out", ["no/such/folder.csv", "result.txt"])
def test_a_result_file_that_cannot_be_written_is_told_before_amazon_is_asked(amazon, sync, out):
    reports(amazon, US=[CHAIR], DE=[CHAIR], JP=[LAMP])
    status, got, err = sync("--out", out)
    assert (status, got, amazon.calls) == (2, {}, [])
    assert "nothing was done" in err


def sync_lanes(result):
    return result[1]["lanes"]
