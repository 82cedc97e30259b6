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
