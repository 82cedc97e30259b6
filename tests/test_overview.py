"""What the overview counts, and what it says that it does not know."""

from dataclasses import replace

import pandas as pd
import pytest
import sqlalchemy as sa

from lib.last_report import recall
from lib.model import JobState, Options, Seller
from lib.overview import Drift, overview
from lib.review import review
from lib.source.reports_together import combine
from lib.store import LISTED
from lib.target.embedded import EmbeddedTarget
from tests.runs import execute
from tests.tables import SELLER, catalogue, exported, report

CATALOGUE = catalogue(
    {"reference": "A"},
    {"reference": "B", "active": False},
    held=(
        {"sku": "A", "product_id": 1},
        {"sku": "1", "product_id": 1, "channel": "MFN"},
        {"sku": "2", "product_id": 2, "market": "DE"},
        {"sku": "3", "product_id": 1, "created_for": "WAS"},
        {"sku": "4", "product_id": 1, "created_for": " a"},
        {"sku": "5", "product_id": 0},
        {"sku": "9", "product_id": 1, "seller": "somebody else"},
    ),
)


@pytest.fixture
def target(tmp_path):
    made = EmbeddedTarget(tmp_path / "store.sqlite")
    made.take_products(exported({"reference": "A"}, {"reference": "B"}))
    return made


def sync(target, *rows):
    """Execute a report; the overview of its journal then."""
    ran = execute(review(report(*rows), target.catalogue(), SELLER, Options()), target)
    return ran, recall(ran.journal.store, target.place, SELLER.name)


def test_without_a_report_nobody_knows_what_is_listed():
    shown = overview(CATALOGUE, SELLER, [])
    assert shown.coverage.to_numpy().tolist() == [
        ["DE", "AFN", 1, -1, 0],
        ["US", "AFN", 3, -1, 0],
        ["US", "MFN", 1, -1, 0],
    ]
    assert shown.drifted == {
        Drift.UNMAPPED: 0, Drift.GONE: 0, Drift.ARCHIVED: 1, Drift.CHANGED: 1,
    }  # fmt: skip


def test_a_seller_without_listings_has_an_empty_overview():
    shown = overview(CATALOGUE, Seller("nobody", ("US",)), [])
    assert shown.held.empty
    assert shown.coverage.empty
    assert set(shown.drifted.values()) == {0}


def test_an_executed_report_is_remembered_with_what_it_lists(target):
    _, (kept,) = sync(target, {"sku": "A"}, {"sku": "X", "channel": "MFN"})
    assert (kept.market, kept.name, kept.inactive) == ("US", "report.txt", False)
    assert kept.seen["sku"].tolist() == ["A", "X"]
    assert kept.before is None
    shown = overview(target.catalogue(), SELLER, [kept])
    assert shown.coverage.to_numpy().tolist() == [["US", "AFN", 1, 1, 1], ["US", "MFN", 0, 1, 0]]
    assert shown.unmapped[["sku", "channel", "new"]].to_numpy().tolist() == [["X", "MFN", False]]


def test_listings_that_are_new_in_the_last_report_are_told_from_others(target, monkeypatch):
    ran, _ = sync(target, {"sku": "X"})
    monkeypatch.setattr("tests.runs.new_journal", lambda: ran.journal)
    for rows in ([{"sku": "Y"}], [{"sku": "Y"}, {"sku": "Z"}]):
        _, (kept,) = sync(target, *rows)
    shown = overview(target.catalogue(), SELLER, [kept])
    assert shown.unmapped[["sku", "new"]].to_numpy().tolist() == [["Y", False], ["Z", True]]


def test_what_the_last_report_does_not_list_is_gone(target, monkeypatch):
    ran, _ = sync(target, {"sku": "A"}, {"sku": "B"})
    monkeypatch.setattr("tests.runs.new_journal", lambda: ran.journal)
    _, (kept,) = sync(target, {"sku": "B"})
    shown = overview(target.catalogue(), SELLER, [kept])
    assert shown.held.loc[shown.held[Drift.GONE], "sku"].tolist() == ["A"]
    assert shown.drifted[Drift.GONE] == 1


def test_reports_of_several_marketplaces_in_one_run_are_kept_apart(target):
    both = combine([report({"sku": "A"}), report({"sku": "B", "market": "DE"})])
    ran = execute(review(both, target.catalogue(), SELLER, Options()), target)
    kept = recall(ran.journal.store, target.place, SELLER.name)
    assert {one.market: one.seen["sku"].tolist() for one in kept} == {"US": ["A"], "DE": ["B"]}


def test_each_marketplace_keeps_the_name_of_its_own_report(target):
    us = replace(report({"sku": "A"}), names=("us.txt",))
    both = combine([us, replace(report({"sku": "B", "market": "DE"}), names=("de.txt",))])
    ran = execute(review(both, target.catalogue(), SELLER, Options()), target)
    kept = recall(ran.journal.store, target.place, SELLER.name)
    assert {one.market: one.name for one in kept} == {"US": "us.txt", "DE": "de.txt"}


def test_a_report_that_lists_nothing_is_the_last_one_all_the_same(target, monkeypatch):
    ran, _ = sync(target, {"sku": "A"})
    monkeypatch.setattr("tests.runs.new_journal", lambda: ran.journal)
    empty, (kept,) = sync(target)
    assert kept.run == empty.run.id
    assert kept.seen.empty


@pytest.mark.parametrize("state", [JobState.CANCELLED, JobState.FAILED])
def test_a_sync_that_did_not_come_to_its_end_is_not_the_last_one(target, monkeypatch, state):
    ran, _ = sync(target, {"sku": "A"})
    monkeypatch.setattr("tests.runs.new_journal", lambda: ran.journal)
    second, _ = sync(target, {"sku": "B"})
    for _ in range(3):  # nor is any of the two that count forgotten for it
        ended, _ = sync(target, {"sku": "X"})
        ran.journal.update(ended.run, state=state)
    (kept,) = recall(ran.journal.store, target.place, SELLER.name)
    assert (kept.run, kept.seen["sku"].tolist()) == (second.run.id, ["B"])
    assert kept.before["sku"].tolist() == ["A"]
    ran.journal.update(ended.run, state=JobState.DONE)  # it was resumed
    (kept,) = recall(ran.journal.store, target.place, SELLER.name)
    assert (kept.run, kept.before["sku"].tolist()) == (ended.run.id, ["B"])


def test_only_the_last_report_and_the_one_before_it_are_kept(target, monkeypatch):
    ran, _ = sync(target, {"sku": "A"})
    monkeypatch.setattr("tests.runs.new_journal", lambda: ran.journal)
    for _ in range(4):
        sync(target, {"sku": "A"})
    with ran.journal.store.begin() as connection:
        kept = connection.execute(sa.select(sa.func.count()).select_from(LISTED)).scalar_one()
    assert kept <= 3  # one more while a sync may still not come to its end


def test_reports_of_other_sellers_and_places_are_not_recalled(target):
    ran, _ = sync(target, {"sku": "A"})
    store = ran.journal.store
    assert recall(store, target.place, "nobody") == recall(store, "elsewhere", SELLER.name) == []


def test_a_listing_of_unknown_fulfilment_is_not_counted_as_listed(target):
    _, reports = sync(target, {"sku": "A"}, {"sku": "Q", "channel": ""})
    shown = overview(target.catalogue(), SELLER, reports)
    assert shown.coverage["listed"].tolist() == [1]
    assert isinstance(shown.unmapped, pd.DataFrame)
    assert shown.unmapped.empty
