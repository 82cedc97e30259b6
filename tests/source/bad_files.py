"""Files that are no map file, and the one message each of them ends in."""

import base64
import io
import zipfile
import zlib

import pytest

from lib.model import MapperError
from lib.source.map_file import read
from lib.source.map_out import sample_xlsx

HEADER = "Title,Internal Reference,Seller SKU,Marketplace,Fulfilment\n"
XLSX = sample_xlsx()
SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def message(data: bytes | str) -> str:
    """The one message that the file ends in, which names it."""
    with pytest.raises(MapperError) as caught:
        read(data.encode() if isinstance(data, str) else data, "my file.csv")
    text = str(caught.value)
    assert text.startswith("my file.csv: ")
    assert text.endswith(".")
    return text


def rebuilt(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The sample workbook with some of its parts replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(XLSX)) as old, zipfile.ZipFile(stream, "w", method) as new:
        for name in old.namelist() + [name for name in parts if name not in old.namelist()]:
            new.writestr(name, parts[name] if name in parts else old.read(name))
    return stream.getvalue()


def sheet(rows: str) -> bytes:
    return f"<worksheet {SPACE}><sheetData>{rows}</sheetData></worksheet>".encode()


def of_sheet(rows: str) -> bytes:
    """The sample workbook with other rows."""
    return rebuilt({"xl/worksheets/sheet1.xml": sheet(rows)})


# A workbook of Excel 97, written by xlwt: zlib, base 85.
_OLD_XLS = (
    "c-rk)O-"
    "L0{6#nkKdA=Y2o~D5Y@({8z3C%@q>}BMW2p{%LiU@4fD~RJL!wbqqS?00`S`}>sH?^?Z^g}Ib*CH@#5d@LevQ<#g"
    "LY>Y%Gw-"
    "G4!UttP%s1R~&pG$r@7_E2cjozQ+1%8f>UsQtJqTdQiJ)MaPf&<tjTk81ag>^k!xS7J{}du&8pwhm9u_|fsWDXJJ"
    "r51H^(Q2OcNC6e6sZwQ#@7-1xDAF-ZD=7WaGg9QsNz<Yv+QHJf#ogE`H1CS_FQDyLV4%JG0Y}X^}D@Ud{nFDv=S)"
    "ZdtBx<dzw&*r)n0Ty)4|kLA2U~hWU3U)aXT+28~<0w4`mAbEu#JoW^G-"
    "4t&b4)W>n(zrKC}@_$|F53S<AqUpdmoD)33CsBw-U8MxjVT>-"
    "|63tL>2m*%(Go~yD4p<p!TZS1=%K>Rit4~IOE@_(5j&~jGE(Ddehh%2dG&m`F(i|8xhozMvl6L#cTS;4ZvOAsX*+"
    "n2<V`J0KX7aTT8)GBZj(!;+J(;4Jc8Wrpmc{-ya&;tAQMLc`ei2)-"
    "Ulj8?Dk9mBQr63OHO1&eSh(@=MMrOEqK7@>d`7q@$!67gI5?+DP~j4|U5DFW)N_gLEYCCRCf2K2R!|;_>pCkvB{{"
    "))E^ulc)zi#)nb@*S-"
    "%9%AheP*kCf_Hvkv`KtKUOjGDlvsxI@$WEym}_kAR5HAs|pVi*;shH&Ks6hKkYzaE#|e|@s7(<EF#Kk8B5nvZ%5="
    "T&3jj_6(B2+vvjg_k6En3ESNdy<rmCckh2tXC}%0=aL!W95sz70g;`_fsF&XzQJPseqbW-<-"
    "^`^c=AxXXn2Xi@K`X~yMMJyscSPaChYue<eE9I;<Ih6y9n`&d>)y><-"
    "62EXf1O1NOa5<?{}ySC(37DL(>7QX+c=%q{Mm@0$a0A_mdXAvR5(Jl+ZaMGw__;p`AgqqVtIeoTrl?QmQcR+FXhw"
    "D-(3GUBEst6"
)

OLD_XLS = zlib.decompress(base64.b85decode(_OLD_XLS))
