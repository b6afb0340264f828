"""Posts and comments for tests, made by the rules themselves."""

import re

from app.content.comments import add_comment
from app.content.models import Entry
from app.content.publishing import publish
from app.extensions import db
from app.feed.models import Post


def post(portal, author, body="Новая витрина", audience=("everybody",), **more):
    """Publish a post of a person and return its id."""
    viewer = portal.viewer(author)
    return portal.run(lambda: publish(viewer, Post(), body=body, keys=audience, **more).id)


def comment(portal, author, post_id, body="Красиво", parent=None):
    """Say something under a post and return the comment's id."""
    viewer = portal.viewer(author)
    return portal.run(lambda: add_comment(viewer, db.session.get(Entry, post_id), body=body, parent_id=parent).id)


def comments(portal, author, post_id, bodies, parent=None):
    """Say many things at once and return the comments' ids."""
    viewer = portal.viewer(author)

    def say():
        entry = db.session.get(Entry, post_id)
        return [add_comment(viewer, entry, body=body, parent_id=parent).id for body in bodies]

    return portal.run(say)


def own_store(person):
    """Return the audience of a person's store."""
    return (f"store:{person.store_id}",)


def without_tokens(answer):
    """Return a page without what differs on any two: the token of its forms, and the number in its address."""
    return re.sub(r"(value=|Token.: )\"[^\"]+\"|/(posts|comments)/\d+", "", answer.text)
