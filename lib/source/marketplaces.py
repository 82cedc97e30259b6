"""Amazon's marketplaces: one table that resolves name, domain, country, country code and id.

Source of marketplaces.json: Amazon's Selling Partner API documentation, "Marketplace IDs".
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from lib.source.unique import map_unique


@dataclass(frozen=True)
class Marketplace:
    """One marketplace; ``code`` is the ISO country code, ``region`` the SP-API region."""

    code: str
    id: str
    region: str
    domain: str
    currency: str
    country: str
    aliases: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.domain.replace("amazon", "Amazon", 1)

    @property
    def keys(self) -> set[str]:
        """Every lower-case text that means this marketplace."""
        places = {word.casefold() for word in (self.code, self.country, *self.aliases)}
        return {self.id.casefold(), self.domain, *places, *(f"amazon {word}" for word in places)}


_rows = json.loads(Path(__file__).with_name("marketplaces.json").read_text("utf-8"))
MARKETPLACES: dict[str, Marketplace] = {row["code"]: Marketplace(**row) for row in _rows}
"""Country code -> Marketplace."""

NAMES = {code: place.name for code, place in MARKETPLACES.items()}
"""Country code -> what the marketplace is called: "GB" -> "Amazon.co.uk"."""

_CODES = {key: code for code, place in MARKETPLACES.items() for key in place.keys}
_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?(amazon\.[^/?#:]+)(?:[/?#:].*)?", re.DOTALL)


def resolve(values: pd.Series) -> pd.Series:
    """Marketplace codes of texts: the same index, dtype str, "" where the text is unknown.

    Read in any case, outer spaces trimmed: name, domain or web address ("Amazon.co.uk",
    "https://www.amazon.co.uk/"), country or country code ("UK" is "GB"), these two also after
    "Amazon " ("Amazon UK"), and marketplace id.
    """
    return map_unique(values, _code)


def _code(text: str) -> str:
    key = text.strip().casefold()
    address = _ADDRESS.fullmatch(key)
    return _CODES.get(address[1] if address else key, "")
