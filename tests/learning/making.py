"""Courses for tests, made by the rules themselves."""

from sqlalchemy import select

from app.extensions import db
from app.learning import courses, lessons, questions
from app.learning.models import Course, Lesson, Question

SINGLE = ("single", "Почему хрусталь звенит?", [("Из-за свинца", True, ""), ("Из-за цвета", False, "")])
MULTIPLE = ("multiple", "Что сделать?", [("Спросить", True, ""), ("Убрать", True, ""), ("Ждать", False, "")])
ORDER = ("order", "Как упаковать?", [("Обернуть", False, ""), ("Разделить", False, ""), ("Закрыть", False, "")])
MATCH = ("match", "Что к чему?", [("Вода", False, "Стакан"), ("Виски", False, "Тумблер")])
SHORT = ("short", "Бокал для игристого?", [("флейта", False, ""), ("флюте", False, "")])


def course(portal, *kinds, by=None, keys=("everybody",), in_order=False, asked=(SINGLE,), publish=True, **rules):
    """Make a course with lessons of these kinds, published unless told otherwise; return its id."""
    viewer = portal.viewer(by or portal.cast.ed)

    def make():
        made = courses.create(viewer, courses.About(title="Стекло", body="О стекле", keys=keys, in_order=in_order))
        for number, kind in enumerate(kinds or ("text", "quiz"), 1):
            content = lessons.Content(title=f"Урок {number}", body="Текст", **(rules if kind == "quiz" else {}))
            lesson = lessons.add(viewer, made, kind, content)
            for sort, text, options in asked if kind == "quiz" else ():
                questions.add(lesson, questions.Content(kind=sort, text=text, options=options))
        if publish:
            courses.publish(viewer, made)
        return made.id

    return portal.run(make)


def every(portal, statement):
    """Return the only column of all rows."""
    return [row[0] for row in portal.rows(statement)]


def lesson_ids(portal, course_id, number=None):
    """Return the ids of the lessons of a version, the newest where none is named."""
    with portal.context():
        made = db.session.get_one(Course, course_id)
        version = next(one for one in reversed(made.versions) if one.number == (number or made.edition))
        return [lesson.id for lesson in version.lessons]


def question_ids(portal, lesson_id):
    """Return the ids of the questions of a quiz in order."""
    with portal.context():
        ordered = select(Question.id).where(Question.lesson_id == lesson_id).order_by(Question.place, Question.id)
        return list(db.session.scalars(ordered))


def title_of(portal, lesson_id):
    """Return the title of a lesson."""
    return portal.one(select(Lesson.title).where(Lesson.id == lesson_id))
