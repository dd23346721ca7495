"""The application's role on the embedded PostgreSQL: it owns its database and is no superuser.

A superuser can run programs and read files as PostgreSQL's account, so one forgotten quote would expose the machine.
"""

from collections.abc import Callable
from typing import Any

import psycopg

Connection = psycopg.Connection[Any]

NAME = "rplay"  # the name of both the role and its database

_STATE = """
    SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = 'rplay'),
           (SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'rplay')
"""
_CREATE_ROLE = """
    DO $$
    BEGIN
        IF to_regrole('rplay') IS NULL THEN CREATE ROLE rplay; END IF;
        ALTER ROLE rplay LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
    END $$
"""
# What the superuser created in the database, except for what belongs to an extension, a table or PostgreSQL itself.
# `REASSIGN OWNED` does not work for PostgreSQL's first superuser.
_TAKE_OVER = """
    DO $$
    DECLARE one record;
    BEGIN
        FOR one IN
            SELECT format('SCHEMA %I', nspname) AS name
              FROM pg_namespace WHERE nspowner = 10 AND oid >= 16384
             UNION ALL
            SELECT format('TABLE %s', c.oid::regclass)
              FROM pg_class c
             WHERE c.relowner = 10 AND c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
               AND NOT EXISTS (SELECT FROM pg_depend d
                                WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                                  AND d.deptype IN ('e', 'i', 'a'))
             UNION ALL
            SELECT format('ROUTINE %s', p.oid::regprocedure)
              FROM pg_proc p
             WHERE p.proowner = 10 AND p.oid >= 16384
               AND NOT EXISTS (SELECT FROM pg_depend d
                                WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
             UNION ALL
            SELECT format('TYPE %s', t.oid::regtype)
              FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
             WHERE t.typowner = 10 AND t.oid >= 16384
               AND (t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c')
               AND NOT EXISTS (SELECT FROM pg_depend d
                                WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
             UNION ALL
            SELECT format('LARGE OBJECT %s', oid) FROM pg_largeobject_metadata WHERE lomowner = 10
        LOOP
            EXECUTE format('ALTER %s OWNER TO rplay', one.name);
        END LOOP;
        ALTER DATABASE rplay OWNER TO rplay;
    END $$
"""


def ensure(connection: Connection, connect: Callable[[str], Connection]) -> None:
    """Create the role and its database, or give it a database that an earlier version created as superuser. This is all
    or nothing.

    `connection` belongs to a superuser; `connect` returns a superuser's connection to the database with this name.
    """
    connection.autocommit = True
    state = connection.execute(_STATE).fetchone()
    superuser, owner = state or (None, None)
    if superuser is not False:
        connection.execute(_CREATE_ROLE)
    if owner is None:
        connection.execute("CREATE DATABASE rplay OWNER rplay")
    elif owner != NAME:
        with connect(NAME) as database, database.transaction():
            database.execute("SET LOCAL client_min_messages = warning")
            database.execute("SET LOCAL lock_timeout = '10s'")
            database.execute(_TAKE_OVER)
