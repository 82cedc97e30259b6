"""The Amazon accounts of the sellers: whether they answer, and for which marketplaces."""

import pandas as pd
import streamlit as st

from lib.amazon.port import Participation
from lib.model import MapperError, Seller
from lib.source.marketplaces import MARKETPLACES, NAMES
from lib.ui import session
from lib.ui.text import counted, plain, problem

TAKES_PART = "Takes part"
AGREED = "Takes part, in the settings"
SUSPENDED = "Takes part, with suspended listings"
LACKING = "Takes part, not in the settings"
IN_VAIN = "In the settings, takes no part"


def show_accounts() -> None:
    """Test connection: a seller's marketplaces, as Amazon and as the settings have them."""
    configured = session.configured()
    st.header("Amazon accounts")
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.selectbox(
                "Seller",
                list(configured.sellers),
                key="account",
                persist_state="session",
                width=240,
            )
            pressed = st.button(
                "Test connection",
                icon=":material/cable:",
                disabled=bool(configured.amazon[name].missing),
            )
        if missing := configured.amazon[name].missing:
            names = ", ".join(f"`{each}`" for each in missing)
            st.caption(
                f"No account yet: write {names} into {plain(configured.amazon[name].source)}, and "
                f"reload the page. Without an account, upload report files on Sync listings."
            )
        elif pressed:
            try:
                with st.spinner("Asking Amazon…"):
                    found = configured.open_amazon(name).marketplaces()
            except MapperError as error:
                problem(error)
            else:
                _show(found, configured.seller(name), configured.amazon[name].source)


def _show(found: list[Participation], seller: Seller, source: str) -> None:
    rows = compared(found, seller)
    st.markdown(
        f":green-badge[:material/check: Amazon answers] "
        f"{counted(sum(place.takes_part for place in found), 'marketplace')} of this account"
    )
    if _names_all(seller):
        st.info(
            f"The settings name no marketplaces of seller {plain(seller.name)}, so all that Amazon "
            f"has are offered. Write those that you use as marketplaces into {plain(source)}.",
            icon=":material/storefront:",
        )
    lacking, in_vain = rows[rows["state"] == LACKING], rows[rows["state"] == IN_VAIN]
    if len(lacking):
        names = ", ".join(lacking["marketplace"])
        st.info(
            f"The account takes part in {names} too. Add what you want to marketplaces in "
            f"{plain(source)}.",
            icon=":material/add_business:",
        )
    if len(in_vain):
        names = ", ".join(in_vain["marketplace"])
        st.warning(
            f"The settings name {names}, where this account does not take part: no report will "
            f"come from there. Leave out of marketplaces what you do not use, in {plain(source)}.",
            icon=":material/warning:",
        )
    shown = rows.rename(columns={"marketplace": "Marketplace", "state": "Account and settings"})
    st.dataframe(shown, hide_index=True, width=560, alt="Marketplaces of the account")


def compared(found: list[Participation], seller: Seller) -> pd.DataFrame:
    """The marketplaces of the account and of the settings: ``marketplace`` (its name) and
    ``state`` (str). Settings that name none have nothing to be compared with."""
    unnamed = _names_all(seller)
    states = {} if unnamed else dict.fromkeys(seller.markets, IN_VAIN)
    for place in found:
        if place.takes_part:
            known = SUSPENDED if place.suspended else TAKES_PART if unnamed else AGREED
            states[place.market] = known if place.market in seller.markets else LACKING
    return pd.DataFrame(
        {"marketplace": [NAMES[market] for market in states], "state": [*states.values()]},
        dtype="str",
    )


def _names_all(seller: Seller) -> bool:
    """Whether a seller has all marketplaces: those have it whose settings name none."""
    return set(seller.markets) == set(MARKETPLACES)
