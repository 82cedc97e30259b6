"""Which column is which, as a user said once for a set of headers."""

import json
from pathlib import Path

from lib.model import MapFile
from lib.source.map_file import ColumnsNeeded, header_key, read

FILE = "column_choices.json"


def read_remembered(
    data: bytes, name: str, folder: Path, sheet: str | None = None, encoding: str | None = None
) -> MapFile:
    """Read a map file; where its headers differ, with the choice remembered for them.
    Raises MapperError, or ColumnsNeeded where nobody has chosen yet."""
    try:
        return read(data, name, sheet=sheet, encoding=encoding)
    except ColumnsNeeded as needed:
        chosen = _choices(folder).get(header_key(needed.headers))
        if not chosen:
            raise
        return read(data, name, columns=chosen, sheet=sheet, encoding=encoding)


def remember(headers: list[str], chosen: dict[str, str], folder: Path) -> None:
    """Remember field -> header for this set of headers."""
    folder.mkdir(parents=True, exist_ok=True)
    choices = _choices(folder) | {header_key(headers): chosen}
    fresh = (folder / FILE).with_suffix(".new")
    fresh.write_text(json.dumps(choices, ensure_ascii=False, indent=1), encoding="utf-8")
    fresh.replace(folder / FILE)


def _choices(folder: Path) -> dict[str, dict[str, str]]:
    path = folder / FILE
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
