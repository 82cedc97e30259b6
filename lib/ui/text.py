"""Words on the screen: texts of files and of Odoo shown as they are, counts, and problems."""

import streamlit as st

_MARKUP = str.maketrans(
    {sign: "\\" + sign for sign in "\\`*_{}[]<>()#+!|$~:"} | {"\n": " ", "\r": " "}
)


def plain(text: str) -> str:
    """Text of a file or of Odoo: nothing in it is markup."""
    return text.translate(_MARKUP)


def counted(count: int, thing: str) -> str:
    """ "1 row", "2,000 rows"."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def problem(error: Exception) -> None:
    """Show what went wrong, in the words of the error."""
    st.error(plain(str(error)), icon=":material/error:")
