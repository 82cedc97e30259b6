"""The commands that map, sync and look after what is kept; their parser and what they do."""

import argparse
import os
from dataclasses import replace
from functools import partial
from pathlib import Path

from lib import kept, result_file, runs, settings, syncing
from lib.executing import execute, prepare, tell
from lib.model import MapperError, Options
from lib.runs import confirmed
from lib.source import map_file
from lib.source.catalogue_file import read_products
from lib.source.column_choices import read_remembered
from lib.store import Store
from lib.target import provision
from lib.target.connection import OdooSettings
from lib.target.embedded import EmbeddedTarget
from lib.target.odoo import OdooTarget


def add_commands(commands) -> None:
    """Add them to the commands of a parser."""
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
    work.add_argument(
        "--packs", action="store_true", help="take the pack sizes that titles say as units"
    )
    work.add_argument("--target", choices=["embedded", "odoo"])
    work.add_argument("--out", help="write the rows with their outcome here (.csv or .xlsx)")
    work.add_argument("--json", action="store_true", help="print one JSON object")

    mapping = commands.add_parser("map", parents=[work], help="map the listings of a file")
    mapping.add_argument("file", help="map file, CSV or XLSX")
    mapping.set_defaults(run=_map)

    syncing.add_command(commands, [work], _settings_of)

    catalogue = commands.add_parser("catalogue", help="the embedded catalogue")
    actions = catalogue.add_subparsers(required=True, metavar="ACTION")
    load = actions.add_parser("load", help="fill it from an Odoo product export")
    load.add_argument("file", help="CSV or XLSX: Internal Reference, Barcode, Name, Active")
    load.set_defaults(run=_load_catalogue)

    runs.add_commands(commands, [odoo], _settings_of)
    kept.add_commands(commands, [odoo], _settings_of)

    layer = commands.add_parser(
        "provision", parents=[odoo, dry], help="make the Amazon layer in Odoo"
    )
    layer.add_argument("--remove", action="store_true", help="remove it, with all it holds")
    layer.set_defaults(run=_provision)


def _map(given: argparse.Namespace) -> int:
    configured = _settings_of(given)
    seller = configured.seller(given.seller)
    result_file.check(given.out)
    reader = partial(map_file.read_path, Path(given.file))
    file = read_remembered(reader, Store(configured.database))
    options = Options(create=given.create, packs=given.packs)
    target, done = prepare(given, configured, seller, file, options)
    return tell(given, execute(given, configured, target, done))


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
