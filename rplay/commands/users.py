"""`rplay users …`: user accounts."""

from typing import TextIO

import click

from rplay.commands.base import Commands, Failed, Interrupted, as_json, look, tell
from rplay.commands.people import password_file, role_type

COLUMNS = {"email": "Address", "name": "Name", "role": "Role", "job_role": "Job role", "created_at": "Since"}


@click.group(cls=Commands)
def users() -> None:
    """Manage user accounts.

    \b
        rplay users create ann@example.com --name "Ann Lee" --role super_admin
    """


@users.command("list")
@click.option("--role", type=role_type, help="Only people with this role.")
@click.option("--search", help="Only people with this in their name or address.")
@as_json
def list_(role: str | None, search: str | None, as_json: bool) -> None:
    """List the user accounts.

    \b
        rplay users list --role trainer
    """
    from rplay.commands.opening import opened, settings
    from rplay.commands.output import show
    from rplay.commands.people import text
    from rplay.db import users

    with opened(settings()):
        people = [one.public() for one in users.each(role, search and text(search, "--search"))]
    show(people, COLUMNS, as_json)
    tell(f"{len(people):,} {'account' if len(people) == 1 else 'accounts'}")


@users.command()
@click.argument("email")
@click.option("--name", required=True, help="First and last name.")
@click.option("--role", type=role_type, default="learner", show_default=True, help="What the person may do.")
@click.option("--job-role", help="What the person works as.")
@password_file
def create(email: str, name: str, role: str, job_role: str | None, password_file: TextIO | None) -> None:
    """Create an account. The password is prompted for, or read with --password-file.

    \b
        rplay users create ann@example.com --name "Ann Lee" --role super_admin
    """
    from rplay.commands.opening import opened, settings
    from rplay.commands.people import password, text
    from rplay.db import users
    from rplay.people.rules import INVALID_EMAIL, TAKEN, email_of
    from rplay.security import hash_password

    address = email_of(text(email, "EMAIL"))
    if address is None:
        raise click.UsageError(f"{INVALID_EMAIL}: {email}")
    name, job_role = text(name, "--name").strip(), text(job_role, "--job-role") if job_role else None
    current = settings()
    with opened(current):
        if users.by_email(address, address):
            raise Failed(f"{TAKEN}: {address}")
        hashed = hash_password(password(password_file), current.bcrypt_cost)
        made = users.create(name, address, hashed, role, job_role)
        if made is None:
            raise Failed(f"{TAKEN}: {address}")
    click.echo(made.id)
    tell(f"{address} can sign in as {role}.")


@users.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, allow_dash=True))
@click.option(
    "--existing",
    type=click.Choice(["skip", "update"]),
    default="skip",
    show_default=True,
    help="What to do with addresses that have an account: leave them, or give them the name, role and job role "
    "of the list. Passwords stay.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@click.option(
    "--errors",
    type=click.Path(dir_okay=False, writable=True),
    metavar="FILE",
    help="CSV file for the rows that are refused, as they stand in the list, and why; correct it and import it again."
    "  [default: the first ten are shown]",
)
@click.option("--invite", is_flag=True, help="Mail each a link to choose a password; the list needs none then.")
@as_json
def import_(file: str, existing: str, dry_run: bool, errors: str | None, invite: bool, as_json: bool) -> None:
    """Create accounts for a list of people.

    \b
        rplay users import people.csv --dry-run
        rplay users import people.csv --errors refused.csv
        rplay users import people.csv --invite

    FILE is CSV or JSON; with - it is read from the standard input. The first line of CSV names the columns: email,
    password, and name or firstName and lastName; role and jobRole are optional. Columns are separated by commas,
    semicolons or tabs; names like First Name, E-Mail and Full Name are recognised too. JSON is an array of objects with
    these names. Valid rows become accounts even if others are refused; --json lists the refused ones.

    An interrupted import can be run again: people who already got an account are skipped. The link in an invitation
    starts with APP_URL and works once, for seven days; people who have neither a password nor such a link are invited
    by the next import with --invite.
    """
    from contextlib import nullcontext

    from rplay.commands import invitations, user_import
    from rplay.commands.opening import opened, settings

    current = settings()
    refused = user_import.Refused(errors, file, as_json)
    mails = invitations.opened(current) if invite and not dry_run else nullcontext()
    with user_import.source(file, invite) as people, mails as sent, opened(current), refused:
        work = user_import.Import(
            people,
            refused,
            current.bcrypt_cost,
            update=existing == "update",
            dry_run=dry_run,
            invites=invite,
            invitations=sent,
        )
        try:
            work.run()
        except KeyboardInterrupt:
            raise Interrupted(f"Stopped. {work.standing()}") from None
        except Exception:
            tell(work.standing())
            raise
    user_import.report(work, as_json)
    if refused.count:
        look()


@users.command()
@click.option("--format", "kind", type=click.Choice(["csv", "json"]), default="csv", show_default=True, help="Which.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, writable=True, allow_dash=True),
    default="-",
    metavar="FILE",
    help="Where to.  [default: the standard output]",
)
@click.option("--role", type=role_type, help="Only people with this role.")
def export(kind: str, output: str, role: str | None) -> None:
    """Write all accounts as CSV or JSON, without passwords.

    \b
        rplay users export -o people.csv

    In CSV a value that a spreadsheet would take for a formula gets a ' in front, and � replaces characters that could
    control a terminal. JSON leaves such values as they are and escapes such characters.
    """
    from rplay.commands.opening import opened, settings
    from rplay.commands.user_export import written

    with opened(settings()):
        written(output, kind, role)


@users.command()
@click.argument("who")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, writable=True, allow_dash=True),
    default="-",
    metavar="FILE",
    help="JSON file to write.  [default: the standard output]",
)
def data(who: str, output: str) -> None:
    """Write everything stored about a user as JSON. WHO is an address or an id.

    \b
        rplay users data ann@example.com -o ann.json

    Contains rows by table, without passwords and tokens, like GET /api/users/:id/export.
    """
    from rplay.commands.opening import opened, settings
    from rplay.commands.output import harmless_json
    from rplay.commands.people import person
    from rplay.commands.user_export import whole
    from rplay.people.export import document

    with opened(settings()):
        account = person(who)
        with whole(output) as file:
            for piece in document(account.id):
                file.write(harmless_json(piece.decode()))
            file.write("\n")
    tell(f"Everything about {account.email}.")


@users.command()
@click.argument("who")
@click.argument("role", metavar="ROLE", type=role_type)
def set_role(who: str, role: str) -> None:
    """Change a user's role. It applies from their next request on. WHO is an address or an id.

    \b
        rplay users set-role ann@example.com trainer
    """
    from rplay.commands.opening import opened, settings
    from rplay.commands.people import person
    from rplay.db import users

    with opened(settings()):
        account = person(who)
        users.set_role(account.id, role)
    tell(f"{account.email} was {account.role} and is {role}.")


@users.command()
@click.argument("who")
@password_file
def set_password(who: str, password_file: TextIO | None) -> None:
    """Set a user's password, and sign them out everywhere. WHO is an address or an id.

    \b
        rplay users set-password ann@example.com
        pass show ann | rplay users set-password ann@example.com --password-file -
    """
    from rplay import db
    from rplay.commands.opening import opened, settings
    from rplay.commands.people import password, person
    from rplay.db import password_resets, sessions, users
    from rplay.security import hash_password

    current = settings()
    with opened(current):
        account = person(who)
        hashed = hash_password(password(password_file), current.bcrypt_cost)
        with db.transaction() as tx:
            users.set_password(account.id, hashed, tx)
            ended = sessions.end_all(account.id, tx=tx)
            password_resets.revoke(account.id, tx)
    tell(f"{account.email} has a new password; {ended} sessions ended.")


@users.command()
@click.argument("who")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(who: str, yes: bool) -> None:
    """Delete a user with everything that belongs to them.

    \b
        rplay users delete ann@example.com

    Their talks, feedback and activity are deleted too. WHO is an address or an id.
    """
    from rplay import db
    from rplay.commands.opening import opened, settings
    from rplay.commands.people import person, sure
    from rplay.db import personal_data, simulations

    with opened(settings()):
        account = person(who)
        talks = simulations.stats_of(account.id).total
        sure(f"Remove {account.email} ({account.role}) and their {talks} training talks? This cannot be undone.", yes)
        with db.transaction() as tx:
            personal_data.erase(account.id, tx)
    tell(f"{account.email} is gone, with {talks} training talks.")
