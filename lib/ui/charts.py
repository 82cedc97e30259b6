"""The figures of the review screen: made here, placed by the page. Each bar says in its
``customdata`` which rows it stands for."""

import pandas as pd
import plotly.graph_objects as go

from lib.model import Lane
from lib.source.marketplaces import MARKETPLACES

MARKET_NAMES = {code: place.name for code, place in MARKETPLACES.items()}
CHANNEL_LABELS = {"AFN": "FBA", "MFN": "FBM", "": "?"}


def coverage(rows: pd.DataFrame) -> go.Figure:
    """Rows (market, channel, lane) by marketplace and fulfilment, a colour a lane."""
    counts = rows.groupby(["market", "channel", "lane"], observed=True).size().reset_index(name="n")
    labels = counts["market"].map(MARKET_NAMES).fillna("Unknown marketplace")
    counts["label"] = labels + " · " + counts["channel"].map(CHANNEL_LABELS)
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
    figure.update_yaxes(categoryorder="array", categoryarray=list(order))
    return _styled(figure, len(order))


def reasons(rows: pd.DataFrame) -> go.Figure:
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
    figure.update_yaxes(categoryorder="array", categoryarray=list(order))
    return _styled(figure, len(order))


def _styled(figure: go.Figure, bars: int) -> go.Figure:
    figure.update_layout(
        barmode="stack",
        bargap=0.35,
        height=max(180, 70 + 26 * bars),
        margin={"l": 0, "r": 8, "t": 8, "b": 0},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        clickmode="event+select",
        xaxis={"tickformat": "~s", "rangemode": "tozero"},
    )
    figure.update_yaxes(automargin=True)
    return figure
