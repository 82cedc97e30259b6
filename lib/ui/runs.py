"""Runs on screen: how far they are, and what a person may do with them."""

from datetime import timedelta

import pandas as pd
import streamlit as st

from lib.model import JobState, MapperError
from lib.run.advance import job
from lib.run.engine import engine
from lib.run.journal import Run
from lib.run.undo import NOTHING, Undo, plan_undo
from lib.target.port import Job, Target
from lib.ui import session
from lib.ui.text import counted, plain, problem


def show_under_way() -> None:
    """The runs under way on the target in use, whoever started them."""
    for run in engine().journal.runs(session.place(), active=True):
        with st.container(border=True):
            watch(run.id)


@st.fragment(run_every="1s")
def watch(run_id: str) -> None:
    """How far a run is; when it has ended the page is drawn anew."""
    try:
        _show_progress(run_id)
    except MapperError as error:  # a fragment is drawn outside the shell, which tells others
        problem(error)


def _show_progress(run_id: str) -> None:
    journal = engine().journal
    run = journal.run(run_id)
    if run is None or not run.active:
        st.rerun()
    progress = journal.progress(run)
    share = progress.done / progress.total if progress.total else 0.0
    st.progress(
        share,
        f"{plain(run.file)} · {progress.done:,} of {counted(progress.total, 'change')} · batch "
        f"{progress.batches_done:,} of {progress.batches:,}",
    )
    failed = f" · {progress.failed:,} failed" if progress.failed else ""
    st.caption(
        f"{run.state.label} · {progress.rows_a_second:,.0f} rows a second · about "
        f"{progress.seconds_left:,.0f} s left{failed} · run {run.id} by {plain(run.user)}. It goes "
        f"on if you close this page."
    )
    if run.error:
        st.warning(plain(run.error), icon=":material/cloud_off:")
    if progress.failed:
        errors = pd.DataFrame(journal.errors(run_id).items(), columns=["Error", "Rows"])
        st.dataframe(errors.head(5), hide_index=True, alt="Why rows failed so far")
    if st.button(
        "Cancel",
        key=f"cancel_{run_id}",
        icon=":material/cancel:",
        disabled=run.state is JobState.CANCELLING,
        help="Stops after the batch under way. What is done stays, and the run can be resumed.",
    ):
        _act(engine().cancel, run_id)


def show_actions(run: Run) -> None:
    """Resume and undo, where a run that has ended allows them."""
    if run.state in (JobState.CANCELLED, JobState.FAILED) and st.button(
        "Resume", key=f"resume_{run.id}", icon=":material/play_arrow:"
    ):
        _act(engine().resume, run.id)
    if run.undoes:
        st.caption(f"This run is the undo of run {run.undoes}.")
        return
    for undone in engine().journal.undone_by(run.id)[:1]:
        st.caption(f"Undone by run {undone.id}: {undone.state.label.lower()}.")
    with st.expander("Undo this run", icon=":material/undo:"):
        if st.button("See what an undo would do", key=f"preview_{run.id}"):
            st.session_state["undo"] = plan_undo(engine().journal, run, session.target())
        undo = st.session_state.get("undo")
        if undo and undo.run.id == run.id:
            _show_undo(undo)


def _show_undo(undo: Undo) -> None:
    with st.grid(len(undo.told), min_column_width=150):
        for label, many in undo.told.items():
            st.metric(label, many, border=True, format="localized")
    if not undo.changes:
        st.info(NOTHING)
        return
    if st.button(f"Undo {counted(undo.changes, 'change')}", type="primary", icon=":material/undo:"):
        del st.session_state["undo"]
        _act(_undo, undo)


def _undo(undo: Undo) -> None:
    """Start it, and have the page show its run from then on."""
    st.query_params["job"] = engine().undo(undo, session.target(), session.user())


def _act(action, *given) -> None:
    try:
        action(*given)
    except MapperError as error:
        problem(error)
    else:
        st.rerun()


def jobs(target: Target) -> list[Job]:
    """The job log of a target, newest first, with what the journal knows better: how the runs of
    this app stand, and those that ended before the target heard of them."""
    logged = {logged.id: logged for logged in target.jobs()}
    ours = {run.id: job(run) for run in engine().journal.runs(target.place)}
    known = {name: ours.get(name, kept) for name, kept in logged.items()}
    return sorted((known | ours).values(), key=lambda each: each.started, reverse=True)


@st.cache_resource(max_entries=4, ttl=timedelta(hours=1), show_spinner=False)
def _known_jobs(version: session.Version) -> list[Job]:
    return jobs(session.target())


def known_jobs() -> list[Job]:
    """The job log as it was when the catalogue was read: newest first."""
    return _known_jobs(session.version())
