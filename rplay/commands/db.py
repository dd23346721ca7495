"""`rplay db …`: the database itself."""

from pathlib import Path

import click

from rplay.commands.base import Commands, Failed, as_json, look, tell


@click.group(cls=Commands)
def db() -> None:
    """Maintain the database.

    \b
        rplay db upgrade
    """


@db.command()
def upgrade() -> None:
    """Run the migrations that this version needs.

    \b
        DATABASE_URL=postgresql://… rplay db upgrade
    """
    from rplay.commands.opening import settings
    from rplay.server import database

    with database.database(settings()) as found:
        for name in database.upgrade(found.url):
            click.echo(name)
    tell("The schema is up to date.")


@db.command()
@as_json
def status(as_json: bool) -> None:
    """Show which migrations have run.

    \b
        rplay db status

    Changes nothing. Ends with 3 if migrations are pending. Migrations of a newer version with which this version can
    work are shown as newer.
    """
    from rplay.commands.opening import settings
    from rplay.commands.output import show
    from rplay.db import migrate
    from rplay.server.database import database

    with database(settings()) as found:
        state = migrate.status(found.url)
    rows = [{"state": "applied", "migration": name} for name in state.applied]
    rows += [{"state": "pending", "migration": name} for name in state.pending]
    rows += [{"state": "newer", "migration": name} for name in state.newer]
    show(rows, {"state": "State", "migration": "Migration"}, as_json)
    if state.pending:
        tell("Migrations have to run: rplay db upgrade")
        look()


@db.command()
@as_json
def doctor(as_json: bool) -> None:
    """Find unusual things in the database, and say what to do.

    \b
        rplay db doctor

    Changes nothing. Ends with 3 if something serious is found.
    """
    from dataclasses import asdict

    from rplay.commands.opening import settings
    from rplay.commands.output import show_json, words
    from rplay.postgres import doctor
    from rplay.server.database import database

    with database(settings()) as found:
        findings = doctor.examine(found.url)
    if as_json:
        show_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            click.echo(f"{'serious' if finding.serious else 'note   '}  {finding.text}")
            for example in finding.examples:
                click.echo(f"           {words(example)}")
    if any(finding.serious for finding in findings):
        tell("Something serious was found; see above.")
        look()
    else:
        tell("Nothing serious was found.")


@db.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--force", is_flag=True, help="Put it in place of a file that is there.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write it there, named after the moment. The folder is made when it is not there.",
)
@click.option("--keep", type=click.IntRange(1), metavar="N", help="Delete all backups in --folder but the N newest.")
def backup(file: Path | None, force: bool, folder: Path | None, keep: int | None) -> None:
    """Write the whole database into FILE with pg_dump. Servers may keep running.

    \b
        rplay db backup
        rplay db backup nightly.dump --force
        rplay db backup --folder /var/backups/rplay --keep 14

    Without FILE the name contains the current time. The backup holds everything except settings and data files,
    including password hashes, so only you can read it. PostgreSQL's pg_dump must be installed, in the server's version
    or a newer one.
    """
    from rplay.commands.opening import settings
    from rplay.postgres import dump
    from rplay.server.database import database

    if (file and folder) or (keep and not folder):
        raise click.UsageError("Give FILE, or --folder, and --keep only with --folder.")
    if folder:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = file or (folder or Path()) / dump.name_now()
    if target.exists() and not force:
        raise Failed(f"{target} is there already: choose another name, or give --force.")
    with database(settings()) as found:
        dump.backup(found.url, target)
    click.echo(target)
    tell(f"{target.stat().st_size:,} bytes")
    if folder and keep:
        for gone in dump.thin_out(folder, keep):
            tell(f"{gone} is deleted.")


@db.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, readable=True))
@click.option("--force", is_flag=True, help="Even when the database holds something: all of that goes.")
def restore(file: Path, force: bool) -> None:
    """Restore a backup written by `rplay db backup`.

    \b
        DATABASE_URL=postgresql://… rplay db restore nightly.dump

    The database must be empty; stop the servers first. Everything happens in one transaction: if anything fails, the
    database stays as it was. PostgreSQL's pg_restore and psql must be installed.
    """
    from rplay.commands.opening import settings
    from rplay.db import migrate
    from rplay.postgres import dump
    from rplay.server.database import database

    with database(settings()) as found:
        dump.restore(found.url, file, force=force)
        pending = migrate.status(found.url).pending
    tell(f"The database holds what {file} held.")
    if pending:
        tell("It is of an earlier version: run `rplay db upgrade` before the servers start.")
