"""Units per listing, planned: how many of its Odoo product one piece of a listing is.

A file may say it, Odoo holds it, and a title hints at it ("Pack of 6"). A hint is told, and taken
where somebody asks for it; it is never taken unasked.
"""

from functools import reduce
from operator import add

import numpy as np
import pandas as pd

from lib.catalogue import Catalogue, texts_of
from lib.match.decisions import listing_keys
from lib.match.normalise import arrow
from lib.source.unique import map_unique
from lib.source.units import usable
from lib.suggest.text import fold, may_be_packs, pack

TITLE_SAYS = "Title says a pack"


def held(records: pd.Series, catalogue: Catalogue) -> np.ndarray:
    """The units of Amazon Products (ids; int64), 1 where there is no such record."""
    return records.map(catalogue.held["units"]).fillna(1).to_numpy(np.int64)


def said(listings: pd.DataFrame) -> pd.Series:
    """The units that a file says of the listing of each row (LISTING_COLUMNS), in whichever row of
    it (str, same index; "" where it does not say)."""
    units = listings["units"]
    names = (listings["sku"].str.strip() != "").to_numpy()
    says = names & (units != "").to_numpy() & usable(units)
    if not says.any():
        return pd.Series("", listings.index, dtype="str")
    key = listing_keys(listings)
    of_key = pd.Series(units[says].to_numpy(), key[says]).groupby(level=0).first()
    return key.map(of_key).where(names, "").fillna("").astype("str")


def wanted(said: pd.Series, held: np.ndarray) -> np.ndarray:
    """The units to write (int64): what the file says, else what is held."""
    says = (said != "").to_numpy()
    units = held.copy()
    units[says] = said[says].astype("int64")
    return units


def packs(titles: pd.Series, products: pd.Series, *names: pd.Series) -> np.ndarray:
    """How many of its product (id, 0 for none) each title (str) says that it is (int64): 1 where it
    does not say, or where the product's own name says as many; 0 where the two do not go together.
    ``names`` have the names (str) by product id, each of them those of other products."""
    said = np.ones(len(titles), np.int64)
    hinted = may_be_packs(arrow(titles)) & (products != 0).to_numpy()
    if not hinted.any():
        return said
    pieces = _pieces(titles[hinted])
    each = _pieces(reduce(add, (texts_of(products[hinted], known) for known in names)))
    of_product = np.where(pieces % each == 0, pieces // each, 0)
    said[hinted] = np.where(pieces > 1, of_product, 1)
    return said


def _pieces(texts: pd.Series) -> np.ndarray:
    """How many pieces each text says (int64), 1 where it does not."""
    return map_unique(texts, lambda text: str(pack(fold(text)) or 1)).astype("int64").to_numpy()


def taken(listings: pd.DataFrame, packs: np.ndarray, held: np.ndarray) -> pd.DataFrame:
    """Listing rows (LISTING_COLUMNS) with ``packs`` as units, where neither the file says any nor
    more than 1 are ``held``."""
    takes = (said(listings) == "").to_numpy() & (held == 1) & (packs > 1)
    new = pd.Series(packs, listings.index).astype("str")
    return listings.assign(units=listings["units"].mask(takes, new))


def notes(listings: pd.DataFrame, packs: np.ndarray, units: pd.Series) -> pd.Series:
    """A warning (str) for each row whose title says a pack (``packs``), while the file says no
    units and ``units``, what is planned, is 1; "" for the others."""
    doubt = (units == 1).to_numpy() & (said(listings) == "").to_numpy()
    words = doubts(pd.Series(packs, listings.index))
    return words.where(doubt, "").astype("str")


def doubts(packs: pd.Series) -> pd.Series:
    """What ``packs`` says against 1 as units, in words (str); "" where it says 1 too."""
    words = TITLE_SAYS + " of " + packs.astype("str") + ", Units is 1"
    words = words.mask(packs == 0, "Title says another pack than the product's name")
    return words.mask(packs == 1, "").astype("str")
