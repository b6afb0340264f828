"""Settings, all from the environment, so that one build serves a laptop, one machine and several."""

import os
from pathlib import Path


def _data_dir() -> Path:
    return Path(os.environ.get("RITM_DATA_DIR") or Path(__file__).resolve().parent.parent / "data")


class Config:
    """Read the environment once, when the application is made; tests hand over a changed copy."""

    def __init__(self) -> None:
        # Everything that must be kept lies here: the SQLite database, media, the queue of jobs.
        self.DATA_DIR = _data_dir()
        # A SQLAlchemy address; SQLite in the data folder unless said otherwise.
        self.SQLALCHEMY_DATABASE_URI = _database_url(os.environ.get("RITM_DATABASE_URL", ""), self.DATA_DIR)
        # Signs cookies and links; `./run serve` refuses to start without it.
        self.SECRET_KEY = os.environ.get("RITM_SECRET_KEY", "")
        # Empty: jobs wait in a SQLite file and run inside the serving process.
        self.REDIS_URL = os.environ.get("RITM_REDIS_URL", "")
        # Where photos and files lie: a folder (file:///srv/ritm/media). Empty: DATA_DIR/media.
        self.MEDIA_URL = os.environ.get("RITM_MEDIA_URL", "")
        # smtp://user:password@host:587 (smtps:// for TLS from the start). Empty: no letters are sent.
        self.MAIL_URL = os.environ.get("RITM_MAIL_URL", "")
        self.MAIL_FROM = os.environ.get("RITM_MAIL_FROM", "ritm@localhost")
        # How people reach the portal from outside; used in letters and QR codes.
        self.BASE_URL = os.environ.get("RITM_BASE_URL", "").rstrip("/")
        # Packages of learning programs run their own scripts, so they are served on an origin of their own: by a second port
        # of the same server, 0 for none. Behind a proxy this is how browsers reach it: https://lessons.example.com
        self.CONTENT_PORT = int(os.environ.get("RITM_CONTENT_PORT") or 0)
        self.CONTENT_URL = os.environ.get("RITM_CONTENT_URL", "").rstrip("/")
        # How many proxies stand in front (nginx: 1). Nought: forwarded addresses are not believed.
        self.PROXIES = int(os.environ.get("RITM_PROXIES") or 0)
        # The company's own name on the portal.
        self.BRAND = os.environ.get("RITM_BRAND", "Ритм")
        # The company's colour for main acts (#a3123a) and its logo (a file); empty: ruby and the goblet.
        self.ACCENT = os.environ.get("RITM_ACCENT", "")
        self.LOGO = os.environ.get("RITM_LOGO", "")
        # Language for whoever has not chosen one.
        self.BABEL_DEFAULT_LOCALE = os.environ.get("RITM_LOCALE", "ru")
        # Time zone of people without a store (head office) and of stores whose city is unknown.
        self.DEFAULT_ZONE = os.environ.get("RITM_ZONE", "Europe/Moscow")
        # Set by `./run demo`: shows the demo sign-ins on the sign-in page.
        self.DEMO = os.environ.get("RITM_DEMO", "") == "1"
        # Jobs run in a thread of the serving process unless `flask worker` does them.
        self.JOBS_INSIDE = os.environ.get("RITM_JOBS", "inside") == "inside"

        # How passwords and PINs are hashed: as strong as OWASP's first choice, with 16 MiB a hash instead of 128, since
        # several threads hash at once on a small machine. Hashes made otherwise stay good.
        self.HASH_METHOD = "scrypt:16384:8:5"
        self.SESSION_COOKIE_NAME = "ritm"
        self.SESSION_COOKIE_HTTPONLY = True
        self.SESSION_COOKIE_SAMESITE = "Lax"
        self.SESSION_COOKIE_SECURE = self.BASE_URL.startswith("https://")
        # A half year, as a phone is expected to stay signed in; the row behind it can be ended at any time.
        self.PERMANENT_SESSION_LIFETIME = 180 * 24 * 3600
        # The row of the sign-in changes on the server; sending the cookie again on each answer would only cost bytes.
        self.SESSION_REFRESH_EACH_REQUEST = False
        # A form on the store PC may stay open for a whole shift.
        self.WTF_CSRF_TIME_LIMIT = None
        # 10 photos of 12 MiB and some air; a form's plain fields are held to 1 MiB.
        self.MAX_CONTENT_LENGTH = 128 * 1024 * 1024
        self.MAX_FORM_MEMORY_SIZE = 1024 * 1024
        self.MAX_FORM_PARTS = 2000
        self.RATELIMIT_STORAGE_URI = self.REDIS_URL or "memory://"
        self.RATELIMIT_HEADERS_ENABLED = False
        # Answers are compressed here unless a proxy does it.
        self.COMPRESS = os.environ.get("RITM_COMPRESS", "1") == "1"


def _database_url(url: str, data_dir: Path) -> str:
    """Return an address SQLAlchemy takes: PostgreSQL always through psycopg 3, SQLite paths always absolute."""
    if not url:
        return f"sqlite:///{data_dir.resolve() / 'ritm.sqlite3'}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
