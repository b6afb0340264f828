"""What a page costs a store's old PC: Chromium with a processor six times slower and a line of 1.6 Mbit/s and 150 ms.

Cold is a first visit, warm the second in the same browser. Bytes are what came over the wire, headers included.
"""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

SLOWER, KILOBITS, ROUND_TRIP = 6, 1600, 150
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]
# Told by the browser itself while the page is drawn.
WATCH = """
window.watched = {long: [], shift: 0};
new PerformanceObserver(list => list.getEntries().forEach(e => watched.long.push([e.startTime, e.duration])))
  .observe({type: "longtask", buffered: true});
new PerformanceObserver(list => list.getEntries().forEach(e => { if (!e.hadRecentInput) watched.shift += e.value }))
  .observe({type: "layout-shift", buffered: true});
"""
READ = """() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
  const blocked = watched.long.reduce((sum, [at, took]) => sum + (at + took > paint ? Math.max(0, took - 50) : 0), 0);
  return {paint, blocked, shift: watched.shift, elements: document.getElementsByTagName("*").length};
}"""


class Visit(NamedTuple):
    """What one visit cost: sizes in KiB, times in milliseconds, the heap in MiB."""

    html: float
    css: float
    js: float
    rest: float
    photos: float
    largest_photo: float
    requests: int
    paint: float
    blocked: float
    shift: float
    elements: int
    heap: float

    @property
    def without_photos(self) -> float:
        """Return the size of everything but photos."""
        return self.html + self.css + self.js + self.rest


class Act(NamedTuple):
    """What pressing a button cost: requests, KiB back, and milliseconds from the answer to the changed page."""

    requests: int
    size: float
    seen: float


def chromium() -> str | None:
    """Return Debian's Chromium or whatever goes by its name."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def browser() -> Iterator[Callable[[], Browser]]:
    """Yield what starts a fresh browser."""
    with sync_playwright() as playwright:
        yield lambda: playwright.chromium.launch(executable_path=chromium(), headless=True, args=FLAGS)


def visits(start: Callable[[], Browser], address: str, cookie: str = "", runs: int = 5) -> tuple[Visit, Visit]:
    """Open a page in `runs` fresh browsers, cold and warm; return the medians of both."""
    cold, warm = [], []
    for _ in range(runs):
        fresh = start()
        context = _context(fresh, address, cookie)
        cold.append(_visit(context, address))
        warm.append(_visit(context, address))
        fresh.close()
    return _median(cold), _median(warm)


def press(start: Callable[[], Browser], address: str, cookie: str, button: str, done: str) -> Act:
    """Press a button and wait until the page shows the selector `done`."""
    fresh = start()
    page = _context(fresh, address, cookie).new_page()
    network = _Network(page)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(500)
    network.answers.clear()
    page.evaluate(
        """([selector]) => new MutationObserver((_, self) => {
             if (document.querySelector(selector)) { window.shown = performance.now(); self.disconnect(); }
           }).observe(document.body, {subtree: true, childList: true, attributes: true})""",
        [done],
    )
    page.locator(button).first.click()
    page.wait_for_selector(done)
    page.wait_for_timeout(500)
    answers = "performance.getEntriesByType('resource').filter(e => e.name.endsWith('like')).at(-1).responseEnd"
    answered = page.evaluate(answers)
    seen = page.evaluate("window.shown") - answered
    act = Act(len(network.answers), sum(answer["size"] for answer in network.answers.values()) / 1024, seen)
    fresh.close()
    return act


def _context(fresh: Browser, address: str, cookie: str) -> BrowserContext:
    context = fresh.new_context(viewport={"width": 1366, "height": 768}, locale="ru-RU")
    parts = urlsplit(address)
    for pair in filter(None, cookie.split("; ")):
        name, value = pair.split("=", 1)
        context.add_cookies([{"name": name, "value": value, "url": f"{parts.scheme}://{parts.netloc}"}])
    return context


def _visit(context: BrowserContext, address: str) -> Visit:
    page = context.new_page()
    network = _Network(page)
    page.add_init_script(WATCH)
    page.goto(address, wait_until="load", timeout=60_000)
    network.settle()
    found = page.evaluate(READ)
    heap = network.heap()
    page.close()
    photos = network.of("image/webp")
    return Visit(
        html=network.size("text/html"),
        css=network.size("text/css"),
        js=network.size("javascript"),
        rest=network.size("") - network.size("text/html", "text/css", "javascript", "image/webp"),
        photos=sum(photos),
        largest_photo=max(photos, default=0),
        requests=len([answer for answer in network.answers.values() if answer["sent"]]) - len(photos),
        heap=heap,
        **found,
    )


class _Network:
    """What goes over the wire of one page, on a slow line."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.answers: dict[str, dict[str, Any]] = {}
        self.session = page.context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.session.send("Performance.enable")
        self.session.on("Network.requestWillBeSent", self._asked)
        self.session.on("Network.responseReceived", self._answered)
        self.session.on("Network.loadingFinished", self._finished)
        self.session.on("Network.requestServedFromCache", self._kept)
        speed = KILOBITS * 125
        line = {"offline": False, "latency": ROUND_TRIP, "downloadThroughput": speed, "uploadThroughput": speed}
        self.session.send("Network.emulateNetworkConditions", line)
        self.session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})

    def settle(self) -> None:
        """Wait until nothing comes any more."""
        before = -1.0
        while before != (before := self.size("") + len(self.answers)):
            self.page.wait_for_timeout(1500)

    def size(self, *kinds: str) -> float:
        """Return how many KiB of these types came."""
        return sum(size for kind in kinds for size in self.of(kind))

    def of(self, kind: str) -> list[float]:
        """Return the sizes of the answers of a type in KiB."""
        return [answer["size"] / 1024 for answer in self.answers.values() if kind in answer["type"] and answer["sent"]]

    def heap(self) -> float:
        """Return what scripts keep in memory, in MiB."""
        self.session.send("HeapProfiler.collectGarbage")
        metrics = {metric["name"]: metric["value"] for metric in self.session.send("Performance.getMetrics")["metrics"]}
        return metrics["JSHeapUsedSize"] / 2**20

    def _asked(self, event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            self.answers.setdefault(event["requestId"], {"size": 0, "type": "", "sent": True})

    def _answered(self, event: dict[str, Any]) -> None:
        if answer := self.answers.get(event["requestId"]):
            answer["type"] = event["response"]["mimeType"]
            answer["sent"] = answer["sent"] and not event["response"].get("fromDiskCache")

    def _finished(self, event: dict[str, Any]) -> None:
        if answer := self.answers.get(event["requestId"]):
            answer["size"] = event["encodedDataLength"]

    def _kept(self, event: dict[str, Any]) -> None:
        if answer := self.answers.get(event["requestId"]):
            answer["sent"] = False


def _median(found: list[Visit]) -> Visit:
    return Visit(*(statistics.median(values) for values in zip(*found, strict=True)))
