"""What a talk gives no occasion to show has no score, and the review says so."""

import pytest

from rplay.agents.rehearsal.assessment.review import review
from rplay.agents.rehearsal.assessment.scoring import Score
from rplay.agents.types import Transcript

ASKED = [{"id": "communication", "name": "Talking"}, {"id": "objection-handling", "name": "Doubts"},
         {"id": "option-suggestions", "name": "Ideas"}]  # fmt: skip
QUESTIONS = ["How long have you lived there?", "Who lives with you?", "What do you like about your work?",
             "What do you do on weekends?", "When did you two meet?", "How old are the boys now?",
             "What was your father like?"]  # fmt: skip
ANSWERS = ["About nine years.", "My wife and the boys.", "The mornings.", "We fish.", "In school.", "Six and nine.",
           "A quiet man."]  # fmt: skip


BREACH = ({"role": "user", "content": "It pays nine percent, guaranteed, and you cannot lose a cent."},
          {"role": "assistant", "content": "Nobody can promise that."})  # fmt: skip


def reviewed(count: int, last: str = "A quiet man.", more: tuple = ()) -> dict:
    said = [({"role": "user", "content": one}, {"role": "assistant", "content": other})
            for one, other in zip(QUESTIONS, [*ANSWERS[:-1], last], strict=True)]  # fmt: skip
    return review(Transcript([*(line for both in said[:count] for line in both), *more], ASKED, "beginner"))


def test_without_a_doubt_and_a_proposal_neither_has_a_score():
    found = reviewed(7)
    assert list(found["competencyScores"]) == ["Talking"]
    assert [one["name"] for one in found["notShown"]] == ["Doubts", "Ideas"]
    assert all(one["text"] in found["summary"] for one in found["notShown"])


def test_a_doubt_of_the_client_gives_the_occasion():
    assert "Doubts" in reviewed(7, "I'm not sure I can afford that, it sounds too expensive.")["competencyScores"]


@pytest.mark.parametrize("asked", ["Which one would suit me?", "What would you do?", "Should I buy one at all?"])
def test_who_asks_what_to_do_gives_the_occasion_for_a_proposal(asked):
    found = reviewed(7, f"A quiet man. {asked}")
    assert "Ideas" in found["competencyScores"]
    assert [one["name"] for one in found["notShown"]] == ["Doubts"]


def test_a_short_talk_is_scored_in_everything():
    assert len(reviewed(4)["competencyScores"]) == len(ASKED)


def test_after_a_broken_rule_all_have_a_score_and_none_of_them_raises_the_whole(monkeypatch):
    monkeypatch.setattr("rplay.agents.rehearsal.assessment.review.overall", lambda scores, *_: float(max(scores)))
    monkeypatch.setattr("rplay.agents.rehearsal.assessment.review.score", as_high_as_it_is_unlike_talking)
    before, after = reviewed(7), reviewed(7, more=BREACH)
    assert len(after["competencyScores"]) == len(ASKED)
    assert after["overallScore"] <= before["overallScore"]


def as_high_as_it_is_unlike_talking(key: str, *_: object) -> Score:
    return Score(3 if key == "communication" else 8, (), ())
