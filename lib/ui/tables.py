"""The tables of many rows, and their downloads, placed alike on every screen."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

ROW = 35
"""Pixels a table row has."""


def show_table(rows: pd.DataFrame, tallest: int, alt: str, **options: Any) -> None:
    """A table as tall as its rows, up to ``tallest`` pixels."""
    st.dataframe(
        rows,
        # Else up to 150,000 rows are sent to the browser at once.
        lazy=True,
        hide_index=True,
        height=min(tallest, ROW * (len(rows) + 1) + 3),
        alt=alt,
        **options,
    )


PAGE = 50
"""Rows a table shows at once where rows can be chosen: that is, where it cannot be lazy."""


def pick_rows(rows: pd.DataFrame, alt: str, mode: str) -> pd.Index:
    """A table page by page; the index, which tells one row from all others for good, of the rows
    chosen on the page that is shown."""
    # Positions are chosen: among other rows they would mean others.
    key = f"{alt}_{hash(rows.index.to_numpy().tobytes())}"
    pages = max(-(-len(rows) // PAGE), 1)
    table = st.container()
    page = st.pagination(pages, key=f"page_{key}") if pages > 1 else 1
    part = rows.iloc[(page - 1) * PAGE : page * PAGE]
    with table:
        chosen = st.dataframe(
            part,
            hide_index=True,
            height=min(560, ROW * (len(part) + 1) + 3),
            on_select="rerun",
            selection_mode=mode,
            key=f"{key}_{page}",
            alt=alt,
        )
    return part.index[chosen["selection"]["rows"]]


def offer_csv(label: str, csv: Callable[[], bytes], name: str, **options: Any) -> None:
    """A download called ``name``, which is written when it is asked for."""
    st.download_button(
        label,
        csv,
        name,
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
        **options,
    )
