"""A serving process carries only what it needs: what is loaded stays in memory for all of its life."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# Writers of workbooks, readers of staff lists, the cryptography of pushes, migrations, the demo, the other database.
SELDOM = ("xlsxwriter", "openpyxl", "python_calamine", "cryptography", "alembic", "app.demo", "psycopg")


PROGRAM = """
import json, runpy, sys
runpy.run_path("deploy/gunicorn.py")
import wsgi
print(json.dumps([name for name in sys.argv[1:] if sys.modules.get(name)]))
"""


def test_what_is_seldom_needed_is_not_loaded_by_every_process(tmp_path):
    settings = {"RITM_DATA_DIR": str(tmp_path), "RITM_SECRET_KEY": "for this test alone, and long"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RITM_")}
    command = [sys.executable, "-c", PROGRAM, *SELDOM]
    done = subprocess.run(command, cwd=ROOT, env=kept | settings, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []
