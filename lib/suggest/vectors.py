"""Texts as sparse rows: letter groups and marks, weighted by how rare they are in the catalogue."""

import itertools
from collections.abc import Callable

import numpy as np
from scipy import sparse

_GROUPS = (3, 4)
_BITS = 20
_PAIRS_AT_ONCE = 5_000
"""So few that the rows of either side stay in the processor's cache: more take twice the time."""


class Letters:
    """Groups of 3 and 4 letters within words, as TF-IDF rows of length 1.

    What scikit-learn's HashingVectorizer(analyzer="char_wb") and TfidfTransformer do, without a
    loop over the texts, and without the second that their import takes.
    """

    def __init__(self, texts: list[str]) -> None:
        counts = _letter_groups(texts)
        # As if one text more had every group and one more had none: no weight is 0 or infinite.
        have = np.bincount(counts.indices, minlength=counts.shape[1]).astype(np.float32)
        self._weights = np.log(np.float32(len(texts) + 2) / (have + 1)) + 1
        self.rows, self.lengths = self._weighed(counts)

    def _weighed(self, counts: sparse.csr_matrix) -> tuple[sparse.csr_matrix, np.ndarray]:
        counts.data = (np.log(counts.data) + 1) * self._weights[counts.indices]
        row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        lengths = np.sqrt(np.bincount(row, counts.data**2, counts.shape[0]))
        counts.data = (counts.data / lengths[row]).astype(np.float32)
        return counts, np.where(lengths > 0, lengths, 1)

    def of(self, texts: list[str]) -> tuple[sparse.csr_matrix, np.ndarray]:
        """The rows of other texts, and how long they were: more for many and for rare groups, 1
        for none."""
        return self._weighed(_letter_groups(texts))


class Marks:
    """One kind of marks of the products, a column each; ``weights`` is high for rare ones."""

    def __init__(self, marks: list[set[str]]) -> None:
        # One that no text has, so that no kind is empty.
        self._columns = {mark: at for at, mark in enumerate(sorted({""}.union(*marks)))}
        self.rows = self.of(marks)
        count = np.bincount(self.rows.indices, minlength=self.rows.shape[1])
        self.unseen = float(np.log1p(len(marks)))
        self.weights = (self.unseen - np.log(np.maximum(count, 1))).astype(np.float32)

    def weight(self, mark: str) -> float:
        """The weight of a mark; of one that no product has, as if one had it."""
        column = self._columns.get(mark)
        return self.unseen if column is None else float(self.weights[column])

    def kin(self) -> sparse.csr_matrix:
        """How alike each mark is to those that begin with it or that it begins with, as
        abbreviations do: "pro" and "professional". Half and more, the more the longer what they
        share; words of three letters and more (float32, marks x marks)."""
        short, long, alike = [], [], []
        begun: list[tuple[str, int]] = []
        # In the order of the alphabet what begins with a word comes right after it.
        for word, column in self._columns.items():
            if not _can_begin(word):
                continue
            while begun and not word.startswith(begun[-1][0]):
                begun.pop()
            for start, at in begun:
                short.append(at)
                long.append(column)
                alike.append((1 + len(start) / len(word)) / 2)
            begun.append((word, column))
        shape = (len(self._columns), len(self._columns))
        half = sparse.csr_matrix((np.array(alike, np.float32), (short, long)), shape)
        return (half + half.T).tocsr()

    def kin_of(self, word: str, others: set[str]) -> set[str]:
        """Those of ``others``, marks of one product, that ``kin`` says the word is like."""
        if word not in self._columns or not _can_begin(word):
            return set()
        return {
            other
            for other in others
            if _can_begin(other) and (other.startswith(word) or word.startswith(other))
        }

    def of(self, marks: list[set[str]]) -> sparse.csr_matrix:
        """A row of ones for each set; marks that no product has are left out."""
        flat = itertools.chain.from_iterable(marks)
        columns = np.fromiter(map(self._columns.get, flat, itertools.repeat(-1)), np.int32)
        lengths = np.fromiter(map(len, marks), np.int64, len(marks))
        known = columns >= 0
        ends = np.append(0, np.cumsum(known))[np.append(0, np.cumsum(lengths))]
        columns, shape = columns[known], (len(marks), len(self._columns))
        rows = sparse.csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape)
        rows.sort_indices()
        return rows


def _can_begin(word: str) -> bool:
    return len(word) >= 3 and word.isalpha()


def weigh(rows: sparse.csr_matrix, weights: np.ndarray) -> sparse.csr_matrix:
    """The rows with each mark's weight in place of 1."""
    return sparse.csr_matrix((weights[rows.indices], rows.indices, rows.indptr), rows.shape)


def shared(
    left: sparse.csr_matrix, right: sparse.csr_matrix, at: np.ndarray, of: np.ndarray
) -> np.ndarray:
    """The dot product of row ``at`` of ``left`` and row ``of`` of ``right``, for each pair."""
    return _pairwise(left, right, at, of, lambda one, other: one.multiply(other).sum(axis=1))


def rarest(
    left: sparse.csr_matrix, right: sparse.csr_matrix, at: np.ndarray, of: np.ndarray
) -> np.ndarray:
    """The same for the greatest weight that both rows have; 0 if they share none."""
    return _pairwise(left, right, at, of, lambda one, other: one.multiply(other).max(axis=1))


def _pairwise(
    left: sparse.csr_matrix,
    right: sparse.csr_matrix,
    at: np.ndarray,
    of: np.ndarray,
    fold: Callable,
) -> np.ndarray:
    found = np.zeros(len(at), np.float32)
    # Most titles have no colour, size, …: only where both have some there is anything to share.
    some = np.flatnonzero((np.diff(left.indptr) > 0)[at] & (np.diff(right.indptr) > 0)[of])
    for start in range(0, len(some), _PAIRS_AT_ONCE):
        part = some[start : start + _PAIRS_AT_ONCE]
        folded = fold(left[at[part]], right[of[part]])
        dense = folded.toarray() if sparse.issparse(folded) else np.asarray(folded)
        found[part] = dense.ravel()
    return found


def _letter_groups(texts: list[str]) -> sparse.csr_matrix:
    lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + 2
    joined = "".join(f" {text} " for text in texts).encode("utf-32-le", "surrogatepass")
    signs = np.frombuffer(joined, np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(texts), dtype=np.int32), lengths)
    blank = signs == ord(" ")
    rows, columns = [], []
    for size in _GROUPS:
        count = max(len(signs) - size + 1, 0)
        hashed = np.zeros(count, np.uint64)
        within = owner[:count] == owner[size - 1 :][:count]
        for place in range(size):
            hashed = hashed * np.uint64(1_000_003) + signs[place : place + count]
            if 0 < place < size - 1:
                within &= ~blank[place : place + count]
        hashed = (hashed ^ (hashed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
        rows.append(owner[:count][within])
        columns.append((hashed[within] >> np.uint64(64 - _BITS)).astype(np.int32))
    row, column = np.concatenate(rows), np.concatenate(columns)
    ones = np.ones(len(row), np.float32)
    return sparse.csr_matrix((ones, (row, column)), shape=(len(texts), 1 << _BITS))
