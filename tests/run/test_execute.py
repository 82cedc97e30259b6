"""Executing a plan on the embedded store: outcomes, reconciliation, the job log."""

import threading

import pytest

from lib.catalogue import texts_of
from lib.model import JobState, MapperError, Operation, Options, Outcome
from lib.review import review
from lib.run import batches
from lib.run.advance import Next, advance
from lib.run.enter import enter
from lib.target.embedded import EmbeddedTarget
from lib.target.port import Denied, TargetError, Unreachable
from tests.runs import drive, execute, new_journal, result, step, undo
from tests.tables import SELLER, exported, map_file

FILE = map_file(
    {"sku": "1", "reference": "A"},
    {"sku": "2", "reference": "A", "title": ""},
    {"sku": "3", "reference": "N"},
    {"sku": "4", "reference": "N"},
    {"sku": "5", "reference": "UNTITLED", "title": ""},
    {"sku": "1", "reference": "A"},
)


@pytest.fixture
def target(tmp_path):
    made = EmbeddedTarget(tmp_path / "store.sqlite")
    made.take_products(exported({"reference": "A"}, {"reference": "B"}))
    return made


def run(target, file=FILE, **options):
    done = review(file, target.catalogue(), SELLER, Options(**options))
    return done, execute(done, target, "me")


def test_the_preview_counts_what_the_run_does(target):
    done, result = run(target, create=True)
    assert done.counts["operations"] == {
        "link": 4, "relink": 0, "update": 0, "unmap": 0, "create_product": 1,
        "unchanged": 0, "skip": 2,
    }  # fmt: skip
    assert result.written == {"link": 4, "relink": 0, "update": 0, "unmap": 0, "create_product": 1}
    assert list(result.outcomes["outcome"]) == ["done"] * 4 + ["skipped"] * 2


def test_a_product_is_created_with_reference_and_title_for_all_its_listings(target):
    run(target, create=True)
    read = target.catalogue()
    created = read.products[read.products["reference"] == "N"]
    assert created["name"].tolist() == ["A title"]
    of_it = read.amazon_products[read.amazon_products["product_id"] == created["id"].item()]
    assert sorted(of_it["sku"]) == ["3", "4"]
    assert set(of_it["created_for"]) == {"N"}


def test_a_listing_without_a_title_gets_the_name_of_its_product(target):
    run(target)
    read = target.catalogue()
    assert read.amazon_products.set_index("sku")["title"]["2"] == "Product 1"


def test_the_same_file_again_changes_nothing(target):
    run(target, create=True)
    before = target.catalogue().amazon_products
    done, result = run(target, create=True)
    assert done.plan.changes == 0
    assert result.job.counts["outcomes"] == {"done": 0, "unchanged": 4, "skipped": 2, "failed": 0}
    assert target.catalogue().amazon_products.equals(before)


def test_a_new_title_is_an_update(target):
    run(target)
    done, result = run(target, map_file({"sku": "1", "reference": "A", "title": "Better"}))
    assert done.plan.counts[Operation.UPDATE] == 1
    assert result.written["update"] == 1
    assert "Better" in set(target.catalogue().amazon_products["title"])


def test_a_record_that_a_person_gave_another_sku_is_left_alone(target):
    run(target, map_file({"sku": "1", "reference": "A"}))
    with target._store() as store:
        store.execute("update amazon_product set sku = 'BY HAND'")
    run(target, map_file({"sku": "1", "reference": "B"}))
    read = target.catalogue()
    held = texts_of(read.amazon_products["product_id"], read.by_id["reference"])
    assert dict(zip(read.amazon_products["sku"], held, strict=True)) == {"BY HAND": "A", "1": "B"}
    done, _ = run(target, map_file({"sku": "1", "reference": "B"}))
    assert done.plan.changes == 0


def test_the_job_log_has_who_what_and_every_row(target):
    _, result = run(target)
    job = target.jobs()[0]
    assert (job.user, job.seller, job.file, job.state) == ("me", "acme", "test.csv", "done")
    assert job.finished >= job.started
    assert job.counts == result.job.counts
    assert target.job_rows(job.id)["outcome"].tolist() == list(result.outcomes["outcome"])


def test_products_that_are_refused_fail_their_listings_by_name(target, monkeypatch):
    monkeypatch.setattr("lib.plan._titles", lambda rows, *_: rows["title"])
    done = review(FILE, target.catalogue(), SELLER, Options(create=True))
    done.plan.products["name"] = ""
    result = execute(done, target, "me")
    failed = result.outcomes[result.outcomes["outcome"] == Outcome.FAILED]
    assert len(failed) == 2
    assert failed["message"].str.startswith("Product not created: ").all()
    assert result.written["link"] == 2


def test_a_target_that_falls_silent_is_waited_for_and_no_row_is_lost(target, monkeypatch):
    monkeypatch.setattr(batches, "BATCH", {"product": 1, "amazon_product": 1})
    load, calls = target.load, []

    def silent_now_and_then(kind, rows):
        calls.append(kind)
        if len(calls) % 2:
            raise Unreachable("it fell silent")
        return load(kind, rows)

    monkeypatch.setattr(target, "load", silent_now_and_then)
    done = review(FILE, target.catalogue(), SELLER, Options(create=True))
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
    done = review(FILE, target.catalogue(), SELLER, Options(create=True))
    result = execute(done, target, waits=2)
    assert not result.error
    assert lost == ["product", "amazon_product"]
    assert result.job.counts["outcomes"] == {"done": 4, "unchanged": 0, "skipped": 2, "failed": 0}
    assert result.written == {"link": 4, "relink": 0, "update": 0, "unmap": 0, "create_product": 1}
    assert len(target.catalogue().amazon_products) == 4
    assert (target.catalogue().products["reference"] == "N").sum() == 1


def test_without_the_rights_nothing_is_written_and_no_job_begun(target, monkeypatch):
    def denied(kinds):
        raise Denied("no right to create products")

    monkeypatch.setattr(target, "check_rights", denied)
    with pytest.raises(Denied, match="no right"):
        run(target, create=True)
    assert target.jobs() == []
    assert target.catalogue().amazon_products.empty


def test_an_access_error_in_the_middle_stops_the_run_at_once(target, monkeypatch):
    monkeypatch.setattr(batches, "BATCH", {"product": 1, "amazon_product": 1})
    load, calls = target.load, []

    def denied_after_two(kind, rows):
        calls.append(kind)
        if len(calls) > 2:
            raise Denied("no more rights")
        return load(kind, rows)

    monkeypatch.setattr(target, "load", denied_after_two)
    _, result = run(target, create=True)
    assert len(calls) == 3
    assert result.run.state == target.jobs()[0].state == "failed"
    assert result.job.counts["outcomes"] == {"done": 1, "unchanged": 0, "skipped": 2, "failed": 3}
    failed = result.outcomes[result.outcomes["outcome"] == "failed"]
    assert set(failed["message"]) == {"Not confirmed. no more rights"}


def test_progress_ends_at_the_total(target):
    seen = []
    done = review(FILE, target.catalogue(), SELLER, Options(create=True))
    execute(done, target, "me", lambda progress: seen.append((progress.done, progress.total)))
    assert seen[0][0] < 5
    assert seen[-1] == (5, 5)


def test_a_listing_that_was_renamed_by_hand_again_and_again_loses_no_record(target):
    for number, reference in enumerate(["A", "B", "A"]):
        run(target, map_file({"sku": "1", "reference": reference}))
        with target._store() as store:
            store.execute("update amazon_product set sku = ? where sku = '1'", (f"HAND {number}",))
    assert sorted(target.catalogue().amazon_products["sku"]) == ["HAND 0", "HAND 1", "HAND 2"]


def test_a_product_created_earlier_and_renamed_since_is_not_tied_silently(target):
    run(target, map_file({"sku": "1", "reference": "N"}), create=True)
    with target._store() as store:
        store.execute("delete from amazon_product")
        store.execute("update product set reference = 'RENAMED' where reference = 'N'")
    _, result = run(target, map_file({"sku": "2", "reference": "N"}), create=True)
    assert result.outcomes["outcome"].tolist() == ["failed"]
    assert "RENAMED" in result.outcomes["message"].item()
    assert target.catalogue().amazon_products.empty


def test_what_half_a_batch_wrote_before_the_target_fell_silent_counts_as_done(target, monkeypatch):
    load, calls = target.load, []

    def silent_at_last(kind, rows):
        calls.append(kind)
        if len(calls) == 3:
            raise Unreachable("it fell silent")
        return load(kind, rows)

    monkeypatch.setattr(target, "load", silent_at_last)
    done = review(map_file(*({"sku": str(n), "reference": "A"} for n in range(4))),
                  target.catalogue(), SELLER, Options())  # fmt: skip
    done.plan.rows.loc[3, "product_id"] = 987654321
    result = execute(done, target, waits=1)
    assert result.outcomes["outcome"].tolist() == ["done"] * 3 + ["failed"]
    assert len(target.catalogue().amazon_products) == 3


def test_a_mapping_that_somebody_changed_since_the_preview_is_not_overwritten(target):
    run(target, map_file({"sku": "1", "reference": "A"}, {"sku": "2", "reference": "A"}))
    titles = map_file(
        {"sku": "1", "reference": "A", "title": "New"},
        {"sku": "2", "reference": "A", "title": "New"},
        {"sku": "3", "reference": "A", "title": "New"},
        {"sku": "4", "reference": "A", "title": "New"},
    )
    seen = review(titles, target.catalogue(), SELLER, Options())
    with target._store() as store:
        store.execute("update amazon_product set title = 'By hand' where sku = '1'")
    run(target, map_file({"sku": "3", "reference": "B", "title": "Theirs"}))
    run(target, map_file({"sku": "4", "reference": "A", "title": "New"}))
    result = execute(seen, target)
    assert result.outcomes["outcome"].tolist() == ["failed", "done", "failed", "unchanged"]
    assert result.outcomes["message"][0].startswith("The mapping was changed in Odoo since")
    read = target.catalogue().amazon_products.set_index("sku")["title"].to_dict()
    assert read == {"1": "By hand", "2": "New", "3": "Theirs", "4": "New"}


def test_a_product_that_was_made_since_the_preview_is_not_made_again(target):
    seen = review(FILE, target.catalogue(), SELLER, Options(create=True))
    with target._store() as store:
        store.execute("insert into product (reference, name) values ('N', 'By hand')")
    result = execute(seen, target)
    assert result.outcomes["outcome"].tolist() == ["done"] * 2 + ["failed"] * 2 + ["skipped"] * 2
    assert "A product with this reference was made since" in result.outcomes["message"][2]
    assert (target.catalogue().products["reference"] == "N").sum() == 1


def test_a_cancelled_run_stops_after_its_batch_and_goes_on_when_resumed(target, monkeypatch):
    monkeypatch.setattr(batches, "BATCH", {"product": 1, "amazon_product": 1})
    done = review(FILE, target.catalogue(), SELLER, Options(create=True))
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
    monkeypatch.setattr(batches, "BATCH", {"product": 1, "amazon_product": 1})
    journal, closing = new_journal(), threading.Event()
    done = review(FILE, target.catalogue(), SELLER, Options())
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
    waiting = execute(review(FILE, target.catalogue(), SELLER, Options()), target)
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
    waiting = execute(review(FILE, target.catalogue(), SELLER, Options()), target)
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
    result = execute(review(FILE, target.catalogue(), SELLER, Options()), target, waits=2)
    assert (result.run.state, result.run.error) == (JobState.DONE, "")
    assert target.jobs()[0].state is JobState.DONE


def test_a_record_made_by_hand_with_outer_spaces_is_updated(target):
    with target._store() as store:
        store.execute(
            "insert into amazon_product (seller, market, sku, channel, product_id, title) "
            "select ?, 'US', ' 1 ', 'AFN', id, 'Old' from product where reference = 'A'",
            (SELLER.name,),
        )
    _, result = run(target, map_file({"sku": "1", "reference": "A", "title": "New"}))
    assert result.written["update"] == 1
    undo(result, target)
    assert target.catalogue().amazon_products["title"].tolist() == ["Old"]


def test_a_link_that_somebody_made_between_our_note_and_our_write_is_theirs(target):
    done = review(map_file({"sku": "1", "reference": "A"}), target.catalogue(), SELLER, Options())
    journal = new_journal()
    entered = enter(journal, done, target, "me", "test")
    journal.send(entered, journal.next_batches(entered.id, 1)[0], [0])
    with target._store() as store:
        store.execute(
            "insert into amazon_product (seller, market, sku, channel, product_id, title) "
            "select ?, 'US', '1', 'AFN', id, 'A title' from product where reference = 'A'",
            (SELLER.name,),
        )
    result = drive(journal, entered, target)
    assert result.outcomes["outcome"].tolist() == ["unchanged"]
    undo(result, target)
    assert len(target.catalogue().amazon_products) == 1


def test_an_attempt_that_another_one_overtook_does_nothing(target):
    done = review(FILE, target.catalogue(), SELLER, Options())
    journal = new_journal()
    entered = enter(journal, done, target, "me", "test")
    journal.take_up(entered, "another")
    assert step(journal, entered, lambda _: target) is Next.END
    assert target.catalogue().amazon_products.empty


def test_a_run_that_fails_unexpectedly_ends_and_says_so(target, monkeypatch):
    monkeypatch.setattr(target, "load", lambda *given: 1 / 0)
    _, result = run(target)
    assert "unexpectedly" in result.error
    assert target.jobs()[0].counts["outcomes"]["failed"] == 2


def test_a_damaged_store_is_told_in_words(target):
    target.path.write_bytes(b"no database at all" * 100)
    with pytest.raises(TargetError, match="move it away"):
        target.catalogue()


def test_new_products_keep_mappings_and_jobs(target):
    run(target)
    target.take_products(exported({"reference": "B", "external_id": "x.b"}, {"reference": "C"}))
    read = target.catalogue()
    assert read.products.set_index("reference")["active"].to_dict() == {
        "A": False, "B": True, "C": True,
    }  # fmt: skip
    assert len(read.amazon_products) == 2
    assert len(target.jobs()) == 1
    target.take_products(exported({"reference": "B2", "external_id": "x.b"}))
    after = target.catalogue().products.set_index("reference")["id"]
    assert after["B2"] == read.products.set_index("reference")["id"]["B"]
