"""Registers what can be done with any entry."""

from flask import Flask

from app import guard
from app.content import comment_routes, entry_routes, helper_routes, moderation_routes


def init_app(app: Flask) -> None:
    """Register the addresses of entries, comments, photos, drafts and moderation."""
    for part in (entry_routes, comment_routes, helper_routes, moderation_routes):
        app.register_blueprint(part.bp)
    if helper_routes.keep_unsent not in guard.unsent:
        guard.unsent.append(helper_routes.keep_unsent)
