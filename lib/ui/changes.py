"""A change of Amazon Products that somebody begins on screen: what it does, previewed, executed."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pandas as pd
import streamlit as st

from lib.amazon_products import Act
from lib.model import CHANNEL_LABELS, Lane, Seller
from lib.review import Review
from lib.source.marketplaces import NAMES
from lib.ui import execution, sellers, session
from lib.ui.rows import search
from lib.ui.state import state
from lib.ui.tables import show_table
from lib.ui.text import counted, plain

ACTS = {
    Act.REMAP: ":material/swap_horiz:",
    Act.UNITS: ":material/deployed_code:",
    Act.UNMAP: ":material/link_off:",
}
TITLES = {Act.REMAP: "Another product for", Act.UNITS: "Units of", Act.UNMAP: "Unmap"}


@dataclass(frozen=True)
class Change:
    """What a person is about to do to Amazon Products (ids) of a seller in a target (its identity),
    as ``plan_act`` has it; ``value`` is None while the product is still to be chosen."""

    target: str
    seller: str
    ids: tuple[int, ...] = field(repr=False)
    act: Act
    value: int | None = None


def offer_acts(seller: Seller, rows: pd.DataFrame, all_or: str) -> None:
    """A button for each thing that can be done with these Amazon Products (``id``)."""
    for act, icon in ACTS.items():
        value = None if act is Act.REMAP else 0
        st.button(
            f"{act} {all_or}{len(rows):,}",
            key=f"begin_{act.name}",
            icon=icon,
            disabled=rows.empty,
            on_click=_begin,
            args=(Change(*session.owner(seller), tuple(rows["id"]), act, value),),
            help="Chosen rows, or all that the filters leave. A preview comes first.",
        )


def offer_unmap(seller: Seller, ids: Iterable[int]) -> None:
    """A button that begins to unmap these Amazon Products (``show_change``)."""
    change = Change(*session.owner(seller), tuple(ids), Act.UNMAP, 0)
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
    if change is None or (change.target, change.seller) != session.owner(seller):
        return False
    choices = (change,)
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
            st.subheader(f"{TITLES[change.act]} {what}")
            st.button("Cancel the change", icon=":material/close:", on_click=_begin, args=(None,))
        if change.act is Act.REMAP:
            _choose_product(change)
        elif change.act is Act.UNITS:
            _choose_units(change)
    if change.value is not None:
        done = sellers.planned(held, change.act, change.value)
        _show_affected(done)
        execution.show_preview(done, choices)
    return True


def _choose_product(change: Change) -> None:
    catalogue = session.catalogue()
    if change.value:
        label = catalogue.labels.get(change.value, "")
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
                args=(replace(change, value=int(product.id)),),
                type="primary" if product.id == change.value else "secondary",
            )
            archived = "" if product.active else " :orange-badge[archived]"
            code = plain(product.reference) or "no reference"
            st.markdown(f"**{code}** · {plain(product.name)}{archived}")


def _choose_units(change: Change) -> None:
    # The box of other Amazon Products would keep what was written in it.
    key = f"units_{hash(change.ids)}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(
            "Units per listing",
            1,
            99_999,
            value=change.value or None,
            key=key,
            placeholder="As the titles say",
            on_change=lambda: _begin(replace(change, value=st.session_state[key] or 0)),
            width=190,
        )
        st.caption(
            "How many of its Odoo product one piece of the listing is. Empty: what its title says, "
            "where Units is 1 and the product is no pack itself."
        )


def _show_affected(done: Review) -> None:
    """Every listing that the change is about, with what stands in its way."""
    held = done.catalogue.held["product_id"]
    listings, matches = done.file.listings, done.matches
    labels = done.catalogue.labels
    table = pd.DataFrame(
        {
            "Seller SKU": listings["sku"],
            "Marketplace": listings["market"].map(NAMES).fillna(listings["market"]),
            "Fulfilment": listings["channel"].map(CHANNEL_LABELS).fillna(listings["channel"]),
            "Mapped now to": matches["record_id"].map(held).map(labels).fillna(""),
            "Units now": done.plan.rows["was_units"],
            "Units then": done.plan.rows["units"],
            "Title": done.plan.rows["title"],
            "Why not": matches["reason"].astype("str"),
        }
    )
    if not (matches["lane"] == Lane.BLOCKED.value).any():
        table = table.drop(columns="Why not")
    if (table["Units now"] == table["Units then"]).all():
        table = table.drop(columns=["Units now", "Units then", "Title"])
    show_table(table, 320, "Listings that the change is about", key="affected")
