"""Runs without a screen: ``python -m lib runs`` and ``worker``."""

import argparse
import signal
import sys
import threading
from collections.abc import Callable

import pandas as pd

from lib import result_file, settings
from lib.model import JobState, MapperError, Outcome
from lib.run.advance import iso, outcome_rows
from lib.run.engine import Engine
from lib.run.journal import Journal, Run
from lib.run.undo import NOTHING, plan_undo
from lib.store import Store

ROWS_SHOWN = 10
"""Rows that are printed one by one: a terminal is no place for thousands."""

SettingsOf = Callable[[argparse.Namespace], settings.Settings]


def add_commands(commands, parents: list, settings_of: SettingsOf) -> None:
    """Add ``runs`` and ``worker`` to the commands of a parser."""
    runs = commands.add_parser("runs", parents=parents, help="list, watch, stop and undo runs")
    runs.set_defaults(run=lambda given: _list(settings_of(given)))
    actions = runs.add_subparsers(metavar="ACTION")
    for name, (act, words) in _ACTIONS.items():
        action = actions.add_parser(name, parents=parents, help=words)
        action.add_argument("id", help="id of a run, as the list shows it")
        action.set_defaults(run=lambda given, act=act: act(settings_of(given), given))
        if act is _undo:
            action.add_argument("--dry-run", action="store_true", help="say what would be undone")
        if act is _show:
            action.add_argument("--out", help="write its rows with their outcome (.csv or .xlsx)")
    worker = commands.add_parser("worker", help="work on runs that are started elsewhere")
    worker.set_defaults(run=lambda _: _work())


def run_to_end(
    configured: settings.Settings, start: Callable[[Engine], str]
) -> tuple[Run, pd.DataFrame]:
    """Start a run and wait for it; the run, and its rows with their outcome."""
    engine = Engine(lambda: configured, alone=True)
    said = ""

    def watch(run: Run) -> None:
        nonlocal said
        if run.error != said:
            said = run.error
            print(f"{run.state.label}: {said}" if said else run.state.label, file=sys.stderr)

    try:
        run = engine.wait(start(engine), watch)
        rows, _ = outcome_rows(engine.journal, run, run.state)
    finally:
        engine.close()
    return run, rows.drop(columns="row")


def listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items())


def confirmed(question: str) -> bool:
    """Ask a person; a script that called us has made up its mind."""
    return not sys.stdin.isatty() or input(f"{question} [y/N] ").strip().lower() == "y"


def _list(configured: settings.Settings) -> int:
    journal = Journal(Store(configured.database))
    runs = journal.runs()
    print("\n".join(_line(journal, run) for run in runs) or "There is no run yet.")
    return 0


def _show(configured: settings.Settings, given: argparse.Namespace) -> int:
    result_file.check(given.out)
    journal = Journal(Store(configured.database))
    run = _known(journal, given.id)
    progress = journal.progress(run)
    print(_line(journal, run))
    print(f"  by {run.user} on {run.place}" + (f", undoes {run.undoes}" if run.undoes else ""))
    print(
        f"  {progress.done:,} of {progress.total:,} changes, {progress.batches_done} of "
        f"{progress.batches} batches, {progress.rows_a_second:,.0f} rows/s"
        + (f", about {progress.seconds_left:,.0f} s left" if run.active else "")
    )
    for message, count in journal.errors(run.id).items():
        print(f"  {count:,} × {message}")
    if given.out:
        rows, _ = outcome_rows(journal, run, run.state)
        result_file.writer(given.out, len(rows))(rows)
        print(f"  {len(rows):,} rows with their outcome are in {given.out}")
    return 0


def _cancel(configured: settings.Settings, given: argparse.Namespace) -> int:
    run, _ = run_to_end(configured, lambda engine: engine.cancel(given.id) or given.id)
    print(f"Run {run.id}: {run.state.label.lower()}. What was done stays.")
    return 0 if run.state is JobState.CANCELLED else 1


def _resume(configured: settings.Settings, given: argparse.Namespace) -> int:
    run, _ = run_to_end(configured, lambda engine: engine.resume(given.id) or given.id)
    return _ended(run)


def _undo(configured: settings.Settings, given: argparse.Namespace) -> int:
    journal = Journal(Store(configured.database))
    of = _known(journal, given.id)
    target = configured.open_target(of.target)
    undo = plan_undo(journal, of, target)
    print(f"Undo of {of.file} on {target.label}")
    for words, many in undo.told.items():
        if many:
            print(f"  {words}: {many:,}")
    if not undo.changes:
        print(f"  {NOTHING}")
    if given.dry_run or not undo.changes or not confirmed("Undo it?"):
        return 0
    run, rows = run_to_end(configured, lambda engine: engine.undo(undo, target, target.user))
    left = rows[rows["outcome"] != Outcome.DONE.value]
    for row in left[["sku", "reference", "message"]].head(ROWS_SHOWN).itertuples(index=False):
        print(f"  left: {row.sku or row.reference}: {row.message}")
    if len(left) > ROWS_SHOWN:
        more = f"`python -m lib runs show {run.id} --out FILE`"
        print(f"  left: and {len(left) - ROWS_SHOWN:,} more: see {more}")
    return _ended(run)


def _work() -> int:
    engine, end = Engine(), threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: end.set())
    print(f"Working on runs as {engine.id}. Ctrl+C ends it after the batch under way.", flush=True)
    end.wait()
    engine.close()
    return 0


_ACTIONS = {
    "show": (_show, "how far it is, and its errors"),
    "cancel": (_cancel, "stop it after the batch under way"),
    "resume": (_resume, "go on with what was cancelled, interrupted or has failed"),
    "undo": (_undo, "take back what it wrote"),
}


def _ended(run: Run) -> int:
    print(f"Run {run.id}: {run.state.label.lower()}, {listed(run.counts.get('outcomes', {}))}")
    if run.error:
        raise MapperError(run.error)
    return 1 if run.counts["outcomes"][Outcome.FAILED.value] else 0


def _known(journal: Journal, run_id: str) -> Run:
    run = journal.run(run_id)
    if run is None:
        raise MapperError(f"There is no run {run_id!r} here. `python -m lib runs` lists them.")
    return run


def _line(journal: Journal, run: Run) -> str:
    progress = journal.progress(run)
    state = run.state.label + (f" ({run.error})" if run.error else "")
    return (
        f"{run.id}  {iso(run.started)}  {run.seller}  {run.file}  "
        f"{progress.done:,}/{progress.total:,} changes, {progress.failed:,} failed  {state}"
    )
