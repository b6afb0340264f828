"""Registers what can be done with any entry."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import guard
from app.content import comment_routes, drafts, entry_routes, helper_routes, moderation, moderation_routes, topic_routes
from app.content.audience import binds_of
from app.content.card_parts import fit
from app.content.nouns import BY_NAME
from app.navigation import Place, count_with, register
from app.people import sign_in
from app.people.permissions import Permission


def init_app(app: Flask) -> None:
    """Register the addresses of entries, comments, photos, drafts, topics and moderation, and their places."""
    for part in (entry_routes, comment_routes, helper_routes, topic_routes, moderation_routes):
        app.register_blueprint(part.bp)
    if helper_routes.keep_unsent not in guard.unsent:
        guard.unsent.append(helper_routes.keep_unsent)
    if drafts.reminder not in sign_in.arrivals:
        sign_in.arrivals.append(drafts.reminder)
    app.jinja_env.filters.update(noun=lambda kind: BY_NAME[kind].noun, fit=fit, draft_page=drafts.page_of)
    count_with(app, binds_of)
    register(
        app,
        Place("content_helpers.kept", _l("Bookmarks"), "bookmark", 110, "more"),
        Place("content_helpers.drafts", _l("Drafts"), "edit", 120, "more"),
        Place("topics.index", _l("Topics"), "topic", 220, "manage", (Permission.EDIT_TOPICS,)),
        Place("moderation.index", _l("Reports"), "flag", 210, "manage", (Permission.MODERATE,), moderation.count_open),
    )
