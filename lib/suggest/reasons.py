"""What the parts of an explanation are about, in words: which marks agreed and which differed."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from lib.suggest.evidence import PARTS
from lib.suggest.index import Index, Said, longest
from lib.suggest.text import fold, only_letters, spelt_sizes


def reasons(listings: pd.DataFrame, index: Index, pairs: pd.DataFrame) -> pd.DataFrame:
    """What each part of ``explain`` is about. ``pairs`` has listing and product, as ``suggest``
    returns them.

    Returns PARTS as columns (str) with the index of ``pairs``: what both say, or what the listing
    says "≠" what the product says; "" for parts that are 0. Made for the pairs of a screen: these
    are looked at one by one.
    """
    rows, held = listings.loc[pairs["listing"]], index.products.loc[pairs["product"]]
    ours, theirs = Said.of(rows, "title"), Said.of(held, "name")
    models = tuple(index.telling(said.models)[0] for said in (ours, theirs))
    of = index.products.index.get_indexer(pairs["product"])
    alike = zip(*index.spelling(ours, np.arange(len(pairs)), of), strict=True)
    told = [
        _of_pair(index, ours, theirs, at)
        | {"model number": _model(ours, theirs, at, *(each[at] for each in models))}
        | {"spelling": _spelling(*letters), "size": _size(title, name)}
        for at, (title, name, letters) in enumerate(
            zip(rows["title"], held["name"], alike, strict=True)
        )
    ]
    return pd.DataFrame(told, pairs.index, list(PARTS), dtype="str")


def _of_pair(index: Index, ours: Said, theirs: Said, at: int) -> dict[str, str]:
    return {
        "barcode": _either(ours.gtins[at], theirs.gtins[at]),
        "brand": _brand(index, ours, theirs, at),
        "title words": _words(index, ours, theirs, at),
        "numbers": _each(ours.numbers[at], theirs.numbers[at]),
        "pack size": _pack(int(ours.packs[at]), int(theirs.packs[at])),
        "colour": _either(ours.colours[at], theirs.colours[at]),
        "price": _price(ours.prices[at], theirs.prices[at]),
    }


def _spelling(alike: float, within: float) -> str:
    return f"{alike:.0%} alike, {within:.0%} of the shorter" if alike else ""


def _each(ours: set[str], theirs: set[str]) -> str:
    """What both have, and what each has that the other lacks, if both have such."""
    return _told(ours & theirs, ours - theirs, theirs - ours)


def _told(both: Iterable[str], left: Iterable[str], right: Iterable[str]) -> str:
    differ = f"{_list(left)} ≠ {_list(right)}" if left and right else ""
    return "; ".join(filter(None, [_list(both), differ]))


def _either(ours: set[str], theirs: set[str]) -> str:
    """What both have, or else what each has."""
    return _list(ours & theirs) or _each(ours, theirs)


def _model(ours: Said, theirs: Said, at: int, left: str, right: str) -> str:
    """What both have, or the most telling of one that the other's title holds, or what each has;
    ``left`` and ``right`` are the most telling of each."""
    if both := ours.codes[at] & theirs.codes[at]:
        return longest(both)
    for code, title in ((right, ours.closed[at]), (left, theirs.closed[at])):
        if code and code in only_letters(title):
            return code
    return _each(_bare(ours.models[at]), _bare(theirs.models[at]))


def _bare(codes: set[str]) -> set[str]:
    """Without those that are another with the word before it."""
    return {
        code
        for code in codes
        if not any(code.removesuffix(other).isalpha() for other in codes - {code})
    }


def _brand(index: Index, ours: Said, theirs: Said, at: int) -> str:
    left, right = index.brands & {ours.leads[at]}, index.brands & {theirs.leads[at]}
    both = left & theirs.all_words[at] | right & ours.all_words[at]
    return _list(both) or _each(left, right)


def _words(index: Index, ours: Said, theirs: Said, at: int) -> str:
    """Those of both in the order of the title, and those of the title that are like others."""
    both = ours.words[at] & theirs.all_words[at] | theirs.words[at] & ours.all_words[at]
    told = sorted(sorted(both), key=ours.closed[at].find)
    for word in sorted(ours.words[at] - both, key=ours.closed[at].find):
        like = index.words.kin_of(word, theirs.all_words[at] - ours.words[at])
        told += [f"{word} ~ {other}" for other in sorted(like)]
    return ", ".join(told)


def _pack(one: int, other: int) -> str:
    if max(one, 1) == max(other, 1):
        return ""
    return f"{one or 'none named'} ≠ {other or 'none named'}"


def _size(title: str, name: str) -> str:
    ours, theirs = spelt_sizes(fold(title)), spelt_sizes(fold(name))
    same = {size.split()[0] for size in ours} & {size.split()[0] for size in theirs}
    both = [ours[size] for size in ours if size in theirs]
    left, right = (
        [spelt for size, spelt in one.items() if size.split()[0] in same and size not in other]
        for one, other in ((ours, theirs), (theirs, ours))
    )
    return _told(both, left, right)


def _price(one: float, other: float) -> str:
    if np.isnan(one) or np.isnan(other):
        return ""
    return f"{one:g}" if one == other else f"{one:g} ≠ {other:g}"


def _list(marks: Iterable[str]) -> str:
    return ", ".join(sorted(marks))
