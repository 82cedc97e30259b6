"""Words on the screen: texts of files and of Odoo shown as they are, counts, and problems."""

import streamlit as st

from lib.suggest.text import fold, words

_MARKUP = str.maketrans(
    {sign: "\\" + sign for sign in "\\`*_{}[]<>()#+!|$~:"} | {"\n": " ", "\r": " "}
)


def plain(text: str) -> str:
    """Text of a file or of Odoo: nothing in it is markup."""
    return text.translate(_MARKUP)


def marked(text: str, other: str) -> str:
    """Text of a file or of Odoo with the words that another text has not stood out."""
    known = set(words(fold(other)))
    return " ".join(
        plain(word) if known.issuperset(words(fold(word))) else f":orange-background[{plain(word)}]"
        for word in text.split()
    )


def counted(count: int, thing: str) -> str:
    """ "1 row", "2,000 rows"."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def duration(seconds: float) -> str:
    """In the largest unit that says it: "a moment", "1 minute", "12 hours", "2 days"."""
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            return counted(int(seconds // length), unit)
    return "a moment"


def problem(error: Exception) -> None:
    """Show what went wrong, in the words of the error."""
    st.error(plain(str(error)), icon=":material/error:")
