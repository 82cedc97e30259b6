"""Which column is which, as a user said once for a set of headers."""

from collections.abc import Callable

import sqlalchemy as sa

from lib.model import MapFile
from lib.source.map_file import ColumnsNeeded, header_key
from lib.store import COLUMN_CHOICE, Store


def read_remembered(reader: Callable[..., MapFile], store: Store) -> MapFile:
    """Call a reader of a map file, again with the ``columns`` that are remembered for its headers
    if there are any. Raises MapperError, or ColumnsNeeded where nobody has chosen yet."""
    try:
        file = reader()
    except ColumnsNeeded as needed:
        chosen = _chosen(needed.headers, store)
        if not chosen:
            raise
    else:
        chosen = _chosen(list(file.headers), store)
        if not chosen or chosen == file.columns:
            return file
    return reader(columns=chosen)


def remember(headers: list[str], chosen: dict[str, str], store: Store) -> None:
    """Remember field -> header for this set of headers."""
    key = header_key(headers)
    with store.begin() as connection:
        connection.execute(sa.delete(COLUMN_CHOICE).where(COLUMN_CHOICE.c.headers == key))
        connection.execute(sa.insert(COLUMN_CHOICE).values(headers=key, columns=chosen))


def _chosen(headers: list[str], store: Store) -> dict[str, str] | None:
    asked = sa.select(COLUMN_CHOICE.c.columns).where(COLUMN_CHOICE.c.headers == header_key(headers))
    with store.begin() as connection:
        return connection.execute(asked).scalar()
