"""Suggestions for the rows of a review, found once, and what the queue is filtered by."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lib.catalogue import Catalogue
from lib.proposals import (
    LIKELY,
    LOOKS_LIKE,
    NONE,
    Proposals,
    first_left,
    index_of,
    look_alike,
    propose,
    without_rejected,
)
from lib.review import Review
from lib.suggest.index import Index
from lib.ui import session
from lib.ui.state import state

UNASKED = 5_000
"""Rows for which suggestions are found without being asked for: in a second or two."""
TEXT = "Filter"
"""The box for a text that a row of the queue has, and what its value is kept by."""
BANDS = ("Safe", "Likely", "Doubtful", "No suggestion")


@st.cache_resource(max_entries=2, show_spinner="Reading the product names…")
def _index(reading: str, _catalogue: Catalogue) -> Index:
    return index_of(_catalogue)


@dataclass
class _Asked:
    """The rows that have asked so far, and what was found for them."""

    rows: pd.Index
    found: Proposals


@st.cache_resource(max_entries=2, scope="session", show_spinner="Looking for similar products…")
def _asked(key: tuple, _done: Review) -> _Asked:
    rows = _done.asking
    return _Asked(rows, _propose(_done, rows))


def _all(key: tuple, done: Review) -> Proposals:
    known = _asked(key, done)
    # Once a decision or an affix rule is not kept any more, rows wait that did not before.
    if len(more := done.asking.difference(known.rows)):
        known.found = known.found.joined(_propose(done, more))
        known.rows = known.rows.union(more)
    return known.found


@st.cache_resource(max_entries=64, scope="session", show_spinner=False)
def _one(key: tuple, row: int, _done: Review) -> Proposals:
    return _propose(_done, pd.Index([row]))


def _propose(done: Review, rows: pd.Index) -> Proposals:
    if rows.empty:  # reading the names of a large catalogue takes seconds
        return NONE
    return propose(done, rows, _index(done.catalogue.reading, done.catalogue))


def ranked(done: Review, key: tuple) -> pd.DataFrame | None:
    """The best product of each row that asks (``Proposals.first``); None while that takes long and
    nobody has asked for it."""
    if len(done.asking) > UNASKED and not state().suggest_all:
        return None
    found = _all(key, done)
    state().suggested = key
    return _ranked(key, session.stamp(done.seller), len(found.best), found, done)


# Pairs are only ever added: their number tells which there are.
@st.cache_resource(max_entries=2, scope="session", show_spinner=False)
def _ranked(key: tuple, kept: tuple, pairs: int, _found: Proposals, _done: Review) -> pd.DataFrame:
    return first_left(_found, _done)


def are_found(key: tuple) -> bool:
    """Whether suggestions were found for a review. That waits until the review is drawn, for a
    large catalogue takes seconds."""
    return state().suggested == key


def warned(done: Review, rows: pd.DataFrame, key: tuple) -> pd.DataFrame:
    """The rows as shown, with a note where a new product looks like one that is there, once
    suggestions were found (``are_found``)."""
    first = ranked(done, key) if are_found(key) else None
    return rows if first is None else _warned(done, rows, first)


def _warned(done: Review, rows: pd.DataFrame, first: pd.DataFrame) -> pd.DataFrame:
    alike = first.loc[look_alike(done, first)]
    if alike.empty:
        return rows
    products = alike["product_id"].map(done.catalogue.labels)
    note, before = LOOKS_LIKE + ": " + products, rows.loc[alike.index, "warning"]
    warning = rows["warning"].copy()
    warning[alike.index] = (before + "; " + note).where(before != "", note)
    return rows.assign(warning=warning)


def of_row(done: Review, row: int, key: tuple) -> pd.DataFrame:
    """The suggestions of one row (``Proposals.of``)."""
    everything = len(done.asking) <= UNASKED or state().suggest_all
    found = _all(key, done) if everything else _one(key, row, done)
    return without_rejected(found.only([row]), done).of(row)


def offer_all(done: Review) -> None:
    """Find suggestions for all rows, which takes a while."""
    if st.button(
        f"Find products for all {len(done.asking):,} rows",
        icon=":material/manage_search:",
        help="Then many rows can be decided at once. About two seconds for 1,000 rows against "
        "100,000 products.",
    ):
        state().suggest_all = True
        st.rerun()


def filtered(queue: pd.DataFrame, first: pd.DataFrame | None) -> pd.DataFrame:
    """The rows of the queue that the filters leave."""
    bands = _bands(queue, first)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for label, values in (
            ("Marketplace and fulfilment", queue["where"]),
            ("Reason", queue["why"]),
            ("Suggestion", bands),
        ):
            counts = values.value_counts().to_dict()
            chosen = state().filters.get(label)
            if chosen:
                counts.setdefault(chosen, 0)
                queue = queue[values.loc[queue.index] == chosen]
            elif len(counts) < 2:
                continue
            _choose_filter(label, counts, chosen)
        text = _choose_text()
    if text:
        words = queue["sku"] + "\n" + queue["title"] + "\n" + queue["reference"]
        queue = queue[words.str.casefold().str.contains(text.casefold(), regex=False)]
    return queue


def _choose_filter(label: str, counts: dict[str, int], chosen: str | None) -> None:
    # The browser keeps the words of what is chosen, and a decision makes the number in them
    # another: with another number it is another box, and the choice is kept in the state.
    key = f"queue_{label}_{state().uploads}_{hash(tuple(counts.items()))}"
    st.session_state[key] = chosen
    st.selectbox(
        label,
        list(counts),
        index=None,
        format_func=lambda value: f"{value} ({counts.get(value, 0):,})",
        placeholder="All",
        key=key,
        on_change=lambda: state().filter(label, st.session_state[key]),
        width=225,
    )


def _choose_text() -> str:
    key = f"queue_text_{state().uploads}"
    st.session_state[key] = state().filters.get(TEXT, "")
    return st.text_input(
        TEXT,
        key=key,
        placeholder="SKU, title, reference",
        on_change=lambda: state().filter(TEXT, st.session_state[key]),
        width=190,
    )


def _bands(queue: pd.DataFrame, first: pd.DataFrame | None) -> pd.Series:
    """How sure the best suggestion of each row is: one of BANDS."""
    if first is None:
        return pd.Series("", queue.index)
    best = first.reindex(queue.index)
    band = pd.Series("Doubtful", queue.index).mask(best["certainty"] >= LIKELY, "Likely")
    band = band.mask(best["safe"].eq(True), "Safe")
    return band.mask(best["certainty"].isna(), "No suggestion")
