"""What Amazon listed when a report of it was executed last, by seller and marketplace: kept in the
app's own database, so that later pages can say what is not mapped and what is gone.

A report is kept with its run before anybody knows how that ends, for it may go on after a crash;
it counts once the run is done.
"""

import time
from dataclasses import dataclass

import pandas as pd
import sqlalchemy as sa

from lib.model import JobState
from lib.run.journal import Run
from lib.source.report import Report
from lib.store import LISTED, RUN, Store, pack, unpack

COLUMNS = ["sku", "channel", "title"]

_ENDED = LISTED.c.run.in_(sa.select(RUN.c.id).where(RUN.c.state == JobState.DONE.value))


@dataclass(frozen=True)
class Listed:
    """A report as it was executed by run ``run`` at ``at`` (seconds since 1970). ``seen`` has
    ``market``, COLUMNS (str) and ``active`` bool: whether it was read as an active listing, or as
    any listing where ``inactive`` ones were asked for too. ``before`` has the same of the report
    before it, or is None."""

    market: str
    name: str
    run: str
    at: float
    inactive: bool
    seen: pd.DataFrame
    before: pd.DataFrame | None


def remember(store: Store, run: Run, report: Report) -> None:
    """Keep what a report lists of each marketplace, and forget what is older than the two that
    count as the last ones so far."""
    rows = pd.concat(
        [
            report.listings[["market", *COLUMNS]].assign(active=True),
            report.left_out[["market", *COLUMNS]].assign(active=False),
        ]
    )
    new = {"run": run.id, "at": time.time(), "inactive": report.inactive}
    with store.begin() as connection:
        # Also of one whose report lists nothing.
        for market, name in zip(report.markets, report.names, strict=True):
            of = {"place": run.place, "seller": run.seller, "market": market}
            packed = pack(rows[rows["market"] == market].drop(columns="market"))
            values = of | new | {"name": name, "rows": packed}
            connection.execute(sa.insert(LISTED).values(values))
            counting = sa.select(LISTED.c.at).where(_ENDED).filter_by(**of)
            second = counting.order_by(LISTED.c.at.desc()).offset(1).limit(1).scalar_subquery()
            connection.execute(sa.delete(LISTED).filter_by(**of).where(LISTED.c.at < second))


def recall(store: Store, place: str, seller: str) -> list[Listed]:
    """The last report of each marketplace of a seller in a place, of those whose run is done."""
    asked = sa.select(LISTED).where(_ENDED).filter_by(place=place, seller=seller)
    asked = asked.order_by(LISTED.c.at.desc())
    with store.begin() as connection:
        found = connection.execute(asked).all()
    frames = {(row.run, row.market): unpack(row.rows).assign(market=row.market) for row in found}
    newest: dict[str, sa.Row] = {}
    before: dict[str, pd.DataFrame] = {}
    for row in found:
        if row.market in newest:
            before.setdefault(row.market, frames[row.run, row.market])
        else:
            newest[row.market] = row
    return [
        Listed(
            market=market,
            name=row.name,
            run=row.run,
            at=row.at,
            inactive=row.inactive,
            seen=frames[row.run, market],
            before=before.get(market),
        )
        for market, row in newest.items()
    ]
