"""Rows that ask for their listing to be unmapped: matched to its Amazon Product, and to nothing
else. All other rows are matched as if it were gone already, so that the same file gives the same
answer before and after it was executed."""

from dataclasses import replace

import numpy as np
import pandas as pd

from lib.catalogue import Catalogue
from lib.match.lookup import place
from lib.match.standing import Rows
from lib.model import Lane, Reason, Rule, Seller

OTHER_PRODUCT = "Mapped to another product than the file says: look before you unmap it"


def unmapped(
    listings: pd.DataFrame, catalogue: Catalogue, seller: Seller
) -> tuple[pd.DataFrame, Catalogue]:
    """MATCH_COLUMNS of usable rows to unmap, and the catalogue without their Amazon Products."""
    rows = Rows(listings, catalogue, seller)
    first = ~rows.held_key.duplicated().to_numpy()
    at = place(rows.key, rows.held_key[first])
    held = rows.held[first]
    twice = np.append(rows.held_key.duplicated(keep=False).to_numpy()[first], False)[at]
    rows.record = np.append(held["id"].to_numpy(), 0)[at]
    products = np.append(held["product_id"].to_numpy(), 0)[at]
    rows.take(rows.record > 0, products, Lane.MATCHED, Rule.UNMAP)
    rows.leave(rows.record == 0, Reason.NOT_MAPPED, Lane.BLOCKED)
    rows.leave(twice, Reason.TWICE_IN_TARGET, Lane.BLOCKED)
    said = rows.named & (products > 0) & ~twice
    said[said] = ~catalogue.carries(products[said], rows.reference[said])
    rows.warn(said, OTHER_PRODUCT)
    rows.note_repeats()
    gone = rows.record[(rows.record > 0) & ~twice]
    kept = catalogue.amazon_products
    return rows.result(), replace(catalogue, amazon_products=kept[~kept["id"].isin(gone)])
