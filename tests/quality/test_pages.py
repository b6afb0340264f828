"""Every page of every role: valid HTML, one heading, Russian throughout, and few queries however much there is."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import html5lib
import pytest
from sqlalchemy import event, insert, select

from app.content import comments, publishing, reactions
from app.extensions import db
from app.feed.models import Post
from app.people.models import City, Person, Store
from tests.guard.forms import document
from tests.guard.world import COLLEAGUE, ROLES, World, on_sqlite, photos, picture, viewer_of
from tests.quality.test_catalogues import LATIN

# Answers to GET that are pieces of pages although nobody asked with htmx.
FRAGMENTS = {"announcement_desk.count", "content_helpers.reach", "content_helpers.mentions", "profile.strengths"}
# Words in Latin letters that pages may show: data, the other language's name, names of programs and formats.
SHOWN = LATIN | {"English", "Chrome", "Firefox", "Windows", "Android", "iPhone", "Safari", "Edge", "SQLite", "PostgreSQL"}
SHOWN |= {"test"}  # the device of sessions that tests open
# Attributes whose words are read out or shown.
SPOKEN = ("alt", "title", "placeholder", "aria-label", "aria-description")
MOST_QUERIES = {"feed.index": 8}
ANY_PAGE = 12


@pytest.fixture
def world(portal):
    """Return the portal with things of everybody in it."""
    return World(portal)


def pages_of(world, role):
    """Yield (request, answer, parsed page) of all pages that a role may open."""
    for ask in world.asks(role, ("GET",)):
        answer = world.ask(world.client(role), ask)
        if answer.status == 200 and answer.headers["Content-Type"].startswith("text/html") and ask.endpoint not in FRAGMENTS:
            yield ask, answer, document(answer.text)


@on_sqlite
@pytest.mark.parametrize("role", ROLES)
def test_pages_are_valid(world, role):
    wrong = []
    for ask, answer, page in pages_of(world, role):
        wrong += [f"{ask.own} as {role}: {fault}" for fault in (*syntax(answer.text), *structure(page))]
    assert not wrong, "\n".join(wrong)


def syntax(html, container=None):
    """Return what a strict parser says."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    (parser.parseFragment(html, container=container) if container else parser.parse(html))
    return [f"{code} {details or ''} at {place}" for place, code, details in parser.errors]


def structure(page):
    """Return what is wrong with headings, ids, labels and pictures."""
    found = []
    title = "".join(page.find(".//title").itertext())
    if not re.match(r"\s*\S.* · ", title):
        found.append(f"title {title!r}")
    if len(list(page.iter("h1"))) != 1:
        found.append(f"{len(list(page.iter('h1')))} h1")
    if page.get("lang") != "ru":
        found.append(f"lang {page.get('lang')!r}")
    if len(list(page.iter("main"))) != 1:
        found.append("one main")
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    found += [f"id {name!r} twice" for name in set(ids) if ids.count(name) > 1]
    levels = [int(element.tag[1]) for element in page.iter() if re.fullmatch(r"h[1-6]", str(element.tag))]
    found += [f"h{b} after h{a}" for a, b in pairwise(levels) if b > a + 1]
    labelled = {element.get("for") for element in page.iter("label")}
    inside = {control for label in page.iter("label") for control in label.iter()}
    for element in page.iter():
        found += _of_element(element, set(ids), labelled, inside)
    return found


def _of_element(element, ids, labelled, inside):
    tag, found = str(element.tag), []
    for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls", "form", "list"):
        found += [f"{tag} {name}={i!r} leads nowhere" for i in (element.get(name) or "").split() if i not in ids]
    if tag == "a" and (element.get("href") or "").startswith("#") and element.get("href")[1:] not in ids:
        found.append(f"link to {element.get('href')} leads nowhere")
    if tag == "img" and (element.get("alt") is None or not element.get("width") or not element.get("height")):
        found.append(f"picture {element.get('src')} lacks alt, width or height")
    named = element.get("aria-label") or element.get("aria-labelledby") or element.get("id") in labelled or element in inside
    hidden = element.get("aria-hidden") == "true" and element.get("tabindex") == "-1"
    typed = tag in ("input", "select", "textarea") and element.get("type") not in ("hidden", "submit")
    if typed and not hidden and not named:
        found.append(f"{tag} {element.get('name')} has no label")
    if tag in ("a", "button") and not hidden and not ("".join(element.itertext()).strip() or named or _pictured(element)):
        found.append(f"{tag} {element.get('href') or element.get('name')} has no words")
    return found


def _pictured(element):
    return any(inner.get("alt") for inner in element.iter("img"))


@on_sqlite
@pytest.mark.parametrize("role", ["stranger", "employee", "terminal", "director", "admin"])
def test_fragments_are_valid(world, role):
    wrong = []
    for ask in world.asks(role, ("GET",)):
        answer = world.ask(world.client(role, htmx=True), ask)
        if answer.status == 200 and "html" in answer.headers.get("Content-Type", "") and answer.text.strip():
            if answer.text.lstrip().lower().startswith("<!doctype"):
                continue
            container = {"<tr": "tbody", "<op": "select", "<li": "ul"}.get(answer.text.lstrip()[:3], "div")
            wrong += [f"{ask.own} as {role}: {fault}" for fault in syntax(answer.text, container)]
    assert not wrong, "\n".join(wrong)


@on_sqlite
@pytest.mark.parametrize("role", ROLES)
def test_pages_are_russian(world, role):
    wrong = []
    for ask, _answer, page in pages_of(world, role):
        text = words_of(page)
        latin = set(re.findall(r"[A-Za-z]{2,}", re.sub(r"\S*[@/._]\S*", " ", text))) - SHOWN
        if latin:
            wrong.append(f"{ask.own} as {role}: English words {sorted(latin)}")
        for pattern, words in (
            (r"\b\d{4}-\d\d-\d\d", "a raw date"),
            (r"%\(\w+\)|\{\{|\}\}|\{\w*\}", "an unfilled placeholder"),
            (r"\b(None|null|undefined|NaN|True|False)\b", "a bare value"),
            (r"<[a-z]+ |&(amp|lt|gt|quot|#\d+);", "escaped markup"),
        ):
            for match in re.finditer(pattern, text):
                wrong.append(f"{ask.own} as {role}: {words}: …{text[max(0, match.start() - 30) : match.end() + 20]}…")
    assert not wrong, "\n".join(wrong)


def words_of(page):
    """Return everything that a reader sees or hears of a page."""
    parts = []

    def walk(element):
        if element.tag in ("script", "style", "textarea", "svg") or element.get("lang") not in (None, "ru"):
            parts.append(element.tail or "")
            return
        parts.append(element.text or "")
        parts.extend(element.get(name) or "" for name in SPOKEN)
        if element.tag == "option" or (element.tag == "input" and element.get("type") == "submit"):
            parts.append(element.get("label") or "")
        for inner in element:
            walk(inner)
        parts.append(element.tail or "")

    walk(page)
    return " ".join(" ".join(parts).split())


NO_QUERY = r"\s*(PRAGMA|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|UPDATE (sign_in|terminal) SET seen_at)"


class Counter:
    """Counts the queries of requests."""

    def __init__(self, app):
        self.statements: list[str] = []
        with app.app_context():
            self.engine = db.engine

    def __enter__(self):
        event.listen(self.engine, "before_cursor_execute", self._count)
        return self

    def __exit__(self, *_):
        event.remove(self.engine, "before_cursor_execute", self._count)

    def _count(self, _connection, _cursor, statement, *_):
        # "Last seen" is written every few minutes, by whichever request comes first then.
        if not re.match(NO_QUERY, statement):
            self.statements.append(statement)

    def of(self, act):
        """Return how many queries something made."""
        self.statements.clear()
        act()
        return len(self.statements)


@on_sqlite
@pytest.mark.parametrize("role", ["employee", "terminal", "director", "editor", "hr", "admin"])
def test_queries_are_few_and_do_not_grow(world, role):
    grow(world, 1)
    few = counts(world, role)
    grow(world, 10)
    many = counts(world, role)
    over = {
        address: found
        for address, (endpoint, *found) in {**few, **many}.items()
        if max(found) > MOST_QUERIES.get(endpoint, ANY_PAGE)
    }
    assert not over, f"too many queries (first time, again): {over}"
    # What is drawn for the first time asks for more than what is drawn again; how much there is must not matter then.
    grown = {address: (few[address][2], again) for address, (_, _, again) in many.items() if again > few[address][2]}
    assert not grown, f"queries grow with the data (before, after): {grown}"


def counts(world, role):
    """Return {address: (endpoint, queries at first, queries again)} of all pages."""
    found = {}
    with Counter(world.app) as counter:
        for ask in world.asks(role, ("GET",)):
            client = world.client(role)
            first = counter.of(lambda: world.ask(client, ask))  # noqa: B023
            again = counter.of(lambda: world.ask(client, ask))  # noqa: B023
            found[ask.own] = (ask.endpoint, first, again)
    return found


def grow(world, times):
    """Put so many times ten posts with comments and likes, people, stores and the rest into the world."""
    cast = world.portal.cast
    with world.app.test_request_context("/"):
        city = db.session.scalar(select(City.id).limit(1))
        for number in range(3 * times):
            name = f"Магазин {times}-{number}"
            db.session.execute(insert(Store).values(city_id=city, name=name, key=name.casefold()))
        for number in range(10 * times):
            names = {"last_name": f"Юнкина-{number}", "first_name": "Яна", "name_key": f"юнкина {number} яна"}
            work = {"store_id": cast.ann.store_id, "position": "seller", "hired_on": date(2025, 1, 1)}
            key = f"{times}{number:04}"
            db.session.execute(insert(Person).values(personnel_number=key, number_key=key, **names, **work))
        db.session.commit()
        viewers = [viewer_of(world.tokens[who]) for who in ("ann", "dina", COLLEAGUE, "ed")]
        for number in range(6 * times):
            author, other = viewers[number % 4], viewers[(number + 1) % 4]
            taken = [photo.id for photo in photos.take_in(author.id, [picture()])]
            post = publishing.publish(author, Post(), body=f"Запись {number}", keys=["everybody"], photo_ids=taken)
            reactions.react(other, post, "like")
            reactions.keep(viewers[0], post) if author.id != viewers[0].id else None
            for word in ("раз", "два", "три"):
                comments.add_comment(other, post, body=word, parent_id=None, picked=(), nonce="")
        db.session.commit()
