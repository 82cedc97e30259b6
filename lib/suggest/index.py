"""A catalogue prepared for suggestions: built once, asked often."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from sparse_dot_topn import sp_matmul_topn
from stdnum import ean

from lib.suggest import text
from lib.suggest.vectors import Letters, Marks, shared, weigh

CANDIDATES = 20
"""How many products are looked at for a listing, by their letters."""
COMMON = 3_000
"""Letter groups of more products than that do not help to find candidates: without them, the time
for a listing hardly grows with the catalogue."""
EXACT = 5
"""How many more, that have its barcode or share its rarest model numbers."""
_BRAND_NAMES = 3
"""How many products have to begin with a word for it to count as a brand."""
THREADS = 2


@dataclass(frozen=True)
class Said:
    """What the rows of a frame say, an entry each; the functions of lib.suggest.text name them."""

    closed: list[str]
    words: list[set[str]]
    leads: list[str]
    all_words: list[set[str]]
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
        """Read the column ``title`` and, where they are there, brand, price, reference, sku,
        barcode and ean: all text, "" for none. ``words`` are the title's, ``all_words`` the brand's
        as well; the first of the brand, or else of the title, leads."""

        def column(name: str) -> list[str]:
            return [text.fold(cell) for cell in frame[name]] if name in frame else [""] * len(frame)

        titles = column(title)
        words, brands = (list(map(text.words, texts)) for texts in (titles, column("brand")))
        coded = map(" ".join, zip(titles, column("reference"), column("sku"), strict=True))
        barcodes = zip(column("barcode"), column("ean"), strict=True)
        prices = pd.to_numeric(pd.Series(column("price")), errors="coerce").to_numpy(float)
        return cls(
            closed=list(map(text.closed, titles)),
            words=list(map(set, words)),
            leads=[
                (of_brand or own or [""])[0] for of_brand, own in zip(brands, words, strict=True)
            ],
            all_words=[{*own, *of_brand} for of_brand, own in zip(brands, words, strict=True)],
            codes=(codes := [text.codes(each) for each in coded]),
            stems=list(map(text.stems, codes)),
            numbers=list(map(text.numbers, titles)),
            sizes=(sizes := list(map(text.sizes, titles))),
            dimensions=[{size.split()[0] for size in each} for each in sizes],
            colours=list(map(text.colours, titles)),
            gtins=[{key for code in codes if (key := gtin(code))} for codes in barcodes],
            packs=np.fromiter(map(text.pack, titles), np.int64, len(titles)),
            prices=np.where(prices > 0, prices, np.nan),
        )


def gtin(code: str) -> str:
    """A valid UPC, EAN or GTIN as 14 digits; "" for anything else."""
    digits = code.strip()
    if not (digits.isascii() and digits.isdecimal() and len(digits) in (8, 12, 13, 14)):
        return ""
    return digits.zfill(14) if ean.is_valid(digits) else ""


class Index:
    """``products`` has name and, where they are there, reference, barcode, brand and price: text,
    "" for none; its index has no label twice. Everything here speaks of the positions of its rows.
    Nothing changes once it is built, so that threads and sessions may share one, and it pickles."""

    def __init__(self, products: pd.DataFrame) -> None:
        said = Said.of(products, "name")
        self.products = products
        self.letters = Letters(said.closed)
        self.words = Marks(said.all_words)
        self.stems = Marks(said.stems)
        self.numbers = Marks(said.numbers)
        self.sizes = Marks(said.sizes)
        self.dimensions = Marks(said.dimensions)
        self.colours = Marks(said.colours)
        self.gtins = Marks(said.gtins)
        self.closed = np.array(said.closed, object)
        self.models = np.array([longest(each) for each in said.codes], object)
        """The longest model number of each product, "" for none."""
        self.model_lengths = np.fromiter(map(len, self.models), np.int64, len(self.models))
        self.packs, self.prices = said.packs, said.prices
        often = Counter(said.leads)
        self.brands = frozenset(
            lead
            for lead, count in often.items()
            if count >= _BRAND_NAMES and len(lead) > 1 and not lead[0].isdecimal()
        )
        """Words that several products begin with, or have as their brand."""
        self.word_weights = np.sqrt(self.words.weights + 1)
        self.all_words = weigh(self.words.rows, self.word_weights)
        self.name_words = weigh(self.words.of(said.words), self.word_weights)
        self.rare_stems = weigh(self.stems.rows, self.stems.weights)
        self.leads = self.words.of([self.brands & {lead} for lead in said.leads])
        columns = [products[name] for name in ("name", "reference") if name in products]
        self.order = np.argsort(np.lexsort(columns[::-1]), kind="stable")
        """The place of each product by its name, whatever the order of the rows."""
        self._by_letters = _looked_up(self.letters.rows)
        self._by_gtin = self.gtins.rows.T.tocsr()
        self._by_stem = self.rare_stems.T.tocsr()

    def candidates(self, listings: Said) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Pairs that may be true: position of the listing, of the product (int32, by listing), and
        how alike their letters are (float32, 0 to 1)."""
        letters = self.letters.of(listings.closed)
        alike = _best(letters, self._by_letters, CANDIDATES)
        exact = _best(self.gtins.of(listings.gtins), self._by_gtin, EXACT)
        exact += _best(self.stems.of(listings.stems), self._by_stem, EXACT)
        pairs = (alike.astype(bool) + exact.astype(bool)).tocoo()
        return pairs.row, pairs.col, shared(letters, self.letters.rows, pairs.row, pairs.col)


def _looked_up(letters: sparse.csr_matrix) -> sparse.csr_matrix:
    """A row for each group of letters, empty for what many products have."""
    often = np.bincount(letters.indices, minlength=letters.shape[1])
    rows = letters.copy()
    rows.data[often[rows.indices] > COMMON] = 0
    rows.eliminate_zeros()
    return rows.T.tocsr()


def longest(codes: set[str]) -> str:
    """The longest model number, "" for none."""
    return max(codes, key=lambda code: (len(code), code), default="")


def _best(
    listings: sparse.csr_matrix, products: sparse.csr_matrix, count: int
) -> sparse.csr_matrix:
    """For each listing the ``count`` products (columns) with the highest dot product above 0."""
    return sp_matmul_topn(listings, products, top_n=count, threshold=0, n_threads=THREADS)
