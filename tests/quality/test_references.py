"""Names that code and templates use stand for something: icons, assets, templates, endpoints, behaviours, classes of CSS."""

from __future__ import annotations

import ast
import hashlib
import re
from functools import cache
from pathlib import Path

import pytest

from app import create_app
from tests.conftest import TestConfig

ROOT = Path(__file__).resolve().parent.parent.parent
APP = ROOT / "app"
STATIC = APP / "static"
# Icons that wait for their place: {name: where it will stand}.
WAITING_ICONS = {"bell": "notifications", "clock": "due dates", "warning": "what is overdue"}


@pytest.fixture(scope="module")
def app(scratch):
    """Return the application; nothing here touches the database."""
    return create_app(TestConfig(scratch / "references", f"sqlite:///{scratch / 'references.sqlite3'}"))


@cache
def sources() -> dict[str, str]:
    """Return {path: text} of templates, Python, scripts and style sheets."""
    found = [
        *APP.rglob("*.py"),
        *(APP / "templates").rglob("*.html"),
        *(STATIC / "js").glob("*.js"),
        *(STATIC / "css").glob("*.css"),
    ]
    return {path.relative_to(ROOT).as_posix(): path.read_text() for path in sorted(found)}


def strings(text: str) -> set[str]:
    """Return the string literals of a Python file."""
    return {
        node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_icons_exist_and_are_used():
    drawn = {path.stem for path in (STATIC / "icons").glob("*.svg")}
    asked: dict[str, str] = {}
    said: set[str] = set()
    for path, text in sources().items():
        for name in re.findall(r"""\bicon\(\s*["']?([a-z][a-z0-9-]*)["']?\s*[,)]""", text):
            if not path.endswith(".html") or re.search(rf"""icon\(\s*["']{name}["']""", text):
                asked.setdefault(name, path)
        said |= strings(text) if path.endswith(".py") else set(re.findall(r"""["'#]([a-z][a-z0-9-]+)["')]""", text))
    unknown = {name: path for name, path in asked.items() if name not in drawn and f'icon("{name}"' in sources()[path]}
    assert not unknown, f"no such icon in app/static/icons: {unknown}"
    idle = drawn - said - asked.keys() - WAITING_ICONS.keys()
    assert not idle, f"drawn but never shown: {sorted(idle)}"


def test_places_have_icons(app):
    drawn = {path.stem for path in (STATIC / "icons").glob("*.svg")}
    assert {place.icon for place in app.extensions["places"]} <= drawn
    assert {place.endpoint for place in app.extensions["places"]} <= app.view_functions.keys()


def test_assets_exist_and_are_used(app):
    made = set(app.extensions["assets"])
    plain = {re.sub(r"-[0-9a-f]{12}(?=\.\w+$)", "", name) for name in made}
    asked = {name for text in sources().values() for name in re.findall(r"""\basset\(["']([^"']+)["']\)""", text)}
    asked |= {
        name for text in sources().values() for name in re.findall(r"""globals\["asset"\]\(["']([^"']+)["']\)""", text)
    }
    assert asked <= plain, f"no such asset: {sorted(asked - plain)}"
    idle = plain - asked - {"icons.svg"}
    assert not idle, f"built but never loaded: {sorted(idle)}"


def test_every_script_and_style_is_addressed_by_digest():
    """A file that may change under its address must not be kept for a year."""
    wrong = [
        path
        for path, text in sources().items()
        if path.endswith(".html") and re.search(r"""(src|href)=["']/(static/(css|js|vendor)|assets)/""", text)
    ]
    assert not wrong, f"use asset(…): {wrong}"


def test_static_files_exist():
    for path, text in sources().items():
        for name in re.findall(r"""["'(]/static/([\w./-]+\.\w+)""", text):
            assert (STATIC / name).exists(), f"{path}: /static/{name} does not exist"
        for name in re.findall(r"""url_for\(\s*["']static["'],\s*filename=["']([^"'{]+)["']""", text):
            assert (STATIC / name).exists(), f"{path}: static file {name} does not exist"


def test_templates_exist_and_are_used(app):
    known = {path.relative_to(APP / "templates").as_posix() for path in (APP / "templates").rglob("*.html")}
    asked: dict[str, str] = {}
    for path, text in sources().items():
        if path.endswith((".py", ".html")):
            for name in re.findall(r"""["']([\w/-]+/[\w-]+\.html|base\w*\.html)["']""", text):
                asked.setdefault(name, path)
    unknown = {name: path for name, path in asked.items() if name not in known}
    assert not unknown, f"no such template: {unknown}"
    idle = known - asked.keys()
    assert not idle, f"templates that nothing shows: {sorted(idle)}"


def test_templates_compile(app):
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)


def test_endpoints_exist(app):
    for path, text in sources().items():
        calls = re.findall(r"""(?:url_for|hx\.back|Place)\(\s*["']([\w.]+)["']""", text)
        for endpoint in calls:
            assert endpoint in app.view_functions, f"{path}: no endpoint {endpoint}"


def test_addresses_in_templates_lead_somewhere(app):
    """Links written out (`/people/{{ id }}`) match a route of the method they are used with."""
    adapter = app.url_map.bind("portal.example")
    lost = []
    for path, text in sources().items():
        if not path.endswith(".html"):
            continue
        for attribute, address in re.findall(r"""\s((?:hx-get|hx-post|href|action|formaction))=["'](/[^"']*)["']""", text):
            probe = _filled(address).split("#")[0].split("?")[0]
            methods = {"hx-get": ("GET",), "href": ("GET",), "hx-post": ("POST",)}.get(attribute, ("POST", "GET"))
            if not any(_leads(adapter, probe, method) for method in methods):
                lost.append(f"{path}: {attribute}={address}")
    assert not lost, "\n".join(["no such address:", *lost])


def _filled(address):
    """Put values where a template would: verbs, nouns, else numbers."""
    address = re.sub(r"\{\{[^}]*\bverb\b[^}]*\}\}", "like", address)
    address = re.sub(r"(/people/imports/\{\{[^}]*\}\}/)\{\{ kind \}\}", r"\1hired", address)
    address = re.sub(r"\{\{[^}]*\bnoun\b[^}]*\}\}", "posts", address)
    return re.sub(r"\{%.*?%\}", "", re.sub(r"\{\{.*?\}\}", "7", address))


def _leads(adapter, address, method):
    try:
        return adapter.match(address, method=method) is not None
    except Exception as error:
        # A redirect to the address with a slash leads there too; so does a value that only a real one could take.
        return type(error).__name__ == "RequestRedirect"


def test_behaviours_exist_and_are_used():
    defined: dict[str, str] = {}
    asked: dict[str, str] = {}
    for path, text in sources().items():
        if path.endswith(".js"):
            defined |= dict.fromkeys(re.findall(r"""behaviour\(\s*["']([\w-]+)["']""", text), path)
        if path.endswith((".html", ".py")):
            for names in re.findall(r"""data-behaviour=["']([^"']*)["']""", text):
                plain = re.sub(r"\{.*?\}\}?", " ", names)
                asked |= dict.fromkeys(plain.split(), path)
            for names in re.findall(
                r"""["']data-behaviour["']:\s*["']([\w -]+)["']|data_behaviour=["']([\w -]+)["']""", text
            ):
                asked |= dict.fromkeys(" ".join(names).split(), path)
    unknown = {name: path for name, path in asked.items() if name not in defined}
    assert not unknown, f"no such behaviour in app/static/js: {unknown}"
    idle = {name: path for name, path in defined.items() if name not in asked}
    assert not idle, f"behaviours that no page asks for: {idle}"


def test_vendored_files_are_what_they_say():
    """SHA256SUMS beside each vendored file, and its licence."""
    for sums in [STATIC / "vendor" / "SHA256SUMS", ROOT / "tests" / "vendor" / "SHA256SUMS"]:
        listed = {}
        for line in sums.read_text().splitlines():
            digest, name = line.split()
            listed[name.lstrip("*")] = digest
        for path in sums.parent.iterdir():
            if path.suffix in (".js", ".ttf"):
                assert hashlib.sha256(path.read_bytes()).hexdigest() == listed.get(path.name), f"{path.name}: digest"
                licences = [other.name for other in sums.parent.glob("*LICENSE*")]
                assert any(path.name.split("-")[0] in name for name in licences), f"{path.name}: licence"


def test_classes_in_templates_are_styled():
    """A class without a rule is a typing error or a leftover."""
    styled = set(
        re.findall(r"\.([a-zA-Z_][\w-]*)", "".join(text for path, text in sources().items() if path.endswith(".css")))
    )
    hooked = set(
        re.findall(r"""[.\s"'`]([a-z][\w-]+)""", "".join(text for path, text in sources().items() if path.endswith(".js")))
    )
    bare: dict[str, str] = {}
    for path, text in sources().items():
        if path.endswith(".html"):
            plain = re.sub(r"\{%.*?%\}", " ", re.sub(r"\{\{.*?\}\}", "\0", re.sub(r"\{#.*?#\}", "", text)))
            for value in re.findall(r"""\sclass=["']([^"']*)["']""", plain):
                for name in value.split():
                    if "\0" not in name and name not in styled | hooked:
                        bare.setdefault(name, path)
    assert not bare, f"no style sheet knows these classes: {bare}"
