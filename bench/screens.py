"""The screens with big files: first paint, bytes to the browser, and from a click to its answer, in
a real browser and at the server's side."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Locator, Page

from bench import shop
from bench.measure import Line, alone
from bench.wire import Answer, Wire
from lib.ui.registry import AMAZON_PRODUCTS, MAP_PRODUCTS, OVERVIEW, SYNC_LISTINGS, PageSpec
from tests.browser.chromium import launched, tab
from tests.browser.screen import expect_calm
from tests.browser.server import App, served

PRODUCTS = 100_000
SIZES = {100_000: 9, 1_000_000: 3}
"""Rows -> how often each click is measured."""

Click = Callable[[Wire, int], Callable[[], object]]
"""Prepares the n-th of such clicks, untimed, and returns what is to be timed."""

TABLE, FIGURE = "[data-testid=stDataFrame] canvas", ".js-plotly-plot .bars path"


def lines() -> Iterator[Line]:
    for rows, runs in SIZES.items():
        with TemporaryDirectory() as folder:
            alone(shop.open_shop, Path(folder), rows, PRODUCTS)
            with served(Path(folder), shop.SECRETS) as app, launched() as browser:
                for screen in (map_products, layer, sync):
                    with tab(browser) as page:
                        yield from screen(Wire(page), app, Path(folder), rows, runs)
                yield _line("memory of the server, all of these", rows, [_held(app)], unit="GB")


def map_products(wire: Wire, app: App, folder: Path, rows: int, runs: int) -> Iterator[Line]:
    yield from _upload(wire, app, MAP_PRODUCTS, folder / "map.csv", rows)
    yield from _clicks(wire, "Map products", REVIEW, rows, runs)


def sync(wire: Wire, app: App, folder: Path, rows: int, runs: int) -> Iterator[Line]:
    yield from _upload(wire, app, SYNC_LISTINGS, folder / "report.txt", rows)
    few = {name: REVIEW[name] for name in ("another lane", "a product chosen")}
    yield from _clicks(wire, "Sync listings", few, rows, runs)


def layer(wire: Wire, app: App, _: Path, rows: int, runs: int) -> Iterator[Line]:
    first = wire.load(f"{app.url}/overview", [FIGURE])
    yield _line("Overview: first load, layer read", rows, [first.browser / 1000], unit="s")
    yield from _paint(wire, OVERVIEW, [FIGURE], rows, runs)
    yield from _clicks(wire, "Overview", {"a number to its rows": _number}, rows, runs)
    yield from _paint(wire, AMAZON_PRODUCTS, [TABLE], rows, runs)
    yield from _clicks(wire, "Amazon Products", LAYER, rows, runs)


def _upload(wire: Wire, app: App, of: PageSpec, path: Path, rows: int) -> Iterator[Line]:
    """From an upload to the review: first reading and matching, then painting it."""
    wire.load(f"{app.url}/{'' if of.default else Path(of.file).stem}")
    if of is SYNC_LISTINGS:
        _choose(wire.page, "Marketplace", 0)()
        expect_calm(wire.page)
    given = wire.page.get_by_test_id("stFileUploaderDropzoneInput")
    done = wire.click(lambda: given.set_input_files(path), [TABLE, FIGURE])
    ready = wire.first_seen("Review")
    before = [ready - done.sent]
    yield _line(f"{of.title}: upload, reading, matching", rows, before, unit="s")
    painted = [done.painted - ready]
    yield _line(f"{of.title}: first paint after that", rows, painted, below=3, unit="s")
    rest = [done.drawn - done.painted]
    yield _line(f"{of.title}: suggestions after that", rows, rest, unit="s")
    size = [done.size / 1e6]
    yield _line(f"{of.title}: bytes of all of it", rows, size, below=1, unit="MB")


def _paint(wire: Wire, of: PageSpec, wanted: list[str], rows: int, runs: int) -> Iterator[Line]:
    """The screen opened from another one."""
    answers = []
    for _ in range(1 + runs):
        wire.click(_open(wire.page, OVERVIEW if of is not OVERVIEW else AMAZON_PRODUCTS))
        answers.append(wire.click(_open(wire.page, of), wanted))
    painted = [answer.browser / 1000 for answer in answers[1:]]
    yield _line(f"{of.title}: opened", rows, painted, below=3, unit="s", medians=_told(answers))


def _clicks(
    wire: Wire, screen: str, clicks: dict[str, Click], rows: int, runs: int
) -> Iterator[Line]:
    """A line a click; its first time, which reads what is kept from then on, does not count."""
    for name, prepare in clicks.items():
        answers = []
        for turn in range(1 + runs):
            answers.append(wire.click(prepare(wire, turn)))
        taken = [answer.server for answer in answers[1:]]
        words = f"{screen}: {name}"
        yield _line(words, rows, taken, below=300, unit="ms", medians=_told(answers))


def _line(words: str, rows: int, figures: list[float], **options) -> Line:
    return Line(f"Screens, {words}", rows, figures, **options)


def _told(answers: list[Answer]) -> str:
    server, whole, drawn, size = (
        median(getattr(answer, name) for answer in answers[1:])
        for name in ("server", "whole", "browser", "size")
    )
    page = f"whole page {whole:.0f} ms, " if whole > server else ""
    return f"{page}drawn after {drawn:.0f} ms, {size / 1000:.0f} kB"


def _held(app: App) -> float:
    """GB that the app's process holds now."""
    status = Path(f"/proc/{app.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024 / 1e9


def _open(page: Page, of: PageSpec) -> Callable[[], object]:
    link = page.get_by_test_id("stSidebarNav").get_by_text(of.title, exact=True)
    return link.click


def _field(page: Page, label: str) -> Locator:
    return page.get_by_role("textbox", name=label, exact=True)


def _written(page: Page, label: str, text: str) -> Callable[[], object]:
    field = _field(page, label)
    field.fill(text)
    return lambda: field.press("Enter")


def _choose(page: Page, label: str, at: int) -> Callable[[], object]:
    """Another option of a box, which is opened first."""
    options = page.get_by_role("option")
    while not options.count():  # what is scrolled into view closes again
        _box(page, label).get_by_role("combobox").press("ArrowDown")
        page.wait_for_timeout(200)
    return options.nth(at % options.count()).click


def _box(page: Page, label: str) -> Locator:
    return page.get_by_test_id("stSelectbox").filter(has_text=label)


def _lane(wire: Wire, _: int) -> Callable[[], object]:
    lanes = wire.page.get_by_test_id("stButtonGroup").filter(has_text="Lanes side by side")
    return lanes.get_by_text("Mapped", exact=True).click


def _bar(wire: Wire, turn: int) -> Callable[[], object]:
    bars = wire.page.locator(".js-plotly-plot").nth(1).locator(".bars .point path")
    bar = bars.nth(turn % 2)  # others may be too thin to be hit
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    return lambda: wire.page.mouse.click(*middle)


def _reason(wire: Wire, turn: int) -> Callable[[], object]:
    return _choose(wire.page, "Reason", turn % 2)


def _filter(wire: Wire, turn: int) -> Callable[[], object]:
    if turn == 0:
        wire.click(_box(wire.page, "Reason").get_by_role("button", name="Clear value").click)
    return _written(wire.page, "Filter", ["desk", "lamp", ""][turn % 3])


def _next(wire: Wire, turn: int) -> Callable[[], object]:
    if turn == 0 and _field(wire.page, "Filter").input_value():
        wire.click(_written(wire.page, "Filter", ""))
    wire.page.get_by_role("heading", name="Resolve").click()
    return lambda: wire.page.keyboard.press("j")


def _search(wire: Wire, turn: int) -> Callable[[], object]:
    return _written(wire.page, "Search the catalogue", ["oakenford desk", "lamp walnut"][turn % 2])


def _chosen(wire: Wire, _: int) -> Callable[[], object]:
    return wire.page.get_by_role("button", name="Choose").first.click


def _rejected(wire: Wire, turn: int) -> Callable[[], object]:
    if turn:  # of one row there soon would be none left
        wire.click(_next(wire, turn))
    return wire.page.get_by_role("button", name="Not this").first.click


def _dismissed(wire: Wire, _: int) -> Callable[[], object]:
    why = "Why is this row left out?"
    if not _box(wire.page, why).count():  # else it is open from the last row
        wire.page.get_by_role("button", name="Dismiss").first.click()
    wire.click(_choose(wire.page, why, 0))
    return wire.page.get_by_role("button", name="Dismiss the row").click


def _number(wire: Wire, turn: int) -> Callable[[], object]:
    if turn:
        wire.click(_open(wire.page, OVERVIEW), [FIGURE])
    links = wire.page.get_by_test_id("stPageLink").filter(has_text="See ")
    return links.nth(turn % links.count()).click


def _place(wire: Wire, turn: int) -> Callable[[], object]:
    return _choose(wire.page, "Marketplace", turn)


def _find(wire: Wire, turn: int) -> Callable[[], object]:
    return _written(wire.page, "Search", ["desk", "SKU-00001", "P0000"][turn % 3])


def _page(wire: Wire, turn: int) -> Callable[[], object]:
    if turn == 0:
        wire.click(_written(wire.page, "Search", ""))
    return wire.page.get_by_role("button", name="Next page").click


def _several(wire: Wire, _: int) -> Callable[[], object]:
    return wire.page.get_by_text("Products with several SKUs").click


def _view(wire: Wire, turn: int) -> Callable[[], object]:
    return wire.page.get_by_role("radio", name=["By product", "Listings"][turn % 2]).click


REVIEW: dict[str, Click] = {
    "another lane": _lane,
    "a reason": _reason,
    "a text in the queue": _filter,
    "the next row": _next,
    "a search for products": _search,
    "a product chosen": _chosen,
    "a product rejected": _rejected,
    "a row dismissed": _dismissed,
    "a bar of a figure": _bar,
}
LAYER: dict[str, Click] = {
    "a marketplace": _place,
    "a text": _find,
    "the next page": _page,
    "products with several SKUs": _several,
    "by product, or listings": _view,
}
