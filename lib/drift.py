"""Drift: listings that a target holds and that are gone from Amazon's report."""

import pandas as pd

from lib.amazon_products import as_rows
from lib.catalogue import Catalogue, texts_of
from lib.last_report import Listed
from lib.match.decisions import listing_keys
from lib.match.lookup import is_in
from lib.model import Seller
from lib.source.report import Report


def gone(report: Report | Listed, catalogue: Catalogue, seller: Seller) -> pd.DataFrame:
    """The seller's Amazon Products (AMAZON_PRODUCT_COLUMNS) on the report's marketplaces, in the
    channels it has of each, that it does not list. Nobody deletes them."""
    seen, held = report.seen, catalogue.amazon_products
    unknown = seen["channel"] == ""
    held = held[(held["seller"] == seller.name) & is_in(_places(held), _places(seen[~unknown]))]
    there = is_in(listing_keys(held), listing_keys(seen))
    # Listed under a channel that is not known: it may be this one.
    there |= is_in(listing_keys(held.assign(channel="")), listing_keys(seen[unknown]))
    return held[~there]


def _places(frame: pd.DataFrame) -> pd.Series:
    """Marketplace and channel of each row (str)."""
    return frame["market"] + "\x1f" + frame["channel"]


def as_file(drifted: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """These Amazon Products as a map file: MAP_FIELDS, ``units``, ``product`` and ``reason``
    (str)."""
    product = texts_of(drifted["product_id"], catalogue.labels)
    reason = pd.Series("Gone from the report", drifted.index, dtype="str")
    return as_rows(drifted, catalogue).assign(product=product, reason=reason)
