"""What a title says: words, model numbers, plain numbers, sizes, pack sizes and colours.

Each function takes a folded text and returns the marks that it carries, as text.
"""

import json
import re
import unicodedata
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_MARKS = re.compile("[\u0300-\u036f]")
_CJK = r"\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_NUMBER = r"\d+(?:[.,]\d+)*"
_WORD = re.compile(rf"[{_CJK}]+|[^\W\d_{_CJK}]+|{_NUMBER}")
_CHUNK = re.compile(r"[^\s()\[\]{},;|\"&+]+")
_PART = re.compile(rf"[^\W_{_CJK}]+")
_ALONE = r"(?<![\w.,-])"
_PLAIN = re.compile(
    rf"(?=\d)(?:{_ALONE}|(?<={_ALONE}v)|(?<={_ALONE}\.)|(?<={_ALONE}v\.)|(?<=[^\W\d_]{{4}}))"
    rf"({_NUMBER})(?![\w-])"
)
_VERSION = re.compile(rf"v\.?{_NUMBER}[^\W\d_]?")
_SIGNS = re.compile(r"[\W_]+")
_WITHIN = re.compile(r"(?<=\w)[-/.](?=\w)")


def fold(text: str) -> str:
    """One spelling for case, width and accents: "Größe ＡＢＣ" becomes "grosse abc"."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if folded.isascii():
        return folded
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", folded)))


_TABLES = json.loads(Path(__file__).with_name("words.json").read_text("utf-8"))
COLOURS: dict[str, str] = {
    fold(spelling): colour
    for colour, spellings in _TABLES["colours"].items()
    for spelling in spellings
}
"""Spelling -> colour, in the languages of Amazon's marketplaces."""
_UNITS: dict[str, tuple[str, float]] = {
    fold(spelling): (dimension, factor)
    for dimension, units in _TABLES["units"].items()
    for spelling, factor in units.items()
}
_SPELLINGS = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_SIZE = re.compile(rf"(?<![\w.])({_NUMBER})[\s-]?({_SPELLINGS})(?![^\W{_CJK}])")
# No "teilig": "24 Stück" are 24 things, and "24-teilig" is one of 24 parts.
_PIECES = "|".join(sorted(map(fold, _TABLES["pieces"]), key=len, reverse=True))
_PACKS = [
    re.compile(pattern)
    for pattern in (
        rf"\b(?:{'|'.join(_TABLES['packs'])})\s(?:of|de|von|di|van|da|a)\s(\d{{1,4}})\b",
        rf"(?<![\w.])(\d{{1,4}})[\s-]?(?:er|x)?[\s-]?(?:{_PIECES})(?![^\W{_CJK}])",
        r"\bpack\s(\d{1,3})\b",
        # In the middle of a title, "2x HDMI" and "10x zoom" say what a thing has.
        r"(?:^|[(\[,;:+/|–-]\s?)(?<!\d,)(\d{1,3})\s?x(?=\s|$)(?!\s\d+\s?(?:x|[cm]m)\b)",
        r"(?<![\w.])(?<!\d,)(\d{1,3})\s?x(?=\s\d|\s?[)\],;|]|\s*$)(?!\s\d+\s?(?:x|[cm]m)\b)",
        r"(?:^|(?<=\()|(?<=\[))x\s?(\d{1,3})(?![\w.])",
        r"(?<=\D\s)x\s?(\d{1,3})(?=\s*(?:$|[)\],;:|/–-]))",
    )
]
_LENGTH = r"(?:[cmd]m|(?:[cz]enti|milli)met(?:re|er|ro)s?|in|inch(?:es)?|zoll|ft|feet)\b|\"|′′"
_MEASURE = rf"(?<![\w.,]){_NUMBER}"
_COUNTED = r"(?<![\w.,])(?:[2-9]|1[0-2])\s?x\s?\d{3,}\s[^\W\d_]{2,}"
"""A few times a hundred or more of what is named: "2 x 500 sheets"."""
_DIMENSIONS = re.compile(
    rf"{_MEASURE}\s?(?:{_LENGTH}|m\b)\s?x\s?{_NUMBER}(?:\s?(?:{_LENGTH}|m\b))?"
    rf"|{_MEASURE}\s?x\s?{_NUMBER}\s?(?:{_LENGTH})(?:\s?x\s?{_NUMBER}\s?(?:{_LENGTH}))?"
    rf"|{_MEASURE}\s?x\s?{_NUMBER}\s?x\s?{_NUMBER}(?:\s?(?:{_LENGTH}))?"
    rf"|(?!{_COUNTED}){_MEASURE}\s?x\s?{_NUMBER}(?![\w.,-]|\s?(?:{_SPELLINGS}|{_PIECES})\b)"
    rf"|{_MEASURE}\s?x\s?(?:{_LENGTH})"
)
"""Length and width: in "120 x 60" nothing is a pack of 120. A number of pieces says what each is:
"6 x 330 ml"."""
_SPACES = r"\s\v\p{Z}\x1c-\x1f\x{85}"
_PACK_HINT = (
    rf"\p{{Nd}}[{_SPACES}-]?(?:x|(?:er)?[{_SPACES}-]?(?:{_PIECES}))|x[{_SPACES}]?\p{{Nd}}"
    rf"|(?:{'|'.join(_TABLES['packs'])})[{_SPACES}](?:[a-z]{{1,3}}[{_SPACES}])?\p{{Nd}}"
)
"""What a folded text has that any of _PACKS finds. A pattern of Arrow's, which knows digits and
spaces of other scripts by these names only."""


def closed(text: str) -> str:
    """The text without the separators inside its words: "ps-lx350h" becomes "pslx350h"."""
    return _WITHIN.sub("", text)


def only_letters(text: str) -> str:
    """The text without spaces and signs."""
    return _SIGNS.sub("", text)


def words(text: str) -> list[str]:
    """Runs of letters, numbers, and pairs of signs where words are not set apart."""
    found = _WORD.findall(text)
    if text.isascii():
        return found
    split: list[str] = []
    for word in found:
        if word[0] >= "\u3005" and len(word) > 2:
            split += [word[at : at + 2] for at in range(len(word) - 1)]
        else:
            split.append(word)
    return split


def codes(text: str) -> set[str]:
    """What may be model numbers: letters with digits, or five digits and more; written with or
    without separators, and over two words where the second has the digits. "v10.0" is none."""
    found: set[str] = set()
    before = ""
    for chunk in _CHUNK.findall(text):
        if chunk.isascii() and chunk.isalpha():
            before = chunk
            continue
        parts = _PART.findall(chunk)
        if not parts or _VERSION.fullmatch(chunk):
            continue
        whole = "".join(parts)
        found.update(parts, (whole,))
        if before.isalpha() and len(before) <= 4 and len(whole) >= 3 and not whole.isalpha():
            found.add(before + whole)
        before = whole
    return {code for code in found if _is_code(code)}


def _is_code(code: str) -> bool:
    if len(code) < 4 or code.isalpha() or _SIZE.fullmatch(code):
        return False
    return len(code) >= 5 if code.isdecimal() else any(sign.isdecimal() for sign in code)


def stems(codes: set[str]) -> set[str]:
    """Model numbers, and each without up to three signs at its end, where colour and country
    stand."""
    return {
        code[:length]
        for code in codes
        for length in range(max(4, len(code) - 3), len(code) + 1)
        if not code[:length].isalpha()
    }


def numbers(text: str) -> set[str]:
    """Numbers that stand alone or end a word, as versions and years do; no sizes."""
    return {_plain(number) for number in _PLAIN.findall(_SIZE.sub(" ", text))}


def sizes(text: str) -> set[str]:
    """Quantities with a unit, in the unit of their dimension: "1.5 l" becomes "volume 1500"."""
    return set(spelt_sizes(text))


def spelt_sizes(text: str) -> dict[str, str]:
    """The same, each with how the text spells it."""
    found = {}
    for number, spelling in _SIZE.findall(text):
        dimension, factor = _UNITS[spelling]
        found[f"{dimension} {_value(number) * factor:.6g}"] = f"{number} {spelling}"
    return found


def may_be_packs(texts: pa.Array) -> np.ndarray:
    """Which texts, folded or not, may say a pack (bool). For all others ``pack`` is 0, and
    ``without_packs`` changes nothing: this is the quicker way to know it."""
    strange = pc.invert(pc.string_is_ascii(texts))
    # As ``fold`` does.
    apart = pc.utf8_normalize(texts.filter(strange), "NFKD")
    bare = pc.utf8_normalize(pc.replace_substring_regex(apart, _MARKS.pattern, ""), "NFC")
    texts = pc.replace_with_mask(texts, strange, bare)
    found = pc.match_substring_regex(texts, _PACK_HINT, ignore_case=True)
    return found.to_numpy(zero_copy_only=False)


def without_packs(text: str) -> str:
    """The text without what says how many pieces it is about."""
    for pattern in _PACKS:
        text = pattern.sub(" ", text)
    return text


def pack(text: str) -> int:
    """How many pieces a title says it is about; 0 if it does not say."""
    text = _DIMENSIONS.sub(" ", text)
    for pattern in _PACKS:
        if found := pattern.search(text):
            return int(found[1])
    return 0


def colours(text: str) -> set[str]:
    """Colours that stand for themselves: in "BLU4" there is none."""
    found = {COLOURS[word] for word in COLOURS.keys() & {*_PART.findall(text)}}
    if not text.isascii():
        found |= {COLOURS[sign] for sign in COLOURS if sign > "\u3005" and sign in text}
    return found


def _plain(number: str) -> str:
    """ "6.0" and "6" are one version, "1,000" and "1000" one number."""
    return f"{_value(number):.10g}"


def _value(number: str) -> float:
    thousands = re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", number)
    plain = number.replace(",", "") if thousands else number.replace(",", ".")
    whole, _, rest = plain.partition(".")
    return float(f"{whole}.{rest.replace('.', '')}" if rest else whole)
