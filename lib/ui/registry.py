"""The pages, as data."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class PageSpec:
    file: str
    title: str
    icon: str
    default: bool = False

    @property
    def path(self) -> Path:
        return ROOT / "pages" / self.file


PAGES = (
    PageSpec("map_products.py", "Map products", ":material/conversion_path:", default=True),
    PageSpec("amazon_products.py", "Amazon Products", ":material/inventory_2:"),
    PageSpec("job_log.py", "Job log", ":material/history:"),
    PageSpec("connection.py", "Connection", ":material/cable:"),
)
