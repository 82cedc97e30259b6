"""Executing a plan on the embedded store: outcomes, written records, the job log."""

import pytest

from lib.catalogue import texts_of
from lib.model import Operation, Outcome
from lib.target.port import Denied
from tests.run.files import FILE
from tests.runs import by_hand, execute, press, preview, undo
from tests.tables import SELLER, map_file


def run(target, file=FILE, **options):
    done = preview(target, file, **options)
    return done, execute(done, target)


def test_the_preview_counts_what_the_run_does(target):
    done, result = run(target, create=True)
    assert done.counts["operations"] == {
        "link": 4, "relink": 0, "update": 0, "unmap": 0, "create_product": 1,
        "set_price": 0, "unchanged": 0, "skip": 2,
    }  # fmt: skip
    assert result.written == {
        "link": 4, "relink": 0, "update": 0, "unmap": 0, "create_product": 1, "set_price": 0,
    }  # fmt: skip
    assert list(result.outcomes["outcome"]) == ["done"] * 4 + ["skipped"] * 2


def test_a_product_is_created_with_reference_and_title_for_all_its_listings(target):
    press(target, FILE, create=True)
    read = target.catalogue()
    created = read.products[read.products["reference"] == "N"]
    assert created["name"].tolist() == ["A title"]
    of_it = read.amazon_products[read.amazon_products["product_id"] == created["id"].item()]
    assert sorted(of_it["sku"]) == ["3", "4"]
    assert set(of_it["created_for"]) == {"N"}


def test_a_listing_without_a_title_gets_the_name_of_its_product(target):
    press(target, FILE)
    read = target.catalogue()
    assert read.amazon_products.set_index("sku")["title"]["2"] == "Product 1"


def test_the_same_file_again_changes_nothing(target):
    press(target, FILE, create=True)
    before = target.catalogue().amazon_products
    done, result = run(target, create=True)
    assert done.plan.changes == 0
    assert result.job.counts["outcomes"] == {"done": 0, "unchanged": 4, "skipped": 2, "failed": 0}
    assert target.catalogue().amazon_products.equals(before)


def test_a_new_title_is_an_update(target):
    press(target, FILE)
    done, result = run(target, map_file({"sku": "1", "reference": "A", "title": "Better"}))
    assert done.plan.counts[Operation.UPDATE] == 1
    assert result.written["update"] == 1
    assert "Better" in set(target.catalogue().amazon_products["title"])


def test_a_record_that_a_person_gave_another_sku_is_left_alone(target):
    press(target, map_file({"sku": "1", "reference": "A"}))
    by_hand(target, "update amazon_product set sku = 'BY HAND'")
    press(target, map_file({"sku": "1", "reference": "B"}))
    read = target.catalogue()
    held = texts_of(read.amazon_products["product_id"], read.by_id["reference"])
    assert dict(zip(read.amazon_products["sku"], held, strict=True)) == {"BY HAND": "A", "1": "B"}
    done = preview(target, map_file({"sku": "1", "reference": "B"}))
    assert done.plan.changes == 0


def test_the_job_log_has_who_what_and_every_row(target):
    result = press(target, FILE)
    job = target.jobs()[0]
    assert (job.user, job.seller, job.file, job.state) == ("me", "acme", "test.csv", "done")
    assert job.finished >= job.started
    assert job.counts == result.job.counts
    assert target.job_rows(job.id)["outcome"].tolist() == list(result.outcomes["outcome"])


def test_products_that_are_refused_fail_their_listings_by_name(target, monkeypatch):
    monkeypatch.setattr("lib.plan._titles", lambda rows, *_: rows["title"])
    done = preview(target, FILE, create=True)
    done.plan.products["name"] = ""
    result = execute(done, target, "me")
    failed = result.outcomes[result.outcomes["outcome"] == Outcome.FAILED]
    assert len(failed) == 2
    assert failed["message"].str.startswith("Product not created: ").all()
    assert result.written["link"] == 2


def test_without_the_rights_nothing_is_written_and_no_job_begun(target, monkeypatch):
    def denied(kinds):
        raise Denied("no right to create products")

    monkeypatch.setattr(target, "check_rights", denied)
    with pytest.raises(Denied, match="no right"):
        press(target, FILE, create=True)
    assert target.jobs() == []
    assert target.catalogue().amazon_products.empty


def test_progress_ends_at_the_total(target):
    seen = []
    done = preview(target, FILE, create=True)
    execute(done, target, "me", lambda progress: seen.append((progress.done, progress.total)))
    assert seen[0][0] < 5
    assert seen[-1] == (5, 5)


def test_a_listing_that_was_renamed_by_hand_again_and_again_loses_no_record(target):
    for number, reference in enumerate(["A", "B", "A"]):
        press(target, map_file({"sku": "1", "reference": reference}))
        by_hand(target, "update amazon_product set sku = ? where sku = '1'", f"HAND {number}")
    assert sorted(target.catalogue().amazon_products["sku"]) == ["HAND 0", "HAND 1", "HAND 2"]


def test_a_product_created_earlier_and_renamed_since_is_not_tied_silently(target):
    press(target, map_file({"sku": "1", "reference": "N"}), create=True)
    by_hand(target, "delete from amazon_product")
    by_hand(target, "update product set reference = 'RENAMED' where reference = 'N'")
    result = press(target, map_file({"sku": "2", "reference": "N"}), create=True)
    assert result.outcomes["outcome"].tolist() == ["failed"]
    assert "RENAMED" in result.outcomes["message"].item()
    assert target.catalogue().amazon_products.empty


def test_a_record_made_by_hand_with_outer_spaces_is_updated(target):
    by_hand(
        target,
        "insert into amazon_product (seller, market, sku, channel, product_id, title) "
        "select ?, 'US', ' 1 ', 'AFN', id, 'Old' from product where reference = 'A'",
        SELLER.name,
    )
    result = press(target, map_file({"sku": "1", "reference": "A", "title": "New"}))
    assert result.written["update"] == 1
    undo(result, target)
    assert target.catalogue().amazon_products["title"].tolist() == ["Old"]
