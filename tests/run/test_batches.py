"""How a plan is cut into batches."""

import pandas as pd
import pytest

from lib.run.batches import BATCH, CREATE, cut


def sizes(count, connections, xids=None):
    rows = pd.DataFrame({"row": range(count), "xid": xids or ["x"] * count})
    return [len(batch) for _, batch in cut(CREATE, rows, connections)]


def test_no_rows_are_no_batch():
    assert sizes(0, 2) == []


def test_no_batch_is_larger_than_its_kind_allows():
    assert sizes(2 * BATCH["product"] + 1, 1) == [1667, 1667, 1667]


@pytest.mark.parametrize("connections", [1, 2, 3])
def test_batches_keep_all_connections_busy_to_the_end(connections):
    made = sizes(5000, connections)
    assert len(made) % connections == 0
    assert max(made) - min(made) <= len(made)
    assert sum(made) == 5000


def test_few_rows_make_no_more_batches_than_rows():
    assert sizes(1, 3) == [1]


def test_records_made_by_hand_are_in_batches_of_their_own():
    assert sizes(5, 1, ["x", "", "x", "", "x"]) == [3, 2]
