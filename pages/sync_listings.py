"""Sync listings: seller → options → marketplace → report → review → Execute → log."""

import streamlit as st

from lib.ui import board, execution, resolve, session, sync, upload
from lib.ui.rows import filtered

st.title("Sync listings")
st.caption(
    "Bring Amazon's listings into Odoo by Seller SKU = Internal Reference. Nothing is written "
    "before Execute."
)

seller, options = upload.choose_options()
report = sync.choose_report(seller)
if report is None:
    st.stop()

choices = session.choices(report, seller, options)
run = execution.run_of(choices)
if run:
    execution.show_run(run)
    if run.active:
        st.stop()

done, rows = session.reviewed(report, seller, options)
st.header("Review")
board.show_counts(done.counts["lanes"])
shown = filtered(rows, filters := board.show_charts(rows))
board.show_lanes(done, shown, filters)
sync.offer_map_files(done, rows)
resolve.show_resolve(done, shown)
sync.show_drift(done, report)
if not run:
    execution.show_preview(done, choices)
