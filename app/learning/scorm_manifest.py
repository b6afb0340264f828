"""What a package says of itself: its standard, and what is to be launched in it.

The manifest is read by a parser that knows no document types: without them there are no entities, and so nothing that
could swell, or be fetched from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree
from xml.parsers import expat

from flask_babel import gettext as _

from app.errors import Refused
from app.forms import tidy
from app.learning.scorm_zip import folded

MANIFEST = "imsmanifest.xml"
LARGEST_MANIFEST = 4 << 20
MOST_ITEMS = 300
DEEPEST = 40
TITLE_LIMIT = 200
# What the manifest's <schemaversion> says → standard, edition.
VERSIONS = {
    "1.2": ("1.2", ""),
    "cam 1.3": ("2004", "2"),
    "2004 2nd edition": ("2004", "2"),
    "2004 3rd edition": ("2004", "3"),
    "2004 4th edition": ("2004", "4"),
}
NAMESPACES = {"adlcp_rootv1p2": "1.2", "adlcp_v1p2": "1.2", "adlcp_v1p3": "2004"}
# Parts of <imsss:sequencing> that the player leaves aside.
UNKEPT_RULES = ("sequencingRules", "rollupRules", "limitConditions", "randomizationControls", "rollupConsiderations")


@dataclass
class Item:
    """Something to be launched: a page that talks to the portal (a SCO), or one that is only looked at."""

    id: str
    title: str
    # Where it lies in the archive, and what is put behind that in the address.
    path: str
    query: str = ""
    is_sco: bool = True
    depth: int = 0
    is_hidden: bool = False
    # What the manifest promises to hand over.
    mastery: float | None = None
    passing: float | None = None
    threshold: float | None = None
    max_time: str = ""
    time_action: str = ""
    launch_data: str = ""


@dataclass
class Manifest:
    """A package's own words about itself."""

    standard: str
    edition: str
    title: str
    items: list[Item] = field(default_factory=list)
    # It has rules of sequence that the player leaves aside.
    has_rules: bool = False


class _Place(NamedTuple):
    """Where an item stands among the others."""

    depth: int
    is_hidden: bool


def read(data: bytes, names: Mapping[str, str]) -> Manifest:
    """Read a manifest; `names` are the archive's files, by their folded names."""
    root = parse(data)
    if local(root.tag) != "manifest":
        raise Refused(_("its imsmanifest.xml is none: it does not begin with “manifest”."))
    standard, edition = _standard(root, data)
    organization = _organization(root)
    title = tidy(_text(organization, "title"))[:TITLE_LIMIT] if organization is not None else ""
    made = Manifest(standard, edition, title)
    if organization is not None:
        resources = _resources(root)
        for element, place in _launched(organization, _Place(0, False)):
            made.items.append(_item(element, place, resources, names))
            if len(made.items) > MOST_ITEMS:
                raise Refused(_("there are more than %(n)d parts in it.", n=MOST_ITEMS))
        made.has_rules = standard == "2004" and any(local(one.tag) in UNKEPT_RULES for one in organization.iter())
        made.has_rules |= standard == "1.2" and any(local(one.tag) == "prerequisites" for one in organization.iter())
    if not made.items:
        raise Refused(_("there is nothing in it to launch: its imsmanifest.xml names no page."))
    return made


def parse(data: bytes) -> ElementTree.Element:
    """Parse XML that has no document type."""
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise Refused(_("its imsmanifest.xml is nested too deeply."))
        builder.start(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name)

    def refuse(*_arguments: Any) -> None:
        raise Refused(_("its imsmanifest.xml has a DOCTYPE, which is never needed and can do harm."))

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, builder.data
    for event in ("StartDoctypeDeclHandler", "EntityDeclHandler", "ExternalEntityRefHandler"):
        setattr(parser, event, refuse)
    try:
        parser.Parse(data, True)
        return builder.close()
    except (expat.ExpatError, ValueError, LookupError, AssertionError) as error:
        line = getattr(error, "lineno", 0)
        raise Refused(_("its imsmanifest.xml cannot be read (line %(n)d).", n=line)) from None


def local(tag: str) -> str:
    """Return a name without its namespace."""
    return tag.rsplit("}", 1)[-1]


def _standard(root: ElementTree.Element, data: bytes) -> tuple[str, str]:
    """Return the standard and its edition, by what the manifest says, else by the words that it uses."""
    metadata = _child(root, "metadata")
    schema = " ".join(_text(metadata, "schema").split())
    said = " ".join(_text(metadata, "schemaversion").split())
    if schema and "scorm" not in schema.casefold():
        raise Refused(_("it is a package of another kind: “%(name)s”, not SCORM.", name=tidy(schema)[:60]))
    if said:
        version = said.casefold().removeprefix("scorm ").strip()
        if version not in VERSIONS:
            raise Refused(
                _(
                    "it is of version “%(name)s”; only SCORM 1.2 and SCORM 2004 are run here.",
                    name=said[:60],
                )
            )
        return VERSIONS[version]
    used = {standard for name, standard in NAMESPACES.items() if name.encode() in data}
    if len(used) != 1:
        raise Refused(_("its imsmanifest.xml does not say which version of SCORM it is."))
    return (used.pop(), "")


def _organization(root: ElementTree.Element) -> ElementTree.Element | None:
    """Return the table of contents that is to be shown: the one named as the default, else the first."""
    organizations = _child(root, "organizations")
    if organizations is None:
        return None
    standing = [one for one in organizations if local(one.tag) == "organization"]
    wanted = organizations.get("default")
    return next((one for one in standing if one.get("identifier") == wanted), standing[0] if standing else None)


def _launched(parent: ElementTree.Element, place: _Place) -> Iterator[tuple[ElementTree.Element, _Place]]:
    """Yield the items that name a page, in order, however deep they lie."""
    for one in parent:
        if local(one.tag) == "item":
            here = _Place(place.depth, place.is_hidden or one.get("isvisible", "true").strip().lower() in ("false", "0"))
            if one.get("identifierref"):
                yield one, here
            yield from _launched(one, _Place(here.depth + 1, here.is_hidden))


def _resources(root: ElementTree.Element) -> dict[str, tuple[ElementTree.Element, str]]:
    """Return the pages by their identifiers, each with the folder that it counts from."""
    resources = _child(root, "resources")
    if resources is None:
        return {}
    base = _base(root) + _base(resources)
    return {str(one.get("identifier")): (one, base + _base(one)) for one in resources if local(one.tag) == "resource"}


def _item(
    element: ElementTree.Element,
    place: _Place,
    resources: Mapping[str, tuple[ElementTree.Element, str]],
    names: Mapping[str, str],
) -> Item:
    title = tidy(_text(element, "title"))[:TITLE_LIMIT] or tidy(element.get("identifier"))[:TITLE_LIMIT]
    found = resources.get(str(element.get("identifierref")))
    if found is None or not found[0].get("href"):
        raise Refused(_("its part “%(name)s” names no page.", name=title))
    resource, base = found
    path, query = _address(base + str(resource.get("href")), str(element.get("parameters") or ""), title, names)
    kind = next((value for name, value in resource.attrib.items() if local(name).lower() == "scormtype"), "asset")
    objective = next((one for one in element.iter() if local(one.tag) == "primaryObjective"), None)
    measured = objective is not None and objective.get("satisfiedByMeasure", "").strip().lower() in ("true", "1")
    # Without a mark of its own, "by measure" means full marks.
    passing = (_number(_text(objective, "minNormalizedMeasure")) or 1.0) if measured else None
    return Item(
        id=str(element.get("identifier") or "")[:TITLE_LIMIT],
        title=title,
        path=path,
        query=query,
        is_sco=kind.strip().lower() == "sco",
        depth=min(place.depth, 9),
        is_hidden=place.is_hidden,
        mastery=_number(_text(element, "masteryscore")),
        passing=passing,
        threshold=_threshold(element),
        max_time=_text(element, "maxtimeallowed")[:40],
        time_action=(_text(element, "timelimitaction") or _text(element, "timeLimitAction"))[:40],
        launch_data=(_text(element, "datafromlms") or _text(element, "dataFromLMS"))[:4096],
    )


def _address(href: str, parameters: str, title: str, names: Mapping[str, str]) -> tuple[str, str]:
    """Return the file that an item launches and what stands behind it in the address."""
    href = href.strip().replace("\\", "/")
    try:
        parts = urlsplit(href)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme or parts.netloc:
        raise Refused(_("its part “%(name)s” lies on another site, which learners' browsers do not open.", name=title))
    steps: list[str] = []
    for step in unquote(parts.path).split("/"):
        if step == ".." and steps:
            steps.pop()
        elif step not in ("", ".", ".."):
            steps.append(step)
    path = names.get(folded("/".join(steps)))
    if path is None:
        raise Refused(_("its part “%(name)s” names a file that is not in the archive.", name=title))
    tail = parameters.strip().lstrip("?&") if not parameters.startswith("#") else ""
    query = "&".join(filter(None, (parts.query, tail)))
    mark = parts.fragment or (parameters[1:] if parameters.startswith("#") else "")
    return path, ("?" + query if query else "") + ("#" + mark if mark else "")


def _threshold(element: ElementTree.Element) -> float | None:
    """Return from which share of the way on an item counts as completed."""
    found = _child(element, "completionThreshold")
    if found is None:
        return None
    if found.get("completedByMeasure") is None:
        return _number(found.text or "")
    if found.get("completedByMeasure", "").strip().lower() not in ("true", "1"):
        return None
    return _number(found.get("minProgressMeasure") or "1.0")


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?\d{1,6}(\.\d{1,9})?", text.strip()) else None


def _child(element: ElementTree.Element | None, name: str) -> ElementTree.Element | None:
    if element is None:
        return None
    return next((one for one in element if local(one.tag) == name), None)


def _text(element: ElementTree.Element | None, name: str) -> str:
    found = _child(element, name)
    return (found.text or "").strip() if found is not None else ""


def _base(element: ElementTree.Element) -> str:
    return next((value for name, value in element.attrib.items() if local(name) == "base"), "")
