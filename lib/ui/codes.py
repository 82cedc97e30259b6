"""UPC and EAN from Amazon's catalogue on screen, for listings that find no product."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from lib import memory
from lib.amazon import catalog
from lib.model import Options, Seller
from lib.review import review
from lib.run.engine import engine
from lib.source.report import Report
from lib.ui import reviews, session
from lib.ui.text import counted


def choose_codes(report: Report, seller: Seller, options: Options) -> Report:
    """The report, with the codes of Amazon's catalogue if they are wanted."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        wanted = st.toggle(
            "Look up UPC and EAN",
            seller.lookup,
            key=f"lookup_{seller.name}",
            persist_state="session",
            disabled=bool(session.configured().amazon[seller.name].missing),
            help="Asks Amazon's catalogue for the UPC or EAN of listings that find no product, "
            "and matches them to the product with that barcode.",
        )
        if not wanted:
            return report
        # Which listings find no product by the rules is the same whatever a person decides now.
        key = reviews.undecided_key(report, seller, options)
        store = engine().store
        key += *memory.stamp(store, session.place(), seller.name), *catalog.stamp(store)
        looked_up, missing = _looked_up(key, report, seller, options)
        st.caption(f"{counted(looked_up.looked_up, 'listing')} with the code of a product.")
        if not missing.empty:
            _offer_to_ask(seller, missing)
    return looked_up


@st.cache_resource(max_entries=2, scope="session", show_spinner="Reading the codes…")
def _looked_up(
    key: tuple, _report: Report, _seller: Seller, _options: Options
) -> tuple[Report, pd.DataFrame]:
    """The report with the codes that are kept, and what Amazon is still to be asked for."""
    store = engine().store
    # Prices and units are the matter of the review that this report is read for.
    options = replace(_options, prices=False, packs=False)
    done = review(_report, session.catalogue(), _seller, options, memory=session.kept(_seller))
    missing = catalog.not_asked(store, catalog.without_code(done))
    return catalog.with_codes(done, store), missing


def _offer_to_ask(seller: Seller, missing: pd.DataFrame) -> None:
    """Ask for all of them while the page waits; what was answered stays, whatever happens."""
    if st.button(
        f"Ask Amazon for {counted(len(missing), 'ASIN')}",
        icon=":material/barcode_scanner:",
        help="20 a call, two calls a second. If the page is closed, the next press goes on.",
    ):
        shown = st.progress(0.0, "Asking Amazon's catalogue…")
        amazon = session.configured().open_amazon(seller.name)

        def watch(count: int) -> None:
            shown.progress(count / len(missing), f"{count:,} of {len(missing):,} asked for")

        catalog.ask(engine().store, amazon, missing, watch)
        st.rerun()
