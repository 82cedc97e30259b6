"""Reports from Amazon on screen: asked for, watched while Amazon makes them, and opened."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

import streamlit as st

from lib.amazon import reports
from lib.amazon.port import NoData, ReportKind, ReportState
from lib.amazon.reports import Request
from lib.model import MapperError, Seller
from lib.run.engine import engine
from lib.source.encoding import ENCODINGS, NotInEncoding
from lib.source.marketplaces import NAMES
from lib.source.report import Report
from lib.source.report import read as read_report
from lib.source.reports_together import combine
from lib.ui import session
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
        if request.state.active:
            words.button(
                "Give up",
                key=f"give_up_{request.id}",
                type="tertiary",
                icon=":material/close:",
                on_click=reports.give_up,
                args=(engine().store, request.id, session.user()),
                help="Stop waiting for this report. Amazon can be asked again at any time.",
            )


def _offer(seller: Seller, kind: ReportKind, markets: list[str], asked: list[Request]) -> None:
    """What can be done now: use what is kept, and ask Amazon."""
    finished = reports.finished(engine().store, seller.name, kind)
    under_way = {request.market for request in asked if request.state.active}
    usable = [finished[market] for market in markets if market in finished]
    none = [r for r in asked if r.state.without_data and r.market not in finished]
    complete = bool(usable) and len(usable) + len(none) == len(markets)
    with st.container(horizontal=True, vertical_alignment="center"):
        # Their keys stay while the age in the label grows: else a click could be lost.
        use = bool(usable) and not under_way
        if use and st.button(
            _words(usable, markets),
            key="use",
            type="primary" if complete else "secondary",
            icon=":material/rule:",
        ):
            state().take_reports([*usable, *none])
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
    """Open what this visitor waited for, if nothing of it failed and there is anything in it."""
    here = state()
    ended = {request.id: request for request in asked if not request.state.active}
    if not here.awaited or any(request.id not in ended for request in here.awaited):
        return
    answered, here.awaited = [ended[request.id] for request in here.awaited], ()
    done = [request for request in answered if request.state is ReportState.DONE]
    if done and all(r.state.without_data for r in answered if r not in done):
        here.take_reports(answered)
        st.rerun()


@dataclass(frozen=True)
class _Fetched:
    """What became of each report of Amazon's, one a marketplace, and all that could be read of
    them together, or None."""

    parts: list[Report | MapperError]
    report: Report | None


@st.cache_resource(max_entries=2, scope="session", show_spinner="Reading the reports…")
def _fetched(requests: tuple[tuple[Request, str | None], ...]) -> _Fetched:
    """What the documents of requests have that are done, each in the encoding that was chosen."""
    parts: list[Report | MapperError] = []
    for request, encoding in requests:
        if request.state.without_data:
            parts.append(NoData(request.explanation))
            continue
        try:
            parts.append(_read_kept(request, encoding))
        except MapperError as error:
            parts.append(error)
    read = [part for part in parts if isinstance(part, Report)]
    return _Fetched(parts, combine(read) if read else None)


def _read_kept(request: Request, encoding: str | None) -> Report:
    document = reports.kept(engine().store, request.id)
    name = reports.called(request.kind, request.market)
    if document is None:
        raise MapperError(f"{name}: a newer report has replaced this one. Press Other reports.")
    inactive = request.kind is ReportKind.ALL
    encoding = encoding or document.encoding or None
    return read_report(document.data, name, request.market, inactive, encoding=encoding)


def _show_fetched(requests: dict[Request, str | None]) -> Report | None:
    """What was read of each report, and how old it is."""
    fetched = _fetched(tuple(requests.items()))
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(gap="xxsmall"):
            for request, part in zip(requests, fetched.parts, strict=True):
                _show_part(request, part)
        st.button(
            "Other reports",
            icon=":material/cloud_download:",
            on_click=state().drop_file,
            key="drop",
            width="content",
        )
    return fetched.report


def _show_part(request: Request, part: Report | MapperError) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if isinstance(part, NoData):
            st.markdown(
                f":{request.state.tone}-badge[{request.state.label}] "
                f"**{NAMES[request.market]}** · {plain(str(part))}"
            )
        elif isinstance(part, MapperError):
            problem(part)
        else:
            age = f"{duration(time.time() - request.finished)} ago"
            st.markdown(
                f":material/description: **{plain(part.name)}** · {plain(facts(part))} · {age}"
            )
        if isinstance(part, Report | NotInEncoding):
            with st.popover("Wrong letters?", type="tertiary", key=f"letters_{request.id}"):
                st.selectbox(
                    "Read the report as",
                    ENCODINGS,
                    index=None,
                    placeholder=getattr(part, "encoding", "Choose its encoding"),
                    key=f"encoding_{request.id}",
                    on_change=_read_again,
                    args=(request,),
                )


def _read_again(request: Request) -> None:
    here = state()
    here.fetched[request] = st.session_state[f"encoding_{request.id}"]
    here.read_again()
