"""Many rows decided at once: by how sure their suggestion is and by what agrees; and the check of
how often that is right."""

import numpy as np
import pandas as pd
import streamlit as st
from scipy.stats import binomtest

from lib.model import Lane
from lib.proposals import DIFFERS, PARTS, SAFE, acceptable, agreeing, chosen, undisputed
from lib.review import Review
from lib.ui import charts, session
from lib.ui.state import state
from lib.ui.tables import show_table
from lib.ui.text import counted

SAMPLE = 20
"""Rows of a blind check."""
AGREE = ["barcode", "model number", "brand", "title words", "numbers", "size", "colour"]
"""Parts that can speak for a product, and that a person can see agree."""


def show_many(done: Review, queue: pd.DataFrame, first: pd.DataFrame) -> None:
    """The rows whose best product is taken, what that moves, and the button that does it."""
    best = acceptable(done, first, queue.index)
    if best.empty:
        st.caption("None of these rows has a suggestion that can be taken with others.")
        return
    least = _choose_threshold("many")
    parts = st.pills(
        "And all of these agree, nothing contradicts",
        AGREE,
        selection_mode="multi",
        format_func=str.capitalize,
        key=f"agree_{state().id}_{state().uploads}",
        persist_state="session",
    )
    certain = best[best["certainty"] >= least]
    taken = clear = undisputed(certain)
    if parts:
        taken = agreeing(taken, parts)
    st.plotly_chart(
        charts.certainties(best["certainty"], best.index.isin(taken.index)),
        key=f"certainties_{state().uploads}",
        config={"displayModeBar": False},
        alt="Rows by the certainty of their best suggestion",
    )
    _say_what_moves(done, queue, taken)
    if disputed := len(certain) - len(clear):
        st.caption(
            f"{counted(disputed, 'row')} as certain stay too: a number, size, colour, pack size or "
            "model number differs. Decide on them one by one."
        )
    if taken.empty:
        st.caption("Lower the certainty, or ask for less that agrees.")
        return
    _preview(done, taken)
    st.button(
        f"Accept the best for {counted(len(taken), 'row')}",
        type="primary",
        icon=":material/done_all:",
        on_click=state().decide_all,
        args=(session.owner(done.seller), chosen(done, taken)),
        help="They are decisions like any other: they can be taken back, and nothing is written "
        "before Execute.",
    )


def _choose_threshold(mode: str) -> float:
    percent = st.slider(
        "Certainty from",
        0.0,
        100.0,
        100 * SAFE,
        0.1,
        format="%.1f%%",
        key=f"threshold_{mode}_{state().id}_{state().uploads}",
        persist_state="session",
        help=f"From {SAFE:.1%} on, 98 of 100 suggestions were right as measured on known pairs. A "
        "blind check measures it on your rows.",
    )
    return percent / 100


def _say_what_moves(done: Review, queue: pd.DataFrame, taken: pd.DataFrame) -> None:
    lanes = done.matches.loc[taken.index, "lane"].value_counts()
    moves = [f"{count:,} from {Lane(lane).label}" for lane, count in lanes.items() if count]
    moved = f" move to {Lane.MATCHED.label}: {', '.join(moves)}" if moves else ""
    st.markdown(
        f"**{len(taken):,}** of {counted(len(queue), 'row')} shown{moved}; "
        f"{len(queue) - len(taken):,} stay."
    )


def _preview(done: Review, taken: pd.DataFrame) -> None:
    listings = done.file.listings.loc[taken.index]
    labels = done.catalogue.labels
    figures = taken[[*PARTS]]
    table = pd.DataFrame(
        {
            "Seller SKU": listings["sku"],
            "Certainty": 100 * taken["certainty"],
            "Title": listings["title"],
            "Odoo product": taken["product_id"].map(labels),
            "Against": _named(figures < DIFFERS),
            "For": _named(figures > 0.05),
        }
    ).sort_values("Certainty")
    if (table["Against"] == "").all():
        table = table.drop(columns="Against")
    wide = st.column_config.TextColumn(width=300)
    show_table(
        table,
        320,
        "Rows to be accepted",
        column_config={
            "Certainty": st.column_config.NumberColumn(format="%.1f%%"),
            "Title": wide,
            "Odoo product": wide,
        },
    )


def _named(told: pd.DataFrame) -> pd.Series:
    """The names of the columns that are true in each row."""
    names = np.array([f"{part}, " for part in told.columns], object)
    return pd.Series(told.to_numpy(object) @ names, told.index, dtype="str").str.rstrip(", ")


def show_blind(done: Review, first: pd.DataFrame) -> None:
    """A sample is drawn, its rows decided without seeing how sure the suggestions are, and what
    came of it is told."""
    here = state()
    if not here.blind:
        least = _choose_threshold("blind")
        asked = acceptable(done, first, first.index)
        asked = asked[asked["certainty"] >= least]
        st.caption(
            f"{counted(len(asked), 'row')} with a suggestion from there on. A sample of "
            f"{SAMPLE} is shown without order and certainty: choose what you hold for right. "
            "Your choices are decisions as everywhere."
        )
        sample = asked.sample(min(SAMPLE, len(asked)), random_state=here.uploads)
        st.button(
            f"Check {counted(len(sample), 'row')}",
            type="primary",
            disabled=sample.empty,
            on_click=here.check_blind,
            args=(sample["product_id"].to_dict(),),
        )
        return
    right, checked, left = _agreed(done, first.index)
    told = f"{checked:,} of {checked + left:,} checked"
    if checked:
        between = binomtest(right, checked).proportion_ci(method="wilson")
        told += (
            f": the best suggestion was right in **{right:,}**, {right / checked:.0%} (19 times in "
            f"20 the true share is between {between.low:.0%} and {between.high:.0%})"
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(told)
        st.button("End the check", on_click=here.check_blind, args=({},))


def _agreed(done: Review, waits: pd.Index) -> tuple[int, int, int]:
    """How many rows of the sample were decided for the best suggestion, how many at all, and how
    many of those that wait were not. What is decided for another row may settle one."""
    here = state()
    rows = list(here.blind)
    decided = session.decisions(done.seller)
    keys = done.keys.loc[rows]
    right = checked = left = 0
    for row, key in zip(rows, keys, strict=True):
        if key in decided or row in here.refused:
            checked += 1
            right += key in decided and decided[key].product_id == here.blind[row]
        else:
            left += row in waits
    return right, checked, left
