"""Style sheets stay within what Chrome 109 and Firefox 115 understand, and within the house's own tokens.

The store PC runs Windows 7, for which these are the last browsers: what they do not know, half of the staff does not see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tinycss2

CSS = Path(__file__).resolve().parent.parent.parent / "app" / "static" / "css"
SHEETS = sorted(CSS.glob("*.css"))
# The at-rules that both browsers know and the house uses; `container` is known since 105 and 110.
AT_RULES = {"layer", "media", "supports", "keyframes", "font-face", "page", "container"}
# Functions that came later, and what they would be used for.
LATE_FUNCTIONS = {
    "oklch", "oklab", "lab", "lch", "color-mix", "color", "light-dark", "anchor", "anchor-size", "round", "mod", "rem",
    "sin", "cos", "tan", "pow", "sqrt", "linear", "sibling-index", "sibling-count", "if", "attr",
}  # fmt: skip
LATE_PROPERTIES = {
    "anchor-name", "position-anchor", "position-area", "animation-timeline", "view-transition-name", "text-wrap",
    "text-box", "field-sizing", "interpolate-size", "scrollbar-gutter", "font-size-adjust", "transition-behavior",
    "overlay", "popover", "zoom", "corner-shape", "masonry-auto-flow", "white-space-collapse", "scrollbar-color",
    "scrollbar-width", "hyphenate-limit-chars", "animation-composition",
}  # fmt: skip
LATE_VALUES = {"subgrid", "masonry", "allow-discrete", "calc-size", "stretch", "balance", "pretty"}
# Asked for inside @supports or purely decoration: losing it loses nothing.
ENHANCEMENTS = {
    ("text-wrap", "balance"), ("text-wrap", "pretty"), ("field-sizing", "content"),
    ("scrollbar-gutter", "stable"), ("scrollbar-width", "thin"), ("scrollbar-width", "none"), ("scrollbar-color", "*"),
}  # fmt: skip
LATE_PSEUDOS = {"popover-open", "user-invalid", "user-valid", "state", "open", "active-view-transition", "details-content"}
# Firefox has :has() since 121, so nothing may depend on it: it may only stand in rules of its own.
ENHANCING_PSEUDOS = {"has"}
PHYSICAL = re.compile(
    r"^((margin|padding|border|scroll-margin|scroll-padding)-(left|right|top|bottom)(-.*)?"
    r"|left|right|top|bottom|border-(top|bottom)-(left|right)-radius|(min-|max-)?(width|height))$"
)
# Words of direction as values: text-align: left and its like.
PHYSICAL_VALUES = {("text-align", "left"), ("text-align", "right"), ("float", "left"), ("float", "right")}
NAMED_COLOURS = {
    "white", "black", "red", "green", "blue", "gray", "grey", "silver", "yellow", "orange", "purple", "pink", "brown",
    "navy", "teal", "maroon", "olive", "gold", "crimson", "tomato", "salmon", "ivory", "beige",
}  # fmt: skip
COLOUR_FUNCTIONS = {"rgb", "rgba", "hsl", "hsla", "hwb"}


class Sheet:
    """One style sheet, and what was found in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.wrong: list[str] = []
        self.raw_colours: list[str] = []
        self.physical: list[str] = []
        self.names: set[str] = set()
        rules = tinycss2.parse_stylesheet(path.read_text(), skip_comments=True, skip_whitespace=True)
        self._rules(rules, supported=False)

    def _say(self, list_: list[str], node: Any, words: str) -> None:
        list_.append(f"{self.path.name}:{node.source_line}: {words}")

    def _rules(self, rules: list[Any], supported: bool) -> None:
        for rule in rules:
            if rule.type == "error":
                self._say(self.wrong, rule, f"cannot be read: {rule.message}")
            elif rule.type == "at-rule":
                self._at_rule(rule, supported)
            elif rule.type == "qualified-rule":
                self._selector(rule)
                self._declarations(rule, supported)

    def _at_rule(self, rule: Any, supported: bool) -> None:
        keyword = rule.lower_at_keyword
        if keyword not in AT_RULES:
            self._say(self.wrong, rule, f"@{keyword} is not known to Chrome 109 and Firefox 115")
        if rule.content is None:
            return
        if keyword in ("font-face", "page"):
            self._declarations(rule, supported)
        elif keyword == "keyframes":
            for step in tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True):
                self._declarations(step, supported)
        else:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            self._rules(inner, supported or keyword == "supports")

    def _selector(self, rule: Any) -> None:
        text = tinycss2.serialize(rule.prelude)
        if "&" in text:
            self._say(self.wrong, rule, "nested rules are not known to Chrome 109")
        for pseudo in re.findall(r":([a-z-]+)", text):
            if pseudo in LATE_PSEUDOS:
                self._say(self.wrong, rule, f":{pseudo} is not known to Chrome 109 and Firefox 115")
            if pseudo in ENHANCING_PSEUDOS and "," in re.sub(r"\([^()]*(\([^()]*\)[^()]*)*\)", "", text):
                self._say(self.wrong, rule, ":has() needs a rule of its own: Firefox 115 drops the whole list")

    def _declarations(self, rule: Any, supported: bool) -> None:
        for item in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
            if item.type in ("qualified-rule", "at-rule"):
                self._say(self.wrong, item, "nested rules are not known to Chrome 109")
            elif item.type == "error":
                self._say(self.wrong, item, f"cannot be read: {item.message}")
            elif item.type == "declaration":
                self._declaration(item, supported)

    def _declaration(self, item: Any, supported: bool) -> None:
        name = item.lower_name
        words = {token.lower_value for token in _flat(item.value) if token.type == "ident"}
        functions = {token.lower_name for token in _flat(item.value) if token.type == "function"}
        optional = supported or any(n == name and (v == "*" or v in words) for n, v in ENHANCEMENTS)
        if not optional:
            if name in LATE_PROPERTIES:
                self._say(self.wrong, item, f"{name} came after Chrome 109 or Firefox 115")
            for value in sorted(words & LATE_VALUES):
                self._say(self.wrong, item, f"{name}: {value} came after Chrome 109 or Firefox 115")
            for function in sorted(functions & LATE_FUNCTIONS):
                self._say(self.wrong, item, f"{function}() came after Chrome 109 or Firefox 115")
        if PHYSICAL.match(name) or any(n == name and v in words for n, v in PHYSICAL_VALUES):
            self._say(self.physical, item, f"{name} → a logical property (inline-size, margin-inline-start, inset-block …)")
        hashes = [token for token in _flat(item.value) if token.type == "hash"]
        if hashes or (words & NAMED_COLOURS) or (functions & COLOUR_FUNCTIONS):
            self._say(self.raw_colours, item, f"{name}: {tinycss2.serialize(item.value).strip()}")
        self.names |= {token.value for token in _flat(item.value) if token.type == "ident" and token.value.startswith("--")}


def _flat(tokens: list[Any]) -> Iterator[Any]:
    for token in tokens:
        yield token
        for inner in getattr(token, "arguments", None) or getattr(token, "content", None) or []:
            yield from _flat([inner])


@pytest.fixture(scope="module", params=SHEETS, ids=lambda path: path.name)
def sheet(request):
    """Return each style sheet, read."""
    return Sheet(request.param)


def test_old_browsers_understand_all_of_it(sheet):
    assert not sheet.wrong, "\n".join(sheet.wrong)


def test_colours_come_from_tokens(sheet):
    """Dark mode redefines tokens; a colour written elsewhere would stay light."""
    if sheet.path.name != "tokens.css":
        assert not sheet.raw_colours, "\n".join(["raw colours belong to tokens.css:", *sheet.raw_colours])


def test_properties_are_logical(sheet):
    assert not sheet.physical, "\n".join(sheet.physical)


def test_tokens_exist(sheet):
    """A misspelt token is silently nothing."""
    defined = set(re.findall(r"(--[\w-]+)\s*:", "".join(path.read_text() for path in SHEETS)))
    with_fallback = set(re.findall(r"var\(\s*(--[\w-]+)\s*,", sheet.path.read_text()))
    unknown = sheet.names - defined - with_fallback
    assert not unknown, f"used but never defined: {sorted(unknown)}"


def test_layers_are_declared_in_order():
    """Everything stands in a layer, and the first sheet says their order."""
    order = re.search(r"@layer ([\w, ]+);", (CSS / "tokens.css").read_text())
    assert order, "tokens.css begins with the order of the layers"
    known = {name.strip() for name in order[1].split(",")}
    for path in SHEETS:
        if path.name == "tokens.css":
            continue
        for rule in tinycss2.parse_stylesheet(path.read_text(), skip_comments=True, skip_whitespace=True):
            assert rule.type == "at-rule", f"{path.name}:{rule.source_line}: everything stands in a @layer"
            if rule.lower_at_keyword == "layer" and rule.content is not None:
                name = tinycss2.serialize(rule.prelude).strip()
                assert name in known, f"{path.name}:{rule.source_line}: layer {name} is not declared"
