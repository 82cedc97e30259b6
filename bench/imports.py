"""Odoo's own import of a CSV file, as its import screen calls it."""

from collections.abc import Callable

import odoorpc
import pandas as pd

OPTIONS = {
    "has_headers": True,
    "quoting": '"',
    "separator": ",",
    "encoding": "utf-8",
    "date_format": "",
    "datetime_format": "",
    "float_thousand_separator": ",",
    "float_decimal_separator": ".",
    "advanced": True,
    "keep_matches": False,
    "limit": 2000,
    "fallback_values": {},
    "name_create_enabled_fields": {},
    "import_set_empty_fields": [],
    "import_skip_records": [],
}
"""What the import screen sends for a CSV file, with its own limit of rows a call."""


def odoo_import(
    odoo: odoorpc.ODOO, model: str, columns: dict[str, str], rows: pd.DataFrame, **context
) -> Callable[[], None]:
    """Upload a file of these rows, then execute its import; the file's text is prepared untimed.

    ``columns``: Odoo's name of a column -> its name in ``rows``.
    """
    text = rows[list(columns.values())].set_axis([*columns], axis=1).to_csv(index=False)
    wizard = {"res_model": model, "file": text, "file_type": "text/csv", "file_name": "rows.csv"}
    importer = odoo.env["base_import.import"].with_context(**odoo.env.context, **context)
    _log_in_again(odoo)

    def work() -> None:
        uploaded = importer.create(wizard)
        skip, done = 0, 0
        while done < len(rows):
            args = [[uploaded], [*columns], [*columns], OPTIONS | {"skip": skip}]
            answer = importer.execute_import(*args, dryrun=False)
            assert answer["ids"], answer["messages"]
            done += len(answer["ids"])
            skip = answer["nextrow"]
        assert done == len(rows)

    return work


def _log_in_again(odoo: odoorpc.ODOO) -> None:
    """Odoo forgets which passwords it has checked whenever a product is created, and the next call
    with one takes 0.3 s more: none of the ways is to pay for the one before it."""
    odoo.env["res.users"].search_count([])
