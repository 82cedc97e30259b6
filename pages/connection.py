"""Connection: the target in use, the Amazon accounts, and the Amazon layer made in an Odoo."""

import streamlit as st

from lib.model import MapperError
from lib.target import provision
from lib.target.odoo import OdooTarget
from lib.ui import accounts, session
from lib.ui.text import plain, problem

st.title("Connection")
target = session.target()
with st.container(horizontal=True, vertical_alignment="center"):
    st.markdown(f":green-badge[:material/check: Connected] {plain(target.label)}")
    if st.button("Connect again", icon=":material/refresh:"):
        session.reconnect()
        st.rerun()

if not isinstance(target, OdooTarget):
    st.markdown(
        "This is the embedded demo store: sample products in a file on this machine. To work with "
        "your Odoo, copy `.streamlit/secrets.example.toml` to `.streamlit/secrets.toml`, fill in "
        "`[connections.odoo]`, and reload the page."
    )

accounts.show_accounts()

if not isinstance(target, OdooTarget):
    st.stop()
missing = session.missing()
st.header("Amazon layer")
if not missing:
    st.info("The Amazon layer is there: see the menu Amazon in Odoo.", icon=":material/check:")
    st.caption("To remove it again: `python -m lib provision --remove` says first what it removes.")
    st.stop()
st.markdown(
    "Mappings are kept in two models of their own in your Odoo, with a menu **Amazon**. No module "
    "is installed and nothing of yours is changed. This needs an administrator's rights."
)
with st.expander(f"What will be made: {len(missing)} parts", expanded=True):
    st.dataframe({"Part": missing}, hide_index=True, height=400, alt="Parts to make")
if st.button(f"Make {len(missing)} parts in Odoo", type="primary", icon=":material/build:"):
    try:
        with st.spinner("Making the Amazon layer: about 10 seconds…"):
            provision.provision(target.connection)
    except MapperError as error:
        problem(error)
    else:
        session.reconnect()
        st.rerun()
