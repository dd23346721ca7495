"""What admins see of use, cost, opinion and trust."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rplay import db
from rplay.console import charts, costs
from rplay.data import DataFiles, Price
from rplay.db import ai_usage, talk_fidelity
from rplay.db.ai_usage import Use
from rplay.db.insight import AiUse
from rplay.errors import DataFileError
from tests.console.conftest import shown
from tests.judged import review_of, talk_of

NOW = datetime.now(UTC)


@pytest.fixture
def browser(signed_in, admin):
    return signed_in(admin)


@pytest.fixture
def used():
    db.execute("DELETE FROM ai_usage")
    calls = [("openai", "gpt-4o-mini-2024-07-18", "expertGuidance", 1_000_000, 1_000_000, "ok", NOW)]
    calls += [("openai", "gpt-unknown", "expertGuidance", 5, 5, "timeout", NOW)]
    calls += [("local", "rehearsal", "evaluation", 7, 7, "ok", NOW - timedelta(days=20))]
    ai_usage.add(
        [
            Use(at=at.isoformat(), user_id=None, agent=agent, provider=provider, model=model, tokens_in=taken,
                tokens_out=given, first_token_ms=None, ms=1, outcome=outcome)
            for provider, model, agent, taken, given, outcome, at in calls
        ]
    )  # fmt: skip


def answered(score, kind, at=NOW):
    db.execute(
        "INSERT INTO nps_feedback (simulation_id, score, feedback_type, submitted_at) VALUES ('S', %(s)s, %(k)s, %(at)s)",
        s=score,
        k=kind,
        at=at.replace(tzinfo=None),
    )


def csv(browser, name, days=30):
    answer = browser.get(f"/console/insight/{name}.csv?days={days}")
    assert answer.mimetype == "text/csv"
    return answer.data.decode("utf-8-sig").splitlines()


class TestThePage:
    def test_sums_calls_and_their_cost(self, browser, used):
        words = shown(browser.get("/console/insight")).words
        assert "3 calls, $0.75 +" in words
        assert "without 1 call whose price is not known" in words
        assert "not checked against a bill" in words
        assert "openai: gpt-unknown" in words
        assert "rehearsal" not in shown(browser.get("/console/insight?days=7")).words

    def test_as_a_table_too(self, browser, used):
        lines = csv(browser, "ai")
        assert lines[0] == "day,provider,model,agent,calls,failed,tokens_in,tokens_out,cost_usd"
        today = f"{NOW:%Y-%m-%d}"
        assert f"{today},openai,gpt-4o-mini-2024-07-18,expertGuidance,1,0,1000000,1000000,0.75" in lines
        assert f"{today},openai,gpt-unknown,expertGuidance,1,1,5,5," in lines

    def test_says_the_promoters_less_the_detractors(self, browser):
        db.execute("DELETE FROM nps_feedback")
        for score, kind in ((10, "promoter"), (9, "promoter"), (8, "passive"), (3, "detractor")):
            answered(score, kind)
        answered(0, "detractor", NOW - timedelta(days=60))
        assert "Net promoter score: 25 of 4 answers" in " ".join(shown(browser.get("/console/insight")).words.split())
        assert csv(browser, "nps")[1].endswith(",4,2,1,25.0")

    def test_counts_talks_and_people(self, browser, alice, bob):
        db.execute("DELETE FROM simulations")
        for who in (alice, alice, bob):
            talk_of(who, review_of())
        assert csv(browser, "practice")[1].endswith(",3,2")

    def test_says_how_true_clients_are(self, browser, alice):
        talk_fidelity.keep(talk_of(alice, review_of()), 20, 1, 2, 3, 4)
        played_by, talks, *_ = csv(browser, "fidelity")[1].split(",")
        assert played_by == "unknown"
        assert int(talks) >= 1  # those of other tests are measured in the background, maybe only now

    def test_says_nothing_of_few_marks(self, browser):
        assert csv(browser, "agreement")[1].startswith("overall,")

    @pytest.mark.parametrize("query", ["days=0", "days=x", "days=99999999999999"])
    def test_bears_any_question(self, browser, query):
        assert browser.get(f"/console/insight?{query}").status_code == 200
        assert browser.get(f"/console/insight/users.csv?{query}").status_code == 404

    def test_is_for_admins_only(self, signed_in, alice, trainer):
        for who in (alice, trainer):
            for path in ("/console/insight", "/console/insight/ai.csv"):
                assert signed_in(who).get(path).status_code == 403


class TestPrices:
    PRICES = {"gpt-9": Price(input=2, output=10)}

    def use(self, model, provider="openai"):
        return AiUse(date(2026, 1, 1), provider, model, "evaluation", 1, 0, 1_000_000, 100_000)

    def test_hold_for_dated_versions_and_for_no_other_model(self):
        assert costs.cost_of(self.use("gpt-9"), self.PRICES) == 3
        assert costs.cost_of(self.use("gpt-9-2026-03-20"), self.PRICES) == 3
        assert costs.cost_of(self.use("gpt-9-mini"), self.PRICES) is None
        assert costs.cost_of(self.use("rehearsal", "local"), {}) == 0

    def test_come_from_the_folder_of_the_data_files_where_they_are_there(self, tmp_path):
        files = DataFiles(tmp_path)
        assert files.prices()["gpt-4o-mini"].output == 0.6
        assert files.prices_changed() is None
        (tmp_path / "prices.json").write_text('{"own": {"input": 1, "output": 2}}')
        assert files.prices_changed().date() == datetime.now(UTC).date()
        assert files.prices() == {"own": Price(input=1, output=2)}
        (tmp_path / "prices.json").write_text('{"own": {"input": -1}}')
        with pytest.raises(DataFileError):
            files.prices()


@pytest.mark.parametrize(
    ("largest", "top"), [(0, 4), (3, 4), (5, 5), (7, 8), (99, 100), (100, 100), (101, 150), (1234, 1500)]
)
def test_a_chart_of_counts_ends_at_a_round_number(largest, top):
    assert charts.amounts([("a", largest)]).ticks[-1][0] == top


def test_a_year_is_shown_by_week(browser, used):
    page = shown(browser.get("/console/insight?days=365"))
    assert "Calls by week" in page.words
    monday = NOW.date() - timedelta(days=NOW.weekday())
    assert f"{monday:%d.%m.}" in page.words
    assert "Calls by day" in shown(browser.get("/console/insight?days=90")).words


class TestSessions:
    def test_are_listed_and_told_step_by_step(self, browser, alice):
        for kind in ("simulation_load", "message_sent"):
            entry = {"type": kind, "sessionId": "step-by-step", "metadata": {"messageLength": 7}}
            assert alice.post("/api/engagement/log", entry).status_code == 201
        assert "step-by-step" in shown(browser.get("/console/insight/sessions")).words
        page = shown(browser.get("/console/insight/sessions?session=step-by-step")).words
        assert page.index("simulation_load") < page.index("message_sent")
        assert "messageLength: 7" in page
        assert "Nothing was logged" in browser.get("/console/insight/sessions?session=none%00").text
