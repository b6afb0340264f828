"""Jinja filters and globals: ids of elements, icons, times as people say them, initials."""

import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from babel.dates import format_date
from flask import Flask, current_app, g, has_request_context
from flask_babel import get_translations
from markupsafe import Markup, escape

from app.database import now
from app.locale import LANGUAGES, language, zone


def init_app(app: Flask) -> None:
    """Make the helpers known to every template."""
    app.jinja_env.filters.update(
        dom_id=dom_id, ago=ago, full_date=full_date, deadline=deadline, day=day, initials=initials, colour=colour
    )
    app.jinja_env.globals.update(icon=icon, nonce=nonce, languages=LANGUAGES, language=language)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def dom_id(thing: Any, part: str = "") -> str:
    """Return the element id of a row or of a part of it: post-7, post-7-likes."""
    kind = getattr(thing, "kind", None) or thing.__tablename__
    return f"{kind}-{thing.id}" + (f"-{part}" if part else "")


def icon(name: str, label: str = "", cls: str = "icon") -> Markup:
    """Return an icon of the sprite; without a label it is decoration and hidden from screen readers."""
    return _icon(current_app.jinja_env.globals["asset"]("icons.svg"), name, label, cls)  # type: ignore[operator]


@lru_cache(maxsize=1000)
def _icon(sprite: str, name: str, label: str, cls: str) -> Markup:
    words = f'<span class="visually-hidden">{escape(label)}</span>' if label else ""
    return Markup(  # noqa: S704
        f'<svg class="{escape(cls)}" aria-hidden="true"><use href="{sprite}#{escape(name)}"/></svg>{words}'
    )


def ago(moment: datetime) -> str:
    """Say how long ago something was, as short as a card has room for; dates in the viewer's zone."""
    if not has_request_context():
        return teller()(moment)
    spoken = language()
    kept: tuple[str, Callable[[datetime], str]] | None = g.get("teller")
    if kept is None or kept[0] != spoken:
        kept = g.teller = (spoken, teller())
    return kept[1](moment)


def teller() -> Callable[[datetime], str]:
    """Return `ago` for many moments: what it depends on is found out once."""
    present, here, spoken = now(), zone(), language()
    today = present.astimezone(here).date()
    gettext = get_translations().ugettext

    def say(moment: datetime) -> str:
        seconds = int((present - moment).total_seconds())
        if seconds < 60:
            return str(gettext("just now"))
        if seconds < 3600:
            return gettext("%(n)d min") % {"n": seconds // 60}
        local = moment.astimezone(here)
        day = local.date()
        if day == today:
            return gettext("today at %(time)s") % {"time": f"{local:%H:%M}"}
        if day == today - timedelta(days=1):
            return gettext("yesterday at %(time)s") % {"time": f"{local:%H:%M}"}
        return _day(day, day.year != today.year, spoken)

    return say


@lru_cache(maxsize=4000)
def _day(day: date, with_year: bool, spoken: str) -> str:
    return format_date(day, "d MMMM y" if with_year else "d MMMM", locale=spoken)


def nonce() -> str:
    """Return a fresh mark for a form: slow phones post twice, and the second is then silently the first."""
    return secrets.token_urlsafe(12)


def full_date(moment: datetime) -> str:
    """Say date and time in full, for the title of a short one."""
    local = moment.astimezone(zone())
    return f"{_day(local.date(), True, language())}, {local:%H:%M}"


def deadline(moment: datetime) -> str:
    """Say until when something holds, as short as it can be: the hour today, else the day."""
    local, today = moment.astimezone(zone()), now().astimezone(zone()).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    return _day(local.date(), local.year != today.year, language())


def day(when: date) -> str:
    """Say a day in full: 1 марта 2024."""
    return _day(when, True, language())


def short_day(when: date, this_year: int, spoken: str) -> str:
    """Say a day as short as it can be: without the year where that is this one."""
    return _day(when, when.year != this_year, spoken)


def initials(name: str) -> str:
    """Return up to two capital letters for an avatar without a photo."""
    return "".join(word[0] for word in name.split()[:2]).upper()


def colour(number: int) -> int:
    """Return which of the 12 calm colours belongs to an id."""
    return number % 12
