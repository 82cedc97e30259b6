"""``python -m bench.fit FOLDER[=SHARE]...``: learn lib/suggest/weights.json from known pairs.

Each folder has listings.csv, products.csv and truth.csv as `python -m lib suggest` reads them.
What is learnt is one set of weights for all; a share above 1 makes a folder count more. Before
that, each folder is left out once, and measured with what the others teach.
"""

import json
import sys
from pathlib import Path

import numpy as np
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


class Known:
    """A folder's pairs with their figures."""

    def __init__(self, folder: Path, share: float) -> None:
        self.share = share
        self.listings = read_listings(folder / "listings.csv")
        products = read_products(folder / "products.csv")
        self.truth = read_truth(folder / "truth.csv", self.listings, products)
        self.index = Index(products)
        product = products.index.get_indexer(self.truth.reindex(self.listings.index))
        self.rows = [self._rows(self.listings, product)]
        # Where nobody tells the brand or the price, the rest has to do.
        plain = self.listings[["title"]]
        self.rows.append(self._rows(plain, product))

    def _rows(self, listings, product) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        said = Said.of(listings, "title")
        at, of, letters = self.index.candidates(said)
        # Listings without a known product may have one that nobody wrote down.
        told = product[at] >= 0
        at, of, letters = at[told], of[told], letters[told]
        figures = evidence.figures(self.index, said, at, of, letters).astype(float)
        right = product[at] == of
        share = np.full(len(at), self.share / len(self.truth))
        wrong = ~right
        return (
            np.concatenate([figures, figures[wrong]]),
            np.concatenate([at, at[wrong] + len(listings)]),
            np.concatenate([right, np.zeros(wrong.sum(), bool)]),
            np.concatenate([share, share[wrong] * UNKNOWN]),
        )


def fit(known: list[Known]) -> Weights:
    """The weights under which the true products, or none, are the likeliest."""
    parts, first = [], 0
    for figures, group, right, share in (rows for each in known for rows in each.rows):
        parts.append((figures, group + first, right, share))
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


def _measure(known: Known, weights: Weights) -> str:
    texts = []
    for what, listings in (
        ("all columns", known.listings),
        ("title only", known.listings[["title"]]),
    ):
        found = suggest(listings, known.index, top=10, weights=weights)
        ranks = measure.recall(found, known.truth)
        safe = measure.safe(found, known.truth)
        texts.append(
            f"{what}: " + ", ".join(f"R@{k} {share:.3f}" for k, share in ranks.items())
            + f", safe {safe['precision']:.3f} of {safe['coverage']:.3f}"
        )  # fmt: skip
    return "; ".join(texts)


def main() -> None:
    folders = [name.partition("=") for name in sys.argv[1:]]
    known = [Known(Path(name), float(share or 1)) for name, _, share in folders]
    for left in known if len(known) > 1 else []:
        learnt = fit([each for each in known if each is not left])
        print(f"left out {len(left.truth):,} pairs: {_measure(left, learnt)}")
    weights = fit(known)
    for each in known:
        print(f"learnt from {len(each.truth):,} pairs: {_measure(each, weights)}")
    figures = zip(FIGURES, weights.figures.round(2).tolist(), strict=True)
    learnt = {"start": round(weights.start, 2), "safe": evidence.SAFE, "weights": dict(figures)}
    path = Path(evidence.__file__).with_name("weights.json")
    path.write_text(json.dumps(learnt, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
