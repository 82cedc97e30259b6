"""The settings: sellers and the Odoo connection in .streamlit/secrets.toml, data in ./data."""

import os
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from lib.amazon.account import Amazon
from lib.amazon.port import Credentials
from lib.model import MapperError, Seller
from lib.source.marketplaces import MARKETPLACES, NAMES, resolve
from lib.target import embedded
from lib.target.connection import OdooSettings
from lib.target.odoo import OdooTarget
from lib.target.port import Target

SECRETS = Path(".streamlit/secrets.toml")
PASSWORD_VARIABLE = "ODOO_PASSWORD"
DATA_VARIABLE = "MAPPER_DATA"
DATABASE_VARIABLE = "MAPPER_DATABASE"
NOTIFY_VARIABLE = "MAPPER_NOTIFY"
DEMO_VARIABLE = "MAPPER_DEMO_AMAZON"
AMAZON_VARIABLES = {
    "refresh_token": "SP_API_REFRESH_TOKEN",
    "lwa_app_id": "LWA_APP_ID",
    "lwa_client_secret": "LWA_CLIENT_SECRET",
}
"""Credential -> its variable, with _NAME of the seller behind it. The application, which several
sellers may share, is taken without _NAME as well; a refresh token is one seller's."""


@dataclass(frozen=True)
class Settings:
    sellers: dict[str, Seller]
    odoo: OdooSettings | None
    data: Path
    database: str = field(repr=False)
    """The app's own database, as SQLAlchemy writes an address."""
    amazon: dict[str, Credentials] = field(default_factory=dict)
    """Seller -> credentials, for all sellers; those of a seller without an account are empty."""
    notify: tuple[str, ...] = field(default=(), repr=False)
    """Addresses, as apprise writes them, that a sync tells of mismatches and failures."""
    demo_amazon: str = ""
    """What a demo Amazon, to which the environment leads, says that it is."""

    @property
    def targets(self) -> list[str]:
        """The names that ``open_target`` takes, the default one first."""
        return ["odoo", "embedded"] if self.odoo else ["embedded"]

    @property
    def places(self) -> dict[str, str]:
        """Name of a target -> the place it writes to."""
        odoo = {"odoo": self.odoo.place} if self.odoo else {}
        return odoo | {"embedded": embedded.place(self._store)}

    @property
    def _store(self) -> Path:
        return self.data / "embedded.sqlite"

    def seller(self, name: str) -> Seller:
        if name not in self.sellers:
            known = ", ".join(self.sellers)
            raise MapperError(
                f"There is no seller {name!r}. Known: {known}. Sellers are named in {SECRETS} "
                f"as [sellers.NAME]."
            )
        return self.sellers[name]

    def open_amazon(self, name: str) -> Amazon:
        """The Amazon account of a seller. Raises MapperError if there is no such seller; Denied is
        raised when the account is used."""
        return Amazon(self.seller(name), self.amazon[name])

    def open_target(self, name: str) -> Target:
        """Connect to a target. Raises Unreachable or Denied."""
        if name == "embedded":
            return embedded.EmbeddedTarget(self._store)
        if not self.odoo:
            raise MapperError(
                f"No Odoo is configured: write [connections.odoo] with url, database, user and "
                f"password into {SECRETS}."
            )
        return OdooTarget(self.odoo)


def load(path: Path = SECRETS) -> Settings:
    """Read the settings; without a file, a seller "demo" on the embedded target."""
    try:
        text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
        secrets = tomllib.loads(text)
    except (OSError, ValueError) as error:
        # The error of a TOML parser names line and column, never a value.
        raise MapperError(f"{path} cannot be read: {error}. Correct the file.") from None
    for section in ("sellers", "connections", "database", "notify"):
        if not isinstance(secrets.get(section, {}), dict):
            named = section in ("sellers", "connections")
            wanted = f"[{section}.NAME]" if named else f"[{section}]"
            raise MapperError(f"{path}: {section} is no section. Write it as {wanted}.")
    sellers = {
        name: _seller(name, values, path) for name, values in secrets.get("sellers", {}).items()
    }
    sellers = sellers or {"demo": Seller("demo", tuple(MARKETPLACES), NAMES)}
    data = Path(os.environ.get(DATA_VARIABLE, "data"))
    return Settings(
        sellers=sellers,
        odoo=_odoo(secrets.get("connections", {}).get("odoo"), path),
        data=data,
        database=_database(secrets.get("database", {}), data, path),
        amazon=_all_credentials(sellers, secrets.get("sellers", {}), path),
        notify=_notify(secrets.get("notify", {}), path),
        demo_amazon=os.environ.get(DEMO_VARIABLE, ""),
    )


def _seller(name: str, values: dict, path: Path) -> Seller:
    if not isinstance(values, dict) or not isinstance(values.get("marketplaces", []), list):
        raise MapperError(
            f'{path}, [sellers.{name}]: write its marketplaces as ["Amazon.com", "DE"].'
        )
    markets = _markets(values.get("marketplaces", list(MARKETPLACES)), f"{path}, [sellers.{name}]")
    switches = {switch: values.get(switch, False) for switch in ("create", "prices", "lookup")}
    for switch, on in switches.items():
        if not isinstance(on, bool):
            raise MapperError(f"{path}, [sellers.{name}]: {switch} is true or false.")
    pricelists = _pricelists(name, values, path)
    return Seller(name, tuple(dict.fromkeys(markets)), pricelists, **switches)


def _markets(written: Iterable[str], where: str) -> list[str]:
    """The codes of marketplaces, as they are written in the file."""
    texts = pd.Series(list(written), dtype="str")
    markets = resolve(texts)
    unknown = texts[markets == ""]
    if len(unknown):
        raise MapperError(
            f"{where}: marketplace {unknown.iloc[0]!r} is not known. Write a name (Amazon.co.uk), "
            f"domain, country code or id."
        )
    return markets.to_list()


def _pricelists(name: str, values: dict, path: Path) -> dict[str, str]:
    where, written = f"{path}, [sellers.{name}.pricelists]", values.get("pricelists", {})
    if not isinstance(written, dict) or not all(
        isinstance(called, str) and called for called in written.values()
    ):
        raise MapperError(f'{where}: write a line a marketplace, as "Amazon.de" = "Amazon DE".')
    markets = _markets(written, where)
    if len(set(markets)) < len(markets):
        twice = next(NAMES[market] for market in markets if markets.count(market) > 1)
        raise MapperError(f"{where}: {twice} has two pricelists. Leave one.")
    return dict(zip(markets, written.values(), strict=True))


def _all_credentials(names: Iterable[str], secrets: dict, path: Path) -> dict[str, Credentials]:
    found, called = {}, {}
    for name in names:
        suffix = re.sub(r"\W", "_", name).upper()
        if suffix in called and f"{AMAZON_VARIABLES['refresh_token']}_{suffix}" in os.environ:
            raise MapperError(
                f"{path}: a refresh token in the environment would be that of sellers "
                f"{called[suffix]} and {name}. Write their tokens into the file."
            )
        called[suffix] = name
        found[name] = _credentials(name, secrets.get(name, {}), suffix, path)
    return found


def _credentials(name: str, values: dict, suffix: str, path: Path) -> Credentials:
    given = {}
    for credential, variable in AMAZON_VARIABLES.items():
        shared = "" if credential == "refresh_token" else os.environ.get(variable, "")
        value = values.get(credential) or os.environ.get(f"{variable}_{suffix}") or shared
        if not isinstance(value, str):
            raise MapperError(f'{path}, [sellers.{name}]: write {credential} as "text".')
        given[credential] = value.strip()
    return Credentials(**given, source=f"{path}, [sellers.{name}]")


def _database(values: dict, data: Path, path: Path) -> str:
    url = os.environ.get(DATABASE_VARIABLE) or str(values.get("url", ""))
    if url and not url.startswith(("postgresql://", "sqlite:///")):
        raise MapperError(
            f"{path}, [database]: url begins with neither postgresql:// nor sqlite:///. Write "
            f"postgresql://USER:PASSWORD@HOST/DATABASE, or leave it out."
        )
    if url.count("@") > 1:
        raise MapperError(f"{path}, [database]: write an @ of the password as %40 in the url.")
    return url or f"sqlite:///{data.resolve() / 'app.sqlite'}"


def _notify(values: dict, path: Path) -> tuple[str, ...]:
    given = os.environ.get(NOTIFY_VARIABLE, "").split() or values.get("url", [])
    addresses = [given] if isinstance(given, str) else given
    if not isinstance(addresses, list) or not all(isinstance(url, str) for url in addresses):
        raise MapperError(f'{path}, [notify]: write url = "address", or a list of them.')
    return tuple(filter(None, addresses))


def _odoo(values: dict | None, path: Path) -> OdooSettings | None:
    if not values:
        return None
    if not isinstance(values, dict):
        raise MapperError(f"{path}: write [connections.odoo] as a section.")
    password = values.get("password") or values.get("api_key") or os.environ.get(PASSWORD_VARIABLE)
    given = values | ({"password": password} if password else {})
    for needed in ("url", "database", "user", "password"):
        if not given.get(needed):
            raise MapperError(f"{path}, [connections.odoo]: {needed} is missing. Add it.")
    connections = given.get("connections", OdooSettings.connections)
    if not isinstance(connections, int) or not 1 <= connections <= 16:
        raise MapperError(f"{path}, [connections.odoo]: connections is a number from 1 to 16.")
    texts = [str(given[name]) for name in ("url", "database", "user", "password")]
    return OdooSettings(*texts, connections)
