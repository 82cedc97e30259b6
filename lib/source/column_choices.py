"""Which column is which, as a user said once for a set of headers."""

import json
from collections.abc import Callable
from pathlib import Path

from lib.model import MapFile
from lib.source.map_file import ColumnsNeeded, header_key

FILE = "column_choices.json"


def read_remembered(reader: Callable[..., MapFile], folder: Path) -> MapFile:
    """Call a reader of a map file; where the headers differ, again with the ``columns``
    remembered for them. Raises MapperError, or ColumnsNeeded where nobody has chosen yet."""
    try:
        return reader()
    except ColumnsNeeded as needed:
        chosen = _choices(folder).get(header_key(needed.headers))
        if not chosen:
            raise
    return reader(columns=chosen)


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
