"""Page and fragment answers: the only place that knows htmx's headers.

Every act is a plain form first: without JavaScript it is answered by a redirect (303), with htmx by the changed fragment,
rendered by the very template that the page includes. Boosted requests and history restores get the whole page.
"""

from typing import Any
from urllib.parse import quote, urlsplit

from flask import Response, make_response, redirect, render_template, request, url_for
from htmx_flask import request as htmx_request


def is_fragment() -> bool:
    """Tell whether this request wants a piece of a page instead of the page."""
    hx = htmx_request.htmx
    return bool(hx) and not hx.boosted and not hx.history_restore_request


def is_on(address: str) -> bool:
    """Tell whether htmx asks from the page of this address."""
    current = htmx_request.htmx.current_url if htmx_request.htmx else None
    return current is not None and urlsplit(current).path == address


def fragment(template: str, /, *, status: int = 200, trigger: str | None = None, **context: Any) -> Response:
    """Answer with one partial; `trigger` names a browser event to fire after the swap (ASCII only)."""
    answer = make_response(render_template(template, **context), status)
    if trigger:
        answer.headers["HX-Trigger"] = trigger
    return _varied(answer)


def page(template: str, /, *, status: int = 200, **context: Any) -> Response:
    """Answer with a whole page."""
    return _varied(make_response(render_template(template, **context), status))


def go(address: str) -> Response:
    """Send the browser elsewhere: 303 for a plain form, HX-Redirect for htmx, which would else swap the page into a card."""
    if is_fragment():
        answer = make_response("", 200)
        answer.headers["HX-Redirect"] = quote(address, safe="/:?=&#%+,;@!$'()*~-._[]")
        return _varied(answer)
    return _varied(make_response(redirect(address, 303)))


def nothing(status: int = 204) -> Response:
    """Answer that nothing is to be changed; htmx leaves the page alone on 204."""
    return _varied(make_response("", status))


def tagged(answer: Response, tag: str) -> Response:
    """Mark an answer with what it was made of; whoever shows it already is told so by 304, without the body."""
    answer.set_etag(tag)
    return answer.make_conditional(request)  # type: ignore[return-value]


def retarget(answer: Response, selector: str, swap: str = "outerHTML") -> Response:
    """Put the fragment elsewhere than the form said, as an error summary is."""
    answer.headers["HX-Retarget"] = selector
    answer.headers["HX-Reswap"] = swap
    return answer


def push(answer: Response, address: str) -> Response:
    """Show another address in the browser's bar after the swap."""
    answer.headers["HX-Push-Url"] = quote(address, safe="/:?=&#%+,;@!$'()*~-._[]")
    return answer


def back(default: str, **values: Any) -> str:
    """Return the page the form was pressed on, if it is ours, else the address of endpoint `default`.

    The form says it in the field `next`; a foreign host or a scheme in it is ignored.
    """
    return safe_path(request.form.get("next") or request.args.get("next")) or url_for(default, **values)


def asked_id(name: str) -> int | None:
    """Return the id that the address asks for in ?name=…; None for none, and for what no column could hold."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def safe_path(address: str | None) -> str | None:
    """Return the address if it is a path on this portal, else None: `next=` must never lead out."""
    if not address or any(ord(c) < 32 for c in address) or "\\" in address or not address.startswith("/"):
        return None
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or address.startswith("//"):
        return None
    return address


def _varied(answer: Response) -> Response:
    answer.vary.update(("HX-Request", "Cookie"))
    return answer
