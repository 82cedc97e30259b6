"""The products that a listing may be: suggested with their evidence, or searched for."""

import pandas as pd
import streamlit as st

from lib import memory
from lib.match.decisions import Choice, Verdict, listing_keys
from lib.proposals import DIFFERS, PARTS
from lib.review import Review
from lib.ui import charts, session
from lib.ui.rows import search
from lib.ui.state import state
from lib.ui.text import counted, marked, plain

SEARCHED = 8
"""Products that a search shows."""


def show_candidates(done: Review, row: int, proposed: pd.DataFrame, blind: bool = False) -> None:
    """The products to choose from: the one that a rule found, the suggestions (``Proposals.of``),
    or what a search finds. ``blind`` shows the suggestions in no order and without evidence."""
    text = st.text_input(
        "Search the catalogue",
        key=f"search_{row}_{state().uploads}",
        placeholder="Reference, barcode or words of the name",
    )
    rejected = _rejected(done, row)
    ids, best = _found(done, row, text, proposed, rejected), proposed["product_id"].head(1)
    if blind:
        ids = sorted(ids, key=lambda product: hash((row, product)))
    if rejected:
        st.button(
            f"Show {counted(len(rejected), 'rejected product')} again",
            key=f"unreject_{row}",
            on_click=_take_rejections_back,
            args=(done, row),
            type="tertiary",
        )
    if not ids:
        st.caption(
            "No product has these words. Try fewer, or a part of the reference."
            if text
            else "Nothing to propose: search for words of the product, or a part of its reference."
        )
    title = done.file.listings.at[row, "title"]
    figures = proposed.set_index("product_id")
    for at, product in enumerate(done.catalogue.by_id.loc[ids].itertuples()):
        known = figures.loc[product.Index] if product.Index in figures.index and not blind else None
        _show_product(done, row, product, title, known, at + 1, first=at == 0 and not blind)
    if not blind and len(best) and not text:
        _show_evidence(done, row, proposed)


def _found(
    done: Review, row: int, text: str, proposed: pd.DataFrame, rejected: list[int]
) -> list[int]:
    """The ids of the products to show, best first."""
    if text:
        found = search(done.catalogue, text, SEARCHED + len(rejected))["id"].to_list()
    else:
        candidate = int(done.matches.at[row, "candidate"])
        found = [candidate] * bool(candidate) + proposed["product_id"].to_list()
        if not found:
            listing = done.file.listings.loc[row]
            words = listing["title"] or listing["reference"]
            found = search(done.catalogue, words, SEARCHED)["id"].to_list()
    return [product for product in dict.fromkeys(found) if product not in rejected][:SEARCHED]


def _show_product(
    done: Review, row: int, product, title: str, known: pd.Series | None, place: int, first: bool
) -> None:
    sku = plain(done.file.listings.at[row, "sku"])
    buttons, text = st.columns([5, 11], vertical_alignment="center")
    with buttons.container(horizontal=True):
        st.button(
            "Choose",
            key=f"choose_{row}_{product.Index}",
            on_click=decide,
            args=(done, row, Choice(product.Index)),
            type="primary" if first else "secondary",
            shortcut="Enter" if first else str(place),
            help=f"Tie {sku} to {plain(product.name)}",
        )
        st.button(
            "Not this",
            key=f"reject_{row}_{product.Index}",
            on_click=_reject,
            args=(done, row, product.Index),
            type="tertiary",
            shortcut="N" if first else None,
            help="Never propose it for this listing again, and let no rule that is not exact "
            "choose it. Kept at once: it changes nothing in Odoo.",
        )
    code = plain(product.reference) or "no reference"
    barcode = f"barcode {plain(product.barcode)}" if product.barcode else "no barcode"
    archived = "" if product.active else " :orange-badge[archived]"
    told = f" · {_badges(known)}" if known is not None else ""
    name = marked(product.name, title) if title else plain(product.name)
    text.markdown(f"**{code}** · {name}{archived}  \n:small[{barcode}]{told}")


def _badges(known: pd.Series) -> str:
    """How certain a suggestion is, and what contradicts it."""
    tone = "green" if known["safe"] else "blue" if known["certainty"] >= 0.5 else "gray"
    told = [f":{tone}-badge[{known['certainty']:.0%} certain]"]
    against = [part for part in PARTS if known[part] < DIFFERS]
    return " ".join(told + [f":red-badge[{part} differs]" for part in against])


def _show_evidence(done: Review, row: int, proposed: pd.DataFrame) -> None:
    """Why a suggestion has its score, as a waterfall; of the best one unless another is chosen."""
    references = done.catalogue.by_id.loc[proposed["product_id"], ["reference", "name"]]
    names = references["reference"].where(references["reference"] != "", references["name"])
    icon = ":material/bar_chart:"
    with st.expander("Why", key="evidence", icon=icon, on_change="rerun") as opened:
        if not opened.open:
            return
        which = st.segmented_control(
            "Suggestion",
            range(len(proposed)),
            default=0,
            required=True,
            format_func=lambda at: plain(names.iloc[at]),
            key=f"evidence_{row}_{state().uploads}",
            label_visibility="collapsed",
        )
        shown = proposed.iloc[which]
        st.plotly_chart(
            charts.evidence(shown[["start", *PARTS]].astype(float)),
            key=f"waterfall_{row}",
            config={"displayModeBar": False},
            alt="What speaks for this product and against it",
        )
        ahead = "above the next one" if which == 0 else "from the best one"
        st.caption(
            f"Certainty {shown['certainty']:.1%}; its score is {shown['margin']:+.1f} {ahead}. A "
            "score above 0 says that it is more likely this product than none."
        )


def decide(done: Review, row: int, choice: Choice) -> None:
    """Take a decision on the row in sight. The buttons of the one before are there for a moment
    longer, and hear the same keys."""
    if not state().answer(row):
        return
    key = done.keys[row]
    why = str(done.matches.at[row, "reason"])
    taken = Choice(choice.product_id, choice.note, why)
    state().decide(session.owner(done.seller), key, taken)


def _rejected(done: Review, row: int) -> list[int]:
    mine = done.rejected["key"] == done.keys[row]
    return done.rejected.loc[mine, "product_id"].to_list()


def _rejections(done: Review, row: int) -> pd.DataFrame:
    """What is kept of products that are not the listing's (DECISION_COLUMNS)."""
    kept = done.memory.decisions
    kept = kept[kept["verdict"] == Verdict.REJECT.value]
    return kept[listing_keys(kept) == done.keys[row]]


def _reject(done: Review, row: int, product: int) -> None:
    if not state().answer(row):
        return
    listing, why = done.file.listings.loc[row], str(done.matches.at[row, "reason"])
    kept = memory.rejection(listing, product, done.catalogue, session.user(), session.now(), why)
    session.keep(done.seller, kept)


def _take_rejections_back(done: Review, row: int) -> None:
    session.forget(done.seller, _rejections(done, row))
