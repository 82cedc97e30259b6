"""Prices in a run: set after the listings, never over what somebody changed, and taken back."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from lib.model import Options, Seller
from lib.prices import open_pricelist, open_pricelists
from lib.review import review
from lib.run import batches
from lib.run.undo import plan_undo
from lib.target.port import Denied, Unreachable
from tests.runs import empty_target, execute, undo
from tests.tables import exported, report

SELLER = Seller("acme", ("US", "DE"), {"US": "Amazon.com"})
FILE = report(
    {"sku": "A", "price": "79.90"}, {"sku": "B", "price": "5"}, {"sku": "N", "price": "7.5"}
)


@pytest.fixture
def target(tmp_path):
    made = empty_target(tmp_path / "store.sqlite")
    made.take_products(exported({"reference": "A"}, {"reference": "B"}))
    return made


def reviewed(target, file=FILE, create=True):
    pricelists = open_pricelists(target, SELLER, ["US"])
    options = Options(create=create, prices=True)
    return review(file, target.catalogue(), SELLER, options, pricelists=pricelists)


def held(target) -> dict[str, str]:
    """Reference -> price on the pricelist."""
    references = target.catalogue().products.set_index("id")["reference"]
    prices = open_pricelist(target, SELLER, "US").prices
    return dict(zip(prices["product_id"].map(references), prices["price"], strict=True))


def state(target):
    read = target.catalogue()
    return read.products, read.amazon_products, open_pricelist(target, SELLER, "US").prices


def by_hand(target, words):
    with target._store() as store:
        store.execute(words)


def test_prices_are_set_also_of_products_made_in_the_same_run(target):
    done = execute(reviewed(target), target)
    assert held(target) == {"A": "79.9", "B": "5", "N": "7.5"}
    assert done.written == {
        "link": 3, "relink": 0, "update": 0, "unmap": 0, "create_product": 1,
        "set_price": 3,
    }  # fmt: skip
    assert done.outcomes["outcome"].tolist() == ["done"] * 3
    assert done.outcomes["message"].tolist()[0] == "Price 79.90 USD, before: none"


def test_the_same_report_again_changes_nothing(target):
    execute(reviewed(target), target)
    again = reviewed(target)
    assert again.plan.changes == 0
    assert execute(again, target).outcomes["outcome"].tolist() == ["unchanged"] * 3


def test_a_new_price_of_what_is_mapped_already_is_a_change_with_both_in_the_log(target):
    execute(reviewed(target), target)
    done = execute(reviewed(target, report({"sku": "A", "price": "69.90"})), target)
    assert held(target)["A"] == "69.9"
    assert done.written["set_price"] == sum(done.written.values()) == 1
    assert done.outcomes.to_numpy().tolist() == [["done", "Price 69.90 USD, before: 79.90"]]


def test_a_price_that_somebody_changed_since_the_preview_is_left_and_reported(target):
    execute(reviewed(target), target)
    file = report({"sku": "A", "price": "1"}, {"sku": "B", "price": "2"})
    preview = reviewed(target, file)
    by_hand(target, "update price set price = '66' where price = '79.9'")
    done = execute(preview, target)
    assert held(target) | {"N": ""} == {"A": "66", "B": "2", "N": ""}
    assert done.outcomes["outcome"].tolist() == ["failed", "done"]
    assert "price was changed in Odoo since the preview" in done.outcomes["message"][0]


def test_a_price_that_somebody_made_since_the_preview_is_left_and_reported(target):
    preview = reviewed(target, report({"sku": "A", "price": "1"}))
    by_hand(
        target,
        "insert into price (pricelist_id, product_id, price) "
        "select 1, id, '9' from product where reference = 'A'",
    )
    done = execute(preview, target)
    assert held(target) == {"A": "9"}
    assert done.outcomes["outcome"].tolist() == ["failed"]
    assert done.written["link"] == 1


def test_what_could_not_be_mapped_gets_no_price(target):
    preview = reviewed(target, report({"sku": "A", "price": "1"}))
    by_hand(
        target,
        "insert into amazon_product (seller, market, sku, channel, product_id, title) "
        "select 'acme', 'US', 'A', 'AFN', id, 'By hand' from product where reference = 'B'",
    )
    done = execute(preview, target)
    assert held(target) == {}
    assert done.outcomes["outcome"].tolist() == ["failed"]
    assert done.outcomes["message"][0].endswith("; Price not set: the listing was not mapped")


def test_an_answer_lost_after_the_prices_were_written_writes_nothing_twice(target, monkeypatch):
    load, lost = target.load, []

    def lose_the_first_answer(kind, rows):
        loaded = load(kind, rows)
        if kind == "price" and not lost:
            lost.append(kind)
            raise Unreachable("the answer was lost")
        return loaded

    monkeypatch.setattr(target, "load", lose_the_first_answer)
    done = execute(reviewed(target), target, waits=3)
    assert done.outcomes["outcome"].tolist() == ["done"] * 3
    assert held(target) == {"A": "79.9", "B": "5", "N": "7.5"}
    undone = undo(done, target)
    assert undone.run.state == "done"
    assert held(target) == {}


def test_a_run_that_fails_before_the_prices_says_that_rows_are_done_in_part(target, monkeypatch):
    load = target.load

    def no_prices(kind, rows):
        if kind == "price":
            raise Denied("no right to prices")
        return load(kind, rows)

    monkeypatch.setattr(target, "load", no_prices)
    done = execute(reviewed(target), target)
    assert done.run.state == "failed"
    assert set(done.outcomes["outcome"]) == {"failed"}
    words = "Done in part. Not confirmed. no right to prices"
    assert set(done.outcomes["message"]) == {words}
    assert done.written["link"] == 3
    assert done.written["set_price"] == 0


def test_the_rights_for_prices_are_asked_for_first(target, monkeypatch):
    asked = []
    monkeypatch.setattr(target, "check_rights", asked.append)
    execute(reviewed(target), target)
    assert asked == [{"amazon_product", "product", "price"}]


def test_undo_removes_the_prices_it_made_and_restores_those_it_changed(target):
    execute(reviewed(target, report({"sku": "A", "price": "10"})), target)
    before = state(target)
    done = execute(reviewed(target), target)
    made = plan_undo(done.journal, done.run, target)
    assert made.counts == {
        "remove prices": 2, "restore prices": 1, "remove Amazon Products": 2,
        "restore Amazon Products": 0, "map Amazon Products again": 0, "remove products": 1,
        "left": 0,
    }  # fmt: skip
    undone = undo(done, target)
    assert set(undone.outcomes["outcome"]) == {"done"}
    for was, now in zip(before, state(target), strict=True):
        assert was.equals(now)


def test_undo_leaves_a_price_that_somebody_changed_since(target):
    done = execute(reviewed(target, report({"sku": "A", "price": "10"})), target)
    by_hand(target, "update price set price = '12'")
    assert plan_undo(done.journal, done.run, target).counts["left"] == 1
    undone = undo(done, target)
    assert held(target) == {"A": "12"}
    assert undone.outcomes["outcome"].tolist() == ["skipped"]
    assert undone.outcomes["message"].tolist() == [
        "Changed or removed since by somebody: left as it is; Amazon Product removed"
    ]


OFFERS = st.lists(
    st.fixed_dictionaries(
        {
            "sku": st.sampled_from(["A", "B", "C", "N", "M"]),
            "channel": st.sampled_from(["AFN", "MFN"]),
            "price": st.sampled_from(["", "5", "5.00", "6,5", "1,299", "79.90"]),
            "title": st.sampled_from(["One", "Two"]),
        }
    ),
    max_size=8,
).map(lambda rows: report(*rows))


@given(OFFERS, OFFERS, st.integers(1, 3))
@settings(max_examples=60, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_a_second_run_changes_nothing_and_undo_gives_the_state_before(first, second, size):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "BATCH", dict.fromkeys(batches.BATCH, size))
        target = empty_target(Path(folder) / "store.sqlite")
        references = [{"reference": name} for name in "ABC"]
        target.take_products(exported(*references))
        execute(reviewed(target, first), target)
        before = state(target)
        preview = reviewed(target, second)
        done = execute(preview, target)
        assert done.written["set_price"] == preview.plan.counts["set_price"]
        assert sum(done.job.counts["outcomes"].values()) == len(second.listings)
        assert done.job.counts["outcomes"]["failed"] == 0
        assert reviewed(target, second).plan.changes == 0
        if preview.plan.changes:
            undo(done, target)
        for was, now in zip(before, state(target), strict=True):
            assert was.reset_index(drop=True).equals(now.reset_index(drop=True))
