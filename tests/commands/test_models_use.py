"""`rplay models use`."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from rplay import config
from rplay.server import model_servers
from rplay.server.model_servers import KNOWN
from tests.fakes.openai_server import FakeOpenAI

FILE = Path("instance/model.env")


@pytest.fixture
def ollama(monkeypatch):
    """One that runs here and has these models; nothing else does."""
    with FakeOpenAI() as server:

        def has(*names):
            listed = json.dumps({"data": [{"id": name} for name in names]}).encode()
            server.mode("raw", raw=[listed], raw_headers={"content-type": "application/json"})

        monkeypatch.setattr(model_servers.running, "__defaults__", ([replace(KNOWN[0], base_url=server.url)],))
        monkeypatch.setattr(model_servers, "ANSWER_SECONDS", 30)  # on a busy machine a second is soon over
        server.has = has
        yield server


def loaded(**environ):
    return config.load(environ, Path(".env"))


class TestUse:
    @pytest.mark.parametrize("name", ["ollama", "Ollama", "qwen3:8b"])
    def test_names_the_server_and_its_model(self, run, ollama, name):
        ollama.has("qwen3:8b")
        done = run("models", "use", name)
        assert done.exit_code == 0, done.output
        assert done.stderr == (f"{FILE} names qwen3:8b of Ollama. Start the server again, and it plays the client.\n")
        assert (loaded().openai_base_url, loaded().openai_model) == (ollama.url, "qwen3:8b")

    def test_takes_the_place_of_the_one_before(self, run, ollama):
        ollama.has("qwen3:8b", "gemma3")
        run("models", "use", "qwen3:8b")
        run("models", "use", "gemma3")
        assert loaded().openai_model == "gemma3"
        assert [path.name for path in FILE.parent.iterdir()] == [FILE.name]

    def test_lies_where_the_instance_is(self, run, settings, ollama):
        ollama.has("gemma3")
        settings(INSTANCE_DIR="elsewhere")
        run("models", "use", "gemma3")
        assert Path("elsewhere/model.env").exists()
        assert loaded(INSTANCE_DIR="elsewhere").openai_model == "gemma3"
        assert loaded().openai_base_url is None

    def test_wants_a_model_where_there_are_several(self, run, ollama):
        ollama.has("qwen3:8b", "gemma3")
        done = run("models", "use", "ollama")
        assert (done.exit_code, done.stderr) == (
            1,
            "Error: Ollama has several models, so name one: qwen3:8b, gemma3.\n",
        )
        assert not FILE.exists()

    def test_says_what_there_is_instead(self, run, ollama):
        ollama.has("gemma3")
        assert run("models", "use", "lm-studio").stderr == "Error: lm-studio is not here. There is Ollama: gemma3.\n"

    def test_says_where_it_looked(self, run, ollama):
        ollama.has()
        done = run("models", "use", "ollama")
        assert done.exit_code == 1
        assert "Error: No model server answers here: looked for Ollama (http://127.0.0.1:11434/v1), " in done.stderr

    @pytest.mark.parametrize("name", ["OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_KEY_FILE", "OPENAI_MODEL"])
    def test_says_what_wins_over_it(self, run, settings, ollama, name):
        ollama.has("gemma3")
        Path("key").write_text("sk-planted")
        settings(**{name: "http://gpu:8000/v1" if name.endswith("URL") else "key"})
        done = run("models", "use", "gemma3")
        assert done.exit_code == 3
        assert f"But {name} is set, and wins over what stands there." in done.stderr


class TestWhatWasChosen:
    @pytest.fixture(autouse=True)
    def chosen(self, settings):
        FILE.parent.mkdir()
        FILE.write_text("OPENAI_BASE_URL=http://127.0.0.1:11434/v1\nOPENAI_MODEL=gemma3\n")

    def test_counts_where_nothing_else_is_set(self):
        assert loaded(OPENAI_MODEL=" ").openai_model == "gemma3"

    @pytest.mark.parametrize("name", ["OPENAI_API_KEY", "AZURE_AI_PROJECT_ENDPOINT"])
    def test_gives_way_as_a_whole(self, name):
        here = loaded(**{name: "https://x.example"})
        assert (here.openai_base_url, here.openai_model) == (None, "gpt-6-luna")

    def test_gives_way_to_env_files_too(self):
        Path(".env").write_text("OPENAI_BASE_URL=http://gpu:8000/v1\n")
        assert loaded().openai_base_url == "http://gpu:8000/v1"
        assert loaded().openai_model == "gpt-6-luna"

    def test_gives_way_to_a_model_that_is_named(self):
        assert loaded(OPENAI_MODEL="qwen3").openai_model == "qwen3"

    def test_is_not_read_where_only_the_environment_counts(self):
        assert config.load({}).openai_base_url is None

    def test_is_shown_as_the_source(self, run):
        rows = {row["name"]: row for row in json.loads(run("config", "show", "--json").stdout)}
        assert (rows["OPENAI_MODEL"]["value"], rows["OPENAI_MODEL"]["source"]) == ("gemma3", str(FILE))
        assert rows["PORT"]["source"] == "default"
