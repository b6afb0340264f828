"""The stream: its pages, and the poll that tells of news."""

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app import hx, navigation
from app.content import cards, topics
from app.database import in_passing, now
from app.feed import people_routes, post_routes, visits

bp = Blueprint("feed", __name__)


def init_app(app: Flask) -> None:
    """Register the stream, the posts, and the pages of people and stores that show theirs."""
    for part in (bp, post_routes.bp, people_routes.bp):
        app.register_blueprint(part)
    navigation.register(app, navigation.Place("feed.index", _l("Stream"), "feed", 10))


@bp.get("/")
def index() -> ResponseReturnValue:
    """Show the stream; its first page begins a visit."""
    before = cards.Position.read(request.args.get("before"))
    viewer = current_user._get_current_object()
    if before is None and visits.due(viewer):
        with in_passing():
            viewer = visits.note(viewer)
    page = cards.stream_of(viewer, before)
    if hx.is_fragment():
        return hx.fragment("content/_more.html", page=page, older="/")
    offered = topics.offered_beside(page)
    since = page.newest or cards.Position(now(), 0)
    return hx.page("feed/index.html", first=before is None, page=page, topics=offered, since=since)


@bp.get("/posts/news")
def news() -> ResponseReturnValue:
    """Tell a page that polls whether something new has come: 204 nothing, 304 no more than it shows already."""
    since = cards.Position.read(request.args.get("since"))
    count, newest = visits.news_since(current_user, since) if since is not None else (0, 0)
    if not count:
        return hx.nothing()
    return hx.tagged(hx.fragment("feed/_news.html", count=count, cap=visits.NEWS_CAP), f"{newest}-{count}")
