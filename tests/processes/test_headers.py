"""The headers that protect the reader as they arrive over the wire: whatever serves a file or an error, they are there."""

from __future__ import annotations

from types import SimpleNamespace

from werkzeug.datastructures import Headers

from tests.guard.files import sideways
from tests.guard.test_headers import faults
from tests.quality.wire import FORM


def test_every_kind_of_answer(served):
    post, author, stranger = served.post(), served.browser("ann"), served.browser()
    sent = author.upload("/posts/photos", {}, "photos", ("a.jpg", sideways()))
    photo = sent.text.split('src="/photos/')[1].split('"')[0]
    script = author.get("/").text.split('src="/assets/')[1].split('"')[0]
    asked = {
        f"/photos/{photo}": 200, f"/assets/{script}": 200, "/static/htmx.min.js": None, "/favicon.ico": None,
        "/manifest.webmanifest": 200, "/health": 200, f"/posts/{post}": 200, "/posts/987654321": 404, "/no-such-page": 404,
        "/static/none.css": 404, "/assets/none.js": 404, "/photos/x-1.webp": 404, "/sign-out": 405, "/admin": None,
        "/%00": 404, "/posts/%ff": 404, "/static/%2e%2e/app/config.py": 404,
    }  # fmt: skip
    wrong = []
    for path, status in asked.items():
        for browser in (author, stranger):
            for headers in ({}, {"HX-Request": "true"}, {"Accept-Encoding": "br, gzip"}):
                reply = browser.ask("GET", path, headers)
                if browser is author and status not in (None, reply.status):
                    wrong.append(f"{path}: {reply.status}")
                wrong += [f"{path}: {fault}" for fault in faults_of(reply, path)]
    for method in ("PUT", "DELETE", "HEAD"):
        wrong += [f"{method} /: {fault}" for fault in faults_of(author.ask(method, "/", {}), "/")]
    large = author.ask("POST", "/drafts", {"Content-Type": FORM, "Content-Length": str(5 << 20)})
    forged = author.post("/drafts", {"csrf_token": "x"})
    assert (large.status, forged.status) == (413, 400)
    wrong += [f"POST: {fault}" for reply in (large, forged) for fault in faults_of(reply, "/drafts")]
    assert not wrong, "\n".join(dict.fromkeys(wrong))


def faults_of(reply, path):
    """Return what is wrong with an answer's headers."""
    headers = Headers(reply.headers.items())
    answer = SimpleNamespace(headers=headers, status=reply.status, location=headers.get("Location") or "")
    return faults(answer, path, "employee")
