"""Catalogues of words: one for each feature, so that two features can be translated without meeting in one file.

A feature's sentences are those of app/<feature>/ and app/templates/<feature>/; everything else belongs to `frame`.
A sentence that several features use stands in the first catalogue (by name) that needs it.
"""

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
METHODS = [("templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
OPTIONS = {"templates/**.html": {"trimmed": "true", "newstyle_gettext": "true"}}
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

translations = AppGroup("translations", help="Keep the Russian catalogues in step with the code.")


@translations.command()
def update() -> None:
    """Collect new sentences from code and templates, drop vanished ones, compile."""
    for feature, wanted in sorted(collect().items()):
        catalogue = load(feature)
        kept = Catalog(locale=LANGUAGE, project="Ritm", fuzzy=False)
        missing = 0
        for key in sorted(wanted, key=str):
            context, message = key
            old = catalogue.get(message[0] if isinstance(message, tuple) else message, context)
            string = old.string if old else ""
            missing += not _complete(string)
            kept.add(message, string, context=context)
        _save(feature, kept)
        click.echo(f"{feature}: {len(wanted)} sentences, {missing} without Russian")


@translations.command()
def compile() -> None:
    """Compile the catalogues as they are."""
    for folder in sorted((ROOT / "translations").iterdir()):
        if folder.is_dir():
            _save(folder.name, load(folder.name), po=False)


def collect() -> dict[str, set[tuple[str | None, str | tuple[str, str]]]]:
    """Return the sentences of each feature as {feature: {(context, message)}}, each sentence in one feature only."""
    features: dict[str, set[tuple[str | None, str | tuple[str, str]]]] = {}
    plural: dict[tuple[str | None, str], Any] = {}
    homes: dict[tuple[str | None, str], str] = {}
    found = extract_from_dir(ROOT, method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS, directory_filter=_wanted)
    for file_name, _line, message, _comments, context in found:
        single = message[0] if isinstance(message, tuple) else message
        if not single:
            continue
        if isinstance(message, tuple):
            plural[(context, single)] = message
        home = _feature(file_name)
        homes[(context, single)] = min(home, homes.get((context, single), home))
    for (context, single), home in homes.items():
        features.setdefault(home, set()).add((context, plural.get((context, single), single)))
    return features


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


def _complete(string: Any) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


def _wanted(path: str) -> bool:
    return Path(path).name not in {"static", "translations", "__pycache__"}


def _feature(file_name: str) -> str:
    parts = Path(file_name).parts
    if parts[0] == "templates":
        parts = parts[1:]
    return parts[0] if len(parts) > 1 and (ROOT / parts[0]).is_dir() and parts[0] != "templates" else "frame"


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
