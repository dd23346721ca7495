"""The connection pool, and the functions that run SQL statements.

Connections are in autocommit mode, so a statement costs one round trip. `transaction()` yields a connection that
several functions can share through their `tx` argument. A connection is held only while its statement or transaction
runs.
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

MARGIN = 2.0  # seconds past the server's own time limit after which the server is considered frozen
CONNECT_SECONDS = 2.0  # seconds after which a connection attempt is abandoned and started afresh

# A list is cut off where its rows reach this many bytes: 10,000 rows of user-written text can be 100 MiB and more.
LIST_BYTES = 16 * 1024 * 1024


def before(row: str, order: str) -> str:
    """Return SQL for the select list of a query: how many bytes the rows before this one take as text."""
    return before_of(f"octet_length({row}::text)", order)


def before_of(size: str, order: str) -> str:
    """Like `before`, with an SQL expression `size` for a row's bytes that is cheaper than casting the whole row to
    text.
    """
    return f"""coalesce(sum({size}) OVER (ORDER BY {order} ROWS BETWEEN UNBOUNDED PRECEDING
                     AND 1 PRECEDING), 0)"""


set_json_dumps(orjson.dumps)
set_json_loads(orjson.loads)


class _AsItStands(Loader):
    """Pass on columns cast to `json` without parsing them. This saves 50 ms and 40 MB for 10 MiB."""

    def load(self, data: Buffer) -> orjson.Fragment:
        return orjson.Fragment(bytes(data))


psycopg.adapters.register_loader("json", _AsItStands)

# A greenlet that waits for a connection can be killed (client gone, time limit reached) by something that is not an
# Exception. The pool did not notice and later handed it a connection, which was lost: 50 clients that left emptied the
# pool for good.
pool_module.CLIENT_EXCEPTIONS = BaseException  # type: ignore[assignment]


class _Patient(Connection):
    """A connection that gives up on a server that no longer answers.

    The server's own time limits only work while the server runs. The connection is abandoned in the middle of the
    statement, so the pool discards it.
    """

    patience = 5.0  # seconds

    def wait(self, gen: PQGen[Result], *args: Any, **kwargs: Any) -> Result:
        kwargs.setdefault("timeout", self.patience)
        return super().wait(gen, *args, **kwargs)


_pool: ConnectionPool[_Patient] | None = None


def connect(url: str, *, size: int = 16, prepare: bool = True, statement_timeout: float = 15) -> None:
    """Open the connection pool of this process. `statement_timeout` is in seconds."""
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
    """Retry once a second. Left alone, the pool would double its pauses up to 4 s and then stop until somebody asks
    for a connection.
    """
    if not pool.get_stats()["pool_available"]:
        pool.check()  # `check` asks for a connection when the pool has none


def _set_up(connection: Connection, statement_timeout: float) -> None:
    """Set the time zone to UTC and the time limits with a statement, as poolers refuse them in the connection's
    `options`.
    """
    settings = {"TimeZone": "UTC", "statement_timeout": f"{int(statement_timeout * 1000)}ms"}
    if connection.info.server_version >= 140000:
        # Killing a greenlet leaves its statement running on the server; with this setting the server checks whether the
        # client is still connected.
        settings["client_connection_check_interval"] = "2s"
    chosen = ", ".join(f"set_config('{name}', %s, false)" for name in settings)
    connection.execute(f"SELECT {chosen}", list(settings.values()), prepare=False)


def close() -> None:
    """Close the pool. Closing it twice is harmless."""
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
    """Open a transaction: commit at the end of the block, roll back on an exception."""
    with _translated(), pool().connection() as connection, connection.transaction():
        yield connection


def all_of(cls: type[Row], sql: str, *, tx: Connection | None = None, **params: Any) -> list[Row]:
    return _run(class_row(cls), sql, params, tx, lambda cursor: cursor.fetchall())


def one(cls: type[Row], sql: str, *, tx: Connection | None = None, **params: Any) -> Row | None:
    """Return the first row as a `cls`, or None."""
    return _run(class_row(cls), sql, params, tx, lambda cursor: cursor.fetchone())


def rows(sql: str, *, tx: Connection | None = None, **params: Any) -> list[dict[str, Any]]:
    return _run(dict_row, sql, params, tx, lambda cursor: cursor.fetchall())


def row(sql: str, *, tx: Connection | None = None, **params: Any) -> dict[str, Any] | None:
    """Return the first row as a dict, or None."""
    return _run(dict_row, sql, params, tx, lambda cursor: cursor.fetchone())


def value(sql: str, *, tx: Connection | None = None, **params: Any) -> Any:
    """Return the first column of the first row, or None."""
    return _run(scalar_row, sql, params, tx, lambda cursor: cursor.fetchone())


def execute(sql: str, *, tx: Connection | None = None, **params: Any) -> int:
    """Run a statement and return the number of affected rows."""
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
            # After a restart of the server every pooled connection is dead. Discard them all, and retry the statement
            # once if it only reads.
            pool().check()
            if not sql.lstrip().upper().startswith("SELECT"):
                raise
            with pool().connection() as connection:
                return _execute(connection, factory, sql, params, fetch)


def _lost(error: psycopg.OperationalError) -> bool:
    """Return True if the connection was cut, False if the statement was refused or timed out."""
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
    """Translate driver errors into errors of rplay, so that callers need not know the driver.

    Only the kind of error is kept: the driver's messages quote statements and whole rows, which would end up in the
    log.
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
    """Describe an error as `NotNullViolation 23502 users.email`, leaving out the parts that are unknown."""
    where = ".".join(filter(None, (error.diag.table_name, error.diag.column_name or error.diag.constraint_name)))
    return " ".join(filter(None, (type(error).__name__, error.sqlstate, where)))
