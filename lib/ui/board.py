"""The review: lanes with their counts, charts that filter, and the lanes side by side."""

import pandas as pd
import streamlit as st

from lib.model import CHANNEL_LABELS, Lane, Rule
from lib.results import result_rows
from lib.review import Review
from lib.source import map_out
from lib.source.marketplaces import NAMES
from lib.ui import charts
from lib.ui.rows import COLUMNS, IF_ANY, LANE_COLUMNS, filtered
from lib.ui.state import state
from lib.ui.tables import offer_csv, show_pages
from lib.ui.text import counted, plain
from lib.units import TITLE_SAYS

MEANING = {
    Lane.MAPPED: "In Odoo already, as the file says",
    Lane.MATCHED: "One product found: will be linked",
    Lane.TO_CREATE: "Not in Odoo: will be created",
    Lane.UNMATCHED: "Waits for your choice",
    Lane.BLOCKED: "Cannot be used as it is",
}
SIDE_BY_SIDE = [Lane.MATCHED, Lane.TO_CREATE, Lane.UNMATCHED]
FILTER_LABELS = {"market": "Marketplace", "channel": "Fulfilment", "lane": "Lane", "why": "Why"}


def show_review(done: Review, rows: pd.DataFrame) -> pd.DataFrame:
    """Counts, charts and lanes; returns the rows that the charts were not clicked away from."""
    st.header("Review")
    show_counts(done.counts["lanes"])
    _show_packs(rows)
    shown = filtered(rows, filters := show_charts(rows))
    show_lanes(done, shown, filters)
    return shown


def show_counts(counts: dict[str, int]) -> None:
    """Five cards whose numbers sum to the rows read."""
    with st.grid(5, min_column_width=150):
        for lane in Lane:
            st.metric(
                f":{lane.tone}[●] {lane.label}",
                counts[lane.value],
                border=True,
                format="localized",
            )
    st.caption(f"{counted(sum(counts.values()), 'row')} read; every row is in one lane.")


def _show_packs(rows: pd.DataFrame) -> None:
    """That titles say packs of what is mapped as one, where a person may want to settle it."""
    packs = rows["warning"].str.contains(TITLE_SAYS, regex=False).sum()
    if packs:
        st.caption(
            f":material/deployed_code: {counted(packs, 'row')} whose title says a pack, mapped as "
            "one: see the notes. *Pack sizes from titles* above takes them as units."
        )
    with_units = [lane.value for lane, names in LANE_COLUMNS.items() if "units" in names]
    if several := ((rows["units"] != "") & rows["lane"].isin(with_units)).sum():
        st.caption(
            f":material/deployed_code: {counted(several, 'row')} of more than one piece: see the "
            "column Units."
        )


def show_charts(rows: pd.DataFrame) -> dict[str, str]:
    """Both charts; returns the filters that were clicked: column -> value."""
    left, right = st.columns(2)
    height = charts.fitting_height(rows)
    with left, st.container(border=True):
        st.subheader("By marketplace and fulfilment")
        where = st.plotly_chart(
            charts.coverage(rows, height),
            key=f"coverage_{state().uploads}",
            on_select="rerun",
            selection_mode="points",
            config={"displayModeBar": False},
            alt="Rows by marketplace and fulfilment, a colour a lane",
        )
    with right, st.container(border=True):
        st.subheader("Why")
        why = st.plotly_chart(
            charts.reasons(rows, height),
            key=f"reasons_{state().uploads}",
            on_select="rerun",
            selection_mode="points",
            config={"displayModeBar": False},
            alt="Rows by the rule that matched them or the reason that holds them",
        )
    clicked = _clicked(where, ("market", "channel", "lane")) | _clicked(why, ("why", "lane"))
    if clicked:
        with st.container(horizontal=True, vertical_alignment="center"):
            words = " · ".join(f"{FILTER_LABELS[name]}: **{_word(name, value)}**"
                               for name, value in clicked.items())  # fmt: skip
            st.caption(f"Tables show {words}. Double-click a chart to show all rows.")
    return clicked


def _clicked(event: dict, names: tuple[str, ...]) -> dict[str, str]:
    points = event["selection"]["points"] if event else []
    return dict(zip(names, points[0]["customdata"], strict=False)) if points else {}


def _word(name: str, value: str) -> str:
    names = {
        "lane": {lane: lane.label for lane in Lane},
        "market": NAMES,
        "channel": CHANNEL_LABELS,
    }
    return plain(names.get(name, {}).get(value, value) or "unknown")


@st.fragment
def show_lanes(done: Review, rows: pd.DataFrame, filters: dict[str, str]) -> None:
    """The chosen lanes of the filtered rows beside each other, each with its own download."""
    wanted = [Lane(filters["lane"])] if "lane" in filters else _worth_seeing(rows)
    shown = st.segmented_control(
        "Lanes side by side",
        list(Lane),
        selection_mode="multi",
        default=wanted,
        format_func=lambda lane: lane.label,
        # Another default is another widget: the same one would go on showing the old choice.
        key="_".join(["lanes", str(state().uploads), *filters.values(), *wanted]),
    )
    if not shown:
        return
    of_lane = {lane: _of_lane(rows, lane) for lane in sorted_lanes(shown)}
    # A lane without rows leaves its room to the tables beside it.
    places = st.columns([1 if held.empty else 2 for held in of_lane.values()])
    for place, (lane, held) in zip(places, of_lane.items(), strict=True):
        with place, st.container(border=True):
            # Other rows begin at their first page.
            _show_lane(done, held, lane, key="_".join(["table", lane, *filters.values()]))


def _of_lane(rows: pd.DataFrame, lane: Lane) -> pd.DataFrame:
    """The rows of a lane, with what is told of them there: of a million each column counts."""
    names = dict.fromkeys([*LANE_COLUMNS[lane], "why"])
    return rows.loc[rows["lane"] == lane.value, [*names]]


def _worth_seeing(rows: pd.DataFrame) -> list[Lane]:
    """What is to be decided or done; once nothing is, what is mapped."""
    present = set(rows["lane"])
    if not present & {*SIDE_BY_SIDE, Lane.BLOCKED}:
        return [Lane.MAPPED]
    return SIDE_BY_SIDE + [Lane.BLOCKED] * (Lane.BLOCKED in present)


def sorted_lanes(lanes: list[Lane]) -> list[Lane]:
    return [lane for lane in Lane if lane in lanes]


def _show_lane(done: Review, rows: pd.DataFrame, lane: Lane, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(f":{lane.tone}[●] {lane.label} · {len(rows):,}")
        if not rows.empty:
            _offer(done, rows, lane)
    unmaps = (rows["why"] == Rule.UNMAP.value).sum()
    st.caption(MEANING[lane] + (f"; {unmaps:,} to unmap" if unmaps else ""))
    if rows.empty:
        st.caption("No rows here.")
        return
    names = [n for n in LANE_COLUMNS[lane] if n not in IF_ANY or (rows[n] != "").any()]
    show_pages(
        rows[names].rename(columns=COLUMNS),
        320,
        f"Rows in lane {lane.label}",
        key=key,
        column_config={
            "Seller SKU": st.column_config.TextColumn(pinned=True, width=105),
            "Odoo product": st.column_config.TextColumn(width=175),
            "Why": st.column_config.TextColumn(width=175),
            "Where": st.column_config.TextColumn(width=140),
        },
    )


def _offer(done: Review, rows: pd.DataFrame, lane: Lane) -> None:
    offer_csv(
        "CSV",
        lambda: map_out.to_csv(result_rows(done, rows.index)),
        f"{lane.value}.csv",
        key=f"download_{lane}",
        type="tertiary",
        help="These rows as a map file with what was found for each; upload it again any time.",
    )
