"""The editors' forms: a course, a lesson, a question."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FileField, HiddenField, IntegerField, MultipleFileField, RadioField
from wtforms.validators import Optional

from app.content.audience import EVERYBODY
from app.content.text import BODY_LIMIT
from app.forms import Form, Ids, Line, Lines, Several, options
from app.learning import courses, lessons, questions
from app.learning.models import Course, Lesson, Question
from app.learning.words import QUESTION_NAMES, WANTED_NAMES
from app.ui import nonce

NUMBERS = ("minutes", "pass_mark", "attempts", "pause_minutes", "time_limit", "drawn")
UPLOADS = ("picture", "document", "video", "poster", "captions", "package")


class CourseForm(Form):
    """What a course is about and for whom."""

    title = Line(_l("Name of the course"), limit=400)
    body = Lines(_l("What it is about"), limit=100 * BODY_LIMIT)
    audience = Several(_l("Who sees it"))
    photos = MultipleFileField(_l("Cover"))
    photo = Ids()
    dropped = Ids()
    in_order = BooleanField(_l("Lessons open one after the other"))
    nonce = HiddenField()

    @classmethod
    def blank(cls, draft: Any, course: Course | None) -> CourseForm:
        """Return the form as it is first shown: with the course as it stands, and what was typed and not sent."""
        data: dict[str, Any] = {"audience": [EVERYBODY], "nonce": nonce()}
        if course is not None:
            data |= {"title": course.title, "body": course.body, "audience": course.audience.key_list}
            data["in_order"] = course.in_order
        if not draft:
            return cls(formdata=None, data=data)
        typed = {name: values for name, values in draft.items() if name in ("title", "body", "audience", "photo", "dropped")}
        kept = {name: [value] for name, value in data.items() if name not in typed and isinstance(value, str)}
        return cls(formdata=MultiDict({**kept, **typed}))

    @property
    def about(self) -> courses.About:
        """Return what the form says."""
        named = ((name.removeprefix("alt-"), words) for name, words in request.form.items() if name.startswith("alt-"))
        return courses.About(
            title=self.title.data or "",
            body=self.body.data or "",
            keys=self.audience.data,
            in_order=bool(self.in_order.data),
            photo_ids=[number for number in self.photo.data if number not in self.dropped.data],
            dropped=self.dropped.data,
            alts={
                int(number): words for number, words in named if number.isascii() and number.isdigit() and len(number) < 10
            },
        )


class LessonForm(Form):
    """One lesson; which fields are shown depends on its kind."""

    title = Line(_l("Name of the lesson"), limit=400)
    body = Lines(_l("Text"), limit=10 * lessons.TEXT_LIMIT)
    minutes = IntegerField(_l("Minutes it takes"), [Optional()])
    optional = BooleanField(_l("The course is done without it"))
    pictures = MultipleFileField(
        _l("Pictures"), description=_l("Several at once; where and when they were taken is removed from them.")
    )
    documents = MultipleFileField(
        _l("Documents"), description=_l("PDF, Word (docx), Excel (xlsx) and pictures, up to 20 MB each.")
    )
    video = FileField(_l("Video"), description=_l("MP4 or WebM, up to 120 MB."))
    poster = FileField(_l("Picture before it begins"), description=_l("Shown until the video begins."))
    captions = FileField(_l("Captions"), description=_l("A WebVTT file: for those who watch without sound."))
    package = FileField(_l("Package"), description=_l("A zip in SCORM 1.2 or SCORM 2004, 3rd or 4th edition, up to 120 MB."))
    file = Ids()
    dropped_file = Ids()
    pass_mark = IntegerField(_l("Right answers needed to pass, in percent"), [Optional()])
    attempts = IntegerField(_l("Attempts"), [Optional()])
    pause_minutes = IntegerField(_l("Pause before the next attempt, minutes"), [Optional()])
    time_limit = IntegerField(_l("Time limit, minutes"), [Optional()])
    drawn = IntegerField(_l("Questions asked"), [Optional()])
    shuffled = BooleanField(_l("Shuffle the answers"))
    criteria = Lines(
        _l("What is looked at when it is checked"),
        limit=4 * lessons.CRITERIA_LIMIT,
        description=_l("A line each; learners and those who check see them."),
    )
    wanted = RadioField(_l("What the answer consists of"), choices=options(WANTED_NAMES.items()), validate_choice=False)

    @classmethod
    def blank(cls, lesson: Lesson | None) -> LessonForm:
        """Return the form as it is first shown."""
        if lesson is None:
            return cls(formdata=None, data={"minutes": 5, "pass_mark": 80, "shuffled": True, "wanted": "text"})
        names = ("title", "body", "optional", "shuffled", "criteria", "wanted", *NUMBERS)
        return cls(formdata=None, data={name: getattr(lesson, name) for name in names})

    @property
    def uploads(self) -> dict[str, list[Any]]:
        """Return what was sent for each role."""
        several = {"picture": self.pictures.data, "document": self.documents.data}
        single = {"video": [self.video.data], "poster": [self.poster.data], "captions": [self.captions.data]}
        single["package"] = [self.package.data]
        return {role: list(files or []) for role, files in {**several, **single}.items()}

    @property
    def content(self) -> lessons.Content:
        """Return what the form says; numbers left empty are those of a fresh form."""
        numbers = {name: getattr(self, name).data for name in NUMBERS}
        return lessons.Content(
            title=self.title.data or "",
            body=self.body.data or "",
            optional=bool(self.optional.data),
            shuffled=bool(self.shuffled.data),
            criteria=self.criteria.data or "",
            wanted=self.wanted.data or "text",
            file_ids=[number for number in self.file.data if number not in self.dropped_file.data],
            dropped=self.dropped_file.data,
            **{name: value for name, value in numbers.items() if value is not None},
        )


class QuestionForm(Form):
    """One question with up to ten answers; which of their parts count depends on its kind."""

    kind = RadioField(
        _l("How it is answered"),
        choices=options((kind.value, words) for kind, words in QUESTION_NAMES.items()),
        validate_choice=False,
    )
    text = Lines(_l("Question"), limit=4 * questions.TEXT_LIMIT)
    explanation = Lines(_l("Explanation"), limit=4 * questions.TEXT_LIMIT)
    forgiving = BooleanField(_l("A slip of the pen does not matter"))
    picture = IntegerField(_l("Picture"), [Optional()])

    @classmethod
    def blank(cls, question: Question | None) -> QuestionForm:
        """Return the form as it is first shown."""
        if question is None:
            return cls(formdata=None, data={"kind": "single"})
        names = ("kind", "text", "explanation", "forgiving")
        data = {name: getattr(question, name) for name in names}
        return cls(formdata=None, data={**data, "picture": question.picture_id})

    @property
    def content(self) -> questions.Content:
        """Return what the form says."""
        return questions.Content(
            kind=self.kind.data or "",
            text=self.text.data or "",
            options=sent_options(),
            explanation=self.explanation.data or "",
            forgiving=bool(self.forgiving.data),
            picture_id=self.picture.data,
        )


def sent_options() -> list[tuple[str, bool, str]]:
    """Return the lines of answers as they were sent: (text, is right, pair)."""
    right = set(request.form.getlist("right")[: 2 * questions.MOST_OPTIONS])
    return [
        (request.form.get(f"option{n}", "")[:1000], str(n) in right, request.form.get(f"pair{n}", "")[:1000])
        for n in range(1, questions.MOST_OPTIONS + 1)
    ]


def standing_options(question: Question | None) -> list[tuple[str, bool, str]]:
    """Return the lines of answers of a question, and empty ones behind them."""
    known = [(one["text"], bool(one.get("right")), one.get("pair", "")) for one in (question.options if question else ())]
    return [*known, *[("", False, "")] * (questions.MOST_OPTIONS - len(known))]
