"""The settings: sellers and the Odoo connection in .streamlit/secrets.toml, data in ./data."""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from lib.model import MapperError, Seller
from lib.source.marketplaces import MARKETPLACES, resolve
from lib.target.connection import OdooSettings
from lib.target.embedded import EmbeddedTarget
from lib.target.odoo import OdooTarget
from lib.target.port import Target

SECRETS = Path(".streamlit/secrets.toml")
PASSWORD_VARIABLE = "ODOO_PASSWORD"
DATA_VARIABLE = "MAPPER_DATA"


@dataclass(frozen=True)
class Settings:
    sellers: dict[str, Seller]
    odoo: OdooSettings | None
    data: Path

    @property
    def targets(self) -> list[str]:
        """The names that ``open_target`` takes, the default one first."""
        return ["odoo", "embedded"] if self.odoo else ["embedded"]

    def seller(self, name: str) -> Seller:
        if name not in self.sellers:
            known = ", ".join(self.sellers)
            raise MapperError(
                f"There is no seller {name!r}. Known: {known}. Sellers are named in {SECRETS} "
                f"as [sellers.NAME]."
            )
        return self.sellers[name]

    def open_target(self, name: str) -> Target:
        """Connect to a target. Raises Unreachable or Denied."""
        if name == "embedded":
            return EmbeddedTarget(self.data / "embedded.sqlite")
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
    for section in ("sellers", "connections"):
        if not isinstance(secrets.get(section, {}), dict):
            raise MapperError(f"{path}: {section} is no section. Write it as [{section}.NAME].")
    sellers = {
        name: _seller(name, values, path) for name, values in secrets.get("sellers", {}).items()
    }
    return Settings(
        sellers=sellers or {"demo": Seller("demo", tuple(MARKETPLACES))},
        odoo=_odoo(secrets.get("connections", {}).get("odoo"), path),
        data=Path(os.environ.get(DATA_VARIABLE, "data")),
    )


def _seller(name: str, values: dict, path: Path) -> Seller:
    if not isinstance(values, dict) or not isinstance(values.get("marketplaces", []), list):
        raise MapperError(
            f'{path}, [sellers.{name}]: write its marketplaces as ["Amazon.com", "DE"].'
        )
    written = pd.Series(values.get("marketplaces", list(MARKETPLACES)), dtype="str")
    markets = resolve(written)
    unknown = written[markets == ""]
    if len(unknown):
        raise MapperError(
            f"{path}, [sellers.{name}]: marketplace {unknown.iloc[0]!r} is not known. Write a "
            f"name (Amazon.co.uk), domain, country code or id."
        )
    return Seller(name, tuple(dict.fromkeys(markets)))


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
    return OdooSettings(*(str(given[name]) for name in ("url", "database", "user", "password")))
