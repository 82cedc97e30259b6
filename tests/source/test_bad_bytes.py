"""Whatever the bytes, one message or a map file: files made and damaged at random."""

import io
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st

from lib.model import MapFile, MapperError
from lib.source.map_file import read
from lib.source.map_out import sample_csv
from tests.source.bad_files import HEADER, OLD_XLS, XLSX, rebuilt


def survives(data: bytes) -> None:
    try:
        result = read(data, "fuzz")
    except MapperError as error:
        result = error
    assert isinstance(result, MapFile) or str(result).startswith("fuzz: ")


@given(st.binary(max_size=400))
@settings(max_examples=500, deadline=None)
def test_any_bytes(data):
    survives(data)


@given(st.text(st.sampled_from("a\",;\t\r\n ='\0\ufeff…é"), max_size=60))
@settings(max_examples=500, deadline=None)
def test_any_rows(text):
    survives((HEADER + text).encode())


PATCHES = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=3)), max_size=6)


def patched(data: bytes, patches: list[tuple[float, bytes]]) -> bytes:
    damaged = bytearray(data)
    for place, patch in patches:
        at = int(place * len(damaged))
        damaged[at : at + max(1, len(patch))] = patch
    return bytes(damaged)


@given(PATCHES, st.sampled_from(["utf-8", "utf-16", "cp932"]))
@settings(max_examples=200, deadline=None)
def test_any_damaged_csv(patches, encoding):
    survives(patched(sample_csv().decode("utf-8-sig").encode(encoding, "replace"), patches))


@given(PATCHES)
@settings(max_examples=40, deadline=None)
def test_any_damaged_xlsx(patches):
    survives(patched(XLSX, patches))


@given(PATCHES, st.sampled_from(zipfile.ZipFile(io.BytesIO(XLSX)).namelist()))
@settings(max_examples=60, deadline=None)
def test_any_xlsx_of_damaged_xml(patches, part):
    xml = zipfile.ZipFile(io.BytesIO(XLSX)).read(part)
    survives(rebuilt({part: patched(xml, patches)}))


@given(PATCHES)
@settings(max_examples=40, deadline=None)
def test_any_damaged_xls(patches):
    survives(patched(OLD_XLS, patches))
