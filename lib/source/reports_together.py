"""Reports of several marketplaces as one, so that they are reviewed and executed together."""

import hashlib
from collections.abc import Iterable, Sequence

import pandas as pd

from lib.columns import LISTING_COLUMNS, OFFER_COLUMNS
from lib.model import MapperError
from lib.source.marketplaces import NAMES
from lib.source.report import Report

_NONE = pd.DataFrame(columns=LISTING_COLUMNS, dtype="str").astype({"row": "int64"})
_NO_OFFER = pd.DataFrame(columns=OFFER_COLUMNS, dtype="str")


def combine(reports: Sequence[Report]) -> Report:
    """Reports of one seller, each of marketplaces of its own, as one; of one report that itself,
    of none one of no marketplace.

    The listings stand one report after the other, numbered anew, and ``row`` is a listing's row in
    its own report. ``sha256`` is the hash of the reports' hashes in hexadecimal, one a line. What
    only one file has (encoding, delimiter, sheet) is "". Raises MapperError where two reports are
    of one marketplace, for nobody knows which is the newer one.
    """
    if len(reports) == 1:
        return reports[0]
    if not reports:
        return Report("", hashlib.sha256().hexdigest(), _NONE, offers=_NO_OFFER, left_out=_NONE)
    markets = [market for report in reports for market in report.markets]
    for market in markets:
        if markets.count(market) > 1:
            raise MapperError(
                f"Two of the reports are of {NAMES[market]}. Give one report a marketplace."
            )
    return Report(
        name=", ".join(dict.fromkeys(report.name for report in reports)),
        sha256=hashlib.sha256("\n".join(report.sha256 for report in reports).encode()).hexdigest(),
        listings=_joined(report.listings for report in reports),
        columns=dict(item for report in reports for item in report.columns.items()),
        ignored=tuple(dict.fromkeys(header for report in reports for header in report.ignored)),
        offers=_joined(report.offers for report in reports),
        markets=tuple(markets),
        names=tuple(name for report in reports for name in report.names),
        inactive=any(report.inactive for report in reports),
        left_out=_joined(report.left_out for report in reports),
    )


def _joined(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(list(frames), ignore_index=True)
