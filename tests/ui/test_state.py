"""Which row of the queue is shown."""

import pandas as pd

from lib.match.decisions import Choice
from lib.ui.state import State

QUEUE = pd.Index([3, 5, 8, 9])


def test_the_row_that_is_shown_stays_whatever_joins_or_leaves_before_it():
    here = State()
    here.go(2)
    assert here.show(QUEUE) == 2
    assert here.show(pd.Index([1, 3, 4, 5, 8, 9])) == 4
    assert here.show(pd.Index([8, 9])) == 0


def test_after_a_row_that_left_the_next_one_is_shown_and_at_the_end_the_last():
    here = State()
    here.go(2)
    here.show(QUEUE)
    assert here.show(QUEUE.drop(8)) == 2
    assert here.show(pd.Index([3, 5])) == 1


def test_what_somebody_goes_to_is_shown_and_not_what_was_before():
    here = State()
    here.show(QUEUE)
    here.go(3)
    assert here.show(QUEUE) == 3


def test_a_skipped_row_is_not_followed_to_the_end():
    here = State()
    here.go(1)
    here.show(QUEUE)
    here.skip(5)
    assert here.show(pd.Index([3, 8, 9, 5])) == 1


def test_a_blind_check_has_a_place_of_its_own():
    here = State()
    here.go(2)
    here.show(QUEUE)
    here.go(1, blind=True)
    assert (here.show(QUEUE), here.show(QUEUE, blind=True)) == (2, 1)


def test_only_the_row_in_sight_is_answered_and_only_once():
    here = State()
    here.show(QUEUE)
    assert [here.answer(row) for row in (5, 3, 3)] == [False, True, False]
    here.show(QUEUE.drop(3))
    assert here.answer(5)


def test_a_decision_that_was_executed_meanwhile_is_taken_back_without_an_error():
    here, owner = State(), ("place", "acme")
    here.take_back(owner, ["key"])
    here.decide(owner, "key", Choice(1))
    here.take_back(owner, ["other", "key"])
    assert not here.decisions[owner]
