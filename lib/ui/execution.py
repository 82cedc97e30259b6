"""Execute: the preview, the button that says what it does, the run, and its result."""

import pandas as pd
import streamlit as st

from lib.model import CHANGES, MapperError, Operation, Outcome
from lib.plan import waits_for_a_person
from lib.review import Review
from lib.run.engine import Run, engine
from lib.run.execute import Result
from lib.source import map_out
from lib.ui import session
from lib.ui.registry import CONNECTION, JOB_LOG
from lib.ui.state import state


def show_execute(done: Review) -> None:
    """The preview and the button, or the run that was started here."""
    run = engine().run(state().run)
    st.header("Execute")
    with st.container(border=True):
        if run is None:
            _show_preview(done)
        elif run.finished:
            _show_end(run)
        else:
            _watch(run.id)


def _show_preview(done: Review) -> None:
    plan, target = done.plan, session.target()
    with st.grid(4, min_column_width=170):
        for change in CHANGES:
            st.metric(change.label, plan.counts[change.value], border=True, format="localized")
    unchanged, skipped = plan.counts[Operation.UNCHANGED], plan.counts[Operation.SKIP]
    st.caption(f"{unchanged:,} rows are in {target.label} already as in the file and stay as they "
               f"are. {skipped:,} rows are skipped.")  # fmt: skip
    if plan.skipped:
        with st.expander(f"Why {skipped:,} rows are skipped"):
            reasons = pd.DataFrame(plan.skipped.items(), columns=["Reason", "Rows"])
            st.dataframe(reasons, hide_index=True, alt="Rows skipped by reason")
    missing = target.missing()
    if missing:
        st.warning(
            f"{target.label} has no Amazon layer yet. Make it on the Connection page first.",
            icon=":material/build:",
        )
        st.page_link(CONNECTION.link, label="Open Connection", icon=CONNECTION.icon)
    elif not plan.changes:
        _say_nothing_to_do(plan.skipped)
    label = f"Execute {plan.changes:,} change{'' if plan.changes == 1 else 's'}"
    if st.button(
        label,
        type="primary",
        icon=":material/play_arrow:",
        disabled=bool(missing) or not len(done.matches),
    ):
        try:
            state().run = engine().start(done, target, session.user())
        except MapperError as error:
            st.error(str(error), icon=":material/error:")
        else:
            st.rerun()


def _say_nothing_to_do(skipped: dict[str, int]) -> None:
    waits = waits_for_a_person(skipped)
    more = f" {waits:,} rows wait for your decision." if waits else ""
    st.info(f"Nothing to change: what can be mapped is mapped.{more}", icon=":material/check:")


@st.fragment(run_every="1s")
def _watch(run_id: str) -> None:
    run = engine().run(run_id)
    if run is None or run.finished:
        st.rerun()
    progress = run.progress
    share = progress.done / progress.total if progress.total else 0.0
    st.progress(min(share, 1.0), f"{progress.done:,} of {progress.total:,} changes")
    failed = f" · {progress.failed:,} failed" if progress.failed else ""
    st.caption(
        f"{progress.rows_a_second:,.0f} rows a second · about {progress.seconds_left:,.0f} s left"
        f"{failed}. The run goes on if you close this page."
    )


def _show_end(run: Run) -> None:
    if run.result is None:
        st.error(run.error, icon=":material/error:")
    else:
        _show_result(run, run.result)
    if st.button("Review again", icon=":material/refresh:", type="primary"):
        state().run = ""
        st.rerun()


def _show_result(run: Run, result: Result) -> None:
    counts = result.job.counts["outcomes"]
    if result.error:
        st.error(result.error, icon=":material/error:")
    elif counts[Outcome.FAILED]:
        st.warning(f"{counts[Outcome.FAILED]:,} rows failed; the others are written.",
                   icon=":material/warning:")  # fmt: skip
    elif not any(result.written.values()):
        st.info("Nothing changed: everything was as in the file already.", icon=":material/check:")
    else:
        st.success(f"Done: {sum(result.written.values()):,} changes are in {run.target}.",
                   icon=":material/check_circle:")  # fmt: skip
    with st.grid(4, min_column_width=150):
        for outcome in Outcome:
            st.metric(outcome.value.capitalize(), counts[outcome], border=True, format="localized")
    planned = run.review.plan.counts
    table = pd.DataFrame(
        [(change.label, planned[change], result.written[change]) for change in CHANGES],
        columns=["Change", "Planned", "Done"],
    )
    st.dataframe(table, hide_index=True, alt="Changes planned and done")
    rows = result.job.rows
    with st.container(horizontal=True):
        st.download_button(
            "All rows with their outcome",
            lambda: map_out.to_csv(rows),
            f"result_{result.job.id}.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
        st.page_link(JOB_LOG.link, label="Open the job log", icon=JOB_LOG.icon)
