"""Where the package is put together."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import navigation
from app.content import nouns
from app.learning import course_routes, learner_routes, lesson_files, lesson_routes, quiz_routes, words
from app.people.permissions import Permission

__all__ = ["init_app", "lesson_files"]

nouns.register("course", "courses", _l("Course"))


def init_app(app: Flask) -> None:
    """Register the pages of courses."""
    app.jinja_env.filters["said_answer"] = words.said_answer
    app.jinja_env.globals.update(
        icons_of_lessons=words.LESSON_ICONS,
        names_of_lessons=words.LESSON_NAMES,
        hints_of_lessons=words.LESSON_HINTS,
        names_of_questions=words.QUESTION_NAMES,
    )
    for part in (course_routes.bp, lesson_routes.bp, learner_routes.bp, quiz_routes.bp):
        app.register_blueprint(part)
    navigation.register(
        app,
        navigation.Place("courses.index", _l("Learning"), "learn", 20),
        navigation.Place("course_desk.desk", _l("Courses"), "learn", 32, "manage", (Permission.TEACH,)),
    )
