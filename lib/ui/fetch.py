"""Reports from Amazon on screen: asked for, watched while Amazon makes them, and opened."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

import streamlit as st

from lib.amazon import reports
from lib.amazon.port import ReportKind, ReportState
from lib.amazon.reports import Request
from lib.model import MapperError, Seller
from lib.run.engine import engine
from lib.source.marketplaces import NAMES
from lib.source.report import Report, combine, read
from lib.ui.state import state
from lib.ui.text import counted, duration, plain, problem
from lib.ui.upload import DELIMITERS

FEW = 5
"""Marketplaces of a seller that are all chosen unless somebody says otherwise."""


def choose_reports(seller: Seller) -> Report | None:
    """Marketplaces → active or all listings → fetched, or kept ones used, together; none yet."""
    here = state()
    if here.fetched:
        return _show_fetched(here.fetched)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        markets = _choose_markets(seller)
        kind = ReportKind.ALL if choose_inactive() else ReportKind.ACTIVE
    asked = _asked(seller, kind, markets)
    _open_awaited(asked)
    if any(request.state.active for request in asked):
        _watch(seller, kind, markets)
    else:
        _show_standing(asked)
    _offer(seller, kind, markets, asked)
    return None


def choose_inactive() -> bool:
    """Whether listings that are not active are read too."""
    return st.toggle(
        "Inactive listings too",
        key="inactive",
        persist_state="session",
        help="Also listings whose Status is Inactive or Incomplete.",
    )


def facts(report: Report) -> str:
    """What was read of a report, and how."""
    told = [counted(len(report.listings), "listing")]
    if len(report.left_out):
        told.append(f"{len(report.left_out):,} not active, left out")
    if report.encoding:
        told += [report.encoding.upper(), f"{DELIMITERS[report.delimiter]} separated"]
    return " · ".join(told)


def _choose_markets(seller: Seller) -> list[str]:
    """Those that were asked for last are chosen, or all, if they are few."""
    requested = {request.market for request in reports.requests(engine().store, seller.name)}
    all_of_few = seller.markets if len(seller.markets) <= FEW else ()
    return st.multiselect(
        "Marketplaces",
        seller.markets,
        default=[market for market in seller.markets if market in requested] or list(all_of_few),
        format_func=NAMES.get,
        placeholder="Choose marketplaces",
        key=f"markets_{seller.name}",
        persist_state="session",
        width=420,
        help="Amazon makes a report for each. They are reviewed and executed together.",
    )


def _asked(seller: Seller, kind: ReportKind, markets: list[str]) -> list[Request]:
    """The newest request of each marketplace that has one."""
    newest = reports.newest(engine().store, seller.name, kind)
    return [newest[market] for market in markets if market in newest]


@st.fragment(run_every="1s")
def _watch(seller: Seller, kind: ReportKind, markets: list[str]) -> None:
    """How the reports stand; when all have ended, the page is drawn anew."""
    try:
        asked = _asked(seller, kind, markets)
    except MapperError as error:  # a fragment is drawn outside the shell, which tells others
        problem(error)
        return
    _show_standing(asked)
    st.caption("Amazon takes minutes for a report. It goes on if you close this page.")
    if not any(request.state.active for request in asked):
        st.rerun()


def _show_standing(asked: list[Request]) -> None:
    now = time.time()
    for request in asked:
        name, badge, age, words = st.columns([2, 2, 2, 6], vertical_alignment="center")
        name.markdown(f"**{NAMES[request.market]}**")
        badge.markdown(f":{request.state.tone}-badge[{request.state.label}]")
        since = request.requested if request.state.active else request.finished
        ago = duration(now - since)
        age.caption(f"asked for {ago} ago" if request.state.active else f"{ago} ago")
        if request.explanation:
            words.caption(plain(request.explanation))


def _offer(seller: Seller, kind: ReportKind, markets: list[str], asked: list[Request]) -> None:
    """What can be done now: use what is kept, and ask Amazon."""
    finished = reports.finished(engine().store, seller.name, kind)
    under_way = {request.market for request in asked if request.state.active}
    usable = [finished[market] for market in markets if market in finished]
    complete = bool(markets) and len(usable) == len(markets)
    with st.container(horizontal=True, vertical_alignment="center"):
        # Their keys stay while the age in the label grows: else a click could be lost.
        use = bool(usable) and not under_way
        if use and st.button(
            _words(usable, markets),
            key="use",
            type="primary" if complete else "secondary",
            icon=":material/rule:",
        ):
            state().take_reports(usable)
            st.rerun()
        if st.button(
            "Ask for new ones" if complete and use else "Fetch",
            key="ask",
            type="secondary" if complete else "primary",
            icon=":material/cloud_download:",
            disabled=under_way >= set(markets),
            help="Amazon is asked for a new report of each marketplace.",
        ):
            _ask(seller, kind, markets)


def _words(usable: list[Request], markets: list[str]) -> str:
    age = duration(time.time() - min(request.finished for request in usable))
    which = "the reports" if len(markets) > 1 else "the report"
    if len(usable) < len(markets):
        which = f"{len(usable)} of {len(markets)} reports"
    return f"Use {which} of {age} ago"


def _ask(seller: Seller, kind: ReportKind, markets: list[str]) -> None:
    """Note what is wanted; the engine's process asks Amazon (lib.amazon.watch)."""
    store = engine().store
    state().awaited = tuple(reports.begin(store, seller.name, market, kind) for market in markets)
    st.rerun()


def _open_awaited(asked: Iterable[Request]) -> None:
    """Open what this visitor waited for, if nothing of it failed."""
    here = state()
    ended = {request.id: request for request in asked if not request.state.active}
    if not here.awaited or any(request.id not in ended for request in here.awaited):
        return
    done, here.awaited = [ended[request.id] for request in here.awaited], ()
    if all(request.state is ReportState.DONE for request in done):
        here.take_reports(done)
        st.rerun()


@dataclass(frozen=True)
class _Fetched:
    """Reports of Amazon's, one a marketplace: ``report`` is all of them together, None if none
    could be read; ``troubles`` say why not."""

    parts: list[Report]
    report: Report | None
    troubles: list[MapperError]


@st.cache_resource(max_entries=2, scope="session", show_spinner="Reading the reports…")
def _fetched(requests: tuple[Request, ...]) -> _Fetched:
    """What the documents of requests that are done have."""
    parts, troubles = [], []
    for request in requests:
        try:
            parts.append(_read_kept(request))
        except MapperError as error:
            troubles.append(error)
    return _Fetched(parts, combine(parts) if parts else None, troubles)


def _read_kept(request: Request) -> Report:
    document = reports.kept(engine().store, request.id)
    name = reports.called(request.kind, request.market)
    if document is None:
        raise MapperError(f"{name}: a newer report has replaced this one. Press Other reports.")
    inactive = request.kind is ReportKind.ALL
    encoding = document.encoding or None
    return read(document.data, name, request.market, inactive, encoding=encoding)


def _show_fetched(requests: tuple[Request, ...]) -> Report | None:
    """What was read of each report, and how old it is."""
    fetched = _fetched(requests)
    ages = {request.market: time.time() - request.finished for request in requests}
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(gap="xxsmall"):
            for part in fetched.parts:
                age = f"{duration(ages[part.markets[0]])} ago"
                st.markdown(
                    f":material/description: **{plain(part.name)}** · {plain(facts(part))} · {age}"
                )
        st.button(
            "Other reports",
            icon=":material/cloud_download:",
            on_click=state().drop_file,
            key="drop",
            width="content",
        )
    for trouble in fetched.troubles:
        problem(trouble)
    return fetched.report
