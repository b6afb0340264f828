"""A lesson in each standard, made by the portal itself: for the demo, for tests, and to see how one is built.

One small lesson about the care of glass: three pages to read and three questions, which tells its result, where one is,
and what was answered. The pages are the same in all standards; `talk.js` is the only one who knows how each is spoken.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

STANDARDS = ("1.2", "2004-3", "2004-4")
TITLE = "Уход за стеклом и хрусталём"

PAGES = (
    (
        "Как мыть",
        "Хрусталь моют вручную, по одному предмету, в тёплой воде до 40 °C с мягким средством. На дно раковины кладут "
        "полотенце: бокал, который выскользнет из рук, не разобьётся.",
    ),
    (
        "Как сушить и полировать",
        "Бокал ставят на полотенце ножкой вверх на несколько минут, потом полируют льняной салфеткой над паром. Держат за "
        "чашу, а не за ножку: скручивание ломает её чаще всего.",
    ),
    (
        "Как хранить",
        "Бокалы стоят на ножке, не касаясь друг друга. Вставлять один в другой нельзя: тонкий край держит вес хуже всего и "
        "даёт скол.",
    ),
)
QUESTIONS: tuple[dict[str, Any], ...] = (
    {
        "id": "water",
        "text": "Какой водой моют хрусталь?",
        "options": ["Кипятком", "Тёплой, до 40 °C", "Ледяной"],
        "right": 1,
    },
    {
        "id": "hold",
        "text": "За что держат бокал, когда полируют?",
        "options": ["За ножку", "За край", "За чашу"],
        "right": 2,
    },
    {
        "id": "store",
        "text": "Как хранят бокалы?",
        "options": ["На ножке, отдельно друг от друга", "Один в другом", "На боку"],
        "right": 0,
    },
)
STYLE = """
body { font: 18px/1.5 system-ui, "Segoe UI", sans-serif; color: #1d1b19; background: #fff; margin: 0 auto; padding: 24px;
  max-width: 640px; }
h1 { font-size: 26px; line-height: 1.2; }
button, label { display: block; width: 100%; min-height: 44px; padding: 10px 14px; margin: 8px 0; font: inherit;
  text-align: left; border: 1px solid #8a8378; border-radius: 8px; background: #fff; color: inherit; cursor: pointer; }
button.main { width: auto; border-color: #9b1b3b; background: #9b1b3b; color: #fff; }
progress { width: 100%; height: 8px; accent-color: #2f7d4f; }
.note { padding: 10px 14px; border-radius: 8px; background: #f6f4f0; }
"""
PAGE = """<!DOCTYPE html>
<html lang="ru">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>%(title)s</title>
<link rel="stylesheet" href="style.css">
</head>
<body>
<progress id="way" max="6" value="0" aria-label="Пройдено"></progress>
<main id="main" tabindex="-1"></main>
<script>var LESSON = %(lesson)s;</script>
<script src="talk.js"></script>
<script src="lesson.js"></script>
</body>
</html>
"""
# Looks for the interface upwards, as the standards tell it to, and speaks the words of either.
TALK = """
var talk = (function () {
  function find(name) {
    var here = window, steps = 0;
    while (!here[name] && here.parent && here.parent !== here && steps++ < 20) here = here.parent;
    return here[name] || (window.opener && window.opener[name]) || null;
  }
  var older = LESSON.standard === "1.2";
  var api = find(older ? "API" : "API_1484_11");
  var began = new Date().getTime(), over = false;
  function call(name, a, b) {
    if (!api) return "";
    var method = api[(older ? "LMS" : "") + name];
    return b === undefined ? method.call(api, a) : method.call(api, a, String(b));
  }
  function length(seconds) {
    function two(n) { return (n < 10 ? "0" : "") + n; }
    if (!older) return "PT" + seconds + "S";
    return two(Math.floor(seconds / 3600)) + ":" + two(Math.floor(seconds / 60) % 60) + ":" + two(seconds % 60);
  }
  var cmi = older ? "cmi.core." : "cmi.";
  call("Initialize", "");
  return {
    found: !!api,
    place: function () { return Number(call("GetValue", cmi + (older ? "lesson_location" : "location"))) || 0; },
    kept: function () { return call("GetValue", "cmi.suspend_data"); },
    keep: function (place, data) {
      call("SetValue", cmi + (older ? "lesson_location" : "location"), place);
      call("SetValue", "cmi.suspend_data", data);
      if (!older) call("SetValue", "cmi.progress_measure", Math.min(1, place / LESSON.steps));
      call("SetValue", older ? "cmi.core.lesson_status" : "cmi.completion_status", "incomplete");
      call("Commit", "");
    },
    answer: function (question, given, right) {
      var at = "cmi.interactions." + (Number(call("GetValue", "cmi.interactions._count")) || 0) + ".";
      call("SetValue", at + "id", question.id);
      call("SetValue", at + "type", "choice");
      if (!older) call("SetValue", at + "description", question.text);
      call("SetValue", at + (older ? "student_response" : "learner_response"), "abc".charAt(given));
      call("SetValue", at + "correct_responses.0.pattern", "abc".charAt(question.right));
      call("SetValue", at + "result", right ? "correct" : older ? "wrong" : "incorrect");
      call("SetValue", at + "latency", length(Math.round((new Date().getTime() - question.shown) / 1000)));
    },
    finish: function (right, all) {
      if (!all) {
        call("SetValue", older ? "cmi.core.lesson_status" : "cmi.completion_status", "completed");
        call("Commit", "");
        return;
      }
      var raw = Math.round(100 * right / all), passed = raw >= LESSON.mark;
      call("SetValue", cmi + "score.min", 0);
      call("SetValue", cmi + "score.max", 100);
      call("SetValue", cmi + "score.raw", raw);
      if (older) {
        call("SetValue", "cmi.core.lesson_status", passed ? "passed" : "failed");
      } else {
        call("SetValue", "cmi.score.scaled", raw / 100);
        call("SetValue", "cmi.success_status", passed ? "passed" : "failed");
        call("SetValue", "cmi.completion_status", "completed");
        call("SetValue", "cmi.progress_measure", 1);
      }
      call("Commit", "");
    },
    leave: function () {
      if (over || !api) return;
      over = true;
      call("SetValue", cmi + "session_time", length(Math.round((new Date().getTime() - began) / 1000)));
      call("SetValue", cmi + "exit", "suspend");
      call(older ? "Finish" : "Terminate", "");
    }
  };
})();
"""
LESSON_JS = """
(function () {
  var main = document.getElementById("main"), way = document.getElementById("way");
  var place = talk.place(), answers = (talk.kept() || "").split("").map(Number);
  if (!talk.kept()) answers = [];
  function add(tag, text, type) {
    var made = main.appendChild(document.createElement(tag));
    made.textContent = text;
    if (type) made.className = type;
    return made;
  }
  function go(to) {
    place = to;
    talk.keep(place, answers.join(""));
    show();
    main.focus();
  }
  function ask(question, number) {
    question.shown = new Date().getTime();
    add("p", "Вопрос " + (number + 1) + " из " + LESSON.questions.length, "note");
    add("h1", question.text);
    question.options.forEach(function (words, given) {
      add("button", words).onclick = function () {
        answers[number] = given;
        talk.answer(question, given, given === question.right);
        go(place + 1);
      };
    });
  }
  function end() {
    var right = LESSON.questions.filter(function (question, number) { return answers[number] === question.right; }).length;
    var all = LESSON.questions.length, passed = !all || Math.round(100 * right / all) >= LESSON.mark;
    add("h1", passed ? "Пройдено" : "Пока не пройдено");
    if (all) add("p", "Верных ответов: " + right + " из " + all + ".", "note");
    if (!passed) add("button", "Пройти ещё раз", "main").onclick = function () { answers = []; go(0); };
    talk.finish(right, all);
  }
  function show() {
    main.textContent = "";
    way.max = LESSON.steps;
    way.value = place;
    if (!talk.found) add("p", "Этот урок запускают из портала: здесь результат не сохранится.", "note");
    if (place < LESSON.pages.length) {
      add("h1", LESSON.pages[place][0]);
      add("p", LESSON.pages[place][1]);
      add("button", "Дальше", "main").onclick = function () { go(place + 1); };
    } else if (place < LESSON.steps) {
      ask(LESSON.questions[place - LESSON.pages.length], place - LESSON.pages.length);
    } else {
      end();
    }
  }
  window.addEventListener("beforeunload", talk.leave);
  window.addEventListener("pagehide", talk.leave);
  window.addEventListener("unload", talk.leave);
  show();
})();
"""
NAMESPACES = {
    "1.2": 'xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"',
    "2004": 'xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" '
    'xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3" xmlns:adlnav="http://www.adlnet.org/xsd/adlnav_v1p3" '
    'xmlns:imsss="http://www.imsglobal.org/xsd/imsss"',
}
VERSIONS = {"1.2": "1.2", "2004-3": "2004 3rd Edition", "2004-4": "2004 4th Edition"}
MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="glass-care" version="1.0" %(namespaces)s>
<metadata><schema>ADL SCORM</schema><schemaversion>%(version)s</schemaversion></metadata>
<organizations default="glass">
<organization identifier="glass"><title>%(title)s</title>
%(items)s
%(control)s</organization>
</organizations>
<resources>
%(resources)s
</resources>
</manifest>
"""
CONTROL = '<imsss:sequencing><imsss:controlMode choice="true" flow="true"/></imsss:sequencing>\n'
OBJECTIVE = (
    '<imsss:sequencing><imsss:objectives><imsss:primaryObjective objectiveID="passed" satisfiedByMeasure="true">'
    "<imsss:minNormalizedMeasure>0.6</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives>"
    "</imsss:sequencing>"
)
FILES = ("style.css", "talk.js", "lesson.js")


def package(standard: str = "1.2", parts: int = 1) -> bytes:
    """Return the lesson as a zip in one of `STANDARDS`; with several parts the pages come first, the questions last."""
    pages = {f"part{number}.html": _lesson(standard, number, parts) for number in range(1, parts + 1)}
    files = {
        "imsmanifest.xml": _manifest(standard, list(pages), [one["title"] for one in pages.values()]),
        "style.css": STYLE.strip() + "\n",
        "talk.js": TALK.lstrip(),
        "lesson.js": LESSON_JS.lstrip(),
        **{name: PAGE % {"title": one["title"], "lesson": _script(one)} for name, one in pages.items()},
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            # The same bytes at every making.
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 1, 0, 0, 0)), text.encode(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _lesson(standard: str, number: int, parts: int) -> dict[str, Any]:
    """Return what a part of the lesson consists of."""
    pages = PAGES if parts == 1 else PAGES[number - 1 : number] if number < parts else ()
    questions = QUESTIONS if number == parts else ()
    title = TITLE if parts == 1 else f"{TITLE}: проверка" if number == parts else f"{PAGES[number - 1][0]}"
    return {
        "title": title,
        "standard": standard[:4] if standard != "1.2" else "1.2",
        "mark": 60 if questions else 0,
        "pages": pages,
        "questions": questions,
        "steps": len(pages) + len(questions),
    }


def _script(lesson: Mapping[str, Any]) -> str:
    return json.dumps(lesson, ensure_ascii=False).replace("</", "<\\/")


def _manifest(standard: str, names: list[str], titles: list[str]) -> str:
    older = standard == "1.2"
    items, resources = [], []
    kind = "adlcp:scormtype" if older else "adlcp:scormType"
    for number, (name, title) in enumerate(zip(names, titles, strict=True), 1):
        is_last = number == len(names)
        mark = "<adlcp:masteryscore>60</adlcp:masteryscore>" if older else OBJECTIVE
        about = f"<title>{title}</title>{mark if is_last else ''}"
        items.append(f'<item identifier="item{number}" identifierref="page{number}">{about}</item>')
        files = "".join(f'<file href="{one}"/>' for one in (name, *FILES))
        resources.append(
            f'<resource identifier="page{number}" type="webcontent" {kind}="sco" href="{name}">{files}</resource>'
        )
    return MANIFEST % {
        "namespaces": NAMESPACES["1.2" if older else "2004"],
        "version": VERSIONS[standard],
        "title": TITLE,
        "items": "\n".join(items),
        "control": "" if older else CONTROL,
        "resources": "\n".join(resources),
    }
