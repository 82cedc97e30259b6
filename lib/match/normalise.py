"""The spellings under which two codes count as one."""

import pandas as pd


def folded(codes: pd.Series) -> pd.Series:
    """Codes (str) without outer spaces and case."""
    return codes.str.strip().str.casefold()


def barcode_key(codes: pd.Series) -> pd.Series:
    """Codes (str) with every GTIN as 14 digits: a UPC-12 and its EAN-13 are one; others as is."""
    return codes.where(~codes.str.fullmatch(r"[0-9]{8}|[0-9]{12,14}"), codes.str.zfill(14))
