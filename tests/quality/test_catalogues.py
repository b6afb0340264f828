"""The Russian catalogues are complete, honest and compiled: what the reader sees is what translators wrote."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from app import catalogues

TRANSLATIONS = Path(catalogues.__file__).parent / "translations"
FEATURES = sorted(path.name for path in TRANSLATIONS.iterdir() if path.is_dir())
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
# Latin letters that Russian sentences may hold: names of formats and things that have no Russian one.
LATIN = {
    "QR", "PIN", "HR", "JPEG", "PNG", "WebP", "GIF", "MB", "KB", "Excel", "xlsx", "xls", "ods", "csv", "CSV", "UTF", "cp",
    "1C", "e", "mail", "https", "http", "www", "Ctrl", "P", "Caps", "Lock", "Enter", "Esc", "Tab", "VPN", "Wi", "Fi", "ID",
    "URL", "Ritm", "JSON", "PDF", "Word", "docx", "WebVTT", "vtt", "MP", "WebM", "JavaScript", "RITM", "MAIL", "BASE",
    "SCORM", "zip", "imsmanifest", "manifest", "xml", "DOCTYPE",
}  # fmt: skip


def entries(feature):
    """Return the messages of a feature, without the header."""
    return [message for message in catalogues.load(feature) if message.id]


def test_no_sentence_lacks_its_russian():
    lacking = catalogues.incomplete()
    assert not lacking, "\n".join(["run `flask translations update`, then fill in by hand:", *lacking])


@pytest.mark.parametrize("feature", FEATURES)
def test_nothing_is_left_over(feature):
    wanted = {(context, m[0] if isinstance(m, tuple) else m) for context, m in catalogues.collect().get(feature, set())}
    kept = {(message.context, message.id[0] if message.pluralizable else message.id) for message in entries(feature)}
    assert kept <= wanted, f"run `flask translations update`: {sorted(map(str, kept - wanted))}"


@pytest.mark.parametrize("feature", FEATURES)
def test_russian_says_what_the_sentence_says(feature):
    wrong = []
    for message in entries(feature):
        sources = list(message.id) if message.pluralizable else [message.id]
        targets = list(message.string) if message.pluralizable else [message.string]
        if message.fuzzy:
            wrong.append(f"fuzzy: {message.id}")
        wanted = {name for source in sources for name in PLACEHOLDER.findall(source)}
        for target in filter(None, targets):
            given = set(PLACEHOLDER.findall(target))
            # "one" may say the number in words; a placeholder that does not exist would be a 500.
            if not given <= wanted or (not message.pluralizable and given != wanted):
                wrong.append(f"placeholders {wanted} ≠ {given}: {target}")
            if re.search(r"%(?!\(\w+\)[sd])(?!%)", re.sub(r"%%", "", target)) and wanted:
                wrong.append(f"a lone % breaks the sentence: {target}")
            latin = set(re.findall(r"[A-Za-z]+", PLACEHOLDER.sub("", re.sub(r"<[^>]*>|&\w+;", "", target)))) - LATIN
            if latin:
                wrong.append(f"Latin words {sorted(latin)}: {target}")
            if target != target.strip() and message.id == sources[0].strip():
                wrong.append(f"odd spaces: {target!r}")
        if message.pluralizable and any(targets) and (len(targets) != 3 or not all(targets)):
            wrong.append(f"three forms are needed (1, 2, 5): {message.id}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("feature", FEATURES)
def test_compiled_catalogue_equals_its_source(feature):
    folder = TRANSLATIONS / feature / "ru" / "LC_MESSAGES"
    source = read_po(io.BytesIO((folder / "messages.po").read_bytes()), locale="ru")
    compiled = read_mo(io.BytesIO((folder / "messages.mo").read_bytes()))
    for message in source:
        if message.id and message.string and (not message.pluralizable or all(message.string)):
            single = message.id[0] if message.pluralizable else message.id
            kept = compiled.get(single, message.context)
            assert kept is not None and tuple(kept.string) == tuple(message.string), (
                f"`flask translations compile`: {single}"
            )


def test_shared_sentences_have_one_russian():
    """A sentence in two catalogues must not be said in two ways."""
    said: dict[tuple[str | None, str], dict[str, str]] = {}
    for feature in FEATURES:
        for message in entries(feature):
            single = message.id[0] if message.pluralizable else message.id
            said.setdefault((message.context, single), {})[feature] = str(message.string)
    double = {key: forms for key, forms in said.items() if len(set(forms.values())) > 1}
    assert not double, "\n".join(f"{key}: {forms}" for key, forms in double.items())
