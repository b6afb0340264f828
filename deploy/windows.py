"""How the portal is served where gunicorn cannot run: one process of waitress, with the jobs in a thread of it.

`python -m deploy.windows HOST PORT`, which is what `python run serve` does on Windows.
"""

import sys

from waitress import serve

from app.jobs import work_inside
from wsgi import app

if __name__ == "__main__":
    host, port = sys.argv[1:3]
    if app.config["JOBS_INSIDE"]:
        work_inside(app)
    where = f"[{host}]" if ":" in host else host
    # Packages of learning programs have a port of their own.
    listened = [f"{where}:{one}" for one in (int(port), app.config["CONTENT_PORT"]) if one]
    serve(app, listen=" ".join(listened), threads=8, ident=None)
