"""Amazon Products: the layer above Odoo's products, as it is now."""

import streamlit as st

from lib.ui import session
from lib.ui.charts import CHANNEL_LABELS, MARKET_NAMES
from lib.ui.rows import product_labels

st.title("Amazon Products")
catalogue = session.catalogue()
held = catalogue.amazon_products
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

table = held[["sku", "seller", "title"]].assign(
    market=held["market"].map(MARKET_NAMES),
    channel=held["channel"].map(CHANNEL_LABELS),
    product=held["product_id"].map(product_labels(catalogue)),
)
if text:
    words = table["sku"] + " " + table["title"] + " " + table["product"]
    table = table[words.str.casefold().str.contains(text.casefold(), regex=False)]
st.caption(f"{len(table):,} of {len(held):,} Amazon Products")
columns = {
    "sku": "Seller SKU",
    "market": "Marketplace",
    "channel": "Fulfilment",
    "product": "Odoo product",
    "title": "Title",
    "seller": "Seller",
}
st.dataframe(
    table[list(columns)].rename(columns=columns),
    lazy=True,
    hide_index=True,
    height=min(560, 35 * (len(table) + 1) + 3),
    alt="Amazon Products",
)
