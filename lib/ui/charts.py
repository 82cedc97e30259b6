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
    counts = rows.groupby(["market", "channel", "lane"], observed=True).size().reset_index(name="n")
    labels = counts["market"].map(NAMES).fillna("Unknown marketplace")
    counts["label"] = labels + " · " + counts["channel"].map(CHANNEL_LABELS).fillna("?")
    order = counts.groupby("label")["n"].sum().sort_values().index
    figure = go.Figure()
    for lane in Lane:
        bars = counts[counts["lane"] == lane.value]
        figure.add_bar(
            y=bars["label"],
            x=bars["n"],
            name=lane.label,
            orientation="h",
            marker_color=lane.colour,
            customdata=bars[["market", "channel", "lane"]].to_numpy(),
            hovertemplate="%{y}<br>" + lane.label + ": %{x:,}<extra></extra>",
        )
    return _styled(figure, list(order), height)


def reasons(rows: pd.DataFrame, height: int) -> go.Figure:
    """Rows (lane, why) by the rule that matched them or the reason that holds them."""
    counts = rows.groupby(["why", "lane"], observed=True).size().reset_index(name="n")
    order = counts.groupby("why")["n"].sum().sort_values().index
    figure = go.Figure()
    for lane in Lane:
        bars = counts[counts["lane"] == lane.value]
        figure.add_bar(
            y=bars["why"],
            x=bars["n"],
            name=lane.label,
            orientation="h",
            marker_color=lane.colour,
            customdata=bars[["why", "lane"]].to_numpy(),
            hovertemplate="%{y}: %{x:,}<extra></extra>",
            showlegend=False,
        )
    return _styled(figure, list(order), height)


def fitting_height(rows: pd.DataFrame) -> int:
    """Pixels in which both charts have room for their bars, so that they end level."""
    bars = max(len(rows[["market", "channel"]].drop_duplicates()), rows["why"].nunique())
    return max(220, 70 + BAR * bars)


def _styled(figure: go.Figure, bars: list[str], height: int) -> go.Figure:
    figure.update_traces(width=min(0.7, BAR * len(bars) / height))
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
    longest = pd.concat([pd.Series(bar.x, bar.y) for bar in figure.data]).groupby(level=0).sum()
    if longest.max() < 6:
        figure.update_xaxes(dtick=1)
    figure.update_yaxes(automargin=True, categoryorder="array", categoryarray=bars)
    return figure
