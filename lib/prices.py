"""Prices of Amazon's report for the pricelist of its marketplace: read strictly, never guessed.

An amount is text, the shortest that says it ("79.9", "1299"), so that equal amounts are equal
texts, from the report over the journal to the target and back.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

from lib.catalogue import texts_of
from lib.external_id import price_ids
from lib.model import MapperError, Operation, Seller
from lib.source.marketplaces import MARKETPLACES, NAMES
from lib.source.unique import map_unique
from lib.target.port import Target

_PLAIN = re.compile(r"([0-9]{1,12})(?:[.,]([0-9]{1,12}))?")
_GROUPED = re.compile(
    r"([1-9][0-9]{0,2})([.,])([0-9]{3}(?:\2[0-9]{3}){0,2})(?:(?!\2)[.,]([0-9]+))?"
)


NO_PRICELIST = "Price not set: the settings name no pricelist for this marketplace"


@dataclass(frozen=True)
class Pricelist:
    """The pricelist of a marketplace. ``prices`` (PRICE_COLUMNS) are the fixed prices it has."""

    id: int
    name: str
    currency: str
    prices: pd.DataFrame


Pricelists = Mapping[str, Pricelist]
"""Marketplace code -> its pricelist."""


def decimals(currency: str) -> int:
    """How many decimals an amount has, of the currencies of Amazon's marketplaces."""
    return 0 if currency == "JPY" else 2


def amount(value: Decimal | float) -> str:
    """The shortest text of an amount."""
    return format(Decimal(str(value)).normalize(), "f")


def shown(amounts: pd.Series, currencies: pd.Series) -> pd.Series:
    """Amounts (str) with all decimals of their currencies (str, same index); "" stays."""

    def padded(text: str) -> str:
        amount, _, currency = text.partition(" ")
        whole, _, part = amount.partition(".")
        part = part.ljust(decimals(currency), "0")
        return f"{whole}.{part}" if amount and part else amount

    return map_unique(amounts + " " + currencies, padded)


def parse(text: str, currency: str) -> str:
    """The amount that a text of a report says, or "" where it may be read in two ways, has parts
    that the currency has not, or is not above 0.

    A point or a comma is taken: "79.90", "79,90", "1,299.00", "1.299,00". "1,299" alone is 1299
    yen, as Amazon.co.jp writes it; elsewhere nobody knows.
    """
    text, places = text.strip(), decimals(currency)
    if grouped := _GROUPED.fullmatch(text):
        first, mark, groups, part = grouped.groups()
        if not part and len(groups) == 3 and (places or mark == "."):
            return ""
        whole = first + groups.replace(mark, "")
    elif plain := _PLAIN.fullmatch(text):
        whole, part = plain.groups()
    else:
        return ""
    value = Decimal(f"{whole}.{part or 0}")
    return amount(value) if value > 0 and value == round(value, places) else ""


def open_pricelist(target: Target, seller: Seller, market: str) -> Pricelist:
    """The pricelist that the settings name for a marketplace of the seller, as the target has it.
    Raises MapperError if they name none, or none that can be used."""
    place, called = MARKETPLACES[market], seller.pricelists.get(market, "")
    if not called:
        raise MapperError(no_pricelist(seller, market))
    known = target.pricelists()
    found = known[known["name"] == called]
    if found.empty:
        names = ", ".join(known["name"]) or "none"
        raise MapperError(
            f"{target.label} has no pricelist {called!r}, which the settings of seller "
            f"{seller.name} name for {place.name}. It has: {names}. Correct the name, or make the "
            f"pricelist in {place.currency}; nothing was written."
        )
    if len(found) > 1:
        raise MapperError(
            f"{target.label} has {len(found)} pricelists {called!r}. Give the one for {place.name} "
            f"a name of its own; nothing was written."
        )
    if (currency := found["currency"].iloc[0]) != place.currency:
        raise MapperError(
            f"Pricelist {called!r} is in {currency}, and prices of {place.name} are in "
            f"{place.currency}: nothing is converted. Name a pricelist in {place.currency} for it "
            f"in the settings; nothing was written."
        )
    number = int(found["id"].iloc[0])
    return Pricelist(number, called, currency, target.prices(number))


def no_pricelist(seller: Seller, market: str) -> str:
    """Why prices of a marketplace cannot be taken, in words."""
    return (
        f"The settings name no pricelist of seller {seller.name} for {NAMES[market]}. Under "
        f"[sellers.{seller.name}.pricelists] write "
        f'"{NAMES[market]}" = "name of the pricelist in Odoo".'
    )


def open_pricelists(target: Target, seller: Seller, markets: Iterable[str]) -> Pricelists:
    """The pricelists of those of these marketplaces that the settings name one for. Raises
    MapperError if they name none, or as ``open_pricelist`` does."""
    named = [market for market in markets if market in seller.pricelists] or markets
    return {market: open_pricelist(target, seller, market) for market in named}


def plan_prices(
    rows: pd.DataFrame, products: pd.DataFrame, texts: pd.Series, pricelists: Pricelists
) -> tuple[pd.DataFrame, pd.Series]:
    """What is to be set on the pricelists for the ``rows`` and ``products`` of a ``Plan``, whose
    prices in the report are ``texts`` (str, same index): ``Plan.prices``; and a note (str) for
    each row whose price is not taken, "" for the others."""
    at = pd.Series(range(len(rows)), rows.index)
    planned, notes = [], [pd.Series(dtype="str")]
    # Marketplaces may share a pricelist: it has one price of a product.
    for pricelist in {held.id: held for held in pricelists.values()}.values():
        markets = [market for market, held in pricelists.items() if held.id == pricelist.id]
        of = rows["market"].isin(markets)
        prices, note = _plan_pricelist(rows[of], at[of], products, texts[of], pricelist)
        planned.append(prices)
        notes.append(note)
    elsewhere = (rows["product_id"] != 0) & ~rows["market"].isin(list(pricelists))
    nowhere = pd.Series(NO_PRICELIST, rows.index, dtype="str").where(elsewhere & (texts != ""), "")
    note = pd.concat(notes).reindex(rows.index).fillna(nowhere).astype("str")
    return pd.concat(planned, ignore_index=True), note


def _plan_pricelist(
    rows: pd.DataFrame,
    at: pd.Series,
    products: pd.DataFrame,
    texts: pd.Series,
    pricelist: Pricelist,
) -> tuple[pd.DataFrame, pd.Series]:
    product, price = rows["product_id"], map_unique(texts, lambda t: parse(t, pricelist.currency))
    tied, said, single = product != 0, texts != "", rows["units"] == 1
    # What cannot be read may be another price.
    speaks = pd.DataFrame({"product": product, "price": price})
    speaks = speaks[tied & said & single].drop_duplicates()
    torn = speaks.loc[speaks["product"].duplicated(), "product"]
    held = pricelist.prices
    twice = held.loc[held["product_id"].duplicated(), "product_id"]
    unclear = 'Price not set: "' + texts + f'" is no clear amount of {pricelist.currency}'
    why = np.select(
        [~tied, ~said, ~single, price == "", product.isin(torn), product.isin(twice)],
        [
            "",
            "Price not set: the report has none",
            "Price not set: it is of " + rows["units"].astype("str") + " units",
            unclear,
            "Price not set: listings of this product have different prices",
            f"Price not set: pricelist {pricelist.name} has this product more than once",
        ],
        "",
    )
    note = pd.Series(why, rows.index, dtype="str")
    chosen = pd.DataFrame({"row": at, "product_id": product, "price": price})
    planned = tied & (note == "") & (rows["operation"] != Operation.SKIP.value)
    chosen = chosen[planned].drop_duplicates("product_id")
    return _to_set(chosen, products, pricelist), note


def _to_set(chosen: pd.DataFrame, products: pd.DataFrame, pricelist: Pricelist) -> pd.DataFrame:
    """``Plan.prices`` of the prices chosen (``row``, ``product_id``, ``price``) that differ."""
    held = pricelist.prices.rename(columns={"id": "record_id", "price": "was_price"})
    chosen = chosen.merge(held, "left", "product_id")
    chosen = chosen.fillna({"record_id": 0, "was_price": ""}).astype({"record_id": "int64"})
    chosen = chosen[chosen["price"] != chosen["was_price"]].reset_index(drop=True)
    # A product still to be created has no number: its own external id stands for it.
    made = texts_of(chosen["product_id"], products["xid"])
    of = made.where(made != "", chosen["product_id"].astype("str"))
    xids = pd.Series(price_ids(pricelist.id, of), chosen.index, dtype="str")
    return chosen.assign(
        xid=xids.where(chosen["record_id"] == 0, ""),
        pricelist_id=pricelist.id,
        currency=pricelist.currency,
    )
