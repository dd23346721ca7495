"""`rplay config …`."""

import json
from pathlib import Path

import pytest

from rplay.agents import meaning
from rplay.config import Settings

SECRETS = {
    "OPENAI_API_KEY": "sk-planted",
    "TTS_API_KEY": "planted",
    "EMAIL_PASSWORD": "planted",
    "AZURE_AI_API_KEY": "planted",
    "DATABASE_URL": "postgresql://rplay:planted@db.example:5432/training?sslmode=require",
    "OPENAI_BASE_URL": "https://me:planted@gpu.example/v1",
}


def listed(done):
    return {row["name"]: row for row in json.loads(done.stdout)}


class TestShow:
    def test_has_every_setting(self, run):
        assert list(listed(run("config", "show", "--json"))) == [name.upper() for name in Settings.model_fields]

    def test_shows_no_secret(self, run, settings):
        settings(**SECRETS)
        for words in ([], ["--json"]):
            assert "planted" not in run("config", "show", *words).output
        shown = listed(run("config", "show", "--json"))
        assert shown["OPENAI_API_KEY"]["value"] == "********"
        assert shown["DATABASE_URL"]["value"] == "postgresql://rplay:********@db.example:5432/training?********"
        assert shown["OPENAI_BASE_URL"]["value"] == "https://********@gpu.example/v1"

    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            ("https://gpu.example/v1?api-key=planted", "https://gpu.example/v1?********"),
            ("https://planted@gpu.example/v1", "https://********@gpu.example/v1"),
            ("https://planted:@gpu.example/v1", "https://********@gpu.example/v1"),
            ("https://planted:x-oauth-basic@gpu.example/v1", "https://********@gpu.example/v1"),
            ("https://me:plan/planted@gpu.example/v1", "https://********@gpu.example/v1"),
            ("https://me:a@planted/planted@gpu.example/v1", "https://********@gpu.example/v1"),
            ("https://me:?planted@gpu.example/v1", "https://********@gpu.example/v1"),  # read as a query
            ("https://gpu.example/v1#planted", "https://gpu.example/v1?********"),
            ("https://gpu.example:8000/v1", "https://gpu.example:8000/v1"),
        ],
    )
    @pytest.mark.parametrize("name", ["OPENAI_BASE_URL", "TTS_BASE_URL", "AZURE_AI_PROJECT_ENDPOINT"])
    def test_shows_of_an_address_what_is_no_secret(self, run, settings, name, given, shown):
        settings(**{name: given})
        done = run("config", "show", "--json")
        if name.endswith("BASE_URL") and ("?" in given or "#" in given):
            assert (done.exit_code, "planted" in done.output) == (1, False)
            assert "it must hold no query" in done.stderr
        else:
            assert listed(done)[name]["value"] == shown

    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            ("postgresql://rplay:pl@nted@db.example/training", "postgresql://rplay:********@db.example/training"),
            ("postgres://rplay:?planted@db.example/training", "postgres://rplay:********@db.example/training"),
            ("postgresql://rplay@/training?host=/run&password=planted", "postgresql://rplay@/training?********"),
            ("postgresql://rplay@/training?a=planted@b", "postgresql://********@b"),
            ("host=db.example password=planted", "********"),
        ],
    )
    def test_shows_of_the_databases_address_who_signs_in(self, run, settings, given, shown):
        settings(DATABASE_URL=given)
        assert listed(run("config", "show", "--json"))["DATABASE_URL"]["value"] == shown

    @pytest.mark.parametrize("name", ["APP_URL", "CORS_ORIGINS"])
    def test_refuses_an_address_with_an_account_without_showing_it(self, run, settings, name):
        settings(**{name: "https://planted@a.example"})
        done = run("config", "show")
        assert done.exit_code == 1
        assert "planted" not in done.output

    def test_says_where_each_comes_from(self, run, settings):
        Path(".env").write_text("PORT=4000\nHOST=0.0.0.0\nEMAIL_HOST=\n")
        Path("key").write_text("sk-planted\n")
        settings(HOST="127.0.0.2", OPENAI_API_KEY_FILE="key")
        shown = listed(run("config", "show", "--json"))
        assert (shown["PORT"]["value"], shown["PORT"]["source"]) == ("4000", ".env")
        assert (shown["HOST"]["value"], shown["HOST"]["source"]) == ("127.0.0.2", "environment")
        assert (shown["OPENAI_API_KEY"]["value"], shown["OPENAI_API_KEY"]["source"]) == ("********", "file key")
        assert (shown["EMAIL_HOST"]["value"], shown["EMAIL_HOST"]["source"]) == (None, "default")

    def test_shows_values_as_one_types_them(self, run, settings):
        settings(LOCAL_TYPING="0.6-1.2", AI_PROVIDERS="openai, local", TRUSTED_PROXIES="10.0.0.0/8")
        shown = listed(run("config", "show", "--json"))
        assert shown["LOCAL_TYPING"]["value"] == "0.6-1.2"
        assert shown["AI_PROVIDERS"]["value"] == "openai,local"
        assert shown["TRUSTED_PROXIES"]["value"] == "10.0.0.0/8"
        assert shown["DB_PREPARE"]["value"] == "true"


class TestCheck:
    def test_has_nothing_to_say_of_a_first_look(self, run):
        done = run("config", "check")
        assert (done.exit_code, done.stdout, done.stderr) == (0, "", "Nothing to say against these settings.\n")

    @pytest.mark.parametrize(
        ("given", "reason"),
        [
            ({"PORT": "many"}, "The setting PORT has a bad value (it is 'many')"),
            ({"DATABASE_URL": "postgresq://rplay:planted@db/x"}, "DATABASE_URL is not the address"),
            ({"DATABASE_URL": "postgresql://rplay:a@planted@db/x"}, "DATABASE_URL has an @ that does not stand"),
            ({"DATABASE_URL": "postgresql://rplay:planted@db/x?schema=a"}, "DATABASE_URL has parameters"),
            (
                {"EMAIL_CA_FILE": "nowhere"},
                "The setting EMAIL_CA_FILE has a bad value (it is 'nowhere'): it cannot be read",
            ),
            ({"EMAIL_CA_FILE": "/etc/passwd"}, "The setting EMAIL_CA_FILE has a bad value"),
            ({"CORS_ORIGINS": "https://*.example.com"}, "The setting CORS_ORIGINS has a bad value"),
            ({"CORS_ORIGINS": "*"}, "The setting CORS_ORIGINS has a bad value"),
            ({"OPENAI_API_KEY_FILE": "nowhere"}, "OPENAI_API_KEY_FILE names nowhere, which cannot be read"),
            ({"TTS_PROVIDER": "openai"}, "TTS_PROVIDER is openai and there is no key"),
            ({"TTS_VOICES": "robot=x"}, "The setting TTS_VOICES has a bad value (it is 'robot=x')"),
            ({"AI_PROVIDERS": "openai"}, "AI_PROVIDERS names openai and there is neither"),
            ({"OPENAI_BASE_URL": "http://planted/v1?api-version=1"}, "The setting OPENAI_BASE_URL has a bad value: it"),
            ({"AI_PROVIDERS": "azure"}, "AI_PROVIDERS names azure and AZURE_AI_PROJECT_ENDPOINT is not set"),
        ],
    )
    def test_ends_with_3_on_what_cannot_be_right(self, run, settings, given, reason):
        settings(**given)
        done = run("config", "check")
        assert done.exit_code == 3
        assert f"failed\t{reason}" in done.stdout
        assert "planted" not in done.output

    @pytest.mark.parametrize("name", ["OPENAI_BASE_URL", "TTS_BASE_URL"])
    def test_warns_of_an_address_without_a_path(self, run, settings, name):
        settings(**{name: "http://me:planted@gpu:11434/", "LOCAL_MEANING": "false"})
        assert run("config", "check").stdout == (
            f"warning\t{name} names a host without a path: most servers answer under /v1 only.\n"
        )

    @pytest.mark.parametrize(
        "given",
        [
            {"EMAIL_PORT": "587", "EMAIL_SECURE": "true"},
            {"EMAIL_USER": "me"},
            {"EMAIL_TLS_VERIFY": "false"},
            {"EMAIL_FROM": "müller@example.com"},
        ],
    )
    def test_warns_of_a_mail_server_that_cannot_be_used_so(self, run, settings, given):
        settings(EMAIL_HOST="mail.example.com", **given)
        assert f"warning\t{list(given)[-1]}" in run("config", "check").stdout.replace("EMAIL_PASSWORD", "EMAIL_USER")

    def test_names_a_file_that_is_no_text(self, run):
        Path(".env").write_bytes("PORT=4000\n".encode("utf-16"))
        done = run("config", "check")
        assert (done.exit_code, done.stdout) == (3, "failed\t.env cannot be read: it is not UTF-8 text.\n")

    def test_knows_settings_whose_own_name_ends_with_file(self, run, settings):
        Path("ca.pem").write_text("-----BEGIN CERTIFICATE-----")
        Path(".env").write_text("EMAIL_CA_FILE=ca.pem\n")
        assert run("config", "check").stdout == ""

    def test_warns_where_the_rehearsal_cannot_go_by_meaning(self, run, monkeypatch):
        monkeypatch.setattr(meaning, "installed", lambda: False)
        assert (
            "warning\tLOCAL_MEANING is true, and neither extra `voice` nor `local` is installed"
            in run("config", "check").stdout
        )

    def test_warns_of_what_one_may_not_want_in_production(self, run, settings):
        settings(NODE_ENV="production", LEGACY_FRONTEND="true", RATE_LIMIT_ENABLED="false")
        done = run("config", "check")
        assert done.exit_code == 0
        for name in ("DATABASE_URL", "APP_URL", "EMAIL_HOST", "LEGACY_FRONTEND", "RATE_LIMIT_ENABLED", "BCRYPT_COST"):
            assert f"warning\t{name} is " in done.stdout
        assert "warning\tNo model is configured" in done.stdout

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "rplay.example"])
    def test_warns_of_what_others_must_not_reach(self, run, settings, host):
        settings(HOST=host, OPENAI_API_KEY="sk-planted")
        said = run("config", "check").stdout
        assert f"warning\tHOST is {host}, and whoever has read the README signs in as admin@example.com" in said
        assert f"warning\tHOST is {host}, and LEGACY_FRONTEND is on and an AI or a voice that costs money" in said

    @pytest.mark.parametrize(
        "safe",
        [
            {"HOST": "127.0.0.1"},
            {"HOST": "::1"},
            {"HOST": "localhost"},
            {"LEGACY_FRONTEND": "false", "DATABASE_URL": "postgresql://db/x"},
        ],
    )
    def test_does_not_warn_where_nobody_gets_in(self, run, settings, safe):
        settings(**{"HOST": "0.0.0.0", "OPENAI_API_KEY": "sk-planted", **safe})
        assert "HOST" not in run("config", "check").stdout

    def test_names_what_nothing_reads(self, run):
        Path(".env").write_text("OPENAI_KEY=planted\nOPENAI_API_KEY_FILE=\n")
        done = run("config", "check")
        assert done.stdout == "warning\t.env sets OPENAI_KEY, which is no setting of rplay: .env.sample lists them.\n"
