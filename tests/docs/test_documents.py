"""README, CONTRIBUTING, guides and decisions say what is true: commands, settings, addresses, links, versions."""

from __future__ import annotations

import configparser
import re
import subprocess
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

from app import create_app
from app.config import Config
from tests.conftest import TestConfig

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
# Read by deploy/gunicorn.py alone.
NOT_IN_CONFIG = {"RITM_WORKERS"}
# What deploy/gunicorn.py tells wsgi.py; nobody sets it.
AMONG_THEMSELVES = {"RITM_SERVING"}
BINARY = (".webp", ".png", ".jpg", ".gif", ".ico", ".mo", ".xlsx", ".xls", ".ods", ".ttf")
# Commands of Flask and its extensions, which bring their own.
FLASKS_OWN = ("run", "--debug", "routes", "db migrate", "db check", "db upgrade", "…")
SENTENCE = r"(?:`|^\$ |^# |^    )(?:\.venv/bin/)?(?:flask|ritm) ([^`\n#]+)"
FILE = r"\b((?:app|deploy|tests|bench|docs|migrations)/[\w./-]+\.(?:py|md|conf|service|timer|css|js|txt|html))\b"


@cache
def tracked() -> tuple[str, ...]:
    """Return the paths of all files under version control."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())


def text_files() -> list[str]:
    pictures, others = (".webp", ".png", ".ico"), (".mo", ".xlsx", ".xls", ".ods", ".woff2", ".ttf")
    return [name for name in tracked() if not name.endswith((*pictures, *others))]


def documents() -> list[str]:
    return [name for name in tracked() if name.endswith(".md")]


@pytest.fixture(scope="module")
def commands(tmp_path_factory):
    """Return every command of the portal as "people import", with its options."""
    app = create_app(TestConfig(tmp_path_factory.mktemp("docs"), "sqlite://"))
    found: dict[str, set[str]] = {}

    def walk(group: click.Group, before: str) -> None:
        for name, command in group.commands.items():
            if isinstance(command, click.Group):
                walk(command, f"{before}{name} ")
            else:
                found[before + name] = {option for parameter in command.params for option in parameter.opts}

    walk(app.cli, "")
    return found


def test_every_flask_command_in_the_documents_exists(commands):
    said = set()
    for name in documents():
        text = (ROOT / name).read_text()
        for line in re.findall(SENTENCE, text, re.M):
            words = line.split()
            if words[0] in ("run", "--debug", "routes", "…") or (
                words[0] == "db" and words[1] in ("migrate", "check", "upgrade")
            ):
                continue
            command = next((" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in commands), None)
            assert command, f"{name}: no such command: flask {line}"
            said.add(command)
            options = {word.strip("[]").split("=")[0] for word in words if word.strip("[]").startswith("--")}
            assert options <= commands[command], f"{name}: flask {command} knows no {options - commands[command]}"
    assert {"backup", "restore", "people import", "people export", "people administrator", "worker", "jobs list"} <= said


def test_every_command_of_the_script_is_in_readme_and_the_other_way_round():
    script = (ROOT / "run").read_text()
    known = set(re.findall(r'"(\w+)": \w+[,}]', re.search(r"commands = \{(.*?)\}", script, re.S).group(0)))
    said = {match for name in documents() for match in re.findall(r"\./run (\w+)", (ROOT / name).read_text())}
    assert said == known
    usage = set(re.findall(r"^    \./run (\w+)", script, re.M))
    assert usage == known
    for options in re.findall(r"`\./run (\w+)((?: \[--[^`]*)?)`", README):
        for option in re.findall(r"--\w+", options[1]):
            assert f'"{option}"' in script, f"./run {options[0]} knows no {option}"


def test_the_first_thing_in_readme_are_the_two_commands():
    top = README[: README.index("\n## ")]
    assert top.index("./run demo") < top.index("./run test") < 700


def test_every_setting_is_documented_and_the_other_way_round():
    read = set(re.findall(r"RITM_[A-Z_]+", (ROOT / "app/config.py").read_text())) | NOT_IN_CONFIG
    table = set(re.findall(r"^\| `(RITM_[A-Z_]+)` \|", README, re.M))
    assert table == read
    for name in documents() + [name for name in tracked() if name.startswith(("deploy/", "run"))]:
        assert set(re.findall(r"RITM_[A-Z_]+\b", (ROOT / name).read_text())) <= read | AMONG_THEMSELVES, name


def test_defaults_in_readme_are_the_real_ones(monkeypatch, tmp_path):
    for name in re.findall(r"RITM_[A-Z_]+", (ROOT / "app/config.py").read_text()):
        monkeypatch.delenv(name, raising=False)
    config = Config()
    rows = dict(re.findall(r"^\| `(RITM_[A-Z_]+)` \|.*\| ([^|]*) \|$", README, re.M))
    assert rows["RITM_BRAND"] == f"`{config.BRAND}`"
    assert rows["RITM_LOCALE"] == f"`{config.BABEL_DEFAULT_LOCALE}`"
    assert rows["RITM_ZONE"] == f"`{config.DEFAULT_ZONE}`"
    assert rows["RITM_PROXIES"] == f"`{config.PROXIES}`"
    assert rows["RITM_MAIL_FROM"] == f"`{config.MAIL_FROM}`"
    assert rows["RITM_JOBS"] == "`inside`" and config.JOBS_INSIDE
    assert rows["RITM_COMPRESS"] == "`1`" and config.COMPRESS


def test_nginx_and_systemd_agree_with_the_code(tmp_path):
    nginx = (ROOT / "deploy/nginx.conf").read_text()
    config = TestConfig(tmp_path, "sqlite://")
    assert f"client_max_body_size {config.MAX_CONTENT_LENGTH // 2**20}m;" in nginx
    for header in ("Host", "X-Forwarded-Host", "X-Forwarded-For", "X-Forwarded-Proto"):
        assert f"proxy_set_header {header} " in nginx
    assert "RITM_PROXIES=1" in (ROOT / "deploy/ritm.env.example").read_text()
    for unit in (ROOT / "deploy").glob("*.service"):
        assert "EnvironmentFile=/etc/ritm.env" in unit.read_text(), unit.name
        assert "User=ritm" in unit.read_text(), unit.name


# What contract.md promises to scripts and measurements for what exists so far.
ADDRESSES = {
    "/": {"GET"},
    "/sign-in": {"GET", "POST"},
    "/sign-out": {"POST"},
    "/health": {"GET"},
    "/terminal": {"GET", "POST"},
    "/posts": {"GET", "POST"},
    "/people": {"GET"},
    "/stores": {"GET"},
    "/admin": {"GET"},
}


def test_every_promised_address_exists(tmp_path):
    app = create_app(TestConfig(tmp_path, "sqlite://"))
    known: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        known.setdefault(rule.rule, set()).update(rule.methods or ())
    for address, methods in ADDRESSES.items():
        assert methods <= known.get(address, set()), address


def test_only_get_and_post_are_used(tmp_path):
    app = create_app(TestConfig(tmp_path, "sqlite://"))
    assert {method for rule in app.url_map.iter_rules() for method in rule.methods or ()} <= {
        "GET",
        "HEAD",
        "OPTIONS",
        "POST",
    }


def test_the_changelog_begins_with_the_version_of_setup_cfg():
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert newest is not None
    assert newest[1] == setup["metadata"]["version"]
    assert setup["metadata"]["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text().startswith("MIT License")


@pytest.mark.parametrize("name", documents())
def test_links_lead_somewhere(name):
    text = (ROOT / name).read_text()
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / name).parent / unquote(path) if path else ROOT / name
        assert file.exists(), f"{name}: {target}"
        if anchor:
            assert anchor in anchors(file.read_text()), f"{name}: no heading for {target}"


def anchors(text: str) -> set[str]:
    """Return the anchors of a document's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", [name for name in documents() if name.startswith(("docs/", "README", "CONTRIBUTING"))])
def test_files_named_in_documents_exist(name):
    text = (ROOT / name).read_text()
    for path in re.findall(
        r"\b((?:app|deploy|tests|bench|docs|migrations)/[\w./-]+\.(?:py|md|conf|service|timer|css|js|txt|html))\b", text
    ):
        assert (ROOT / path).exists() or (ROOT / name).parent.joinpath(path).exists(), f"{name}: {path}"


def test_decisions_named_in_the_code_exist():
    for name in text_files():
        for path in re.findall(r"docs/decisions/[\w-]+\.md", (ROOT / name).read_text(errors="replace")):
            assert (ROOT / path).exists(), f"{name}: {path}"
    numbers = [path.name[:4] for path in (ROOT / "docs/decisions").glob("*.md")]
    assert len(numbers) == len(set(numbers)), "two decisions of one number"


def test_pictures_are_light():
    for path in (ROOT / "docs/pictures").iterdir():
        assert path.stat().st_size < 150 * 1024, path.name
        assert path.name in README, f"{path.name} is shown nowhere"


def test_ci_runs_what_readme_tells():
    ci = (ROOT / ".ci/run").read_text()
    assert re.search(r"^CI=true \./run test$", ci, re.M)
