"""The collector of Python, paused while much is made that stays."""

import gc

import pytest

from lib.suggest.collector import paused


def test_nothing_is_collected_meanwhile_and_everything_afterwards():
    assert gc.isenabled()
    with paused():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_runs_again_after_an_error():
    with pytest.raises(ValueError), paused():
        raise ValueError
    assert gc.isenabled()


def test_a_pause_within_a_pause_does_not_end_it():
    with paused():
        with paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_of_two_pauses_that_overlap_the_last_one_ends_it():
    one, other = paused(), paused()
    one.__enter__()
    other.__enter__()
    one.__exit__(None, None, None)
    assert not gc.isenabled()
    other.__exit__(None, None, None)
    assert gc.isenabled()


def test_what_did_not_run_before_does_not_run_afterwards():
    gc.disable()
    try:
        with paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
