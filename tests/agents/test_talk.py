"""What was said to and by the coach reaches nobody but the coach."""

from typing import Any

import pytest
from fakes.openai_server import FakeOpenAI

from agents.conftest import SCENE, TALK
from rplay.agents import client, evaluation, expert
from rplay.agents.chain import Chain
from rplay.agents.providers.rehearsal import RehearsalProvider
from rplay.agents.talk import parted, without_coach
from rplay.agents.types import Message, Transcript

QUESTION: Message = {"role": "user", "content": "How do I ask her about the mortgage?"}
ADVICE: Message = {
    "role": "assistant",
    "content": "## Situation Assessment\nShe is wary.\n\n## Strategic Coaching\n1. Ask.",
}
MARKED: list[Message] = [
    {"role": "user", "content": "And what about the mortgage?", "coach": True},
    {"role": "assistant", "content": "Ask her for the papers of the mortgage.", "coach": True},
]


@pytest.mark.parametrize(
    "coaching",
    [
        [QUESTION, ADVICE],
        MARKED,
        [QUESTION, MARKED[1]],
        [MARKED[0], ADVICE],
        [MARKED[0]],
        [QUESTION, {"role": "assistant", "content": "Here you go.\n\n## expert summary\n- A rider is an extra."}],
        [QUESTION, {"role": "system", "content": "asked the coach"}, ADVICE],
    ],
)
def test_the_coachs_turns_are_known_by_mark_and_by_heading(coaching: list[Message]) -> None:
    told, asked = parted([*TALK[:-1], *coaching, TALK[-1]])
    assert [one for one in told if one["content"] != "asked the coach"] == TALK
    assert asked == [one for one in coaching if one["role"] != "system"]


def test_a_line_to_the_client_before_the_question_stays() -> None:
    assert without_coach([*TALK, QUESTION, ADVICE]) == TALK


def test_a_client_who_answered_already_keeps_the_line_before() -> None:
    assert without_coach([*TALK[:3], ADVICE, TALK[3]]) == [*TALK[:2], TALK[3]]
    assert without_coach([*TALK[:2], ADVICE]) == TALK[:2]


def test_other_headings_are_no_coach() -> None:
    said: list[Message] = [QUESTION, {"role": "assistant", "content": "## My list\n- The house"}]
    assert without_coach(said) == said


@pytest.mark.parametrize("coaching", [[QUESTION, ADVICE], MARKED])
class TestSent:
    """What really reaches a server."""

    def talk(self, coaching: list[Message]) -> list[Message]:
        return [*TALK[:-1], *coaching, TALK[-1]]

    def test_neither_client_nor_progress_is_sent_them(
        self, chain: Chain, fake: FakeOpenAI, coaching: list[Message]
    ) -> None:
        fake.arguments = {"rapport": 1}
        client.reply(chain, SCENE, self.talk(coaching))
        assert len(fake.bodies) == 2
        assert "the mortgage" not in str([one["messages"][1:] for one in fake.bodies])
        assert "Situation Assessment" not in str(fake.bodies)

    def test_the_review_is_not_sent_them(self, chain: Chain, fake: FakeOpenAI, coaching: list[Message]) -> None:
        fake.mode("ok", reply={"overallScore": 2, "competencyScores": []})
        found = evaluation.review(chain, Transcript(self.talk(coaching), [{"name": "Listening"}], "beginner"))
        assert "the mortgage" not in str(fake.bodies)
        assert found.analysis["messageCount"] == len(TALK) - 1

    def test_the_coach_goes_on_from_them_and_takes_them_for_no_talk(
        self, chain: Chain, fake: FakeOpenAI, coaching: list[Message]
    ) -> None:
        expert.advise(chain, SCENE, [*self.talk(coaching), {"role": "user", "content": "And then?"}])
        instructions, *turns = fake.bodies[0]["messages"]
        assert "the mortgage?" not in instructions["content"]
        assert [one["content"] for one in turns] == [*(one["content"] for one in coaching), "And then?"]

    def test_the_rehearsal_answers_as_if_they_were_not_there(self, coaching: list[Message]) -> None:
        chain = Chain([RehearsalProvider((0, 0))])
        found: list[Any] = [client.reply(chain, SCENE, talk) for talk in (TALK, self.talk(coaching))]
        assert found[0].message == found[1].message
        assert found[0].progress == found[1].progress
