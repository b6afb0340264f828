"""`flask people import`, `export` and `administrator`: the staff list and the first way in without a browser."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_migrate import upgrade

from app.database import reading
from app.errors import Refused
from app.extensions import db
from app.people import import_words, staff_export
from app.people.administrators import make_administrator
from app.people.import_apply import Stale
from app.people.import_compare import COUNTED, Comparison
from app.people.import_jobs import import_at_once
from app.people.staff_list_file import NotAStaffList

people = AppGroup("people", help="Staff list in and out; the first administrator.")


@people.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="From which day it holds; else the list's own day, else today."
)
@click.option(
    "--absent", type=click.Choice(["keep", "dismiss"]), default="keep", help="People of its stores it does not name."
)
def import_list(file: Path, dry_run: bool, as_json: bool, on: datetime | None, absent: str) -> None:
    """Take a staff list in: xlsx, xls, ods or csv, as the accounting saves it."""
    try:
        comparison = import_at_once(file, on and on.date(), absent, dry_run)
        db.session.commit()
    except NotAStaffList as failed:
        raise click.ClickException(str(import_words.FAILURES[failed.code])) from failed
    except Stale as stale:
        raise click.ClickException(_("Somebody changed the staff at this moment. Run the import once more.")) from stale
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    if as_json:
        click.echo(json.dumps(_numbers(comparison), ensure_ascii=False))
    else:
        click.echo(_report(comparison, dry_run))


@people.command("export")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.option("--xlsx", type=click.Path(path_type=Path, dir_okay=False), help="Write a workbook instead.")
def export_list(as_json: bool, xlsx: Path | None) -> None:
    """Give the staff out, everybody who works or worked here."""
    with reading():
        if xlsx is not None:
            with xlsx.open("wb") as file:
                staff_export.write_workbook(file)
        elif as_json:
            click.echo("[")
            last = ""
            for person in staff_export.people():
                if last:
                    click.echo(last + ",")
                last = json.dumps(person, ensure_ascii=False)
            click.echo(last + "\n]")
        else:
            raise click.UsageError("--json or --xlsx FILE?")
        db.session.rollback()


@people.command("administrator")
@click.argument("number")
@click.option("--name", default="", help="Full name as documents write it, for somebody not in the staff list yet.")
@click.option("--email", default="", help="E-mail address, for a forgotten password.")
@click.option("--city", default="Москва", show_default=True, help="City of the head office, where there is none yet.")
@click.option("--office", default="Центральный офис", show_default=True, help="Name of the head office.")
def administrator(number: str, name: str, email: str, city: str, office: str) -> None:
    """Make somebody administrator by personnel number, and print a link of one use to come in with."""
    upgrade()
    try:
        link = make_administrator(number, name, email, city, office)
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    who, code, until = link.person.full_name, link.code, link.expires_at
    db.session.commit()
    base = current_app.config["BASE_URL"]
    click.echo(_("%(name)s is administrator.", name=who))
    click.echo(_("To come in, open this address once, until %(until)s:", until=f"{until:%d.%m.%Y %H:%M} UTC"))
    click.echo(f"  {base}/i/{code}")
    if not base:
        click.echo(_("Put the address of the portal before it, or set %(variable)s.", variable="RITM_BASE_URL"))


def _numbers(comparison: Comparison) -> dict[str, Any]:
    """Return the numbers under the names of the contract; reasons are English for programs."""
    with force_locale("en"):
        refused = [{"row": row.row, "reason": str(import_words.REASONS[row.reason])} for row in comparison.refused]
    counts = {name: comparison.counts[name] for name in (*COUNTED, "absent")}
    return {**counts, "refused": refused}


def _report(comparison: Comparison, dry_run: bool) -> str:
    lines = [_("What would change:") if dry_run else _("Done:")]
    kinds = {**import_words.KINDS, "unchanged": _("Unchanged")}
    lines += [f"  {comparison.counts[name]:6} {words}" for name, words in kinds.items() if comparison.counts[name]]
    if comparison.counts["absent"]:
        # Apart from the line: sentences inside of f-strings are not collected for the catalogues.
        missing = _("Not in the list")
        lines.append(f"  {comparison.counts['absent']:6} {missing}")
    if comparison.refused:
        lines.append(_("Refused rows:"))
        lines += [f"  {row.row:6} {import_words.REASONS[row.reason]}: {row.text}" for row in comparison.refused]
    if comparison.strange_cities:
        cities = ", ".join(sorted(set(comparison.strange_cities)))
        lines.append(_("Check the time zone of: %(cities)s", cities=cities))
    return "\n".join(lines)
