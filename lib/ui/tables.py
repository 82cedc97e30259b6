"""The tables of many rows, placed alike on every screen."""

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
