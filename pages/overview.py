"""Overview: what is mapped, what has drifted, what to do next; each number leads to its rows."""

import time

import streamlit as st

from lib.ui import overview, runs, sellers, upload

st.title("Overview")
overview.forget_filters()
seller = upload.choose_seller()
shown, jobs = sellers.overview(seller), runs.known_jobs()
overview.show_numbers(shown)
overview.show_steps(list(overview.steps(shown, seller, jobs, time.time())))
if not shown.coverage.empty:
    overview.show_figures(shown, [job for job in jobs if job.seller == seller.name])
    overview.show_coverage(shown)
