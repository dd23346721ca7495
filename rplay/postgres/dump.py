"""Backups: the whole database in one file in pg_dump's custom format, restored in one transaction."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import Conninfo

from rplay.db import migrate
from rplay.errors import StartError
from rplay.postgres import embedded

LOCK_SECONDS = 10  # seconds that a restore waits for others who use the tables

# Folders in which packages install several versions side by side; they are searched besides the PATH.
_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
_COMPLAINT = re.compile(r"^.*?(error|ERROR|FATAL): +")
_NAME = re.compile(r"rplay-\d{8}-\d{6}\.dump")
_MAJOR = re.compile(r"(\d+)")

# Objects of extensions stay: they come with the extension, which the account may not be allowed to create.
_OURS = """
    SELECT c.oid, c.relname, c.relkind
      FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace
       AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
       AND NOT EXISTS (SELECT FROM pg_depend d
                        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('e', 'i', 'a'))
"""
_EMPTY_IT = f"""
DO $$
DECLARE ours record;
BEGIN
    FOR ours IN {_OURS} LOOP
        IF to_regclass(format('public.%I', ours.relname)) IS NOT NULL THEN
            EXECUTE format('DROP %s public.%I CASCADE',
                           CASE ours.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                                             WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
                           ours.relname);
        END IF;
    END LOOP;
    FOR ours IN SELECT p.oid::regprocedure AS name FROM pg_proc p
                 WHERE p.pronamespace = 'public'::regnamespace
                   AND NOT EXISTS (SELECT FROM pg_depend d
                                    WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e') LOOP
        EXECUTE format('DROP ROUTINE %s CASCADE', ours.name);
    END LOOP;
END $$;
"""


def name_now() -> str:
    return f"rplay-{datetime.now(UTC):%Y%m%d-%H%M%S}.dump"


def thin_out(folder: Path, keep: int) -> list[Path]:
    """Delete all backups named by `name_now` except the newest `keep`. Return the deleted ones."""
    old = sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))[:-keep]
    for path in old:
        path.unlink()
    return old


def backup(url: str, target: Path) -> None:
    """Write the backup. Raise StartError, and leave no file, if that fails."""
    program = _programs(_server_major(url), "pg_dump")["pg_dump"]
    try:
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    except OSError as error:
        raise StartError(f"Cannot write to {target.parent}: {error.strerror}.") from None
    os.close(descriptor)
    partial = Path(name)
    try:
        # pg_dump needs --file: on stdout it writes the table of contents twice, without the positions of the data.
        command = [program, "--format=custom", "--no-password", f"--file={partial}"]
        done = subprocess.run(command, stderr=subprocess.PIPE, env=_environment(url), check=False)  # noqa: S603
        if done.returncode:
            raise StartError(f"pg_dump failed, and no backup was written: {_reason(done.stderr)}")
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def restore(url: str, source: Path, *, force: bool = False) -> None:
    """Restore the database from the file. If that fails, raise StartError and leave the database unchanged."""
    programs = _programs(_server_major(url), "pg_restore", "psql")
    _check_file(programs["pg_restore"], source)
    if not force and (held := _tables(url)):
        raise StartError(
            f"The database is not empty: it has {', '.join(held[:4])}{' …' if held[4:] else ''}. Restore into a new "
            "database, or give --force to put the backup in the place of everything."
        )
    script = [programs["pg_restore"], "--file=-", "--no-owner", "--no-privileges", "--no-comments", str(source)]
    psql = [programs["psql"], "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(psql, stdin=subprocess.PIPE, stderr=said, env=_environment(url)) as client,  # noqa: S603
    ):
        complete = _feed(client, script)
        status = client.wait()
        said.seek(0)
        if status or not complete:
            why = _reason(said.read()) or f"pg_restore cannot read {source} to its end"
            raise StartError(f"The restore failed, and the database is as it was: {why}")


def _feed(client: "subprocess.Popen[bytes]", script: list[str]) -> bool:
    """Send the statements to psql and commit once all of them were sent. Return False if the input was incomplete;
    without the COMMIT nothing is changed.
    """
    assert client.stdin is not None
    begin = f"BEGIN;\nSET LOCAL lock_timeout = '{LOCK_SECONDS}s';\n{_EMPTY_IT}"
    try:
        with client.stdin as to, subprocess.Popen(script, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reader:  # noqa: S603
            assert reader.stdout is not None
            to.write(begin.encode())
            shutil.copyfileobj(reader.stdout, to)
            complete = reader.wait() == 0
            to.write(b"COMMIT;\n" if complete else b"ROLLBACK;\n")
    except BrokenPipeError:
        return False  # psql has ended and reports why
    return complete


def _check_file(pg_restore: str, source: Path) -> None:
    done = subprocess.run([pg_restore, "--list", str(source)], capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise StartError(f"{source} is no backup that `rplay db backup` made: {_reason(done.stderr)}")


def _tables(url: str) -> list[str]:
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        return sorted(row[1] for row in connection.execute(_OURS.encode()).fetchall())


def _server_major(url: str) -> int:
    with migrate.connected(url) as connection:
        return connection.info.server_version // 10000


def _programs(server: int, *names: str) -> dict[str, str]:
    """Return the paths of these programs in the oldest version that fits the server; older ones refuse to talk to
    it.
    """
    found: dict[int, dict[str, str]] = {}
    for folder in _folders():
        programs = {name: str(folder / name) for name in names if (folder / name).is_file()}
        if len(programs) == len(names):
            found.setdefault(_major(programs[names[0]]), programs)
    fitting = [version for version in sorted(found) if version >= server]
    if not fitting:
        there = f"is of version {max(found)}, which is too old" if found else "is not installed"
        raise StartError(
            f"The server is PostgreSQL {server}, and {names[0]} {there}. Install PostgreSQL's client programs, version "
            f"{server} (on Debian the package postgresql-client-{server}), and put them on the PATH."
        )
    return found[fitting[0]]


def _folders() -> Iterator[Path]:
    for place in os.get_exec_path():
        yield Path(place)
    for pattern in _PLACES:
        yield from Path("/").glob(pattern.removeprefix("/"))
    try:
        yield embedded.binaries()
    except StartError:
        return  # the extra is not installed


def _major(program: str) -> int:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    found = _MAJOR.search(done.stdout)
    return int(found[0]) if found else 0


def _environment(url: str) -> dict[str, str]:
    """Return the address as libpq's environment variables. As an argument every user of the machine could read the
    password.
    """
    variables = {option.keyword.decode(): option.envvar.decode() for option in Conninfo.get_defaults() if option.envvar}
    given = {variables[key]: str(value) for key, value in conninfo_to_dict(url).items() if key in variables}
    return {**os.environ, **given, "PGAPPNAME": "rplay"}


def _reason(stderr: bytes) -> str:
    """Return the first error that pg_dump, pg_restore or psql reported, without the program's name."""
    lines = [line for line in stderr.decode(errors="replace").splitlines() if line.strip()]
    complaints = [line for line in lines if _COMPLAINT.search(line)] or lines or [""]
    return _COMPLAINT.sub("", complaints[0]).strip()
