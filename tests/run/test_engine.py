"""The engine: runs go on without their screen, one at a time, and after whatever stopped them."""

import threading
import time

import pytest
import sqlalchemy as sa
from dbos import DBOS

from lib.model import JobState, MapperError
from lib.run import batches, executors
from lib.run.undo import plan_undo
from lib.target.port import Unreachable
from tests.runs import preview
from tests.tables import map_file

ROWS = 6


def reviewed(target, name="S"):
    rows = ({"sku": f"{name}{at}", "reference": "A"} for at in range(ROWS))
    return preview(target, map_file(*rows))


@pytest.fixture
def slow(target, monkeypatch):
    """The target waits before its third load until it is told to go on."""
    monkeypatch.setattr(batches, "BATCH", batches.BATCH | {"product": 1, "amazon_product": 1})
    load, calls, reached, go_on = target.load, [], threading.Event(), threading.Event()

    def wait_at_the_third(kind, rows):
        calls.append(kind)
        if len(calls) == 3:
            reached.set()
            assert go_on.wait(20)
        return load(kind, rows)

    monkeypatch.setattr(target, "load", wait_at_the_third)
    target.reached, target.go_on = reached, go_on
    yield target
    go_on.set()


@pytest.fixture
def under_way(start_engine, slow):
    """An engine and its run, which has come to its third load."""
    engine = start_engine()
    run_id = engine.start(reviewed(slow), slow, "me")
    assert slow.reached.wait(20)
    return engine, run_id


@pytest.fixture
def closing(slow, under_way):
    """A run whose third load is over only when its engine is being closed already."""
    engine, run_id = under_way

    def go_on():
        engine._closing.wait()
        slow.go_on.set()

    threading.Thread(target=go_on, daemon=True).start()
    return run_id


def test_a_run_is_started_by_id_and_watched_to_its_end(start_engine, target):
    engine = start_engine()
    run = engine.wait(engine.start(reviewed(target), target, "me"))
    assert (run.state, run.error, run.user) == (JobState.DONE, "", "me")
    assert run.counts["outcomes"]["done"] == ROWS
    assert run.counts["written"]["link"] == ROWS
    assert target.jobs()[0].id == run.id
    assert engine.journal.ended(target.place) == run.finished


def test_its_progress_is_seen_while_it_works(under_way, slow):
    engine, run_id = under_way
    run = engine.journal.run(run_id)
    progress = engine.journal.progress(run)
    assert run.state is JobState.RUNNING
    assert (progress.done, progress.total) == (2, ROWS)
    assert (progress.batches_done, progress.batches) == (2, ROWS)
    assert progress.seconds_left > 0
    slow.go_on.set()
    assert engine.wait(run_id).state is JobState.DONE


def test_its_errors_are_told_while_it_works(start_engine, slow):
    engine = start_engine()
    made = reviewed(slow)
    made.plan.rows.loc[0, "product_id"] = 987654321
    run_id = engine.start(made, slow, "me")
    assert slow.reached.wait(20)
    ((message, count),) = engine.journal.errors(run_id).items()
    assert (count, engine.journal.progress(engine.journal.run(run_id)).failed) == (1, 1)
    assert "refused the row" in message
    slow.go_on.set()
    assert engine.wait(run_id).counts["outcomes"]["failed"] == 1


def test_a_second_run_of_the_same_seller_is_refused_until_the_first_ends(start_engine, slow):
    engine = start_engine()
    first = engine.start(reviewed(slow), slow, "me")
    with pytest.raises(MapperError, match=f"by me: run {first}.*Wait until it has ended"):
        engine.start(reviewed(slow, "T"), slow, "you")
    slow.go_on.set()
    engine.wait(first)
    assert engine.wait(engine.start(reviewed(slow, "T"), slow, "you")).state is JobState.DONE


def test_cancel_stops_after_the_batch_under_way_and_resume_goes_on(under_way, slow):
    engine, run_id = under_way
    engine.cancel(run_id)
    slow.go_on.set()
    run = engine.wait(run_id)
    assert run.state is JobState.CANCELLED
    assert run.counts["outcomes"] == {"done": 3, "unchanged": 0, "skipped": 3, "failed": 0}
    engine.resume(run_id)
    run = engine.wait(run_id)
    assert run.state is JobState.DONE
    assert run.counts["outcomes"]["done"] == ROWS
    assert len(slow.catalogue().amazon_products) == ROWS


def test_what_closing_the_app_interrupts_goes_on_when_it_is_started_again(start_engine, closing):
    again = start_engine()
    run = again.wait(closing)
    assert run.state is JobState.DONE
    assert run.attempt == 2
    assert run.counts["outcomes"]["done"] == ROWS


def test_an_interrupted_run_says_how_to_go_on_with_it(start_engine, slow, closing):
    other = start_engine(alone=True)
    with pytest.raises(MapperError, match=f"interrupted: run {closing}.*runs resume"):
        other.start(reviewed(slow, "T"), slow, "you")
    other.resume(closing)
    assert other.wait(closing).state is JobState.DONE


def test_an_interrupted_run_can_be_cancelled(start_engine, closing):
    other = start_engine(alone=True)
    other.cancel(closing)
    assert other.wait(closing).state is JobState.CANCELLED


def test_a_run_that_was_undone_is_not_resumed(under_way, slow):
    engine, run_id = under_way
    engine.cancel(run_id)
    slow.go_on.set()
    run = engine.wait(run_id)
    engine.wait(engine.undo(plan_undo(engine.journal, run, slow), slow, "me"))
    with pytest.raises(MapperError, match="was undone by run"):
        engine.resume(run_id)


def test_a_run_for_another_place_is_left_to_the_process_that_has_it(start_engine, target, data):
    engine = start_engine()
    target.place = "embedded elsewhere"
    run_id = engine.start(reviewed(target), target, "me")
    deadline = time.monotonic() + 10
    while engine.journal.run(run_id).executor and time.monotonic() < deadline:
        time.sleep(0.05)
    run = engine.journal.run(run_id)
    assert (run.executor, run.active) == ("", True)
    assert target.catalogue().amazon_products.empty


def test_a_silent_target_is_waited_for(start_engine, target, monkeypatch):
    monkeypatch.setattr("lib.run.engine.PAUSES", (0.3,))
    load, answers, seen = target.load, threading.Event(), []

    def silent(kind, rows):
        if not answers.is_set():
            raise Unreachable("nobody answers")
        return load(kind, rows)

    monkeypatch.setattr(target, "load", silent)
    engine = start_engine()
    engine._open = lambda run: target

    def watch(run):
        seen.append((run.state, run.error))
        if (JobState.WAITING, "nobody answers") in seen:
            answers.set()

    assert engine.wait(engine.start(reviewed(target), target, "me"), watch).state is JobState.DONE


def test_a_run_that_could_not_be_queued_is_driven_when_it_can(start_engine, target, monkeypatch):
    monkeypatch.setattr("lib.run.engine.WATCH", 0.5)
    enqueue, refused = DBOS.enqueue_workflow, []

    def full_twice(*given):
        if len(refused) < 2:
            refused.append(given)
            raise sa.exc.OperationalError("insert", {}, Exception("database or disk is full"))
        return enqueue(*given)

    monkeypatch.setattr(DBOS, "enqueue_workflow", full_twice)
    engine = start_engine()
    run = engine.wait(engine.start(reviewed(target), target, "me"))
    assert (run.state, len(refused)) == (JobState.DONE, 2)
    assert run.attempt >= 3


def test_an_engine_gives_signs_of_life_whatever_went_wrong_once(start_engine, monkeypatch):
    monkeypatch.setattr("lib.run.engine.WATCH", 0.05)
    engine, given = start_engine(), threading.Event()
    said = iter([RuntimeError("never seen before")])

    def beat(*_):
        for error in said:
            raise error
        given.set()

    monkeypatch.setattr(executors, "beat", beat)
    assert given.wait(10)
    assert engine._watcher.is_alive()


def test_a_run_is_undone_by_a_run(start_engine, target):
    engine = start_engine()
    run = engine.wait(engine.start(reviewed(target), target, "me"))
    undone = engine.wait(engine.undo(plan_undo(engine.journal, run, target), target, "me"))
    assert (undone.state, undone.undoes) == (JobState.DONE, run.id)
    assert target.catalogue().amazon_products.empty
    assert [other.id for other in engine.journal.undone_by(run.id)] == [undone.id]


def test_what_is_over_is_neither_cancelled_nor_resumed(start_engine, target):
    engine = start_engine()
    run = engine.wait(engine.start(reviewed(target), target, "me"))
    with pytest.raises(MapperError, match="has ended"):
        engine.cancel(run.id)
    with pytest.raises(MapperError, match="is done"):
        engine.resume(run.id)
    with pytest.raises(MapperError, match="no run nothing"):
        engine.cancel("nothing")


def test_a_process_that_has_left_is_not_alive(start_engine, target):
    engine = start_engine()
    first, store = engine.id, engine.store
    assert executors.is_alive(store, first)
    again = start_engine()
    assert not executors.is_alive(again.store, first)
