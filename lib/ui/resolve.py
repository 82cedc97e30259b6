"""Resolving: the rows that wait for a person, one at a time or many at once."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import pandas as pd
import streamlit as st

from lib.match.decisions import CREATE, Choice, listing_keys
from lib.match.lookup import is_in
from lib.model import CHANNEL_LABELS, Lane, Reason
from lib.proposals import LOOKS_LIKE, look_alike
from lib.review import Review
from lib.source.marketplaces import NAMES
from lib.ui import bulk, session, suggested
from lib.ui.candidates import decide, show_candidates
from lib.ui.registry import DECISIONS
from lib.ui.state import state
from lib.ui.text import counted, marked, plain

DISMISSALS = ("Not sold any more", "Handled outside Odoo", "Wrong row in the file")
ONE, MANY, BLIND = "One by one", "Many at once", "Blind check"
NO_ROWS = pd.Index([], dtype="int64")
SHOWN = 8
"""Decisions that are shown one by one."""


@st.fragment
def show_resolve(
    done: Review,
    rows: pd.DataFrame,
    key: tuple,
    touched_since: Callable[[], pd.Index | None],
) -> None:
    """The rows that wait, or look like a product that is there, and the decisions taken so far;
    ``key`` tells the review, without what was decided, from every other. Drawn by itself, until
    something was decided since (``reviews.touched_since``): then the next row that it cannot matter
    to is shown at once, and the whole page is drawn again, as it is once suggestions have found
    rows to warn of."""
    state().take_reading((session.target().identity, *done.file.reading))
    touched = touched_since()
    if touched is None:
        early = not suggested.are_found(key)
        _show(done, rows, key)
        if early and suggested.warned(done, rows, key) is not rows:
            st.rerun()
    else:
        _show(replace(done, memory=session.kept(done.seller)), rows, key, touched)
        st.rerun()


def _show(done: Review, rows: pd.DataFrame, key: tuple, hidden: pd.Index = NO_ROWS) -> None:
    decided = session.decisions(done.seller)
    first = suggested.ranked(done, key)
    queue = _queue(done, rows, first)
    queue = queue[~queue.index.isin(hidden)]
    earlier = _earlier(done)
    elsewhere = len(rows) < len(done.matches) and _waits(done.matches["reason"]).any()
    if queue.empty and not decided and not earlier and not elsewhere:
        return
    st.header("Resolve")
    with st.container(border=True):
        if queue.empty and elsewhere:
            st.caption("No row that waits is among those shown. Double-click a chart to show all.")
        elif queue.empty:
            st.caption("No row waits for you.")
        else:
            _show_queue(done, queue, first, key)
        if decided:
            _show_decided(done, decided)
        if earlier:
            st.page_link(
                DECISIONS.link,
                label=f"{counted(earlier, 'earlier decision')} on listings of this file",
                icon=DECISIONS.icon,
            )


def _queue(done: Review, rows: pd.DataFrame, first: pd.DataFrame | None) -> pd.DataFrame:
    """The shown rows that a choice can settle, and new products that look like existing ones."""
    waits = _waits(rows["why"])
    if first is None:
        return rows[waits]
    alike = look_alike(done, first)
    queue = rows[waits | rows.index.isin(alike)]
    return queue.assign(why=queue["why"].mask(queue.index.isin(alike), LOOKS_LIKE))


def _waits(reasons: pd.Series) -> pd.Series:
    return reasons.isin([reason.value for reason in Reason if reason.needs_choice])


def _show_queue(done: Review, queue: pd.DataFrame, first: pd.DataFrame | None, key: tuple) -> None:
    modes = [ONE] if first is None else [ONE, MANY, BLIND]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        mode = st.segmented_control(
            "Decide", modes, default=ONE, required=True, key="decide", persist_state="session"
        )
        if first is None:
            suggested.offer_all(done)
    if mode == BLIND:
        _show_blind(done, queue, first, key)
        return
    queue = suggested.filtered(queue, first)
    if queue.empty:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("No row that waits is left by these filters.", width="content")
            st.button("Show all that wait", on_click=state().filters.clear)
    elif mode == MANY:
        bulk.show_many(done, queue, first)
    else:
        _show_row(done, _last(queue, state().skipped), key)


def _show_blind(done: Review, queue: pd.DataFrame, first: pd.DataFrame, key: tuple) -> None:
    """A sample of rows whose suggestions are shown in no order and without their certainty."""
    bulk.show_blind(done, first.loc[first.index.isin(queue.index)])
    here = state()
    open_rows = queue[queue.index.isin(here.blind) & ~queue.index.isin(here.refused)]
    if not open_rows.empty:
        _show_row(done, open_rows, key, blind=True)


def _last(queue: pd.DataFrame, skipped: set[int]) -> pd.DataFrame:
    late = queue.index.isin(skipped)
    return pd.concat([queue[~late], queue[late]])


def _earlier(done: Review) -> int:
    """How many kept decisions are about listings of this file."""
    kept = done.memory.decisions
    if kept.empty:
        return 0
    about = is_in(listing_keys(kept), done.keys)
    return int(about.sum())


def _show_row(done: Review, queue: pd.DataFrame, key: tuple, blind: bool = False) -> None:
    here = state()
    position = here.show(queue.index, blind)
    row = queue.index[position]
    proposed = suggested.of_row(done, row, key)
    listing, candidates = st.columns([3, 5], gap="large")
    with listing:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.caption(f"Row {position + 1:,} of {len(queue):,} that wait", width="content")
            for label, to, key_of, at_end in (
                ("Previous", position - 1, "K", position == 0),
                ("Next", position + 1, "J", position == len(queue) - 1),
            ):
                st.button(
                    label,
                    on_click=here.go,
                    args=(to, blind),
                    disabled=at_end,
                    shortcut=key_of,
                )
            st.button(
                "None of these" if blind else "Skip",
                on_click=here.skip,
                args=(row, blind),
                shortcut="S",
                help="None of the products in sight is right."
                if blind
                else "The row waits at the end of the queue.",
            )
        # What is marked would tell which one is the best.
        _describe(done, row, queue.loc[row], proposed.head(0 if blind else 1))
        with st.container(horizontal=True):
            _show_dismiss(done, row)
            _show_create(done, row)
    with candidates:
        show_candidates(done, row, proposed, blind)


def _describe(done: Review, row: int, shown: pd.Series, best: pd.DataFrame) -> None:
    match = done.matches.loc[row]
    names = done.catalogue.by_id["name"].reindex(best["product_id"]).to_list()
    title = marked(shown["title"], names[0]) if names else plain(shown["title"])
    st.markdown(f"#### {title or 'No title'}")
    st.markdown(
        f"Seller SKU **{plain(shown['sku'])}** · {plain(shown['where'])}  \n"
        f"Internal Reference **{plain(shown['reference']) or '—'}** · row "
        f"{done.file.listings.loc[row, 'row']:,} of the file"
    )
    tone = "red" if shown["lane"] == Lane.BLOCKED else "orange"
    st.markdown(f":{tone}-badge[{shown['why']}]")
    if match["warning"]:
        st.caption(plain(match["warning"]))
    if match["record_id"]:
        held = done.catalogue.held.loc[match["record_id"]]
        now = done.catalogue.labels.get(held["product_id"], "no product to be seen")
        st.caption(f"Mapped now to {plain(now)}")


def _show_dismiss(done: Review, row: int) -> None:
    # The same one would stay open: each row has its own.
    with st.popover("Dismiss", icon=":material/block:", key=f"dismissing_{row}"):
        why = st.selectbox(
            "Why is this row left out?",
            DISMISSALS,
            index=None,
            accept_new_options=True,
            placeholder="Choose or write a reason",
            key=f"why_{row}_{state().uploads}",
        )
        st.button(
            "Dismiss the row",
            key=f"dismiss_{row}",
            on_click=decide,
            args=(done, row, Choice(0, why or "")),
            disabled=not why,
        )


def _show_create(done: Review, row: int) -> None:
    listing = done.file.listings.loc[row]
    if done.matches.at[row, "reason"] == Reason.NOT_FOUND and listing["title"].strip():
        st.button(
            "Create the product",
            key=f"create_{row}",
            on_click=decide,
            args=(done, row, Choice(CREATE)),
            icon=":material/add:",
            help="All rows with this reference will be tied to one new product.",
        )


def _show_decided(done: Review, decided: dict[str, Choice]) -> None:
    owner = session.owner(done.seller)
    label = f"You took {counted(len(decided), 'decision')}"
    # Another label makes it another part, which would be closed.
    st.session_state["decided"] = st.session_state.get("decided", False)
    with st.expander(label, key="decided", on_change="rerun") as opened:
        if not opened.open:
            return
        at_once = decided.keys() & state().at_once
        with st.container(horizontal=True):
            if len(decided) > 1:
                _offer_take_back(f"Take all {len(decided):,} back", owner, decided)
            if 1 < len(at_once) < len(decided):
                label = f"Take the {len(at_once):,} accepted together back"
                _offer_take_back(label, owner, at_once)
        told = _told(done, decided)
        if len(told) > SHOWN and (text := _find_decision()):
            found = told.str.replace("*", "").str.casefold().str.contains
            told = told[found(plain(text.casefold()), regex=False)]
        for key, words in told.head(SHOWN).items():
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button(
                    "Take back",
                    key=f"back_{key}",
                    on_click=state().take_back,
                    args=(owner, (key,)),
                    help="The row is matched without your decision again. A mapping that was "
                    "written stays until you execute another.",
                )
                st.markdown(words)
        if len(told) > SHOWN:
            st.caption(f"The last {SHOWN} of {len(told):,}: find the others by their words.")
        elif told.empty:
            st.caption("No decision has these words.")


def _offer_take_back(label: str, owner: tuple[str, str], keys: Iterable[str]) -> None:
    icon = ":material/undo:"
    st.button(label, on_click=state().take_back, args=(owner, tuple(keys)), icon=icon)


def _find_decision() -> str:
    return st.text_input(
        "Find a decision",
        key=f"decided_{state().uploads}",
        placeholder="Seller SKU, product, reason",
        width=260,
    )


def _told(done: Review, decided: dict[str, Choice]) -> pd.Series:
    """What was decided, in words (str, as markdown) by listing key, the last one first."""
    labels = done.catalogue.labels
    told = {}
    for key, choice in reversed(decided.items()):
        market, channel, sku = key.split("\x1f")
        words = {0: f"is dismissed: {plain(choice.note)}", CREATE: "becomes a new product"}
        is_now = words.get(choice.product_id) or f"is {plain(labels.get(choice.product_id, ''))}"
        told[key] = f"**{plain(sku)}** · {NAMES[market]} · {CHANNEL_LABELS[channel]} {is_now}"
    return pd.Series(told, dtype="str")
