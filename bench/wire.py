"""What a click costs, seen on the wire between browser and app and on the screen.

Nothing in the app knows of it: the server's side is the time from the message that a click sends
to the one that says that the script has ended, both stamped by the browser.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from playwright.sync_api import Page
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.screen import expect_calm

WATCH = """
(() => {
  const bench = window.bench = {}
  window.WebSocket = class extends WebSocket {
    constructor(...where) {
      super(...where)
      this.addEventListener("message", () => bench.heard?.())
    }
  }
  bench.begin = (wanted) => {
    bench.answer = new Promise((done, fail) => {
      setTimeout(() => fail(new Error("not answered in 5 minutes")), 300000)
      let acted = 0, ran = false, ended = false, painted = 0
      const paint = () => {
        painted = wanted.every(selector => document.querySelector(selector)) && performance.now()
        if (!painted) requestAnimationFrame(paint)
      }
      paint()
      const note = () => { if (!ran) acted = performance.now() }
      for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, note, true)
      const observer = new MutationObserver(() => {
        const state = document.querySelector("[data-testid=stApp]")?.dataset.testScriptState
        if (state === "running") { ran = true; ended = false }
        if (ran && state === "notRunning" && !ended) { ended = true; look() }
      })
      // Where the browser is busy, a run may be over before it shows that one began.
      const settle = () => {
        const state = document.querySelector("[data-testid=stApp]")?.dataset.testScriptState
        if (acted && state === "notRunning" && !ended) { ran = ended = true; look() }
      }
      bench.heard = () => requestAnimationFrame(() => requestAnimationFrame(settle))
      const look = () => {
        if (!ended) return
        const there = wanted.every(selector => document.querySelector(selector))
        if (!there || document.querySelector("[data-stale=true]")) {
          requestAnimationFrame(look)
          return
        }
        requestAnimationFrame(() => requestAnimationFrame(() => {
          const now = performance.now()
          // A part of a page may ask for the whole page to be drawn.
          setTimeout(() => {
            if (!ended) return
            observer.disconnect()
            delete bench.heard
            for (const kind of ["pointerdown", "keydown"]) removeEventListener(kind, note, true)
            const [at, seen] = [now, painted].map(t => (performance.timeOrigin + t) / 1000)
            done({took: now - acted, at, painted: seen})
          }, 200)
        }))
      }
      observer.observe(document, {
        attributes: true, attributeFilter: ["data-test-script-state"], subtree: true,
      })
    })
  }
})()
"""
"""Answers once the script has run to its end after the last click or key, and what is wanted (CSS
selectors) is drawn: how long it took in milliseconds, and when that was in seconds since 1970."""


@dataclass(frozen=True)
class Answer:
    """Milliseconds from the click until the script had run (``server``), and the whole page where
    the part that was clicked asks for it (``whole``), and until all was drawn (``browser``); bytes
    over the websocket to the browser. ``sent``: when the click was sent, ``painted``: when what is
    wanted was drawn first, and ``drawn``: when all was, in seconds since 1970."""

    server: float
    whole: float
    browser: float
    size: int
    sent: float
    painted: float
    drawn: float


@dataclass
class Wire:
    """Watches the websocket of a page. ``loaded`` counts the bytes of everything else."""

    page: Page
    loaded: int = 0
    _sent: list[tuple[float, BackMsg]] = field(default_factory=list)
    _received: list[tuple[float, ForwardMsg, int]] = field(default_factory=list)
    _since_1970: float = 0

    def __post_init__(self) -> None:
        self.page.add_init_script(WATCH)
        # Kept, or nobody would tell of anything.
        self._devtools = self.page.context.new_cdp_session(self.page)
        self._devtools.on("Network.webSocketFrameSent", self._note_sent)
        self._devtools.on("Network.webSocketFrameReceived", self._note_received)
        self._devtools.on("Network.dataReceived", self._note_loaded)
        self._devtools.on("Network.requestWillBeSent", self._set_clock)
        self._devtools.send("Network.enable")

    def _note_sent(self, event: dict) -> None:
        if event["response"]["opcode"] == 2:
            message = BackMsg.FromString(base64.b64decode(event["response"]["payloadData"]))
            self._sent.append((event["timestamp"], message))

    def _note_received(self, event: dict) -> None:
        if event["response"]["opcode"] == 2:
            data = base64.b64decode(event["response"]["payloadData"])
            self._received.append((event["timestamp"], ForwardMsg.FromString(data), len(data)))

    def _note_loaded(self, event: dict) -> None:
        self.loaded += event["encodedDataLength"]

    def _set_clock(self, event: dict) -> None:
        self._since_1970 = event["wallTime"] - event["timestamp"]

    def load(self, url: str, wanted: Sequence[str] = ()) -> Answer:
        """Open an address, and wait until it is drawn."""
        self._forget()
        self.page.goto(url, wait_until="commit")
        self._watch(wanted)
        return self._answer()

    def click(self, act: Callable[[], object], wanted: Sequence[str] = ()) -> Answer:
        """Do what a person does, and wait until it is answered and drawn."""
        self._forget()
        self._watch(wanted)
        act()
        return self._answer()

    def _forget(self) -> None:
        self._sent.clear()
        self._received.clear()

    def _watch(self, wanted: Sequence[str]) -> None:
        self.page.evaluate("wanted => { bench.begin(wanted) }", list(wanted))

    def _answer(self) -> Answer:
        drawn = self.page.evaluate("bench.answer")
        expect_calm(self.page)
        asked = [at for at, message in self._sent if message.HasField("rerun_script")]
        ended = [at for at, message, _ in self._received if message.HasField("script_finished")]
        assert asked, "nothing was sent"
        assert ended, "the script did not end"
        return Answer(
            server=1000 * (ended[0] - asked[0]),
            whole=1000 * (ended[-1] - asked[0]),
            browser=drawn["took"],
            size=sum(size for _, _, size in self._received),
            sent=asked[0] + self._since_1970,
            painted=drawn["painted"],
            drawn=drawn["at"],
        )

    def first_seen(self, heading: str) -> float:
        """When the heading came, during the last click, in seconds since 1970."""
        for at, message, _ in self._received:
            if message.delta.new_element.heading.body == heading:
                return at + self._since_1970
        raise AssertionError(f"no heading {heading} came")
