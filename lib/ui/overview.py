"""The overview on screen: numbers that lead to what they count, figures, and what to do next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from lib.model import CHANNEL_LABELS, JobState, Outcome, Seller
from lib.overview import Drift, Overview
from lib.source.marketplaces import NAMES
from lib.target.port import Job
from lib.ui import charts
from lib.ui.registry import AMAZON_PRODUCTS, JOB_LOG, MAP_PRODUCTS, SYNC_LISTINGS, PageSpec
from lib.ui.text import counted, plain

RUNS = 30
"""Runs in the figure, the newest."""

OLD = 7
"""Days after which a report says little about today."""

FILTERS = ("layer_search", "marketplace", "fulfilment", "state", "several", "view", "outcome")
"""Keys of what the pages behind the links filter by. They keep what was chosen on an earlier visit,
and a link can set them, but not set them back."""


@dataclass(frozen=True)
class Step:
    """What a person had best do, and the page, with its filters, where it is done."""

    words: str
    page: PageSpec
    params: dict[str, str]


def forget_filters() -> None:
    """Have each link from here lead to all the rows that it counts."""
    for key in FILTERS:
        st.session_state.pop(key, None)


def show_numbers(shown: Overview) -> None:
    """Mapped listings and each drift, as links to the rows they count."""
    mapped, listed, covered = (
        shown.coverage[name].clip(lower=0).sum() for name in ("mapped", "listed", "covered")
    )
    with st.grid(5, min_column_width=170):
        with st.container(border=True):
            st.metric("Mapped listings", int(mapped), format="localized")
            _link(AMAZON_PRODUCTS, f"See {int(mapped):,}", {})
            share = f"{covered / listed:.1%} of the {listed:,} listed" if listed else "Never synced"
            st.caption(share, help="Listed: active in the last report of each marketplace.")
        for kind, count in shown.drifted.items():
            with st.container(border=True):
                st.metric(kind.label, count, format="localized", help=kind.meaning)
                _link(AMAZON_PRODUCTS, f"See {count:,}", {"state": kind.label})
                st.caption(_note(shown, kind))
    st.caption(_as_of(shown))


def _note(shown: Overview, kind: Drift) -> str:
    """What the count of a drift is about."""
    if kind in (Drift.UNMAPPED, Drift.GONE) and not shown.reports:
        return "Not known before a sync"
    if kind is Drift.UNMAPPED:
        if not any(report.before is not None for report in shown.reports):
            return "At the last sync"
        return f"{shown.unmapped['new'].sum():,} new in the last report"
    return "At the last sync" if kind is Drift.GONE else "Now"


def _as_of(shown: Overview) -> str:
    """As of when, and what nobody knows."""
    words = []
    for report in shown.reports:
        inactive = ", inactive listings included" if report.inactive else ""
        market = NAMES[report.market]  # which the name of a report of Amazon's has
        name = report.name if market in report.name else f"{market}: {report.name}"
        words.append(f"{plain(name)}, {_when(report.at)}{inactive}")
    missing = sorted(set(shown.coverage["market"]) - {report.market for report in shown.reports})
    if missing:
        names = ", ".join(NAMES.get(market, market) for market in missing)
        words.append(f"never synced, so not known what is listed: {names}")
    return "Reports · " + " · ".join(words) if words else ""


def _when(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _link(
    page: PageSpec, label: str, params: dict[str, str], icon: str = ":material/arrow_forward:"
) -> None:
    """A link to the rows of these filters."""
    st.page_link(page.link, label=label, icon=icon, query_params=params)


def show_figures(shown: Overview, jobs: list[Job]) -> None:
    """Coverage and the trend over runs; a click leads to what a bar stands for."""
    left, right = st.columns(2)
    height = max(260, 90 + charts.BAR * len(shown.coverage))
    with left, st.container(border=True):
        st.subheader("Coverage by marketplace and fulfilment")
        where = _plot(charts.mapped_and_listed(shown.coverage, height), "coverage")
    with right, st.container(border=True):
        st.subheader("Rows of the last runs by outcome")
        ended = [job for job in jobs if "outcomes" in job.counts][:RUNS][::-1]
        if not ended:
            st.caption("No run has ended yet.")
        which = _plot(charts.trend(_counted(ended), height), "trend") if ended else []
    if where:
        market, channel = where
        st.switch_page(AMAZON_PRODUCTS.link, query_params=_filters(market, channel))
    if which:
        st.switch_page(JOB_LOG.link, query_params={"job": which[0]})


def _plot(figure, name: str) -> list[str]:
    """Place a figure; the ``customdata`` of the bar that was clicked."""
    event = st.plotly_chart(
        figure,
        key=f"overview_{name}",
        on_select="rerun",
        selection_mode="points",
        config={"displayModeBar": False},
        alt="Listings by marketplace and fulfilment" if name == "coverage" else "Rows by run",
    )
    points = event["selection"]["points"]
    return list(points[0]["customdata"]) if points else []


def _counted(jobs: list[Job]) -> pd.DataFrame:
    rows = [[job.id, job.started.replace("T", " "), job.file] for job in jobs]
    counts = [[job.counts["outcomes"][outcome] for outcome in Outcome] for job in jobs]
    table = pd.DataFrame(rows, columns=["id", "started", "file"], dtype="str")
    return table.join(pd.DataFrame(counts, columns=list(Outcome)))


def _filters(market: str, channel: str) -> dict[str, str]:
    return {
        "marketplace": NAMES.get(market, market),
        "fulfilment": CHANNEL_LABELS.get(channel, channel),
    }


def show_coverage(shown: Overview) -> None:
    """The numbers of the figure, each a link to its listings."""
    with st.container(border=True):
        st.subheader("By marketplace and fulfilment")
        for row in shown.coverage.sort_values("mapped", ascending=False).itertuples():
            place, mapped, missing, share = st.columns([3, 2, 2, 3], vertical_alignment="center")
            name = NAMES.get(row.market, row.market)
            place.markdown(f"**{name}** · {CHANNEL_LABELS.get(row.channel, '?')}")
            filters = _filters(row.market, row.channel)
            with mapped:
                _link(AMAZON_PRODUCTS, f"{row.mapped:,} mapped", filters)
            with missing:
                unmapped = row.listed - row.covered
                if unmapped > 0:
                    of_state = filters | {"state": Drift.UNMAPPED.label}
                    _link(AMAZON_PRODUCTS, f"{unmapped:,} not mapped", of_state)
            known = f"{row.covered:,} of {row.listed:,} listed: mapped"
            unknown = "Not known what is listed: never synced"
            none = "The last report lists none"
            share.caption(known if row.listed > 0 else none if row.listed == 0 else unknown)


def steps(shown: Overview, seller: Seller, jobs: list[Job], now: float) -> Iterator[Step]:
    """What is to be done next, the most pressing first; ``now`` in seconds since 1970."""
    of_seller = [job for job in jobs if job.seller == seller.name]
    for job in of_seller[:1]:
        failed = job.counts.get("outcomes", {}).get(Outcome.FAILED, 0)
        if failed:
            words = f"{counted(failed, 'row')} of the last run failed: see why"
            yield Step(words, JOB_LOG, {"job": job.id, "outcome": Outcome.FAILED.label})
        if job.state in (JobState.CANCELLED, JobState.FAILED):
            words = f"The last run was not finished ({job.state.label.lower()}): resume or undo it"
            yield Step(words, JOB_LOG, {"job": job.id})
    drifted = shown.drifted
    for kind, words in _DO.items():
        if drifted[kind]:
            told = f"{counted(drifted[kind], 'listing')} {words}"
            yield Step(told, AMAZON_PRODUCTS, {"state": kind.label})
    if shown.held.empty and not shown.reports:
        yield Step("Nothing is mapped yet: upload a map file", MAP_PRODUCTS, {})
    synced = {report.market: report for report in shown.reports}
    markets = shown.coverage["market"].unique()
    never = [NAMES[market] for market in seller.markets if market in {*markets} - {*synced}]
    old = [NAMES[market] for market, report in synced.items() if now - report.at > OLD * 86_400]
    if old:
        yield Step(f"Last synced over {OLD} days ago: {', '.join(old)}", SYNC_LISTINGS, {})
    if never:
        few = ", ".join(never[:3]) + (f" and {len(never) - 3} more" if len(never) > 3 else "")
        yield Step(f"Never synced: {few}", SYNC_LISTINGS, {})


_DO = {
    Drift.ARCHIVED: "on an archived product: choose another one, or unmap them",
    Drift.UNMAPPED: "at Amazon without a mapping: fill in their references",
    Drift.CHANGED: "whose product has another reference by now: see whether it is still right",
    Drift.GONE: "mapped and gone from Amazon's report: unmap what you sell no more",
}


def show_steps(found: list[Step]) -> None:
    with st.container(border=True):
        st.subheader("What to do next")
        if not found:
            st.caption("Nothing: all that is listed is mapped, and nothing has drifted.")
        for at, step in enumerate(found, 1):
            _link(step.page, f"{at}. {plain(step.words)}", step.params, step.page.icon)
