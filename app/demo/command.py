"""`flask demo`: makes the demo company once, and says how to sign in each time."""

from __future__ import annotations

import sys
import time
from datetime import timedelta

import click
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import select

from app.demo.filling import fill, is_made
from app.demo.staff import PASSWORD, PIN
from app.extensions import db
from app.people.access import TerminalCode
from app.people.codes import grouped
from app.people.models import City, Person, Store

# A visitor of the demo may come back to the printed code after lunch.
CODE_LIFETIME = timedelta(days=365)
WHO = {
    "seller": "seller",
    "intern": "intern, 7 hours ahead of Moscow",
    "director": "director of the seller's store",
    "editor": "editor, moderates",
    "hr": "HR, staff list",
    "management": "management",
    "admin": "administrator",
}


@click.command()
@click.option("--people", default=450, show_default=True, help="How many people work in the chain.")
@click.option("--posts", default=2400, show_default=True, help="How many posts they have written in two years.")
@click.option("--pictures", type=int, help="How many different photos are drawn; all there are by default.")
@with_appcontext
def demo(people: int, posts: int, pictures: int | None) -> None:
    """Make the demo company, unless it is there already, and print the demo sign-ins."""
    upgrade()
    if not is_made():
        if db.session.scalar(select(Person.id).limit(1)) is not None:
            raise click.ClickException("This database has people of its own; the demo company needs an empty one.")
        began = time.monotonic()
        click.echo("Making the demo company …", err=True)
        fill(people=people, posts=posts, pictures=pictures, say=lambda words: click.echo(f"  {words}", err=True))
        db.session.commit()
        click.echo(f"  done in {time.monotonic() - began:.0f} s", err=True)
    code = _fresh_code()
    db.session.commit()
    click.echo(_table(code))
    sys.stdout.flush()


def _fresh_code() -> str:
    """Return a new code for a terminal of the seller's store; the code of the former start is void."""
    store_id = db.session.execute(select(Person.store_id).where(Person.login == "seller")).scalar_one()
    return grouped(TerminalCode.make(store_id, None, CODE_LIFETIME).code)


def _table(code: str) -> str:
    rows = db.session.execute(
        select(
            Person.login, Person.personnel_number, Person.first_name, Person.last_name, Store.name, City.name.label("city")
        )
        .join(Store, Store.id == Person.store_id)
        .join(City, City.id == Store.city_id)
        .where(Person.login.in_(WHO))
    ).all()
    order = list(WHO)
    lines = [("login", "number", "who", "name", "where")]
    for row in sorted(rows, key=lambda row: order.index(row.login)):
        where = f"{row.name}, {row.city}"
        lines.append((row.login, row.personnel_number, WHO[row.login], f"{row.first_name} {row.last_name}", where))
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    table = "\n".join(
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
    store = next(row for row in rows if row.login == "seller")
    return (
        f"\nSign in with a login or a personnel number, password {PASSWORD}:\n\n{table}\n\n"
        f"Terminal: open /terminal, code {code} (store «{store.name}»), then any name of it and PIN {PIN}."
    )
