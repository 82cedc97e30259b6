"""All rows on their way down the ladder, and what its rungs do to them."""

import numpy as np
import pandas as pd
import pyarrow as pa

from lib.catalogue import Catalogue
from lib.match.decisions import listing_keys
from lib.match.lookup import Codes, Hits, is_in, only, union
from lib.match.normalise import barcode_key
from lib.match.result import LANES, MATCH_COLUMNS, REASONS, RULES, categories
from lib.model import Lane, Reason, Rule, Seller


class Rows:
    """Where each row stands, one array a column."""

    def __init__(
        self, listings: pd.DataFrame, catalogue: Catalogue, seller: Seller, assumed: bool = False
    ):
        """``assumed``: the references are a report's Seller SKUs, which no person wrote there."""
        count = len(listings)
        self.assumed = assumed
        self.listings, self.catalogue, self.seller = listings, catalogue, seller
        self.key = listing_keys(listings)
        self.reference = listings["reference"]
        self.named = (self.reference.str.strip() != "").to_numpy()
        self.lane = np.full(count, LANES.index(Lane.UNMATCHED), np.int8)
        self.rule = np.full(count, RULES.index(Rule.NONE), np.int8)
        self.reason = np.full(count, REASONS.index(Reason.NONE), np.int8)
        self.product, self.candidate, self.record, self.repeats, self.new = np.zeros(
            (5, count), np.int64
        )
        self.untitled = np.zeros(count, bool)
        self.rejected, self.rejecting = pd.Series(dtype="str"), np.zeros(count, bool)
        self.warning = listings["warning"].to_numpy(object, copy=True)
        # Those of other SKUs say nothing of these rows.
        held = catalogue.amazon_products
        about = is_in(held["sku"].str.strip(), listings["sku"].str.strip())
        self.held = held[about & (held["seller"] == seller.name)]
        self.held_key = listing_keys(self.held)

    @property
    def open(self) -> np.ndarray:
        """Rows that no rung has settled or given a reason."""
        return (self.product == 0) & self.has(Reason.NONE)

    @property
    def held_product(self) -> np.ndarray:
        """The product (int64) that the target has for each row now, or 0."""
        products = self.held.set_index("id")["product_id"]
        return pd.Series(self.record).map(products).fillna(0).to_numpy(np.int64)

    def has(self, *reasons: Reason) -> np.ndarray:
        """Rows that have one of these reasons."""
        return np.isin(self.reason, [REASONS.index(reason) for reason in reasons])

    def reject(self, pairs: pd.DataFrame) -> None:
        """No rule that is not exact may tie these listings (``key``) to these ``product_id``."""
        self.rejected = pairs["key"] + "\x1e" + pairs["product_id"].astype("str")
        self.rejecting = is_in(self.key, pairs["key"])

    def take(self, rows: np.ndarray, products: np.ndarray, lane: Lane, rule: Rule) -> None:
        """Tie these rows to their products."""
        if not rule.exact and self.rejecting.any():
            refused = rows & self.rejecting
            pairs = self.key[refused] + "\x1e" + products[refused].astype("str")
            refused[refused] = is_in(pairs, self.rejected)
            self.leave(refused, Reason.REJECTED, Lane.UNMATCHED)
            rows = rows & ~refused
        self.product[rows] = products[rows]
        self.lane[rows], self.rule[rows] = LANES.index(lane), RULES.index(rule)
        self.reason[rows] = REASONS.index(Reason.NONE)

    def leave(
        self, rows: np.ndarray, reason: Reason, lane: Lane, candidate: np.ndarray | None = None
    ) -> None:
        """Tie these rows to no product, and say why; ``candidate`` may be the one wanted, if it is
        there already."""
        self.product[rows], self.rule[rows] = 0, RULES.index(Rule.NONE)
        self.lane[rows], self.reason[rows] = LANES.index(lane), REASONS.index(reason)
        if candidate is not None:
            self.candidate[rows] = np.maximum(candidate[rows], 0)

    def warn(self, rows: np.ndarray, words: str | list[str]) -> None:
        """Add words to the warnings of these rows: the same to each, or to each its own."""
        positions = np.flatnonzero(rows)
        texts = [words] * len(positions) if isinstance(words, str) else words
        for position, text in zip(positions, texts, strict=True):
            self.warning[position] = "; ".join(filter(None, [self.warning[position], text]))

    def search(
        self,
        rows: np.ndarray,
        values: pa.Array,
        codes: tuple[Codes, Codes],
        rule: Rule | None = None,
    ) -> None:
        """Settle rows by the products that have these values as reference or as barcode."""
        values = only(values, rows)
        by_reference, by_barcode = codes[0].find(values), codes[1].find(barcode_key(values))
        found = union(by_reference, by_barcode)
        of_reference = by_reference.product == found.product
        self.settle(rows & of_reference, found, rule or Rule.REFERENCE)
        self.settle(rows & ~of_reference, found, rule or Rule.BARCODE)

    def settle(
        self, rows: np.ndarray, found: Hits, rule: Rule, torn: Reason = Reason.SEVERAL
    ) -> None:
        """Settle what one active product was found for; name why the others are not settled, and
        those with several products by ``torn``."""
        one = rows & (found.active == 1)
        self.take(one, found.product, Lane.MATCHED, rule)
        self.warn(one & (found.archived > 0), "An archived product has this code as well")
        archived = rows & (found.active == 0) & (found.archived == 1)
        self.leave(archived, Reason.ARCHIVED, Lane.UNMATCHED, found.product)
        several = rows & (found.active != 1) & (found.active + found.archived > 1)
        self.leave(several, torn, Lane.UNMATCHED, found.product)

    def note_repeats(self) -> None:
        """The same listing with the same product again: only its first row is planned."""
        settled = self.rule != RULES.index(Rule.NONE)
        keys = self.key[settled]
        again = keys.duplicated()
        if not again.any():
            return
        rows = self.listings.loc[settled, "row"]
        first = pd.Series(rows[~again].to_numpy(), index=keys[~again])
        repeated = np.flatnonzero(settled)[again.to_numpy()]
        self.repeats[repeated] = first.loc[keys[again]].to_numpy()
        self.reason[repeated] = REASONS.index(Reason.REPEATED)

    def result(self) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "lane": categories(self.lane, LANES),
                "rule": categories(self.rule, RULES),
                "reason": categories(self.reason, REASONS),
                "product_id": self.product,
                "candidate": self.candidate,
                "record_id": self.record,
                "repeats": self.repeats,
                "warning": pd.array(self.warning, dtype="str"),
            },
            index=self.listings.index,
        )[MATCH_COLUMNS]
