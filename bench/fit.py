"""``python -m bench.fit FOLDER...``: learn lib/suggest/weights.json from known pairs.

Each folder has listings.csv, products.csv and truth.csv as `python -m lib suggest` reads them.
What is learnt is one set of weights for all, each folder with the same share. Before that, each
folder is left out once, and measured with what the others teach; and each is measured in five
parts, each with what all the rest teaches. Nothing is learnt from pairs turned round, products as
listings and listings as products: they are measured too.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from lib.suggest import evidence, measure
from lib.suggest.engine import suggest
from lib.suggest.evidence import FIGURES, Weights
from lib.suggest.files import read_listings, read_products, read_truth
from lib.suggest.index import Index, Said

FIXED = {"barcode_agrees": 8.0, "barcode_differs": -3.0, "pack_differs": -1.5}
"""Evidence that known pairs seldom or never show: set by hand."""
STIFFNESS = 1e-3
"""How much a big weight has to explain."""
UNKNOWN = 0.03
"""How much each listing counts once more, as if its product were not in the catalogue."""


PARTS = 5
"""Of so many parts of a folder each is measured with what the rest teaches."""
Rows = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""Pairs: figures, which listing (counted from 0), whether it is the true product, share."""


class Known:
    """A folder's pairs with their figures."""

    def __init__(self, folder: Path) -> None:
        self.name = folder.name
        self.listings = read_listings(folder / "listings.csv")
        self.products = read_products(folder / "products.csv")
        self.truth = read_truth(folder / "truth.csv", self.listings, self.products)
        self.index = Index(self.products)
        first = self.truth[~self.truth.index.duplicated()]
        product = self.products.index.get_indexer(first.reindex(self.listings.index))
        # Where nobody tells the brand or the price, the rest has to do.
        plain = self.listings[["title"]]
        self.rows = [self._rows(listings, product) for listings in (self.listings, plain)]
        self.part = np.random.default_rng(1).integers(0, PARTS, len(self.listings))

    def _rows(self, listings: pd.DataFrame, product: np.ndarray) -> Rows:
        said = Said.of(listings, "title")
        at, of, spelling = self.index.candidates(said)
        # Listings without a known product may have one that nobody wrote down.
        told = product[at] >= 0
        at, of, spelling = at[told], of[told], tuple(each[told] for each in spelling)
        figures = evidence.figures(self.index, said, spelling, at, of).astype(float)
        return figures, at, product[at] == of, np.full(len(at), 1 / len(np.unique(at)))

    def without(self, part: int) -> list[Rows]:
        """The rows of the listings that are not in this part."""
        kept = self.part != part
        return [tuple(column[kept[rows[1]]] for column in rows) for rows in self.rows]

    @property
    def turned(self) -> tuple[pd.DataFrame, Index, pd.Series]:
        """The same pairs with products as listings and listings as products."""
        asked = self.products.rename(columns={"name": "title"})
        held = self.listings.rename(columns={"title": "name"})
        return asked, Index(held), pd.Series(self.truth.index, pd.Index(self.truth))


def fit(rows: list[Rows]) -> Weights:
    """The weights under which the true products, or none, are the likeliest."""
    parts, first = [], 0
    for figures, group, right, share in rows:
        parts.append((figures, group + first, right, share))
        first += group.max() + 1
        # Once more as if the true product were not in the catalogue.
        wrong = ~right
        nothing = np.zeros(wrong.sum(), bool)
        parts.append((figures[wrong], group[wrong] + first, nothing, share[wrong] * UNKNOWN))
        first += group.max() + 1
    figures, group, right, share = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(group, kind="stable")
    figures, group, right, share = figures[order], group[order], right[order], share[order]
    begin = np.flatnonzero(np.append(True, group[1:] != group[:-1]))
    size = np.diff(np.append(begin, len(group)))
    whole = share[begin] / share[begin].sum()
    columns = np.column_stack([np.ones(len(figures)), figures])
    wanted = np.array([0.0, *(FIXED.get(name, 0.0) for name in FIGURES)])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        score = columns @ weights
        top = np.maximum(np.maximum.reduceat(score, begin), 0)
        odds = np.exp(score - np.repeat(top, size))
        total = np.add.reduceat(odds, begin) + np.exp(-top)
        likely = np.add.reduceat(np.where(right, score, 0), begin) - top - np.log(total)
        far = weights - wanted
        far[0] = 0
        slope = columns.T @ ((right - odds / np.repeat(total, size)) * np.repeat(whole, size))
        return STIFFNESS * far @ far - likely @ whole, 2 * STIFFNESS * far - slope

    bounds = [(None, None), *(_bounds(name) for name in FIGURES)]
    found = minimize(loss, wanted, jac=True, method="L-BFGS-B", bounds=bounds).x
    return Weights(float(found[0]), found[1:])


def _bounds(name: str) -> tuple[float | None, float | None]:
    """Evidence for a pair never counts against it, nor the other way round."""
    if name in FIXED:
        return FIXED[name], FIXED[name]
    return (None, 0) if name.endswith("differs") else (0, None)


def _measured(what: str, found: pd.DataFrame, truth: pd.Series) -> str:
    ranks = measure.recall(found, truth)
    safe = measure.safe(found, truth)
    shares = ", ".join(f"R@{most} {share:.3f}" for most, share in ranks.items())
    return f"{what}: {shares}, safe {safe['precision']:.3f} of {safe['coverage']:.3f}"


def _report(what: str, known: Known, weights: Weights) -> None:
    asked = known.listings
    for columns, listings in (("all columns", asked), ("title only", asked[["title"]])):
        found = suggest(listings, known.index, top=10, weights=weights)
        print(_measured(f"{known.name}, {what}, {columns}", found, known.truth))


def _report_parts(known: Known, all_known: list[Known]) -> None:
    """What the rest teaches, for each part."""
    others = [rows for each in all_known if each is not known for rows in each.rows]
    found = []
    for part in range(PARTS):
        weights = fit([*others, *known.without(part)])
        found.append(suggest(known.listings[known.part == part], known.index, 10, weights))
    print(_measured(f"{known.name}, in parts", pd.concat(found), known.truth))


def main() -> None:
    known = [Known(Path(name)) for name in sys.argv[1:]]
    for left in known if len(known) > 1 else []:
        others = [rows for each in known if each is not left for rows in each.rows]
        _report("left out", left, fit(others))
        _report_parts(left, known)
    weights = fit([rows for each in known for rows in each.rows])
    for each in known:
        _report("learnt from", each, weights)
        asked, index, truth = each.turned
        found = suggest(asked, index, top=10, weights=weights)
        print(_measured(f"{each.name}, turned round", found, truth))
    figures = zip(FIGURES, weights.figures.round(2).tolist(), strict=True)
    learnt = {"start": round(weights.start, 2), "safe": evidence.SAFE, "weights": dict(figures)}
    path = Path(evidence.__file__).with_name("weights.json")
    path.write_text(json.dumps(learnt, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
