"""Suggestions for the rows of a review: those that wait for a person, and those that would become
a new product though they look like one that is there."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from lib.catalogue import Catalogue
from lib.match.decisions import CREATE, Choice, Verdict, listing_keys
from lib.match.lookup import is_in
from lib.model import Lane, Rule
from lib.review import Review
from lib.suggest.engine import is_safe, suggest_explained
from lib.suggest.evidence import PARTS
from lib.suggest.index import Index

TOP = 5
"""Products that are shown for a row."""
KEPT = 8
"""Products that are found for a row: as many as TOP are left when some are rejected."""
LIKELY = 0.5
"""The certainty from which on a row to be created is said to look like an existing product."""
SAFE = 0.953
"""The certainty from which on a suggestion is safe: its margin is 3 at least, as measured."""
LOOKS_LIKE = "Looks like an existing product"
DIFFERS = -0.05
"""What a part of the evidence says at most where it is said to differ."""
TELLING = ["barcode", "model number", "numbers", "pack size", "size", "colour"]
"""Parts that tell one product from another like it: where one differs, a person looks."""
EMPTY = {"row": "int64", "rank": "int64", "product_id": "int64", "score": "float64",
         "certainty": "float64", "margin": "float64", "safe": "bool"}  # fmt: skip


@dataclass(frozen=True)
class Proposals:
    """``best`` has the columns of EMPTY, the first TOP products of each row, best first; ``parts``,
    with the same index, what speaks for (above 0) and against (below 0) each, a column a part."""

    best: pd.DataFrame
    parts: pd.DataFrame

    @cached_property
    def first(self) -> pd.DataFrame:
        """The best product of each row, with its parts, by row."""
        return self.best[self.best["rank"] == 1].join(self.parts).set_index("row").sort_index()

    def joined(self, other: "Proposals") -> "Proposals":
        """These and those of other rows."""
        pairs = (self.best, other.best), (self.parts, other.parts)
        return Proposals(*(pd.concat(pair, ignore_index=True) for pair in pairs))

    def only(self, rows: Iterable[int]) -> "Proposals":
        """Those of these rows."""
        mine = self.best["row"].isin(rows)
        return Proposals(self.best[mine], self.parts[mine])

    def of(self, row: int) -> pd.DataFrame:
        """The products of a row, best first, with their parts; empty if there are none."""
        return self.best[self.best["row"] == row].join(self.parts)


NONE = Proposals(
    pd.DataFrame(columns=[*EMPTY]).astype(EMPTY),
    pd.DataFrame(columns=["start", *PARTS], dtype="float64"),
)


def index_of(catalogue: Catalogue) -> Index:
    """The active products by id, prepared for suggestions."""
    products = catalogue.products[catalogue.products["active"]].set_index("id")
    return Index(products[["name", "reference", "barcode"]])


def propose(done: Review, rows: pd.Index, index: Index) -> Proposals:
    """The first KEPT products for each of these rows, whatever was rejected."""
    titles = _titles(done, rows)
    found, parts = suggest_explained(titles, index, KEPT)
    best = found.rename(
        columns={"listing": "row", "product": "product_id", "probability": "certainty"}
    ).astype(EMPTY)
    return Proposals(best, parts[["start", *PARTS]])


def without_rejected(found: Proposals, done: Review) -> Proposals:
    """The first TOP products of each row that were not rejected for its listing, each measured by
    the rivals that are left."""
    best = found.best
    keys = done.keys.loc[best["row"].unique()]
    about = best[best["row"].isin(keys.index[is_in(keys, done.rejected["key"])])]
    if len(about):
        pairs = pd.MultiIndex.from_arrays([keys.loc[about["row"]], about["product_id"]])
        again = about[pairs.isin(pd.MultiIndex.from_frame(done.rejected))]
        best = _measured(best.drop(again.index), again["row"])
    best = best[best["rank"] <= TOP]
    return Proposals(best, found.parts.loc[best.index])


def first_left(found: Proposals, done: Review) -> pd.DataFrame:
    """The best product of each row that was not rejected for its listing, as ``first``. The rows
    of which nothing was rejected are not looked at again."""
    first = found.first
    rows = first.index[is_in(done.keys.loc[first.index], done.rejected["key"])]
    if rows.empty:
        return first
    left = without_rejected(found.only(rows), done).first
    return pd.concat([first.drop(rows), left]).sort_index()


def look_alike(done: Review, first: pd.DataFrame) -> pd.Index:
    """The rows about to become a new product that are likely an existing one, unless somebody asked
    for the new one."""
    new = (done.matches["rule"] == Rule.CREATE.value).to_numpy() & ~_asked_for(done)
    new = done.matches.index[new]
    return first.index[first.index.isin(new) & (first["certainty"] >= LIKELY).to_numpy()]


def acceptable(done: Review, first: pd.DataFrame, rows: pd.Index) -> pd.DataFrame:
    """Of the best products those of these rows that may be taken together: no row that is blocked,
    where what the file says and what Odoo has is for a person to weigh, none whose new product
    somebody asked for, and none of a listing whose rows have different best products."""
    left_out = (done.matches["lane"] == Lane.BLOCKED.value).to_numpy() | _asked_for(done)
    taken = first.index.isin(rows) & ~first.index.isin(done.matches.index[left_out])
    best = pd.DataFrame({"key": done.keys.loc[first.index], "product": first["product_id"]})
    best = best.drop_duplicates()
    torn = best.loc[best["key"].duplicated(), "key"]
    return first[taken & ~is_in(done.keys.loc[first.index], torn)]


def _asked_for(done: Review) -> np.ndarray:
    """The rows (bool) tied to a product that somebody asked to create, now or earlier."""
    now = [key for key, choice in done.decisions.items() if choice.product_id == CREATE]
    kept = done.memory.decisions
    earlier = listing_keys(kept[kept["verdict"] == Verdict.CREATE.value])
    told = pd.concat([pd.Series(now, dtype="str"), earlier])
    if told.empty:
        return np.zeros(len(done.keys), bool)
    asking = is_in(done.keys, told)
    products = done.matches["product_id"]
    return (products.isin(products[asking]) & (products < 0)).to_numpy()


def undisputed(first: pd.DataFrame) -> pd.DataFrame:
    """Of the best products those of which no telling part differs."""
    return first[(first[TELLING] >= DIFFERS).all(axis=1)]


def agreeing(first: pd.DataFrame, parts: list[str]) -> pd.DataFrame:
    """Of the best products those for which all these parts speak and no part against."""
    agree = (first[parts] > 0).all(axis=1)
    return first[agree & (first[[*PARTS]] >= -0.005).all(axis=1)]


def chosen(done: Review, accepted: pd.DataFrame) -> dict[str, Choice]:
    """The decisions (by listing key) that take the best product of each of these rows."""
    keys = done.keys.loc[accepted.index]
    why = done.matches.loc[accepted.index, "reason"].astype("str")
    many = f", one of {len(accepted):,} accepted together" if len(accepted) > 1 else ""
    notes = [f"Suggestion, {certainty:.0%} certain{many}" for certainty in accepted["certainty"]]
    taken = zip(keys, accepted["product_id"], notes, why, strict=True)
    return {key: Choice(int(product), note, reason) for key, product, note, reason in taken}


def _titles(done: Review, rows: pd.Index) -> pd.DataFrame:
    """What the engine reads of listings; one without a title has its SKU alone."""
    listings = done.file.listings.loc[rows, ["title", "sku", "reference"]]
    titles = listings.assign(
        title=listings["title"].where(listings["title"] != "", listings["sku"])
    )
    if done.file.offers is None:
        return titles
    offers = done.file.offers.loc[rows]
    return titles.assign(ean=offers["ean"].where(offers["ean"] != "", offers["looked_up"]))


def _measured(best: pd.DataFrame, rows: pd.Series) -> pd.DataFrame:
    """Suggestions, those of ``rows`` with rank, margin and certainty by the rivals left."""
    part = best[best["row"].isin(rows)].copy()
    scores = part.groupby("row")["score"]
    part["rank"] = part.groupby("row").cumcount() + 1
    rival = scores.shift(-1).where(part["rank"] == 1, scores.transform("max"))
    part["margin"] = part["score"] - rival.fillna(0)
    against = np.exp(rival - part["score"]).fillna(0) + np.exp(-part["score"])
    part["certainty"] = 1 / (1 + against)
    part["safe"] = is_safe(part)
    return pd.concat([best[~best["row"].isin(rows)], part]).sort_index()
