"""What one visitor's session holds on a page, declared once."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import streamlit as st

from lib.amazon.reports import Request
from lib.match.decisions import Choice, Decisions

NO_ROW = -1
FIRST = {False: (0, NO_ROW), True: (0, NO_ROW)}
"""What is shown of a queue at first."""


@dataclass
class State:
    """``decisions`` are (target, seller) -> listing key -> choice, ``at_once`` the listing keys of
    those that were taken together last; ``version`` counts them, so that caches are keyed by a
    number and never by a frame. ``inventory`` is the FBA inventory report beside an uploaded one.
    ``fetched`` are the requests whose reports of Amazon's are open, with the encoding that somebody
    chose, or None; ``awaited`` those to be opened when they are done. ``shown`` is the place in the
    queue of rows that wait and the row that was shown there, in a blind check (True) and else;
    ``row`` is the one in sight now; ``filters`` what the queue is filtered by: label -> value.
    ``skipped`` are rows that wait to the end; ``blind`` the rows of a blind check with their best
    suggestion (product id), ``refused`` those of them that are none of their products, all of the
    file as it was read last (``reading``). ``suggested`` is the review that suggestions were found
    for last (its key). ``change`` is what was begun on Amazon Products (lib.ui.changes.Change), or
    None."""

    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    upload: tuple[str, bytes] | None = None
    uploads: int = 0
    inventory: tuple[str, bytes] | None = None
    fetched: dict[Request, str | None] = field(default_factory=dict)
    awaited: tuple[Request, ...] = ()
    sheet: str | None = None
    encoding: str | None = None
    decisions: dict[tuple[str, str], dict[str, Choice]] = field(default_factory=dict)
    at_once: frozenset[str] = frozenset()
    version: int = 0
    run: str = ""
    run_for: tuple = ()
    reading: tuple = ()
    row: int = NO_ROW
    shown: dict[bool, tuple[int, int]] = field(default_factory=lambda: dict(FIRST))
    filters: dict[str, str] = field(default_factory=dict)
    skipped: set[int] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)
    blind: dict[int, int] = field(default_factory=dict)
    suggested: tuple = ()
    suggest_all: bool = False
    change: Any = None

    def take_file(self, name: str, data: bytes) -> None:
        self.drop_file()
        self.upload = (name, data)

    def take_reports(self, requests: Iterable[Request]) -> None:
        self.drop_file()
        self.fetched = dict.fromkeys(requests)

    def drop_file(self) -> None:
        # A decision is about the rows of this file: the next one may say otherwise.
        self.decisions.clear()
        self.version += 1
        self.upload = self.inventory = self.sheet = self.encoding = None
        self.fetched, self.awaited, self.at_once = {}, (), frozenset()
        self.uploads += 1
        self.run, self.change, self.suggest_all = "", None, False
        self._forget_rows()

    def read_again(self) -> None:
        """Read the file in another way, so that its rows are others."""
        self.uploads += 1
        self._forget_rows()

    def take_reading(self, reading: tuple) -> None:
        """Forget what was noted of rows if the file is read in another way: they are others."""
        if reading != self.reading:
            self.reading = reading
            self._forget_rows()

    def _forget_rows(self) -> None:
        self.shown, self.filters = dict(FIRST), {}
        self.skipped, self.refused, self.blind = set(), set(), {}

    def filter(self, label: str, value: str | None) -> None:
        """Filter the queue by a value, or with None not by this label, from its first row on."""
        if value:
            self.filters[label] = value
        else:
            self.filters.pop(label, None)
        self.go(0)

    def check_blind(self, sample: dict[int, int]) -> None:
        """Begin a blind check of these rows with their best suggestions, or with {} end it."""
        self.blind, self.refused = sample, set()
        self.go(0, blind=True)

    def show(self, queue: pd.Index, blind: bool = False) -> int:
        """The place in a queue, which is not empty, of the row that was shown last; where it left
        the queue, of the one that is there instead."""
        place, row = self.shown[blind]
        place = int(queue.get_loc(row)) if row in queue else min(place, len(queue) - 1)
        self.row = int(queue[place])
        self.shown[blind] = place, self.row
        return place

    def answer(self, row: int) -> bool:
        """Whether a row is in sight and has no answer yet: until a row is drawn again, a second
        answer would be about one that nobody has seen."""
        answered = row == self.row
        if answered:
            self.row = NO_ROW
        return answered

    def go(self, place: int, blind: bool = False) -> None:
        """Show next what is at a place in the queue."""
        self.shown[blind] = place, NO_ROW

    def skip(self, row: int, blind: bool = False) -> None:
        """Let a row wait to the end, in a blind check with none of its products, and show the one
        after it."""
        (self.refused if blind else self.skipped).add(row)
        self.go(self.shown[blind][0], blind)

    def decide(self, owner: tuple[str, str], key: str, choice: Choice) -> None:
        """Set a decision."""
        self.decisions.setdefault(owner, {})[key] = choice
        self.version += 1

    def decide_all(self, owner: tuple[str, str], choices: Decisions) -> None:
        """Set many decisions at once."""
        self.decisions.setdefault(owner, {}).update(choices)
        self.at_once = frozenset(choices)
        self.version += 1

    def take_back(self, owner: tuple[str, str], keys: Iterable[str]) -> None:
        """Take back the decisions on these listings, as far as they are not executed."""
        decided = self.decisions.get(owner, {})
        for key in keys:
            decided.pop(key, None)
        self.version += 1


def enter(page: str) -> None:
    """The page that is shown from here on: each has its own file, decisions and run."""
    st.session_state["page"] = page


def state() -> State:
    """This session's state on the page that is shown."""
    states = st.session_state.setdefault("states", {})
    return states.setdefault(st.session_state["page"], State())
