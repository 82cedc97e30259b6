"""Which rows of a file a decision can matter to: those that share a SKU or a code with it, directly
or through others. No rule looks further, so the others need not be matched again."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lib.match.affix import stems
from lib.match.decisions import Affix
from lib.match.normalise import arrow, barcode_key, folded


def neighbourhoods(listings: pd.DataFrame, affixes: Iterable[Affix]) -> np.ndarray:
    """A number (int32) for each row (LISTING_COLUMNS), the same for all that may matter to each
    other: same Seller SKU, same reference, or the one is the other with an affix."""
    skus, every = arrow(listings["sku"].str.strip()), np.arange(len(listings))
    told = [(every, skus), (every, arrow(listings["reference"])), *stems(skus, affixes)]
    rows = np.concatenate([at for at, _ in told])
    texts = pa.concat_arrays([barcode_key(folded(codes)) for _, codes in told])
    says = pc.not_equal(texts, "")
    rows = rows[says.to_numpy(zero_copy_only=False)]
    codes = texts.filter(says).dictionary_encode().indices.to_numpy()
    size = len(listings) + (codes.max() + 1 if len(codes) else 0)
    ties = coo_array((np.ones(len(rows), bool), (rows, len(listings) + codes)), (size, size))
    return connected_components(ties, directed=False)[1][: len(listings)]
