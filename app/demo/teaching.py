"""The demo's courses as rows: entries, versions, lessons with their files, questions; learners.py has what came of them."""

from __future__ import annotations

import io
import random
from datetime import datetime, timedelta
from typing import Any

import xlsxwriter
from PIL import Image

from app.activity.models import Activity
from app.content.documents import EXCEL
from app.content.models import Entry
from app.content.text import excerpt, render
from app.demo import film
from app.demo.assigned import Assigned
from app.demo.certified import Certified
from app.demo.company import Company
from app.demo.crowd import Crowd
from app.demo.drawing.scenes import SEASONS
from app.demo.gallery import ALT, key_of
from app.demo.learners import Learners
from app.demo.rows import Rows, insert_all
from app.demo.syllabus import Step, Syllabus, courses
from app.extensions import db
from app.learning import scorm_packages, scorm_sample
from app.learning.copying import copy_lessons
from app.learning.lesson_files import PICTURE_WIDTH
from app.learning.lessons import html_of
from app.learning.models import Course, CourseVersion, Lesson, LessonFile, LessonKind, Question
from app.learning.questions import options_of
from app.media import media
from app.pictures import variants

AUDIENCES = {"directors": ("role:director",)}
CARE = (
    ("Материал", "Посудомойка", "Микроволновка", "Духовка", "Что сказать"),
    ("Стекло", "до 60 °C", "да", "нет", "Не ставить горячее на мокрое"),
    ("Боросиликатное стекло", "да", "да", "до 250 °C", "Ставить в холодную духовку"),
    ("Хрусталь гранёный", "нет", "нет", "нет", "Мыть руками, вино в нём не хранить"),
    ("Хрустальное стекло гладкое", "до 55 °C", "нет", "нет", "Сушить на салфетке"),
    ("Фарфор без золота", "да", "да", "нет", "Между тарелками листок"),
    ("Фарфор с золотом", "нет", "нет", "нет", "Искрит, стирается порошком"),
    ("Костяной фарфор", "до 55 °C", "да", "нет", "Прочнее, чем кажется"),
    ("Фаянс", "до 55 °C", "коротко", "нет", "Сетка трещин со временем — не брак"),
    ("Керамика", "руками", "коротко", "до 180 °C", "Скол темнеет от чая"),
)


class Teaching:
    """Writes down what the chain learns."""

    def __init__(self, company: Company, writer: Rows, moment: datetime, rng: random.Random) -> None:
        self.company, self.writer, self.moment, self.rng = company, writer, moment, rng
        self.crowd = Crowd(company)
        self.learners = Learners(company, moment, rng)
        self.author = company.by_login("editor")

    def write(self) -> None:
        """Insert all courses, and what everybody has done of them."""
        made = {}
        for syllabus in courses():
            course = self._course(syllabus)
            made[syllabus.name] = course.id
            if not syllabus.is_draft:
                audience = [one for one in self.crowd.audience(self._keys(syllabus)) if one is not self.author]
                self.learners.learn(syllabus, course, audience)
        self.learners.flush()
        Assigned(self.company, self.writer, self.crowd, made, self.moment).write()
        Certified(self.company, made, self.moment, random.Random(self.rng.random())).write()

    def _course(self, syllabus: Syllabus) -> Course:
        at = self.moment - timedelta(days=syllabus.days, hours=4)
        begun = at - timedelta(days=9, hours=2)
        self.writer.entry_id += 1
        course_id = self.writer.entry_id
        scenes = self.writer.gallery.choose((syllabus.cover,), SEASONS[0], 1, self.rng)
        row = {
            "id": course_id,
            "kind": "course",
            "author_id": self.author.id,
            "store_id": self.author.shop.id,
            "audience_id": self.writer.audience_id(self._keys(syllabus)),
            "title": syllabus.title,
            "body": syllabus.body,
            "body_html": render(syllabus.body),
            "excerpt_html": excerpt(syllabus.body),
            "created_at": begun,
            "published_at": None if syllabus.is_draft else at,
            "photo_count": len(scenes),
            "version": 1,
        }
        insert_all(Entry, [row])
        self.writer.add_photos(course_id, scenes, self.author.id, begun)
        self.writer.flush()
        insert_all(Course, [{"id": course_id, "in_order": syllabus.in_order}])
        course = db.session.get_one(Course, course_id)
        self._versions(syllabus, course, at)
        if not syllabus.is_draft:
            self._record("course.published", course_id, at)
        if syllabus.renewed:
            self._record("course.renewed", course_id, course.versions[-1].published_at or at)
        return course

    def _versions(self, syllabus: Syllabus, course: Course, at: datetime) -> None:
        """Add the versions; in the first of two every quiz lacks the question that was added last."""
        first = self._version(course, None if syllabus.is_draft else 1, at)
        for place, step in enumerate(syllabus.steps):
            self._lesson(first, place, step, at, short=bool(syllabus.renewed))
        db.session.flush()
        newest = first
        if syllabus.renewed:
            renewed_at = self.moment - timedelta(days=syllabus.renewed, hours=1)
            newest = self._version(course, 2, renewed_at)
            copy_lessons(first, newest)
            db.session.flush()
            for lesson, step in zip(newest.lessons, syllabus.steps, strict=True):
                for file in lesson.files:
                    file.created_at = renewed_at
                for place in range(len(lesson.questions), len(step.questions)):
                    lesson.questions.append(self._question(step, place))
            db.session.flush()
        if not syllabus.is_draft:
            course.edition = newest.number or 0
            course.lesson_count = len(newest.lessons)
            course.minutes = sum(lesson.minutes for lesson in newest.lessons if not lesson.optional)
            db.session.flush()

    def _version(self, course: Course, number: int | None, at: datetime) -> CourseVersion:
        made = CourseVersion(number=number)
        if number is not None:
            made.published_at, made.published_by_id = at, self.author.id
        course.versions.append(made)
        db.session.flush()
        return made

    def _lesson(self, version: CourseVersion, place: int, step: Step, at: datetime, short: bool) -> None:
        lesson = Lesson(
            place=place,
            kind=step.kind,
            title=step.title,
            body=step.body,
            body_html=html_of(step.body),
            minutes=step.minutes,
            optional=step.optional,
            shuffled=step.shuffled,
            **step.numbers,
        )
        version.lessons.append(lesson)
        db.session.flush()
        lesson.questions = [
            self._question(step, number) for number in range(len(step.questions) - short * bool(step.questions))
        ]
        for scene in self.writer.gallery.choose(step.photos, SEASONS[place % 4], len(step.photos[:1]), self.rng):
            picture = self.writer.gallery.pictures[scene]
            width = min((one for one in picture.widths if one >= PICTURE_WIDTH), default=max(picture.widths))
            self._file(lesson, "picture", f"{ALT[scene.family]}.webp", "image/webp", picture.files[width], at,
                       (width, round(picture.height * width / picture.width)))  # fmt: skip
        if step.kind == LessonKind.SCORM:
            archive = scorm_sample.package(step.file, 1 if step.file == "1.2" else 4)
            self._file(lesson, "package", "Уход за стеклом.zip", "application/zip", archive, at)
            scorm_packages.keep(key_of("lesson", lesson.id, "package"), scorm_packages.read(io.BytesIO(archive)), at)
        elif step.file == "care":
            self._file(lesson, "document", "Уход за посудой.xlsx", EXCEL, _table_of_care(at), at)
        elif step.file == "film":
            still = variants(film.poster().resize((960, 540), Image.Resampling.LANCZOS))
            width = max(still.widths)
            self._file(lesson, "video", "Бокал в четыре движения.webm", "video/webm", film.film(), at)
            self._file(lesson, "poster", "Бокал.webp", "image/webp", still.files[width], at, (width, width * 9 // 16))
            captions = film.CAPTIONS.encode()
            self._file(lesson, "captions", "Подписи.vtt", "text/vtt; charset=utf-8", captions, at)

    def _file(
        self,
        lesson: Lesson,
        role: str,
        name: str,
        content_type: str,
        data: bytes,
        at: datetime,
        shape: tuple[int | None, int | None] = (None, None),
    ) -> None:
        key = key_of("lesson", lesson.id, role)
        media().put(key, data)
        about = {"name": name, "size": len(data), "content_type": content_type, "key": key, "created_at": at}
        lesson.files.append(LessonFile(owner_id=self.author.id, role=role, width=shape[0], height=shape[1], **about))

    @staticmethod
    def _question(step: Step, place: int) -> Question:
        content = step.questions[place]
        return Question(
            kind=content.kind,
            place=place,
            text=content.text,
            explanation=content.explanation,
            options=options_of(content),
            forgiving=content.forgiving,
        )

    def _record(self, verb: str, course_id: int, at: datetime) -> None:
        act: dict[str, Any] = {"at": at, "verb": verb, "actor_id": self.author.id, "data": {}}
        insert_all(Activity, [{**act, "subject_kind": "course", "subject_id": course_id}])

    @staticmethod
    def _keys(syllabus: Syllabus) -> tuple[str, ...]:
        return AUDIENCES.get(syllabus.to, ("everybody",))


def _table_of_care(at: datetime) -> bytes:
    """Return a workbook that says how each material is washed and heated, the same whenever it is made."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": at.replace(tzinfo=None), "title": "Уход за посудой"})
    sheet, bold = book.add_worksheet("Уход"), book.add_format({"bold": True})
    for row, cells in enumerate(CARE):
        for column, words in enumerate(cells):
            sheet.write_string(row, column, words, bold if row == 0 or column == 0 else None)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 3, 16)
    sheet.set_column(4, 4, 42)
    book.close()
    return file.getvalue()
