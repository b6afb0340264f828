"""What must hold in every tracked file: dependencies are locked and used, nothing of the machine it was written on."""

from __future__ import annotations

import ast
import configparser
import re
import sys

import pytest

from tests.docs.test_documents import ROOT, text_files, tracked

# Distribution: the modules it gives us. What brings others along names them after it.
GIVES = {
    "flask": {"flask", "werkzeug", "jinja2", "click", "markupsafe", "itsdangerous", "blinker"},
    "flask-login": {"flask_login"},
    "flask-sqlalchemy": {"flask_sqlalchemy"},
    "flask-wtf": {"flask_wtf", "wtforms"},
    "htmx-flask": {"htmx_flask"},
    "flask-migrate": {"flask_migrate", "alembic"},
    "flask-babel": {"flask_babel", "babel"},
    "flask-limiter": {"flask_limiter", "limits"},
    "sqlalchemy": {"sqlalchemy"},
    "huey": {"huey"},
    "gunicorn": {"gunicorn"},
    "waitress": {"waitress"},
    "pillow": {"PIL"},
    "markdown-it-py": {"markdown_it"},
    "linkify-it-py": {"linkify_it"},
    "nh3": {"nh3"},
    "python-calamine": {"python_calamine"},
    "xlsxwriter": {"xlsxwriter"},
    "segno": {"segno"},
    "reportlab": {"reportlab"},
    "cryptography": {"cryptography"},
    "http-ece": {"http_ece"},
    "py-vapid": {"py_vapid"},
    "email-validator": {"email_validator"},
    "tzdata": {"tzdata"},
}
# Used without an import of ours, and by whom.
UNSEEN = {
    "gunicorn": "started by ./run",
    "linkify-it-py": "markdown-it imports it for links",
    "email-validator": "wtforms imports it for addresses",
    "tzdata": "zoneinfo reads it where the system has no zones",
}


def setup() -> configparser.ConfigParser:
    """Read setup.cfg."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg")
    return parser


def named(lines: str) -> list[str]:
    """Return the distributions that a list of requirements names."""
    return [re.match(r"[A-Za-z0-9_.-]+", line)[0].lower() for line in lines.strip().splitlines() if line.strip()]


def imported(*folders: str) -> set[str]:
    """Return the foreign modules that our own files import."""
    found = set()
    for name in tracked():
        if name.endswith(".py") and name.split("/")[0] in folders:
            for node in ast.walk(ast.parse((ROOT / name).read_text())):
                if isinstance(node, ast.Import):
                    found |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"app", "tests", "bench", "wsgi", "deploy"}


def test_what_is_imported_is_named_and_what_is_named_is_imported():
    wanted = named(setup()["options"]["install_requires"])
    assert set(wanted) <= GIVES.keys(), "tell this test which modules they give"
    used = imported("app", "wsgi.py", "migrations", "deploy")
    assert used <= set().union(*(GIVES[name] for name in wanted)), "imported, but not in setup.cfg"
    unused = {name for name in wanted if not GIVES[name] & used} - UNSEEN.keys()
    assert not unused, "in setup.cfg, but imported nowhere"


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_locks_hold_everything_with_its_digest(lock):
    text = (ROOT / lock).read_text()
    pinned = set(re.findall(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==", text, re.M))
    blocks = re.findall(r"^[a-z0-9._-]+==.*?(?=^[a-z0-9]|\Z)", text, re.M | re.S)
    assert all("--hash=sha256:" in block for block in blocks)
    config = setup()
    wanted = named(config["options"]["install_requires"])
    extras = config["options.extras_require"]
    for extra in ("postgres", "redis", *(["test"] if "test" in lock else [])):
        wanted += named(extras[extra])
    assert set(wanted) <= pinned


def test_both_locks_agree():
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9._-]+==[^\\\n]+", (ROOT / lock).read_text(), re.M))

    assert pins("requirements.lock") <= pins("requirements-test.lock")


# With a letter in brackets, so that this file does not find itself.
FOREIGN = {
    "the address of a package registry": r"py[p]i\.org|python[h]osted|registry\.np[m]|deb\.debia[n]|index-ur[l]",
    "a folder of the machine it was written on": r"/wor[k]/|/roo[t]/|/hom[e]/\w+/|/op[t]/(?!ritm)|C:\\\\User[s]",
    "a credential": r"gh[p]_\w{20}|AKI[A][0-9A-Z]{16}|-----BEGI[N] (RSA |EC )?PRIVATE",
}


@pytest.mark.parametrize("what", FOREIGN)
def test_no_file_holds(what):
    pattern = re.compile(FOREIGN[what])
    found = []
    for name in text_files():
        if name.startswith(("app/static/vendor/", "tests/vendor/")):
            continue
        for number, line in enumerate((ROOT / name).read_text(errors="replace").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{name}:{number}: {line.strip()[:80]}")
    assert not found, what + "\n" + "\n".join(found)


def test_every_module_says_why_it_exists():
    silent = [name for name in tracked() if name.endswith(".py") and not name.startswith("migrations/versions")]
    # A test folder's empty __init__ only keeps files of the same name apart.
    silent = [name for name in silent if not (name.startswith("tests/") and not (ROOT / name).read_text())]
    silent = [name for name in silent if not ast.get_docstring(ast.parse((ROOT / name).read_text()))]
    assert not silent, "a docstring first: " + ", ".join(silent)


def test_the_script_needs_nothing_installed():
    tree = ast.parse((ROOT / "run").read_text())
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    assert {module.split(".")[0] for module in modules} <= set(sys.stdlib_module_names) | {"__future__"}
