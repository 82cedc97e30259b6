"""The figures of the screens: made here, placed by the page. Each bar says in its ``customdata``
which rows it stands for."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from lib.model import CHANNEL_LABELS, Lane, Outcome
from lib.source.marketplaces import NAMES

BAR = 26
"""Pixels a bar has."""

OUTCOME_COLOURS = {
    Outcome.DONE: Lane.MATCHED.colour,
    Outcome.UNCHANGED: Lane.MAPPED.colour,
    Outcome.SKIPPED: Lane.UNMATCHED.colour,
    Outcome.FAILED: Lane.BLOCKED.colour,
}
COVERAGE = {
    "covered": ("Listed and mapped", Lane.MATCHED.colour),
    "open": ("Listed, not mapped", Lane.UNMATCHED.colour),
    "other": ("Mapped, not listed or not known", Lane.MAPPED.colour),
}
"""What a bar of ``mapped_and_listed`` is made of: label and colour."""


def coverage(rows: pd.DataFrame, height: int) -> go.Figure:
    """Rows (market, channel, lane) by marketplace and fulfilment, a colour a lane."""
    counts = _counted(rows, ["market", "channel", "lane"])
    markets = counts["market"].map(NAMES).fillna("Unknown marketplace")
    channels = counts["channel"].map(CHANNEL_LABELS).fillna("?")
    return _bars(counts, markets + " · " + channels, height)


def reasons(rows: pd.DataFrame, height: int) -> go.Figure:
    """Rows (lane, why) by the rule that matched them or the reason that holds them."""
    counts = _counted(rows, ["why", "lane"])
    return _bars(counts, counts["why"], height).update_layout(showlegend=False)


def fitting_height(rows: pd.DataFrame) -> int:
    """Pixels in which both charts have room for their bars, so that they end level."""
    bars = max(len(rows[["market", "channel"]].drop_duplicates()), rows["why"].nunique())
    return max(220, 70 + BAR * bars)


def _counted(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return rows.groupby(columns, observed=True).size().reset_index(name="n")


def _bars(counts: pd.DataFrame, labels: pd.Series, height: int) -> go.Figure:
    """A bar a label, the longest on top; its parts have each the colour of their lane."""
    totals = counts.groupby(labels)["n"].sum().sort_values()
    figure = go.Figure()
    for lane in Lane:
        parts = counts[counts["lane"] == lane.value]
        figure.add_bar(
            y=labels[parts.index],
            x=parts["n"],
            name=lane.label,
            orientation="h",
            width=min(0.7, BAR * len(totals) / height),
            marker_color=lane.colour,
            customdata=parts.drop(columns="n").to_numpy(),
            hovertemplate="%{y}<br>" + lane.label + ": %{x:,}<extra></extra>",
        )
    figure.update_layout(
        barmode="stack",
        height=height,
        margin={"l": 0, "r": 8, "t": 8, "b": 0},
        legend={
            "orientation": "h",
            "y": 1.02,
            "yanchor": "bottom",
            "x": 0,
            "traceorder": "normal",
        },
        clickmode="event+select",
        xaxis={"tickformat": ",d", "rangemode": "tozero", "nticks": 6},
    )
    if totals.max() < 6:
        figure.update_xaxes(dtick=1)
    figure.update_yaxes(automargin=True, categoryorder="array", categoryarray=list(totals.index))
    return figure


def mapped_and_listed(coverage: pd.DataFrame, height: int) -> go.Figure:
    """Amazon Products and listings (``lib.overview.Overview.coverage``) by marketplace and
    fulfilment: a click says market and channel."""
    listed = coverage["listed"].clip(lower=0)
    parts = {
        "covered": coverage["covered"],
        "open": listed - coverage["covered"],
        "other": coverage["mapped"] - coverage["covered"],
    }
    markets = coverage["market"].map(NAMES).fillna(coverage["market"])
    labels = markets + " · " + coverage["channel"].map(CHANNEL_LABELS).fillna("?")
    figure = go.Figure()
    for name, (label, colour) in COVERAGE.items():
        figure.add_bar(
            y=labels,
            x=parts[name],
            name=label,
            orientation="h",
            marker_color=colour,
            customdata=coverage[["market", "channel"]].to_numpy(),
            hovertemplate="%{y}<br>" + label + ": %{x:,}<extra></extra>",
        )
    figure.update_layout(height=height, barmode="stack", **_PLAIN)
    figure.update_yaxes(automargin=True, autorange="reversed")
    return figure.update_xaxes(tickformat=",d", rangemode="tozero", nticks=6)


def trend(jobs: pd.DataFrame, height: int) -> go.Figure:
    """Rows of jobs (``id``, ``started``, ``file`` str; a count each Outcome) by their outcome, the
    oldest first: a click says the id."""
    figure = go.Figure()
    for outcome, colour in OUTCOME_COLOURS.items():
        figure.add_bar(
            x=[f"{at:,}" for at in range(1, len(jobs) + 1)],
            y=jobs[outcome],
            name=outcome.label,
            marker_color=colour,
            customdata=jobs[["id", "started", "file"]].to_numpy(),
            hovertemplate="%{customdata[1]}<br>%{customdata[2]}<br>"
            + outcome.label
            + ": %{y:,}<extra></extra>",
        )
    figure.update_layout(height=height, barmode="stack", bargap=0.3, **_PLAIN)
    ticks = [started[5:16] for started in jobs["started"]]
    step = max(len(ticks) // 6, 1)
    shown = range(0, len(ticks), step)
    figure.update_xaxes(
        type="category",
        tickvals=[f"{at + 1:,}" for at in shown],
        ticktext=[ticks[at] for at in shown],
        tickangle=0,
    )
    return figure.update_yaxes(tickformat=",d", rangemode="tozero", nticks=5)


_PLAIN = {
    "margin": {"l": 0, "r": 8, "t": 8, "b": 0},
    "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
    "clickmode": "event+select",
}
"""The layout that these figures share."""


def evidence(parts: pd.Series) -> go.Figure:
    """What speaks for a product (above 0) and against it, by part, from the start to the score."""
    told = parts[parts.abs() >= 0.005]
    figure = go.Figure(
        go.Waterfall(
            x=[*told, told.sum()],
            y=[*(name.capitalize() for name in told.index), "Score"],
            measure=["relative"] * len(told) + ["total"],
            orientation="h",
            text=[f"{value:+.1f}" for value in told] + [f"{told.sum():.1f}"],
            textposition="outside",
            cliponaxis=False,
            increasing_marker_color=Lane.MATCHED.colour,
            decreasing_marker_color=Lane.BLOCKED.colour,
            totals_marker_color=Lane.MAPPED.colour,
            connector_visible=False,
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    figure.update_layout(
        height=60 + BAR * (len(told) + 1),
        margin={"l": 0, "r": 40, "t": 8, "b": 0},
        showlegend=False,
    )
    figure.update_yaxes(autorange="reversed", automargin=True)
    return figure


def certainties(certainty: pd.Series, taken: np.ndarray) -> go.Figure:
    """How many rows have a best product of which certainty (0 to 1): those ``taken`` (bool) as
    matched, the others as they are."""
    figure = go.Figure()
    for part, label, lane in (
        (certainty[taken], "Would be accepted", Lane.MATCHED),
        (certainty[~taken], "Stay as they are", Lane.UNMATCHED),
    ):
        figure.add_histogram(
            x=part,
            name=label,
            xbins={"start": 0, "end": 1.0001, "size": 0.02},
            marker_color=lane.colour,
            hovertemplate="%{x}: %{y:,}<extra></extra>",
        )
    figure.update_layout(
        barmode="stack",
        height=200,
        bargap=0.05,
        margin={"l": 0, "r": 8, "t": 8, "b": 0},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={"tickformat": ".0%", "range": [0, 1]},
    )
    return figure
