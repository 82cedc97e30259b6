"""Decisions: what was decided on listings earlier, found, changed and forgotten."""

import streamlit as st

from lib.ui import decisions, session, upload

st.title("Decisions")
st.caption(
    "What people decided on listings. Kept when a file is executed, and applied to the next file "
    "or sync of the same seller."
)
seller = upload.choose_seller()

kept = session.kept(seller).decisions
found = decisions.find(kept, session.catalogue())
decisions.offer_files(seller, kept)
if not kept.empty:
    decisions.show(found)
    decisions.revise(seller, found)
