"""ruff, mypy and djlint find nothing; run as tests, so that the one command of the suite says everything."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
COMMANDS = {
    "ruff check": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "mypy": ["mypy"],
    "djlint": ["djlint", "app/templates", "--lint", "--quiet"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_finds_nothing(name):
    program, *arguments = COMMANDS[name]
    beside = Path(sys.executable).parent / program
    done = subprocess.run(
        [beside if beside.exists() else program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{name}:\n{done.stdout[-4000:]}{done.stderr[-2000:]}"
