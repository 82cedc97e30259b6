"""Sync listings: the report and its marketplace, and what a report has beyond a map file."""

import pandas as pd
import streamlit as st

from lib import drift
from lib.model import Lane, MapperError, Seller
from lib.results import result_rows
from lib.review import Review
from lib.source import map_out
from lib.source.marketplaces import NAMES
from lib.source.report import FulfilmentNeeded, Report
from lib.ui import changes, fetch, session
from lib.ui.fetch import choose_inactive, facts
from lib.ui.state import state
from lib.ui.tables import offer_csv, show_table
from lib.ui.text import counted, plain, problem
from lib.ui.upload import choose_encoding, choose_sheet

AMAZON, UPLOAD = "From Amazon", "Upload a report"

DRIFT_COLUMNS = {
    "sku": "Seller SKU",
    "fulfilment": "Fulfilment",
    "product": "Odoo product",
    "title": "Title",
}


def choose_report(seller: Seller) -> Report | None:
    """Amazon's own reports, together, or the one that is uploaded; or nothing yet."""
    with st.container(border=True):
        if _choose_source(seller) == AMAZON:
            return fetch.choose_reports(seller)
        return _choose_upload(seller)


def _choose_source(seller: Seller) -> str:
    credentials = session.configured().amazon[seller.name]
    if credentials.missing:
        names = ", ".join(f"`{name}`" for name in credentials.missing)
        st.caption(
            f"To fetch reports from Amazon, write {names} into {plain(credentials.source)}, and "
            f"reload the page. Or upload the report that Seller Central gives."
        )
        return UPLOAD
    return st.segmented_control(
        "Report",
        [AMAZON, UPLOAD],
        default=AMAZON,
        required=True,
        key="source",
        persist_state="session",
        on_change=state().drop_file,
        label_visibility="collapsed",
    )


def _choose_upload(seller: Seller) -> Report | None:
    """Marketplace → active or all listings → the uploaded report, or nothing yet."""
    here = state()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        market = _choose_market(seller)
        inactive = choose_inactive()
    if here.upload is None:
        given = st.file_uploader(
            "Listing report (TXT, CSV or XLSX)",
            key=f"report_{here.uploads}",
            help="Seller Central → Inventory → Inventory Reports: active or all listings, in "
            "any language, as it was downloaded or saved again by Excel.",
        )
        if given is not None:
            here.take_file(given.name, given.getvalue())
            st.rerun()
        return None
    with st.container(horizontal=True, vertical_alignment="center"):
        report = _read(market, inactive)
        if report is not None:
            _about(report)
        st.button(
            "Another file", icon=":material/upload_file:", on_click=here.drop_file, key="drop"
        )
    return report


def _choose_market(seller: Seller) -> str | None:
    return st.selectbox(
        "Marketplace",
        seller.markets,
        index=0 if len(seller.markets) == 1 else None,
        format_func=NAMES.get,
        placeholder="Which is the report of?",
        key=f"market_{seller.name}",
        persist_state="session",
        width=240,
        help="Seller Central gives the reports of all marketplaces the same name, and none "
        "says inside which it is of.",
    )


def _read(market: str | None, inactive: bool) -> Report | None:
    if market is None:
        st.info("Choose the marketplace of the report.", icon=":material/storefront:")
        return None
    try:
        return session.report(market, inactive)
    except MapperError as error:
        problem(error)
        if isinstance(error, FulfilmentNeeded) or state().inventory:
            _take_inventory()
        # Headers that nobody knows are often known ones with the wrong letters.
        choose_encoding("Choose another encoding")
    return None


def _take_inventory() -> None:
    """The FBA inventory report that says which of the listings Amazon ships."""
    here = state()
    given = st.file_uploader("FBA inventory report (TXT, CSV or XLSX)", key=f"fba_{here.uploads}")
    if given is not None:
        here.inventory = given.name, given.getvalue()
        here.read_again()
        st.rerun()


def _about(report: Report) -> None:
    """What was read and how, so that a wrong reading is seen."""
    st.markdown(f":material/description: **{plain(report.name)}** · {plain(facts(report))}")
    choose_sheet(report.sheet, report.sheets)
    if report.encoding:
        with st.popover("Wrong letters?", type="tertiary"):
            choose_encoding(report.encoding)


def offer_map_files(done: Review, rows: pd.DataFrame) -> None:
    """The report as a map file, and of it what found no product, to be filled in."""
    mismatches = rows[rows["lane"] == Lane.UNMATCHED.value]
    with st.container(horizontal=True, vertical_alignment="center"):
        offer_csv(
            "Download as a map file",
            lambda: map_out.to_csv(done.file.listings),
            "listings_map.csv",
            help="All listings of the report, with the Seller SKU as Internal Reference.",
        )
        offer_csv(
            f"Mismatches ({len(mismatches):,})",
            lambda: map_out.to_csv(result_rows(done, mismatches.index).assign(reference="")),
            "mismatches_map.csv",
            disabled=mismatches.empty,
            help="Unmatched listings as a map file with the Internal Reference left empty: fill it "
            "in and upload it on Map products.",
        )


def show_drift(done: Review, report: Report) -> None:
    """The listings that the target has and the report has not, to be unmapped by who wants it."""
    gone = drift.gone(report, done.catalogue, done.seller)
    if gone.empty:
        return
    st.header("Gone from the report")
    with st.container(border=True):
        st.caption(
            f"{counted(len(gone), 'listing')} of {', '.join(map(NAMES.get, report.markets))} in "
            "Odoo that the report does not have. Nothing is deleted unless you ask for it."
        )
        drifted = drift.as_file(gone, done.catalogue)
        shown = drifted[list(DRIFT_COLUMNS)]
        show_table(shown.rename(columns=DRIFT_COLUMNS), 320, "Listings gone from the report")
        with st.container(horizontal=True, vertical_alignment="center"):
            changes.offer_unmap(done.seller, gone["id"])
            offer_csv(
                "CSV",
                lambda: map_out.to_csv(drifted),
                "gone_from_report.csv",
                type="tertiary",
            )
