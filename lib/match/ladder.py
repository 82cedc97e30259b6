"""The ladder of exact rules: every listing row gets one lane, one rule and one reason.

The rules run from the strongest to the weakest over whole columns; a row stops at the first
rule that finds something. What is not exact and unique is left to a person, by name of reason.
The same file gives the same answer before and after it was executed.
"""

import numpy as np
import pandas as pd
import pyarrow as pa

from lib.catalogue import Catalogue
from lib.match.affix import strip
from lib.match.decisions import CREATE, NOTHING_KEPT, Affix, Decisions, Memory
from lib.match.earlier import recall, rejected_pairs
from lib.match.lookup import is_in, only, place
from lib.match.normalise import arrow, barcode_key, folded
from lib.match.standing import Rows
from lib.match.unmap import unmapped
from lib.match.usable import NOT_A_LISTING, READ_FROM, as_read, faults, to_unmap
from lib.model import Lane, Options, Reason, Rule, Seller

WAITS_FOR_A_PRODUCT = (
    Reason.ARCHIVED, Reason.SEVERAL, Reason.AFFIX_SEVERAL, Reason.REJECTED, Reason.DISAGREES,
    Reason.CONTRADICTION,
)  # fmt: skip


def match(
    listings: pd.DataFrame,
    catalogue: Catalogue,
    seller: Seller,
    options: Options,
    decisions: Decisions | None = None,
    offers: pd.DataFrame | None = None,
    memory: Memory = NOTHING_KEPT,
) -> pd.DataFrame:
    """Match listing rows (LISTING_COLUMNS) to products. Returns MATCH_COLUMNS.

    ``decisions`` are taken now, ``memory`` has those of earlier. ``offers`` (OFFER_COLUMNS, same
    index) comes with the listings of a report.
    """
    decisions = decisions or {}
    leaving = to_unmap(listings).copy()
    faulty = faults(listings, seller, options.channels) if leaving.any() else ()
    for _, refused in faulty:
        leaving &= ~refused
    if not leaving.any():
        return _climbed(listings, catalogue, seller, options, decisions, memory, offers)
    gone, rest = unmapped(listings[leaving], catalogue, seller)
    staying = listings[~leaving]
    offered = None if offers is None else offers[~leaving]
    climbed = _climbed(staying, rest, seller, options, decisions, memory, offered)
    return pd.concat([gone, climbed]).loc[listings.index]


def _climbed(
    listings: pd.DataFrame,
    catalogue: Catalogue,
    seller: Seller,
    options: Options,
    decisions: Decisions,
    memory: Memory,
    offers: pd.DataFrame | None,
) -> pd.DataFrame:
    ladder = _Ladder(listings, catalogue, seller, assumed=offers is not None)
    ladder.reject(rejected_pairs(memory.decisions, catalogue))
    ladder.refuse_unusable(options.channels)
    ladder.find_by_reference()
    if offers is not None:
        ladder.find_by_ean(offers["ean"], Rule.EAN)
        ladder.find_by_ean(offers["looked_up"], Rule.LOOKED_UP)
    ladder.keep_existing()
    ladder.follow_the_same_listing()
    ladder.refuse_contradictions()
    asked = recall(ladder, memory.decisions, decisions)
    asked |= ladder.apply(decisions)
    if ladder.assumed:  # else a SKU that is mapped elsewhere would become a product of its own
        ladder.find_by_sku(memory.affixes)
    creates = options.create or asked.any()
    if creates:
        ladder.create(None if options.create else asked)
    if creates or not ladder.assumed:
        ladder.find_by_sku(memory.affixes)
    ladder.name_what_is_left()
    ladder.note_repeats()
    return ladder.result()


class _Ladder(Rows):
    """A method is one rung."""

    def refuse_unusable(self, channels: tuple[str, ...]) -> None:
        """Rows that name no listing of this seller, or one that the options leave out."""
        for reason, refused in faults(self.listings, self.seller, channels):
            self.leave(self.open & refused, reason, Lane.BLOCKED)
        for reason, column in READ_FROM.items():
            unknown = self.has(reason)
            self.warn(unknown, as_read(self.listings.loc[unknown, column]))
        sku = self.listings["sku"]
        spaced = self.open & (sku.str.strip() != sku).to_numpy()
        self.warn(spaced, "Outer spaces of the Seller SKU are left out")

    def find_by_reference(self) -> None:
        """Internal reference or barcode as written; then after trimming and case-folding."""
        asked = self.open & self.named
        self.search(asked, arrow(self.reference), self.catalogue.codes)
        missed = asked & (self.product == 0) & (self.candidate == 0)
        if not missed.any():
            return
        names = barcode_key(folded(arrow(self.reference)))
        self.search(missed, names, self.catalogue.folded_codes, Rule.NORMALISED)
        found = missed & (self.product > 0)
        self.warn(found, "Internal Reference differs in case or outer spaces from the product's")
        # What is not found would be a new product; spellings that match each other are one.
        missed &= (self.candidate == 0) & ~found
        self.new[missed] = (
            -1 - names.filter(pa.array(missed)).dictionary_encode().indices.to_numpy()
        )

    def find_by_ean(self, eans: pd.Series, rule: Rule) -> None:
        """What no product has as its code may have a barcode that Amazon knows."""
        asked = self.open & (eans != "").to_numpy()
        found = self.catalogue.codes[1].find(only(barcode_key(arrow(eans)), asked))
        self.settle(asked, found, rule)

    def keep_existing(self) -> None:
        """A listing that the target holds stays on its product, unless the file says another. A
        report never says so."""
        if self.held.empty:
            return
        first = ~self.held_key.duplicated().to_numpy()
        at = place(self.key, self.held_key[first])
        known = (at >= 0) & ~self.has(*NOT_A_LISTING)
        twice = self.held_key.duplicated(keep=False).to_numpy()[first][at]
        products = self.held["product_id"].to_numpy()[first][at]
        self.record[known] = self.held["id"].to_numpy()[first][at][known]
        # A record that a person began and left without a product says nothing.
        known &= (products > 0) | twice
        said = np.where(self.product > 0, self.product, self.candidate)
        # Of several candidates, the one that is mapped already was somebody's choice.
        several = self.has(Reason.SEVERAL)
        several[several] = self.catalogue.carries(products[several], self.reference[several])
        agrees = (said == 0) | (said == products) | several
        if self.assumed:
            self.warn(known & ~agrees & ~twice, "Another product has its code; the mapping is kept")
            agrees[:] = True
        keeps = known & agrees & ~twice
        self.take(keeps, products, Lane.MAPPED, Rule.EXISTING)
        if not self.assumed:
            self.warn(
                keeps & (self.new < 0), "No product has the file's reference; the mapping is kept"
            )
        archived = np.isin(products, self.catalogue.archived)
        self.warn(keeps & archived, "The mapped product is archived")
        self.leave(known & twice, Reason.TWICE_IN_TARGET, Lane.BLOCKED)
        self.leave(known & ~agrees & ~twice, Reason.RELINK, Lane.BLOCKED, said)

    def follow_the_same_listing(self) -> None:
        """Of several candidates, the one that another row names for the same listing."""
        several, settled = self.has(Reason.SEVERAL), self.product > 0
        if not several.any() or not settled.any():
            return
        products = np.append(self.product[settled], 0)[place(self.key, self.key[settled])]
        several &= products > 0
        several[several] = self.catalogue.carries(products[several], self.reference[several])
        self.take(several, products, Lane.MATCHED, Rule.REFERENCE)

    def refuse_contradictions(self) -> None:
        """One listing with two products in the file: only a person can tell."""
        said = np.where(self.product > 0, self.product, self.candidate)
        said = np.where(said == 0, self.new, said)
        speaks = (said != 0) & ~self.has(*NOT_A_LISTING)
        pairs = pd.DataFrame({"key": self.key[speaks], "said": said[speaks]})
        pairs = pairs[pairs["key"].duplicated(keep=False)].drop_duplicates()
        torn = pairs.loc[pairs["key"].duplicated(), "key"]
        if torn.empty:
            return
        rows = is_in(self.key, torn) & ~self.has(*NOT_A_LISTING)
        self.leave(rows, Reason.CONTRADICTION, Lane.BLOCKED, said)

    def apply(self, decisions: Decisions) -> np.ndarray:
        """A person's word stands above every rule. Returns the rows whose product is to be
        created."""
        rows = is_in(self.key, pd.Series(list(decisions), dtype="str")) & ~self.has(*NOT_A_LISTING)
        if not rows.any():
            return rows
        choices = self.key[rows].map(decisions)
        products = np.zeros(len(rows), np.int64)
        products[rows] = [choice.product_id for choice in choices]
        asked = rows & (products == CREATE)
        rows &= ~asked
        gone = rows.copy()
        gone[rows] = ~np.isin(products[rows], np.append(self.catalogue.products["id"], 0))
        self.warn(gone, "The product you chose is not there any more")
        rows &= ~gone
        choices = self.key[rows].map(decisions)
        unchanged = rows & (self.record > 0) & (products == self.held_product)
        self.take(rows & (products > 0), products, Lane.MATCHED, Rule.CHOICE)
        self.take(unchanged & (products > 0), products, Lane.MAPPED, Rule.EXISTING)
        self.leave(rows & (products == 0), Reason.DISMISSED, Lane.BLOCKED)
        self.warn(rows, [choice.note for choice in choices])
        return asked

    def find_by_sku(self, affixes: tuple[Affix, ...]) -> None:
        """What the Seller SKU is elsewhere; then what it is without a prefix and suffix."""
        self.find_by_same_sku()
        if affixes and strip(self, affixes):
            self.find_by_same_sku()  # a listing beside it may name a reference that nobody has

    def find_by_same_sku(self) -> None:
        """The Seller SKU on another marketplace or channel, in the target or in this file."""
        # A listing whose other row names a product that waits for a person waits with it.
        asking = self.open & ~is_in(self.key, self.key[(self.candidate > 0) & (self.product == 0)])
        settled = self.product != 0
        if not asking.any() or (self.held.empty and not settled.any()):
            return
        # What this file settles stands for what the target holds of the same listing: the
        # answer must not change once the file is executed. A record without a product says nothing.
        stays = ~is_in(self.held_key, self.key[settled]) & (self.held["product_id"] > 0)
        held = self.held[stays]
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
        self.leave(hit & archived, Reason.ARCHIVED, Lane.UNMATCHED, products)
        self.take(hit & ~archived, products, Lane.MATCHED, Rule.SAME_SKU)
        if not self.assumed:
            self.warn(
                hit & self.named,
                "No product has the file's reference; the SKU's other mapping is used",
            )
        several = asking & is_in(sku, known.loc[torn, "sku"])
        self.leave(several, Reason.SKU_ON_SEVERAL, Lane.UNMATCHED)

    def create(self, asked: np.ndarray | None) -> None:
        """Products that are not there are created, once each, where the file gives a title: all,
        or those of the rows ``asked`` for (bool)."""
        wanted = self.open & (self.new < 0)
        if asked is not None:
            wanted &= np.isin(self.new, self.new[asked & wanted])
        if self.assumed:
            # Another listing of the SKU waits for a person, and would find the new product.
            wanted &= ~np.isin(self.new, self.new[self.has(*WAITS_FOR_A_PRODUCT)])
        self.untitled = wanted.copy()
        titled = wanted & (self.listings["title"].str.strip() != "").to_numpy()
        wanted &= np.isin(self.new, self.new[titled])
        # Its reference was changed since, or the row would have found it.
        before = np.zeros(len(wanted), np.int64)
        before[wanted] = self.catalogue.created_for(self.reference[wanted])
        self.leave(before > 0, Reason.CREATED_BEFORE, Lane.BLOCKED, before)
        wanted &= before == 0
        if not self.assumed:
            # A listing that is mapped, and whose reference is about to be a product of its own.
            torn = (self.record > 0) & (self.product > 0) & np.isin(self.new, self.new[wanted])
            self.leave(torn, Reason.RELINK, Lane.BLOCKED)
        numbers = np.zeros(len(wanted), np.int64)
        numbers[wanted] = -1 - pd.factorize(self.new[wanted])[0]
        self.take(wanted, numbers, Lane.TO_CREATE, Rule.CREATE)
        self.untitled &= self.open

    def name_what_is_left(self) -> None:
        self.leave(self.open & ~self.named, Reason.NO_REFERENCE, Lane.UNMATCHED)
        self.leave(self.open & self.untitled, Reason.NO_TITLE, Lane.UNMATCHED)
        self.leave(self.open, Reason.NOT_FOUND, Lane.UNMATCHED)
