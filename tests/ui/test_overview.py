"""The figures of the overview, and what it says is to be done next."""

import pandas as pd
import pytest

from lib.last_report import Listed
from lib.model import JobState, Outcome, Seller
from lib.overview import Drift, overview
from lib.target.port import Job
from lib.ui import charts
from lib.ui.overview import OLD, steps
from lib.ui.registry import AMAZON_PRODUCTS, JOB_LOG, MAP_PRODUCTS, SYNC_LISTINGS
from tests.tables import SELLER, catalogue

NOW = 1_800_000_000.0
DAY = 86_400
CATALOGUE = catalogue(
    {"reference": "A"},
    {"reference": "B", "active": False},
    held=(
        {"sku": "A", "product_id": 1},
        {"sku": "B", "product_id": 2},
        {"sku": "C", "product_id": 1, "market": "DE"},
    ),
)


def listed(*skus, at=NOW):
    seen = pd.DataFrame({"sku": skus, "channel": "AFN", "title": "", "market": "US"}, dtype="str")
    return Listed("US", "report.txt", "run", at, False, seen.assign(active=True), None)


def job(failed=0, state=JobState.DONE, seller=SELLER.name):
    outcomes = dict.fromkeys([*Outcome], 0) | {Outcome.FAILED: failed}
    return Job("j1", "me", seller, "f.csv", "", "2026-01-01T00:00:00Z", state=state,
               counts={"outcomes": outcomes})  # fmt: skip


def found(reports=(), jobs=(), of=CATALOGUE):
    return list(steps(overview(of, SELLER, list(reports)), SELLER, list(jobs), NOW))


def test_what_failed_comes_first_then_drift_then_what_was_never_synced():
    told = found([listed("A", "X")], [job(failed=2, state=JobState.CANCELLED)])
    assert [(step.page, step.params) for step in told] == [
        (JOB_LOG, {"job": "j1", "outcome": "Failed"}),
        (JOB_LOG, {"job": "j1"}),
        (AMAZON_PRODUCTS, {"state": Drift.ARCHIVED.label}),
        (AMAZON_PRODUCTS, {"state": Drift.UNMAPPED.label}),
        (AMAZON_PRODUCTS, {"state": Drift.GONE.label}),
        (SYNC_LISTINGS, {}),
    ]
    assert told[0].words == "2 rows of the last run failed: see why"
    assert told[-1].words == "Never synced: Amazon.de"


def test_nothing_mapped_leads_to_a_map_file():
    (step,) = found(of=catalogue({"reference": "A"}))
    assert step.page is MAP_PRODUCTS


@pytest.mark.parametrize(("days", "old"), [(OLD - 1, False), (OLD + 1, True)])
def test_a_report_of_long_ago_is_to_be_asked_for_again(days, old):
    told = found([listed("A", "B", at=NOW - days * DAY)])
    assert any("Last synced over" in step.words for step in told) == old


def test_runs_of_other_sellers_are_nobody_s_business():
    assert not [
        step for step in found(jobs=[job(failed=1, seller="other")]) if step.page is JOB_LOG
    ]


def test_the_bars_of_coverage_add_up_and_say_what_they_stand_for():
    shown = overview(CATALOGUE, Seller(SELLER.name, ("US", "DE")), [listed("A", "X")])
    figure = charts.mapped_and_listed(shown.coverage, 300)
    sums = [sum(bar.x) for bar in figure.data]
    assert sums == [1, 1, 2]
    assert [list(which) for which in figure.data[0].customdata] == [["DE", "AFN"], ["US", "AFN"]]
    assert list(figure.data[0].y) == ["Amazon.de · FBA", "Amazon.com · FBA"]


def test_the_trend_has_a_bar_a_run_and_knows_its_id():
    counts = {outcome: [3, 5] for outcome in Outcome}
    jobs = pd.DataFrame({"id": ["a", "b"], "started": ["2026-01-01 10:00", "2026-01-02 10:00"],
                         "file": ["f", "g"]} | counts)  # fmt: skip
    figure = charts.trend(jobs, 300)
    assert len(figure.data) == len(Outcome)
    assert [which[0] for which in figure.data[0].customdata] == ["a", "b"]
    assert list(figure.layout.xaxis.ticktext) == ["01-01 10:00", "01-02 10:00"]
