"""The reviews of a page, each made once, and what tells them apart.

Caches are keyed by version numbers and file hashes, as in lib.ui.session.
"""

from datetime import timedelta

import pandas as pd
import streamlit as st

from lib.decided import decided, put, touched
from lib.match.decisions import Affix
from lib.model import MapFile, Options, Seller
from lib.prices import Pricelists, open_pricelists
from lib.review import Review, review
from lib.ui import session
from lib.ui.rows import shown_rows
from lib.ui.state import state


@st.cache_resource(max_entries=4, ttl=timedelta(hours=1), show_spinner="Reading the prices…")
def _pricelists(version: session.Version, seller: Seller, markets: tuple[str, ...]) -> Pricelists:
    # Another name of a pricelist in the settings makes another seller.
    return open_pricelists(session.target(), seller, markets)


@st.cache_resource(max_entries=2, scope="session", show_spinner="Matching…")
def _undecided(
    key: tuple, affixes: tuple[Affix, ...], _file: MapFile, _seller: Seller, _options: Options
) -> tuple[Review, pd.DataFrame]:
    pricelists = None
    if _options.prices and _file.offers is not None:
        markets = tuple(_file.listings["market"].unique())
        pricelists = _pricelists(session.version(), _seller, markets)
    kept = session.kept(_seller)
    done = review(_file, session.catalogue(), _seller, _options, memory=kept, pricelists=pricelists)
    return done, shown_rows(done)


@st.cache_resource(max_entries=2, scope="session", show_spinner=False)
def _review(
    key: tuple, _file: MapFile, _seller: Seller, _options: Options
) -> tuple[Review, pd.DataFrame]:
    kept = session.kept(_seller)
    before = undecided_key(_file, _seller, _options)
    undecided, rows = _undecided(before, kept.affixes, _file, _seller, _options)
    done, anew = decided(undecided, session.decisions(_seller), kept)
    return done, put(rows, shown_rows(done, anew))


def reviewed(file: MapFile, seller: Seller, options: Options) -> tuple[Review, pd.DataFrame]:
    """The review of a file and its rows as shown, made once for each set of choices."""
    return _review(review_key(file, seller, options), file, seller, options)


def touched_since(
    drawn: tuple, done: Review, file: MapFile, seller: Seller, options: Options
) -> pd.Index | None:
    """None while ``done``, which has the key ``drawn``, is the newest review; else the rows that
    what was decided since can matter to."""
    if drawn == review_key(file, seller, options):
        return None
    key = undecided_key(file, seller, options)
    undecided, _ = _undecided(key, session.kept(seller).affixes, file, seller, options)
    return touched(undecided, done.decisions, session.decisions(seller))


def review_key(file: MapFile, seller: Seller, options: Options) -> tuple:
    """Another value for every other review: what was chosen, what the target holds, what is
    kept."""
    return *choices(file, seller, options), *session.version(), *session.stamp(seller)


def undecided_key(file: MapFile, seller: Seller, options: Options) -> tuple:
    """The same without what was decided on rows, now or earlier."""
    return *choices(file, seller, options)[:-1], *session.version()


def choices(file: MapFile, seller: Seller, options: Options) -> tuple:
    """All that a person chose for a review, the version of the decisions last: while it stays the
    same, so does the review, but for what changes in the target."""
    here = state()
    place = session.target().identity
    return here.id, here.uploads, *file.reading, place, seller, options, here.version
