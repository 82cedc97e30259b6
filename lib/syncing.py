"""Amazon's reports without a screen: ``python -m lib sync``."""

import argparse
import sys
from pathlib import Path

import pandas as pd

from lib import drift
from lib.executing import execute, tell
from lib.model import MapperError, Seller
from lib.runs import SettingsOf
from lib.settings import Settings
from lib.source import marketplaces, report
from lib.source.report import Report
from lib.store import Store


def add_command(commands, parents: list, settings_of: SettingsOf) -> None:
    """Add ``sync`` to the commands of a parser."""
    sync = commands.add_parser("sync", parents=parents, help="map the listings of Amazon's report")
    sync.add_argument("--marketplace", required=True, help="which the report is of: name or code")
    sync.add_argument(
        "--file", help="listing report: TXT, or saved as CSV or XLSX; else Amazon is asked for it"
    )
    sync.add_argument("--inactive", action="store_true", help="take inactive listings too")
    sync.set_defaults(run=lambda given: _sync(settings_of(given), given))


def _sync(configured: Settings, given: argparse.Namespace) -> int:
    seller = configured.seller(given.seller)
    market = _market(given.marketplace, seller)
    if given.file:
        file = report.read_path(Path(given.file), market, inactive=given.inactive)
    else:
        file = _from_amazon(configured, seller.name, market, given.inactive)
    done = execute(given, configured, seller, file)
    catalogue = done.review.catalogue
    return tell(given, done, drift.as_file(drift.gone(file, catalogue, seller), catalogue))


def _market(written: str, seller: Seller) -> str:
    """The code of a marketplace of the seller, from any name of it."""
    market = marketplaces.resolve(pd.Series([written], dtype="str")).iloc[0]
    if market not in seller.markets:
        known = ", ".join(marketplaces.NAMES[code] for code in seller.markets)
        raise MapperError(
            f"{written!r} is no marketplace of seller {seller.name}. Give one of {known}."
        )
    return market


def _from_amazon(configured: Settings, seller: str, market: str, inactive: bool) -> Report:
    """The listings of a marketplace, as Amazon reports them now or has within the hour."""
    from lib.amazon import reports  # the client library takes a second to import
    from lib.amazon.port import ReportKind

    kind = ReportKind.ALL if inactive else ReportKind.ACTIVE

    def watch(request: reports.Request) -> None:
        print(f"{kind.label}: {request.state.label}", file=sys.stderr)

    amazon = configured.open_amazon(seller)
    store = Store(configured.database)
    document = reports.fetch(store, amazon, market, kind, fresh=3600, watch=watch)
    name = f"{kind.value}_{market}.txt"
    encoding = document.encoding or None
    return report.read(document.data, name, market, inactive=inactive, encoding=encoding)
