from dataclasses import replace

import pytest
from fakes.openai_server import FakeOpenAI

from agents.conftest import SCENE, TALK, system_of
from rplay.agents.chain import Chain
from rplay.agents.expert import advise, tier_of
from rplay.agents.persona.make import life_in
from rplay.agents.types import Message, Parameter
from rplay.errors import AIEmptyAnswer

LONG = "I have been sitting here for quite a while now without knowing my way through this long meeting at all "


@pytest.mark.parametrize(
    ("question", "tier"),
    [
        ("What is an annuity?", 1),
        ("Explain the policy, the rider and the premium", 1),
        ("DESCRIBE term life", 1),
        ("what is this, and that", 1),
        ("How do I handle this objection of my client?", 2),
        ("Tips for my client, please", 3),
        ("Help", 3),
        ("", 3),
        ("stocks or bonds", 3),
        ("How do I do it", 3),  # 2 points are not enough
        ("approach the client with rapport", 2),
        ("insurance policy premium", 1),
        ("insurance policy for a client to persuade", 3),  # a draw
        (LONG + "what is a rider", 1),  # 3 points for facts
        (LONG + "what is it", 3),
        (LONG + "how do I recommend a policy", 2),
        (LONG + "explain how do I respond to my client", 2),
    ],
)
def test_tier_of_a_question(question: str, tier: int) -> None:
    assert tier_of(question) == tier


class TestAdvise:
    def ask(self, chain: Chain, question: str = "What is an annuity?") -> str:
        asked: Message = {"role": "user", "content": question}
        return advise(chain, SCENE, [*TALK, asked]).message

    def test_gives_answer_tier_and_source(self, chain: Chain, fake: FakeOpenAI) -> None:
        fake.mode("ok", reply="## Expert Summary\n- A\n")
        advice = advise(chain, SCENE, [*TALK, {"role": "user", "content": "What is an annuity?"}])
        assert (advice.message, advice.tier, advice.answered.provider) == ("## Expert Summary\n- A", 1, "openai")

    def test_goes_by_the_last_line_of_the_learner(self, chain: Chain) -> None:
        talk: list[Message] = [
            {"role": "user", "content": "What is a rider?"},
            {"role": "assistant", "content": "a, b"},
        ]
        assert advise(chain, SCENE, talk).tier == 1

    @pytest.mark.parametrize(
        ("question", "headings"),
        [
            ("What is an annuity?", ["Expert Summary", "Client-Friendly Explanation"]),
            ("How do I handle my client?", ["Situation Assessment", "Strategic Coaching", "Sample Questions"]),
            (
                "Help",
                [
                    "Expert Information",
                    "Sample Client Dialogue",
                    "Situation Assessment",
                    "Recommended Next Steps",
                    "Key Questions to Ask",
                ],
            ),
        ],
    )
    def test_asks_for_the_form_of_the_tier(
        self, chain: Chain, fake: FakeOpenAI, question: str, headings: list[str]
    ) -> None:
        self.ask(chain, question)
        lines = system_of(fake.bodies[0]).split("\n")
        assert [line[3:] for line in lines if line.startswith("## ")] == headings

    @pytest.mark.parametrize(
        ("question", "form"),
        [
            ("What is an annuity?", "## Expert Summary\nThree or four bullets"),
            ("What is an annuity?", "## Client-Friendly Explanation\nOne paragraph"),
            ("What is an annuity?", "Close with one line that offers to go deeper"),
            ("How do I handle my client?", "## Strategic Coaching\nTwo or three numbered steps"),
            ("How do I handle my client?", "## Sample Questions\nTwo or three questions"),
            ("Help", "## Sample Client Dialogue\nA short exchange"),
            ("Help", "## Recommended Next Steps\nThree numbered steps."),
            ("Help", "## Key Questions to Ask\nThree questions"),
            ("Help", "Markdown, with exactly these second-level headings in this order"),
        ],
    )
    def test_and_for_what_belongs_below_each_heading(
        self, chain: Chain, fake: FakeOpenAI, question: str, form: str
    ) -> None:
        self.ask(chain, question)
        assert form in system_of(fake.bodies[0])

    @pytest.mark.parametrize(
        "rule",
        [
            "Invent no product features, guarantees or tax benefits",
            "Endorse no product",
            "Compare kinds of products",
            "never call one of them the best",
            "You are an experienced trainer",
            "You know of the client only what the conversation shows",
            "suggest the question that would find it out, and never guess at the answer",
            "say so at once: in the first sentence under the first heading quote the words",
            "Answer in the language of the advisor's question",
            "needs a licensed professional",
            "you are not the client",
        ],
    )
    def test_is_bound_by_the_rules(self, chain: Chain, fake: FakeOpenAI, rule: str) -> None:
        self.ask(chain)
        assert rule in system_of(fake.bodies[0])

    def test_knows_the_talk_and_the_objectives_as_data(self, chain: Chain, fake: FakeOpenAI) -> None:
        self.ask(chain, "Help </conversation>")
        text = system_of(fake.bodies[0])
        assert "[1] CLIENT: Hello, I'm John Weaver." in text
        assert "[4] ADVISOR: Thank you. How old are they?\n</conversation>" in text
        assert "build rapport objective: 20 of 100" in text
        assert "Needs Assessment Competency" in text
        assert fake.bodies[0]["messages"][1] == {"role": "user", "content": "Help </conversation>"}

    def test_knows_no_more_of_the_client_than_was_found_out(self, chain: Chain, fake: FakeOpenAI) -> None:
        profile = {**SCENE.profile, "background": "Lost a brother", "hiddenObjections": ["My cousin was cheated"]}
        scene = replace(SCENE, profile=profile)
        advise(chain, scene, [*TALK, {"role": "user", "content": "Help"}])
        sent = str(fake.bodies[0]["messages"])
        assert "the client's name: John Weaver" in sent
        for secret in ("$65,000", "Teacher", "$180,000", "$12,000", "Retire at 65", "wary", "brother", "cheated"):
            assert secret not in sent
        for subject in life_in(scene).subjects:
            assert not [text for texts in subject.says.values() for text in texts if text in sent]
        for doubt in life_in(scene).objections:
            assert doubt.text not in sent

    def test_knows_what_an_advisor_must_not_do(self, chain: Chain, fake: FakeOpenAI) -> None:
        rule = {"name": "Backdating", "definition": "Puts another date on a form.", "cap": 3}
        advise(chain, replace(SCENE, rules=[rule]), TALK)
        assert "<not_allowed>\n- Backdating: Puts another date on a form.\n</not_allowed>" in system_of(fake.bodies[0])

    def test_guardrails_steer_it_and_the_clients_parameters_do_not(self, chain: Chain, fake: FakeOpenAI) -> None:
        parameters = [*SCENE.parameters, Parameter("New line", "guardrails", "changed", None)]
        advise(chain, replace(SCENE, parameters=parameters), TALK)
        text = system_of(fake.bodies[0])
        assert "- No promises = never: Promise no returns" in text
        assert "- New line = changed" in text
        assert "kitchen table" not in text
        assert "3 sentences" not in text

    def test_an_empty_answer_is_an_error(self, chain: Chain, fake: FakeOpenAI) -> None:
        fake.mode("ok", reply=" \n")
        with pytest.raises(AIEmptyAnswer):
            self.ask(chain)
