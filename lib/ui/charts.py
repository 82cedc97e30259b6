"""The figures of the review screen: made here, placed by the page. Each bar says in its
``customdata`` which rows it stands for."""

import pandas as pd
import plotly.graph_objects as go

from lib.model import CHANNEL_LABELS, Lane
from lib.source.marketplaces import NAMES

BAR = 26
"""Pixels a bar has."""


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
