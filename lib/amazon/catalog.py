"""What Amazon's catalogue says of the listings that find no product: their UPC or EAN by ASIN."""

import time
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import sqlalchemy as sa

from lib.amazon.account import CODES_AT_ONCE, Amazon
from lib.catalogue import Catalogue
from lib.match.lookup import is_in
from lib.match.normalise import arrow, barcode_key
from lib.model import Reason, Rule
from lib.review import Review
from lib.source.report import Report, is_gtin
from lib.store import AMAZON_CODES, Store

KNOWN = 30 * 24 * 3600
"""Seconds until Amazon is asked again for an ASIN that it had no code for."""

_LEFT = [Reason.NOT_FOUND.value, Reason.NO_TITLE.value]
SEVERAL = "Amazon's catalogue has several codes of it that products have"


def without_code(done: Review) -> pd.DataFrame:
    """The listings of a review of a report that have an ASIN, no UPC or EAN and no product:
    ``market``, ``asin`` (str), index of the review."""
    file, matches = done.file, done.matches
    # A product would be created for some, though there may be one with the code.
    left = matches["reason"].isin(_LEFT) | (matches["rule"] == Rule.CREATE.value)
    rows = left & (file.offers["asin"] != "") & (file.offers["ean"] == "")
    return pd.DataFrame({"market": file.listings["market"], "asin": file.offers["asin"]})[rows]


def not_asked(store: Store, wanted: pd.DataFrame) -> pd.DataFrame:
    """Of ``market`` and ``asin`` those that Amazon is still to be asked for, each once."""
    wanted = wanted.drop_duplicates()
    kept = {market: _kept(store, market) for market in wanted["market"].unique()}
    new = [asin not in kept[market] for market, asin in wanted.itertuples(index=False)]
    return wanted[pd.Series(new, wanted.index, dtype="bool")]


def ask(
    store: Store,
    amazon: Amazon,
    wanted: pd.DataFrame,
    watch: Callable[[int], None] = lambda _: None,
) -> None:
    """Ask Amazon for the UPCs and EANs of ``market`` and ``asin``, 20 at a time, unless they are
    kept; each answer is kept at once, and ``watch`` told how many were asked for since the start.
    Raises what ``amazon`` raises."""
    count = 0
    for market, asins in not_asked(store, wanted).groupby("market")["asin"]:
        for begin in range(0, len(asins), CODES_AT_ONCE):
            some = asins.iloc[begin : begin + CODES_AT_ONCE].to_list()
            answer = amazon.codes(market, some)
            _keep(store, market, {asin: _sound(answer.get(asin, [])) for asin in some})
            count += len(some)
            watch(count)


def with_codes(done: Review, store: Store) -> Report:
    """The report of a review, to be reviewed again: listings without code and product are given
    the code that is kept of their ASIN and that a product has as its barcode. Where several are,
    a warning says so instead."""
    file, wanted = done.read, without_code(done)
    pairs = wanted.assign(code="").iloc[:0]
    for market, asins in wanted.groupby("market")["asin"]:
        codes = asins.map(_kept(store, market)).dropna()
        pairs = pd.concat([pairs, wanted.loc[codes.index].assign(code=codes).explode("code")])
    pairs = _barcodes(pairs.reset_index(names="at").dropna(subset="code"), done.catalogue)
    several = pairs.loc[pairs["at"].duplicated(), "at"].unique()
    one = pairs[~pairs["at"].isin(several)].set_index("at")["code"]
    offers, listings = file.offers.copy(), file.listings.copy()
    offers.loc[one.index, "looked_up"] = one
    before = listings.loc[several, "warning"]
    listings.loc[several, "warning"] = (before + "; " + SEVERAL).where(before != "", SEVERAL)
    return replace(file, offers=offers, listings=listings, looked_up=len(one) + len(several))


def _barcodes(pairs: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Of listings and codes (``at``, ``code``) those that products have as barcode, each once."""
    pairs = pairs.assign(key=_keys(pairs["code"].astype("str")))
    pairs = pairs[is_in(pairs["key"], _keys(catalogue.products["barcode"]))]
    return pairs.drop_duplicates(["at", "key"])


def _keys(codes: pd.Series) -> pd.Series:
    """Codes (str) with a UPC and its EAN as one."""
    return pd.Series(barcode_key(arrow(codes)).to_pylist(), codes.index, dtype="str")


def stamp(store: Store) -> tuple:
    """Another value whenever an answer was kept."""
    asked = sa.select(sa.func.count(), sa.func.max(AMAZON_CODES.c.asked)).select_from(AMAZON_CODES)
    with store.begin() as connection:
        return tuple(connection.execute(asked).one())


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
