"""`rplay sessions …`: sign-in sessions."""

import click

from rplay.commands.base import Commands, as_json, tell

COLUMNS = {"id": "Session", "user_email": "Address", "created_at": "Since", "expires_at": "Until"}


@click.group(cls=Commands)
def sessions() -> None:
    """List and end sessions of signed-in users.

    \b
        rplay sessions revoke ann@example.com
    """


@sessions.command("list")
@click.option("--user", "who", metavar="WHO", help="Only this person's: an address or an id.")
@as_json
def list_(who: str | None, as_json: bool) -> None:
    """List the valid sessions, newest first.

    \b
        rplay sessions list --user ann@example.com

    Tokens are never shown, as the database has only their hashes.
    """
    from rplay.commands.opening import opened, settings
    from rplay.commands.output import show
    from rplay.commands.people import person
    from rplay.db import sessions

    with opened(settings()):
        live = sessions.live(person(who).id if who else None)
    show([one.public() for one in live], COLUMNS, as_json)
    tell(f"{len(live):,} live {'session' if len(live) == 1 else 'sessions'}")


@sessions.command()
@click.argument("who", required=False)
@click.option("--all", "everybody", is_flag=True, help="Everybody's.")
@click.option("--yes", is_flag=True, help="Do not ask, with --all.")
def revoke(who: str | None, everybody: bool, yes: bool) -> None:
    """Sign a user out everywhere, or with --all all users. WHO is an address or an id.

    \b
        rplay sessions revoke ann@example.com
        rplay sessions revoke --all --yes
    """
    from rplay.commands.opening import opened, settings
    from rplay.commands.people import person, sure
    from rplay.db import sessions

    if bool(who) == everybody:
        raise click.UsageError("Name one person, or give --all.")
    with opened(settings()):
        if who:
            account = person(who)
            ended, whose = sessions.end_all(account.id), account.email
        else:
            sure("Sign everybody out?", yes)
            ended, whose = sessions.end_everyones(), "everybody"
    tell(f"{ended:,} sessions of {whose} ended.")


@sessions.command()
@as_json
def purge(as_json: bool) -> None:
    """Delete expired data.

    \b
        17 * * * *  rplay sessions purge      in a crontab

    Deletes expired sessions and reset tokens, histories that a save replaced more than 30 days ago, AI usage older than
    400 days, and audit log entries older than two years (AUDIT_LOG_DAYS). A running server does this every hour. If
    several processes try at the same time, only one does it.
    """
    from dataclasses import asdict

    from rplay.commands.opening import opened, settings
    from rplay.commands.output import show, show_json
    from rplay.db import housekeeping

    given = settings()
    with opened(given):
        purged = housekeeping.purge(given.audit_log_days)
    if purged is None:
        tell("Another process is doing it.")
    elif as_json:
        show_json(asdict(purged))
    else:
        rows = [{"what": table, "count": f"{count:,}"} for table, count in asdict(purged).items()]
        show(rows, {"what": "", "count": "Removed"}, False)
