"""How gunicorn serves the portal: few processes, several threads each, jobs beside them.

Two processes of four threads hold a company of hundreds on one core and 160 MiB; RITM_WORKERS says otherwise.
"""

import contextlib
import ctypes
import gc
import os
import sys
from typing import Any

# A server needs no commands; wsgi.py leaves them out.
os.environ["RITM_SERVING"] = "1"
# Huey loads every kind of queue that it finds: 20 MiB for what nobody has asked for.
if not os.environ.get("RITM_REDIS_URL"):
    sys.modules.setdefault("redis", None)  # type: ignore[arg-type]
if not os.environ.get("RITM_DATABASE_URL", "").startswith("postgres"):
    sys.modules.setdefault("psycopg", None)  # type: ignore[arg-type]

# glibc: hand large blocks (a picture, the hash of a password) back to the system at once, instead of growing used to them.
M_MMAP_THRESHOLD, MIB = -3, 1 << 20
with contextlib.suppress(AttributeError, OSError):
    ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, MIB)

worker_class = "gthread"
workers = int(os.environ.get("RITM_WORKERS") or 0) or 2
threads = 4
# The application is loaded once and shared by the processes, which halves the memory.
preload_app = True
keepalive = 30
# A photo over a slow line takes its time; threads do not block the process meanwhile.
timeout = 120
graceful_timeout = 20
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
accesslog = None
errorlog = "-"
loglevel = "warning"


def when_ready(_server: Any) -> None:
    """Make ready what the processes are to share."""
    from app.warm import warm  # noqa: PLC0415
    from wsgi import app  # noqa: PLC0415

    warm(app)


def pre_fork(_server: Any, _worker: Any) -> None:
    """Keep the collector away from what is shared: going through it would write to it, and so copy it for each process."""
    gc.collect()
    gc.freeze()


def post_fork(_server: Any, worker: Any) -> None:
    """Begin with connections and a job thread of one's own; those of the parent must not be shared."""
    from app.extensions import db  # noqa: PLC0415
    from app.jobs import work_inside  # noqa: PLC0415
    from wsgi import app  # noqa: PLC0415

    # A page makes thousands of objects and leaves few circles: looking for those after every 700 takes a tenth of its time.
    gc.set_threshold(2_000, 10, 10)
    with app.app_context():
        db.engine.dispose(close=False)
    if app.config["JOBS_INSIDE"]:
        work_inside(app)


def worker_exit(_server: Any, _worker: Any) -> None:
    """Let the job in hand end before the process does."""
    from app.jobs import stop_inside  # noqa: PLC0415
    from wsgi import app  # noqa: PLC0415

    stop_inside(app)
