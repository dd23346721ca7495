"""`rplay models`."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from azure.core.exceptions import ClientAuthenticationError

from rplay import model_end_dates
from rplay.commands import model_list
from rplay.commands.model_list import Configured, examined
from tests.fakes.openai_server import FakeOpenAI

DAY = date(2026, 11, 25)


@pytest.fixture
def fake():
    with FakeOpenAI() as server:
        yield server


def listed(done):
    return {row["purpose"]: row for row in json.loads(done.stdout)}


class TestTheCommand:
    def test_says_that_there_are_none(self, run):
        done = run("models")
        assert (done.exit_code, done.stdout) == (0, "")
        assert "No model is configured: the rehearsal plays the client" in done.stderr

    def test_finds_the_models_that_are_offered(self, run, settings, fake):
        settings(
            OPENAI_BASE_URL=fake.url,
            OPENAI_API_KEY="sk-planted",
            OPENAI_MODEL="some-model",
            OPENAI_TTS_MODEL="some-model",
        )
        done = run("models", "--json")
        assert done.exit_code == 0, done.stdout
        assert {row["state"] for row in json.loads(done.stdout)} == {"ok"}
        assert set(listed(done)) == {"talks", "voice"}
        assert "sk-planted" not in done.output

    def test_names_one_that_is_not_offered(self, run, settings, fake):
        settings(OPENAI_BASE_URL=fake.url, OPENAI_MODEL="gpt-99")
        done = run("models")
        assert done.exit_code == 3
        assert done.stdout.startswith(
            f"failed\ttalks\tgpt-99\t{fake.url}\t\tnot among the 1 that are offered: some-model"
        )

    @pytest.mark.parametrize(
        ("mode", "reason"),
        [
            ("401", "refuses the key (401)"),
            ("503", "GET /models gives 503"),
            ("garbage", "GET /models gives no list of models"),
            ("drop", "cannot be asked (RemoteProtocolError)"),
            ("raw", "GET /models gives no list of models"),
        ],
    )
    def test_says_why_a_server_cannot_be_asked(self, run, settings, fake, mode, reason):
        fake.mode(mode, raw=[b'{"error":"Unexpected endpoint or method. (GET /models)"}'])
        settings(OPENAI_BASE_URL=fake.url)
        done = run("models", "--json")
        assert done.exit_code == 3
        assert listed(done)["talks"]["text"] == reason

    def test_reads_a_list_that_stands_by_itself(self, run, settings, fake):
        fake.mode(
            "raw", raw=[b'[{"id": "gpt-99", "object": "model"}]'], raw_headers={"content-type": "application/json"}
        )
        settings(OPENAI_BASE_URL=fake.url, OPENAI_MODEL="gpt-99")
        assert listed(run("models", "--json"))["talks"]["text"] == "offered"

    @pytest.mark.parametrize(
        ("said", "ends"),
        [
            ("2027-12-01", "2027-12-01"),
            ("2027-12-01T08:00:00Z", "2027-12-01"),
            (1_827_619_200, "2027-12-01"),
            (None, None),
            ("soon", None),
            ([], None),
            (10**30, None),
        ],
    )
    def test_reads_when_a_server_ends_a_model(self, run, settings, fake, said, ends):
        models = {"data": [{"id": "own", "shutdown_date": said}]}
        fake.mode("raw", raw=[json.dumps(models).encode()], raw_headers={"content-type": "application/json"})
        settings(OPENAI_BASE_URL=fake.url, OPENAI_MODEL="own")
        assert listed(run("models", "--json"))["talks"]["ends"] == ends

    def test_asks_the_project_in_azure(self, run, settings, monkeypatch):
        deployment = type("Deployment", (), {"name": "gpt-5.1"})
        deployments = type("Deployments", (), {"list": staticmethod(lambda: [deployment])})
        project = type("Project", (), {"deployments": deployments})
        monkeypatch.setattr("rplay.agents.providers.foundry.sign_in", lambda _endpoint: project)
        settings(AZURE_AI_PROJECT_ENDPOINT="https://x.example")
        found = listed(run("models", "--json"))["talks"]
        assert (found["state"], found["model"], found["ends"]) == ("ok", "gpt-5.1", None)

    def test_says_that_azure_does_not_let_us_in(self, run, settings, monkeypatch):
        def refuse(_endpoint):
            raise ClientAuthenticationError("planted")

        monkeypatch.setattr("rplay.agents.providers.foundry.sign_in", refuse)
        settings(AZURE_AI_PROJECT_ENDPOINT="https://x.example")
        done = run("models", "--json")
        assert listed(done)["talks"]["text"] == "cannot be asked (ClientAuthenticationError)"
        assert "planted" not in done.output

    def test_knows_what_is_not_asked_in_talks(self, run, settings):
        settings(AI_PROVIDERS="local", OPENAI_API_KEY="sk-planted", TTS_PROVIDER="local")
        assert json.loads(run("models", "--json").stdout) == []


class TestEnds:
    """Of OpenAI's own server, which is not asked here."""

    def at_openai(self, model, offered=None, today=DAY):
        one = Configured(
            "talks", model, model_end_dates.OPENAI, lambda: offered or {model: None}, model_end_dates.OPENAI
        )
        found = examined(one, today)
        return found.state, found.ends, found.text

    def test_are_warned_of_from_90_days_before(self):
        assert self.at_openai("gpt-4o", today=date(2026, 10, 15)) == ("ok", "2027-01-14", "offered")
        assert self.at_openai("gpt-4o", today=date(2026, 10, 16))[0] == "warning"
        assert self.at_openai("gpt-4o") == ("warning", "2027-01-14", "ends in 50 days, choose another")
        assert self.at_openai("tts-1-hd") == ("warning", "2027-01-06", "ends in 42 days, choose another")

    def test_are_said_also_when_the_server_cannot_be_asked(self):
        def away():
            raise model_list.NotOffered("cannot be asked (ConnectError)")

        one = Configured("talks", "gpt-4o", model_end_dates.OPENAI, away, model_end_dates.OPENAI)
        assert examined(one, DAY).text == "cannot be asked (ConnectError); ends in 50 days, choose another"

    def test_that_have_come_are_failures(self):
        assert self.at_openai("tts-1", today=date(2027, 1, 5))[0] == "warning"
        assert self.at_openai("tts-1", today=date(2027, 1, 6)) == ("failed", "2027-01-06", "has ended, choose another")

    def test_are_those_of_the_server_where_it_names_them(self):
        told = {"gpt-6-luna": date(2026, 12, 1), "gpt-4o": date(2027, 12, 1)}
        assert self.at_openai("gpt-6-luna", told)[1:] == ("2026-12-01", "ends in 6 days, choose another")
        assert self.at_openai("gpt-4o", told) == ("ok", "2027-12-01", "offered")

    def test_are_not_known_of_others(self):
        assert self.at_openai("gpt-6-luna") == ("ok", None, "offered")

    def test_are_reckoned_from_today(self, monkeypatch):
        ends = {"m": datetime.now(UTC).date() + timedelta(days=3)}
        monkeypatch.setattr(model_end_dates, "VENDORS", [model_end_dates.Vendor("OpenAI", ("api.openai.com",), ends)])
        one = Configured("talks", "m", model_end_dates.OPENAI, lambda: {"m": None}, model_end_dates.OPENAI)
        assert examined(one).text == "ends in 3 days, choose another"
