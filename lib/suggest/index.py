"""A catalogue prepared for suggestions: built once, asked often."""

import os
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy import sparse
from sparse_dot_topn import sp_matmul_topn
from stdnum import ean

from lib.suggest import text
from lib.suggest.collector import paused
from lib.suggest.vectors import Letters, Marks, shared, weigh

CANDIDATES = 20
"""How many products are looked at for a listing, by their letters."""
COMMON = (100, 1_000)
"""Letter groups of more than a third of the products do not help to find candidates, nor those of
more than so many, at least and at most: without them, the time for a listing hardly grows with the
catalogue."""
EXACT = 5
"""How many more, that have its barcode or share its rarest model numbers."""
_BRAND_NAMES = 3
"""How many products have to begin with a word for it to count as a brand."""


Spelling = tuple[np.ndarray, np.ndarray]
"""How alike the letter groups of each pair are, and how far those of the shorter text are within
the longer: 0 to 1 (float32)."""


@dataclass(frozen=True)
class Said:
    """What the rows of a frame say, an entry each; the functions of lib.suggest.text name them."""

    closed: list[str]
    words: list[set[str]]
    leads: list[str]
    all_words: list[set[str]]
    models: list[set[str]]
    codes: list[set[str]]
    stems: list[set[str]]
    numbers: list[set[str]]
    sizes: list[set[str]]
    dimensions: list[set[str]]
    colours: list[set[str]]
    gtins: list[set[str]]
    packs: np.ndarray
    prices: np.ndarray

    @classmethod
    def of(cls, frame: pd.DataFrame, title: str) -> "Said":
        """Read the column ``title`` and, where they are there, brand, model, price, reference, sku,
        barcode and ean: all text, "" for none. ``words`` are the title's, ``all_words`` the brand's
        as well; the first of the brand, or else of the title, leads. ``models`` are the model
        numbers of title and model, ``codes`` those of reference and sku as well, which may be the
        seller's own and thus agree but never differ."""

        def column(name: str) -> list[str]:
            return [text.fold(cell) for cell in frame[name]] if name in frame else [""] * len(frame)

        titles = column(title)
        words, brands = (list(map(text.words, texts)) for texts in (titles, column("brand")))
        named = map(" ".join, zip(titles, column("model"), strict=True))
        others = map(" ".join, zip(column("reference"), column("sku"), strict=True))
        barcodes = zip(column("barcode"), column("ean"), strict=True)
        packs, bare = np.zeros(len(titles), np.int64), titles.copy()
        for at in np.flatnonzero(text.may_be_packs(pa.array(titles, pa.string()))):
            packs[at], bare[at] = text.pack(titles[at]), text.without_packs(titles[at])
        prices = pd.to_numeric(pd.Series(column("price")), errors="coerce").to_numpy(float)
        return cls(
            closed=list(map(text.closed, titles)),
            words=list(map(set, words)),
            leads=[
                (of_brand or own or [""])[0] for of_brand, own in zip(brands, words, strict=True)
            ],
            all_words=[{*own, *of_brand} for of_brand, own in zip(brands, words, strict=True)],
            models=(models := list(map(text.codes, named))),
            codes=(
                codes := [
                    {*own, *text.codes(other)} for own, other in zip(models, others, strict=True)
                ]
            ),
            stems=list(map(text.stems, codes)),
            numbers=list(map(text.numbers, bare)),
            sizes=(sizes := list(map(text.sizes, titles))),
            dimensions=[{size.split()[0] for size in each} for each in sizes],
            colours=list(map(text.colours, titles)),
            gtins=[{key for code in codes if (key := gtin(code))} for codes in barcodes],
            packs=packs,
            prices=np.where(prices > 0, prices, np.nan),
        )


def gtin(code: str) -> str:
    """A valid UPC, EAN or GTIN as 14 digits; "" for anything else."""
    digits = code.strip()
    if not (digits.isascii() and digits.isdecimal() and len(digits) in (8, 12, 13, 14)):
        return ""
    return digits.zfill(14) if ean.is_valid(digits) else ""


class Index:
    """``products`` has name and, where they are there, reference, model, barcode, brand and price:
    text, "" for none; its index has no label twice. Everything here speaks of the positions of its
    rows. Nothing changes once it is built, so that threads and sessions may share one, and it
    pickles."""

    @paused()
    def __init__(self, products: pd.DataFrame) -> None:
        said = Said.of(products, "name")
        self.products = products
        self.letters = Letters(said.closed)
        self.words = Marks(said.all_words)
        self.codes = Marks(said.codes)
        self.rare_codes = weigh(self.codes.rows, self.codes.weights)
        self.stems = Marks(said.stems)
        self.numbers = Marks(said.numbers)
        self.sizes = Marks(said.sizes)
        self.dimensions = Marks(said.dimensions)
        self.colours = Marks(said.colours)
        self.gtins = Marks(said.gtins)
        self.closed = np.array(said.closed, object)
        self.joined = np.array([text.only_letters(each) for each in said.closed], object)
        self.models, self.model_worth = self.telling(said.models)
        self.packs, self.prices = said.packs, said.prices
        often = Counter(said.leads)
        self.brands = frozenset(
            lead
            for lead, count in often.items()
            if count >= _BRAND_NAMES and len(lead) > 1 and not lead[0].isdecimal()
        )
        """Words that several products begin with, or have as their brand."""
        self.word_weights = self.words.weights + 1
        self.name_words = weigh(self.words.of(said.words), self.word_weights)
        self.kin = self.words.kin()
        rare_stems = weigh(self.stems.rows, self.stems.weights)
        self.leads = self.words.of([self.brands & {lead} for lead in said.leads])
        columns = [products[name] for name in ("name", "reference") if name in products]
        self.order = np.argsort(np.lexsort(columns[::-1]), kind="stable")
        """The place of each product by its name, whatever the order of the rows."""
        having = np.bincount(self.letters.rows.indices, minlength=self.letters.rows.shape[1])
        self._common = having > np.clip(len(products) // 3, *COMMON)
        self._common_letters = _only(self.letters.rows, self._common)
        self._by_letters = _only(self.letters.rows, ~self._common).T.tocsr()
        self._by_gtin = self.gtins.rows.T.tocsr()
        self._by_stem = rare_stems.T.tocsr()

    def telling(self, models: list[set[str]]) -> tuple[np.ndarray, np.ndarray]:
        """Of each set the model number that tells most, "" for none (object), and what it is worth:
        its length in tens, up to 1.2, times how rare it is, 0 to 1 (float32)."""
        known, unseen = self.codes, self.codes.unseen
        worth = {
            code: min(len(code), 12) / 10 * known.weight(code) / unseen
            for code in set().union(*models)
        }
        told = [max(each, key=lambda code: (worth[code], code), default="") for each in models]
        return np.array(told, object), np.array([worth.get(code, 0) for code in told], np.float32)

    def candidates(self, listings: Said) -> tuple[np.ndarray, np.ndarray, Spelling]:
        """Pairs that may be true: position of the listing and of the product (int32, by listing),
        and their spelling."""
        letters, lengths = self.letters.of(listings.closed)
        near = _best(letters, self._by_letters, CANDIDATES)
        exact = _best(self.gtins.of(listings.gtins), self._by_gtin, EXACT)
        exact += _best(self.stems.of(listings.stems), self._by_stem, EXACT)
        pairs = (near.astype(bool) + exact.astype(bool)).tocoo()
        at, of = pairs.row, pairs.col
        # What the search for the near ones has summed up is not summed up again.
        alike = np.asarray(near[at, of]).ravel() if len(at) else np.zeros(0, np.float32)
        far = np.flatnonzero(alike == 0)
        alike += shared(_only(letters, self._common), self._common_letters, at, of)
        alike[far] = shared(letters, self.letters.rows, at[far], of[far])
        return at, of, self._spelling(alike, lengths, at, of)

    def spelling(self, listings: Said, at: np.ndarray, of: np.ndarray) -> Spelling:
        """The spelling of any pairs: listing ``at``, product ``of``."""
        letters, lengths = self.letters.of(listings.closed)
        return self._spelling(shared(letters, self.letters.rows, at, of), lengths, at, of)

    def _spelling(
        self, alike: np.ndarray, lengths: np.ndarray, at: np.ndarray, of: np.ndarray
    ) -> Spelling:
        ratio = lengths[at] / self.letters.lengths[of]
        return alike, np.minimum(alike * np.maximum(ratio, 1 / ratio), 1)


def _only(letters: sparse.csr_matrix, groups: np.ndarray) -> sparse.csr_matrix:
    """The rows with these groups (bool, one a column) only."""
    rows = letters.copy()
    rows.data[~groups[rows.indices]] = 0
    rows.eliminate_zeros()
    return rows


def longest(codes: set[str]) -> str:
    """The longest model number, "" for none."""
    return max(codes, key=lambda code: (len(code), code), default="")


def _best(
    listings: sparse.csr_matrix, products: sparse.csr_matrix, count: int
) -> sparse.csr_matrix:
    """For each listing the ``count`` products (columns) with the highest dot product above 0."""
    return sp_matmul_topn(listings, products, top_n=count, threshold=0, n_threads=os.cpu_count())
