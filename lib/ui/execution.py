"""Execute: the preview, the button that says what it does, the run, and its result."""

import pandas as pd
import streamlit as st

from lib import waiting
from lib.model import CHANGES, JobState, MapperError, Operation, Outcome
from lib.plan import waits_for_a_person
from lib.review import Review
from lib.run.engine import engine
from lib.run.journal import Run
from lib.source import map_out
from lib.source.report import Report
from lib.ui import runs, session
from lib.ui.prices import show_prices
from lib.ui.registry import CONNECTION, JOB_LOG
from lib.ui.state import state
from lib.ui.tables import offer_csv
from lib.ui.text import counted, plain, problem


def show_run(choices: tuple) -> None:
    """How far the run started here is, and nothing else on the page; or how it ended."""
    run = _run_of(choices)
    if run is None:
        return
    with st.container(border=True):
        if run.active:
            runs.watch(run.id)
        else:
            _show_end(run)
    if run.active:
        st.stop()


def _run_of(choices: tuple) -> Run | None:
    """The run started here that still shows: while it works, and then until a choice changes."""
    here = state()
    run = engine().journal.run(here.run) if here.run else None
    return run if run and (run.active or here.run_for == choices) else None


def show_preview(done: Review, choices: tuple) -> None:
    """The exact numbers of what Execute does, and the button, unless it was pressed."""
    if _run_of(choices):
        return
    st.header("Execute")
    with st.container(border=True):
        _show_plan(done)
        missing = session.missing()
        if missing:
            st.warning(
                "This Odoo has no Amazon layer yet. Make it on the Connection page first.",
                icon=":material/build:",
            )
            st.page_link(CONNECTION.link, label="Open Connection", icon=CONNECTION.icon)
        if done.decisions:
            kept = counted(len(done.decisions), "decision")
            st.caption(f"Execute also keeps your {kept} for the next file.")
        if st.button(
            f"Execute {counted(done.plan.changes, 'change')}",
            type="primary" if done.plan.changes else "secondary",
            icon=":material/play_arrow:",
            disabled=bool(missing),
        ):
            _start(done, choices)


def _show_plan(done: Review) -> None:
    plan = done.plan
    changes = _shown(done.options.prices)
    with st.grid(5 if len(changes) == 5 else 3, min_column_width=175):  # none alone in a row
        for change in changes:
            st.metric(change.label, plan.counts[change.value], border=True, format="localized")
    if not plan.changes:
        waits = waits_for_a_person(plan.skipped)
        more = f" {counted(waits, 'row')} skipped for you to decide on or correct." if waits else ""
        st.info(f"Nothing to change: what can be mapped is mapped.{more}", icon=":material/check:")
    unchanged, skipped = plan.counts[Operation.UNCHANGED], plan.counts[Operation.SKIP]
    st.caption(
        f"Already as in the file, left alone: {counted(unchanged, 'row')}. "
        f"Skipped: {counted(skipped, 'row')}."
    )
    if skipped:
        with st.expander(f"Why {counted(skipped, 'row')} will be skipped"):
            reasons = pd.DataFrame(plan.skipped.items(), columns=["Reason", "Rows"])
            st.dataframe(reasons, hide_index=True, alt="Rows skipped by reason")
    show_prices(done)


def _shown(prices: bool) -> list[Operation]:
    """The changes that are shown: prices only where they are asked for."""
    return [change for change in CHANGES if prices or change is not Operation.SET_PRICE]


def _start(done: Review, choices: tuple) -> None:
    here = state()
    try:
        here.run = engine().start(done, session.target(), session.user())
    except MapperError as error:
        problem(error)
    else:
        here.run_for = choices
        if isinstance(done.file, Report):  # what a person has seen here needs no notification
            waits = waiting.waiting(done)
            waiting.note(
                engine().store, session.place(), done.seller.name, done.file.markets, waits
            )
        session.keep_choices(done)
        st.rerun()


def _show_end(run: Run) -> None:
    _show_result(run)
    if st.button("Close the result", icon=":material/close:"):
        state().run = ""
        st.rerun()


def _show_result(run: Run) -> None:
    counts, written = run.counts["outcomes"], run.counts["written"]
    changes = sum(written.values())
    if run.error:
        st.error(plain(run.error), icon=":material/error:")
    elif run.state is JobState.CANCELLED:
        st.warning(
            f"Cancelled: {counted(changes, 'change')} written. Go on with it, or undo it, in the "
            f"job log.",
            icon=":material/cancel:",
        )
    elif counts[Outcome.FAILED]:
        failed = counted(counts[Outcome.FAILED], "row")
        st.warning(
            f"{failed} failed; {counted(changes, 'change')} written{_of_what(written)}.",
            icon=":material/warning:",
        )
    elif changes:
        st.success(
            f"Done: {counted(changes, 'change')} written to {plain(session.target().label)}"
            f"{_of_what(written)}.",
            icon=":material/check_circle:",
        )
    else:
        st.info("Nothing changed: everything was as in the file already.", icon=":material/check:")
    with st.grid(4, min_column_width=150):
        for outcome in Outcome:
            st.metric(outcome.label, counts[outcome], border=True, format="localized")
    st.caption(f"{counted(sum(counts.values()), 'row')} read; every row has one outcome.")
    planned = run.counts["operations"]
    with st.expander("Planned and done"):
        table = pd.DataFrame(
            [
                (change.label, planned[change], written[change])
                for change in _shown(bool(planned[Operation.SET_PRICE]))
            ],
            columns=["Change", "Planned", "Done"],
        )
        st.dataframe(table, hide_index=True, alt="Changes planned and done")
    with st.container(horizontal=True, vertical_alignment="center"):
        offer_csv(
            "All rows with their outcome",
            lambda: map_out.to_csv(session.run_rows(run)),
            f"result_{run.id}.csv",
        )
        st.page_link(
            JOB_LOG.link, label="Open the job log, to look it up or undo it", icon=JOB_LOG.icon
        )


def _of_what(written: dict[str, int]) -> str:
    """Why there are more changes than rows: one that creates its product or sets a price makes
    more than one."""
    created, priced = written[Operation.CREATE_PRODUCT], written[Operation.SET_PRICE]
    if not created and not priced:
        return ""
    parts = {
        "Amazon Product": sum(written.values()) - created - priced,
        "new product": created,
        "price": priced,
    }
    told = [counted(many, thing) for thing, many in parts.items() if many]
    return f" ({', '.join(told)})"
