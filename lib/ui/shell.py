"""The frame around every page: navigation, the target in use, and errors told in words."""

import sys
from pathlib import Path

# Streamlit runs this file by its path; the project's root must be importable first.
sys.path[:0] = [root] if (root := str(Path(__file__).resolve().parents[2])) not in sys.path else []

import streamlit as st  # noqa: E402

from lib.model import MapperError  # noqa: E402
from lib.ui import session  # noqa: E402
from lib.ui.registry import PAGES  # noqa: E402
from lib.ui.text import problem  # noqa: E402

# An icon of our own: the browser would ask Google for a material one.
st.set_page_config(layout="wide", page_icon=Path(__file__).with_name("icon.svg"))
page = st.navigation(
    [st.Page(spec.path, title=spec.title, icon=spec.icon, default=spec.default) for spec in PAGES]
)
try:
    session.sidebar()
    page.run()
except MapperError as error:
    problem(error)
