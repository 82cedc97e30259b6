"""Units per listing: how many of its product one piece of a listing is."""

import re

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from lib.match.normalise import arrow
from lib.source.unique import map_unique

# "1,000" may be a thousand or one.
_NUMBER = re.compile(r"0*([1-9]\d{0,4})(?:[.,](?!000$)0+)?", re.ASCII)


def resolve(values: pd.Series) -> pd.Series:
    """What texts say: a number from 1 to 99,999 in its shortest form, "" for an empty one, and the
    text itself for any other; the same index, dtype str."""
    return map_unique(values, _number)


def _number(text: str) -> str:
    found = _NUMBER.fullmatch(text.strip())
    return found[1] if found else text if text.strip() else ""


def usable(units: pd.Series) -> np.ndarray:
    """Whether each of these, as ``resolve`` gives them, is a number or "" (bool)."""
    return np.asarray(pc.match_substring_regex(arrow(units), r"^(?:[1-9][0-9]{0,4})?$"))
