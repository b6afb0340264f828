"""Real servers for the measurements, and what their processes take of the machine."""

from __future__ import annotations

import http.cookiejar
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
WORKERS, THREADS = 2, 4
PASSWORD = "demo"


class Server(NamedTuple):
    """A server that answers: where, and the process that began it."""

    address: str
    pid: int


@contextmanager
def portal(folder: Path, jobs: str = "inside") -> Iterator[Server]:
    """Serve the portal from a data folder, as `./run serve` does; with jobs "outside" nobody works them off meanwhile."""
    environment = {**settings(folder), "RITM_WORKERS": str(WORKERS), "RITM_JOBS": jobs}
    with _gunicorn(["--config", "deploy/gunicorn.py", "wsgi:app"], environment, "/health") as server:
        yield server


@contextmanager
def floor(database: Path) -> Iterator[Server]:
    """Serve the floor by the same server with as many processes and threads."""
    shape = ["-k", "gthread", "-w", str(WORKERS), "--threads", str(THREADS), "--keep-alive", "30", "--log-level", "warning"]
    with _gunicorn([*shape, "bench.floor:app"], {"FLOOR_DATABASE": str(database)}, "/") as server:
        yield server


def settings(folder: Path) -> dict[str, str]:
    """Return the environment of a portal of its own, whatever the caller's says."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RITM_")}
    return {
        **kept,
        "RITM_DATA_DIR": str(folder),
        "RITM_SECRET_KEY": "measured, and thrown away afterwards",
        "RITM_DEMO": "1",
    }


def flask(folder: Path, *arguments: str) -> None:
    """Run one of the portal's commands on a data folder."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    done = subprocess.run(command, env=settings(folder), cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"flask {' '.join(arguments)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def sign_in(address: str, login: str) -> str:
    """Sign in by the form like anybody, and return the cookies as a header."""
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(f"{address}/sign-in").read().decode()
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    if not found:
        raise SystemExit("the sign-in page has no form")
    fields = {"csrf_token": found[1], "login": login, "password": PASSWORD}
    answer = browser.open(f"{address}/sign-in", urllib.parse.urlencode(fields).encode())
    if answer.url.rstrip("/").endswith("/sign-in"):
        raise SystemExit(f"{login} could not sign in")
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def get(address: str, cookie: str = "", **headers: str) -> tuple[int, bytes, dict[str, str]]:
    """Return status, body and headers of an address."""
    request = urllib.request.Request(address, headers={**({"Cookie": cookie} if cookie else {}), **headers})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read(), dict(error.headers)


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = entry.read_text()
        except OSError:
            continue
        children.setdefault(int(text.rsplit(")", 1)[1].split()[1]), []).append(int(text.split()[0]))
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


class Memory(NamedTuple):
    """Proportional memory (PSS) in MiB, in which what processes share counts once: of the largest, and of all together."""

    largest: float
    together: float


def memory(pid: int) -> Memory:
    """Return what a family of processes takes of the memory."""
    found = []
    for member in family(pid):
        try:
            lines = Path(f"/proc/{member}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        found.append(sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024)
    return Memory(max(found), sum(found))


def processor_time(pid: int) -> float:
    """Return the seconds of processor that a family of processes has used."""
    ticks = 0
    for member in family(pid):
        try:
            fields = Path(f"/proc/{member}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def _gunicorn(arguments: list[str], environment: dict[str, str], path: str) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *arguments]
    process = subprocess.Popen(command, env={**os.environ, **environment}, cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}{path}", process)
        yield Server(address, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(address: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit("the server ended before it answered; see the lines above")
        try:
            if get(address)[0] == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"{address} does not answer")
