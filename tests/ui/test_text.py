"""Words on the screen."""

import pytest

from lib.ui.text import duration

DAY = 24 * 3600


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "a moment"), (59, "a moment"), (60, "1 minute"), (725, "12 minutes"),
     (3599, "59 minutes"), (3600, "1 hour"), (DAY - 1, "23 hours"), (3 * DAY, "3 days")],
)  # fmt: skip
def test_a_duration_is_told_in_its_largest_unit(seconds, words):
    assert duration(seconds) == words
