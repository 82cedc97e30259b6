"""Affix rules: what a seller puts before or after references, each tried before it is kept."""

from contextlib import suppress
from dataclasses import replace

import pandas as pd
import streamlit as st

from lib import memory
from lib.match.affix import known_skus, not_kept, propose
from lib.match.decisions import Affix, AffixKind
from lib.model import Lane, MapperError, Reason, Rule
from lib.results import result_rows
from lib.review import Review, again
from lib.run.engine import engine
from lib.source import map_out
from lib.ui.rows import shown_rows
from lib.ui.tables import offer_csv, show_table
from lib.ui.text import counted, plain, problem

PREVIEW = {"sku": "Seller SKU", "where": "Where", "product": "Odoo product", "warning": "Note"}


def show_rules(done: Review, key: tuple) -> None:
    """The seller's affix rules, proposals for more, and a rule to try and to add; ``key`` tells
    this review from every other."""
    rules = done.memory.affixes
    applied = f" ({len(rules):,} applied)" if rules else ""
    if not st.toggle(
        f"Show affix rules{applied}", key="affixes", help="Such as: FURN_7777-FBA is FURN_7777."
    ):
        return
    with st.container(border=True):
        st.caption(
            "Seller SKUs that are a reference or barcode with something before or after it, such "
            "as FURN_7777-FBA. At most one prefix and one suffix are removed; what is left must be "
            "exactly one product's code."
        )
        for rule in rules:
            _show_rule(done, rule)
        _offer_proposals(_proposed(done, key))
        _try(done, key)


def _show_rule(done: Review, rule: Affix) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Remove",
            key=f"remove_{rule.kind}_{rule.text}",
            on_click=_remove,
            args=(done.seller.name, rule),
        )
        st.markdown(f"{rule.kind.value.capitalize()} **{plain(rule.text)}**")


def _remove(seller: str, rule: Affix) -> None:
    with suppress(MapperError):  # somebody else was faster
        memory.remove_affix(engine().store, seller, rule)


@st.cache_resource(max_entries=2, scope="session", show_spinner=False)
def _proposals(key: tuple, _done: Review) -> pd.DataFrame:
    matches, listings = _done.matches, _done.file.listings
    settled = (matches["product_id"] > 0) & (matches["rule"] != Rule.AFFIX.value)
    here = pd.DataFrame(
        {
            "sku": listings.loc[settled, "sku"].str.strip(),
            "product_id": matches.loc[settled, "product_id"],
        }
    )
    return propose(pd.concat([known_skus(_done.catalogue, _done.seller), here]), _done.catalogue)


def _proposed(done: Review, key: tuple) -> pd.DataFrame:
    """What the mapped and matched rows show and no rule says yet."""
    return not_kept(_proposals(key, done), done.memory.affixes).head(5)


def _offer_proposals(proposed: pd.DataFrame) -> None:
    for kind, text, skus, others in proposed.itertuples(index=False):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button("Try", key=f"try_{kind}_{text}", on_click=_fill_in, args=(kind, text))
            against = f" {counted(others, 'SKU')} would lead to another product." if others else ""
            place = "before" if kind == AffixKind.PREFIX else "after"
            st.markdown(
                f"{counted(skus, 'matched SKU')} are the reference with **{plain(text)}** {place} "
                f"it.{against}"
            )


def _fill_in(kind: str, text: str) -> None:
    st.session_state["affix_kind"], st.session_state["affix_text"] = AffixKind(kind), text


def _try(done: Review, key: tuple) -> None:
    """A rule that is not kept yet, and what it would match in this file."""
    st.session_state.setdefault("affix_kind", AffixKind.SUFFIX)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.segmented_control(
            "Where it stands",
            list(AffixKind),
            format_func=lambda kind: kind.value.capitalize(),
            required=True,
            key="affix_kind",
        )
        text = st.text_input("Text", key="affix_text", placeholder="-FBA", width=200).strip()
    if not text:
        return
    rule = Affix(kind, text)
    if rule in done.memory.affixes:
        st.caption("This rule is kept.")
        return
    tried = _tried((*key, rule), done, rule)
    rows = shown_rows(tried, tried.matches.index[_changed(done, tried)])
    found = int((rows["lane"] == Lane.MATCHED.value).sum())
    waits = int((rows["why"] == Reason.AFFIX_SEVERAL.value).sum())
    st.caption(
        f"{counted(found, 'row')} of this file would be matched, {counted(waits, 'row')} would "
        f"have several candidates and wait for you."
    )
    if not rows.empty:
        named = rows["product"].where(rows["product"] != "", rows["why"])
        show_table(
            rows.assign(product=named)[[*PREVIEW]].rename(columns=PREVIEW),
            240,
            "What the rule would change",
        )
    with st.container(horizontal=True):
        if st.button("Keep this rule", type="primary"):
            try:
                memory.add_affix(engine().store, done.seller.name, rule)
            except MapperError as error:
                problem(error)
            else:
                st.rerun()
        offer_csv(
            "CSV",
            lambda: map_out.to_csv(result_rows(tried, rows.index)),
            "affix_rule.csv",
            type="tertiary",
            disabled=rows.empty,
        )


def _changed(done: Review, tried: Review) -> pd.Series:
    """The rows that one rule more would tie to another product, or have wait for another reason."""
    before, after = done.matches, tried.matches
    return (before["product_id"] != after["product_id"]) | (before["reason"] != after["reason"])


@st.cache_resource(max_entries=4, scope="session", show_spinner="Trying the rule…")
def _tried(key: tuple, _done: Review, _rule: Affix) -> Review:
    """The review with one rule more."""
    kept = replace(_done.memory, affixes=(*_done.memory.affixes, _rule))
    return again(_done, memory=kept)
