"""Amazon Products: seller → filters → listings or products → remap or unmap → Execute → log."""

import streamlit as st

from lib.overview import Drift
from lib.ui import changes, layer, sellers, session, upload
from lib.ui.registry import MAP_PRODUCTS
from lib.ui.text import counted

st.title("Amazon Products")
with st.container(horizontal=True, vertical_alignment="bottom"):
    seller = upload.choose_seller()
    if st.button("Read again", icon=":material/refresh:"):
        session.refresh()
        st.rerun()

shown = sellers.overview(seller)
changes.show_change(seller)
if shown.held.empty and shown.unmapped.empty:
    st.info("No listing is mapped yet. Start on Map products.", icon=":material/inventory_2:")
    st.page_link(MAP_PRODUCTS.link, label="Open Map products", icon=MAP_PRODUCTS.icon)
    st.stop()

rows = layer.choose_rows(seller)
if st.session_state["state"] == Drift.UNMAPPED.label:
    if rows.empty:
        layer.show_none(counted(len(shown.unmapped), "listing"))
    else:
        layer.show_unmapped(rows)
    st.stop()

view = st.segmented_control(
    "View",
    [layer.LISTINGS, layer.PRODUCTS],
    default=layer.LISTINGS,
    required=True,
    key="view",
    bind="query-params",
    label_visibility="collapsed",
)
if rows.empty:
    layer.show_none(f"{len(shown.held):,} Amazon Products")
elif view == layer.PRODUCTS:
    layer.show_products(rows, seller)
else:
    layer.show_listings(rows, len(shown.held), seller)
