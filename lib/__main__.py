"""The same work without a screen, for schedules and scripts: ``python -m lib --help``.

Exit status: 0 all rows accounted for and none failed; 1 some rows failed or wait for a decision;
2 unusable input or no connection, with one line on stderr.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd

from lib import drift, settings
from lib.model import CHANGES, MapFile, MapperError, Options, Outcome, Seller
from lib.plan import result_rows, waits_for_a_person
from lib.prices import open_pricelist
from lib.review import Review, review
from lib.run.journal import Run
from lib.runs import add_commands, confirmed, listed, run_to_end
from lib.source import map_file, map_out, marketplaces, report
from lib.source.catalogue_file import read_products
from lib.source.column_choices import read_remembered
from lib.source.report import Report
from lib.store import Store
from lib.target import provision
from lib.target.connection import OdooSettings
from lib.target.embedded import EmbeddedTarget
from lib.target.odoo import OdooTarget

ROWS_SHOWN = 10
"""Rows that are printed one by one: a terminal is no place for thousands."""


def main(arguments: list[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    try:
        return given.run(given)
    except KeyboardInterrupt:
        print("Interrupted. `python -m lib runs` lists what was under way.", file=sys.stderr)
        return 2
    except MapperError as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"error: {error.filename}: {error.strerror}. Check the path.", file=sys.stderr)
        return 2


def _map(given: argparse.Namespace) -> int:
    configured = _settings_of(given)
    seller = configured.seller(given.seller)
    reader = partial(map_file.read_path, Path(given.file))
    return _execute(given, configured, seller, read_remembered(reader, Store(configured.database)))


def _sync(given: argparse.Namespace) -> int:
    configured = _settings_of(given)
    seller = configured.seller(given.seller)
    market = marketplaces.resolve(pd.Series([given.marketplace], dtype="str")).iloc[0]
    if market not in seller.markets:
        known = ", ".join(marketplaces.NAMES[code] for code in seller.markets)
        raise MapperError(
            f"{given.marketplace!r} is no marketplace of seller {seller.name}. Give one of {known}."
        )
    if given.file:
        file = report.read_path(Path(given.file), market, inactive=given.inactive)
    else:
        file = _from_amazon(configured, seller.name, market, given.inactive)
    return _execute(given, configured, seller, file)


def _from_amazon(
    configured: settings.Settings, seller: str, market: str, inactive: bool
) -> report.Report:
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


def _execute(
    given: argparse.Namespace, configured: settings.Settings, seller: Seller, file: MapFile
) -> int:
    write_rows = _writer(given.out, len(file.listings)) if given.out else None
    target = configured.open_target(given.target or configured.targets[0])
    if not given.dry_run and target.missing():
        raise MapperError(
            f"{target.label} has no Amazon layer yet. See what would be made and make it with "
            f"`python -m lib provision`, then run this again; nothing was written."
        )
    options = Options(create=given.create, prices=given.prices)
    pricelist = None
    if given.prices and isinstance(file, Report):
        pricelist = open_pricelist(target, seller, file.market)
    done = review(file, target.catalogue(), seller, options, pricelist=pricelist)
    run, rows = None, result_rows(file.listings, done.matches)
    if not given.dry_run:
        run, rows = run_to_end(configured, lambda engine: engine.start(done, target, target.user))
    counts, words = _object(done, run), _words(done, run, rows)
    if isinstance(file, Report):
        drifted = drift.as_file(drift.gone(file, done.catalogue, seller), done.catalogue)
        counts["drift"] = len(drifted)
        words = "\n".join([words, *_drift(drifted)])
        rows = pd.concat([rows, drifted]).fillna("")
    print(json.dumps(counts) if given.json else words, flush=True)
    if write_rows:
        write_rows(rows)
    if run and run.error:
        raise MapperError(run.error)
    failed = run and run.counts["outcomes"][Outcome.FAILED.value]
    return 1 if failed or waits_for_a_person(done.plan.skipped) else 0


def _writer(out: str, rows: int) -> Callable[[pd.DataFrame], int]:
    """What writes the rows to the file ``out``. Raises MapperError before anything is done."""
    path = Path(out)
    writers = {".csv": map_out.to_csv, ".xlsx": map_out.to_xlsx}
    if path.suffix.casefold() not in writers:
        raise MapperError(f"{out} is neither .csv nor .xlsx. Give one of these; nothing was done.")
    if path.suffix.casefold() == ".xlsx" and rows > map_out.ROW_LIMIT:
        raise MapperError(
            f"{rows:,} rows do not fit an Excel sheet. Give a .csv; nothing was done."
        )
    if not path.parent.is_dir() or path.is_dir():
        raise MapperError(f"{out} cannot be written there. Give another path; nothing was done.")
    return lambda frame: path.write_bytes(writers[path.suffix.casefold()](frame))


def _object(done: Review, run: Run | None) -> dict:
    names = [*done.counts, "outcomes"]
    return {name: run.counts[name] for name in names} | {"job": run.id} if run else done.counts


def _words(done: Review, run: Run | None, rows: pd.DataFrame) -> str:
    counts = _object(done, run)
    lines = [f"{counts['rows']:,} rows: {listed(counts['lanes'])}"]
    lines += [f"  {count:,} × {reason}" for reason, count in counts["reasons"].items()]
    changes = {change.value: counts["operations"][change.value] for change in CHANGES}
    lines.append(f"planned: {listed(changes)}" if any(changes.values()) else "planned: no changes")
    if run:
        lines.append(f"outcome: {listed(counts['outcomes'])} (job {run.id})")
        lines += _failed(done, rows)
        if not done.plan.changes and not run.error:
            lines.append("Nothing changed: everything was as in the file already.")
    return "\n".join(lines)


def _failed(done: Review, rows: pd.DataFrame) -> list[str]:
    """The first failed rows, by the number that a spreadsheet shows beside them."""
    failed = rows[(rows["outcome"] == Outcome.FAILED.value).to_numpy()]
    listings = done.file.listings.iloc[failed.index[:ROWS_SHOWN]]
    told = zip(listings["row"], listings["sku"], failed["message"], strict=False)
    lines = [f"  row {row}, {sku}: {' '.join(why.split())}" for row, sku, why in told]
    if len(failed) > len(lines):
        lines.append(f"  and {len(failed) - len(lines):,} more: see --out or the job log")
    return lines


def _drift(drifted: pd.DataFrame) -> list[str]:
    """How many listings are gone from the report, and the first of them."""
    count = len(drifted)
    if not count:
        return []
    lines = [f"drift: {count:,} in Odoo, gone from the report; nothing was deleted"]
    shown = drifted.head(ROWS_SHOWN)[["sku", "fulfilment", "reference"]]
    lines += [f"  {sku}, {fulfilment}: {reference}" for sku, fulfilment, reference in
              shown.itertuples(index=False)]  # fmt: skip
    if count > ROWS_SHOWN:
        lines.append(f"  and {count - ROWS_SHOWN:,} more: see --out")
    return lines


def _load_catalogue(given: argparse.Namespace) -> int:
    configured = settings.load()
    products = read_products(Path(given.file))
    EmbeddedTarget(configured.data / "embedded.sqlite").take_products(products)
    print(f"{len(products):,} products are in the embedded store now; mappings and jobs stay.")
    return 0


def _provision(given: argparse.Namespace) -> int:
    target = _settings_of(given).open_target("odoo")
    assert isinstance(target, OdooTarget)
    if given.remove:
        return _unprovision(target, given)
    missing = target.missing()
    if not missing:
        print(f"{target.label}: the Amazon layer is there already; nothing to make.")
        return 0
    print(f"{target.label}: to make, {len(missing)} parts:")
    print("\n".join(f"  {words}" for words in missing))
    if given.dry_run or not confirmed("Make them?"):
        return 0
    provision.provision(target.connection)
    print("Made. In Odoo, reload the page: the menu Amazon is there.")
    return 0


def _unprovision(target: OdooTarget, given: argparse.Namespace) -> int:
    found = provision.removable(target.connection)
    if not found:
        print(f"{target.label}: there is no Amazon layer; nothing to remove.")
        return 0
    print(f"{target.label}: to remove for good (the products stay):")
    print("\n".join(f"  {count:,} × {what}" for what, count in found.items()))
    if given.dry_run or not confirmed("Remove them for good?"):
        return 0
    provision.remove(target.connection)
    print("Removed.")
    return 0


def _settings_of(given: argparse.Namespace) -> settings.Settings:
    """The settings, with the Odoo that the command line names, if it names one."""
    configured = settings.load()
    named = [given.odoo_url, given.odoo_database, given.odoo_user]
    if not any(named):
        return configured
    password = os.environ.get(settings.PASSWORD_VARIABLE)
    if not all(named) or not password:
        raise MapperError(
            "--odoo-url, --odoo-database and --odoo-user go together, with the password or API "
            f"key in the environment as {settings.PASSWORD_VARIABLE}."
        )
    return replace(configured, odoo=OdooSettings(*named, password))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lib", description=__doc__.split("\n\n")[0])
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    odoo = argparse.ArgumentParser(add_help=False)
    odoo.add_argument("--odoo-url", help="address of an Odoo, instead of [connections.odoo]")
    odoo.add_argument("--odoo-database")
    odoo.add_argument(
        "--odoo-user", help=f"password or API key in the environment: {settings.PASSWORD_VARIABLE}"
    )
    dry = argparse.ArgumentParser(add_help=False)
    dry.add_argument("--dry-run", action="store_true", help="say what would be done; write nothing")

    work = argparse.ArgumentParser(add_help=False, parents=[odoo, dry])
    work.add_argument("--seller", required=True, help="[sellers.NAME] of secrets.toml")
    work.add_argument("--create", action="store_true", help="create products not found")
    work.add_argument("--target", choices=["embedded", "odoo"])
    work.add_argument("--out", help="write the rows with their outcome here (.csv or .xlsx)")
    work.add_argument("--json", action="store_true", help="print one JSON object")

    mapping = commands.add_parser("map", parents=[work], help="map the listings of a file")
    mapping.add_argument("file", help="map file, CSV or XLSX")
    mapping.set_defaults(run=_map, prices=False)

    sync = commands.add_parser("sync", parents=[work], help="map the listings of Amazon's report")
    sync.add_argument("--marketplace", required=True, help="which the report is of: name or code")
    sync.add_argument(
        "--file", help="listing report: TXT, or saved as CSV or XLSX; else Amazon is asked for it"
    )
    sync.add_argument("--inactive", action="store_true", help="take inactive listings too")
    sync.add_argument(
        "--prices", action="store_true", help="set the prices on the marketplace's pricelist"
    )
    sync.set_defaults(run=_sync)

    catalogue = commands.add_parser("catalogue", help="the embedded catalogue")
    actions = catalogue.add_subparsers(required=True, metavar="ACTION")
    load = actions.add_parser("load", help="fill it from an Odoo product export")
    load.add_argument("file", help="CSV or XLSX: Internal Reference, Barcode, Name, Active")
    load.set_defaults(run=_load_catalogue)

    add_commands(commands, [odoo], _settings_of)

    layer = commands.add_parser(
        "provision", parents=[odoo, dry], help="make the Amazon layer in Odoo"
    )
    layer.add_argument("--remove", action="store_true", help="remove it, with all it holds")
    layer.set_defaults(run=_provision)
    return parser


if __name__ == "__main__":
    sys.exit(main())
