"""`./run` in the words of whoever types it: refusals with the line to type, a ready portal, a clean end."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from importlib.machinery import SourceFileLoader
from types import ModuleType

import pytest

from tests import servers

SCRIPT = servers.ROOT / "run"
# The script as it is, with this environment in place of .venv, which it would else install.
DRIVER = """
import importlib.util, sys
from importlib.machinery import SourceFileLoader
loader = SourceFileLoader("run", {script!r})
run = importlib.util.module_from_spec(importlib.util.spec_from_loader("run", loader))
loader.exec_module(run)
run.PYTHON, run.install = sys.executable, lambda lock: None
sys.exit(run.main())
"""


@pytest.fixture
def run(monkeypatch) -> ModuleType:
    """Return the script as a module."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader = SourceFileLoader("run", str(SCRIPT))
    spec = importlib.util.spec_from_loader("run", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def typed(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Type ./run with these words, with no settings but these."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RITM_")}
    command = [sys.executable, "-B", SCRIPT, *words]
    return subprocess.run(command, env={**clean, **environment}, capture_output=True, text=True, timeout=60, check=False)


def test_without_a_word_it_says_what_there_is():
    assert typed().returncode == 1
    asked = typed("--help")
    assert asked.returncode == 0
    for command in ("demo", "test", "bench", "serve", "install", "pictures"):
        assert f"./run {command}" in asked.stdout


@pytest.mark.parametrize("key", ["", "short"])
def test_serve_refuses_without_a_secret_key_and_says_the_line(key):
    answer = typed("serve", RITM_SECRET_KEY=key)
    assert answer.returncode == 1
    line = re.search(r"^ *(?:export|set) RITM_SECRET_KEY=([0-9a-f]{64})$", answer.stderr, re.M)
    assert line is not None
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_a_taken_port_is_said_before_anything_is_done(command):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = typed(command, "--port", str(port), RITM_SECRET_KEY="x" * 32)
    assert answer.returncode == 1
    assert f"Port {port}" in answer.stderr
    assert f"--port {port + 1}" in answer.stderr
    assert "Installing" not in answer.stdout
    assert "Traceback" not in answer.stderr


def test_an_incomplete_python_gets_the_one_line_to_type(run, monkeypatch, tmp_path):
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "works", lambda command: False)
    monkeypatch.setattr(run, "apt", lambda packages: False)
    with pytest.raises(run.Stop, match=rf"sudo apt-get install python3\.{sys.version_info.minor}-venv"):
        run.make_venv()


def test_a_half_made_environment_is_made_anew(run, monkeypatch, tmp_path):
    """The interpreter is there, pip is not: the last attempt was interrupted."""
    venv, called = tmp_path / ".venv", []
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    monkeypatch.setattr(run, "VENV", venv)
    monkeypatch.setattr(run, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(run, "works", lambda command: "pip" not in command)
    monkeypatch.setattr(run.subprocess, "call", lambda command, **_: called.append(command) or 0)
    run.install("requirements.lock")
    assert called[0][1:4] == ["-m", "venv", "--clear"]
    assert "--require-hashes" in called[1]
    called.clear()
    run.install("requirements.lock")
    assert called == [], "a second start finds the mark of the first"


def test_an_install_that_fails_leaves_no_mark(run, monkeypatch, tmp_path):
    venv = tmp_path / ".venv"
    venv.mkdir()
    monkeypatch.setattr(run, "VENV", venv)
    monkeypatch.setattr(run, "PYTHON", venv / "python")
    monkeypatch.setattr(run, "works", lambda command: True)
    monkeypatch.setattr(run.subprocess, "call", lambda command, **_: 1)
    with pytest.raises(run.Stop, match="type the same again"):
        run.install("requirements.lock")
    assert list(venv.iterdir()) == []


def test_what_is_missing_and_may_not_be_fetched_is_named(run, monkeypatch, capsys):
    monkeypatch.setitem(run.PROGRAMS, "wrk", lambda: None)
    monkeypatch.setattr(run, "apt", lambda packages: False)
    run.fetch_programs("wrk")
    assert "sudo apt-get install wrk" in capsys.readouterr().err


def test_test_passes_on_the_code_of_pytest(run, monkeypatch):
    for name in ("install", "fetch_programs", "fetch_chrome_109"):
        monkeypatch.setattr(run, name, lambda *_: None)
    monkeypatch.setattr(run, "PYTHON", sys.executable)
    assert run.test(["--no-such-option", "-x"]) == 4
    assert run.test(["-x", "-k", "nothing_of_this_name", "tests/script"]) == 5


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_serve_is_ready_and_ends_cleanly(tmp_path, end):
    port = servers.free_port()
    command = [sys.executable, "-B", "-c", DRIVER.format(script=str(SCRIPT)), "serve", "--port", str(port), "--workers", "1"]
    environment = {**os.environ, "RITM_DATA_DIR": str(tmp_path), "RITM_DATABASE_URL": "", "RITM_SECRET_KEY": "x" * 32}
    with subprocess.Popen(command, env=environment, cwd=servers.ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            said = next(line for line in server.stdout if "ready" in line)
            assert said == f"Ritm is ready at http://127.0.0.1:{port}\n"
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as answer:
                assert json.load(answer)["status"] == "ok"
            server.send_signal(end)
            assert server.wait(40) == 0
        finally:
            server.kill()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0, "its server outlived it"


def test_waitress_serves_where_gunicorn_cannot(tmp_path):
    port = servers.free_port()
    environment = {**os.environ, "RITM_DATA_DIR": str(tmp_path), "RITM_DATABASE_URL": "", "RITM_SECRET_KEY": "x" * 32}
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"], env=environment, cwd=servers.ROOT, check=True
    )
    command = [sys.executable, "-m", "deploy.windows", "127.0.0.1", str(port)]
    with subprocess.Popen(command, env=environment, cwd=servers.ROOT) as server:
        try:
            servers._wait_for(port, server)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as answer:
                assert json.load(answer)["status"] == "ok"
        finally:
            server.kill()
