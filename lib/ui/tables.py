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
"""Rows a table of pages shows at once: a lazy one sends a thousand, again whenever it is drawn."""


def show_pages(rows: pd.DataFrame, tallest: int, alt: str, key: str, **options: Any) -> None:
    """A table page by page, as tall as its rows, up to ``tallest`` pixels."""
    table = st.container()
    part = _page(rows, key)
    with table:
        show_table(part, tallest, alt, key=key, **options)


def _page(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """The rows of the page that is chosen, where there are several."""
    if len(rows) <= PAGE:
        return rows
    page = st.pagination(-(-len(rows) // PAGE), key=f"page_{key}", max_visible_pages=3)
    return rows.iloc[(page - 1) * PAGE : page * PAGE]


def pick_rows(rows: pd.DataFrame, alt: str, mode: str) -> pd.Index:
    """A table page by page; the index, which tells one row from all others for good, of the rows
    chosen on the page that is shown."""
    # Positions are chosen: among other rows they would mean others.
    key = f"{alt}_{hash(rows.index.to_numpy().tobytes())}"
    table = st.container()
    part = _page(rows, key)
    with table:
        chosen = st.dataframe(
            part,
            hide_index=True,
            height=min(560, ROW * (len(part) + 1) + 3),
            on_select="rerun",
            selection_mode=mode,
            key=f"{key}_{hash(part.index.to_numpy().tobytes())}",
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
