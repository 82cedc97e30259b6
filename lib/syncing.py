"""Amazon's reports without a screen: ``python -m lib sync``."""

import argparse
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from lib import drift, notify, result_file
from lib.amazon import reports
from lib.amazon.account import Amazon
from lib.amazon.catalog import ask, with_codes, without_code
from lib.amazon.port import NoData, ReportKind, ReportState
from lib.catalogue import Catalogue
from lib.executing import Executed, execute, prepare, tell, words
from lib.model import MapperError, Options, Seller
from lib.review import Review, again
from lib.runs import SettingsOf
from lib.settings import Settings
from lib.source import marketplaces, report
from lib.source.report import Report
from lib.source.reports_together import combine
from lib.store import Store
from lib.waiting import new, note, waiting

FRESH = 3600
"""Seconds for which a report that was read once is used again."""

LISTINGS_SHOWN = 10
"""Listings that a notification names."""


def add_command(commands, parents: list, settings_of: SettingsOf) -> None:
    """Add ``sync`` to the commands of a parser."""
    sync = commands.add_parser("sync", parents=parents, help="map the listings of Amazon's report")
    sync.add_argument(
        "--marketplace",
        action="append",
        help="name or code; may be given several times; all of the seller's if it is not given",
    )
    sync.add_argument(
        "--file", help="listing report: TXT, or saved as CSV or XLSX; else Amazon is asked for it"
    )
    sync.add_argument(
        "--fba-report", help="FBA inventory report: for the fulfilment that a listing report lacks"
    )
    sync.add_argument("--inactive", action="store_true", help="take inactive listings too")
    sync.add_argument(
        "--prices", action="store_true", help="set the prices on the marketplaces' pricelists"
    )
    sync.add_argument(
        "--lookup",
        action="store_true",
        help="ask Amazon's catalogue for the UPC or EAN of listings that find no product",
    )
    sync.set_defaults(run=lambda given: _sync(settings_of(given), given))


def _sync(configured: Settings, given: argparse.Namespace) -> int:
    seller = configured.seller(given.seller)
    markets = _markets(given.marketplace, seller)
    if given.file and len(markets) > 1:
        raise MapperError("--file is the report of one marketplace. Say which by --marketplace.")
    store = Store(configured.database)
    try:
        result_file.check(given.out)
        read = _read(configured, store, given, seller, markets)
        options = Options(
            create=given.create or seller.create,
            packs=given.packs,
            prices=given.prices or seller.prices,
        )
        target, done = prepare(given, configured, seller, read.report, options)
        read = _missed(read, done.catalogue, seller)
        _say_failed(read)
        if given.lookup or seller.lookup:
            done = _looked_up(configured, store, done)
        executed = execute(given, configured, target, done)
    except Exception as error:
        if not given.dry_run:
            _tell_of_failure(configured, seller, markets, error)
        raise
    if executed.run:
        _tell_of_mismatches(configured, store, executed, read)
    gone = drift.gone(read.report, done.catalogue, seller)
    unread = {"not_synced": read.failed, "no_data": read.no_data}
    return tell(given, executed, drift.as_file(gone, done.catalogue), unread)


def _markets(written: list[str] | None, seller: Seller) -> list[str]:
    """The codes of marketplaces of the seller, from any name of each; by default of all."""
    if not written:
        return list(seller.markets)
    found = marketplaces.resolve(pd.Series(written, dtype="str"))
    for name, market in zip(written, found, strict=True):
        if market not in seller.markets:
            raise MapperError(
                f"{name!r} is no marketplace of seller {seller.name}. Give one of "
                f"{_named(seller.markets)}."
            )
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class _Read:
    """What could be read, together; and of the other marketplaces (name -> why) those that
    ``failed``, and those of which Amazon has ``no_data``, as sellers have them who are registered
    there and list nothing."""

    report: Report
    failed: dict[str, str] = field(default_factory=dict)
    no_data: dict[str, str] = field(default_factory=dict)


def _read(
    configured: Settings,
    store: Store,
    given: argparse.Namespace,
    seller: Seller,
    markets: list[str],
) -> _Read:
    """The reports. Raises MapperError where none can be read and one should be."""
    choices = {"inactive": given.inactive}
    if given.fba_report:
        inventory = report.read_path(Path(given.fba_report), markets[0])
        choices["fba"] = report.as_inventory(inventory)
    if given.file:
        return _Read(report.read_path(Path(given.file), markets[0], **choices))
    amazon = configured.open_amazon(seller.name)
    # Else a request would be kept, and sent once there are some.
    amazon.check_credentials()
    with suppress(MapperError):  # told where the marketplace's turn comes
        _ask_for_all(store, amazon, seller, markets, given.inactive)
    reports_read, failed, no_data = [], {}, {}
    for market in markets:
        name = marketplaces.NAMES[market]
        try:
            reports_read.append(_from_amazon(store, amazon, market, choices))
        except NoData as told:
            no_data[name] = str(told)
        except MapperError as error:
            if len(markets) == 1:
                raise
            failed[name] = " ".join(str(error).split())
    if not reports_read and failed:
        raise _nothing_read(failed)
    return _Read(combine(reports_read), failed, no_data)


def _missed(read: _Read, catalogue: Catalogue, seller: Seller) -> _Read:
    """The same, with marketplaces counted as failed that have no data and whose listings are in
    the target: all of them are gone, or Amazon does not say what it has. Raises MapperError where
    nothing but these was to be read."""
    held = catalogue.amazon_products
    held = held.loc[held["seller"] == seller.name, "market"].map(marketplaces.NAMES).value_counts()
    missed = {
        name: f"{why} But Odoo has listings of it ({held[name]:,}), which stay as they are: unmap "
        f"them on the page Amazon Products if you sell nothing there any more."
        for name, why in read.no_data.items()
        if name in held
    }
    if missed and not read.report.markets:
        raise _nothing_read(missed)
    no_data = {name: why for name, why in read.no_data.items() if name not in missed}
    return replace(read, failed=read.failed | missed, no_data=no_data)


def _nothing_read(failed: dict[str, str]) -> MapperError:
    lines = (f"{name}: {why}" for name, why in failed.items())
    return MapperError(f"No report could be read, nothing was done. {' '.join(lines)}")


def _say_failed(read: _Read) -> None:
    for name, why in read.failed.items():
        print(f"error: not synced: {name}: {why}", file=sys.stderr)


def _ask_for_all(
    store: Store, amazon: Amazon, seller: Seller, markets: list[str], inactive: bool
) -> None:
    """Have Amazon make all reports at the same time: each takes it minutes."""
    for market in markets:
        request = reports.begin(store, seller.name, market, _kind(inactive), FRESH)
        if request.state is ReportState.ASKED:
            reports.advance(store, amazon, request)


def _from_amazon(store: Store, amazon: Amazon, market: str, choices: dict) -> Report:
    """The listings of a marketplace, as Amazon reports them now or has within the hour."""
    kind = _kind(choices["inactive"])

    def watch(request: reports.Request) -> None:
        place = marketplaces.NAMES[market]
        print(f"{kind.label}, {place}: {request.state.label}", file=sys.stderr)

    document = reports.fetch(store, amazon, market, kind, fresh=FRESH, watch=watch)
    name = reports.called(kind, market)
    return report.read(document.data, name, market, encoding=document.encoding or None, **choices)


def _kind(inactive: bool) -> ReportKind:
    return ReportKind.ALL if inactive else ReportKind.ACTIVE


def _looked_up(configured: Settings, store: Store, done: Review) -> Review:
    """The review once more, with what Amazon's catalogue says of listings without a product."""
    amazon = configured.open_amazon(done.seller.name)
    print("Asking Amazon's catalogue for UPC and EAN", file=sys.stderr)
    ask(store, amazon, without_code(done))
    return again(done, with_codes(done, store))


def _tell_of_failure(
    configured: Settings, seller: Seller, markets: list[str], error: Exception
) -> None:
    # Of what is no message for a user, nobody knows what it says.
    why = str(error) if isinstance(error, MapperError) else type(error).__name__
    body = f"{_named(markets)}\n{why}\nLook: `python -m lib runs` lists what was under way."
    _send(configured, f"Sync of {seller.name} failed", body, failed=True)


def _tell_of_mismatches(
    configured: Settings,
    store: Store,
    executed: Executed,
    read: _Read,
) -> None:
    """Notify of listings that did not wait for a person before, and of what failed."""
    run, seller = executed.run, executed.review.seller
    assert run
    found = waiting(executed.review)
    came = new(store, run.place, seller.name, found)
    markets = read.report.markets
    wrong = bool(run.error or read.failed or len(executed.failed))
    if wrong or len(came):
        mismatches = "mismatch" if len(came) == 1 else "mismatches"
        title = f"Sync of {seller.name}: {len(came):,} new {mismatches}"
        lines = [_named(markets), *words(executed), f"{len(found):,} wait for a person, new:"]
        shown = came.head(LISTINGS_SHOWN)[["sku", "marketplace", "fulfilment", "reason"]]
        lines += [f"  {', '.join(of)}: {why}" for *of, why in shown.itertuples(index=False)]
        if len(came) > LISTINGS_SHOWN:
            lines.append(f"  and {len(came) - LISTINGS_SHOWN:,} more")
        lines += [f"Not synced: {name}: {why}" for name, why in read.failed.items()]
        lines += [f"Stopped: {run.error}"] if run.error else []
        lines.append(f"Look: page Job log, or `python -m lib runs show {run.id}`")
        sent = _send(configured, title + (", failures" if wrong else ""), "\n".join(lines), wrong)
        if not sent:
            return  # those who were not told of are new the next time
    note(store, run.place, seller.name, markets, found)


def _send(configured: Settings, title: str, body: str, failed: bool) -> bool:
    """Whether all addresses took it; what went wrong is told, for the sync goes on."""
    troubles = notify.send(configured.notify, title, body, failed)
    for trouble in troubles:
        print(f"error: {trouble}", file=sys.stderr)
    return not troubles


def _named(markets: Iterable[str]) -> str:
    return ", ".join(marketplaces.NAMES[market] for market in markets)
