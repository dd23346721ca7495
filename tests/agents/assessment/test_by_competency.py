"""A review with a call for each competency: what is sent over HTTP, and what is made of the answers."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from fakes.openai_server import FakeOpenAI

from agents.scripted import Scripted
from rplay.agents.assessment import by_competency
from rplay.agents.chain import Chain
from rplay.agents.evaluation import review
from rplay.agents.persona.life import Life, Objection, Subject
from rplay.agents.providers.openai import OpenAIProvider
from rplay.agents.types import Message, Transcript
from rplay.data import DataFiles
from rplay.errors import AIRefused

MESSAGES: list[Message] = [
    {"role": "assistant", "content": "Hello, I'm Ana. I'd like to talk about the bakery."},
    {"role": "user", "content": "Good to meet you, Ana. What would you like to leave with today?"},
    {"role": "assistant", "content": "I don't know what happens to it if I fall ill. My sister had a stroke."},
    {"role": "user", "content": "That must sit with you every morning. Who could open the bakery for you?"},
    {"role": "assistant", "content": "Nobody, really."},
    {"role": "user", "content": "Then take the large policy, everybody does."},
    {"role": "assistant", "content": "Do they? I'd want to think."},
    {"role": "user", "content": "Fair enough. I'll send you both ways on a page by Tuesday."},
]
LIFE = Life(
    name="Ana Ruiz",
    first_name="Ana",
    age=44,
    subjects=(
        Subject(id="hidden-1", kind="worry", name="the stroke", says={"what": ("My sister had a stroke.",)}, reserve=2),
        Subject(id="hidden-2", kind="worry", name="a loan", says={"what": ("I owe my brother money.",)}, reserve=2),
    ),
    objections=(Objection(id="o1", text="It is too expensive."),),
)
EVIDENCE = {"line": 4, "quote": "Who could open the bakery for you?"}
SEEN = {"evidence": [EVIDENCE], "seen": "yes"}


@pytest.fixture
def talk(tmp_path: Any) -> Transcript:
    data = DataFiles(tmp_path)
    data.lay_out()
    return Transcript(
        MESSAGES, data.competencies(), "beginner", data.rubrics("beginner"), "abc",
        profile={"name": "Ana Ruiz", "occupation": "baker"}, industry="insurance", life=LIFE,
    )  # fmt: skip


@pytest.fixture
def new_chain(fake: FakeOpenAI) -> Iterator[Callable[[], Chain]]:
    made: list[OpenAIProvider] = []

    def make() -> Chain:
        made.append(OpenAIProvider(lambda: "sk-k", fake.url, "m", review_calls="per-competency"))
        made[-1].habit = "speaks"
        return Chain([made[-1]])

    yield make
    for provider in made:
        provider.close()


@pytest.fixture
def chain(new_chain: Callable[[], Chain]) -> Chain:
    return new_chain()


def name_in(body: dict[str, Any]) -> str:
    """The competency that a request asks about."""
    found = re.search(r"<competency>\n([^:\n]+)", body["messages"][1]["content"])
    assert found
    return found[1]


def ids_in(body: dict[str, Any], block: str = "checks") -> list[str]:
    found = re.search(rf"<{block}>\n(.*?)\n</{block}>", body["messages"][1]["content"], re.DOTALL)
    return re.findall(r"^- ([\w-]+):", found[1], re.MULTILINE) if found else []


def answer(body: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """Everything seen, by the same quote."""
    return {
        "checks": dict.fromkeys(ids_in(body), SEEN),
        "harms": {id_: {"evidence": [], "seen": "no"} for id_ in ids_in(body, "harms")},
        "feedback": f"Feedback on {name_in(body)}.",
        "strengths": [{**EVIDENCE, "text": "You asked about her day."}],
        "improvements": [
            {"line": 6, "quote": "everybody does", "text": "Ana went quiet.", "better": "Take your time."}
        ],
        "practise": f"Practise {name_in(body)}.",
        **changed,
    }


class TestSent:
    @pytest.fixture(autouse=True)
    def asked(self, chain: Chain, fake: FakeOpenAI, talk: Transcript) -> None:
        fake.reply = answer
        review(chain, talk)
        self.bodies, self.talk = fake.bodies, talk

    def test_each_competency_in_a_call_of_its_own(self) -> None:
        assert sorted(map(name_in, self.bodies)) == sorted(one["name"] for one in self.talk.competencies)

    def test_all_begin_with_the_same_text_up_to_the_competency(self) -> None:
        systems = {body["messages"][0]["content"] for body in self.bodies}
        before = {body["messages"][1]["content"].split("<competency>")[0] for body in self.bodies}
        assert len(systems) == len(before) == 1
        (told,) = before
        assert told.index("<client>") < told.index("<conversation>")
        assert "[4] ADVISOR: That must sit with you" in told

    def test_the_client_is_told_of(self) -> None:
        told = self.bodies[0]["messages"][1]["content"]
        assert "- industry: insurance" in told
        assert "- occupation: baker" in told
        assert "- came out: My sister had a stroke." in told
        assert "- stayed hidden: I owe my brother money." in told
        assert "- a doubt: It is too expensive." in told

    def test_a_strict_schema_wants_evidence_before_each_verdict(self) -> None:
        for body in self.bodies:
            form = body["response_format"]
            assert (form["type"], form["json_schema"]["strict"]) == ("json_schema", True)
            schema = form["json_schema"]["schema"]
            assert list(schema["properties"])[:2] == ["checks", "harms"]
            assert list(schema["properties"]["checks"]["properties"]) == ids_in(body)
            for one in schema["properties"]["checks"]["properties"].values():
                assert list(one["properties"]) == ["evidence", "seen"]

    def test_six_to_ten_checks_each(self) -> None:
        assert all(6 <= len(ids_in(body)) <= 10 for body in self.bodies)


class TestTogether:
    def test_calls_are_under_way_at_the_same_time(self, fake: FakeOpenAI, talk: Transcript, in_server: Any) -> None:
        fake.mode("together", together=6)
        fake.reply = answer
        assert in_server(fake.url, talk)["overallScore"] > 1
        assert fake.most_at_once == 6

    def test_never_more_than_so_many(self, fake: FakeOpenAI, talk: Transcript, in_server: Any) -> None:
        made = [{"name": f"Skill {at}", "description": "d"} for at in range(by_competency.MOST)]
        fake.mode("slow")
        fake.reply = answer
        in_server(fake.url, replace(talk, competencies=made))
        assert len(fake.calls) == by_competency.MOST
        assert fake.most_at_once <= by_competency.AT_ONCE

    def test_very_many_competencies_are_asked_for_in_one(
        self, chain: Chain, fake: FakeOpenAI, talk: Transcript
    ) -> None:
        fake.reply = {"overallScore": 7, "competencyScores": []}
        made = [{"name": f"Skill {at}"} for at in range(by_competency.MOST + 1)]
        assert review(chain, replace(talk, competencies=made)).overall == 7
        assert "overallScore" in fake.bodies[0]["messages"][0]["content"]


class TestAnswers:
    @pytest.fixture(autouse=True)
    def server(self, chain: Chain, fake: FakeOpenAI, talk: Transcript) -> None:
        self.chain, self.fake, self.talk = chain, fake, talk

    def reviewed(self, **changed: Any) -> dict[str, Any]:
        self.fake.reply = lambda body: answer(body, **{k: v(body) if callable(v) else v for k, v in changed.items()})
        return review(self.chain, self.talk).as_array()

    def test_code_makes_the_number(self) -> None:
        some = self.reviewed(checks=lambda body: dict.fromkeys(ids_in(body)[:2], SEEN))
        most = self.reviewed()
        assert all(1 < one["score"] < 6 for one in some["competencyScores"])
        # Four lines of the advisor cannot show more.
        assert {one["score"] for one in most["competencyScores"]} == {5}

    def test_a_quote_that_is_not_there_was_not_seen(self) -> None:
        made_up = {"evidence": [{"line": 4, "quote": "Tell me about your sister."}], "seen": "yes"}
        of_client = {"evidence": [{"line": 3, "quote": "My sister had a stroke."}], "seen": "yes"}
        for one in (made_up, of_client, {"evidence": [], "seen": "yes"}):
            found = self.reviewed(checks=lambda body, one=one: dict.fromkeys(ids_in(body), one))
            assert {check["seen"] for check in found["checks"]} == {"not seen"}
            assert {one["score"] for one in found["competencyScores"]} == {1}

    def test_a_quote_keeps_the_line_it_stands_in(self) -> None:
        wrong = {"evidence": [{**EVIDENCE, "line": 2}], "seen": "yes"}
        found = self.reviewed(checks=lambda body: dict.fromkeys(ids_in(body), wrong))
        assert {one["line"] for check in found["checks"] for one in check["evidence"]} == {4}

    def test_a_harm_that_is_proved_costs_points_and_another_none(self) -> None:
        proved = {"evidence": [{"line": 6, "quote": "everybody does"}], "seen": "yes"}
        before = self.reviewed()["overallScore"]
        found = self.reviewed(harms=lambda body: {"popular": proved, "dismiss": {"evidence": [], "seen": "yes"}})
        assert found["overallScore"] <= before
        harms = [one for one in found["checks"] if one.get("harm")]
        assert {one["id"] for one in harms} == {"popular"}

    def test_texts_name_their_line_and_made_up_ones_are_left_out(self) -> None:
        made_up = [{"line": 2, "quote": "You are wrong, Ana", "text": "Rude.", "better": "b"}]
        found = self.reviewed(improvements=made_up)
        assert found["generalImprovements"] == []
        assert found["generalStrengths"] == ["[4] “Who could open the bakery for you?” – You asked about her day."]

    def test_the_summary_is_in_the_models_own_words(self) -> None:
        found = self.reviewed(checks=lambda body: dict.fromkeys(ids_in(body), SEEN))
        assert found["summary"].startswith("Feedback on ")
        assert "Practise " in found["summary"]

    def test_says_by_which_words_it_was_made(self) -> None:
        assert self.reviewed()["metadata"] == {
            "provider": "openai", "model": "m", "promptVersion": "checks-1", "rubricHash": "abc",
        }  # fmt: skip

    def test_rules_cap_it_as_any_review(self) -> None:
        talk = [*MESSAGES, {"role": "user", "content": "I guarantee you twelve percent a year, you cannot lose."}]
        self.talk = replace(self.talk, messages=[*MESSAGES, *MESSAGES, *talk])
        found = self.reviewed()
        assert found["breaches"]
        assert found["overallScore"] <= 4

    @pytest.mark.parametrize("shape", ["object", "list", "item"])
    def test_an_answer_without_checks_keeps_its_number_and_texts(self, shape: str) -> None:
        def reply(body: dict[str, Any]) -> Any:
            item = {"score": 7.5, "strengths": ["s"], "improvements": ["i1", "i2"], "expectation": "e"}
            if shape == "item":
                return item
            scores = {name_in(body): item} if shape == "object" else [{"name": name_in(body), **item}]
            return {"overallScore": 3, "competencyScores": scores}

        self.fake.reply = reply
        found = review(self.chain, self.talk).as_array()
        assert found["overallScore"] == 7.5
        assert {(one["score"], *one["strengths"], *one["improvements"]) for one in found["competencyScores"]} == {
            (7.5, "s", "i1", "i2")
        }
        assert len(self.fake.calls) == 6

    def test_what_answers_nothing_is_asked_for_once_more(self) -> None:
        self.fake.reply = lambda body: answer(body) if len(body["messages"]) > 2 else {"thoughts": "none"}
        assert review(self.chain, self.talk).overall > 1
        assert len(self.fake.calls) == 12


class TestFailures:
    def test_a_competency_that_fails_is_asked_for_once_more_alone(
        self, chain: Chain, fake: FakeOpenAI, talk: Transcript
    ) -> None:
        failed: list[str] = []

        def once(body: dict[str, Any]) -> str:
            if name_in(body) == "Time Management" and not failed:
                failed.append("once")
                return "401"
            return "ok"

        fake.mode(once)
        fake.reply = answer
        found = review(chain, talk)
        assert len(found.competencies) == 6
        assert name_in(fake.bodies[-1]) == "Time Management"
        assert not found.flags

    def test_one_that_cannot_be_had_is_left_out_and_named(
        self, chain: Chain, fake: FakeOpenAI, talk: Transcript
    ) -> None:
        fake.mode(lambda body: "401" if name_in(body) == "Time Management" else "ok")
        fake.reply = answer
        found = review(chain, talk).as_array()
        assert "Time Management" not in [one["name"] for one in found["competencyScores"]]
        assert found["flags"] == [{"kind": "missing", "competency": "Time Management"}]
        assert found["overallScore"] == 5

    def test_fewer_than_half_are_no_review_and_the_next_provider_is_asked(
        self, chain: Chain, fake: FakeOpenAI, talk: Transcript
    ) -> None:
        few = {"Time Management", "Bias Awareness"}
        fake.mode(lambda body: "ok" if name_in(body) in few else "401")
        fake.reply = answer
        with pytest.raises(AIRefused):
            review(chain, talk)
        both = Chain([*chain.candidates(None), Scripted("local", '{"overallScore": 6, "competencyScores": []}')])
        assert review(both, talk).metadata["provider"] == "local"

    def test_where_nothing_is_answered_nothing_is_repeated(
        self, chain: Chain, fake: FakeOpenAI, talk: Transcript
    ) -> None:
        fake.mode("401")
        with pytest.raises(AIRefused):
            review(chain, talk)
        assert len(fake.calls) == 6


class TestRefusedSchema:
    def test_an_object_will_do_and_that_is_remembered(self, chain: Chain, fake: FakeOpenAI, talk: Transcript) -> None:
        fake.refuses = {"json_schema"}
        fake.reply = answer
        for _ in range(2):
            assert review(chain, talk).overall > 1
        forms = [body["response_format"]["type"] for body in fake.bodies]
        assert forms[-6:] == ["json_object"] * 6

    def test_a_server_that_knows_no_form_at_all_is_asked_in_words(
        self, chain: Chain, fake: FakeOpenAI, talk: Transcript
    ) -> None:
        fake.refuses = {"response_format"}
        fake.reply = answer
        assert review(chain, talk).overall > 1
        assert "response_format" not in fake.bodies[-1]


class TestChecks:
    def test_a_competency_of_ones_own_is_judged_by_its_criteria(
        self, chain: Chain, fake: FakeOpenAI, talk: Transcript
    ) -> None:
        criteria = ["Shouts at the client", "Mumbles all the time", "Says names right", "Spells names back; Asks again"]
        rows = [{"competency_name": "Names", "criteria": one} for one in criteria]
        fake.reply = answer
        review(chain, replace(talk, competencies=[{"name": "Names"}], rubrics=rows))
        told = fake.bodies[0]["messages"][1]["content"]
        assert "- criterion-1: Says names right" in told
        assert "- criterion-2: Spells names back" in told
        assert "Shouts" not in told.split("<checks>")[1]

    def test_changed_criteria_take_the_place_of_our_checks(
        self, chain: Chain, fake: FakeOpenAI, talk: Transcript
    ) -> None:
        fake.reply = answer
        rows = [{**row, "criteria": f"{row['criteria']}; Smiles at the client"} for row in talk.rubrics]
        review(chain, replace(talk, rubrics=rows))
        assert all("criterion-1" in ids_in(body) for body in fake.bodies)

    def test_without_criteria_there_are_general_ones(self, chain: Chain, fake: FakeOpenAI, talk: Transcript) -> None:
        fake.reply = answer
        review(chain, replace(talk, competencies=[{"name": "Names", "description": "d"}], rubrics=[]))
        assert 6 <= len(ids_in(fake.bodies[0])) <= 10
