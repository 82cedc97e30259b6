"""Unmapping: journaled, never over what somebody changed, and taken back by an undo."""

import pytest

from lib.model import Options, Outcome
from lib.review import review
from lib.run.batches import WRITE
from lib.run.undo import plan_undo
from lib.run.work import CHANGED, NOT_THERE
from lib.target.port import TargetError, Unreachable
from tests.runs import drive, execute, undo
from tests.tables import SELLER, map_file

UNMAP = {"action": "UNMAP"}
MAPPED = map_file(
    {"sku": "1", "reference": "A", "title": "One"}, {"sku": "2", "reference": "N", "title": "Two"}
)
GOING = map_file({"sku": "1"} | UNMAP, {"sku": "2"} | UNMAP)


@pytest.fixture
def target(target):
    execute(review(MAPPED, target.catalogue(), SELLER, Options(create=True)), target)
    return target


def unmap(target, file=GOING):
    return review(file, target.catalogue(), SELLER, Options())


def by_hand(target, words):
    with target._store() as store:
        store.execute(words)


def layer(target):
    return target.catalogue().amazon_products


def product(target, reference):
    products = target.catalogue().products
    return products.loc[products["reference"] == reference, "id"].item()


def told(result):
    return result.outcomes.to_numpy().tolist()


def test_unmapping_removes_the_amazon_product_and_keeps_the_product(target):
    products = target.catalogue().products
    done = unmap(target)
    assert done.plan.counts["unmap"] == done.plan.changes == 2
    result = execute(done, target)
    assert told(result) == [[Outcome.DONE, "Amazon Product removed"]] * 2
    assert result.written["unmap"] == 2
    assert layer(target).empty
    assert target.catalogue().products.equals(products)


def test_unmapping_again_changes_nothing(target):
    execute(unmap(target), target)
    again = unmap(target)
    assert again.plan.changes == 0
    assert again.plan.counts["unchanged"] == 2
    assert told(execute(again, target))[0][0] == Outcome.UNCHANGED


def test_one_file_maps_and_unmaps(target):
    file = map_file({"sku": "1"} | UNMAP, {"sku": "3", "reference": "B"})
    assert execute(unmap(target, file), target).written["unmap"] == 1
    assert layer(target)["sku"].tolist() == ["2", "3"]


def test_the_log_keeps_the_action_so_that_its_rows_never_map_what_was_to_be_unmapped(target):
    result = execute(unmap(target), target)
    assert target.job_rows(result.run.id)["action"].tolist() == ["UNMAP", "UNMAP"]


def test_undo_makes_them_again_under_the_same_external_id(target):
    before = layer(target).drop(columns="id")
    result = execute(unmap(target), target)
    undone = undo(result, target)
    assert told(undone) == [[Outcome.DONE, "Restored"]] * 2
    after = layer(target).drop(columns="id")
    assert after.equals(before)
    assert "N" in after["created_for"].tolist()


def test_undo_makes_one_again_that_was_made_by_hand(target):
    by_hand(target, "update amazon_product set xid = null where sku = '1'")
    undo(execute(unmap(target), target), target)
    (row,) = layer(target).query("sku == '1'").to_dict("records")
    assert (row["title"], row["product_id"]) == ("One", product(target, "A"))


def test_what_somebody_changed_since_the_preview_stays_and_is_reported(target):
    done = unmap(target)
    by_hand(target, "update amazon_product set title = 'Mine' where sku = '1'")
    by_hand(target, "update amazon_product set sku = '7' where sku = '2'")
    assert told(execute(done, target)) == [[Outcome.FAILED, CHANGED[WRITE]]] * 2
    assert layer(target)["sku"].tolist() == ["1", "7"]


def test_what_somebody_removed_since_the_preview_is_unmapped_already(target):
    done = unmap(target)
    by_hand(target, "delete from amazon_product where sku = '1'")
    result = execute(done, target)
    assert told(result)[0] == [Outcome.UNCHANGED, NOT_THERE]
    undo(result, target)
    assert layer(target)["sku"].tolist() == ["2"], "undo brings back only what the run removed"


def test_undo_leaves_a_listing_that_somebody_mapped_again(target):
    result = execute(unmap(target), target)
    execute(unmap(target, map_file({"sku": "1", "reference": "B"})), target)
    assert plan_undo(result.journal, result.run, target).counts["left"] == 1
    undo(result, target)
    assert layer(target).set_index("sku")["product_id"]["1"] == product(target, "B")


def test_undo_does_not_write_over_a_record_that_has_its_external_id_by_now(target):
    result = execute(unmap(target), target)
    execute(unmap(target, map_file({"sku": "1", "reference": "B"})), target)
    by_hand(target, "update amazon_product set sku = '7' where sku = '1'")
    undo(result, target)
    assert set(layer(target)["sku"]) == {"1", "2", "7"}


def test_an_answer_lost_after_the_removal_counts_as_ours(target, monkeypatch):
    delete, lost = target.delete, []

    def lose_the_first_answer(kind, records):
        delete(kind, records)
        if not lost:
            lost.append(kind)
            raise Unreachable("the answer was lost")

    monkeypatch.setattr(target, "delete", lose_the_first_answer)
    result = execute(unmap(target), target, waits=3)
    assert told(result) == [[Outcome.DONE, "Amazon Product removed"]] * 2
    monkeypatch.undo()
    undo(result, target)
    assert len(layer(target)) == 2


def test_one_record_that_is_refused_fails_alone(target, monkeypatch):
    delete = target.delete
    kept = int(layer(target).set_index("sku")["id"]["2"])

    def keep_one(kind, records):
        if kept in records:
            raise TargetError("this one stays")
        delete(kind, records)

    monkeypatch.setattr(target, "delete", keep_one)
    result = execute(unmap(target), target)
    assert told(result)[1] == [Outcome.FAILED, "this one stays"]
    assert layer(target)["sku"].tolist() == ["2"]


def test_a_run_that_is_driven_again_after_its_end_removes_nothing_more(target):
    result = execute(unmap(target), target)
    execute(review(MAPPED, target.catalogue(), SELLER, Options(create=True)), target)
    drive(result.journal, result.run, target)
    assert len(layer(target)) == 2
