"""Where the package is put together."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import navigation
from app.content import nouns
from app.content.models import ALSO_OPEN
from app.learning import (
    assign_due,
    assign_hearing,
    assign_models,
    assign_news,
    assign_reminding_jobs,
    assign_routes,
    assign_words,
    certificate_course_routes,
    certificate_hearing,
    certificate_news,
    certificate_numbers,
    certificate_reminding_jobs,
    certificate_routes,
    certificate_verify_routes,
    certificate_words,
    course_routes,
    learner_routes,
    lesson_files,
    lesson_routes,
    path_bars,
    path_desk_routes,
    path_routes,
    question_import_routes,
    question_statistics_routes,
    quiz_routes,
    review_routes,
    review_schedule,
    review_words,
    reviews,
    scorm_routes,
    scorm_words,
    taking,
    task_check_routes,
    task_checks,
    task_news,
    task_routes,
    team_routes,
    words,
)
from app.learning.scorm_content import Door
from app.people.permissions import Permission

__all__ = [
    "assign_news",
    "assign_reminding_jobs",
    "certificate_news",
    "certificate_reminding_jobs",
    "init_app",
    "lesson_files",
    "task_news",
]

_PARTS = (
    *(course_routes, lesson_routes, question_import_routes, question_statistics_routes),
    *(learner_routes, quiz_routes, review_routes, task_routes, task_check_routes, scorm_routes),
    *(certificate_routes, certificate_course_routes, certificate_verify_routes),
)

nouns.register("course", "courses", _l("Course"))


def init_app(app: Flask) -> None:
    """Register the pages of courses."""
    review_schedule.connect()
    app.jinja_env.filters.update(review_words.FILTERS, said_answer=words.said_answer, two_places=words.two_places)
    app.jinja_env.filters.update(said_result=scorm_words.said_result)
    app.jinja_env.globals.update(
        icons_of_lessons=words.LESSON_ICONS,
        names_of_lessons=words.LESSON_NAMES,
        hints_of_lessons=words.LESSON_HINTS,
        names_of_questions=words.QUESTION_NAMES,
        names_of_wanted=words.WANTED_NAMES,
    )
    for part in _PARTS:
        app.register_blueprint(part.bp)
    app.jinja_env.filters.update(assign_words.FILTERS)
    app.jinja_env.globals.update(due_words=assign_words.due_words, rule_words=assign_words.rule_words)
    for part in (path_routes, path_desk_routes, assign_routes, team_routes):
        app.register_blueprint(part.bp)
    ALSO_OPEN["course"] = assign_models.opens_course
    if path_bars.bar not in taking.BARS:
        taking.BARS.append(path_bars.bar)
    assign_hearing.connect()
    app.jinja_env.filters.update(number_of_certificate=certificate_numbers.grouped)
    app.jinja_env.globals.update(certificate_words.GLOBALS)
    certificate_hearing.connect()
    app.wsgi_app = Door(app, app.wsgi_app)  # type: ignore[method-assign, assignment]
    navigation.register(
        app,
        navigation.Place(
            "courses.index",
            _l("Learning"),
            "learn",
            20,
            count_of=assign_due.count,
            waits=_l("To learn"),
            lines_of=assign_due.lines,
        ),
        navigation.Place(
            "task_checks.index",
            _l("Checking"),
            "task",
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
        navigation.Place("path_desk.desk", _l("Learning paths"), "log", 33, "manage", (Permission.TEACH,)),
        navigation.Place("learning_team.index", _l("The team's learning"), "learn", 11, "manage", (Permission.LEAD_STORE,)),
        navigation.Place("assignments.index", _l("Assignments"), "calendar", 34, "manage", (Permission.TEACH,)),
        navigation.Place("certificates.listed", _l("Certificates"), "check", 36, "manage", certificate_routes.MAY_LIST),
        navigation.Place("learning_team.numbers", _l("Learning in numbers"), "table", 35, "manage", (Permission.TEACH,)),
    )
