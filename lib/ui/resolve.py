"""Resolving: the rows that wait for a person, one at a time, with candidates beside them."""

import pandas as pd
import streamlit as st

from lib.match.decisions import Choice, listing_keys
from lib.match.lookup import is_in
from lib.model import CHANNEL_LABELS, Lane, Reason
from lib.review import Review
from lib.source.marketplaces import NAMES
from lib.ui import session
from lib.ui.rows import product_labels, search
from lib.ui.state import state
from lib.ui.text import counted, plain

DISMISSALS = ("Not sold any more", "Handled outside Odoo", "Wrong row in the file")


def waiting(rows: pd.DataFrame) -> pd.DataFrame:
    """The shown rows that a choice can settle."""
    return rows[rows["why"].isin([reason.value for reason in Reason if reason.needs_choice])]


def show_resolve(done: Review, rows: pd.DataFrame) -> None:
    """The queue of waiting rows and the decisions taken so far."""
    queue = waiting(rows)
    decided = state().decisions.get(session.owner(done.seller), {})
    if queue.empty and not decided:
        return
    st.header("Resolve")
    with st.container(border=True):
        if queue.empty:
            st.caption("No row waits for you.")
        else:
            _show_row(done, queue)
        if decided:
            _show_decided(done, decided)


def _show_row(done: Review, queue: pd.DataFrame) -> None:
    here = state()
    here.position = min(here.position, len(queue) - 1)
    row = queue.index[here.position]
    shown, match = queue.loc[row], done.matches.loc[row]
    listing, candidates = st.columns([2, 3], gap="large")
    with listing:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"Row {here.position + 1:,} of {len(queue):,} that wait")
            st.button("Previous", on_click=_move, args=(-1,), disabled=here.position == 0)
            st.button("Next", on_click=_move, args=(1,), disabled=here.position == len(queue) - 1)
        st.markdown(f"#### {plain(shown['title']) or 'No title'}")
        st.markdown(
            f"Seller SKU **{plain(shown['sku'])}** · {plain(shown['where'])}  \n"
            f"Internal Reference **{plain(shown['reference']) or '—'}** · row "
            f"{done.file.listings.loc[row, 'row']:,} of the file"
        )
        st.markdown(
            f":{'red' if shown['lane'] == Lane.BLOCKED else 'orange'}-badge[{shown['why']}]"
        )
        if match["record_id"]:
            held = done.catalogue.amazon_products.set_index("id").loc[match["record_id"]]
            now = product_labels(done.catalogue).get(held["product_id"], "no product to be seen")
            st.caption(f"Mapped now to {plain(now)}")
        _show_dismiss(done, row)
    with candidates:
        _show_candidates(done, row, int(match["candidate"]))


def _show_candidates(done: Review, row: int, candidate: int) -> None:
    listing = done.file.listings.loc[row]
    proposed = done.catalogue.by_id.loc[candidate] if candidate else None
    start = listing["reference"] if candidate else listing["title"] or listing["reference"]
    text = st.text_input(
        "Search the catalogue",
        value=start,
        key=f"search_{row}_{state().uploads}",
        placeholder="Reference, barcode or words of the name",
    )
    found = search(done.catalogue, text)
    if proposed is not None and candidate not in found["id"].to_numpy():
        found = pd.concat([done.catalogue.products.query("id == @candidate"), found]).head(8)
    if found.empty:
        st.caption("No product has these words. Try fewer, or a part of the reference.")
    for product in found.itertuples():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Choose",
                key=f"choose_{row}_{product.id}",
                on_click=_decide,
                args=(done, row, Choice(int(product.id))),
                type="primary" if product.id == candidate else "secondary",
                help=f"Tie {plain(listing['sku'])} to {plain(product.name)}",
            )
            code = plain(product.reference) or "no reference"
            barcode = f"barcode {plain(product.barcode)}" if product.barcode else "no barcode"
            archived = "" if product.active else " :orange-badge[archived]"
            st.markdown(f"**{code}** · {plain(product.name)}{archived}  \n:small[{barcode}]")


def _show_dismiss(done: Review, row: int) -> None:
    with st.popover("Dismiss", icon=":material/block:"):
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
            on_click=_decide,
            args=(done, row, Choice(0, why or "")),
            disabled=not why,
        )


def _show_decided(done: Review, decided: dict[str, Choice]) -> None:
    mapped = _mapped(done, decided)
    more = f" · {len(mapped):,} mapped by now" if mapped else ""
    with st.expander(f"You took {counted(len(decided), 'decision')}{more}"):
        names = done.catalogue.by_id["name"]
        for key, choice in list(decided.items()):
            market, channel, sku = key.split("\x1f")
            where = f"{NAMES[market]} · {CHANNEL_LABELS[channel]}"
            what = names.get(choice.product_id, "") if choice.product_id else choice.note
            verb = "is" if choice.product_id else "is dismissed:"
            badge = f" :{Lane.MAPPED.tone}-badge[{Lane.MAPPED.label}]" if key in mapped else ""
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button(
                    "Take back",
                    key=f"back_{key}",
                    on_click=state().decide,
                    args=(session.owner(done.seller), key, None),
                    help="The row is matched without your decision again. A mapping that was "
                    "written stays until you execute another.",
                )
                st.markdown(f"**{plain(sku)}** · {where} {verb} {plain(what)}{badge}")


def _mapped(done: Review, decided: dict[str, Choice]) -> set[str]:
    """The decisions that need no Execute any more."""
    keys = listing_keys(done.file.listings[done.matches["lane"] == Lane.MAPPED.value])
    return set(keys[is_in(keys, pd.Series(list(decided), dtype="str"))])


def _decide(done: Review, row: int, choice: Choice) -> None:
    key = listing_keys(done.file.listings.loc[[row]]).iloc[0]
    state().decide(session.owner(done.seller), key, choice)


def _move(step: int) -> None:
    state().position = max(0, state().position + step)
