"""What Amazon's catalogue says of the listings that find no product: their UPC or EAN by ASIN."""

import time
from collections.abc import Iterable
from dataclasses import replace

import pandas as pd
import sqlalchemy as sa

from lib.amazon.account import CODES_AT_ONCE, Amazon
from lib.catalogue import Catalogue
from lib.match.lookup import is_in
from lib.match.normalise import arrow, barcode_key
from lib.model import MapFile, Reason, Rule
from lib.review import Review
from lib.source.report import is_gtin
from lib.store import AMAZON_CODES, Store

KNOWN = 30 * 24 * 3600
"""Seconds until Amazon is asked again for an ASIN that it had no code for."""

_LEFT = [Reason.NOT_FOUND.value, Reason.NO_TITLE.value]
SEVERAL = "Amazon's catalogue has several codes of it that products have"


def look_up(done: Review, store: Store, amazon: Amazon) -> MapFile:
    """The file of a review, to be reviewed again: listings that have an ASIN, no UPC or EAN and no
    product are given the code of Amazon's catalogue that a product has as its barcode. Where
    several are, a warning says so instead. Raises what ``amazon`` raises; what it has answered
    until then is kept."""
    file, matches = done.file, done.matches
    if file.offers is None:
        return file
    # A product would be created for some, though there may be one with the code.
    left = matches["reason"].isin(_LEFT) | (matches["rule"] == Rule.CREATE.value)
    rows = left & (file.offers["asin"] != "") & (file.offers["ean"] == "")
    wanted = pd.DataFrame({"market": file.listings["market"], "asin": file.offers["asin"]})[rows]
    pairs = wanted.assign(code="").iloc[:0]
    for market, asins in wanted.groupby("market")["asin"]:
        codes = asins.map(asked(store, amazon, market, asins))
        pairs = pd.concat([pairs, wanted.loc[codes.index].assign(code=codes).explode("code")])
    pairs = _barcodes(pairs.reset_index(names="at").dropna(subset="code"), done.catalogue)
    several = pairs.loc[pairs["at"].duplicated(), "at"].unique()
    one = pairs[~pairs["at"].isin(several)].set_index("at")["code"]
    offers, listings = file.offers.copy(), file.listings.copy()
    offers.loc[one.index, "looked_up"] = one
    before = listings.loc[several, "warning"]
    listings.loc[several, "warning"] = (before + "; " + SEVERAL).where(before != "", SEVERAL)
    return replace(file, offers=offers, listings=listings)


def _barcodes(pairs: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Of listings and codes (``at``, ``code``) those that products have as barcode, each once."""
    pairs = pairs.assign(key=_keys(pairs["code"].astype("str")))
    pairs = pairs[is_in(pairs["key"], _keys(catalogue.products["barcode"]))]
    return pairs.drop_duplicates(["at", "key"])


def _keys(codes: pd.Series) -> pd.Series:
    """Codes (str) with a UPC and its EAN as one."""
    return pd.Series(barcode_key(arrow(codes)).to_pylist(), codes.index, dtype="str")


def asked(
    store: Store, amazon: Amazon, market: str, asins: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """ASIN -> its UPCs and EANs on a marketplace, for all of these: as kept here, else as Amazon
    says, 20 at a time. Each answer is kept at once."""
    wanted = list(dict.fromkeys(asins))
    found = _kept(store, market)
    missing = [asin for asin in wanted if asin not in found]
    for begin in range(0, len(missing), CODES_AT_ONCE):
        some = missing[begin : begin + CODES_AT_ONCE]
        answer = amazon.codes(market, some)
        answer = {asin: _sound(answer.get(asin, [])) for asin in some}
        _keep(store, market, answer)
        found |= answer
    return {asin: found[asin] for asin in wanted}


def _sound(codes: list[str]) -> tuple[str, ...]:
    """The codes that are UPCs or EANs by their shape and check digit."""
    texts = pd.Series(codes, dtype="str").str.strip()
    return tuple(texts[is_gtin(texts)])


def _kept(store: Store, market: str) -> dict[str, tuple[str, ...]]:
    columns = AMAZON_CODES.c
    known = sa.select(columns.asin, columns.codes, columns.asked).where(columns.market == market)
    with store.begin() as connection:
        rows = connection.execute(known).all()
    late = time.time() - KNOWN
    return {asin: tuple(codes) for asin, codes, asked in rows if codes or asked > late}


def _keep(store: Store, market: str, answer: dict[str, tuple[str, ...]]) -> None:
    columns, now = AMAZON_CODES.c, time.time()
    values = [
        {"market": market, "asin": asin, "codes": list(codes), "asked": now}
        for asin, codes in answer.items()
    ]
    old = sa.delete(AMAZON_CODES).where(columns.market == market, columns.asin.in_(answer))
    try:
        with store.begin() as connection:
            connection.execute(old)
            connection.execute(sa.insert(AMAZON_CODES), values)
    except sa.exc.IntegrityError:  # another process has just kept the same answer
        pass
