"""Forms as a browser finds them on pages: where they go, what they hold, which fields take text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import html5lib

TEXT_TYPES = {"text", "search", "email", "tel", "url", "password", "number", "date", "hidden", "datetime-local", "color"}


@dataclass
class Form:
    """One form of a page: its fields with the values they start with, and the names of those that take text."""

    method: str
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    # Of those, what one types into, and what one types many lines into.
    typed: list[str] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def filled(self, name: str, value: Any) -> list[tuple[str, Any]]:
        """Return the fields with one of them set."""
        return [(n, v) for n, v in self.fields if n != name] + [(name, value)]


def document(html: str) -> Any:
    """Parse a page as browsers do."""
    return html5lib.parse(html, namespaceHTMLElements=False)


def forms_in(html: str, address: str) -> Iterator[Form]:
    """Yield the forms of a page; what a formaction button sends elsewhere is a form of its own."""
    root = document(html)
    for element in root.iter("form"):
        inside = [*element.iter(), *(e for e in root.iter() if e.get("form") and e.get("form") == element.get("id"))]
        form = Form(element.get("method", "get").lower(), _path(element.get("action"), address))
        for control in inside:
            _add(form, control)
        yield form
        for button in inside:
            if button.get("formaction"):
                yield replace(form, action=_path(button.get("formaction"), address))


def _path(action: str | None, address: str) -> str:
    return urlsplit(action or address).path or urlsplit(address).path


def _add(form: Form, control: Any) -> None:
    name, kind = control.get("name"), control.get("type", "text").lower()
    if not name:
        return
    if control.tag == "textarea":
        form.fields.append((name, "".join(control.itertext())))
        for names in (form.texts, form.typed, form.areas):
            names.append(name)
    elif control.tag == "select":
        chosen = [o for o in control.iter("option") if o.get("selected") is not None] or list(control.iter("option"))[:1]
        form.fields += [(name, o.get("value", "".join(o.itertext()))) for o in chosen]
        form.texts.append(name)
    elif control.tag == "input" and kind in ("checkbox", "radio"):
        if control.get("checked") is not None:
            form.fields.append((name, control.get("value", "on")))
        form.texts.append(name)
    elif control.tag == "input" and kind == "file":
        form.files.append(name)
    elif control.tag == "input" and kind in TEXT_TYPES:
        form.fields.append((name, control.get("value", "")))
        if name != "csrf_token":
            form.texts.append(name)
        if kind != "hidden":
            form.typed.append(name)
    form.texts, form.typed = list(dict.fromkeys(form.texts)), list(dict.fromkeys(form.typed))


def is_only_a_button(form: Form) -> bool:
    """Tell whether a form holds nothing but its token and where to go next."""
    return not set(form.texts) - {"next"}


def query_names(sources: dict[str, str]) -> list[str]:
    """Return every name that a view reads from an address's query."""
    return sorted(
        {name for text in sources.values() for name in re.findall(r"""args\.get(?:list)?\(\s*["'](\w+)["']""", text)}
    )
