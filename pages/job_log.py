"""Job log: every execution, who and when, and each row's outcome."""

import pandas as pd
import streamlit as st

from lib.columns import MAP_FIELDS
from lib.model import JobState, Outcome
from lib.run.engine import engine
from lib.source import map_out
from lib.ui import runs, session
from lib.ui.rows import logged_rows
from lib.ui.tables import offer_csv, show_table
from lib.ui.text import plain

COUNTED = ["rows", *(outcome.value for outcome in Outcome)]

st.title("Job log")
runs.show_under_way()
jobs = runs.jobs(session.target())
if not jobs:
    st.info("No job yet. Each Execute is listed here.", icon=":material/history:")
    st.stop()


def when(iso: str) -> str:
    return iso.replace("T", " ").replace("Z", "")


table = pd.DataFrame(
    [
        [when(job.started), job.file, job.seller, job.user, job.state.label]
        + [(job.counts | job.counts.get("outcomes", {})).get(name, 0) for name in COUNTED]
        for job in jobs
    ],
    columns=["Started (UTC)", "File", "Seller", "User", "State", *map(str.capitalize, COUNTED)],
)
# Positions are of this list: with a newer job on top, a choice made before is no choice of it.
chosen = st.dataframe(
    table,
    hide_index=True,
    on_select="rerun",
    selection_mode="single-row",
    key=f"jobs_{jobs[0].id}",
    column_config={
        name.capitalize(): st.column_config.NumberColumn(format="localized") for name in COUNTED
    },
    alt="Jobs",
)["selection"]["rows"]
linked = [job for job in jobs if job.id == st.query_params.get("job")]
job = jobs[chosen[0]] if chosen else [*linked, jobs[0]][0]
# The address names what is shown: a newer job does not take its place under one's hands.
st.query_params["job"] = job.id

st.header(f"Job {job.id}")
ended = f"ended {when(job.finished)} UTC" if job.finished else "not ended"
st.caption(
    f"{plain(job.file)} · by {plain(job.user)} · {plain(ended)} · SHA-256 {job.sha256[:12]}…",
    help=f"The file's full hash: {job.sha256}",
)
run = engine().journal.run(job.id)
if job.state is JobState.RUNNING:
    where = "above" if run else "in the installation that started it"
    st.info(f"This job is under way: see {where} how far it is.", icon=":material/sync:")
    st.stop()
if run and not run.active:
    runs.show_actions(run)

rows = session.job_rows(job)
wanted = st.segmented_control(
    "Outcome",
    list(Outcome),
    format_func=lambda outcome: outcome.label,
    key="outcome",
    bind="query-params",
)
mismatches = rows[rows["outcome"].isin([Outcome.SKIPPED.value, Outcome.FAILED.value])]
with st.container(horizontal=True):
    offer_csv(
        f"Mismatch lines ({len(mismatches):,})",
        lambda: map_out.to_csv(mismatches),
        f"mismatch_{job.id}.csv",
        disabled=mismatches.empty,
        help="Skipped and failed rows as a map file with Reason: correct it and upload it again.",
    )
    offer_csv(
        f"All rows ({len(rows):,})",
        lambda: map_out.to_csv(rows),
        f"job_{job.id}.csv",
    )
shown = logged_rows(rows[rows["outcome"] == wanted.value] if wanted else rows)
labels = {outcome.value: outcome.label for outcome in Outcome}
filled = [name for name in shown if (shown[name] != "").any()]
show_table(
    shown[filled]
    .assign(outcome=shown["outcome"].map(labels))
    .rename(columns=MAP_FIELDS | map_out.EXTRA_FIELDS),
    420,
    "Rows of the job",
)
