"""Amazon Products: the layer above Odoo's products, as it is now."""

import streamlit as st

from lib.ui import session
from lib.ui.tables import show_table

COLUMNS = {
    "sku": "Seller SKU",
    "market": "Marketplace",
    "channel": "Fulfilment",
    "product": "Odoo product",
    "title": "Title",
    "seller": "Seller",
}

st.title("Amazon Products")
held = session.layer()
with st.container(horizontal=True, vertical_alignment="bottom"):
    text = st.text_input(
        "Search", key="layer_search", placeholder="Seller SKU, product or title", width=360
    )
    if st.button("Read again", icon=":material/refresh:"):
        session.refresh()
        st.rerun()
if held.empty:
    st.info("No listing is mapped yet. Start on Map products.", icon=":material/inventory_2:")
    st.stop()

shown = held[held["words"].str.contains(text.casefold(), regex=False)] if text else held
st.caption(f"{len(shown):,} of {len(held):,} Amazon Products")
show_table(shown[list(COLUMNS)].rename(columns=COLUMNS), 560, "Amazon Products")
