"""Load by wrk: how many answers a second, how long one waits, and what an answer costs the processor."""

from __future__ import annotations

import json
import statistics
import subprocess
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from bench.servers import Memory, Server, get, memory, processor_time

CONNECTIONS = 16
SCRIPT = Path(__file__).with_name("report.lua")


class Target(NamedTuple):
    """A page under load: where it is, and who asks for it."""

    server: Server
    path: str
    cookie: str = ""
    headers: tuple[tuple[str, str], ...] = ()


class Load(NamedTuple):
    """What one run found; times in milliseconds, memory in MiB: of the largest process, and of all."""

    rate: float
    p50: float
    p95: float
    processor: float
    largest: float
    together: float


def measure(targets: dict[str, Target], *, seconds: float, rounds: int, connections: int = CONNECTIONS) -> dict[str, Load]:
    """Put the targets under load in turn, `rounds` times, and return the medians: what disturbs, disturbs all."""
    for name, target in targets.items():
        status, _body, _headers = get(target.server.address + target.path, target.cookie)
        if status != 200:
            raise SystemExit(f"{name}: {target.path} answers {status}")
        _wrk(target, max(1.0, seconds / 3), connections)
    runs: dict[str, list[Load]] = {name: [] for name in targets}
    for _ in range(rounds):
        for name, target in targets.items():
            runs[name].append(_run(target, seconds, connections))
    return {name: _median(found) for name, found in runs.items()}


def _run(target: Target, seconds: float, connections: int) -> Load:
    taken: list[Memory] = []
    look = threading.Timer(seconds * 0.7, lambda: taken.append(memory(target.server.pid)))
    look.start()
    before = processor_time(target.server.pid)
    found = _wrk(target, seconds, connections)
    used = processor_time(target.server.pid) - before
    look.join()
    if found["errors"]:
        raise SystemExit(f"{target.path}: {found['errors']} answers failed under load")
    return Load(found["rate"], found["p50"], found["p95"], 1000 * used / max(1, found["requests"]), *taken[0])


def _wrk(target: Target, seconds: float, connections: int) -> dict[str, float]:
    headers = [*target.headers, *([("Cookie", target.cookie)] if target.cookie else [])]
    command = ["wrk", "-t", str(min(2, connections)), "-c", str(connections), "-d", f"{max(1, round(seconds))}s"]
    command += ["--timeout", "30s", "-s", str(SCRIPT)]
    command += [part for name, value in headers for part in ("-H", f"{name}: {value}")]
    done = subprocess.run([*command, target.server.address + target.path], capture_output=True, text=True, check=True)
    return json.loads(next(line for line in done.stdout.splitlines() if line.startswith("{")))


def _median(runs: Iterable[Load]) -> Load:
    return Load(*(statistics.median(values) for values in zip(*runs, strict=True)))
