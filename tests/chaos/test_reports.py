"""Reports from Amazon when the app is killed: they go on with the next one, without a visitor."""

import pytest
import sqlalchemy as sa

from lib.amazon import reports
from lib.amazon.port import ReportKind, ReportState
from lib.settings import AMAZON_VARIABLES
from lib.source.marketplaces import MARKETPLACES
from lib.store import AMAZON_REPORT
from tests.amazon.amazon import LOGIN_DATA, REPORTS, Document
from tests.amazon.conftest import amazon, proxy  # noqa: F401
from tests.chaos.apps import Home
from tests.conftest import OdooDatabase
from tests.tables import SELLER

MARKET, KIND = SELLER.markets[0], ReportKind.ACTIVE
TEXT = b"seller-sku\tprice\nA-1\t9.99\n"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An app of a seller with an account; its Odoo is not asked for anything."""
    for name, variable in AMAZON_VARIABLES.items():
        monkeypatch.setenv(f"{variable}_{SELLER.name.upper()}", LOGIN_DATA[name])
    nowhere = OdooDatabase("http://127.0.0.1:9", "none", "nobody", "nothing")
    made = Home(tmp_path, nowhere, tmp_path / "data")
    yield made
    made.close()


def test_a_report_in_queue_is_there_after_a_kill_and_a_restart_without_a_visitor(
    amazon,  # noqa: F811
    home,
):
    amazon.documents[MARKETPLACES[MARKET].id, KIND.value] = Document(TEXT)
    amazon.states = ("IN_QUEUE",)
    store = home.journal.store
    asked = reports.begin(store, SELLER.name, MARKET, KIND)

    def between_two_looks():
        with store.begin() as connection:
            leased = connection.execute(sa.select(AMAZON_REPORT.c.leased)).scalar_one()
        return amazon.counted(f"GET {REPORTS}/") and not leased

    app = home.start_screen()
    home.wait(between_two_looks)
    app.kill()
    (request,) = reports.requests(store, SELLER.name)
    assert (request.id, request.state) == (asked.id, ReportState.QUEUED)

    for report in amazon.reports.values():
        report.states = ["DONE"]
    home.start_screen()
    home.wait(lambda: not reports.under_way(store))
    assert reports.kept(store, asked.id).data == TEXT
    assert amazon.counted(f"POST {REPORTS}") == 1
