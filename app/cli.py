"""Commands of the portal: `flask people import`, `flask translations update`, `flask worker` and the rest."""

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app import catalogues, jobs


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(worker)
    app.cli.add_command(catalogues.translations)


@click.command()
@click.option("--threads", default=2, help="How many jobs run at the same time.")
@with_appcontext
def worker(threads: int) -> None:
    """Work off background jobs, where they do not run inside the serving process (RITM_JOBS=worker)."""
    jobs.work(current_app._get_current_object(), threads)  # type: ignore[attr-defined]
