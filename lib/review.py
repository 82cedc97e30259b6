"""One call from a map file and a catalogue to all that a person reviews before Execute."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from lib import units
from lib.catalogue import Catalogue
from lib.match.decisions import NOTHING_KEPT, Decisions, Memory, listing_keys
from lib.match.earlier import rejected_pairs
from lib.match.ladder import match
from lib.match.lookup import is_in
from lib.match.neighbours import neighbourhoods
from lib.match.result import lane_counts, noted, reason_counts
from lib.model import MapFile, Options, Reason, Rule, Seller
from lib.plan import Plan, named_anew, plan
from lib.prices import Pricelists, plan_prices


@dataclass(frozen=True)
class Review:
    """What was read, matched and planned; the frames share the index of ``file.listings``.

    ``read`` is the file as it was read; ``file`` says besides all units that are to be written.
    ``keys`` are the listing keys of its rows (str).
    """

    read: MapFile
    file: MapFile
    seller: Seller
    options: Options
    decisions: Decisions
    memory: Memory
    catalogue: Catalogue
    keys: pd.Series
    matches: pd.DataFrame
    plan: Plan
    pricelists: Pricelists | None = None

    @cached_property
    def asking(self) -> pd.Index:
        """The rows that a suggestion may help: those that wait for a person, or did until somebody
        decided now, and those about to become a new product."""
        choosable = [reason.value for reason in Reason if reason.needs_choice]
        waits = self.matches["reason"].isin(choosable)
        now = is_in(self.keys, pd.Series([*self.decisions], dtype="str"))
        waits |= (self.matches["reason"] == Reason.DISMISSED.value) & now
        waits |= self.matches["rule"].isin([Rule.CREATE.value, Rule.CHOICE.value])
        return self.matches.index[waits.to_numpy()]

    @cached_property
    def rejected(self) -> pd.DataFrame:
        """The products that somebody said a listing is not: ``key`` (str), ``product_id``
        (int64)."""
        return rejected_pairs(self.memory.decisions, self.catalogue)

    @cached_property
    def neighbourhoods(self) -> np.ndarray:
        """A number for each row: rows of different numbers do not matter to each other."""
        return neighbourhoods(self.file.listings, self.memory.affixes)

    @cached_property
    def counts(self) -> dict:
        """The numbers of ``python -m lib map --json`` before an execution."""
        return {
            "rows": len(self.matches),
            "lanes": lane_counts(self.matches),
            "reasons": reason_counts(self.matches),
            "operations": self.plan.counts,
        }


def review(
    file: MapFile,
    catalogue: Catalogue,
    seller: Seller,
    options: Options,
    decisions: Decisions | None = None,
    memory: Memory = NOTHING_KEPT,
    pricelists: Pricelists | None = None,
) -> Review:
    """Match a file against a catalogue and plan what Execute would do. With pricelists it takes
    the prices that a report has."""
    read, decisions, keys = file, dict(decisions or {}), listing_keys(file.listings)
    matches = match(file.listings, catalogue, seller, options, decisions, file.offers, memory)
    # Of a listing in several rows the first is written; what is unmapped needs no units.
    writes = (matches["repeats"] == 0) & (matches["rule"] != Rule.UNMAP.value)
    products = matches["product_id"].where(writes, 0)
    names = catalogue.by_id["name"], named_anew(file.listings, matches)["name"]
    packs = units.packs(file.listings["title"], products, *names)
    if options.packs:
        held = units.held(matches["record_id"], catalogue)
        file = replace(file, listings=units.taken(file.listings, packs, held))
    made = plan(file.listings, matches, catalogue, seller)
    matches = noted(matches, units.notes(file.listings, packs, made.rows["units"]))
    if pricelists and file.offers is not None:
        prices, note = plan_prices(made.rows, made.products, file.offers["price"], pricelists)
        made = replace(made, prices=prices)
        matches = noted(matches, note)
    return Review(
        read, file, seller, options, decisions, memory, catalogue, keys, matches, made, pricelists
    )


def again(
    done: Review,
    file: MapFile | None = None,
    memory: Memory | None = None,
    decisions: Decisions | None = None,
) -> Review:
    """A review once more with another file, memory or decisions; whatever else it was made with
    stays."""
    return review(
        file or done.read,
        done.catalogue,
        done.seller,
        done.options,
        done.decisions if decisions is None else decisions,
        memory or done.memory,
        done.pricelists,
    )
