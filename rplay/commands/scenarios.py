"""`rplay scenarios …`: the scenarios with which learners practise."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rplay.commands.base import Commands, Failed, as_json, tell

if TYPE_CHECKING:
    from rplay.training.scenario import Content

COLUMNS = {
    "name": "Name", "industry": "Industry", "difficulty": "Difficulty", "version": "Version", "id": "Id",
}  # fmt: skip
FILE = click.Path(path_type=Path, dir_okay=False, exists=True, readable=True)


@click.group(cls=Commands)
def scenarios() -> None:
    """Import and export scenarios.

    \b
        rplay scenarios import
        rplay scenarios export scenarios/
    """


@scenarios.command("list")
@as_json
def list_(as_json: bool) -> None:
    """List the scenarios.

    \b
        rplay scenarios list
    """
    from rplay.commands.opening import opened, settings
    from rplay.commands.output import show
    from rplay.db import scenarios

    with opened(settings()):
        found = scenarios.visible(None)
    show(({name: getattr(one, name) for name in COLUMNS} for one in found), COLUMNS, as_json)
    tell(f"{len(found):,} {'scenario' if len(found) == 1 else 'scenarios'}")


@scenarios.command("import")
@click.argument("paths", metavar="[FILES]...", nargs=-1, type=FILE)
def import_(paths: tuple[Path, ...]) -> None:
    """Import scenarios from YAML files.

    \b
        rplay scenarios import
        rplay scenarios import scenarios/*.yaml

    Without files the scenarios shipped with the program are imported. All are checked first and stored together, for
    every trainer to use. If a scenario with the same `key` exists, a changed one becomes its next version; talks keep
    the version with which they began.
    """
    from rplay import db
    from rplay.commands.opening import opened, settings
    from rplay.errors import BadRequest
    from rplay.runtime.data_store import files_of
    from rplay.training import files

    texts = [(str(path), _text(path)) for path in paths] if paths else list(files.shipped())
    current = settings()
    with opened(current):
        data = files_of(current)
        data.lay_out()
        checked = _checked(texts, data.industry_metadata())
        with db.transaction() as tx:
            try:
                done = [(key, files.take_over(key, content, tx)) for key, content in checked.items()]
            except BadRequest as error:
                raise Failed(f"Nothing was taken over: a scenario {error.text}.") from None
    for key, what in done:
        click.echo(f"{key}\t{what}")
    tell(f"{sum(what != 'as it was' for _, what in done)} of {len(done)} new or changed.")


@scenarios.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--force", is_flag=True, help="Put them in place of files that are there.")
def export(folder: Path, force: bool) -> None:
    """Write every scenario into FOLDER, as YAML.

    \b
        rplay scenarios export scenarios/

    The files contain what the clients hide. FOLDER is created if it is missing.
    """
    from rplay.commands.opening import opened, settings
    from rplay.db import scenarios
    from rplay.training import files

    with opened(settings()):
        found = [one for listed in scenarios.visible(None) if (one := scenarios.get(listed.id))]
    texts = {folder / f"{files.key_of(one)}.yaml": files.written(one) for one in found}
    if not force and (there := next((path for path in texts if path.exists()), None)):
        raise Failed(f"{there} is there already: choose another folder, or give --force.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Failed(f"{folder} cannot be written: {error.strerror}.") from None
    tell(f"{len(texts)} written into {folder}.")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeError):
        raise Failed(f"{path} cannot be read as text.") from None


def _checked(texts: list[tuple[str, str]], industries: Mapping[str, Any]) -> "dict[str, Content]":
    from rplay.errors import BadRequest
    from rplay.training import files

    found: dict[str, Content] = {}
    for name, text in texts:
        try:
            key, content = files.parsed(text, industries)
        except BadRequest as error:
            raise Failed(f"Nothing was taken over: {name}: {error.text}.") from None
        if key in found:
            raise Failed(f"Nothing was taken over: {name}: another file has the key {key}.")
        found[key] = content
    return found
