"""The account under which root's embedded PostgreSQL runs, as PostgreSQL refuses to run as root.

It is a user id that no account has: other programs that run as `nobody`, or as any account, could read the data and
open the socket. The id is noted in `account` beside the data. Data that belong to a person stay theirs, so that they
can use them without root.
"""

import grp
import os
import pwd
import secrets
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from rplay.errors import StartError

# systemd's table of user ids leaves this range free, and a rootless container has no ids above 65535.
NUMBERS = range(60706, 61184)
USUAL_NOBODY = 65534


class Account(NamedTuple):
    uid: int
    gid: int


def account_for(home: Path) -> Account | None:
    """Return the account under which to run PostgreSQL; None for the current one."""
    if os.geteuid() != 0:
        return None
    owner = _owner(home / "data")
    if owner and not _must_change(owner):
        return owner
    recorded = _recorded(home)
    return Account(recorded, recorded) if recorded else _unused()


def record(home: Path, account: Account | None) -> None:
    """Note the id beside the data, so that data restored from a copy get it again."""
    if account and account.uid in NUMBERS and _recorded(home) != account.uid:
        note = home / "account"
        note.unlink(missing_ok=True)
        with note.open("x") as file:
            print(account.uid, file=file)
            print("is the number that PostgreSQL runs under here; no account has it.", file=file)


def maker_for(account: Account | None) -> Account | None:
    """Return the account for initdb, which needs an account with a name: `nobody`, in a group with no other members."""
    if account is None or account.uid not in NUMBERS:
        return account
    try:
        return Account(pwd.getpwnam("nobody").pw_uid, account.gid)
    except KeyError as error:
        raise StartError(
            "PostgreSQL does not run as root and there is no account `nobody`: set DATABASE_URL."
        ) from error


def hand_over(folder: Path, account: Account | None) -> None:
    """Give the folder and its contents to the account. If that fails, raise StartError and leave everything
    unchanged.
    """
    former = _owner(folder)
    if account is None or former is None or former.uid == account.uid:
        return
    for path in _inside(folder):
        _check(path, {former.uid, account.uid})
    try:
        _give(folder, account)
    except OSError as error:
        with suppress(OSError):
            _give(folder, former)
        raise StartError(
            f"{folder} belongs to account {former.uid}, as which other programs may run, and cannot be given to "
            f"PostgreSQL alone: {error}. Nothing was changed. Put that right, or set DATABASE_URL."
        ) from error


def _give(folder: Path, account: Account) -> None:
    """Change the owners, that of the folder itself last: until then it belongs to the former owner, so that an
    interrupted change is repeated.
    """
    for _, folders, files, here in os.fwalk(folder, topdown=False):
        for name in (*folders, *files):
            os.chown(name, account.uid, account.gid, dir_fd=here, follow_symlinks=False)
    os.chown(folder, account.uid, account.gid, follow_symlinks=False)


def _check(path: Path, owners: set[int]) -> None:
    """Raise StartError for anything but plain files and folders. The former owner may have put anything there, such
    as a hard link to a file of somebody else.
    """
    found = path.lstat()
    single = stat.S_ISDIR(found.st_mode) or (stat.S_ISREG(found.st_mode) and found.st_nlink == 1)
    if not single or found.st_uid not in owners:
        raise StartError(
            f"{path} is no plain file of the account that the data belong to, so they cannot be given to PostgreSQL "
            "alone. Nothing was changed. Take it away, or set DATABASE_URL."
        )


def _inside(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        yield from (Path(here, name) for name in (*folders, *files))


def _owner(folder: Path) -> Account | None:
    with suppress(FileNotFoundError):
        found = folder.lstat()
        return Account(found.st_uid, found.st_gid)
    return None


def _must_change(owner: Account) -> bool:
    """Return True if the data belong to root (after a copy), to the account `nobody` (from an earlier version), or
    to an id that an account has got meanwhile.
    """
    return owner.uid in (0, _nobody()) or (owner.uid in NUMBERS and _has_name(owner.uid))


def _nobody() -> int:
    try:
        return pwd.getpwnam("nobody").pw_uid
    except KeyError:
        return USUAL_NOBODY


def _recorded(home: Path) -> int | None:
    with suppress(FileNotFoundError, ValueError, IndexError):
        number = int((home / "account").read_text().splitlines()[0])
        return number if number in NUMBERS and not _has_name(number) else None
    return None


def _unused() -> Account:
    running = set(_running())
    free = [number for number in NUMBERS if number not in running and not _has_name(number)]
    if not free:
        raise StartError(f"Every account from {NUMBERS[0]} to {NUMBERS[-1]} is in use: set DATABASE_URL.")
    number = secrets.choice(free)
    return Account(number, number)


def _running() -> Iterator[int]:
    for process in Path("/proc").glob("[0-9]*"):  # macOS has no /proc
        with suppress(OSError):
            yield process.stat().st_uid


def _has_name(number: int) -> bool:
    for known in (pwd.getpwuid, grp.getgrgid):
        with suppress(KeyError):
            known(number)
            return True
    return False
