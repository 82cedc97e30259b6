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

    @property
    def link(self) -> str:
        """The path that st.page_link takes: from the shell's folder."""
        return f"../../pages/{self.file}"


OVERVIEW = PageSpec("overview.py", "Overview", ":material/space_dashboard:")
MAP_PRODUCTS = PageSpec("map_products.py", "Map products", ":material/conversion_path:", True)
SYNC_LISTINGS = PageSpec("sync_listings.py", "Sync listings", ":material/sync:")
AMAZON_PRODUCTS = PageSpec("amazon_products.py", "Amazon Products", ":material/inventory_2:")
DECISIONS = PageSpec("decisions.py", "Decisions", ":material/bookmark:")
JOB_LOG = PageSpec("job_log.py", "Job log", ":material/history:")
CONNECTION = PageSpec("connection.py", "Connection", ":material/cable:")
PAGES = (
    OVERVIEW, MAP_PRODUCTS, SYNC_LISTINGS, AMAZON_PRODUCTS, DECISIONS, JOB_LOG, CONNECTION,
)  # fmt: skip
