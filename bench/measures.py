"""The measures themselves, in the order of the table: start, load, weight, growth, news; with the bars of the README."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from bench import growth as growing
from bench import news as telling
from bench import servers
from bench import weight as scales
from bench.load import Target, measure
from bench.servers import Server, get, sign_in
from bench.table import Table

FLOOR = "floor.sqlite3"
GROWN = 100
# Who opens what under load besides the stream; {person}, {store} and {post} are those of the newest entry.
PAGES = {
    "older posts": ("seller", "/?before={older}"),
    "a post with its comments": ("seller", "/posts/{post}"),
    "a person": ("seller", "/people/{person}"),
    "a store": ("seller", "/stores/{store}"),
    "posts of a topic": ("seller", "/posts?topic={topic}"),
    "the directory": ("seller", "/people"),
    "the stores": ("seller", "/stores"),
    "bookmarks": ("seller", "/bookmarks"),
    "the form of a post": ("seller", "/posts/new"),
    "news since the last look": ("seller", "/posts/news?since={older}"),
    "moderation": ("editor", "/moderation"),
    "decided complaints": ("editor", "/moderation/history"),
    "the log": ("admin", "/admin/log"),
}
GROWING = (
    "older posts",
    "a post with its comments",
    "a person",
    "a store",
    "posts of a topic",
    "the directory",
    "moderation",
)
GROWING += ("decided complaints", "the log", "news since the last look")
# Pages of announcements: who opens what; {announcement} is one of those that went to everybody.
NEWS = {
    "announcements": ("seller", "/announcements"),
    "an announcement": ("seller", "/announcements/{announcement}"),
    "what one missed": ("seller", "/announcements/missed"),
    "the announcements' desk": ("editor", "/announcements/desk"),
    "reach of an announcement": ("editor", "/announcements/{announcement}/reach"),
    "older announcements": ("seller", "/announcements?before={older}"),
    "reach of the latest": ("editor", "/announcements/reach"),
    "reach in a store": ("editor", "/announcements/{announcement}/reach/{store}"),
    "stores over weeks": ("editor", "/announcements/reach/stores"),
    "the announcements of a team": ("director", "/announcements/store"),
}
# What is held to the floor; and what shows as much whatever lies beneath, as "missed" does not.
NEWS_HELD = ("announcements", "an announcement", "what one missed", "the announcements' desk", "reach of an announcement")
NEWS_GROWING = tuple(name for name in NEWS if name != "what one missed")


def prepare(company: Path) -> None:
    """Make a fresh company ready for everything that is measured."""
    growing.prepare(company)


def start(table: Table, _folder: Path, company: Path, quick: bool) -> None:
    """How long the portal takes until it answers, with its data in place."""
    times = []
    for _ in range(1 if quick else 3):
        began = time.monotonic()
        servers.flask(company, "demo")
        with servers.portal(company) as portal:
            get(f"{portal.address}/sign-in")
            times.append(time.monotonic() - began)
    table.at_most("second start of the demo", statistics.median(times), 3, "s")
    program = "import time; t = time.perf_counter(); import wsgi; print(time.perf_counter() - t)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=servers.settings(company),
        cwd=servers.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    table.add("importing the application, s", float(done.stdout))


def load(table: Table, folder: Path, company: Path, quick: bool) -> None:
    """Answers a second beside the floor, at 16 connections; how long one waits; memory."""
    seconds, rounds = (3.0, 1) if quick else (6.0, 3)
    with servers.floor(folder / FLOOR) as bottom, servers.portal(company) as portal:
        cookies = {login: sign_in(portal.address, login) for login in ("seller", "editor", "admin")}
        found = measure(
            {
                "floor": Target(bottom, "/"),
                "stream": Target(portal, "/", cookies["seller"]),
                "packed": Target(portal, "/", cookies["seller"], (("Accept-Encoding", "gzip"),)),
            },
            seconds=seconds,
            rounds=rounds,
        )
        least, stream = found["floor"], found["stream"]
        table.add("stream, answers a second", stream.rate, floor=least.rate)
        table.at_least("stream, of the floor's answers", stream.rate / least.rate, 0.5, "×")
        table.add("stream compressed, of the floor's", found["packed"].rate / least.rate)
        table.add("stream, ms of processor an answer", stream.processor, floor=least.processor)
        table.add("stream, median wait, ms", stream.p50, floor=least.p50)
        table.at_most(
            "a serving process under load", max(stream.largest, found["packed"].largest), 150, "MiB", least.largest
        )
        table.add("all its processes together, MiB", max(stream.together, found["packed"].together), floor=least.together)
        names = addresses(company)
        pages = {name: Target(portal, path.format(**names), cookies[login]) for name, (login, path) in PAGES.items()}
        for name, page in pages.items():
            both = measure({"floor": Target(bottom, "/"), name: page}, seconds=seconds / 2, rounds=max(1, rounds - 1))
            table.at_least(f"{name}, of the floor's answers", both[name].rate / both["floor"].rate, 0.3, "×")
            table.at_most(f"{name}, p95 of its median", both[name].p95 / both[name].p50, 5, "×")
        after = servers.memory(portal.pid)
        table.at_most("a serving process after all pages", after.largest, 150, "MiB")
        table.add("all its processes after all pages, MiB", after.together)


def weigh(table: Table, page: str, cold: scales.Visit, warm: scales.Visit, base: tuple[scales.Visit, scales.Visit]) -> None:
    """Hold a page to the bars for weak terminals."""
    table.at_most(f"{page} cold, all but photos", cold.without_photos, 45, "KiB", base[0].without_photos)
    table.at_most(f"{page} cold, HTML", cold.html, 14, "KiB", base[0].html)
    table.at_most(f"{page} cold, CSS", cold.css, 12, "KiB", base[0].css)
    table.at_most(f"{page} cold, scripts", cold.js, 16, "KiB", base[0].js)
    table.at_most(f"{page} cold, requests but photos", cold.requests, 8, "", base[0].requests)
    table.at_most(f"{page} warm, besides HTML", warm.without_photos - warm.html, 0, "KiB")
    table.at_most(f"{page} cold, first paint", cold.paint / 1000, 1.0, "s", base[0].paint / 1000)
    table.at_most(f"{page} warm, first paint", warm.paint / 1000, 0.7, "s", base[1].paint / 1000)
    table.at_most(f"{page} cold, blocked", cold.blocked, 80, "ms", base[0].blocked)
    table.at_most(f"{page} warm, blocked", warm.blocked, 80, "ms", base[1].blocked)
    table.at_most(f"{page}, layout shift", max(cold.shift, warm.shift), 0, "", base[0].shift)
    table.at_most(f"{page}, elements", cold.elements, 900, "", base[0].elements)
    table.at_most(f"{page}, script heap", cold.heap, 2, "MiB", base[0].heap)
    table.at_most(f"{page}, largest photo", cold.largest_photo, 60, "KiB")


def weight(table: Table, folder: Path, company: Path, quick: bool) -> None:
    """What the stream costs a store's old PC."""
    if scales.chromium() is None:
        table.add("page weight and paint", "not measured", bar="Chromium is not installed", holds=False)
        return
    runs = 1 if quick else 5
    with servers.floor(folder / FLOOR) as bottom, servers.portal(company) as portal, scales.browser() as begin:
        base = scales.visits(begin, bottom.address, runs=runs)
        cookie = sign_in(portal.address, "seller")
        weigh(table, "stream", *scales.visits(begin, f"{portal.address}/", cookie, runs), base)
        like = ".act--like:not([disabled])[aria-pressed=false]"
        act = scales.press(begin, f"{portal.address}/", cookie, like, ".act--like[aria-pressed=true]")
        table.at_most("a like, requests", act.requests, 1)
        table.at_most("a like, the answer", act.size, 3, "KiB")
        table.at_most("a like, seen after the answer", act.seen, 100, "ms")


def growth(table: Table, folder: Path, company: Path, _quick: bool) -> None:
    """The same pages among a hundred times as much."""
    large = folder / f"{company.name}-times-{GROWN}"
    if not (large / "made").exists():
        print(f"making it {GROWN} times as large …", flush=True)
        shutil.rmtree(large, ignore_errors=True)
        growing.grow(company, large, GROWN)
        (large / "made").touch()
    with servers.portal(company) as small, servers.portal(large) as grown:
        for name, (login, path) in {"the stream": ("seller", "/"), **{name: PAGES[name] for name in GROWING}}.items():
            both = {}
            for server, data in ((small, company), (grown, large)):
                both[server.pid] = Target(server, path.format(**addresses(data)), sign_in(server.address, login))
            table.at_most(f"{name}, of the cost before", _ratio(small, grown, both), 1.3, "×")
    _walks(table, large)


def news(table: Table, folder: Path, company: Path, _quick: bool) -> None:
    """The pages of announcements in the company, and among 20,000 people and 2,000 announcements."""
    sizes = {"small": telling.SMALL, "large": telling.LARGE}
    small, large = (telling.make(company, folder / f"{company.name}-news-{name}", *sizes[name]) for name in sizes)
    cookies: dict[tuple[int, str], str] = {}

    def target(server: Server, data: Path, name: str) -> Target:
        login, path = NEWS[name]
        if (server.pid, login) not in cookies:
            cookies[server.pid, login] = sign_in(server.address, login)
        return Target(server, path.format(**telling.addresses(data)), cookies[server.pid, login])

    # Twenty thousand people hired at one blow leave the schedules hours of work, which is not what pages cost.
    few_portal, many_portal = (servers.portal(data, jobs="outside") for data in (small, large))
    with servers.floor(folder / FLOOR) as bottom, few_portal as few, many_portal as many:
        for name in NEWS_HELD:
            at_least = {"floor": Target(bottom, "/"), "few": target(few, small, name), "many": target(many, large, name)}
            found = measure(at_least, seconds=2, rounds=2)
            table.add(f"{name}, of the floor's answers", found["few"].rate / found["floor"].rate)
            table.at_least(f"{name} among 2 000, of the floor's", found["many"].rate / found["floor"].rate, 0.3, "×")
            table.at_most(f"{name} among 2 000, p95 of its median", found["many"].p95 / found["many"].p50, 5, "×")
        for name in NEWS_GROWING:
            both = {few.pid: target(few, small, name), many.pid: target(many, large, name)}
            table.at_most(f"{name} among 2 000, of the cost before", _ratio(few, many, both), 1.3, "×")
        table.at_most("a serving process after the large pages", servers.memory(many.pid).largest, 150, "MiB")


def _walks(table: Table, large: Path) -> None:
    """Ask for the stream of viewers who see much, little and in many pieces."""
    command = [sys.executable, "-m", "bench.walks"]
    done = subprocess.run(command, env=servers.settings(large), cwd=servers.ROOT, capture_output=True, text=True, check=True)
    for name, milliseconds in json.loads(done.stdout).items():
        table.at_most(f"whoever {name}, the statement", milliseconds, 5, "ms")


def _ratio(small: Server, grown: Server, targets: dict[int, Target]) -> float:
    """Return what an answer costs the processor among much, as a multiple of what it costs among little."""
    found = measure({str(pid): target for pid, target in targets.items()}, seconds=2, rounds=3, connections=2)
    return found[str(grown.pid)].processor / found[str(small.pid)].processor


def addresses(company: Path) -> dict[str, str]:
    """Return what the addresses of PAGES are filled in with."""
    with closing(sqlite3.connect(company / growing.DATABASE)) as base:
        # Nobody likes what is his own, so it is not one of the seller's.
        post, person, store = base.execute(
            "SELECT entry.id, author_id, entry.store_id FROM entry JOIN audience ON audience.id = audience_id "
            "JOIN person ON person.id = author_id WHERE login IS NOT 'seller' "
            "AND spec = 'everybody' AND kind = 'post' AND deleted_at IS NULL AND comment_count > 3 "
            "ORDER BY published_at DESC LIMIT 1"
        ).fetchone()
        middle = "SELECT published_at, id FROM entry WHERE id >= (SELECT max(id) / 2 FROM entry) ORDER BY id LIMIT 1"
        at, number = base.execute(middle).fetchone()
        topic = base.execute("SELECT slug FROM topic ORDER BY id LIMIT 1").fetchone()[0]
    older = f"{re.sub('[-:.]', '', at).replace(' ', 'T')}-{number}"
    return {"post": str(post), "person": str(person), "store": str(store), "topic": topic, "older": older}
