"""Prices of a report on screen: whether they are taken, and what they change."""

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd
import streamlit as st

from lib.model import Options, Seller
from lib.prices import no_pricelist, shown
from lib.results import result_rows
from lib.review import Review
from lib.source import map_out
from lib.source.marketplaces import NAMES
from lib.ui.tables import offer_csv, show_table
from lib.ui.text import counted, plain

COLUMNS = {
    "sku": "Seller SKU",
    "product": "Odoo product",
    "was_price": "Before",
    "price": "After",
    "currency": "Currency",
}


def choose_prices(seller: Seller, markets: Iterable[str], options: Options) -> Options:
    """Whether the prices of the report are set on the pricelists of its marketplaces."""
    markets = list(markets)
    called = {m: seller.pricelists[m] for m in markets if m in seller.pricelists}
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        wanted = st.toggle(
            "Update prices",
            seller.prices,
            key=f"prices_{seller.name}",
            persist_state="session",
            disabled=not called,
            help="Writes the price of each mapped listing to the pricelist of its marketplace. "
            "The preview shows each price before and after.",
        )
        if called:
            on = (f"{NAMES[market]}: **{plain(name)}**" for market, name in called.items())
            st.caption("Pricelist of " + " · ".join(on))
        for market in markets:
            if market not in called:
                st.caption(plain(no_pricelist(seller, market)))
    return replace(options, prices=wanted and bool(called))


def show_prices(done: Review) -> None:
    """The prices that Execute sets, before and after."""
    prices = price_rows(done)
    if prices.empty:
        return
    with st.expander(f"{counted(len(prices), 'price')} before and after", expanded=True):
        table = prices[list(COLUMNS)].rename(columns=COLUMNS)
        right = dict.fromkeys(["Before", "After"], st.column_config.Column(alignment="right"))
        show_table(table, 320, "Prices before and after", column_config=right)
        offer_csv(
            "CSV",
            lambda: map_out.to_csv(prices),
            "prices.csv",
            type="tertiary",
        )


def price_rows(done: Review) -> pd.DataFrame:
    """The prices to set, with the rows they come from as a map file (str), ``product``,
    ``was_price``, ``price`` and ``currency``."""
    prices = done.plan.prices
    rows = done.matches.index[prices["row"]]
    return result_rows(done, rows).assign(
        was_price=shown(prices["was_price"], prices["currency"]).to_numpy(),
        price=shown(prices["price"], prices["currency"]).to_numpy(),
        currency=prices["currency"].to_numpy(),
    )
