"""Real servers for the tests, started and ended by the suite itself: PostgreSQL, Redis, SMTP, the portal."""

from __future__ import annotations

import glob
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def postgresql_folder() -> Path | None:
    """Return where PostgreSQL's programs lie, the newest first; None where there is none."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[-2]), reverse=True)
    if found:
        return Path(found[0])
    program = shutil.which("initdb")
    return Path(program).parent if program else None


class PostgreSQL:
    """A PostgreSQL server with a fresh database, which can be stopped and started; it waits for no disk."""

    SETTINGS = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "shared_buffers": "64MB",
        "max_connections": "60",
    }

    def __init__(self, folder: Path) -> None:
        programs = postgresql_folder()
        assert programs is not None
        self.programs, self.data, self.port = programs, folder / "pg", free_port()
        self.address = f"postgresql+psycopg://ritm@127.0.0.1:{self.port}/postgres"
        folder.mkdir(parents=True, exist_ok=True)
        # The server refuses to run as root; Debian has a user for it.
        self.user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.user:
            shutil.chown(folder, "postgres")
            for parent in folder.parents:
                if parent == Path("/tmp"):
                    break
                parent.chmod(parent.stat().st_mode | 0o011)
        subprocess.run(
            [
                *self.user,
                programs / "initdb",
                "-D",
                self.data,
                "-U",
                "ritm",
                *["-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = [part for name, value in self.SETTINGS.items() for part in ("-c", f"{name}={value}")]
        self.process = subprocess.Popen(
            [*self.user, self.programs / "postgres", "-D", self.data, "-c", f"port={self.port}", *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )
        _wait_for(self.port, self.process)
        # After a stop in haste it listens a while before it lets anybody in.
        while not self._lets_in():
            time.sleep(0.05)

    def _lets_in(self) -> bool:
        try:
            psycopg.connect(self.address.replace("+psycopg", ""), connect_timeout=5).close()
        except psycopg.OperationalError:
            assert self.process.poll() is None, "PostgreSQL ended before it began"
            return False
        return True

    def stop(self) -> None:
        """Stop it at once, whoever is connected."""
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGINT)
        self.process.wait(20)


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Run a PostgreSQL server and yield its address."""
    server = PostgreSQL(folder)
    server.start()
    try:
        yield server.address
    finally:
        server.stop()


class Gunicorn:
    """The portal as a company runs it, with several processes; it can be killed and started again on its port."""

    def __init__(self, environment: dict[str, str], workers: int = 2, log: Path | None = None) -> None:
        self.port, self.content_port, self.log = free_port(), free_port(), log
        settings = {"RITM_WORKERS": str(workers), "RITM_CONTENT_PORT": str(self.content_port)}
        self.environment = {**os.environ, **environment, **settings}
        self.address = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.process = subprocess.Popen(
            [
                *[sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.py", "wsgi:app"],
                *["-b", f"127.0.0.1:{self.port}", "-b", f"127.0.0.1:{self.content_port}"],
            ],
            env=self.environment,
            cwd=ROOT,
            stdout=self.log.open("ab") if self.log else None,
            stderr=subprocess.STDOUT if self.log else None,
            start_new_session=True,
        )
        _wait_for(self.port, self.process)

    def stop(self) -> None:
        """End it in good order."""
        self.process.terminate()
        self.process.wait(30)

    def kill(self) -> None:
        """Kill it with all its processes, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        # Its children hold the port until they are gone as well.
        while _answers(self.port):
            time.sleep(0.01)

    def kill_workers(self) -> None:
        """Kill the processes that serve, in the middle of whatever they do; the master puts new ones in their place."""
        for pid in self.workers():
            os.kill(pid, signal.SIGKILL)

    def workers(self) -> list[int]:
        """Return the processes that serve."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def spent(self) -> dict[int, int]:
        """Return how much work each serving process has done, in ticks of the clock."""
        stat = {pid: Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in self.workers()}
        return {pid: int(fields[11]) + int(fields[12]) for pid, fields in stat.items()}


@contextmanager
def redis(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run a Redis that keeps nothing and yield its address and process."""
    folder.mkdir(parents=True, exist_ok=True)
    program, port = shutil.which("redis-server"), free_port()
    assert program is not None
    server = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder],
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, server)
        yield f"redis://127.0.0.1:{port}/0", server
    finally:
        server.terminate()
        server.wait(20)


@contextmanager
def running(server: Gunicorn) -> Iterator[Gunicorn]:
    """Start a server and end it whatever happens meanwhile."""
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def portal(environment: dict[str, str], workers: int = 2, log: Path | None = None) -> Iterator[str]:
    """Run the portal as a company would, by gunicorn with several processes, and yield its address."""
    with running(Gunicorn(environment, workers, log)) as server:
        yield server.address


def _wait_for(port: int, server: subprocess.Popen[bytes], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert server.poll() is None, "the server ended before it began"
        if _answers(port):
            return
        time.sleep(0.05)
    raise TimeoutError("the server does not answer")


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
