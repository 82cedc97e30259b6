"""Resolving: the rows that wait for a person, one at a time, with candidates beside them."""

import pandas as pd
import streamlit as st

from lib import memory
from lib.match.decisions import CREATE, Choice, Verdict, listing_keys
from lib.match.earlier import rejected_pairs
from lib.match.lookup import is_in
from lib.model import CHANNEL_LABELS, Lane, Reason
from lib.review import Review
from lib.source.marketplaces import NAMES
from lib.ui import session
from lib.ui.registry import DECISIONS
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
    earlier = _earlier(done)
    if queue.empty and not decided and not earlier:
        return
    st.header("Resolve")
    with st.container(border=True):
        if queue.empty:
            st.caption("No row waits for you.")
        else:
            _show_row(done, queue)
        if decided:
            _show_decided(done, decided)
        if earlier:
            st.page_link(
                DECISIONS.link,
                label=f"{counted(earlier, 'earlier decision')} on listings of this file",
                icon=DECISIONS.icon,
            )


def _earlier(done: Review) -> int:
    """How many kept decisions are about listings of this file."""
    kept = done.memory.decisions
    if kept.empty:
        return 0
    about = is_in(listing_keys(kept), listing_keys(done.file.listings))
    return int(about.sum())


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
        with st.container(horizontal=True):
            _show_dismiss(done, row)
            _show_create(done, row)
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
    rejected = _rejected(done, row)
    found = search(done.catalogue, text, 8 + len(rejected))
    if proposed is not None and candidate not in found["id"].to_numpy():
        found = pd.concat([done.catalogue.products.query("id == @candidate"), found])
    found = found[~found["id"].isin(rejected)].head(8)
    if rejected:
        st.button(
            f"Show {counted(len(rejected), 'rejected product')} again",
            key=f"unreject_{row}",
            on_click=_take_rejections_back,
            args=(done, row),
            type="tertiary",
        )
    if found.empty:
        st.caption("No product has these words. Try fewer, or a part of the reference.")
    for product in found.itertuples():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Choose",
                key=f"choose_{row}_{product.id}",
                on_click=_decide,
                args=(done, row, int(product.id)),
                type="primary" if product.id == candidate else "secondary",
                help=f"Tie {plain(listing['sku'])} to {plain(product.name)}",
            )
            st.button(
                "Not this",
                key=f"reject_{row}_{product.id}",
                on_click=_reject,
                args=(done, row, int(product.id)),
                type="tertiary",
                help="Never propose it for this listing again, and let no rule that is not exact "
                "choose it. Kept at once: it changes nothing in Odoo.",
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
            args=(done, row, 0, why or ""),
            disabled=not why,
        )


def _show_create(done: Review, row: int) -> None:
    listing = done.file.listings.loc[row]
    if done.matches.at[row, "reason"] == Reason.NOT_FOUND and listing["title"].strip():
        st.button(
            "Create the product",
            key=f"create_{row}",
            on_click=_decide,
            args=(done, row, CREATE),
            icon=":material/add:",
            help="All rows with this reference will be tied to one new product.",
        )


def _show_decided(done: Review, decided: dict[str, Choice]) -> None:
    with st.expander(f"You took {counted(len(decided), 'decision')}"):
        names = done.catalogue.by_id["name"]
        for key, choice in list(decided.items()):
            market, channel, sku = key.split("\x1f")
            where = f"{NAMES[market]} · {CHANNEL_LABELS[channel]}"
            words = {0: f"is dismissed: {plain(choice.note)}", CREATE: "becomes a new product"}
            is_now = words.get(choice.product_id) or f"is {plain(names.get(choice.product_id, ''))}"
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button(
                    "Take back",
                    key=f"back_{key}",
                    on_click=state().decide,
                    args=(session.owner(done.seller), key, None),
                    help="The row is matched without your decision again. A mapping that was "
                    "written stays until you execute another.",
                )
                st.markdown(f"**{plain(sku)}** · {where} {is_now}")


def _decide(done: Review, row: int, product: int, note: str = "") -> None:
    key = listing_keys(done.file.listings.loc[[row]]).iloc[0]
    choice = Choice(product, note, str(done.matches.at[row, "reason"]))
    state().decide(session.owner(done.seller), key, choice)


def _rejected(done: Review, row: int) -> list[int]:
    pairs = rejected_pairs(_rejections(done, row), done.catalogue)
    return pairs["product_id"].to_list()


def _rejections(done: Review, row: int) -> pd.DataFrame:
    """What is kept of products that are not the listing's (DECISION_COLUMNS)."""
    kept = done.memory.decisions
    key = listing_keys(done.file.listings.loc[[row]]).iloc[0]
    return kept[(kept["verdict"] == Verdict.REJECT.value) & (listing_keys(kept) == key)]


def _reject(done: Review, row: int, product: int) -> None:
    listing, why = done.file.listings.loc[row], str(done.matches.at[row, "reason"])
    kept = memory.rejection(listing, product, done.catalogue, session.user(), session.now(), why)
    session.keep(done.seller, kept)


def _take_rejections_back(done: Review, row: int) -> None:
    session.forget(done.seller, _rejections(done, row))


def _move(step: int) -> None:
    state().position = max(0, state().position + step)
