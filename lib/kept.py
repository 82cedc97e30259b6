"""Decisions and affix rules without a screen: ``python -m lib decisions`` and ``affix``."""

import argparse
import time
from pathlib import Path

from lib import memory, settings
from lib.match.affix import known_skus, not_kept, propose
from lib.match.decisions import Affix, AffixKind
from lib.model import MapperError
from lib.run.advance import iso
from lib.runs import SettingsOf
from lib.source import decision_file
from lib.store import Store


def add_commands(commands, parents: list, settings_of: SettingsOf) -> None:
    """Add ``decisions`` and ``affix`` to the commands of a parser."""
    of_seller = argparse.ArgumentParser(add_help=False, parents=parents)
    of_seller.add_argument("--seller", required=True, help="[sellers.NAME] of secrets.toml")
    of_seller.add_argument("--target", choices=["embedded", "odoo"])
    for command, (words, actions) in _COMMANDS.items():
        group = commands.add_parser(command, help=words)
        choices = group.add_subparsers(required=True, metavar="ACTION")
        for name, (act, help_, arguments) in actions.items():
            action = choices.add_parser(name, parents=[of_seller], help=help_)
            for argument, options in arguments.items():
                action.add_argument(argument, **options)
            action.set_defaults(run=lambda given, act=act: act(settings_of(given), given))


def _place(configured: settings.Settings, given: argparse.Namespace) -> str:
    name = given.target or configured.targets[0]
    if name not in configured.places:
        raise MapperError(
            f"No Odoo is configured: write [connections.odoo] into {settings.SECRETS}."
        )
    return configured.places[name]


def _export(configured: settings.Settings, given: argparse.Namespace) -> int:
    seller = configured.seller(given.seller)
    kept = memory.recall(Store(configured.database), _place(configured, given), seller.name)
    Path(given.file).write_bytes(decision_file.to_csv(kept.decisions))
    print(f"{len(kept.decisions):,} decisions of seller {seller.name} are in {given.file}.")
    return 0


def _import(configured: settings.Settings, given: argparse.Namespace) -> int:
    seller, path = configured.seller(given.seller), Path(given.file)
    read = decision_file.read(path.read_bytes(), path.name, "import", iso(time.time()))
    outside = read.loc[~read["market"].isin(seller.markets), "market"]
    if len(outside):
        raise MapperError(
            f"{path.name}: {outside.iloc[0]} is no marketplace of seller {seller.name}. Correct "
            f"the file or the seller; nothing was read in."
        )
    memory.keep(Store(configured.database), _place(configured, given), seller.name, read)
    print(
        f"{len(read):,} decisions are kept for seller {seller.name}; nothing was written to Odoo."
    )
    return 0


def _list(configured: settings.Settings, given: argparse.Namespace) -> int:
    rules = memory.affixes(Store(configured.database), configured.seller(given.seller).name)
    print("\n".join(f"{rule.kind.value} {rule.text}" for rule in rules) or "There is no rule yet.")
    return 0


def _add(configured: settings.Settings, given: argparse.Namespace) -> int:
    seller, rule = _rule(configured, given)
    memory.add_affix(Store(configured.database), seller, rule)
    print(f"Seller {seller}: the {rule.kind.value} {rule.text!r} is removed from Seller SKUs.")
    return 0


def _remove(configured: settings.Settings, given: argparse.Namespace) -> int:
    seller, rule = _rule(configured, given)
    memory.remove_affix(Store(configured.database), seller, rule)
    print(f"Seller {seller}: the {rule.kind.value} {rule.text!r} stays in Seller SKUs.")
    return 0


def _propose(configured: settings.Settings, given: argparse.Namespace) -> int:
    seller = configured.seller(given.seller)
    catalogue = configured.open_target(given.target or configured.targets[0]).catalogue()
    rules = memory.affixes(Store(configured.database), seller.name)
    found = not_kept(propose(known_skus(catalogue, seller), catalogue), rules)
    if found.empty:
        print("The mapped SKUs show no rule that is not kept already.")
    for kind, text, skus, others in found.itertuples(index=False):
        against = f"; {others:,} would lead to another product" if others else ""
        print(f"{kind} {text}  {skus:,} mapped SKUs are the reference and this{against}")
    return 0


def _rule(configured: settings.Settings, given: argparse.Namespace) -> tuple[str, Affix]:
    return configured.seller(given.seller).name, Affix(AffixKind(given.kind), given.text)


_KIND = {"choices": [kind.value for kind in AffixKind]}
_TEXT = {"help": "what stands before or after; one that begins with a dash goes after --"}
_RULE = {"kind": _KIND, "text": _TEXT}
_COMMANDS = {
    "decisions": (
        "what was decided on listings, as a file",
        {
            "export": (_export, "write it to a CSV file", {"file": {"help": "CSV file"}}),
            "import": (_import, "keep what a CSV or XLSX file decides", {"file": {}}),
        },
    ),
    "affix": (
        "what a seller puts before or after references in Seller SKUs",
        {
            "list": (_list, "the rules", {}),
            "add": (_add, "add a rule", _RULE),
            "remove": (_remove, "remove a rule", _RULE),
            "propose": (_propose, "what the mapped SKUs show", {}),
        },
    ),
}
