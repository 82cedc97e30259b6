"""Map products: seller → options → file → review → Execute → log."""

import streamlit as st

from lib.ui import affixes, board, execution, resolve, session, suggested, upload

st.title("Map products")
st.caption("Tie each Amazon Seller SKU to its Odoo product. Nothing is written before Execute.")

seller, options = upload.choose_options()
rules = st.container()
file = upload.choose_file()
if file is None:
    st.stop()

choices = session.choices(file, seller, options)
execution.show_run(choices)

done, rows = session.reviewed(file, seller, options)
with rules:
    affixes.show_rules(done, session.review_key(file, seller, options))
key = session.undecided_key(file, seller, options)
shown = board.show_review(done, suggested.warned(done, rows, key))
resolve.show_resolve(done, shown, key, lambda: session.reviewed(file, seller, options))
execution.show_preview(done, choices)
