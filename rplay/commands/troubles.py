"""Translates errors into a sentence for the operator. Errors that are bugs have none, so that their traceback is
shown.
"""

import errno

import psycopg
from psycopg import errors
from psycopg_pool import PoolTimeout

from rplay.db.address import reason_of
from rplay.errors import DatabaseError, RplayError

OWNER = "Put the account that owns the database into DATABASE_URL, or grant this one what it needs."
GONE = "Check DATABASE_URL and that the server is running, then run the command again."


def sentence_of(error: Exception) -> str | None:
    # The driver's messages are kept out of logs, but an operator who has the database password may see them.
    cause = error.__context__ if isinstance(error, DatabaseError) else error
    if isinstance(cause, psycopg.Error):
        return _of_database(cause)
    if isinstance(error, RplayError):
        return str(error)
    # EPIPE means that the reader of the output has gone; click then ends quietly
    if isinstance(error, OSError) and error.errno != errno.EPIPE:
        return f"{error.filename or 'The input or output'}: {error.strerror or error}."
    if isinstance(error, UnicodeDecodeError):
        return "The input is not UTF-8 text."
    return None


def _words_of(error: psycopg.Error) -> str:
    """Return the first line of the driver's message. Later lines may quote user input."""
    if isinstance(error, psycopg.OperationalError):
        return reason_of(error)
    return str(error).strip().partition("\n")[0] or type(error).__name__


def _of_database(error: psycopg.Error) -> str:
    reason = (error.diag.message_primary or _words_of(error)).rstrip(".")
    if isinstance(error, errors.InsufficientPrivilege):
        return f"The database account may not do this: {reason}. {OWNER}"
    if isinstance(error, errors.UndefinedTable | errors.UndefinedColumn):
        return f"The database is not as this version expects it: {reason}. See `rplay db status`."
    if isinstance(error, errors.LockNotAvailable):
        return "Somebody else uses the database, and it stayed as it was. Stop the servers, then run the command again."
    if isinstance(error, errors.QueryCanceled):
        return f"The database gave up: {reason}. DB_STATEMENT_TIMEOUT gives it more time."
    if isinstance(error, PoolTimeout):
        return f"The database does not answer any more. {GONE}"
    if isinstance(error, psycopg.OperationalError):
        return f"The connection to the database failed: {reason}. {GONE}"
    return f"The database refused: {reason}."
