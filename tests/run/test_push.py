"""Pushing a batch: one bad row fails alone."""

import pandas as pd
import pytest

from lib.run.push import push
from lib.target.port import Loaded, Message


class Refusing:
    """A target that refuses batches with a bad row, and blames what ``blame`` says."""

    def __init__(self, bad, blame):
        self.bad, self.blame, self.batches = set(bad), blame, []

    def load(self, kind, rows):
        names = list(rows["name"])
        self.batches.append(names)
        bad = [at for at, name in enumerate(names) if name in self.bad]
        if bad:
            return Loaded([], [Message(at, f"{names[at]} is bad") for at in self.blame(bad)])
        return Loaded([int(name) + 1000 for name in names], [])


def rows(count):
    return pd.DataFrame({"name": [str(at) for at in range(count)]}, index=range(50, 50 + count))


BLAMES = {
    "the bad rows": lambda bad: bad,
    "the first bad row": lambda bad: bad[:1],
    "row 0 too, as Odoo does": lambda bad: sorted({0, *bad}),
    "row 0 only": lambda bad: [0],
    "no row": lambda bad: [-1],
}


@pytest.mark.parametrize("blame", BLAMES.values(), ids=BLAMES)
@pytest.mark.parametrize("bad", [[], ["0"], ["7"], ["3", "4", "19"], [str(at) for at in range(20)]])
def test_bad_rows_fail_alone_whatever_the_target_blames(bad, blame):
    target = Refusing(bad, blame)
    done = list(push(target, "product", rows(20)))
    assert sorted(row.row for row in done) == list(range(50, 70))
    assert {str(row.row - 50) for row in done if row.message} == set(bad)
    assert all(row.record == row.row - 50 + 1000 for row in done if not row.message)


def test_a_row_fails_with_its_own_message():
    target = Refusing(["7"], lambda bad: [0])
    done = list(push(target, "product", rows(20)))
    messages = [row.message for row in done if row.message]
    assert [message for message in messages if "7" in message] == messages


def test_one_bad_row_costs_few_calls():
    target = Refusing(["7"], lambda bad: bad)
    list(push(target, "product", rows(500)))
    assert len(target.batches) <= 3


def test_many_bad_rows_are_found_by_halving_and_not_one_by_one():
    bad = [str(at) for at in range(0, 1000, 100)]
    target = Refusing(bad, lambda bad: [-1])
    list(push(target, "product", rows(1000)))
    assert len(target.batches) <= 2 * len(bad) * 10
    target = Refusing([], lambda bad: bad)
    list(push(target, "product", rows(1000)))
    assert len(target.batches) == 1
