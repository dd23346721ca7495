"""Creates the embedded PostgreSQL's data and gives them to the account that alone may access them."""

import os
import shutil
from pathlib import Path

from rplay.errors import StartError
from rplay.postgres.embedded_account import Account, hand_over, maker_for, record
from rplay.postgres.embedded_home import clear_socket_folder, make_private, run_as


def ensure_data(home: Path, tools: Path, account: Account | None, durable: bool) -> None:
    """Prepare the data so that the account can start PostgreSQL. No process of the server may be alive."""
    record(home, account)
    data = home / "data"
    if data.exists():
        clear_socket_folder(home, account)
        hand_over(data, account)
    else:
        _make_data(home, tools, account, durable)
    _trust_vector(home, tools, account)


def extensions(home: Path) -> str:
    """Return the value of `extension_control_path`."""
    return f"{_extensions(home)}:$system"


def _make_data(home: Path, tools: Path, account: Account | None, durable: bool) -> None:
    """Create the cluster in another folder and move it into place, so that a killed initdb leaves nothing
    unfinished.
    """
    closed = home / "data.new"
    if closed.exists():
        shutil.rmtree(closed)
    maker = maker_for(account)
    _make_closed(closed, maker)
    fresh = closed / "data"
    make_private(fresh, maker)
    access = ["--username=postgres", "--auth-local=trust", "--auth-host=reject"]
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    initdb: list[str | Path] = [
        tools / "initdb",
        "--no-instructions",
        "-D",
        fresh,
        *access,
        *locale,
        *["--no-sync"] * (not durable),
    ]
    done = run_as(maker, initdb, capture_output=True, text=True)
    if done.returncode:
        raise StartError(f"PostgreSQL could not make {fresh}: {done.stderr.strip()}. Mend that, or set DATABASE_URL.")
    hand_over(fresh, account)
    fresh.rename(home / "data")
    closed.rmdir()


def _make_closed(folder: Path, maker: Account | None) -> None:
    """Create a folder that only `maker` can enter. Others with the same user id cannot, as it also takes the group."""
    folder.mkdir(mode=0o700)
    if maker:
        os.chown(folder, 0, maker.gid)
        folder.chmod(0o710)


def _trust_vector(home: Path, tools: Path, account: Account | None) -> None:
    """Let the owner of a database create pgvector in it, like most extensions. By default only a superuser could."""
    shipped = tools.parent / "share" / "extension"
    control = (shipped / "vector.control").read_text()
    folder = str(shipped).replace("'", "''")
    text = f"{control}\ndirectory = '{folder}'\ntrusted = true\n"
    # The account itself writes the file, as it may have put a link there.
    script = 'mkdir -p "${0%/*}" && printf %s "$1" > "$0"'
    target = _extensions(home) / "extension" / "vector.control"
    done = run_as(account, ["/bin/sh", "-c", script, target, text], capture_output=True, text=True)
    if done.returncode:
        raise StartError(f"PostgreSQL's account cannot write to {home / 'data'}: {done.stderr.strip()}")


def _extensions(home: Path) -> Path:
    return home / "data" / "extensions"
