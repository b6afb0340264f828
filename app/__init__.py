"""Ritm: the portal where the people of a retail chain learn, are rewarded, talk and exchange experience."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import (
    assets,
    brand,
    compression,
    database,
    errors,
    frame,
    guard,
    jobs,
    locale,
    media,
    models,
    navigation,
    pieces,
    routing,
    typed,
    ui,
)
from app.admin import init_app as init_admin
from app.announcements import routes as announcements
from app.config import Config
from app.content import routes as content
from app.extensions import csrf, htmx, limiter
from app.feed import routes as feed
from app.learning import routes as learning
from app.notifications import routes as notifications
from app.people import routes as people

__all__ = ["create_app", "models"]

# In the order in which they need each other; what belongs to no feature first. What is first sees answers last.
FOUNDATION = (compression, typed, routing, media, jobs, locale, guard, ui, pieces, navigation, brand, assets, errors, frame)
PACKAGES = (people, content, notifications, announcements, learning, feed)


def create_app(config: Config | None = None, commands: bool = True) -> Flask:
    """Build the application: configuration, extensions, each package's own set-up; nothing else.

    A server does without the commands, the demo and the migrations, and is 20 MiB smaller for it.
    """
    app = Flask(__name__, static_folder="static", static_url_path="/static")
    app.config.from_object(config or Config())
    if app.config["PROXIES"]:
        hops = app.config["PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    database.init_app(app)
    csrf.init_app(app)
    htmx.init_app(app)
    limiter.init_app(app)
    for part in (*FOUNDATION, *PACKAGES):
        part.init_app(app)
    init_admin(app)
    if commands:
        from app import cli, demo  # noqa: PLC0415

        cli.init_app(app)
        demo.init_app(app)
    return app
