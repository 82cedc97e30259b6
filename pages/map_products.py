"""Map products: seller → options → file → review → Execute → log."""

import streamlit as st

from lib.ui import board, execution, resolve, session, upload
from lib.ui.rows import filtered

st.title("Map products")
st.caption("Tie each Amazon Seller SKU to its Odoo product. Nothing is written before Execute.")

seller, options = upload.choose_options()
file = upload.choose_file()
if file is None:
    st.stop()

choices = session.choices(file, seller, options)
run = execution.run_of(choices)
if run:
    execution.show_run(run)
    if run.active:
        st.stop()

done, rows = session.reviewed(file, seller, options)
st.header("Review")
board.show_counts(done.counts["lanes"])
shown = filtered(rows, filters := board.show_charts(rows))
board.show_lanes(done, shown, filters)
resolve.show_resolve(done, shown)
if not run:
    execution.show_preview(done, choices)
