"""The origin of packages: it gives files to whoever launched them, and is no way into the portal."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.database import move_clock
from app.extensions import db
from app.learning import scorm_links, scorm_sample
from app.learning.models import Enrolment, LessonProgress
from app.learning.scorm_links import Launch
from app.learning.scorm_models import ScormInteraction, ScormPackage, ScormState
from app.people import sessions
from app.people.models import Person
from tests.guard.world import on_sqlite
from tests.learning import packages
from tests.learning.packages import manifest, zipped

ORIGIN = "http://localhost:8001"
HOSTILE = '"><img src=x onerror=alert(1)>'


class Frame:
    """A lesson's frame: what a browser does at the origin of packages, with the word of the lesson's page."""

    def __init__(self, portal, client, address):
        self.portal, self.client, self.lesson = portal, client, address
        page = client.get(address)
        assert page.status == 200, page.status
        found = re.search(r'data-from="http://localhost:8001/([^"/]+)/play"', page.text)
        assert found, page.text
        self.word = found[1]
        self.raw = portal.app.test_client()

    def get(self, rest, word=None, **headers):
        """Ask for something under the frame's address."""
        return self.raw.get(f"/{word or self.word}/{rest}", base_url=ORIGIN, headers=headers)

    def post(self, what, data, **headers):
        """Say something as the player does."""
        body = data if isinstance(data, (bytes, str)) else json.dumps(data)
        headers.setdefault("Origin", ORIGIN)
        return self.raw.post(f"/{self.word}/{what}", base_url=ORIGIN, data=body, headers=headers)

    def launch(self, place=0):
        """Begin a turn."""
        answer = self.post("launch", {"place": place})
        assert answer.status_code == 200, answer.status
        self.turn, self.number = answer.get_json()["turn"], 0
        return answer.get_json()["said"]

    def say(self, said, place=0, **more):
        """Say a word of the turn."""
        self.number += 1
        return self.post("word", {"place": place, "turn": self.turn, "word": self.number, "said": said, **more})


def frame(portal, *archives, who="ann", **more):
    """Return the frame of somebody who has begun a course of packages."""
    made, lessons = packages.course_with(portal, *archives, **more)
    client = portal.client(getattr(portal.cast, who))
    client.post(f"/courses/{made}/begin")
    return Frame(portal, client, f"/courses/{made}/lessons/{lessons[0]}")


def guarded(answer):
    """Check what every answer of the origin says of itself."""
    headers = answer.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in headers and not [name for name, _value in headers if name.startswith("Access-Control")]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert "default-src" in policy and "sandbox" in policy and "frame-ancestors" in policy and "allow-top" not in policy
    assert "allow-popups-to-escape" not in policy and "*" not in policy
    return answer


def test_the_player_and_its_files_are_shown_to_who_launched_them(portal):
    shown = frame(portal)
    play = guarded(shown.get("play"))
    assert play.status_code == 200 and play.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'self' http://localhost;" in play.headers["Content-Security-Policy"]
    assert "unsafe" not in play.headers["Content-Security-Policy"]
    for asset in re.findall(r'(?:href|src)="(/assets/[^"]+)"', play.text):
        answer = guarded(shown.raw.get(asset, base_url=ORIGIN))
        assert answer.status_code == 200 and "immutable" in answer.headers["Cache-Control"]
    part = guarded(shown.get("files/part1.html"))
    assert part.status_code == 200 and "Уход за стеклом" in part.text and part.content_type == "text/html"
    assert part.headers["Cache-Control"].startswith("private")
    assert shown.get("files/talk.js").content_type == "text/javascript"
    packed = shown.get("files/talk.js", **{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip" and packed.headers["Vary"] == "Accept-Encoding"
    tag = packed.headers["ETag"]
    assert shown.get("files/talk.js", **{"Accept-Encoding": "gzip", "If-None-Match": tag}).status_code == 304


def test_the_page_of_the_lesson_may_hold_that_origin_alone(portal):
    shown = frame(portal)
    page = shown.client.get(shown.lesson)
    assert page.headers["Content-Security-Policy"].endswith(f"frame-src {ORIGIN}")
    sandbox = re.search(r'sandbox="([^"]+)"', page.text)[1]
    assert "allow-scripts" in sandbox and "allow-top" not in sandbox and "escape" not in sandbox
    assert page.headers["Cache-Control"] == "no-store"
    assert "<noscript>" in page and "JavaScript" in page
    assert "frame-src" not in shown.client.get("/courses").headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path", ["/", "/courses", "/sign-in", "/static/htmx.js", "/sw.js", "/admin", "/people/1", "/terminal"]
)
def test_no_page_of_the_portal_is_answered_there(portal, path):
    token = portal.token(portal.cast.ann)
    browser = portal.app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = token
    cookie = browser.get_cookie("ritm").value
    stranger = portal.app.test_client()
    for method in ("get", "post", "put", "options"):
        headers = {"Cookie": f"ritm={cookie}"}
        answer = guarded(getattr(stranger, method)(path, base_url=ORIGIN, headers=headers))
        assert answer.status_code in (404, 405) and not answer.data, (method, answer.status)


def test_the_portal_answers_no_package(portal):
    shown = frame(portal)
    for rest in ("play", "files/part1.html", "launch", "word"):
        assert shown.client.get(f"/{shown.word}/{rest}").status == 404
        assert shown.client.post(f"/{shown.word}/{rest}").status in (404, 405)


def test_a_package_cannot_act_in_the_portal(portal):
    shown = frame(portal)
    for site in ("same-site", "cross-site"):
        headers = {"Origin": ORIGIN, "Sec-Fetch-Site": site}
        answer = shown.client.post(f"{shown.lesson}/package/restart", headers=headers)
        assert answer.status == 400
    answer = shown.client.get("/courses", headers={"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"})
    assert not [name for name, _value in answer.headers if name.startswith("Access-Control")]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_addresses_that_were_not_signed_open_nothing(portal):
    shown = frame(portal)
    body, _, seal = shown.word.rpartition(".")
    wrong = seal[:5] + ("a" if seal[5] != "a" else "b") + seal[6:]
    for word in (f"{body}.{wrong}", f"a{shown.word}", body, "", "..", "%00", "a" * 5000):
        assert guarded(shown.get("play", word or "x")).status_code == 404
        assert shown.get("files/part1.html", word or "x").status_code == 404


def test_a_word_of_another_purpose_opens_nothing(portal):
    shown = frame(portal)
    with portal.app.app_context():
        other = scorm_links.URLSafeSerializer(portal.app.config["SECRET_KEY"], salt="other").dumps(
            [1, 1, 1, 1, "", False, 0]
        )
        short = scorm_links._signer().dumps([1, 2])
        odd = scorm_links._signer().dumps({"a": 1})
        future = scorm_links._signer().dumps([1, 1, 1, 1, "http://localhost", False, 10**9])
        words = scorm_links._signer().dumps([1, 1, 1, 1, "http://localhost", False, "now"])
    for word in (other, short, odd, future, words):
        assert guarded(shown.get("play", word)).status_code == 404


def test_an_address_is_good_for_half_a_day(portal):
    shown = frame(portal)
    move_clock(timedelta(hours=11))
    assert shown.get("play").status_code == 200
    move_clock(timedelta(hours=12, minutes=1))
    assert guarded(shown.get("play")).status_code == 404
    assert shown.post("launch", {"place": 0}).status_code == 404


def test_an_address_ends_with_the_sign_in(portal):
    shown = frame(portal)
    shown.launch()
    assert shown.client.post("/sign-out").status in (200, 302, 303)
    for rest in ("play", "files/part1.html"):
        assert guarded(shown.get(rest)).status_code == 404
    assert shown.post("launch", {"place": 0}).status_code == 404
    assert shown.say({"cmi.core.lesson_status": "passed"}).status_code == 404
    assert portal.one(select(ScormState.success)) == ""


def test_an_address_ends_with_the_idle_time_of_a_terminal(portal):
    made, [lesson] = packages.course_with(portal)
    terminal = portal.terminal(portal.cast.ann.store_id)
    client = portal.client(portal.cast.ann, terminal=terminal)
    client.raw.set_cookie("ritm_terminal", terminal.secret)
    client.post(f"/courses/{made}/begin")
    shown = Frame(portal, client, f"/courses/{made}/lessons/{lesson}")
    assert shown.get("play").status_code == 200
    move_clock(timedelta(minutes=3))
    assert shown.get("play").status_code == 404


def test_an_address_ends_with_the_employment(portal):
    shown = frame(portal)

    def dismiss():
        db.session.get_one(Person, portal.cast.ann.id).dismissed_on = portal.viewer(portal.cast.bob).today

    portal.run(dismiss)
    assert shown.get("play").status_code == 404


def test_another_persons_run_is_not_reached(portal):
    shown = frame(portal)
    shown.launch()
    # Bob has not begun: with a word of his own he sees files he may read about, but no state of hers, and makes none.
    bob = portal.viewer(portal.cast.bob)
    package = portal.one(select(ScormPackage.id))
    course, lesson = (int(part) for part in re.findall(r"\d+", shown.lesson))
    with portal.app.app_context():
        shown.word = scorm_links.sign(Launch(package, course, lesson, bob.session_id, "http://localhost", False))
    assert shown.post("launch", {"place": 0}).status_code == 404
    assert shown.say({"cmi.core.lesson_status": "passed"}).status_code == 404
    assert portal.count(ScormState) == 1 and portal.one(select(ScormState.person_id)) == portal.cast.ann.id


def test_a_lesson_that_is_not_open_yet_cannot_be_launched(portal):
    made, [first, second] = packages.course_with(
        portal, scorm_sample.package(), scorm_sample.package("2004-4"), in_order=True
    )
    client = portal.client(portal.cast.ann)
    client.post(f"/courses/{made}/begin")
    shown = Frame(portal, client, f"/courses/{made}/lessons/{first}")
    package = portal.one(select(ScormPackage.id).where(ScormPackage.standard == "2004"))
    session = portal.one(select(sessions.SignIn.id).where(sessions.SignIn.person_id == portal.cast.ann.id))
    with portal.app.app_context():
        shown.word = scorm_links.sign(Launch(package, made, second, session, "http://localhost", False))
    assert shown.post("launch", {"place": 0}).status_code == 404
    assert portal.count(ScormState) == 0


@on_sqlite
@pytest.mark.parametrize(
    "path",
    [
        *("../part1.html", "..%2fpart1.html", "%2e%2e/%2e%2e/etc/passwd", "/etc/passwd", "part1.html/", "", ".", "%00"),
        *("..\\part1.html", "imsmanifest.xml%00.html", "%ff%fe", "a" * 3000),
    ],
)
def test_names_that_are_not_in_the_archive_are_nothing(portal, path):
    answer = guarded(frame(portal).get(f"files/{path}"))
    assert answer.status_code == 404 and not answer.data


@on_sqlite
def test_no_worker_of_a_package_stays_in_the_browser(portal):
    shown = frame(portal)
    assert shown.get("files/talk.js", **{"Service-Worker": "script"}).status_code == 404
    assert shown.get("files/talk.js", **{"Sec-Fetch-Dest": "serviceworker"}).status_code == 404


@on_sqlite
def test_what_is_sent_says_what_it_is(portal):
    files = {"a.PHP": "<?php", "b.exe": "MZ", "c.svg": "<svg/>", "d": "x", "e.html5": "<b>", "клип.mp4": "0123456789"}
    shown = frame(portal, zipped({"imsmanifest.xml": manifest(), "page.html": "<p>", **files}))
    kinds = {name: guarded(shown.get(f"files/{name}")).content_type for name in files}
    assert kinds["a.PHP"] == kinds["b.exe"] == kinds["d"] == kinds["e.html5"] == "application/octet-stream"
    assert kinds["c.svg"] == "image/svg+xml" and kinds["клип.mp4"] == "video/mp4"
    some = shown.get("files/клип.mp4", Range="bytes=2-4")
    assert (some.status_code, some.data) == (206, b"234")
    assert shown.get("files/клип.mp4", Range="bytes=99-").status_code == 416


@pytest.mark.parametrize("standard", scorm_sample.STANDARDS)
def test_from_thefirst_word_to_the_end(portal, standard):
    shown = frame(portal, scorm_sample.package(standard))
    older = standard == "1.2"
    told = shown.launch()
    at = "cmi.core." if older else "cmi."
    assert told[f"{at}entry"] == "ab-initio" and "Ритм" not in str(told)
    assert told[f"{at}{'student' if older else 'learner'}_id"] == f"ritm-{portal.cast.ann.id}"
    location = f"{at}{'lesson_' if older else ''}location"
    status = "cmi.core.lesson_status" if older else "cmi.completion_status"
    assert shown.say({location: "2", status: "incomplete", "cmi.suspend_data": "1"}).get_json() == {"done": False}
    # On another device one goes on where one was.
    told = shown.launch()
    assert told[f"{at}entry"] == "resume" and told[location] == "2" and told["cmi.suspend_data"] == "1"
    passed = (
        {status: "passed"} if older else {status: "completed", "cmi.success_status": "passed", "cmi.score.scaled": "0.67"}
    )
    passed |= {f"{at}score.raw": "67", f"{at}score.min": "0", f"{at}score.max": "100"}
    assert shown.say(passed).get_json() == {"done": True}
    assert portal.one(select(LessonProgress.score)) == 67
    assert portal.one(select(LessonProgress.done_at)) is not None
    assert portal.one(select(Enrolment.completed_at)) is not None
    standing = shown.client.get(f"{shown.lesson}/package", headers={"HX-Request": "true"})
    assert standing.status == 200 and "67" in standing


def test_below_the_mark_of_the_manifest_nothing_is_done(portal):
    shown = frame(portal)
    shown.launch()
    said = {"cmi.core.lesson_status": "passed", "cmi.core.score.raw": "20"}
    assert shown.say(said).get_json() == {"done": False}
    assert portal.one(select(ScormState.success)) == "failed"
    assert "Пока не пройден" in shown.client.get(shown.lesson) or "не сдан" in shown.client.get(shown.lesson)


def test_only_the_device_that_launched_last_is_heard_and_each_word_once(portal):
    shown = frame(portal)
    shown.launch()
    former = shown.turn
    shown.launch()
    assert shown.turn == former + 1
    answer = shown.post("word", {"place": 0, "turn": former, "word": 9, "said": {"cmi.core.lesson_status": "passed"}})
    assert answer.status_code == 409
    assert shown.say({"cmi.suspend_data": "b"}).status_code == 200
    again = {"place": 0, "turn": shown.turn, "word": 1, "said": {"cmi.suspend_data": "a"}}
    assert shown.post("word", again).status_code == 200
    assert json.loads(portal.one(select(ScormState.said)))["cmi.suspend_data"] == "b"


def test_a_word_outside_of_a_launch_is_not_believed(portal):
    shown = frame(portal)
    shown.turn, shown.number = 1, 0
    assert shown.say({"cmi.core.lesson_status": "passed"}).status_code == 409
    assert portal.one(select(LessonProgress.done_at)) is None
    assert portal.count(ScormState, ScormState.done_at.is_not(None)) == 0


@pytest.mark.parametrize("origin", ["http://localhost", "https://example.com", "null", "http://evil.localhost:8001.example"])
def test_words_from_pages_elsewhere_are_not_taken(portal, origin):
    shown = frame(portal)
    assert shown.post("launch", {"place": 0}, Origin=origin).status_code == 404
    assert portal.count(ScormState) == 0


@pytest.mark.parametrize(
    "said",
    [
        *(
            {"cmi.suspend_data": "я" * 65_537},
            {"cmi.suspend_data": 5},
            {"cmi.suspend_data": ["a"]},
            {"a": "b"},
            [],
            "x",
            None,
        ),
        *({"cmi.__proto__ x": "a"}, {"ritm.person": "1"}, {"cmi." + "a" * 300: "a"}, {"cmi.a\x00": "a"}, {"cmi..a": ""}),
        {f"cmi.objectives.{number}.id": "a" for number in range(6_001)},
        {f"cmi.interactions.{number}.learner_response": "я" * 60_000 for number in range(3)},
    ],
    ids=lambda said: str(said)[:30],
)
def test_words_out_of_all_measure_are_refused(portal, said):
    shown = frame(portal)
    shown.launch()
    assert guarded(shown.say(said)).status_code in (413, 422)
    assert portal.one(select(ScormState.said)) == "{}"


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"\xff\xfe", b"[" * 100_000, b"null", b"[]", b'{"place":-1}', b'{"place":true}', b'{"place":"0"}'),
        *(b'{"place":0,"turn":1e400,"word":1,"said":{}}', b'{"place":0,"turn":1,"word":9999999999,"said":{}}'),
        b'{"place":99999999999999999}',
    ],
    ids=lambda body: str(body[:30]),
)
def test_bodies_of_no_sense_are_refused(portal, body):
    shown = frame(portal)
    shown.launch()
    assert guarded(shown.post("word", body)).status_code == 422
    assert guarded(shown.post("launch", body)).status_code in (200, 422)


@on_sqlite
def test_a_body_of_many_megabytes_is_not_read(portal):
    shown = frame(portal)
    assert guarded(shown.post("word", b"x" * (3 << 20))).status_code == 413


def test_what_no_database_holds_is_kept_as_it_came(portal):
    shown = frame(portal)
    shown.launch()
    said = {
        "cmi.suspend_data": "a\x00b\ud800",
        "cmi.interactions.0.id": "\x00\ud800",
        "cmi.interactions.0.student_response": "\x00",
    }
    assert shown.say(said).status_code == 200
    assert shown.launch()["cmi.suspend_data"] == "a\x00b\ud800"
    assert portal.count(ScormInteraction) == 1


def test_ten_thousand_answers_are_cut_where_it_is_enough(portal):
    shown = frame(portal)
    shown.launch()
    for begin in range(0, 10_000, 2_000):
        said = {f"cmi.interactions.{number}.id": f"q{number}" for number in range(begin, begin + 2_000)}
        assert shown.say(said).status_code in (200, 422)
    assert portal.count(ScormInteraction) == 500
    editor = portal.client(portal.cast.ed)
    with portal.queries() as statements:
        page = editor.get(f"{shown.lesson}/package/answers")
    assert page.status == 200 and len(statements) <= 12, len(statements)
    assert page.text.count("<tr>") <= 102


def test_answers_are_shown_to_editors_and_as_plain_words(portal):
    shown = frame(portal)
    shown.launch()
    at = "cmi.interactions.0."
    words = ("id", "type", "description", "student_response", "result", "latency", "correct_responses.0.pattern")
    assert shown.say({at + name: HOSTILE for name in words}).status_code == 200
    page = portal.client(portal.cast.ed).get(f"{shown.lesson}/package/answers")
    assert "<img src=x" not in page and "&lt;img src=x onerror" in page
    assert shown.client.get(f"{shown.lesson}/package/answers").status == 403


def test_titles_of_a_package_are_plain_words_everywhere(portal):
    title = "&lt;/script>&lt;img src=x onerror=alert(1)>"
    shown = frame(portal, packages.plain(items=f'<item identifierref="r"><title>{title}</title></item>'))
    play = shown.get("play")
    assert play.text.count("</script>") == 1 and "<img" not in play.text
    page = portal.client(portal.cast.ed).get(f"{shown.lesson}/edit")
    assert "<img src=x" not in page


def test_editors_try_it_without_a_trace(portal):
    made, _published = packages.course_with(portal)
    client = portal.client(portal.cast.ed)
    [draft] = packages.draft_ids(portal, made)
    page = client.get(f"/courses/{made}/lessons/{draft}/preview")
    word = re.search(r"localhost:8001/([^\"/]+)/play", page.text)[1]
    raw = portal.app.test_client()
    assert raw.get(f"/{word}/play", base_url=ORIGIN).status_code == 200
    began = raw.post(f"/{word}/launch", base_url=ORIGIN, data='{"place":0}')
    assert began.status_code == 200
    said = {"place": 0, "turn": 1, "word": 1, "said": {"cmi.core.lesson_status": "passed"}}
    assert raw.post(f"/{word}/word", base_url=ORIGIN, data=json.dumps(said)).get_json() == {"done": False}
    assert portal.count(ScormState) == 0 and portal.count(LessonProgress) == 0


def test_beginning_anew_forgets_the_words_and_keeps_what_was_done(portal, htmx):
    shown = frame(portal)
    shown.launch()
    shown.say({"cmi.core.lesson_status": "passed", "cmi.interactions.0.id": "q"})
    client = portal.client(portal.cast.ann, htmx)
    assert client.post(f"{shown.lesson}/package/restart").status in (200, 204, 302, 303)
    assert portal.one(select(ScormState.said)) == "{}" and portal.count(ScormInteraction) == 0
    assert portal.one(select(LessonProgress.done_at)) is not None
    # Whoever still had it open is told.
    assert shown.say({"cmi.suspend_data": "old"}).status_code == 409


def test_without_an_origin_of_packages_the_page_says_so(portal, monkeypatch):
    monkeypatch.setitem(portal.app.config, "CONTENT_PORT", 0)
    monkeypatch.setitem(portal.app.config, "CONTENT_URL", "")
    made, [lesson] = packages.course_with(portal)
    client = portal.client(portal.cast.ann)
    client.post(f"/courses/{made}/begin")
    page = client.get(f"/courses/{made}/lessons/{lesson}")
    assert page.status == 200 and "администратор" in page and "<iframe" not in page
