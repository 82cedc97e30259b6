"""Job log: every execution, who and when, and each row's outcome."""

import pandas as pd
import streamlit as st

from lib.model import MAP_FIELDS, Outcome
from lib.source import map_out
from lib.ui import session

st.title("Job log")
jobs = session.target().jobs()
if not jobs:
    st.info(
        "No job yet. Every execution on Map products is listed here.", icon=":material/history:"
    )
    st.stop()

table = pd.DataFrame(
    {
        "Started (UTC)": [job.started.replace("T", " ").rstrip("Z") for job in jobs],
        "File": [job.file for job in jobs],
        "Seller": [job.seller for job in jobs],
        "User": [job.user for job in jobs],
        "State": [job.state.capitalize() for job in jobs],
        "Rows": [job.counts.get("rows", 0) for job in jobs],
    }
    | {
        outcome.value.capitalize(): [job.counts.get("outcomes", {}).get(outcome, 0) for job in jobs]
        for outcome in Outcome
    }
)
chosen = st.dataframe(
    table, hide_index=True, on_select="rerun", selection_mode="single-row", key="jobs", alt="Jobs"
)["selection"]["rows"]
job = jobs[chosen[0] if chosen else 0]

st.header(f"Job {job.id}")
st.caption(
    f"{job.file} · SHA-256 {job.sha256} · {job.user} · {job.started} to {job.finished or '…'}"
)
if job.state == "running":
    st.info("This job is still running, or was stopped before its end.", icon=":material/sync:")
    st.stop()

rows = session.job_rows(job.id)
outcome = st.segmented_control(
    "Outcome", [each.value for each in Outcome], format_func=str.capitalize, key="outcome"
)
shown = rows[rows["outcome"] == outcome] if outcome else rows
mismatches = rows[rows["outcome"].isin([Outcome.SKIPPED.value, Outcome.FAILED.value])]
with st.container(horizontal=True):
    st.download_button(
        f"Mismatch lines ({len(mismatches):,})",
        lambda: map_out.to_csv(mismatches),
        f"mismatch_{job.id}.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
        disabled=mismatches.empty,
        help="Skipped and failed rows as a map file with Reason: correct it and upload it again.",
    )
    st.download_button(
        f"All rows ({len(rows):,})",
        lambda: map_out.to_csv(rows),
        f"job_{job.id}.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
    )
st.dataframe(
    shown.rename(columns=MAP_FIELDS | map_out.EXTRA_FIELDS),
    lazy=True,
    hide_index=True,
    height=420,
    alt="Rows of the job",
)
