"""The Amazon Products of a seller on screen: browsed and searched."""

import pandas as pd
import streamlit as st

from lib.model import CHANNEL_LABELS, Seller
from lib.overview import Drift
from lib.source import map_out
from lib.ui import changes, sellers
from lib.ui.registry import MAP_PRODUCTS
from lib.ui.tables import offer_csv, pick_rows, show_table
from lib.ui.text import counted, plain

COLUMNS = {
    "sku": "Seller SKU",
    "market": "Marketplace",
    "channel": "Fulfilment",
    "product": "Odoo product",
    "units": "Units",
    "title": "Title",
    "note": "Note",
}
PRODUCT_COLUMNS = {
    "product": "Odoo product",
    "skus": "SKUs",
    "listings": "Listings",
    "markets": "Marketplaces",
}
LISTINGS, PRODUCTS = "Listings", "By product"
PACKS = "Pack, mapped as one"


def choose_rows(seller: Seller) -> pd.DataFrame:
    """The filters, which are in the page's address too, and the rows they leave: as
    ``sellers.layer`` has them."""
    rows = sellers.layer(seller)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Search",
            key="layer_search",
            bind="query-params",
            placeholder="Seller SKU, title, reference or product",
            width=320,
        )
        market = st.selectbox(
            "Marketplace",
            sorted(rows["market"].unique()),
            index=None,
            key="marketplace",
            bind="query-params",
            placeholder="All",
            width=170,
        )
        channel = st.segmented_control(
            "Fulfilment", list(CHANNEL_LABELS.values()), key="fulfilment", bind="query-params"
        )
        standing = st.selectbox(
            "State",
            [*(kind.label for kind in Drift), PACKS],
            index=None,
            key="state",
            bind="query-params",
            placeholder="All that is mapped",
            width=190,
            help="  \n".join(f"**{kind.label}**: {kind.meaning}" for kind in Drift)
            + f"  \n**{PACKS}**: The title says a pack, Units is 1, and the product is no pack.",
        )
        several = st.toggle(
            "Products with several SKUs",
            key="several",
            bind="query-params",
            help="Only listings whose product has more than one Seller SKU.",
        )
    kind = next((kind for kind in Drift if kind.label == standing), None)
    # One mask: of a million rows each copy takes as long as all comparisons.
    kept = rows[kind] if kind else ~rows[Drift.UNMAPPED]
    if standing == PACKS:
        kept &= rows["pack"]
    if text:
        kept &= rows["words"].str.contains(text.casefold(), regex=False)
    if market:
        kept &= rows["market"] == market
    if channel:
        kept &= rows["channel"] == channel
    if several:
        kept &= rows["several"]
    return rows if kept.all() else rows[kept]


def show_none(of_what: str) -> None:
    """That the filters leave nothing, and how to go on."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"0 of {of_what} left by these filters", width="content")
        st.button("Show all", on_click=st.session_state.update, kwargs=_NO_FILTERS)


_NO_FILTERS = {
    "layer_search": "",
    "marketplace": None,
    "fulfilment": None,
    "state": None,
    "several": False,
}


def show_unmapped(rows: pd.DataFrame) -> None:
    """Listings of the last reports that nobody has mapped: to be filled in as a map file."""
    st.caption(
        f"{counted(len(rows), 'listing')} of the last reports without an Amazon Product. Download "
        "them as a map file, fill in the Internal Reference, and upload it on Map products."
    )
    names = ["sku", "market", "channel", "title"]
    show_table(
        rows[names].rename(columns=COLUMNS), 560, "Listings that are not mapped", key="unmapped"
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        _offer_file(rows, "unmapped_map.csv", reference="")
        st.page_link(MAP_PRODUCTS.link, label="Open Map products", icon=MAP_PRODUCTS.icon)


def show_listings(rows: pd.DataFrame, total: int, seller: Seller) -> None:
    """The rows page by page, to choose some of them or all."""
    st.caption(f"{len(rows):,} of {total:,} Amazon Products")
    names = [*COLUMNS][: None if (rows["note"] != "").any() else -1]
    table = rows.set_index("id")[names].rename(columns=COLUMNS)
    picked = pick_rows(table, "Amazon Products", "multi-row")
    _show_actions(rows, rows[rows["id"].isin(picked)], seller)


def show_products(rows: pd.DataFrame, seller: Seller) -> None:
    """Products with how many SKUs and listings each has; the chosen one with its listings."""
    table = sellers.products_of_layer(seller)
    table = table[table["product_id"].isin(rows["product_id"])]
    st.caption(
        f"{counted(len(table), 'product')} of {counted(len(rows), 'listing')}, most SKUs first. "
        "Choose one to see its listings."
    )
    table = table.set_index("product_id")
    names = table[list(PRODUCT_COLUMNS)].rename(columns=PRODUCT_COLUMNS)
    picked = pick_rows(names, "Products with their listings", "single-row")
    for product in picked:
        st.subheader(plain(table["product"][product]))
        of_product = rows[rows["product_id"] == product]
        show_listings(of_product, int(table["listings"][product]), seller)


def _show_actions(rows: pd.DataFrame, picked: pd.DataFrame, seller: Seller) -> None:
    """What can be done with the chosen rows, or with all that the filters leave."""
    wanted = rows if picked.empty else picked
    with st.container(horizontal=True, vertical_alignment="center"):
        changes.offer_acts(seller, wanted, "all " if picked.empty else "")
        _offer_file(wanted, "amazon_products.csv")


def _offer_file(rows: pd.DataFrame, name: str, **instead: str) -> None:
    offer_csv(
        f"Map file ({len(rows):,})",
        lambda: map_out.to_csv(_as_file(rows).assign(**instead)),
        name,
        disabled=rows.empty,
        help="With Units and an Action column: write UNMAP in a row, another Internal Reference or "
        "other units, and upload it on Map products.",
    )


def _as_file(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows as ``sellers.layer`` has them, as a map file with an empty Action."""
    return rows.rename(columns={"market": "marketplace", "channel": "fulfilment"}).assign(action="")
