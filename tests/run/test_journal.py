"""The journal, when two processes believe that they have a run."""

import pytest

from lib.run.enter import enter
from lib.run.work import work
from lib.store import StoreError
from tests.runs import drive, new_journal, preview
from tests.tables import map_file


def test_who_comes_back_after_another_took_over_writes_nothing(target):
    reviewed = preview(target, map_file({"sku": "S", "reference": "A"}))
    journal = new_journal()
    frozen = enter(journal, reviewed, target, "me", "frozen")
    [batch] = journal.next_batches(frozen.id, 1)
    taken = journal.take_up(frozen, "another")
    assert taken
    written = drive(journal, taken, target)
    [record] = target.catalogue().amazon_products["id"]
    target.delete("amazon_product", [record])  # by somebody, since
    with pytest.raises(StoreError, match="taken over"):
        work(journal, frozen, batch, target)
    assert target.catalogue().amazon_products.empty
    assert written.outcomes["outcome"].to_list() == ["done"]
