"""The Amazon Products of a seller on screen: browsed, searched, and remapped or unmapped."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from lib.model import CHANNEL_LABELS, Lane, Seller
from lib.overview import Drift
from lib.review import Review
from lib.source import map_out
from lib.source.marketplaces import NAMES
from lib.ui import execution, sellers, session
from lib.ui.registry import MAP_PRODUCTS
from lib.ui.rows import product_labels, search
from lib.ui.state import state
from lib.ui.tables import offer_csv, pick_rows, show_table
from lib.ui.text import counted, plain

COLUMNS = {
    "sku": "Seller SKU",
    "market": "Marketplace",
    "channel": "Fulfilment",
    "product": "Odoo product",
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


@dataclass(frozen=True)
class Change:
    """What a person is about to do to Amazon Products (ids): tie them to a product, or, with 0,
    unmap them; None while the product is still to be chosen."""

    seller: str
    ids: tuple[int, ...] = field(repr=False)
    product: int | None


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
            [kind.label for kind in Drift],
            index=None,
            key="state",
            bind="query-params",
            placeholder="All that is mapped",
            width=190,
            help="  \n".join(f"**{kind.label}**: {kind.meaning}" for kind in Drift),
        )
        several = st.toggle(
            "Products with several SKUs",
            key="several",
            bind="query-params",
            help="Only listings whose product has more than one Seller SKU.",
        )
    kind = next((kind for kind in Drift if kind.label == standing), None)
    rows = rows[rows[kind]] if kind else rows[~rows[Drift.UNMAPPED]]
    kept = pd.Series(True, rows.index)
    if text:
        kept &= rows["words"].str.contains(text.casefold(), regex=False)
    if market:
        kept &= rows["market"] == market
    if channel:
        kept &= rows["channel"] == channel
    if several:
        kept &= rows["several"]
    return rows[kept]


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
    all_or = "all " if picked.empty else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, product, icon in (
            ("Choose another product for", None, ":material/swap_horiz:"),
            ("Unmap", 0, ":material/link_off:"),
        ):
            st.button(
                f"{label} {all_or}{len(wanted):,}",
                key=f"begin_{product}",
                icon=icon,
                disabled=wanted.empty,
                on_click=_begin,
                args=(Change(seller.name, tuple(wanted["id"]), product),),
                help="Chosen rows, or all that the filters leave. A preview comes first.",
            )
        _offer_file(wanted, "amazon_products.csv")


def _offer_file(rows: pd.DataFrame, name: str, **instead: str) -> None:
    offer_csv(
        f"Map file ({len(rows):,})",
        lambda: map_out.to_csv(_as_file(rows).assign(**instead)),
        name,
        disabled=rows.empty,
        help="With an Action column: write UNMAP in a row, or another Internal Reference, and "
        "upload it on Map products.",
    )


def _as_file(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows as ``sellers.layer`` has them, as a map file with an empty Action."""
    return rows.rename(columns={"market": "marketplace", "channel": "fulfilment"}).assign(action="")


def offer_unmap(seller: Seller, ids: Iterable[int]) -> None:
    """A button that begins to unmap these Amazon Products (``show_change``)."""
    change = Change(seller.name, tuple(ids), 0)
    st.button(
        f"Unmap {len(change.ids):,}",
        key="begin_unmap",
        icon=":material/link_off:",
        on_click=_begin,
        args=(change,),
        help="A preview comes first.",
    )


def _begin(change: Change | None) -> None:
    here = state()
    here.change, here.run, here.run_for = change, "", ()
    here.version += 1


def show_change(seller: Seller) -> bool:
    """The change that was begun: its product, its preview and Execute; or how it ended. Whether it
    is still to be executed."""
    here = state()
    change: Change | None = here.change
    if change is None or change.seller != seller.name:
        return False
    choices = (session.target().identity, change)
    execution.show_run(choices)
    if here.run_for == choices:  # its result is shown, or was closed
        here.change = change if here.run else None
        return False
    held = session.catalogue().amazon_products
    held = held[held["id"].isin(change.ids) & (held["seller"] == seller.name)]
    if held.empty:
        return False
    what = counted(len(held), "Amazon Product")
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(f"Another product for {what}" if change.product != 0 else f"Unmap {what}")
            st.button("Cancel the change", icon=":material/close:", on_click=_begin, args=(None,))
        if change.product != 0:
            _choose_product(change)
    if change.product is not None:
        done = sellers.planned(held, change.product)
        _show_affected(done)
        execution.show_preview(done, choices)
    return True


def _choose_product(change: Change) -> None:
    catalogue = session.catalogue()
    if change.product:
        label = product_labels(catalogue).get(change.product, "")
        st.markdown(f"They will be tied to **{plain(label)}**.")
    text = st.text_input(
        "Search the catalogue",
        key=f"remap_{state().id}",
        placeholder="Reference, barcode or words of the name",
    )
    for product in search(catalogue, text).itertuples():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Choose",
                key=f"remap_to_{product.id}",
                on_click=_begin,
                args=(Change(change.seller, change.ids, int(product.id)),),
                type="primary" if product.id == change.product else "secondary",
            )
            archived = "" if product.active else " :orange-badge[archived]"
            code = plain(product.reference) or "no reference"
            st.markdown(f"**{code}** · {plain(product.name)}{archived}")


def _show_affected(done: Review) -> None:
    """Every listing that the change is about, with what stands in its way."""
    held = done.catalogue.amazon_products.set_index("id")["product_id"]
    listings, matches = done.file.listings, done.matches
    labels = product_labels(done.catalogue)
    table = pd.DataFrame(
        {
            "Seller SKU": listings["sku"],
            "Marketplace": listings["market"].map(NAMES).fillna(listings["market"]),
            "Fulfilment": listings["channel"].map(CHANNEL_LABELS).fillna(listings["channel"]),
            "Mapped now to": matches["record_id"].map(held).map(labels).fillna(""),
            "Why not": matches["reason"].astype("str"),
        }
    )
    if not (matches["lane"] == Lane.BLOCKED.value).any():
        table = table.drop(columns="Why not")
    show_table(table, 320, "Listings that the change is about", key="affected")
