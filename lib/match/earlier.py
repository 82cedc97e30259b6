"""Earlier choices: decisions that were kept, applied to what the file and the target say now.

An earlier choice speaks where the file says nothing, or what it said then. Where the file names
another product since, a person decides again; a mapping that the target has is never changed.
"""

import numpy as np
import pandas as pd

from lib.catalogue import Catalogue, texts_of
from lib.match.decisions import Decisions, Verdict, listing_keys
from lib.match.lookup import is_in, place
from lib.match.normalise import arrow, folded
from lib.match.result import LANES
from lib.match.standing import Rows
from lib.match.usable import NOT_A_LISTING
from lib.model import Lane, Reason, Rule

NAMED = (
    Reason.SEVERAL, Reason.ARCHIVED, Reason.RELINK, Reason.CONTRADICTION, Reason.DISAGREES,
)  # fmt: skip
"""Reasons of rows whose file named products, which the person saw when choosing."""


def said_of(keys: pd.Series, references: pd.Series) -> pd.Series:
    """What a file says of each listing (str, indexed by key): its references without outer spaces
    and case, sorted, one a line. Listings without a reference are left out."""
    words = pd.DataFrame({"key": keys, "said": folded(arrow(references)).to_pylist()})
    words = words[words["said"] != ""].drop_duplicates().sort_values("said")
    again = words["key"].duplicated(keep=False)
    several = words[again].groupby("key")["said"].agg("\n".join)
    return pd.concat([words[~again].set_index("key")["said"], several]).astype("str")


def found_now(decisions: pd.DataFrame, catalogue: Catalogue) -> np.ndarray:
    """The product (int64) that each decision (DECISION_COLUMNS) is about, as it is now, or 0.

    The id counts if its product still has the reference or the name; else the only product with
    the reference, which was made again. Where the two disagree there is none.
    """
    ids, products = decisions["product_id"], catalogue.by_id
    reference, name = (texts_of(ids, products[column]) for column in ("reference", "name"))
    by_reference = ((reference == decisions["reference"]) & (reference != "")).to_numpy()
    by_name = ((name == decisions["name"]) & (name != "")).to_numpy()
    hits = catalogue.codes[0].find(arrow(decisions["reference"]))
    one = (hits.active == 1) | (hits.active + hits.archived == 1)
    holder = np.where(one, hits.product, 0)
    renamed = by_name & (hits.active + hits.archived == 0)
    return np.where(by_reference | renamed, ids.to_numpy(), np.where(by_name, 0, holder))


def rejected_pairs(decisions: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """The rejections: ``key`` (str) and ``product_id`` (int64)."""
    kept = decisions[decisions["verdict"] == Verdict.REJECT.value]
    if kept.empty:
        return pd.DataFrame({"key": pd.Series(dtype="str"), "product_id": pd.Series(dtype="int64")})
    pairs = pd.DataFrame({"key": listing_keys(kept), "product_id": found_now(kept, catalogue)})
    return pairs[pairs["product_id"] > 0]


def recall(rows: Rows, decisions: pd.DataFrame, taken: Decisions) -> np.ndarray:
    """Apply the kept decisions to listings that have none ``taken`` now. Returns the rows (bool)
    whose product is to be created."""
    kept = decisions[decisions["verdict"] != Verdict.REJECT.value]
    kept = kept[~is_in(listing_keys(kept), pd.Series(list(taken), dtype="str"))]
    at = place(rows.key, listing_keys(kept))
    mine = (at >= 0) & ~rows.has(*NOT_A_LISTING)
    if not mine.any():
        return mine
    told = _Told(rows, kept, at, mine)
    told.choose()
    told.dismiss()
    return told.create()


class _Told:
    """The kept decisions, one array a column, beside the rows they are about."""

    def __init__(self, rows: Rows, kept: pd.DataFrame, at: np.ndarray, mine: np.ndarray):
        self.rows, self.mine = rows, mine
        self.verdict, self.why, self.note, said, label = (
            np.append(texts.to_numpy(object), "")[at]
            for texts in (kept["verdict"], kept["why"], kept["note"], kept["said"], labels(kept))
        )
        self.label = label
        self.product = np.append(found_now(kept, rows.catalogue), 0)[at]
        now = texts_of(rows.key, said_of(rows.key[mine], rows.reference[mine])).to_numpy(object)
        self.same = now == said
        # The references of a report are its SKUs: nobody said them.
        self.changed = (now != "") & ~self.same & (not rows.assumed)
        self.held = rows.held_product
        self.settled = rows.lane != LANES.index(Lane.MAPPED)
        self.settled &= rows.product > 0
        self.mapped = rows.lane == LANES.index(Lane.MAPPED)
        self.torn = rows.has(Reason.RELINK, Reason.CONTRADICTION)
        # What the person chose against then is no news now.
        self.known = self.same & np.isin(self.why, [reason.value for reason in NAMED])
        self.known |= rows.assumed & np.isin(self.why, [reason.value for reason in NAMED])

    def choose(self) -> None:
        rows, product = self.rows, self.product
        mine = self.mine & (self.verdict == Verdict.CHOOSE)
        gone = mine & ((product == 0) | np.isin(product, rows.catalogue.archived))
        told = gone & ((product == 0) | (rows.product != product))
        rows.warn(told, [f"Your earlier choice, {label}, is archived or gone" for label in
                         self.label[told]])  # fmt: skip
        mine &= ~gone
        free = (self.held == 0) | (self.held == product)
        kept = mine & self.mapped & ~free
        rows.warn(kept, "Odoo has another product than your earlier choice; the mapping is kept")
        mine &= free
        waits = mine & rows.has(Reason.SEVERAL, Reason.ARCHIVED)
        waits[waits] = ~rows.catalogue.carries(product[waits], rows.reference[waits])
        other = (self.settled & (rows.product != product)) | waits
        unknown = self.changed & (rows.new < 0) & ~self.mapped
        self._leave_all_of(mine & ((other & ~self.known) | unknown), mine, product)
        mine &= ~rows.has(Reason.DISAGREES) & ~(self.torn & ~self.known) & (rows.product != product)
        rows.take(mine, product, Lane.MATCHED, Rule.EARLIER)
        rows.take(mine & (self.held == product), product, Lane.MAPPED, Rule.EXISTING)
        rows.warn(mine, list(self.note[mine]))

    def dismiss(self) -> None:
        rows = self.rows
        mine = self.mine & (self.verdict == Verdict.DISMISS) & ~self.mapped
        named = self.settled | rows.has(Reason.SEVERAL, Reason.ARCHIVED)
        wanted = np.where(self.settled, rows.product, rows.candidate)
        self._leave_all_of(mine & self.changed & named, mine, wanted)
        mine &= ~rows.has(Reason.DISAGREES) & ~(self.torn & self.changed)
        rows.leave(mine, Reason.DISMISSED, Lane.BLOCKED)
        rows.warn(mine, ["; ".join(filter(None, [Rule.EARLIER, note])) for note in self.note[mine]])

    def create(self) -> np.ndarray:
        """Rows that still name the reference that a product is to be created for (bool)."""
        mine = self.mine & (self.verdict == Verdict.CREATE) & self.same
        return mine & self.rows.open & (self.rows.new < 0)

    def _leave_all_of(self, against: np.ndarray, among: np.ndarray, wanted: np.ndarray) -> None:
        """Leave every row of a listing of which one speaks against the earlier choice."""
        if against.any():
            rows = among & is_in(self.rows.key, self.rows.key[against]) & ~self.torn & ~self.mapped
            self.rows.leave(rows, Reason.DISAGREES, Lane.BLOCKED, wanted)


def labels(decisions: pd.DataFrame) -> pd.Series:
    """The products of kept decisions as people call them (str): "[reference] name"."""
    coded = "[" + decisions["reference"] + "] " + decisions["name"]
    return coded.where(decisions["reference"] != "", decisions["name"]).str.strip()
