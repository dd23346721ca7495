"""Check the database address that an operator entered, and explain failed connections, without showing secrets.

The driver's messages name the host, and when a password contains an @ the end of that password is parsed as part of the
host.
"""

import logging
import re

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import Conninfo

from rplay.errors import StartError

ESCAPES = "in a name or password write @ as %40, / as %2F, ? as %3F, : as %3A and % as %25"

_URL = re.compile(r"postgres(?:ql)?://(?P<rest>.*)", re.DOTALL)
_DRIVER = re.compile(r"postgres(?:ql)?\+\w+://")
# only Prisma knows this parameter; the settings have already read it
_POOLER = re.compile(r"(?<=[?&])pgbouncer=\w*(?:&|$)")
_NAME = re.compile(r"\w{1,40}", re.ASCII)
_INSTEAD = {
    "connection_limit": "DB_POOL_MAX is for that",
    "schema": "options=-csearch_path%3DNAME chooses a schema",
}
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_FATAL = re.compile(r"FATAL:\s+([^\n]+)")
_VALUE = re.compile(r'invalid \w+ value: "[\w-]{1,20}"')
_REASONS = {
    "resolve host": "no server is known by the name of its host",
    "translate host": "no server is known by the name of its host",
    "refused": "nothing listens at its host and port",
    "timeout": "it does not answer",
    "unreachable": "there is no way to its host",
    "route to host": "there is no way to its host",
    "not support SSL": "it does not speak TLS, and sslmode asks for that",
    "certificate": "its certificate is not accepted (sslmode, sslrootcert)",
    "No such file": "no server has its socket there",
    "connection option": "a value in its address is none",
    "port number": "the port in its address is none",
}


def for_driver(text: str) -> str:
    """Return the address in the form that the driver takes. Raise StartError, which quotes nothing of it, if it is
    invalid.
    """
    problem = _problem(text)
    if problem:
        raise StartError(f"DATABASE_URL {problem}.")
    return _POOLER.sub("", text).rstrip("?&") if _URL.match(text) else text


def _problem(text: str) -> str | None:
    if text.startswith(('"', "'")):
        return "stands in quotes, which docker's --env-file keeps: take them away"
    if text.startswith("psql "):
        return "is a command: keep the address alone, without psql and quotes"
    if _DRIVER.match(text):
        return "names a driver: here the address begins with postgresql://"
    url = _URL.match(text)
    if url and _is_torn(url["rest"]):
        return f"has an @ that does not stand between the password and the host: {ESCAPES}"
    return (_misunderstood(url["rest"]) if url else None) or _unreadable(text)


def _is_torn(rest: str) -> bool:
    """Return True if a part of the password may have been parsed as host, port, database or parameter."""
    before = re.split("[/?]", rest, maxsplit=1)[0]
    return rest.count("@") > before.count("@") or rest.count("@") > 1


def _misunderstood(rest: str) -> str | None:
    """Return why libpq would reject the parameters of the address, or None if it would not."""
    given = {name: value for name, _, value in (pair.partition("=") for pair in rest.partition("?")[2].split("&"))}
    known = {option.keyword.decode() for option in Conninfo.get_defaults()} | {"ssl", "pgbouncer"}
    unknown = sorted(name for name in given.keys() - known if _NAME.fullmatch(name))
    if unknown:
        told = ", ".join(f"{name} ({_INSTEAD[name]})" if name in _INSTEAD else name for name in unknown)
        return f"has parameters that PostgreSQL does not know: {told}. Take them out"
    if given.get("sslmode", "prefer") not in _SSL_MODES:
        return f"has an sslmode that PostgreSQL does not know: it knows {', '.join(_SSL_MODES)}"
    return None


def _unreadable(text: str) -> str | None:
    try:
        conninfo_to_dict(_POOLER.sub("", text))
    except psycopg.ProgrammingError:
        return (
            "is not the address of a PostgreSQL database; one looks like postgresql://user:password@host:5432/name;"
            f" {ESCAPES}"
        )
    return None


def reason_of(error: psycopg.OperationalError) -> str:
    """Return why a connection failed or was lost, without naming the host. A message of the server itself is kept."""
    text = str(error)
    said = _FATAL.search(text) or _VALUE.search(text)
    if said:
        return said[said.re.groups].rstrip(".")
    reasons = (reason for words, reason in _REASONS.items() if words in text)
    return next(reasons, "the connection was not made or was lost")


def _without_host(record: logging.LogRecord) -> bool:
    """Remove the host from the driver's messages, which the pool logs at each attempt to connect."""
    if isinstance(record.args, tuple):
        record.args = tuple(reason_of(one) if isinstance(one, psycopg.OperationalError) else one for one in record.args)
    return True


logging.getLogger("psycopg.pool").addFilter(_without_host)
