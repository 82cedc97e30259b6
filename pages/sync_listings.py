"""Sync listings: seller → options → marketplace → report → prices → review → Execute → log."""

import streamlit as st

from lib.ui import (
    affixes,
    board,
    changes,
    codes,
    execution,
    prices,
    resolve,
    reviews,
    suggested,
    sync,
    upload,
)

st.title("Sync listings")
st.caption(
    "Bring Amazon's listings into Odoo by Seller SKU = Internal Reference. Nothing is written "
    "before Execute."
)

seller, options = upload.choose_options()
rules = st.container()
report = sync.choose_report(seller)
if report is None:
    st.stop()
options = prices.choose_prices(seller, report.listings["market"].unique(), options)
report = codes.choose_codes(report, seller, options)

choices = reviews.choices(report, seller, options)
execution.show_run(choices)

done, rows = reviews.reviewed(report, seller, options)
drawn = reviews.review_key(report, seller, options)
with rules:
    affixes.show_rules(done, drawn)
key = reviews.undecided_key(report, seller, options)
shown = board.show_review(done, suggested.warned(done, rows, key))
sync.offer_map_files(done, rows)
resolve.show_resolve(
    done, shown, key, lambda: reviews.touched_since(drawn, done, report, seller, options)
)
if changes.show_change(seller):
    st.stop()
sync.show_drift(done, report)
execution.show_preview(done, choices)
