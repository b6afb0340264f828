"""The WSGI entry: `gunicorn wsgi:app`, `flask --app wsgi …`."""

import os

from app import create_app

app = create_app(commands=not os.environ.get("RITM_SERVING"))
