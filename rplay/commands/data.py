"""`rplay data …`: the data files that admins edit."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rplay.commands.base import Commands, Failed, tell

if TYPE_CHECKING:
    from rplay.config import Settings
    from rplay.data import DataFiles, Name

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group(cls=Commands)
def data() -> None:
    """Import and export the data files, such as rubrics.

    \b
        DATA_STORE=database rplay data import instance/data
    """


@data.command("import")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True, readable=True))
def import_(folder: Path) -> None:
    """Import the data files in FOLDER.

    \b
        DATA_STORE=database rplay data import instance/data

    They replace the files that the servers use, where DATA_STORE says; running servers notice the change. All files are
    checked first and stored together. Files that FOLDER does not contain stay as they are.
    """
    from rplay.commands.opening import settings

    contents = _read(folder)
    current = settings()
    with ExitStack() as stack:
        files = _opened(current, stack)
        changed = [name for name, content in contents.items() if not _is_same(files.raw(name), content)]
        for name in changed:
            there = stack.enter_context(files.change(name))
            there.clear()
            there.extend(contents[name]) if isinstance(there, list) else there.update(contents[name])
    for name in changed:
        click.echo(name)
    tell(f"{len(changed)} of {len(contents)} {'is' if len(changed) == 1 else 'are'} other than before.")


@data.command()
@click.argument("folder", type=FOLDER)
@click.option("--force", is_flag=True, help="Put them in place of files that are there.")
def export(folder: Path, force: bool) -> None:
    """Write the data files into FOLDER.

    \b
        rplay data export backups/data

    These are the files that the servers use, where DATA_STORE says. FOLDER is created if it is missing.
    """
    from rplay.commands.opening import settings
    from rplay.data import NAMES

    targets = {name: folder / f"{name}.json" for name in NAMES}
    if not force and (there := next((path for path in targets.values() if path.exists()), None)):
        raise Failed(f"{there} is there already: choose another folder, or give --force.")
    with ExitStack() as stack:
        files = _opened(settings(), stack)
        contents = {name: files.raw(name) for name in NAMES}
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in targets.items():
        path.write_bytes(contents[name])
        click.echo(path)


def _read(folder: Path) -> dict["Name", Any]:
    """Return the contents by name. Raise Failed if a file is not valid."""
    import orjson

    from rplay.data import NAMES, misfit

    contents: dict[Name, Any] = {}
    for name in NAMES:
        path = folder / f"{name}.json"
        if not path.exists():
            continue
        try:
            contents[name] = orjson.loads(path.read_bytes())
        except orjson.JSONDecodeError as error:
            raise Failed(f"{path} is not JSON: {error}. Nothing was changed.") from None
        if reason := misfit(name, contents[name]):
            raise Failed(f"{path} does not hold what it should: {reason}. Nothing was changed.")
    if not contents:
        raise Failed(f"{folder} has none of {', '.join(f'{name}.json' for name in NAMES)}.")
    return contents


def _opened(settings: "Settings", stack: ExitStack) -> "DataFiles":
    """Open the data files where they are stored, with a database connection if needed."""
    from rplay.commands.opening import opened
    from rplay.runtime.data_store import files_of

    if settings.data_store == "database":
        stack.enter_context(opened(settings))
    files = files_of(settings)
    files.lay_out()
    return files


def _is_same(raw: bytes, content: Any) -> bool:
    """Return True if the content is the same, including the order of its keys, which matters."""
    import orjson

    return orjson.dumps(orjson.loads(raw)) == orjson.dumps(content)
