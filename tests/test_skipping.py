"""Where nothing may be skipped, a skip is a failure that tells what is missing, however the test came to be skipped."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.servers import ROOT

SKIPPED = """
import pytest

@pytest.fixture
def browser():
    pytest.skip("no browser is installed")

def test_by_a_fixture(browser): ...

def test_by_itself():
    pytest.skip("no disk is mounted")

@pytest.mark.skipif(True, reason="no server is installed")
def test_by_a_mark(): ...

def test_not_at_all(): ...
"""


@pytest.mark.parametrize("ci", ["true", ""])
def test_in_ci_a_skip_is_a_failure(tmp_path, ci):
    (tmp_path / "conftest.py").write_text("from tests.conftest import pytest_runtest_makereport\n")
    (tmp_path / "test_skipped.py").write_text(SKIPPED)
    environment = {**os.environ, "CI": ci, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), "-rs", str(tmp_path)]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    last = done.stdout.splitlines()[-1]
    if not ci:
        assert "1 passed, 3 skipped" in last, done.stdout
        return
    assert "1 failed, 1 passed, 2 errors" in last, done.stdout
    for reason in ("no browser is installed", "no disk is mounted", "no server is installed"):
        assert f"skipped although CI=true: {reason}" in done.stdout
