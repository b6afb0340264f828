"""Topics: the list for everybody, and for editors what keeps it short and clear."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app import hx
from app.content import topics
from app.content.models import Topic
from app.errors import Refused
from app.extensions import db
from app.forms import Form, Line
from app.guard import requires
from app.people.permissions import Permission

bp = Blueprint("topics", __name__, url_prefix="/topics")


class TopicForm(Form):
    """A topic's name; its address follows from it."""

    name = Line(_l("Name of the topic"), limit=1000)


@bp.get("")
def index() -> ResponseReturnValue:
    """Show all topics; editors can change them here."""
    return _page(TopicForm(formdata=None))


@bp.post("")
@requires(Permission.EDIT_TOPICS)
def create() -> ResponseReturnValue:
    """Offer a new topic."""
    form = TopicForm()
    try:
        topics.add_topic(current_user, form.name.data or "")
    except Refused as refused:
        return _refused(form, refused, None)
    db.session.commit()
    return hx.go("/topics")


@bp.post("/<int:topic_id>")
@requires(Permission.EDIT_TOPICS)
def update(topic_id: int) -> ResponseReturnValue:
    """Call a topic otherwise."""
    form = TopicForm()
    try:
        topics.rename_topic(current_user, _load(topic_id), form.name.data or "")
    except Refused as refused:
        return _refused(form, refused, topic_id)
    db.session.commit()
    return hx.go("/topics")


@bp.post("/<int:topic_id>/<any(retire, restore):verb>")
@requires(Permission.EDIT_TOPICS)
def retire(topic_id: int, verb: str) -> ResponseReturnValue:
    """Offer a topic no more, or again."""
    (topics.retire_topic if verb == "retire" else topics.restore_topic)(current_user, _load(topic_id))
    db.session.commit()
    return hx.go("/topics")


def _load(topic_id: int) -> Topic:
    return db.session.get(Topic, topic_id) or abort(404)


def _refused(form: TopicForm, refused: Refused, topic_id: int | None) -> ResponseReturnValue:
    db.session.rollback()
    form.refuse(refused)
    return _page(form, topic_id, 422)


def _page(form: TopicForm, changed: int | None = None, status: int = 200) -> ResponseReturnValue:
    return hx.page("content/topics.html", status=status, form=form, changed=changed, topics=topics.all_topics())
