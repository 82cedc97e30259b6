"""The embedded store: what it keeps, and what it says when it is damaged."""

import pytest

from lib.target.embedded import EmbeddedTarget
from lib.target.port import TargetError
from tests.runs import by_hand, embedded_target, press
from tests.tables import exported, map_file


@pytest.fixture
def target(tmp_path):
    return embedded_target(tmp_path / "store.sqlite")


def test_a_damaged_store_is_told_in_words(target):
    target.path.write_bytes(b"no database at all" * 100)
    with pytest.raises(TargetError, match="move it away"):
        target.catalogue()


def test_a_store_of_before_there_were_units_goes_on(target):
    press(target, map_file({"sku": "1", "reference": "A"}))
    by_hand(target, "alter table amazon_product drop column units")
    again = EmbeddedTarget(target.path)
    assert again.catalogue().amazon_products["units"].tolist() == [1]
    press(again, map_file({"sku": "1", "reference": "A", "units": "6"}))
    assert again.catalogue().amazon_products["units"].tolist() == [6]


def test_new_products_keep_mappings_and_jobs(target):
    press(target, map_file({"sku": "1", "reference": "A"}, {"sku": "2", "reference": "A"}))
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
