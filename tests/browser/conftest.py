"""Real browsers before a real server: today's Chromium, and the Chrome 109 of the store PCs where it was fetched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.guard.world import World
from tests.quality.wire import Company, Wire
from tests.servers import ROOT, Gunicorn, running

PROGRAMS = {"chromium": Path("/usr/bin/chromium"), "chrome-109": ROOT / ".venv" / "chrome-109" / "chromium"}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync", "--hide-scrollbars", "--force-color-profile=srgb"]
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1366, "height": 768}
# Where one is missing, what it would have tried is skipped with the reason, and so fails where nothing may be skipped.
MISSING = {
    "chromium": "Chromium is not installed: apt-get install chromium",
    "chrome-109": "Chrome 109 does not lie in .venv/chrome-109, where ./run test fetches it by npm (x86-64 Linux alone)",
}


class Site:
    """A served portal with a company in it, and browsers of its people."""

    def __init__(self, company: Company, server: Gunicorn, browser: Browser) -> None:
        self.company, self.server, self.browser = company, server, browser
        self.address = server.address

    @contextmanager
    def visit(self, token: str | None = None, size: dict[str, int] = DESKTOP, **options: Any) -> Iterator[Visit]:
        """Open a browser of its own, signed in with a session's token where there is one."""
        context = self.browser.new_context(viewport=size, locale="ru-RU", reduced_motion="reduce", **options)
        context.set_default_timeout(15_000)
        if token:
            name, value = Wire(self.company.app, self.address, token).cookie.split("=", 1)
            context.add_cookies([{"name": name, "value": value, "url": self.address, "httpOnly": True}])
        try:
            yield Visit(self, context)
        finally:
            context.close()


class Visit:
    """One browser window, and everything that went wrong in it."""

    def __init__(self, site: Site, context: BrowserContext) -> None:
        self.site, self.context = site, context
        self.wrong: list[str] = []
        self.page = self.tab()

    def tab(self) -> Page:
        """Open another tab."""
        page = self.context.new_page()
        page.on("console", lambda m: self.wrong.append(f"console: {m.text}") if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        page.on("requestfailed", lambda request: self._failed(request))
        return page

    def _failed(self, request: Any) -> None:
        # What the browser itself gives up when the reader goes elsewhere is no fault.
        if "ERR_ABORTED" not in (request.failure or ""):
            self.wrong.append(f"{request.url}: {request.failure}")

    def go(self, path: str) -> Page:
        """Open an address of the portal."""
        self.page.goto(self.site.address + path)
        return self.page


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Start Playwright once."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def _browsers(playwright: Playwright) -> Iterator[dict[str, Browser]]:
    found: dict[str, Browser] = {}
    yield found
    for browser in found.values():
        browser.close()


@pytest.fixture(params=PROGRAMS)
def browser(request: pytest.FixtureRequest, playwright: Playwright, _browsers: dict[str, Browser]) -> Browser:
    """Return each Chrome."""
    name = request.param
    if not PROGRAMS[name].exists():
        pytest.skip(MISSING[name])
    if name not in _browsers:
        _browsers[name] = playwright.chromium.launch(executable_path=PROGRAMS[name], args=FLAGS)
    return _browsers[name]


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Company, Gunicorn]]:
    """Serve the world of the guard's tests once; tests that only look share it."""
    folder = tmp_path_factory.mktemp("furnished")
    company = Company(folder, f"sqlite:///{folder / 'ritm.sqlite3'}")
    world = World(company.portal)
    server = Gunicorn(company.environment, workers=1, log=folder / "log")
    with running(server):
        yield world, company, server
    company.close()


@pytest.fixture
def site(tmp_path: Path, browser: Browser) -> Iterator[Site]:
    """Serve a company of a test's own."""
    company = Company(tmp_path / "company", f"sqlite:///{tmp_path / 'company' / 'ritm.sqlite3'}")
    server = Gunicorn(company.environment, log=tmp_path / "log")
    with running(server):
        yield Site(company, server, browser)
    company.close()
