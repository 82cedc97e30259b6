"""Looking up few among many gives what looking up many does."""

import pandas as pd
import pytest

from lib.match import lookup


@pytest.mark.parametrize("few", [10**9, 1], ids=["index of all", "index of the few"])
def test_the_first_place_of_each_text_is_found_either_way(monkeypatch, few):
    monkeypatch.setattr(lookup, "FEW", few)
    texts = pd.Series(["b", "x", "b", "", "a"], dtype="str")
    among = pd.Series(["a", "b", "b", "", "a", *"cdefgh"], dtype="str")
    assert lookup.place(texts, among).tolist() == [1, -1, 1, 3, 0]
    assert lookup.place(texts, among.head(0)).tolist() == [-1] * 5
    assert lookup.place(texts.head(0), among).tolist() == []
