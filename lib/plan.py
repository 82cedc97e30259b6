"""From matches to operations, and from outcomes back to the rows they account for."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from lib import units
from lib.catalogue import Catalogue, texts_of
from lib.external_id import listing_ids, product_ids
from lib.match.lookup import is_in
from lib.match.normalise import arrow, barcode_key, folded
from lib.model import CHANGES, Operation, Outcome, Reason, Rule, Seller

OPERATIONS = [operation.value for operation in Operation]
PRICE_PLAN = [
    "row", "product_id", "price", "record_id", "was_price", "xid", "pricelist_id", "currency",
]  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What an execution will do, row by row.

    ``rows``, one a listing row with the same index: ``operation`` (category of Operation
    values), ``reason`` str (why it is skipped or left), and what an "amazon_product" load
    needs: ``record_id``, ``product_id`` int64 (below 0: the product created under that number),
    ``units`` int64, ``xid``, ``title``, ``seller``, ``market``, ``sku``, ``channel``,
    ``created_for`` str; and what the record has before: ``was_product``, ``was_units`` int64,
    ``was_title``, ``was_created_for`` str.
    ``products``, one a product to create, indexed by that number: ``xid``, ``reference``,
    ``name`` str.
    ``prices`` (PRICE_PLAN), one a price to set, which are only those that change: ``row`` int64,
    the position of the listing whose price it is; ``product_id`` as in ``rows``, ``pricelist_id``
    and ``record_id``, the price there is or 0, int64; ``price`` and ``was_price`` ("" for none)
    str, amounts of ``currency``; ``xid`` str, "" where there is a price already.
    """

    rows: pd.DataFrame
    products: pd.DataFrame
    prices: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=PRICE_PLAN).astype({"row": "int64"})
    )

    @cached_property
    def counts(self) -> dict[str, int]:
        """Operation value -> how many, all operations; rows, products to create and prices to set
        apart."""
        counts = self.rows["operation"].value_counts()
        of_rows = {operation.value: int(counts[operation.value]) for operation in Operation}
        return of_rows | {
            Operation.CREATE_PRODUCT.value: len(self.products),
            Operation.SET_PRICE.value: len(self.prices),
        }

    @property
    def changes(self) -> int:
        """How many records an execution writes."""
        return sum(self.counts[operation.value] for operation in CHANGES)

    @property
    def skipped(self) -> dict[str, int]:
        """Reason -> rows skipped for it, most frequent first."""
        skipped = self.rows.loc[self.rows["operation"] == Operation.SKIP.value, "reason"]
        return {str(reason): int(count) for reason, count in skipped.value_counts().items()}


def plan(
    listings: pd.DataFrame, matches: pd.DataFrame, catalogue: Catalogue, seller: Seller
) -> Plan:
    """Plan the execution of matches (MATCH_COLUMNS) of listing rows (LISTING_COLUMNS)."""
    held = catalogue.held
    product = matches["product_id"].to_numpy()
    record = matches["record_id"].to_numpy()
    title = listings["title"].str.strip()
    held_product = matches["record_id"].map(held["product_id"]).fillna(0).to_numpy(np.int64)
    held_title = texts_of(matches["record_id"], held["title"])
    held_units = units.held(matches["record_id"], catalogue)
    wanted = units.wanted(units.said(listings), held_units)

    operation = np.full(len(listings), Operation.UNCHANGED.value, object)
    differs = (title != "").to_numpy() & (title != held_title).to_numpy()
    operation[differs | (wanted != held_units)] = Operation.UPDATE.value
    operation[held_product != product] = Operation.RELINK.value
    operation[record == 0] = Operation.LINK.value
    operation[product == 0] = Operation.SKIP.value
    operation[(matches["rule"] == Rule.UNMAP.value).to_numpy()] = Operation.UNMAP.value
    operation[(matches["reason"] == Reason.NOT_MAPPED.value).to_numpy()] = Operation.UNCHANGED.value
    operation[(matches["repeats"] > 0).to_numpy()] = Operation.SKIP.value

    rows = pd.DataFrame(
        {
            "operation": pd.Categorical(operation, categories=OPERATIONS),
            "reason": matches["reason"].astype("str"),
            "record_id": record,
            "product_id": product,
            "units": wanted,
            "title": title,
            "seller": seller.name,
            "market": listings["market"],
            "sku": listings["sku"].str.strip(),
            "channel": listings["channel"],
            "was_product": held_product,
            "was_units": held_units,
            "was_title": held_title,
            "was_created_for": texts_of(matches["record_id"], held["created_for"]),
        },
        index=listings.index,
    )
    products = _products_to_create(named_anew(listings, matches), catalogue.company)
    rows["title"] = _titles(rows, products, catalogue)
    rows["xid"] = _external_ids(rows, catalogue)
    created_for = texts_of(rows["product_id"], products["reference"])
    kept = rows["was_created_for"].where(held_product == product, "")
    rows["created_for"] = created_for.where(created_for != "", kept)
    return Plan(rows, products)


def named_anew(listings: pd.DataFrame, matches: pd.DataFrame) -> pd.DataFrame:
    """The products to be created by their number (below 0): ``reference``, ``name`` (str) of the
    first row of each that has a title."""
    creates = (matches["rule"] == Rule.CREATE.value).to_numpy()
    listings, number = listings[creates], matches["product_id"].to_numpy()[creates]
    named = pd.DataFrame(
        {
            "number": number,
            "reference": listings["reference"].str.strip(),
            "name": listings["title"].str.strip(),
        }
    )
    named = named[(number < 0) & (named["reference"] != "") & (named["name"] != "")]
    return named.drop_duplicates("number").set_index("number")


def _products_to_create(named: pd.DataFrame, company: int) -> pd.DataFrame:
    """``named_anew`` with the external ids (``xid``) that they are to have."""
    references = barcode_key(folded(arrow(named["reference"])))
    xids = pd.array(product_ids(company, references.to_pylist()), dtype="str")
    return named.assign(xid=xids)[["xid", "reference", "name"]]


def _titles(rows: pd.DataFrame, products: pd.DataFrame, catalogue: Catalogue) -> pd.Series:
    """The title to write: the file's; where it has none, the one held, or the product's name."""
    blank = (rows["title"] == "").to_numpy() & (rows["product_id"] != 0).to_numpy()
    if not blank.any():
        return rows["title"]
    names = pd.concat([catalogue.by_id["name"], products["name"]])
    wanted = rows[blank]
    title = texts_of(wanted["record_id"], catalogue.held["title"])
    title = title.where(title != "", texts_of(wanted["product_id"], names))
    return rows["title"].where(~blank, title.reindex(rows.index))


def _external_ids(rows: pd.DataFrame, catalogue: Catalogue) -> pd.Series:
    """The external id a row is written under, "" where a record made by hand has none.

    A record of ours whose key a person changed in Odoo still has the external id of its old
    key. That key is free again, so it gets an id of its own and the record is left alone.
    An unmap has the id that an undo makes the record under again, also if it was made by hand.
    """
    xids = pd.Series("", rows.index, dtype="str")
    writes = rows["operation"].isin([Operation.RELINK, Operation.UPDATE, Operation.UNMAP])
    xids[writes] = texts_of(rows.loc[writes, "record_id"], catalogue.held["xid"])
    unmaps = (rows["operation"] == Operation.UNMAP.value) & (xids == "")
    links = rows[(rows["operation"] == Operation.LINK.value) | unmaps]
    keys = zip(links["seller"], links["market"], links["channel"], links["sku"], strict=True)
    new = pd.Series(listing_ids(keys), links.index, dtype="str")
    xids[links.index] = free_ids(new, catalogue.amazon_products)
    return xids


def free_ids(xids: pd.Series, held: pd.DataFrame) -> pd.Series:
    """These external ids (str), another one for each that an Amazon Product of ``held``
    (AMAZON_PRODUCT_COLUMNS) has."""
    while (taken := is_in(xids, held["xid"]) & (xids != "").to_numpy()).any():
        owners = held[is_in(held["xid"], xids[taken])].drop_duplicates("xid")
        owners = owners.set_index("xid")["id"].astype("str")
        xids = xids.where(~taken, xids + "_" + texts_of(xids, owners))
    return xids


def first_outcomes(made: Plan) -> pd.DataFrame:
    """What is known of each row before anything is pushed: ``outcome``, ``message`` (str);
    an empty outcome is a row that is still to be pushed."""
    operation = made.rows["operation"]
    outcome = pd.Series("", made.rows.index, dtype="str")
    priced = np.isin(np.arange(len(outcome)), made.prices["row"])
    outcome[(operation == Operation.UNCHANGED.value) & ~priced] = Outcome.UNCHANGED.value
    outcome[operation == Operation.SKIP.value] = Outcome.SKIPPED.value
    message = made.rows["reason"].where(operation == Operation.SKIP.value, "")
    return pd.DataFrame({"outcome": outcome, "message": message})


def outcome_counts(outcomes: pd.DataFrame) -> dict[str, int]:
    """Outcome value -> rows, all four."""
    counts = outcomes["outcome"].value_counts()
    return {outcome.value: int(counts.get(outcome.value, 0)) for outcome in Outcome}


def waits_for_a_person(skipped: dict[str, int]) -> int:
    """How many of the skipped rows (``Plan.skipped``) somebody still has to do something about."""
    reasons = {Reason(words): count for words, count in skipped.items()}
    return sum(
        count for reason, count in reasons.items() if reason.needs_choice or reason.needs_correction
    )
