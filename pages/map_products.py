"""Map products: seller → options → file → review → Execute → log."""

import streamlit as st

from lib.ui import board, execution, resolve, session, upload
from lib.ui.rows import shown_rows

st.title("Map products")
st.caption("Tie each Amazon Seller SKU to its Odoo product. Nothing is written before Execute.")

seller, options = upload.choose_options()
file = upload.choose_file()
if file is None:
    st.stop()

done = session.reviewed(file, seller, options)
rows = shown_rows(done)

st.header("Review")
board.show_counts(done.counts["lanes"])
filters = board.show_charts(rows)
board.show_lanes(done, rows, filters)
resolve.show_resolve(done, rows)
execution.show_execute(done)
