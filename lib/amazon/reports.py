"""A report's life, in the app's own database: asked for once, waited for, downloaded once.

Each step is noted before the next one, so whoever comes after a crash goes on from there.
"""

import time
import uuid
import zlib
from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import sqlalchemy as sa

from lib.amazon.account import NO_DATA, PATIENCE, Amazon
from lib.amazon.client import TIMEOUT
from lib.amazon.port import (
    AmazonError,
    Document,
    Gone,
    NoData,
    NoReport,
    ReportKind,
    ReportState,
    Unreachable,
)
from lib.source.marketplaces import NAMES
from lib.store import AMAZON_REPORT, Store

POLLS = (5, 10, 20, 30, 60)
"""Seconds between two looks at a report: Amazon takes minutes for one, and an hour for a long."""

LEASE = PATIENCE + 2 * TIMEOUT
"""Seconds in which a step is over, or whoever was at it has died."""

SKEW = 60
"""Seconds that this machine's clock may be ahead of Amazon's."""


@dataclass(frozen=True)
class Request:
    """A report that was asked for. ``report_id`` is Amazon's, "" while there is none;
    ``explanation`` why it ended without data, or what keeps it; ``since`` the time from which on a
    report of Amazon's serves, 0 for none; times are seconds since 1970."""

    id: str
    seller: str
    market: str
    kind: ReportKind
    state: ReportState
    report_id: str
    document_id: str
    explanation: str
    since: float
    requested: float
    finished: float


_COLUMNS = [AMAZON_REPORT.c[item.name] for item in fields(Request)]


def fetch(
    store: Store,
    amazon: Amazon,
    market: str,
    kind: ReportKind,
    fresh: float = 0.0,
    watch: Callable[[Request], None] = lambda _: None,
) -> Document:
    """The document of a report: of the one under way, if there is one; else of one not older than
    ``fresh`` seconds; else of a new one.

    ``watch`` is told how the report stands after each look at it; what it raises ends the waiting,
    and the next ``fetch`` goes on. Raises NoData if Amazon has nothing to report, NoReport if it
    ends the report without a document, and what the methods of ``amazon`` raise.
    """
    request, looks = begin(store, amazon.seller.name, market, kind, fresh), 0
    watch(request)
    while request.state.active:
        before = request.state
        request = advance(store, amazon, request)
        watch(request)
        if request.state is before:
            time.sleep(POLLS[min(looks, len(POLLS) - 1)])
            looks += 1
    if request.state.without_data:
        raise NoData(request.explanation)
    document = kept(store, request.id)
    if document is None:
        raise NoReport(request.explanation)
    return document


def called(kind: ReportKind, market: str) -> str:
    """What the job log and messages call a report of Amazon's: no file has this name."""
    return f"{kind.label} {NAMES[market]}"


def begin(store: Store, seller: str, market: str, kind: ReportKind, fresh: float = 0.0) -> Request:
    """The request that ``fetch`` would go on with; of a new one Amazon does not know yet."""
    same = sa.and_(
        AMAZON_REPORT.c.seller == seller,
        AMAZON_REPORT.c.market == market,
        AMAZON_REPORT.c.kind == kind.value,
    )
    now = time.time()
    reusable = sa.and_(
        AMAZON_REPORT.c.document.is_not(None), AMAZON_REPORT.c.finished > now - fresh
    )
    under_way = AMAZON_REPORT.c.active
    asked = sa.select(*_COLUMNS).where(same, sa.or_(under_way, reusable))
    asked = asked.order_by(under_way.desc(), AMAZON_REPORT.c.requested.desc())
    new = Request(uuid.uuid4().hex, seller, market, kind, ReportState.ASKED, "", "", "",
                  since=now - fresh if fresh else 0.0, requested=now, finished=0.0)  # fmt: skip
    while True:
        with store.begin() as connection:
            found = connection.execute(asked).first()
        if found:
            return _request(found)
        try:
            with store.begin() as connection:
                values = vars(new) | {"active": True, "leased": 0.0}
                connection.execute(sa.insert(AMAZON_REPORT).values(values))
            return new
        except sa.exc.IntegrityError:  # another process was first
            continue


def advance(store: Store, amazon: Amazon, request: Request) -> Request:
    """One step of a request under way: it asks for the report, looks at it, or downloads it.
    The request as it stands after that; as it is, if another process is at it. Raises what the
    methods of ``amazon`` raise, and the step can be tried again."""
    if not _lease(store, request.id):
        return _read(store, request.id)
    try:
        request = _read(store, request.id)
        if request.state.active:
            _note(store, *_step(store, amazon, request))
        return _read(store, request.id)
    finally:
        _release(store, request.id)


def note_trouble(store: Store, request_id: str, error: AmazonError) -> None:
    """Note what came in between, for those who look. The request ends by it, unless the same may
    go well later (Unreachable)."""
    columns = AMAZON_REPORT.c
    values = {"explanation": str(error)}
    if not isinstance(error, Unreachable):
        values |= {"state": ReportState.FATAL.value, "active": False, "finished": time.time()}
    mine = sa.update(AMAZON_REPORT).where(columns.id == request_id, columns.active)
    with store.begin() as connection:
        connection.execute(mine.values(values))


def give_up(store: Store, request_id: str, user: str) -> None:
    """End a request under way, because somebody does not wait for it any longer. What Amazon makes
    all the same is not fetched."""
    columns = AMAZON_REPORT.c
    values = {"state": ReportState.GIVEN_UP.value, "active": False, "finished": time.time()}
    mine = sa.update(AMAZON_REPORT).where(columns.id == request_id, columns.active)
    with store.begin() as connection:
        connection.execute(mine.values(values | {"explanation": f"Given up by {user}."}))


def under_way(store: Store) -> list[Request]:
    """The requests that have not ended, of all sellers: by seller, the oldest first."""
    columns = AMAZON_REPORT.c
    asked = sa.select(*_COLUMNS).where(columns.active).order_by(columns.seller, columns.requested)
    with store.begin() as connection:
        return [_request(row) for row in connection.execute(asked)]


def newest(store: Store, seller: str, kind: ReportKind) -> dict[str, Request]:
    """Marketplace -> the newest request of a seller for this report, however it stands."""
    found = reversed(requests(store, seller))
    return {request.market: request for request in found if request.kind is kind}


def finished(store: Store, seller: str, kind: ReportKind) -> dict[str, Request]:
    """Marketplace -> the request of a seller whose document of this report, with data, is kept."""
    columns = AMAZON_REPORT.c
    asked = sa.select(*_COLUMNS).where(
        columns.seller == seller,
        columns.kind == kind.value,
        columns.state == ReportState.DONE.value,
        columns.document.is_not(None),
    )
    with store.begin() as connection:
        return {row.market: _request(row) for row in connection.execute(asked)}


def requests(store: Store, seller: str) -> list[Request]:
    """The newest 100 requests of a seller, newest first."""
    asked = sa.select(*_COLUMNS).where(AMAZON_REPORT.c.seller == seller)
    with store.begin() as connection:
        found = connection.execute(asked.order_by(AMAZON_REPORT.c.requested.desc()).limit(100))
        return [_request(row) for row in found]


def kept(store: Store, request_id: str) -> Document | None:
    """The document of a request, if it is kept: that of an older report goes with a newer one."""
    columns = AMAZON_REPORT.c
    asked = sa.select(columns.document, columns.charset, columns.encoding)
    with store.begin() as connection:
        found = connection.execute(asked.where(columns.id == request_id)).first()
    if found is None or found.document is None:
        return None
    return Document(zlib.decompress(found.document), found.charset, found.encoding)


def _step(store: Store, amazon: Amazon, request: Request) -> tuple[Request, Document | None]:
    try:
        if request.state is ReportState.ASKED:
            return _ask(store, amazon, request), None
        report = amazon.report(request.market, request.report_id)
        request = replace(request, state=report.state, document_id=report.document_id,
                          explanation=report.explanation)  # fmt: skip
        if report.state is not ReportState.READY:
            return request, None
        document = amazon.document(report)
    except Gone as gone:
        why = f"{gone} Ask for the report again."
        return replace(request, state=ReportState.FATAL, explanation=why), None
    # A header alone is what Amazon gives, too, when there is nothing to report.
    if b"\n" not in document.data.strip():
        return replace(request, state=ReportState.NO_DATA, explanation=NO_DATA), document
    return replace(request, state=ReportState.DONE), document


def _ask(store: Store, amazon: Amazon, request: Request) -> Request:
    if request.since:
        for report in amazon.recent_reports(request.market, request.kind, request.since):
            if report.state.active:
                return replace(request, report_id=report.id, state=report.state, explanation="")
    else:
        # Should the answer be lost, the report that was made is found by this.
        _note(store, replace(request, since=time.time() - SKEW))
    report_id = amazon.request_report(request.market, request.kind)
    return replace(request, report_id=report_id, state=ReportState.QUEUED, explanation="")


def _lease(store: Store, request_id: str) -> bool:
    """Whether this process is now the one that works on the request."""
    now, columns = time.time(), AMAZON_REPORT.c
    free = sa.and_(columns.id == request_id, columns.leased < now - LEASE)
    with store.begin() as connection:
        taken = connection.execute(sa.update(AMAZON_REPORT).where(free).values(leased=now))
        return bool(taken.rowcount)


def _release(store: Store, request_id: str) -> None:
    mine = sa.update(AMAZON_REPORT).where(AMAZON_REPORT.c.id == request_id)
    with store.begin() as connection:
        connection.execute(mine.values(leased=0.0))


def _note(store: Store, request: Request, document: Document | None = None) -> None:
    """How a request stands, unless it was given up meanwhile."""
    active = request.state.active
    values = vars(request) | {"active": active}
    values |= {} if active else {"finished": time.time()}
    if document:
        values |= {"charset": document.charset, "encoding": document.encoding}
        values |= {"document": zlib.compress(document.data, 1)}
    older = sa.and_(
        AMAZON_REPORT.c.seller == request.seller,
        AMAZON_REPORT.c.market == request.market,
        AMAZON_REPORT.c.kind == request.kind.value,
        AMAZON_REPORT.c.id != request.id,
    )
    with store.begin() as connection:
        mine = sa.update(AMAZON_REPORT).where(
            AMAZON_REPORT.c.id == request.id, AMAZON_REPORT.c.active
        )
        if connection.execute(mine.values(values)).rowcount and document:
            connection.execute(sa.update(AMAZON_REPORT).where(older).values(document=None))


def _read(store: Store, request_id: str) -> Request:
    asked = sa.select(*_COLUMNS).where(AMAZON_REPORT.c.id == request_id)
    with store.begin() as connection:
        return _request(connection.execute(asked).one())


def _request(found: sa.Row) -> Request:
    request = Request(**found._mapping)
    return replace(request, kind=ReportKind(request.kind), state=ReportState(request.state))
