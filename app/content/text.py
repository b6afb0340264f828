"""What people write: cleaned of what no eye can see, rendered once when it is saved, as little markup as people use.

Paragraphs, line breaks, lists, **bold**, *italic*, links and @mentions; no pictures or HTML, and headings only in documents
(what head office announces). Reading a page then costs no parser, and what is stored has passed the cleaner.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

BODY_LIMIT = 10_000
COMMENT_LIMIT = 3_000
# A card shows so much, then «Показать полностью».
EXCERPT_CHARACTERS = 360
EXCERPT_LINES = 6

# "@Имя Фамилия", both capitalised, or "@" and a personnel number.
MENTION = re.compile(r"(?<![\w@./])@(?:(\d{2,12})|([^\W\d_][\w’'-]*[ \u00a0]+[^\W\d_][\w’'-]*))")
_TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "a"}
_HEADINGS = {"h2", "h3"}
HEADING = re.compile(r"^ {0,3}#{1,6} +(.+?)(?: +#+)?$", re.M)
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]")
_MARKS = re.compile(r"([\u0300-\u036f\u0483-\u0489\u20d0-\u20ff]{2})[\u0300-\u036f\u0483-\u0489\u20d0-\u20ff]+")


def clean(text: str) -> str:
    """Return the text as it is kept: no lone surrogates, controls or direction tricks, no towers of accents, no odd ends."""
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    text = _MARKS.sub(r"\1", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))
    lines = [line.rstrip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def render(body: str, mentions: Mapping[str, int] | None = None, document: bool = False) -> str:
    """Return safe HTML of a cleaned body; `mentions` says whom "@Ольга Иванова" means, as {mention_key: person id}.

    Lines that begin with # are headings in a document: "#" of the second level, since the title is the first.
    """
    html = (_document_parser if document else _parser).render(body, {"mentions": mentions or {}})
    return nh3.clean(
        html,
        tags=_TAGS | _HEADINGS if document else _TAGS,
        attributes={"a": {"href", "class"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener nofollow",
    ).strip()


def excerpt(body: str, mentions: Mapping[str, int] | None = None) -> str | None:
    """Return the beginning of a long body as HTML, cut at a word; None where the whole body fits a card."""
    lines = body.split("\n")
    if len(body) <= EXCERPT_CHARACTERS * 5 // 4 and len([line for line in lines if line]) <= EXCERPT_LINES + 2:
        return None
    kept = "\n".join(lines[: _lines_that_fit(lines)])
    if len(kept) > EXCERPT_CHARACTERS:
        kept = kept[:EXCERPT_CHARACTERS].rsplit(None, 1)[0]
    return render(kept.rstrip(" ,;:.–—-") + "…", mentions)


def without_headings(body: str) -> str:
    """Return a document as a plain text: its headings in bold, as cards and letters show them."""
    return HEADING.sub(r"**\1**", body)


def one_line(body: str, limit: int = 140) -> str:
    """Return the beginning of a body as one plain line, for lists and letters."""
    line = " ".join(re.sub(r"[*_`\\]+", "", body).split())
    return line if len(line) <= limit else line[:limit].rsplit(" ", 1)[0] + "…"


def mention_key(name: str) -> str:
    """Return a mention as comparison sees it: letter case, ё and the kind of space do not matter."""
    return " ".join(name.casefold().replace("ё", "е").split())


def mentioned(body: str) -> list[str]:
    """Return the keys of everybody whom the body names with @, each once, in order."""
    return list(dict.fromkeys(mention_key(match[1] or match[2]) for match in MENTION.finditer(body)))


def _lines_that_fit(lines: list[str]) -> int:
    full = 0
    for number, line in enumerate(lines):
        full += bool(line)
        if full == EXCERPT_LINES:
            return number + 1
    return len(lines)


def _link_mentions(state: StateCore) -> None:
    """Turn the @names that are known into links to their people's pages."""
    known = state.env.get("mentions") or {}
    if not known:
        return
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = [part for token in block.children for part in _split(token, known)]


def _split(token: Token, known: Mapping[str, int]) -> list[Token]:
    if token.type != "text":
        return [token]
    parts: list[Token] = []
    end = 0
    for match in MENTION.finditer(token.content):
        person_id = known.get(mention_key(match[1] or match[2]))
        if person_id is None:
            continue
        parts.append(Token("text", "", 0, content=token.content[end : match.start()]))
        parts.append(Token("link_open", "a", 1, attrs={"href": f"/people/{person_id}", "class": "mention"}))
        parts.append(Token("text", "", 0, content=match[0]))
        parts.append(Token("link_close", "a", -1))
        end = match.end()
    if not parts:
        return [token]
    return [*parts, Token("text", "", 0, content=token.content[end:])]


def _lower_headings(state: StateCore) -> None:
    """Let headings begin at the second level, and none be lower than the third."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h2" if token.tag == "h1" else "h3"


def _make_parser(document: bool = False) -> MarkdownIt:
    options: dict[str, Any] = {"breaks": True, "linkify": True, "html": False, "maxNesting": 20}
    parser = MarkdownIt("zero", options)
    parser.enable(["list", "newline", "emphasis", "link", "linkify", "escape", "balance_pairs", "fragments_join"])
    parser.core.ruler.push("mentions", _link_mentions)
    if document:
        parser.enable("heading")
        parser.core.ruler.push("headings", _lower_headings)
    return parser


_parser = _make_parser()
_document_parser = _make_parser(document=True)
