"""The pool, and the few ways to run a statement.

Connections are autocommit: a statement costs one round trip. `transaction()` gives a connection that several functions
can share through their `tx` argument. A connection is held for the statement or the transaction only.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import orjson
import psycopg
from psycopg import errors
from psycopg.abc import Buffer, PQGen
from psycopg.adapt import Loader
from psycopg.conninfo import make_conninfo
from psycopg.rows import BaseRowFactory, class_row, dict_row, scalar_row
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import ConnectionPool, PoolTimeout
from psycopg_pool import pool as pool_module

from rplay.errors import DatabaseError, Duplicate, Erased

Row = TypeVar("Row")
Result = TypeVar("Result")
Connection = psycopg.Connection[Any]

MARGIN = 2.0  # seconds beyond the server's own time limit after which it is taken for frozen
CONNECT_SECONDS = 2.0  # seconds of trying to connect before the attempt starts afresh

# A list ends where its rows come to so many bytes: 10,000 rows of what people may write are 100 MiB and more.
LIST_BYTES = 16 * 1024 * 1024


def before(row: str, order: str) -> str:
    """For the select of a list: the bytes of the rows that come before this one, as text."""
    return before_of(f"octet_length({row}::text)", order)


def before_of(size: str, order: str) -> str:
    """The same, where a cheaper expression than the whole row as text tells the bytes of a row."""
    return f"""coalesce(sum({size}) OVER (ORDER BY {order} ROWS BETWEEN UNBOUNDED PRECEDING
                     AND 1 PRECEDING), 0)"""


set_json_dumps(orjson.dumps)
set_json_loads(orjson.loads)


class _AsItStands(Loader):
    """What a statement casts from jsonb to json is sent on without being parsed: 50 ms and 40 MB less for 10 MiB."""

    def load(self, data: Buffer) -> orjson.Fragment:
        return orjson.Fragment(bytes(data))


psycopg.adapters.register_loader("json", _AsItStands)

# A greenlet can be ended while it waits for a connection, because its client left or its time is over, and not by an
# Exception. The pool took no notice and gave it one later, which was lost: 50 clients that left emptied it for good.
pool_module.CLIENT_EXCEPTIONS = BaseException  # type: ignore[assignment]


class _Patient(Connection):
    """A connection that gives up on a server that says nothing: its time limits work only while it runs.

    It is left in the middle of the statement, so the pool throws it away.
    """

    patience = 5.0  # seconds

    def wait(self, gen: PQGen[Result], *args: Any, **kwargs: Any) -> Result:
        kwargs.setdefault("timeout", self.patience)
        return super().wait(gen, *args, **kwargs)


_pool: ConnectionPool[_Patient] | None = None


def connect(url: str, *, size: int = 16, prepare: bool = True, statement_timeout: float = 15) -> None:
    """Open the pool of this process. `statement_timeout` in seconds."""
    global _pool
    close()

    def configure(connection: _Patient) -> None:
        connection.prepare_threshold = 5 if prepare else None
        _set_up(connection, statement_timeout)
        connection.patience = statement_timeout + MARGIN

    _pool = ConnectionPool(
        make_conninfo(url, connect_timeout=5, application_name="rplay"),
        connection_class=_Patient,
        kwargs={"autocommit": True},
        min_size=1,
        max_size=size,
        timeout=10,
        max_idle=300,
        reconnect_timeout=CONNECT_SECONDS,
        reconnect_failed=_connect_again,
        configure=configure,
        open=False,
        name="rplay",
    )
    _pool.open()


def _connect_again(pool: ConnectionPool[_Patient]) -> None:
    """Goes on trying once a second. By itself the pool would double its pauses, to 4 s, and then wait to be asked."""
    if not pool.get_stats()["pool_available"]:
        pool.check()  # which asks for a connection where there is none


def _set_up(connection: Connection, statement_timeout: float) -> None:
    """UTC and time limits, by statement: poolers refuse them in the connection's `options`."""
    settings = {"TimeZone": "UTC", "statement_timeout": f"{int(statement_timeout * 1000)}ms"}
    if connection.info.server_version >= 140000:
        # A greenlet that is killed leaves its statement running; the server looks whether we are still there.
        settings["client_connection_check_interval"] = "2s"
    chosen = ", ".join(f"set_config('{name}', %s, false)" for name in settings)
    connection.execute(f"SELECT {chosen}", list(settings.values()), prepare=False)


def close() -> None:
    """Close the pool; safe to call twice."""
    global _pool
    pool, _pool = _pool, None
    if pool is not None:
        pool.close(timeout=5)


def pool() -> ConnectionPool[_Patient]:
    if _pool is None:
        raise DatabaseError("The database pool is not open")
    return _pool


@contextmanager
def transaction() -> Iterator[Connection]:
    """All or nothing: commits at the end of the block, rolls back on an exception."""
    with _translated(), pool().connection() as connection, connection.transaction():
        yield connection


def all_of(cls: type[Row], sql: str, *, tx: Connection | None = None, **params: Any) -> list[Row]:
    """Every row as a `cls`."""
    return _run(class_row(cls), sql, params, tx, lambda cursor: cursor.fetchall())


def one(cls: type[Row], sql: str, *, tx: Connection | None = None, **params: Any) -> Row | None:
    """The first row as a `cls`, or None."""
    return _run(class_row(cls), sql, params, tx, lambda cursor: cursor.fetchone())


def rows(sql: str, *, tx: Connection | None = None, **params: Any) -> list[dict[str, Any]]:
    """Every row as a dict."""
    return _run(dict_row, sql, params, tx, lambda cursor: cursor.fetchall())


def row(sql: str, *, tx: Connection | None = None, **params: Any) -> dict[str, Any] | None:
    """The first row as a dict, or None."""
    return _run(dict_row, sql, params, tx, lambda cursor: cursor.fetchone())


def value(sql: str, *, tx: Connection | None = None, **params: Any) -> Any:
    """The first column of the first row, or None."""
    return _run(scalar_row, sql, params, tx, lambda cursor: cursor.fetchone())


def execute(sql: str, *, tx: Connection | None = None, **params: Any) -> int:
    """Runs a statement; the number of rows it touched."""
    return _run(dict_row, sql, params, tx, lambda cursor: cursor.rowcount)


def _run(
    factory: BaseRowFactory[Row],
    sql: str,
    params: dict[str, Any],
    tx: Connection | None,
    fetch: Callable[[psycopg.Cursor[Row]], Result],
) -> Result:
    with _translated():
        if tx is not None:
            return _execute(tx, factory, sql, params, fetch)
        try:
            with pool().connection() as connection:
                return _execute(connection, factory, sql, params, fetch)
        except psycopg.OperationalError as error:
            if not _lost(error):
                raise
            # After a restart of the server every pooled connection is dead: throw them out, and try a read once more.
            pool().check()
            if not sql.lstrip().upper().startswith("SELECT"):
                raise
            with pool().connection() as connection:
                return _execute(connection, factory, sql, params, fetch)


def _lost(error: psycopg.OperationalError) -> bool:
    """Whether the connection was cut, rather than the statement refused or no answer given in time."""
    if isinstance(error, (PoolTimeout, errors._WaitTimeout)):
        return False
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))


def _execute(
    connection: Connection,
    factory: BaseRowFactory[Row],
    sql: str,
    params: dict[str, Any],
    fetch: Callable[[psycopg.Cursor[Row]], Result],
) -> Result:
    with connection.cursor(row_factory=factory) as cursor:
        cursor.execute(sql.encode(), params or None)
        return fetch(cursor)


@contextmanager
def _translated() -> Iterator[None]:
    """Driver errors become ours here, so that no one above needs to know the driver.

    Only their kind is kept: their texts quote statements, and rows with all that is in them, and would be logged.
    """
    try:
        yield
    except errors.UniqueViolation as error:
        raise Duplicate(error.diag.constraint_name or "unique") from None
    except psycopg.Error as error:
        of_a_user = "user_id" in (error.diag.constraint_name or "")
        belongs_to_nobody = isinstance(error, errors.ForeignKeyViolation) and of_a_user
        raise (Erased if belongs_to_nobody else DatabaseError)(_kind(error)) from None


def _kind(error: psycopg.Error) -> str:
    """`NotNullViolation 23502 users.email`, as much of it as there is."""
    where = ".".join(filter(None, (error.diag.table_name, error.diag.column_name or error.diag.constraint_name)))
    return " ".join(filter(None, (type(error).__name__, error.sqlstate, where)))
