"""The engine: a run goes on without its screen, one at a time."""

import threading

import pytest

from lib.catalogue import texts_of
from lib.model import MapperError, Options
from lib.review import review
from lib.run.engine import Engine
from lib.run.execute import execute
from lib.target.embedded import EmbeddedTarget
from tests.tables import SELLER, exported, map_file


@pytest.fixture
def target(tmp_path):
    made = EmbeddedTarget(tmp_path / "store.sqlite")
    made.take_products(exported({"reference": "A"}, {"reference": "B"}))
    return made


def reviewed(target):
    return review(map_file({"sku": "1", "reference": "A"}), target.catalogue(), SELLER, Options())


def test_a_run_is_watched_by_its_id_to_its_result(target):
    engine = Engine()
    run_id = engine.start(reviewed(target), target, "me")
    engine.close()
    run = engine.run(run_id)
    assert run.finished
    assert run.result.job.counts["outcomes"]["done"] == 1
    assert engine.ended(target) == 1


def test_a_second_run_on_the_same_target_and_seller_is_refused_until_the_first_ends(
    target, monkeypatch
):
    engine, go_on = Engine(), threading.Event()
    load = target.load
    monkeypatch.setattr(target, "load", lambda *given: (go_on.wait(10), load(*given))[1])
    engine.start(reviewed(target), target, "me")
    with pytest.raises(MapperError, match="Wait"):
        engine.start(reviewed(target), target, "me")
    go_on.set()
    engine.close()


def test_a_run_that_fails_unexpectedly_ends_and_says_so(target, monkeypatch):
    engine = Engine()
    monkeypatch.setattr(target, "load", lambda *given: 1 / 0)
    run_id = engine.start(reviewed(target), target, "me")
    engine.close()
    result = engine.run(run_id).result
    assert "unexpectedly" in result.error
    assert target.jobs()[0].counts["outcomes"]["failed"] == 1


def test_a_plan_that_somebody_overtook_is_not_executed(target):
    engine = Engine()
    seen = reviewed(target)
    execute(review(map_file({"sku": "1", "reference": "B"}), target.catalogue(), SELLER, Options()),
            target, "somebody")  # fmt: skip
    run_id = engine.start(seen, target, "me")
    engine.close()
    assert "Nothing was written" in engine.run(run_id).error
    read = target.catalogue()
    assert texts_of(read.amazon_products["product_id"], read.by_id["reference"]).tolist() == ["B"]


def test_an_unknown_run_is_no_run():
    assert Engine().run("nothing") is None
