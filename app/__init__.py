"""Ritm: the portal where the people of a retail chain learn, are rewarded, talk and exchange experience."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import (
    assets,
    brand,
    cli,
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
    routing,
    typed,
    ui,
)
from app.admin import init_app as init_admin
from app.config import Config
from app.content import routes as content
from app.demo import init_app as init_demo
from app.extensions import csrf, htmx, limiter, migrate
from app.extensions import db as _db
from app.feed import routes as feed
from app.people import routes as people

__all__ = ["create_app", "models"]

# In the order in which they need each other; what belongs to no feature first. What is first sees answers last.
FOUNDATION = (compression, typed, routing, media, jobs, locale, guard, ui, navigation, brand, assets, errors, frame)
PACKAGES = (people, content, feed)


def create_app(config: Config | None = None) -> Flask:
    """Build the application: configuration, extensions, each package's own set-up; nothing else."""
    app = Flask(__name__, static_folder="static", static_url_path="/static")
    app.config.from_object(config or Config())
    if app.config["PROXIES"]:
        hops = app.config["PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    database.init_app(app)
    migrate.init_app(app, _db, directory=str(database.MIGRATIONS))
    csrf.init_app(app)
    htmx.init_app(app)
    limiter.init_app(app)
    for part in (*FOUNDATION, *PACKAGES, cli):
        part.init_app(app)
    init_admin(app)
    init_demo(app)
    return app
