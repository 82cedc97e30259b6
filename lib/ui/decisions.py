"""Kept decisions on the screen: searched, changed, forgotten, and as a file."""

import numpy as np
import pandas as pd
import streamlit as st

from lib.catalogue import Catalogue
from lib.match.decisions import DECISION_COLUMNS, Verdict
from lib.match.earlier import found_now, labels
from lib.model import CHANNEL_LABELS, MapperError, Seller
from lib.source import decision_file
from lib.source.marketplaces import NAMES
from lib.ui import session
from lib.ui.rows import search
from lib.ui.tables import offer_csv, show_table
from lib.ui.text import counted, plain, problem

COLUMNS = {
    "decision": "Decision",
    "sku": "Seller SKU",
    "where": "Where",
    "product": "Odoo product",
    "state": "Now",
    "why": "Why it waited",
    "note": "Note",
    "user": "By",
    "decided": "At (UTC)",
}
IN_USE, ARCHIVED, GONE = "In use", "Archived: not applied", "Not there: not applied"
REVISED = 8
"""Decisions that are offered for revision at once; a search finds the others."""


def find(kept: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """The kept decisions (DECISION_COLUMNS, and COLUMNS as shown) that the search asks for,
    newest first."""
    if kept.empty:
        st.info("No decision is kept yet. Decide on rows of a file, and execute it.",
                icon=":material/bookmark:")  # fmt: skip
        return kept
    product = found_now(kept, catalogue)
    about = kept["verdict"].isin([Verdict.CHOOSE.value, Verdict.REJECT.value])
    state = np.where(np.isin(product, catalogue.archived), ARCHIVED, IN_USE)
    shown = kept.assign(
        decision=kept["verdict"].map({verdict.value: verdict.label for verdict in Verdict}),
        where=kept["market"].map(NAMES) + " · " + kept["channel"].map(CHANNEL_LABELS),
        product=labels(kept),
        state=pd.Series(np.where(product == 0, GONE, state), kept.index).where(about, ""),
    )
    text = st.text_input(
        "Search",
        key="decision_search",
        placeholder="Seller SKU, product, person, Archived, Reject …",
        width=360,
    )
    wanted = pd.Series(not text, shown.index)
    for column in COLUMNS:
        wanted |= shown[column].str.casefold().str.contains(text.casefold(), regex=False)
    return shown[wanted].iloc[::-1]


def show(found: pd.DataFrame) -> None:
    """The table of what was found."""
    st.caption(counted(len(found), "decision") if len(found) else "0 decisions have these words.")
    if not found.empty:
        widths = {"Odoo product": 220, "Why it waited": 150, "Note": 90, "At (UTC)": 145}
        show_table(
            found[[*COLUMNS]].rename(columns=COLUMNS),
            420,
            "Kept decisions",
            column_config={
                name: st.column_config.TextColumn(width=width) for name, width in widths.items()
            },
        )


def offer_files(seller: Seller, kept: pd.DataFrame) -> None:
    """All decisions as a file, and a file of decisions to take in."""
    with st.container(horizontal=True, vertical_alignment="center"):
        offer_csv(
            "Export CSV",
            lambda: decision_file.to_csv(kept),
            f"decisions_{seller.name}.csv",
            disabled=kept.empty,
        )
        with st.popover("Import", icon=":material/upload_file:"):
            _take_in(seller)


def _take_in(seller: Seller) -> None:
    times = st.session_state.setdefault("decisions_read", 0)
    given = st.file_uploader("Decisions (CSV or XLSX)", key=f"decisions_{times}")
    if given is None:
        return
    try:
        read = decision_file.read(given.getvalue(), given.name, session.user(), session.now())
    except MapperError as error:
        problem(error)
        return
    st.caption("Each replaces what is kept of its listing. Nothing is written to Odoo.")
    if st.button(f"Take in {counted(len(read), 'decision')}", type="primary"):
        session.keep(seller, read)
        st.toast(f"{counted(len(read), 'decision')} taken in", icon=":material/check:")
        st.session_state["decisions_read"] += 1
        st.rerun()


def revise(seller: Seller, found: pd.DataFrame) -> None:
    """The first decisions that were found, each to be changed or forgotten; or all of them."""
    if found.empty:
        return
    st.header("Revise")
    with st.container(border=True):
        for at, kept in found.head(REVISED).iterrows():
            _revise_one(seller, at, found.loc[[at]], kept)
        if len(found) > REVISED:
            st.caption(f"The first {REVISED} of {len(found):,}: search for the others.")
        with st.popover(f"Forget all {len(found):,} found", icon=":material/delete:"):
            st.caption("Their rows are matched by the rules again. Mappings in Odoo stay.")
            st.button(
                f"Forget {counted(len(found), 'decision')}",
                on_click=session.forget,
                args=(seller, found[DECISION_COLUMNS]),
            )


def _revise_one(seller: Seller, at, row: pd.DataFrame, kept: pd.Series) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Forget",
            key=f"forget_{at}",
            on_click=session.forget,
            args=(seller, row[DECISION_COLUMNS]),
            help="The row is matched by the rules again. A mapping that was written stays.",
        )
        if kept["verdict"] != Verdict.REJECT:
            with st.popover("Change", key=f"change_{at}"):
                _choose_another(seller, at, row)
        what = plain(kept["product"] or kept["note"])
        st.markdown(f"**{plain(kept['sku'])}** · {kept['where']} · {kept['decision']} {what}")


def _choose_another(seller: Seller, at, row: pd.DataFrame) -> None:
    text = st.text_input("Search the catalogue", key=f"another_{at}")
    for product in search(session.catalogue(), text).itertuples():
        chosen = row[DECISION_COLUMNS].assign(
            verdict=Verdict.CHOOSE.value,
            product_id=product.id,
            reference=product.reference,
            name=product.name,
            note="",
            user=session.user(),
            decided=session.now(),
        )
        st.button(
            f"{plain(product.reference)} {plain(product.name)}",
            key=f"take_{at}_{product.id}",
            on_click=session.keep,
            args=(seller, chosen),
        )
