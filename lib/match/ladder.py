"""The ladder of exact rules: every listing row gets one lane, one rule and one reason.

The rules run from the strongest to the weakest over whole columns; a row stops at the first
rule that finds something. What is not exact and unique is left to a person, by name of reason.
The same file gives the same answer before and after it was executed.
"""

import numpy as np
import pandas as pd
import pyarrow as pa

from lib.catalogue import Catalogue
from lib.match.decisions import Decisions, listing_keys
from lib.match.lookup import Codes, is_in, only, place, union
from lib.match.normalise import arrow, barcode_key, folded
from lib.match.result import LANES, MATCH_COLUMNS, REASONS, RULES, categories
from lib.match.usable import NOT_A_LISTING, READ_FROM, as_read, faults
from lib.model import Lane, Options, Reason, Rule, Seller


def match(
    listings: pd.DataFrame,
    catalogue: Catalogue,
    seller: Seller,
    options: Options,
    decisions: Decisions | None = None,
) -> pd.DataFrame:
    """Match listing rows (LISTING_COLUMNS) to products. Returns MATCH_COLUMNS."""
    ladder = _Ladder(listings, catalogue, seller)
    ladder.refuse_unusable(options.channels)
    ladder.find_by_reference()
    ladder.keep_existing()
    ladder.refuse_contradictions()
    ladder.apply(decisions or {})
    if options.create:
        ladder.create()
    ladder.find_by_same_sku()
    ladder.name_what_is_left()
    ladder.note_repeats()
    return ladder.result()


class _Ladder:
    """All rows on their way down, one array a column; a method is one rung."""

    def __init__(self, listings: pd.DataFrame, catalogue: Catalogue, seller: Seller):
        count = len(listings)
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
        self.warning = listings["warning"].to_numpy(object, copy=True)
        self.held = catalogue.amazon_products.loc[
            catalogue.amazon_products["seller"] == seller.name
        ]
        self.held_key = listing_keys(self.held)

    # -- rungs ----------------------------------------------------------------------------

    def refuse_unusable(self, channels: tuple[str, ...]) -> None:
        """Rows that name no listing of this seller, or one that the options leave out."""
        for reason, refused in faults(self.listings, self.seller, channels):
            self._leave(self.open & refused, reason, Lane.BLOCKED)
        for reason, column in READ_FROM.items():
            unknown = self._is(reason)
            self._warn(unknown, as_read(self.listings.loc[unknown, column]))
        sku = self.listings["sku"]
        spaced = self.open & (sku.str.strip() != sku).to_numpy()
        self._warn(spaced, "Outer spaces of the Seller SKU are left out")

    def find_by_reference(self) -> None:
        """Internal reference or barcode as written; then after trimming and case-folding."""
        asked = self.open & self.named
        self._search(asked, arrow(self.reference), self.catalogue.codes)
        missed = asked & (self.product == 0) & (self.candidate == 0)
        if not missed.any():
            return
        names = barcode_key(folded(arrow(self.reference)))
        self._search(missed, names, self.catalogue.folded_codes, Rule.NORMALISED)
        found = missed & (self.product > 0)
        self._warn(found, "Internal Reference differs in case or outer spaces from the product's")
        # What is not found would be a new product; spellings that match each other are one.
        missed &= (self.candidate == 0) & ~found
        self.new[missed] = (
            -1 - names.filter(pa.array(missed)).dictionary_encode().indices.to_numpy()
        )

    def keep_existing(self) -> None:
        """A listing that the target holds stays on its product, unless the file says another."""
        if self.held.empty:
            return
        first = ~self.held_key.duplicated().to_numpy()
        at = place(self.key, self.held_key[first])
        known = (at >= 0) & ~self._is(*NOT_A_LISTING)
        twice = self.held_key.duplicated(keep=False).to_numpy()[first][at]
        products = self.held["product_id"].to_numpy()[first][at]
        self.record[known] = self.held["id"].to_numpy()[first][at][known]
        # A record that a person began and left without a product says nothing.
        known &= (products > 0) | twice
        said = np.where(self.product > 0, self.product, self.candidate)
        # Of several candidates, the one that is mapped already was somebody's choice.
        several = self._is(Reason.SEVERAL)
        several[several] = self.catalogue.carries(products[several], self.reference[several])
        agrees = (said == 0) | (said == products) | several
        keeps = known & agrees & ~twice
        self._take(keeps, products, Lane.MAPPED, Rule.EXISTING)
        self._warn(
            keeps & (self.new < 0), "No product has the file's reference; the mapping is kept"
        )
        archived = np.isin(products, self.catalogue.archived)
        self._warn(keeps & archived, "The mapped product is archived")
        self._leave(known & twice, Reason.TWICE_IN_TARGET, Lane.BLOCKED)
        self._leave(known & ~agrees & ~twice, Reason.RELINK, Lane.BLOCKED, said)

    def refuse_contradictions(self) -> None:
        """One listing with two products in the file: only a person can tell."""
        said = np.where(self.product > 0, self.product, self.candidate)
        said = np.where(said == 0, self.new, said)
        speaks = (said != 0) & ~self._is(*NOT_A_LISTING)
        pairs = pd.DataFrame({"key": self.key[speaks], "said": said[speaks]})
        pairs = pairs[pairs["key"].duplicated(keep=False)].drop_duplicates()
        torn = pairs.loc[pairs["key"].duplicated(), "key"]
        if torn.empty:
            return
        rows = is_in(self.key, torn) & ~self._is(*NOT_A_LISTING)
        self._leave(rows, Reason.CONTRADICTION, Lane.BLOCKED, np.maximum(said, 0))

    def apply(self, decisions: Decisions) -> None:
        """A person's word stands above every rule."""
        rows = is_in(self.key, pd.Series(list(decisions), dtype="str")) & ~self._is(*NOT_A_LISTING)
        if not rows.any():
            return
        choices = self.key[rows].map(decisions)
        products = np.zeros(len(rows), np.int64)
        products[rows] = [choice.product_id for choice in choices]
        gone = rows & ~np.isin(products, np.append(self.catalogue.products["id"], 0))
        self._warn(gone, "The product you chose is not there any more")
        rows &= ~gone
        choices = self.key[rows].map(decisions)
        held = dict(zip(self.held["id"], self.held["product_id"], strict=True))
        unchanged = rows & (products == pd.Series(self.record).map(held).to_numpy())
        self._take(rows & (products > 0), products, Lane.MATCHED, Rule.CHOICE)
        self._take(unchanged & (products > 0), products, Lane.MAPPED, Rule.EXISTING)
        self._leave(rows & (products == 0), Reason.DISMISSED, Lane.BLOCKED)
        self._warn(rows, [choice.note for choice in choices])

    def find_by_same_sku(self) -> None:
        """The Seller SKU on another marketplace or channel, in the target or in this file."""
        # A listing whose other row names a product that waits for a person waits with it.
        asking = self.open & ~is_in(self.key, self.key[(self.candidate > 0) & (self.product == 0)])
        settled = self.product != 0
        if not asking.any() or (self.held.empty and not settled.any()):
            return
        # What this file settles stands for what the target holds of the same listing: the
        # answer must not change once the file is executed.
        held = self.held[~is_in(self.held_key, self.key[settled])]
        sku = self.listings["sku"].str.strip()
        known = pd.DataFrame(
            {
                "sku": pd.concat([held["sku"].str.strip(), sku[settled]]),
                "product": np.concatenate([held["product_id"], self.product[settled]]),
            }
        )
        known = known[is_in(known["sku"], sku[asking])].drop_duplicates()
        torn = known["sku"].duplicated(keep=False)
        one = known[~torn]
        at = place(sku, one["sku"])
        products = np.append(one["product"].to_numpy(), 0)[at]
        hit = asking & (at >= 0)
        archived = np.isin(products, self.catalogue.archived)
        self._leave(hit & archived, Reason.ARCHIVED, Lane.UNMATCHED, products)
        self._take(hit & ~archived, products, Lane.MATCHED, Rule.SAME_SKU)
        self._warn(
            hit & self.named, "No product has the file's reference; the SKU's other mapping is used"
        )
        several = asking & is_in(sku, known.loc[torn, "sku"])
        self._leave(several, Reason.SKU_ON_SEVERAL, Lane.UNMATCHED)

    def create(self) -> None:
        """Products that are not there are created, once each, where the file gives a title."""
        wanted = self.open & (self.new < 0)
        titled = wanted & (self.listings["title"].str.strip() != "").to_numpy()
        wanted &= np.isin(self.new, self.new[titled])
        # Its reference was changed since, or the row would have found it.
        before = np.zeros(len(wanted), np.int64)
        before[wanted] = self.catalogue.created_for(self.reference[wanted])
        self._leave(before > 0, Reason.CREATED_BEFORE, Lane.BLOCKED, before)
        wanted &= before == 0
        # A listing that is mapped, and whose reference is about to be a product of its own.
        torn = (self.record > 0) & (self.product > 0) & np.isin(self.new, self.new[wanted])
        self._leave(torn, Reason.RELINK, Lane.BLOCKED)
        numbers = np.zeros(len(wanted), np.int64)
        numbers[wanted] = -1 - pd.factorize(self.new[wanted])[0]
        self._take(wanted, numbers, Lane.TO_CREATE, Rule.CREATE)
        self.untitled = self.open & (self.new < 0)

    def name_what_is_left(self) -> None:
        self._leave(self.open & ~self.named, Reason.NO_REFERENCE, Lane.UNMATCHED)
        self._leave(self.open & self.untitled, Reason.NO_TITLE, Lane.UNMATCHED)
        self._leave(self.open, Reason.NOT_FOUND, Lane.UNMATCHED)

    def note_repeats(self) -> None:
        """The same listing with the same product again: only its first row is planned."""
        settled = self.product != 0
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

    # -- what the rungs are made of ---------------------------------------------------------

    @property
    def open(self) -> np.ndarray:
        """Rows that no rung has settled or given a reason."""
        return (self.product == 0) & self._is(Reason.NONE)

    def _is(self, *reasons: Reason) -> np.ndarray:
        return np.isin(self.reason, [REASONS.index(reason) for reason in reasons])

    def _take(self, rows: np.ndarray, products: np.ndarray, lane: Lane, rule: Rule) -> None:
        self.product[rows] = products[rows]
        self.lane[rows], self.rule[rows] = LANES.index(lane), RULES.index(rule)
        self.reason[rows] = REASONS.index(Reason.NONE)

    def _leave(
        self, rows: np.ndarray, reason: Reason, lane: Lane, candidate: np.ndarray | None = None
    ) -> None:
        self.product[rows], self.rule[rows] = 0, RULES.index(Rule.NONE)
        self.lane[rows], self.reason[rows] = LANES.index(lane), REASONS.index(reason)
        if candidate is not None:
            self.candidate[rows] = candidate[rows]

    def _warn(self, rows: np.ndarray, words: str | list[str]) -> None:
        """Add words to the warnings of these rows: the same to each, or to each its own."""
        positions = np.flatnonzero(rows)
        texts = [words] * len(positions) if isinstance(words, str) else words
        for position, text in zip(positions, texts, strict=True):
            self.warning[position] = "; ".join(filter(None, [self.warning[position], text]))

    def _search(
        self,
        rows: np.ndarray,
        values: pa.Array,
        codes: tuple[Codes, Codes],
        rule: Rule | None = None,
    ) -> None:
        """Settle what one active product answers to; name why the others are not settled."""
        values = only(values, rows)
        by_reference, by_barcode = codes[0].find(values), codes[1].find(barcode_key(values))
        found = union(by_reference, by_barcode)
        one = rows & (found.active == 1)
        of_reference = by_reference.product == found.product
        self._take(one & of_reference, found.product, Lane.MATCHED, rule or Rule.REFERENCE)
        self._take(one & ~of_reference, found.product, Lane.MATCHED, rule or Rule.BARCODE)
        self._warn(one & (found.archived > 0), "An archived product has this code as well")
        archived = rows & (found.active == 0) & (found.archived == 1)
        self._leave(archived, Reason.ARCHIVED, Lane.UNMATCHED, found.product)
        several = rows & (found.active != 1) & (found.active + found.archived > 1)
        self._leave(several, Reason.SEVERAL, Lane.UNMATCHED, found.product)
