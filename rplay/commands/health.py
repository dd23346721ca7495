"""`rplay health`: what works and what does not."""

import click

from rplay.commands.base import Command, as_json, look, tell

COLUMNS = {"state": "State", "check": "Check", "text": "What was found"}


@click.command(cls=Command)
@click.option("--url", metavar="URL", help="Ask the server that runs there instead of looking here.")
@click.option("--ai", is_flag=True, help="Also ask each AI provider a tiny question, which may cost a little.")
@click.option("--voice", is_flag=True, help="Also have the voice say a word, which may cost a little.")
@as_json
def health(url: str | None, ai: bool, voice: bool, as_json: bool) -> None:
    """Check what works, here or on a running server.

    \b
        rplay health
        rplay health --ai --voice --json
        rplay health --url http://127.0.0.1:3001

    Without --url it checks what this configuration needs: settings, database, migrations, data files, disk, Redis, mail
    server, AI providers and voice. Ends with 3 if a check failed; a warning does not change the exit status. The state
    off means that something is not configured or was not tested.
    """
    from dataclasses import asdict

    from rplay.commands.output import show

    if url and (ai or voice):
        raise click.UsageError("--ai and --voice are for this configuration: leave --url out.")
    if url:
        from rplay.commands import running

        checks = running.look_at(url)
    else:
        from rplay.commands import checks as here

        checks = here.all_of_them(ai, voice)
    show([asdict(check) for check in checks], COLUMNS, as_json)
    failed = [check.check for check in checks if check.state == "failed"]
    if failed:
        tell(f"Failed: {', '.join(failed)}")
        look()
