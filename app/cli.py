"""Commands of the portal: `flask people import`, `flask translations update`, `flask worker` and the rest."""

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from flask_migrate import Migrate
from sqlalchemy import func, select, update

from app import backup, catalogues, jobs
from app.database import MIGRATIONS, now, reading
from app.extensions import db
from app.jobs import Job
from app.people.commands import people

migrate = Migrate(render_as_batch=True, compare_type=True)
jobs_group = AppGroup("jobs", help="Look at the background jobs: what waits, what was given up.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    migrate.init_app(app, db, directory=str(MIGRATIONS))
    app.cli.add_command(worker)
    app.cli.add_command(make_backup)
    app.cli.add_command(restore_backup)
    app.cli.add_command(jobs_group)
    app.cli.add_command(catalogues.translations)
    app.cli.add_command(people)


@click.command()
@click.option("--threads", default=2, help="How many jobs run at the same time.")
@with_appcontext
def worker(threads: int) -> None:
    """Work off background jobs, where they do not run inside the serving process (RITM_JOBS=worker)."""
    jobs.work(current_app._get_current_object(), threads)  # type: ignore[attr-defined]


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
def make_backup(file: Path) -> None:
    """Write everything, database and media, into FILE, while people go on working."""
    try:
        counts = backup.backup(file, click.echo)
    except backup.Unusable as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{sum(counts['tables'].values())} rows and {counts['media']} files are in {file}.")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--replace", is_flag=True, help="Replace a portal that has people in it; it is backed up first.")
@click.option("--no-copy", is_flag=True, help="Do not back up the replaced portal: when it cannot be read any more.")
@with_appcontext
def restore_backup(file: Path, replace: bool, no_copy: bool) -> None:
    """Put the portal back as FILE has it, or leave it untouched when FILE is damaged."""
    try:
        counts = backup.restore(file, current_app.config["DATA_DIR"], replace, not no_copy, click.echo)
    except backup.Unusable as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{sum(counts['tables'].values())} rows and {counts['media']} files are back. Now restart the portal.")


@jobs_group.command("list")
def list_jobs() -> None:
    """Count the jobs by kind and show what was given up."""
    with reading():
        waiting = db.session.execute(select(Job.task, func.count()).where(Job.failed_at.is_(None)).group_by(Job.task)).all()
        failed = db.session.scalars(select(Job).where(Job.failed_at.is_not(None)).order_by(Job.id)).all()
    for task, count in waiting:
        click.echo(f"waiting  {count:6}  {task}")
    for job in failed:
        click.echo(f"given up  #{job.id}  {job.task}  {job.error}  {job.failed_at:%Y-%m-%d %H:%M} UTC")
    if not waiting and not failed:
        click.echo("No jobs wait.")


@jobs_group.command("retry")
def retry_jobs() -> None:
    """Try once more what was given up."""
    done = db.session.execute(update(Job).where(Job.failed_at.is_not(None)).values(failed_at=None, attempts=0, due_at=now()))
    db.session.commit()
    click.echo(f"{done.rowcount} jobs will be tried again within a minute.")  # type: ignore[attr-defined]
