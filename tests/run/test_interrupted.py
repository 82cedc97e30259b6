"""Runs that something comes between: silence, lost answers, a cancel, what others changed."""

import threading

import pytest

from lib.model import JobState, MapperError
from lib.run import batches
from lib.run.advance import Next, advance
from lib.run.enter import enter
from lib.target.port import Denied, Unreachable
from tests.run.files import FILE
from tests.runs import by_hand, drive, execute, new_journal, press, preview, result, step, undo
from tests.tables import SELLER, map_file


def test_a_target_that_falls_silent_is_waited_for_and_no_row_is_lost(target, monkeypatch):
    monkeypatch.setattr(batches, "BATCH", batches.BATCH | {"product": 1, "amazon_product": 1})
    load, calls = target.load, []

    def silent_now_and_then(kind, rows):
        calls.append(kind)
        if len(calls) % 2:
            raise Unreachable("it fell silent")
        return load(kind, rows)

    monkeypatch.setattr(target, "load", silent_now_and_then)
    done = preview(target, FILE, create=True)
    gone = execute(done, target, waits=2)
    assert gone.run.state == "waiting"
    assert "silent" in gone.run.error
    monkeypatch.setattr(target, "load", load)
    ended = drive(gone.journal, gone.run, target)
    assert (ended.run.state, ended.error) == ("done", "")
    assert ended.job.counts["outcomes"] == {"done": 4, "unchanged": 0, "skipped": 2, "failed": 0}
    assert not target.catalogue().amazon_products.duplicated("sku").any()
    assert (target.catalogue().products["reference"] == "N").sum() == 1


def test_an_answer_that_was_lost_after_the_write_is_not_written_twice(target, monkeypatch):
    load, lost = target.load, []

    def lose_the_first_answer(kind, rows):
        loaded = load(kind, rows)
        if kind not in lost:
            lost.append(kind)
            raise Unreachable("the answer was lost")
        return loaded

    monkeypatch.setattr(target, "load", lose_the_first_answer)
    done = preview(target, FILE, create=True)
    result = execute(done, target, waits=2)
    assert not result.error
    assert lost == ["product", "amazon_product"]
    assert result.job.counts["outcomes"] == {"done": 4, "unchanged": 0, "skipped": 2, "failed": 0}
    assert result.written == {
        "link": 4, "relink": 0, "update": 0, "unmap": 0, "create_product": 1, "set_price": 0,
    }  # fmt: skip
    assert len(target.catalogue().amazon_products) == 4
    assert (target.catalogue().products["reference"] == "N").sum() == 1


def test_an_access_error_in_the_middle_stops_the_run_at_once(target, monkeypatch):
    monkeypatch.setattr(batches, "BATCH", batches.BATCH | {"product": 1, "amazon_product": 1})
    load, calls = target.load, []

    def denied_after_two(kind, rows):
        calls.append(kind)
        if len(calls) > 2:
            raise Denied("no more rights")
        return load(kind, rows)

    monkeypatch.setattr(target, "load", denied_after_two)
    result = press(target, FILE, create=True)
    assert len(calls) == 3
    assert result.run.state == target.jobs()[0].state == "failed"
    assert result.job.counts["outcomes"] == {"done": 1, "unchanged": 0, "skipped": 2, "failed": 3}
    failed = result.outcomes[result.outcomes["outcome"] == "failed"]
    assert set(failed["message"]) == {"Not confirmed. no more rights"}


def test_what_half_a_batch_wrote_before_the_target_fell_silent_counts_as_done(target, monkeypatch):
    load, calls = target.load, []

    def silent_at_last(kind, rows):
        calls.append(kind)
        if len(calls) == 3:
            raise Unreachable("it fell silent")
        return load(kind, rows)

    monkeypatch.setattr(target, "load", silent_at_last)
    done = preview(target, map_file(*({"sku": str(n), "reference": "A"} for n in range(4))))
    done.plan.rows.loc[3, "product_id"] = 987654321
    result = execute(done, target, waits=1)
    assert result.outcomes["outcome"].tolist() == ["done"] * 3 + ["failed"]
    assert len(target.catalogue().amazon_products) == 3


def test_a_mapping_that_somebody_changed_since_the_preview_is_not_overwritten(target):
    press(target, map_file({"sku": "1", "reference": "A"}, {"sku": "2", "reference": "A"}))
    titles = map_file(
        {"sku": "1", "reference": "A", "title": "New"},
        {"sku": "2", "reference": "A", "title": "New"},
        {"sku": "3", "reference": "A", "title": "New"},
        {"sku": "4", "reference": "A", "title": "New"},
    )
    seen = preview(target, titles)
    by_hand(target, "update amazon_product set title = 'By hand' where sku = '1'")
    press(target, map_file({"sku": "3", "reference": "B", "title": "Theirs"}))
    press(target, map_file({"sku": "4", "reference": "A", "title": "New"}))
    result = execute(seen, target)
    assert result.outcomes["outcome"].tolist() == ["failed", "done", "failed", "unchanged"]
    assert result.outcomes["message"][0].startswith("The mapping was changed in Odoo since")
    read = target.catalogue().amazon_products.set_index("sku")["title"].to_dict()
    assert read == {"1": "By hand", "2": "New", "3": "Theirs", "4": "New"}


def test_a_product_that_was_made_since_the_preview_is_not_made_again(target):
    seen = preview(target, FILE, create=True)
    by_hand(target, "insert into product (reference, name) values ('N', 'By hand')")
    result = execute(seen, target)
    assert result.outcomes["outcome"].tolist() == ["done"] * 2 + ["failed"] * 2 + ["skipped"] * 2
    assert "A product with this reference was made since" in result.outcomes["message"][2]
    assert (target.catalogue().products["reference"] == "N").sum() == 1


def test_a_cancelled_run_stops_after_its_batch_and_goes_on_when_resumed(target, monkeypatch):
    monkeypatch.setattr(batches, "BATCH", batches.BATCH | {"product": 1, "amazon_product": 1})
    done = preview(target, FILE, create=True)
    journal = new_journal()
    entered = enter(journal, done, target, "me", "test")
    load = target.load

    def load_while_somebody_cancels(kind, rows):
        if kind == "amazon_product":
            journal.ask_to_cancel(entered.id)
        return load(kind, rows)

    monkeypatch.setattr(target, "load", load_while_somebody_cancels)
    cancelled = drive(journal, entered, target)
    assert cancelled.run.state == target.jobs()[0].state == "cancelled"
    assert cancelled.job.counts["outcomes"] == {
        "done": 1, "unchanged": 0, "skipped": 5, "failed": 0,
    }  # fmt: skip
    assert "Cancelled before this row" in cancelled.outcomes["message"][1]
    monkeypatch.setattr(target, "load", load)
    resumed = drive(journal, journal.take_up(cancelled.run, "test"), target)
    assert (resumed.run.state, resumed.run.attempt) == ("done", 2)
    assert resumed.job.counts["outcomes"] == {"done": 4, "unchanged": 0, "skipped": 2, "failed": 0}


def test_an_app_that_is_closed_begins_no_other_batch_and_goes_on_when_started(target, monkeypatch):
    monkeypatch.setattr(batches, "BATCH", batches.BATCH | {"product": 1, "amazon_product": 1})
    journal, closing = new_journal(), threading.Event()
    done = preview(target, FILE)
    entered = enter(journal, done, target, "me", "test")
    load = target.load

    def load_while_the_app_is_closed(kind, rows):
        closing.set()
        return load(kind, rows)

    monkeypatch.setattr(target, "load", load_while_the_app_is_closed)
    assert advance(journal, entered.id, 1, lambda _: target, closing) is Next.GO_ON
    assert len(target.catalogue().amazon_products) == 1
    assert drive(journal, entered, target).run.state is JobState.DONE
    assert len(target.catalogue().amazon_products) == 2


def lost_answer(target, monkeypatch):
    """The target writes the first batch of listings, and its answer is lost."""
    load, lost = target.load, []

    def write_and_fall_silent(kind, rows):
        loaded = load(kind, rows)
        if kind == "amazon_product" and not lost:
            lost.append(kind)
            raise Unreachable("the answer was lost")
        return loaded

    monkeypatch.setattr(target, "load", write_and_fall_silent)


def test_a_cancel_after_a_lost_answer_finds_out_what_was_written(target, monkeypatch):
    lost_answer(target, monkeypatch)
    waiting = execute(preview(target, FILE), target)
    assert waiting.run.state is JobState.WAITING
    assert waiting.journal.ask_to_cancel(waiting.run.id)
    cancelled = drive(waiting.journal, waiting.run, target)
    assert cancelled.run.state is JobState.CANCELLED
    assert cancelled.run.error == ""
    assert cancelled.written["link"] == 2
    undone = undo(cancelled, target)
    assert undone.run.state is JobState.DONE
    assert target.catalogue().amazon_products.empty


def test_a_cancel_while_the_target_is_silent_ends_and_says_what_is_not_known(target, monkeypatch):
    lost_answer(target, monkeypatch)
    waiting = execute(preview(target, FILE), target)
    waiting.journal.ask_to_cancel(waiting.run.id)

    def silent(*_):
        raise Unreachable("nobody there")

    while step(waiting.journal, waiting.run, silent) is not Next.END:
        pass
    cancelled = result(waiting.journal, waiting.run.id)
    assert cancelled.run.state is JobState.CANCELLED
    assert sum(cancelled.run.counts["outcomes"].values()) == len(FILE.listings)
    assert "not known whether it was written" in cancelled.outcomes["message"][0]
    with pytest.raises(MapperError, match="Resume the run first"):
        undo(cancelled, target)
    resumed = drive(waiting.journal, waiting.journal.take_up(cancelled.run, "test"), target)
    assert resumed.run.counts["outcomes"]["done"] == 2


def test_a_log_that_is_late_leaves_no_error_behind(target, monkeypatch):
    save, silences = target.save_job, [1, 1]

    def silent_at_the_end(job):
        if job.rows is not None and silences:
            silences.pop()
            raise Unreachable("nobody there")
        save(job)

    monkeypatch.setattr(target, "save_job", silent_at_the_end)
    result = execute(preview(target, FILE), target, waits=2)
    assert (result.run.state, result.run.error) == (JobState.DONE, "")
    assert target.jobs()[0].state is JobState.DONE


def test_a_link_that_somebody_made_between_our_note_and_our_write_is_theirs(target):
    done = preview(target, map_file({"sku": "1", "reference": "A"}))
    journal = new_journal()
    entered = enter(journal, done, target, "me", "test")
    journal.send(entered, journal.next_batches(entered.id, 1)[0], [0])
    by_hand(
        target,
        "insert into amazon_product (seller, market, sku, channel, product_id, title) "
        "select ?, 'US', '1', 'AFN', id, 'A title' from product where reference = 'A'",
        SELLER.name,
    )
    result = drive(journal, entered, target)
    assert result.outcomes["outcome"].tolist() == ["unchanged"]
    undo(result, target)
    assert len(target.catalogue().amazon_products) == 1


def test_an_attempt_that_another_one_overtook_does_nothing(target):
    done = preview(target, FILE)
    journal = new_journal()
    entered = enter(journal, done, target, "me", "test")
    journal.take_up(entered, "another")
    assert step(journal, entered, lambda _: target) is Next.END
    assert target.catalogue().amazon_products.empty


def test_a_run_that_fails_unexpectedly_ends_and_says_so(target, monkeypatch):
    monkeypatch.setattr(target, "load", lambda *given: 1 / 0)
    result = press(target, FILE)
    assert "unexpectedly" in result.error
    assert target.jobs()[0].counts["outcomes"]["failed"] == 2
