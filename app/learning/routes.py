"""Where the package is put together."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import navigation
from app.content import nouns
from app.learning import (
    course_routes,
    learner_routes,
    lesson_files,
    lesson_routes,
    quiz_routes,
    review_routes,
    review_schedule,
    review_words,
    reviews,
    task_check_routes,
    task_checks,
    task_news,
    task_routes,
    words,
)
from app.people.permissions import Permission

__all__ = ["init_app", "lesson_files", "task_news"]

nouns.register("course", "courses", _l("Course"))


def init_app(app: Flask) -> None:
    """Register the pages of courses."""
    review_schedule.connect()
    app.jinja_env.filters.update(review_words.FILTERS, said_answer=words.said_answer)
    app.jinja_env.globals.update(
        icons_of_lessons=words.LESSON_ICONS,
        names_of_lessons=words.LESSON_NAMES,
        hints_of_lessons=words.LESSON_HINTS,
        names_of_questions=words.QUESTION_NAMES,
        names_of_wanted=words.WANTED_NAMES,
    )
    for part in (course_routes, lesson_routes, learner_routes, quiz_routes, review_routes, task_routes, task_check_routes):
        app.register_blueprint(part.bp)
    navigation.register(
        app,
        navigation.Place("courses.index", _l("Learning"), "learn", 20),
        navigation.Place(
            "task_checks.index",
            _l("Checking"),
            "edit",
            12,
            "manage",
            task_check_routes.MAY_CHECK,
            count_of=task_checks.count,
            waits=_l("Tasks to check"),
            lines_of=task_checks.lines,
        ),
        navigation.Place("course_desk.desk", _l("Courses"), "learn", 32, "manage", (Permission.TEACH,)),
        navigation.Place(
            "reviews.index",
            _l("Three questions a shift"),
            "learn",
            10,
            "offer",
            count_of=reviews.count,
            waits=_l("Repeat what you have learned: less than a minute"),
            later="/reviews/later",
        ),
    )
