"""What the layer holds of a seller, as pages show it: made once for each state of the target."""

from datetime import timedelta

import pandas as pd
import streamlit as st

import lib.overview
from lib.amazon_products import Act, by_product, plan_act
from lib.catalogue import texts_of
from lib.last_report import recall
from lib.model import Seller
from lib.overview import Overview
from lib.review import Review
from lib.run.engine import engine
from lib.ui.rows import layer_rows
from lib.ui.session import Version, catalogue, target, version
from lib.ui.state import state


@st.cache_resource(max_entries=8, ttl=timedelta(hours=1), show_spinner=False)
def _overview(version: Version, seller: Seller) -> Overview:
    reports = recall(engine().store, target().place, seller.name)
    return lib.overview.overview(catalogue(), seller, reports)


def overview(seller: Seller) -> Overview:
    """How the listings of a seller stand."""
    return _overview(version(), seller)


@st.cache_resource(max_entries=4, ttl=timedelta(hours=1), show_spinner=False)
def _layer(version: Version, seller: str, _shown: Overview) -> pd.DataFrame:
    return layer_rows(_shown, catalogue())


def layer(seller: Seller) -> pd.DataFrame:
    """The Amazon Products of a seller, and what is not mapped, as they are shown."""
    return _layer(version(), seller.name, overview(seller))


@st.cache_resource(max_entries=4, ttl=timedelta(hours=1), show_spinner=False)
def _products_of_layer(version: Version, seller: str, _shown: Overview) -> pd.DataFrame:
    table = by_product(_shown.held)
    return table.assign(product=texts_of(table["product_id"], catalogue().labels))


def products_of_layer(seller: Seller) -> pd.DataFrame:
    """The products of a seller's Amazon Products: ``by_product`` with ``product``, their label."""
    return _products_of_layer(version(), seller.name, overview(seller))


@st.cache_resource(max_entries=2, scope="session", show_spinner="Planning…")
def _planned(key: tuple, version: Version, act: Act, value: int, _held: pd.DataFrame) -> Review:
    return plan_act(_held, act, value, catalogue())


def planned(held: pd.DataFrame, act: Act, value: int) -> Review:
    """What ``plan_act`` says of these Amazon Products."""
    here = state()
    return _planned((here.id, here.version), version(), act, value, held)
