"""``python -m lib suggest``: suggestions for a file of listings, and how good they are."""

import argparse
import json
import time
from pathlib import Path

import pandas as pd

from lib.suggest.files import read_listings, read_products, read_truth

_SHOWN = 10
"""Listings that are printed one by one: a terminal is no place for thousands."""


def add_command(commands) -> None:
    """Add ``suggest`` to the commands of a parser."""
    suggest = commands.add_parser("suggest", help="which products listings are probably about")
    suggest.add_argument("--listings", required=True, help="CSV or XLSX: listing, title")
    suggest.add_argument("--products", required=True, help="CSV or XLSX: product, name")
    suggest.add_argument("--truth", help="CSV or XLSX: listing, product; measures against it")
    suggest.add_argument("--json", action="store_true", help="print one JSON object")
    suggest.set_defaults(run=_suggest)


def _suggest(given: argparse.Namespace) -> int:
    listings = read_listings(Path(given.listings))
    products = read_products(Path(given.products))
    truth = read_truth(Path(given.truth), listings, products) if given.truth else None
    start = time.perf_counter()
    # Other commands do without the libraries behind these.
    from lib.suggest.engine import suggest, suggest_explained
    from lib.suggest.index import Index

    index = Index(products)
    if truth is not None:
        found = suggest(listings, index, top=10)
        print(_measured(found, truth, round(time.perf_counter() - start, 3), given.json))
        return 0
    found, parts = suggest_explained(listings, index)
    seconds = round(time.perf_counter() - start, 3)
    parts = parts.drop(columns="score")
    if given.json:
        print(_as_json(found, parts, seconds))
    else:
        print(_words(listings, products, parts, found, seconds))
    return 0


def _measured(found: pd.DataFrame, truth: pd.Series, seconds: float, as_json: bool) -> str:
    from lib.suggest import measure

    recall, safe = measure.recall(found, truth), measure.safe(found, truth)
    if as_json:
        return json.dumps({"recall": recall, "safe": safe, "seconds": seconds})
    table = measure.curve(found, truth).to_string(index=False, float_format="{:.3f}".format)
    ranks = ", ".join(f"R@{most} {share:.3f}" for most, share in recall.items())
    return (
        f"{truth.index.nunique():,} listings with a known product: {ranks} ({seconds:.1f} s)\n"
        f"safe from a margin of {safe['threshold']:g}: precision {safe['precision']:.3f}, "
        f"coverage {safe['coverage']:.3f}\n{table}"
    )


def _as_json(found: pd.DataFrame, parts: pd.DataFrame, seconds: float) -> str:
    """The suggestions of each listing by its id, each with its evidence. Made of the lines that
    pandas writes: objects for each would take seconds for a whole feed."""
    rows, evidence = (
        frame.to_json(orient="records", lines=True, double_precision=4).splitlines()
        for frame in (found.drop(columns="listing"), parts)
    )
    by_listing: dict[str, list[str]] = {}
    # Of no suggestions pandas writes one empty line.
    for listing, row, why in zip(
        found["listing"].to_list(), rows, evidence, strict=not found.empty
    ):
        by_listing.setdefault(listing, []).append(f'{row[:-1]},"evidence":{why}}}')
    listed = ",".join(f"{json.dumps(key)}:[{','.join(of)}]" for key, of in by_listing.items())
    return f'{{"suggestions":{{{listed}}},"seconds":{seconds}}}'


def _words(
    listings: pd.DataFrame,
    products: pd.DataFrame,
    parts: pd.DataFrame,
    found: pd.DataFrame,
    seconds: float,
) -> str:
    first, safe = found[found["rank"] == 1], int(found["safe"].sum())
    counts = f"{safe:,} safe suggestions, {len(first) - safe:,} to look at"
    lines = [
        f"{len(listings):,} listings, {len(products):,} products: {counts}, "
        f"{len(listings) - len(first):,} without any ({seconds:.1f} s)"
    ]
    for row in first[first["listing"].isin(listings.index[:_SHOWN])].itertuples():
        why = [f"{value:+.1f} {part}" for part, value in parts.loc[row.Index].items() if value]
        lines += [
            f"  {listings.loc[row.listing, 'title']}",
            f"    {row.probability:.0%}  {products.loc[row.product, 'name']}: {', '.join(why)}",
        ]
    if len(listings) > _SHOWN:
        lines.append(f"  and {len(listings) - _SHOWN:,} more: see --json")
    return "\n".join(lines)
