"""What the pages share: settings, targets, catalogues and reviews, each read once.

Caches are keyed by version numbers and file hashes: Streamlit samples a large frame when it
hashes it, and would miss an edit.
"""

import os
import pickle
import time
from collections import Counter
from datetime import timedelta
from functools import lru_cache, partial
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd
import streamlit as st

from lib import memory, settings
from lib.catalogue import Catalogue
from lib.match.decisions import Decisions, Memory
from lib.model import MapFile, Seller
from lib.review import Review
from lib.run.advance import iso, outcome_rows
from lib.run.engine import engine
from lib.run.journal import Run
from lib.source.column_choices import read_remembered
from lib.source.map_file import read
from lib.source.report import Report, as_inventory
from lib.source.report import read as read_report
from lib.target.port import Job, Target
from lib.ui.state import state
from lib.ui.text import plain

Version = tuple[str, int, float]
"""Which target, how often somebody asked for a new reading of it, and when a run on it ended."""

TARGET_NAMES = {"odoo": "Odoo", "embedded": "Embedded demo store"}


def configured() -> settings.Settings:
    """The settings, read again when anything that they are read from is another."""
    written = settings.SECRETS.read_bytes() if settings.SECRETS.exists() else b""
    return _configured(written, Path.cwd(), tuple(os.environ.items()))


# Streamlit would take longer to tell what they are read from than to read them.
@lru_cache(maxsize=2)
def _configured(*_: object) -> settings.Settings:
    return settings.load()


@st.cache_resource(
    ttl=timedelta(hours=1),
    show_spinner="Connecting…",
    hash_funcs={settings.Settings: pickle.dumps},
)
def _target(name: str, configured: settings.Settings) -> Target:
    return configured.open_target(name)


def target_name() -> str:
    names = configured().targets
    chosen = st.session_state.get("target", names[0])
    return chosen if chosen in names else names[0]


def target() -> Target:
    """The target in use. Raises Unreachable or Denied."""
    return _target(target_name(), configured())


def place() -> str:
    """The place of the target in use, also while it does not answer."""
    return configured().places[target_name()]


def reconnect() -> None:
    _target.clear()
    refresh()


@st.cache_resource
def _versions() -> Counter[str]:
    """How often each target was asked to be read again: one count for all sessions."""
    return Counter()


def refresh() -> None:
    """Read the catalogue again, because somebody asks for it."""
    _versions()[target().identity] += 1


@st.cache_resource(max_entries=4, ttl=timedelta(hours=1), show_spinner="Reading the catalogue…")
def _catalogue(version: Version) -> Catalogue:
    return target().catalogue()


def catalogue() -> Catalogue:
    return _catalogue(version())


def version() -> Version:
    """Of what the target in use holds: caches of it are keyed by this."""
    used = target()
    return used.identity, _versions()[used.identity], engine().journal.ended(used.place)


@st.cache_resource(max_entries=2, scope="session", show_spinner="Reading the file…")
def _map_file(
    key: tuple[str, int], sheet: str | None, encoding: str | None, _upload: tuple[str, bytes]
) -> MapFile:
    name, data = _upload
    reader = partial(read, data, name, sheet=sheet, encoding=encoding)
    return read_remembered(reader, engine().store)


def map_file() -> MapFile:
    """The uploaded file. Raises ColumnsNeeded or MapperError."""
    here = state()
    assert here.upload
    return _map_file((here.id, here.uploads), here.sheet, here.encoding, here.upload)


@st.cache_resource(max_entries=2, scope="session", show_spinner="Reading the report…")
def _report(
    key: tuple[str, int],
    market: str,
    inactive: bool,
    sheet: str | None,
    encoding: str | None,
    _upload: tuple[str, bytes],
    _inventory: tuple[str, bytes] | None,
) -> Report:
    name, data = _upload
    fba = None
    if _inventory:
        named, read = _inventory
        fba = as_inventory(read_report(read, named, market))
    return read_report(data, name, market, inactive, sheet, encoding, fba)


def report(market: str, inactive: bool) -> Report:
    """The uploaded report, as one of this marketplace. Raises FulfilmentNeeded or MapperError."""
    here = state()
    assert here.upload
    key = here.id, here.uploads
    read_as = here.sheet, here.encoding
    return _report(key, market, inactive, *read_as, here.upload, here.inventory)


def owner(seller: Seller) -> tuple[str, str]:
    """Whose decisions these are."""
    return target().identity, seller.name


def decisions(seller: Seller) -> Decisions:
    """What was decided for the file of this page, and not executed so far."""
    return state().decisions.get(owner(seller), {})


def kept(seller: Seller) -> Memory:
    """What is kept of a seller at the place in use."""
    return _kept(stamp(seller), place(), seller.name)


@st.cache_resource(max_entries=4, show_spinner=False)
def _kept(stamp: tuple, place: str, seller: str) -> Memory:
    return memory.recall(engine().store, place, seller)


def stamp(seller: Seller) -> tuple:
    """Another value whenever what is kept of a seller at the place in use is another."""
    return memory.stamp(engine().store, place(), seller.name)


def keep(seller: Seller, decisions: pd.DataFrame) -> None:
    """Keep decisions (DECISION_COLUMNS) of a seller at the place in use."""
    memory.keep(engine().store, place(), seller.name, decisions)


def forget(seller: Seller, decisions: pd.DataFrame) -> None:
    """Forget kept decisions (DECISION_COLUMNS) of a seller at the place in use."""
    memory.forget(engine().store, place(), seller.name, decisions)


def keep_choices(done: Review) -> None:
    """Keep the choices that were executed. They are no choices of this file any more."""
    keep(done.seller, memory.decided(done, user(), now()))
    state().decisions.pop(owner(done.seller), None)


def now() -> str:
    return iso(time.time())


@st.cache_resource(ttl=timedelta(hours=1), show_spinner=False)
def _missing(version: Version) -> list[str]:
    return target().missing()


def missing() -> list[str]:
    """What must be provisioned in the target in use before anything is written."""
    return _missing(version())


def user() -> str:
    """Who presses Execute: the signed-in user where the app has sign-in, else the target's."""
    return getattr(st.user, "email", None) or target().user


def sidebar() -> None:
    """The target in use, and an Amazon that is none, plainly labelled."""
    names = configured().targets
    with st.sidebar:
        if len(names) > 1:
            st.selectbox(
                "Target", names, key="target", format_func=TARGET_NAMES.get, persist_state="session"
            )
        if target_name() == "embedded":
            st.warning(
                "**Embedded demo store.** Sample products, kept on this machine. Nothing goes to "
                "an Odoo.",
                icon=":material/science:",
            )
        else:
            odoo = configured().odoo
            host = urlsplit(odoo.url).hostname or ""
            st.info(f"**Odoo** · {plain(odoo.database)}\n\n{plain(host)}", icon=":material/cloud:")
        if demo := configured().demo_amazon:
            st.warning(f"**Demo Amazon.** {plain(demo)}", icon=":material/science:")


@st.cache_resource(max_entries=8, show_spinner="Reading the job…")
def _job_rows(identity: str, job: str, finished: str) -> pd.DataFrame:
    run = engine().journal.run(job)
    return run_rows(run) if run else target().job_rows(job)


def job_rows(job: Job) -> pd.DataFrame:
    """The rows of a finished job, which change only when it is resumed."""
    return _job_rows(target().identity, job.id, job.finished)


def run_rows(run: Run) -> pd.DataFrame:
    """The rows of a run as they are downloaded: MAP_FIELDS and what became of them (str)."""
    found, _ = outcome_rows(engine().journal, run, run.state)
    return found.drop(columns="row")
