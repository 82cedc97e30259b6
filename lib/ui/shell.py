"""The frame around every page: navigation, the target in use, and errors told in words."""

from pathlib import Path

import streamlit as st

from lib.model import MapperError
from lib.ui import session
from lib.ui.registry import PAGES
from lib.ui.state import enter
from lib.ui.text import problem

# An icon of our own: the browser would ask Google for a material one.
st.set_page_config(layout="wide", page_icon=Path(__file__).with_name("icon.svg"))
page = st.navigation(
    [st.Page(spec.path, title=spec.title, icon=spec.icon, default=spec.default) for spec in PAGES]
)
enter(page.title)
try:
    session.sidebar()
    page.run()
except MapperError as error:
    problem(error)
