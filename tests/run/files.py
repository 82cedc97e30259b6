"""The map file of most runs: two listings to tie, two that need a product, and two to skip."""

from tests.tables import map_file

FILE = map_file(
    {"sku": "1", "reference": "A"},
    {"sku": "2", "reference": "A", "title": ""},
    {"sku": "3", "reference": "N"},
    {"sku": "4", "reference": "N"},
    {"sku": "5", "reference": "UNTITLED", "title": ""},
    {"sku": "1", "reference": "A"},
)
