"""Affix rules: Seller SKUs that are a product's code with something before or after it."""

from collections.abc import Collection, Iterable, Iterator
from itertools import product

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lib.catalogue import Catalogue, texts_of
from lib.match.decisions import Affix, AffixKind
from lib.match.lookup import Codes, Hits, is_in, only, union
from lib.match.normalise import arrow, barcode_key
from lib.match.result import RULES
from lib.match.standing import Rows
from lib.model import Reason, Rule, Seller

_TEXT = np.dtypes.StringDType()

SUPPORT = 3
"""SKUs that must show an affix before it is proposed."""

PROPOSED = 20
"""The most proposals worth reading."""

PROPOSAL_COLUMNS = ["kind", "text", "skus", "others"]
"""Proposed affix rules: ``kind`` (an AffixKind value) and ``text`` str; ``skus`` int64, the known
SKUs that are the reference of their product and this; ``others`` int64, those that would lead to
another product."""


def strip(rows: Rows, affixes: Iterable[Affix]) -> int:
    """Settle open rows whose SKU, without at most one prefix and one suffix, is exactly one
    product's reference or barcode. Returns how many.

    A row that names a reference of its own is not asked for its SKU; that of a report names none.
    """
    asking = rows.open & ~is_in(rows.key, rows.key[(rows.candidate > 0) & (rows.product == 0)])
    if not rows.assumed:
        asking &= ~rows.named
    if not asking.any():
        return 0
    skus = rows.listings.loc[asking, "sku"].str.strip()
    part, words = _found_without(rows, skus, tuple(affixes))
    found = Hits(*(np.zeros(len(asking), np.int64) for _ in part))
    for of_all, of_asking in zip(found, part, strict=True):
        of_all[asking] = of_asking
    rows.settle(asking, found, Rule.AFFIX, Reason.AFFIX_SEVERAL)
    settled = asking & (rows.product != 0)
    rows.warn(settled, list(words[settled[asking]]))
    return int(settled.sum())


def _found_without(
    rows: Rows, skus: pd.Series, affixes: tuple[Affix, ...]
) -> tuple[Hits, np.ndarray]:
    """What the SKUs lead to without each prefix and suffix, and which these were, in words."""
    texts, codes = arrow(skus), (*rows.catalogue.codes, _to_be_created(rows))
    total = [np.zeros(len(skus), np.int64) for _ in Hits._fields]
    words = np.full(len(skus), "", object)
    for prefix, suffix in _pairs(affixes):
        at, hits = _without(texts, prefix, suffix, codes)
        for full, part in zip(total, union(Hits(*(all_[at] for all_ in total)), hits), strict=True):
            full[at] = part
        hit = at[hits.product != 0]
        words[hit] = "Seller SKU without " + " and ".join(filter(None, [prefix, suffix]))
    # A SKU that is a code as it stands has that product as another candidate.
    whole = _led_to(only(texts, total[-1] != 0), codes)
    return union(Hits(*total), whole), words


def _pairs(affixes: Iterable[Affix]) -> list[tuple[str, str]]:
    """Each prefix with each suffix, and each of them alone."""
    affixes = tuple(affixes)
    prefixes, suffixes = (
        ["", *(affix.text for affix in affixes if affix.kind is kind)] for kind in AffixKind
    )
    return list(product(prefixes, suffixes))[1:]


def stems(skus: pa.Array, affixes: Iterable[Affix]) -> Iterator[tuple[np.ndarray, pa.Array]]:
    """The places of the SKUs that have a prefix or suffix or both and more, and what is left of
    them without; a pair each way."""
    for prefix, suffix in _pairs(affixes):
        yield _stems(skus, prefix, suffix)


def known_skus(catalogue: Catalogue, seller: Seller) -> pd.DataFrame:
    """The SKUs that a target has of a seller: ``sku`` str, ``product_id`` int64."""
    held = catalogue.amazon_products
    return held.loc[held["seller"] == seller.name, ["sku", "product_id"]]


def not_kept(proposals: pd.DataFrame, rules: Collection[Affix]) -> pd.DataFrame:
    """Those of PROPOSAL_COLUMNS that are no rule yet."""
    ours = {(rule.kind.value, rule.text) for rule in rules}
    pairs = zip(proposals["kind"], proposals["text"], strict=True)
    return proposals[[pair not in ours for pair in pairs]]


def propose(known: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """The affixes that pairs of ``sku`` (str) and ``product_id`` show. Returns PROPOSAL_COLUMNS,
    the most frequent first."""
    known = known.drop_duplicates()
    reference = texts_of(known["product_id"], catalogue.by_id["reference"])
    known = known[(reference != "").to_numpy()]
    skus = known["sku"].str.strip().to_numpy(_TEXT)
    reference = reference[reference != ""].to_numpy(_TEXT)
    before, inside, after = np.strings.partition(skus, reference)
    inside = inside != ""
    proposals = [
        _others(pd.Series(texts[inside & (rest == "")], dtype="str"), kind, known, catalogue)
        for kind, texts, rest in (
            (AffixKind.PREFIX, before, after),
            (AffixKind.SUFFIX, after, before),
        )
    ]
    found = pd.concat(proposals).sort_values(["skus", "others"], ascending=[False, True])
    return found.head(PROPOSED).reset_index(drop=True)


def _others(
    texts: pd.Series, kind: AffixKind, known: pd.DataFrame, catalogue: Catalogue
) -> pd.DataFrame:
    """The texts that many SKUs share, and how many SKUs each would lead to another product."""
    counts = texts[texts != ""].value_counts()
    counts = counts[counts >= SUPPORT].head(PROPOSED)
    skus, tied = arrow(known["sku"].str.strip()), known["product_id"].to_numpy()
    others = []
    for text in counts.index:
        prefix, suffix = (text, "") if kind is AffixKind.PREFIX else ("", text)
        at, hits = _without(skus, prefix, suffix, catalogue.codes)
        others.append(int(((hits.product != 0) & (hits.product != tied[at])).sum()))
    return pd.DataFrame(
        {
            "kind": pd.Series(kind.value, range(len(counts)), dtype="str"),
            "text": pd.array(counts.index, dtype="str"),
            "skus": counts.to_numpy(np.int64),
            "others": np.array(others, np.int64),
        }
    )[PROPOSAL_COLUMNS]


def _without(
    skus: pa.Array, prefix: str, suffix: str, codes: tuple[Codes, ...]
) -> tuple[np.ndarray, Hits]:
    """The places of the SKUs that have both affixes and more, and what they lead to without."""
    at, stems = _stems(skus, prefix, suffix)
    return at, _led_to(stems, codes)


def _stems(skus: pa.Array, prefix: str, suffix: str) -> tuple[np.ndarray, pa.Array]:
    cut = len(prefix) + len(suffix)
    ends = pc.and_(pc.starts_with(skus, prefix), pc.ends_with(skus, suffix))
    at = np.flatnonzero(pc.and_(ends, pc.greater(pc.utf8_length(skus), cut)))
    return at, pc.utf8_slice_codeunits(skus.take(at), len(prefix), -len(suffix) or None)


def _led_to(values: pa.Array, codes: tuple[Codes, ...]) -> Hits:
    """What the values are the code of: by reference, by barcode, and by any other codes."""
    if not len(values):  # a look-up takes its time even for nothing
        return Hits(*np.zeros((3, 0), np.int64))
    by_reference, by_barcode, *others = codes
    found = union(by_reference.find(values), by_barcode.find(barcode_key(values)))
    for more in others:
        found = union(found, more.find(values))
    return found


def _to_be_created(rows: Rows) -> Codes:
    """The references of the products that this file creates: once executed, they are codes."""
    named = rows.rule == RULES.index(Rule.CREATE)
    named &= (rows.listings["title"].str.strip() != "").to_numpy()
    new = pd.DataFrame({"id": rows.product[named], "reference": rows.reference[named].str.strip()})
    new = new.drop_duplicates("id").assign(active=True)
    return Codes(arrow(new["reference"]), new)
