"""Pushing batches: one bad row fails alone, and an answer that does not come is asked for again."""

import pandas as pd
import pytest

from lib.run.push import BATCH, PAUSES, push
from lib.target.port import Loaded, Message, Unreachable


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
    done = [row for batch in push(target, "product", rows(20)) for row in batch]
    assert sorted(row.row for row in done) == list(range(50, 70))
    assert {str(row.row - 50) for row in done if row.message} == set(bad)
    assert all(row.record == row.row - 50 + 1000 for row in done if not row.message)


def test_a_row_fails_with_its_own_message():
    target = Refusing(["7"], lambda bad: [0])
    done = [row for batch in push(target, "product", rows(20)) for row in batch]
    messages = [row.message for row in done if row.message]
    assert [message for message in messages if "7" in message] == messages


def test_one_bad_row_costs_few_calls():
    target = Refusing(["7"], lambda bad: bad)
    list(push(target, "product", rows(500)))
    assert len(target.batches) <= 3


def test_batches_have_the_size_of_their_kind():
    target = Refusing([], lambda bad: bad)
    list(push(target, "product", rows(2 * BATCH["product"] + 200)))
    assert [len(batch) for batch in target.batches] == [BATCH["product"], BATCH["product"], 200]


class Silent:
    """A target that answers only the last of so many calls."""

    def __init__(self, silences):
        self.silences, self.calls = silences, 0

    def load(self, kind, rows):
        self.calls += 1
        if self.calls <= self.silences:
            raise Unreachable("no answer")
        return Loaded(list(range(1, len(rows) + 1)), [])


def test_a_batch_without_an_answer_is_sent_again():
    pauses = []
    done = list(push(Silent(2), "product", rows(3), pauses.append))
    assert [row.record for row in done[0]] == [1, 2, 3]
    assert pauses == list(PAUSES[:2])


def test_a_target_that_stays_silent_ends_the_push():
    with pytest.raises(Unreachable):
        list(push(Silent(99), "product", rows(3), lambda seconds: None))
