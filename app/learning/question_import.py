"""Questions from a table: what would go in and what not, kept until it is confirmed; confirmed twice goes in once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import delete, select

from app.content.models import Draft
from app.database import insert_once, now, one_at_a_time
from app.errors import Refused
from app.extensions import db
from app.learning import questions
from app.learning.grading import plain
from app.learning.models import Lesson
from app.learning.question_table import Row, content_of
from app.learning.questions import Content
from app.people.sessions import Viewer

# So long a table waits to be confirmed.
KEPT_FOR = timedelta(days=2)


class Line(NamedTuple):
    """A row of the table: the question that it makes, as it would be kept, or the sentence that says why it makes none."""

    number: int
    text: str
    content: Content | None = None
    options: Sequence[dict[str, Any]] = ()
    error: str = ""


class Table(NamedTuple):
    """A table that waits to be confirmed."""

    name: str
    # What it holds, as a digest: another window may have brought another table since.
    mark: str
    lines: list[Line]

    @property
    def good(self) -> list[Line]:
        """Return the rows that make questions."""
        return [line for line in self.lines if line.content is not None]

    @property
    def wrong(self) -> list[Line]:
        """Return the rows that make none."""
        return [line for line in self.lines if line.content is None]


def keep(viewer: Viewer, line_id: int, name: str, rows: Iterable[Row]) -> None:
    """Keep what was read from a table until it is confirmed; a table read before for the same quiz gives way."""
    mine = (Draft.person_id == viewer.id, Draft.form.startswith("questions:"))
    old = (Draft.form == _form(line_id)) | (Draft.updated_at < now() - KEPT_FOR)
    db.session.execute(delete(Draft).where(*mine, old).execution_options(synchronize_session=False))
    kept = [[row.number, row.cells] for row in rows]
    fields = {"name": name, "mark": hashlib.sha256(json.dumps(kept).encode()).hexdigest()[:16], "rows": kept}
    insert_once(Draft, person_id=viewer.id, form=_form(line_id), fields=fields, updated_at=now())


def waiting(viewer: Viewer, lesson: Lesson) -> Table | None:
    """Return the table that waits to be confirmed for a quiz, compared with what the quiz holds now."""
    fields = db.session.scalar(select(Draft.fields).where(*_mine(viewer, lesson)))
    if not fields:
        return None
    rows = [Row(number, cells) for number, cells in fields["rows"]]
    return Table(fields["name"], fields["mark"], list(_checked(rows, lesson)))


def apply(viewer: Viewer, lesson: Lesson, mark: str, count: int | None) -> int | None:
    """Put the right rows of the table that waits into a quiz of the draft, all or none; return how many.

    None where no table waits: the button was pressed before. `count` is how many the viewer was shown.
    """
    one_at_a_time(f"questions of {lesson.line_id}")
    table = waiting(viewer, lesson)
    if table is None or not drop(viewer, lesson):
        return None
    good = table.good
    if table.mark != mark or len(good) != count:
        raise Refused(_("The table or the quiz has changed since you looked. Look once more."))
    if not good:
        raise Refused(_("No row can be taken in."))
    for content in filter(None, (line.content for line in good)):
        questions.add(lesson, content)
    return len(good)


def drop(viewer: Viewer, lesson: Lesson) -> bool:
    """Forget the table that waits; tell whether there was one."""
    done = db.session.execute(
        delete(Draft).where(*_mine(viewer, lesson)).execution_options(synchronize_session=False).returning(Draft.form)
    )
    return done.first() is not None


def _checked(rows: Iterable[Row], lesson: Lesson) -> Iterable[Line]:
    """Say of each row what it makes, by the rule of the form; a question that is there already makes nothing."""
    known = {_key(one.kind, one.text, one.options): 0 for one in lesson.questions}
    room = questions.MOST_QUESTIONS - len(lesson.questions)
    for row in rows:
        try:
            content = content_of(row)
            options = questions.options_of(content)
            key = _key(content.kind, content.text, options)
            if known.get(key):
                raise Refused(_("The same question stands in row %(n)d.", n=known[key]))
            if key in known:
                raise Refused(_("The quiz has this question already."))
            if room <= 0:
                raise Refused(_("A quiz has at most %(n)d questions.", n=questions.MOST_QUESTIONS))
        except Refused as refused:
            yield Line(row.number, row.cells.get("text", ""), error=str(refused))
            continue
        known[key] = row.number
        room -= 1
        yield Line(row.number, content.text, content, options)


def _key(kind: str, text: str, options: Iterable[dict[str, Any]]) -> tuple[Any, ...]:
    return (kind, plain(text), frozenset((plain(one["text"]), plain(one.get("pair", ""))) for one in options))


def _form(line_id: int) -> str:
    return f"questions:{line_id}"


def _mine(viewer: Viewer, lesson: Lesson) -> tuple[Any, ...]:
    return (Draft.person_id == viewer.id, Draft.form == _form(lesson.line_id))
