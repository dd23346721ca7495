"""Addresses of databases as people write them: what is said of them, and that no part of a password is."""

import logging

import psycopg
import pytest

from rplay import db
from rplay.config import load
from rplay.db import migrate
from rplay.db.address import for_driver, reason_of
from rplay.errors import StartError
from tests.tts.running import eventually

URL = "postgresql://app:p%40s@127.0.0.1:9/training"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (URL, URL),
        ("postgres://app@db.example/training?sslmode=require", "postgres://app@db.example/training?sslmode=require"),
        ("postgresql:///training?host=/run/postgresql", "postgresql:///training?host=/run/postgresql"),
        (f"{URL}?ssl=true", f"{URL}?ssl=true"),
        (f"{URL}?pgbouncer=true", URL),
        (f"{URL}?pgbouncer=true&sslmode=require", f"{URL}?sslmode=require"),
        (f"{URL}?sslmode=require&pgbouncer=false", f"{URL}?sslmode=require"),
        ("host=db.example password=a?&", "host=db.example password=a?&"),
    ],
)
def test_a_right_address_goes_to_the_driver(written, read):
    assert for_driver(written) == read


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (f'"{URL}"', "stands in quotes"),
        (f"'{URL}'", "stands in quotes"),
        (f"psql '{URL}'", "is a command"),
        (f"psql {URL}", "is a command"),
        (URL.replace("postgresql", "postgresql+psycopg"), "names a driver"),
        (URL.replace("postgresql", "postgres+asyncpg"), "names a driver"),
        (f"{URL}?connection_limit=1&pgbouncer=true", r"know: connection_limit \(DB_POOL_MAX"),
        (f"{URL}?schema=public", r"know: schema \(options=-csearch_path"),
        (f"{URL}?uselibpqcompat=true&sslmode=prefer", "know: uselibpqcompat. Take"),
        (f"{URL}?pool_timeout=0&statement_cache_size=0", "know: pool_timeout, statement_cache_size. Take"),
        (f"{URL}?sslmode=no-verify", "an sslmode that PostgreSQL does not know"),
        ("postgresql://app:ab@planted@127.0.0.1:9/x", "write @ as %40"),
        ("postgresql://app:ab/planted@127.0.0.1:9/x", "/ as %2F"),
        ("postgresql://app:ab?planted@127.0.0.1:9/x", r"\? as %3F"),
        ("postgresql://app:a@b?planted@127.0.0.1:9/x", r"\? as %3F"),
        ("postgresql://app:a@b/planted?c@127.0.0.1:9/x", r"\? as %3F"),
        ("postgresql://app:planted%@127.0.0.1:9/x", "and % as %25"),
        ("postgresql://app:50%off-planted@127.0.0.1:9/x", "and % as %25"),
        ("jdbc:postgresql://app:planted@127.0.0.1/x", "is not the address of a PostgreSQL database"),
        ("app:planted@127.0.0.1/x", "is not the address of a PostgreSQL database"),
        ("postgresql://app:planted@[127.0.0.1/x", "is not the address of a PostgreSQL database"),
        ("host=db password=a planted", "is not the address of a PostgreSQL database"),
    ],
)
def test_a_wrong_one_is_refused_without_being_shown(written, said):
    with pytest.raises(StartError, match=f"^DATABASE_URL .*{said}") as caught:
        for_driver(written)
    assert "planted" not in str(caught.value)


def test_a_pooler_takes_no_prepared_statements_unless_told():
    assert load({"DATABASE_URL": URL}).db_prepare
    assert not load({"DATABASE_URL": f"{URL}?pgbouncer=true"}).db_prepare
    assert not load({"DATABASE_URL": f"{URL}?a=b&pgbouncer=true&c=d"}).db_prepare
    assert load({"DATABASE_URL": f"{URL}?pgbouncer=false"}).db_prepare
    assert load({"DATABASE_URL": f"{URL}?pgbouncer=true", "DB_PREPARE": "true"}).db_prepare


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("host=planted.invalid", "no server is known by the name of its host"),
        ("host=127.0.0.1 port=9", "nothing listens at its host and port"),
        ("host=/nowhere/planted", "no server has its socket there"),
        ("host=127.0.0.1 port=planted", "a value in its address is none"),
        ("host=127.0.0.1 sslmode=no-verify", 'invalid sslmode value: "no-verify"'),
    ],
)
def test_where_nobody_is_reached_the_host_is_not_shown(host, said):
    with pytest.raises(psycopg.OperationalError) as caught:
        psycopg.connect(f"{host} user=app dbname=x connect_timeout=2")
    assert reason_of(caught.value) == said
    with pytest.raises(StartError, match="The database cannot be reached: ") as stopped:
        migrate.connected(f"{host} user=app dbname=x connect_timeout=2")
    assert "planted" not in str(stopped.value)


def test_what_the_server_says_is_passed_on(postgres):
    with pytest.raises(psycopg.OperationalError) as caught:
        psycopg.connect(psycopg.conninfo.make_conninfo(postgres, dbname="absent"))
    assert reason_of(caught.value) == 'database "absent" does not exist'


def test_the_log_of_the_pool_does_not_show_the_host(caplog):
    with caplog.at_level(logging.WARNING, "psycopg.pool"):
        db.connect("host=planted.invalid user=app dbname=x", size=1)
        try:
            eventually(lambda: "error connecting" in caplog.text)
        finally:
            db.close()
    assert "no server is known by the name of its host" in caplog.text
    assert "planted" not in caplog.text
