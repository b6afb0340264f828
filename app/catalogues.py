"""Catalogues of words: one for each feature, so that two features can be translated without meeting in one file.

A catalogue's sentences are those of app/templates/<name>/ and of the Python files that `SOURCES` gives it; everything else
belongs to `frame`. A sentence that several features use stands in each of their catalogues, with the same Russian.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from flask.cli import AppGroup

ROOT = Path(__file__).resolve().parent
LANGUAGE = "ru"
# Stands in every header instead of the hour of the last run, which would make a change of each run.
BORN = datetime(2026, 11, 1, tzinfo=UTC)
_JINJA = {"trimmed": "true", "newstyle_gettext": "true"}
METHODS = [(f"templates/**.{kind}", "jinja2.ext:babel_extract") for kind in ("html", "txt")] + [("**.py", "python")]
OPTIONS = {f"templates/**.{kind}": _JINJA for kind in ("html", "txt")}
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

# Which catalogue a Python file's sentences belong to, by the start of its path; the first that fits.
SOURCES = (
    ("people/imports", "imports"),
    ("people/staff_list", "imports"),
    ("people/import", "imports"),
    ("people/staff_export", "imports"),
    ("people/commands", "imports"),
    ("people/sign_in", "sign_in"),
    ("people/access", "sign_in"),
    ("people/invitation", "sign_in"),
    ("people/session", "sign_in"),
    ("people/terminal", "sign_in"),
    ("people/password", "sign_in"),
    ("people/guess", "sign_in"),
    ("people/administrators", "sign_in"),
    ("people/badge", "sign_in"),
    ("people/absence", "absences"),
    ("people/resets", "sign_in"),
    ("learning/scorm", "scorm"),
    ("learning/task", "tasks"),
    ("learning/assign", "assignments"),
    ("learning/path", "assignments"),
    ("learning/team", "assignments"),
    ("learning/certificate", "certificates"),
    ("learning/review", "reviews"),
)

translations = AppGroup("translations", help="Keep the Russian catalogues in step with the code.")


@translations.command()
@click.argument("features", nargs=-1)
def update(features: tuple[str, ...]) -> None:
    """Collect new sentences, drop vanished ones, compile: for the named features, else for all."""
    known = {feature: load(feature) for feature in sorted(_folders())}
    for feature, wanted in sorted(collect().items()):
        if features and feature not in features:
            continue
        kept = Catalog(locale=LANGUAGE, project="Ritm", creation_date=BORN, revision_date=BORN, fuzzy=False)
        missing = 0
        for key in sorted(wanted, key=str):
            context, message = key
            single = message[0] if isinstance(message, tuple) else message
            string = _russian(single, context, [known.get(feature), *known.values()], isinstance(message, tuple))
            missing += not _complete(string)
            kept.add(message, string, context=context)
        _save(feature, kept)
        click.echo(f"{feature}: {len(wanted)} sentences, {missing} without Russian")


@translations.command()
def compile() -> None:
    """Compile the catalogues as they are."""
    for feature in sorted(_folders()):
        _save(feature, load(feature), po=False)


def collect() -> dict[str, set[tuple[str | None, str | tuple[str, str]]]]:
    """Return the sentences of each feature as {feature: {(context, message)}}."""
    singles: dict[str, set[tuple[str | None, str]]] = {}
    plural: dict[tuple[str | None, str], Any] = {}
    found = extract_from_dir(ROOT, method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS, directory_filter=_wanted)
    for file_name, _line, message, _comments, context in found:
        single = message[0] if isinstance(message, tuple) else message
        if single:
            if isinstance(message, tuple):
                plural[(context, single)] = message
            singles.setdefault(_feature(file_name), set()).add((context, single))
    return {
        feature: {(context, plural.get((context, single), single)) for context, single in keys}
        for feature, keys in singles.items()
    }


def load(feature: str) -> Catalog:
    """Read the Russian catalogue of a feature, empty where there is none."""
    path = _path(feature, "po")
    if not path.exists():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def incomplete() -> list[str]:
    """List what the Russian catalogues lack, as "feature: sentence"; the suite holds this to nothing."""
    lacking = []
    for feature, wanted in collect().items():
        catalogue = load(feature)
        for context, message in wanted:
            entry = catalogue.get(message[0] if isinstance(message, tuple) else message, context)
            if entry is None or not _complete(entry.string):
                lacking.append(f"{feature}: {message}")
    return sorted(lacking)


def _russian(single: str, context: str | None, catalogues: list[Catalog | None], plural: bool) -> Any:
    """Return the first complete Russian among the catalogues, so that a shared sentence is translated once."""
    for catalogue in catalogues:
        entry = catalogue.get(single, context) if catalogue else None
        if entry is not None and _complete(entry.string) and isinstance(entry.string, tuple | list) == plural:
            return entry.string
    return ""


def _folders() -> set[str]:
    return {path.name for path in (ROOT / "translations").iterdir() if path.is_dir()}


def _complete(string: Any) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


def _wanted(path: str) -> bool:
    return Path(path).name not in {"static", "translations", "__pycache__"}


def _feature(file_name: str) -> str:
    parts = Path(file_name).parts
    if parts[0] == "templates":
        return parts[1] if len(parts) > 2 and parts[1] not in ("errors", "macros") else "frame"
    for start, feature in SOURCES:
        if file_name.startswith(start):
            return feature
    return parts[0] if len(parts) > 1 else "frame"


def _path(feature: str, kind: str) -> Path:
    return ROOT / "translations" / feature / LANGUAGE / "LC_MESSAGES" / f"messages.{kind}"


def _save(feature: str, catalogue: Catalog, po: bool = True) -> None:
    path = _path(feature, "po")
    path.parent.mkdir(parents=True, exist_ok=True)
    if po:
        with path.open("wb") as file:
            write_po(file, catalogue, width=120, omit_header=False, sort_output=True, no_location=True)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)
