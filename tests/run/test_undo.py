"""Undo: what a run wrote is taken back, and what somebody changed since is left and named."""

import pytest
import sqlalchemy as sa

from lib.model import MapperError, Outcome
from lib.run.undo import plan_undo
from lib.store import BATCH, pack, unpack
from lib.target.port import TargetError, Unreachable
from tests.runs import by_hand, drive, press, undo
from tests.tables import map_file

CREATING = map_file(
    {"sku": "1", "reference": "A"}, {"sku": "2", "reference": "N"}, {"sku": "3", "reference": "N"}
)


def run(target, file=CREATING):
    return press(target, file, create=True)


def state(target):
    read = target.catalogue()
    return read.products, read.amazon_products


def outcomes(result):
    return dict(zip(result.journal.rows(result.run.id)["sku"], result.outcomes["message"],
                    strict=True))  # fmt: skip


def test_after_an_undo_the_target_is_as_before(target):
    run(target, map_file({"sku": "0", "reference": "B", "title": "Old", "units": "4"}))
    before = state(target)
    done = run(
        target,
        map_file(
            {"sku": "0", "reference": "B", "title": "New", "units": "6"},
            {"sku": "1", "reference": "A"},
            {"sku": "2", "reference": "N"},
        ),
    )
    assert done.written == {"link": 2, "relink": 0, "update": 1, "unmap": 0,
                            "create_product": 1, "set_price": 0}  # fmt: skip
    undone = undo(done, target)
    assert undone.run.state == "done"
    assert set(undone.outcomes["outcome"]) == {Outcome.DONE}
    for was, now in zip(before, state(target), strict=True):
        assert was.equals(now)


def test_units_that_somebody_changed_since_are_left(target):
    done = run(target, map_file({"sku": "1", "reference": "A", "units": "6"}))
    by_hand(target, "update amazon_product set units = 8")
    assert outcomes(undo(done, target))["1"].startswith("Changed or removed since by somebody")
    assert target.catalogue().amazon_products["units"].tolist() == [8]


def test_a_run_of_before_there_were_units_is_undone(target):
    done = run(target)
    with done.journal.store.begin() as store:
        for number, rows in store.execute(sa.select(BATCH.c.number, BATCH.c.rows)).all():
            old = unpack(rows).drop(columns=["units", "was_units"], errors="ignore")
            store.execute(sa.update(BATCH).where(BATCH.c.number == number).values(rows=pack(old)))
    assert set(undo(done, target).outcomes["outcome"]) == {Outcome.DONE}
    assert target.catalogue().amazon_products.empty


def test_the_preview_says_what_an_undo_does(target):
    done = run(target)
    made = plan_undo(done.journal, done.run, target)
    assert made.counts == {
        "remove prices": 0, "restore prices": 0, "remove Amazon Products": 3,
        "restore Amazon Products": 0, "map Amazon Products again": 0, "remove products": 1,
        "left": 0,
    }  # fmt: skip
    assert made.changes == 4


def test_what_somebody_changed_since_is_left_and_reported(target):
    done = run(target)
    by_hand(target, "update amazon_product set title = 'Mine now' where sku = '1'")
    assert plan_undo(done.journal, done.run, target).counts["left"] == 1
    undone = undo(done, target)
    assert outcomes(undone)["1"].startswith("Changed or removed since by somebody")
    assert outcomes(undone)["2"] == "Amazon Product removed"
    assert target.catalogue().amazon_products["sku"].tolist() == ["1"]


def test_what_somebody_removed_since_is_reported(target):
    done = run(target, map_file({"sku": "1", "reference": "A"}))
    by_hand(target, "delete from amazon_product")
    undone = undo(done, target)
    assert undone.outcomes["outcome"].tolist() == ["skipped"]
    assert undone.run.state == "done"


def test_a_product_that_somebody_edited_since_is_left(target):
    done = run(target)
    by_hand(target, "update product set barcode = '4006381333931' where reference = 'N'")
    undo(done, target)
    assert "N" in set(target.catalogue().products["reference"])
    assert target.catalogue().amazon_products.empty


def test_a_product_that_other_listings_are_tied_to_is_left(target):
    done = run(target)
    run(target, map_file({"sku": "9", "reference": "N"}))
    undone = undo(done, target)
    assert "Other listings are tied" in outcomes(undone)[""]
    assert target.catalogue().amazon_products["sku"].tolist() == ["9"]


def test_a_product_in_use_is_archived(target, monkeypatch):
    done = run(target)
    delete = target.delete

    def in_use(kind, records):
        if kind == "product":
            raise TargetError("a sales order uses it")
        delete(kind, records)

    monkeypatch.setattr(target, "delete", in_use)
    undone = undo(done, target)
    assert outcomes(undone)[""] == "Product archived, it is in use. a sales order uses it"
    products = target.catalogue().products.set_index("reference")
    assert not products["active"]["N"]


def test_an_answer_lost_after_the_removal_is_not_reported_as_somebody_s_change(target, monkeypatch):
    done = run(target)
    delete, lost = target.delete, []

    def lose_the_first_answer(kind, records):
        delete(kind, records)
        if kind not in lost:
            lost.append(kind)
            raise Unreachable("the answer was lost")

    monkeypatch.setattr(target, "delete", lose_the_first_answer)
    undone = undo(done, target)
    undone = drive(undone.journal, undone.run, target, waits=3)
    assert set(undone.outcomes["outcome"]) == {Outcome.DONE}


def test_one_record_that_is_refused_fails_alone(target, monkeypatch):
    done = run(target)
    delete = target.delete
    kept = int(target.catalogue().amazon_products.set_index("sku")["id"]["2"])

    def keep_one(kind, records):
        if kind == "amazon_product" and kept in records:
            raise TargetError("this one stays")
        delete(kind, records)

    monkeypatch.setattr(target, "delete", keep_one)
    undone = undo(done, target)
    assert outcomes(undone)["2"] == "this one stays"
    assert target.catalogue().amazon_products["sku"].tolist() == ["2"]
    assert undone.job.counts["outcomes"]["failed"] == 1


def test_an_undo_is_not_undone_but_the_file_executed_again(target):
    undone = undo(run(target), target)
    with pytest.raises(MapperError, match="is an undo itself"):
        plan_undo(undone.journal, undone.run, target)


def test_an_undo_is_a_job_in_the_log(target):
    undone = undo(run(target), target)
    job = target.jobs()[0]
    assert (job.id, job.file) == (undone.run.id, "Undo of test.csv")
    assert target.job_rows(job.id)["message"].tolist()[-1] == "Product deleted"
