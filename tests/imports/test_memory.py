"""A list of 100,000 people is read in less than 300 MiB, the process that reads the file included."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask_migrate import upgrade

from app import create_app
from tests.conftest import SECRET, TestConfig

LIMIT = 300 * 1024
PEOPLE = 100_000


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc, which is Linux's")
def test_a_hundred_thousand_people_fit(tmp_path):
    rows = []
    for n in range(PEOPLE):
        name, phone = f"Пак {'Ян' * (n % 5 + 1)} Викторович", f"8 (962) {n % 1000:03}-{n // 1000:02}-81"
        rows.append(f"{n:06};{name};Москва, Радуга {n % 900};Продавец-консультант;06.04.2026;{phone};{n}@example.ru")
    path = tmp_path / "list.csv"
    path.write_text("Таб. №;ФИО;Подразделение;Должность;Принят;Телефон;Почта\n" + "\n".join(rows))
    with create_app(TestConfig(tmp_path, f"sqlite:///{tmp_path / 'ritm.sqlite3'}")).app_context():
        upgrade()
    environment = {**os.environ, "RITM_SECRET_KEY": SECRET, "RITM_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "people", "import", str(path), "--dry-run", "--json"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as process:
        peak = 0
        while process.poll() is None:
            peak = max(peak, resident(process.pid))
            time.sleep(0.05)
        answer = process.stdout.read().decode()
    assert f'"hired": {PEOPLE}' in answer
    assert 0 < peak < LIMIT, f"{peak // 1024} MiB"


def resident(pid):
    """Return the memory of a process and all that it started, in KiB; 0 once it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        own = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)
        children = [
            child for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
        ]
    except OSError:
        return 0
    return own + sum(resident(int(child)) for child in children)
