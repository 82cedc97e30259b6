"""Map products: seller → options → file → review → Execute → log."""

import streamlit as st

from lib.ui import affixes, board, execution, resolve, reviews, suggested, upload

st.title("Map products")
st.caption("Tie each Amazon Seller SKU to its Odoo product. Nothing is written before Execute.")

seller, options = upload.choose_options()
rules = st.container()
file = upload.choose_file()
if file is None:
    st.stop()

choices = reviews.choices(file, seller, options)
execution.show_run(choices)

done, rows = reviews.reviewed(file, seller, options)
drawn = reviews.review_key(file, seller, options)
with rules:
    affixes.show_rules(done, drawn)
key = reviews.undecided_key(file, seller, options)
shown = board.show_review(done, suggested.warned(done, rows, key))
resolve.show_resolve(
    done, shown, key, lambda: reviews.touched_since(drawn, done, file, seller, options)
)
execution.show_preview(done, choices)
