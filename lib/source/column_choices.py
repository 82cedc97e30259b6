"""Which column is which, as a user said once for a set of headers."""

import json
from collections.abc import Callable
from pathlib import Path

from lib.model import MapFile, MapperError
from lib.source.map_file import ColumnsNeeded, header_key

FILE = "column_choices.json"


def read_remembered(reader: Callable[..., MapFile], folder: Path) -> MapFile:
    """Call a reader of a map file, again with the ``columns`` that are remembered for its headers
    if there are any. Raises MapperError, or ColumnsNeeded where nobody has chosen yet."""
    choices = _choices(folder)
    try:
        file = reader()
    except ColumnsNeeded as needed:
        chosen = choices.get(header_key(needed.headers))
        if not chosen:
            raise
    else:
        chosen = choices.get(header_key(list(file.headers)))
        if not chosen or chosen == file.columns:
            return file
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
    try:
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except ValueError:
        raise MapperError(
            f"{path} is damaged. Remove it, and say again which column is which."
        ) from None
