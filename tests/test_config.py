"""Settings from the environment, a file and secrets in files."""

from pathlib import Path

import pytest

from rplay.config import Settings, load
from rplay.errors import StartError


def test_defaults_follow_one_another():
    settings = load({"APP_URL": "https://train.example.com/", "INSTANCE_DIR": "/srv/rplay"})
    assert settings.app_url == "https://train.example.com"
    assert settings.cors_origins == ["https://train.example.com", "http://localhost:3000", "http://localhost:3002"]
    assert settings.data_dir == Path("/srv/rplay/data")


@pytest.mark.parametrize(
    ("env", "legacy"),
    [({}, True), ({"NODE_ENV": "production"}, False), ({"NODE_ENV": "production", "LEGACY_FRONTEND": "true"}, True)],
)
def test_the_existing_frontend_is_served_outside_production(env, legacy):
    assert load(env).legacy_frontend is legacy


def test_the_environment_wins_over_the_file(tmp_path):
    (tmp_path / ".env").write_text("PORT=4000\nLOG_LEVEL=debug\n")
    settings = load({"PORT": "5000"}, tmp_path / ".env")
    assert (settings.port, settings.log_level) == (5000, "debug")


def test_production_knows_no_origins_of_a_developers_machine():
    production = {"NODE_ENV": "production", "APP_URL": "https://Train.example.com:443/app/"}
    assert load(production).cors_origins == ["https://train.example.com"]
    own = load({**production, "CORS_ORIGINS": "https://a.example,http://localhost:3000"})
    assert own.cors_origins == ["https://a.example", "http://localhost:3000"]


def test_origins_are_written_as_browsers_write_them():
    given = "https://A.example/, http://b.example:80,https://b.example:8443, http://[::1]:3000,https://bücher.example"
    assert load({"CORS_ORIGINS": f"{given},https://a.example"}).cors_origins == [
        "https://a.example",
        "http://b.example",
        "https://b.example:8443",
        "http://[::1]:3000",
        "https://xn--bcher-kva.example",
    ]


def test_an_empty_value_counts_as_not_set():
    assert load({"PORT": "", "OPENAI_API_KEY": " "}) == Settings.model_validate({})


def test_a_secret_is_read_from_a_file(tmp_path):
    (tmp_path / "key").write_text("sk-from-file\n")
    settings = load({"OPENAI_API_KEY_FILE": str(tmp_path / "key")})
    assert settings.openai_api_key is not None
    assert settings.openai_api_key.get_secret_value() == "sk-from-file"
    assert "sk-from-file" not in repr(settings)


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"PORT": "abc"}, "The setting PORT has a bad value \\(it is 'abc'\\)"),
        ({"PORT": "70000"}, "The setting PORT has a bad value"),
        ({"NODE_ENV": "prod"}, "NODE_ENV .*'prod'.* 'development', 'production' or 'test'"),
        ({"NODE_ENV": "Production"}, "NODE_ENV .*'Production'"),
        ({"CORS_ORIGINS": "*"}, "CORS_ORIGINS .* every page .* name the origins"),
        ({"CORS_ORIGINS": "https://a.example/app"}, "CORS_ORIGINS .* is no origin"),
        ({"CORS_ORIGINS": "a.example"}, "CORS_ORIGINS .* is no origin"),
        ({"CORS_ORIGINS": "http://a:x"}, "CORS_ORIGINS"),
        ({"APP_URL": "http://[a"}, "."),
        ({"NODE_ENV": "x", "BCRYPT_COST": "3"}, "The setting BCRYPT_COST"),
        ({"AI_PROVIDERS": "openai,ollama"}, "AI_PROVIDERS names ollama; known are azure, openai and local"),
        ({"OPENAI_BASE_URL": "https://x.example/openai?api-version=2024-10-21"}, "OPENAI_BASE_URL .* no query"),
        ({"OPENAI_BASE_URL": "http://gpu/v1/chat/completions/"}, "it ends before /chat/completions"),
        ({"TTS_BASE_URL": "http://gpu/v1/audio/speech"}, "TTS_BASE_URL .* it ends before /audio/speech"),
        ({"TTS_VOICES": "alloy"}, "TTS_VOICES .* alloy is not one of alloy, echo, .*, = and a name"),
        ({"TTS_VOICES": "robot=x"}, "robot=x is not one of"),
        ({"TRUSTED_PROXIES": "10.0.0.0/99"}, "The setting TRUSTED_PROXIES"),
        ({"LOCAL_TYPING": "soon"}, "The setting LOCAL_TYPING"),
        ({"OPENAI_API_KEY_FILE": "/no/such/file"}, "OPENAI_API_KEY_FILE names /no/such/file, which cannot be read"),
    ],
)
def test_a_bad_value_stops_the_start_and_is_named(env, sentence):
    with pytest.raises(StartError, match=sentence):
        load(env)


def test_a_bad_secret_is_not_shown():
    with pytest.raises(StartError) as stopped:
        load({"OPENAI_BASE_URL": "ftp://user:hunter2@example.com"})
    assert "OPENAI_BASE_URL" in str(stopped.value)
    assert "hunter2" not in str(stopped.value)


@pytest.mark.parametrize("given", [{}, {"EMAIL_SECURE": "false"}, {"EMAIL_SECURE": ""}])
def test_port_465_means_tls_from_the_first_byte(given):
    assert load({"EMAIL_PORT": " 465 ", **given}).email_secure
    assert not load({"EMAIL_PORT": "587", **given}).email_secure
