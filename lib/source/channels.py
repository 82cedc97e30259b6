"""Fulfilment channels: AFN (Amazon fulfils, also FBA) and MFN (the merchant fulfils, also FBM)."""

import re

import pandas as pd

from lib.source.unique import map_unique

_CHANNEL = re.compile(
    r"\s*(?:(AFN|FBA|FULFIL+(?:ED|MENT) BY AMAZON)|MFN|FBM|FULFIL+(?:ED|MENT) BY MERCHANT)\s*",
    re.IGNORECASE,
)


def resolve(values: pd.Series) -> pd.Series:
    """Channels of texts: "AFN", "MFN" or "" (unknown); the same index, dtype str.

    Any case, outer spaces trimmed, "Fulfilled by ..." in either spelling.
    """
    return map_unique(values, _channel)


def _channel(text: str) -> str:
    match = _CHANNEL.fullmatch(text)
    return "" if match is None else "AFN" if match[1] else "MFN"
