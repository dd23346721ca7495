"""Each of the six shipped scenarios, played by a decent advisor: what the client hides is told, and every point is met."""

from dataclasses import replace

import orjson
import pytest

from rplay import data
from rplay.agents.persona.make import life_of
from rplay.agents.rehearsal.client import next_line
from rplay.training.files import parsed, shipped
from rplay.training.said import measured
from rplay.training.secrets import told
from tests.agents.rehearsal.rehearsing import scene

INDUSTRIES = orjson.loads((data.Path(data.__file__).parent / "data" / "industry-metadata.json").read_bytes())
SCENARIOS = dict(parsed(text, INDUSTRIES) for _, text in shipped())

GREETING = "Good morning, I'm Jo Fields from Harbor Advisory. Thank you for coming in."
ADVISORS = {
    "income-must-not-stop": [
        f"{GREETING} What made you ask for a quote right now?",
        "I'll ask a few personal things today. The reason I ask is that cover only helps if it fits what really happens to you.",
        "If you couldn't work for a year, what would the family live on?",
        "That sounds like a lot of weight on your shoulders, and I can see why it worries you. What worries you most?",
        "How is your health? I ask because the insurer will want to know: is there any injury or treatment, your hands or your wrist, say?",
        "Thank you for telling me. That must be hard to carry alone. How does it affect your work?",
        "There are health questions on the application, and they have to be answered truthfully, or a claim could be refused later.",
        "One thing a disability policy does not do: there is a waiting time of 90 days before it pays anything. What would carry you"
        " through those three months?",
        "Let me sum up: the house has to be safe, the practice too, and the wrist has to be disclosed. May we meet next Tuesday to"
        " look at two ways side by side?",
    ],
    "after-the-storm": [
        f"{GREETING} What happened at your neighbour's, and what went through your mind?",
        "You said the premium went up twice. What did that mean for you?",
        "I'd like to know how you use the house. The reason I ask is that cover depends on who lives there and what happens in it.",
        "A policy for your own home pays for what a family does in it. As soon as rooms are let, the insurer sees a business, and"
        " damage by guests is not covered without an endorsement. Does that make sense?",
        "So let me ask about the basement: do you rent it out, or use the basement for anything besides the family?",
        "Thank you for being open. I understand why you did not call them. What does that money pay for?",
        "Now the deductible for wind and hail: it is 2 percent of the insured sum, so with $210,000 you pay the first $4,200 yourself.",
        "Rebuilding costs about $190 a square foot here, so 1,800 square feet would be $342,000. You are underinsured. How does that"
        " sit with you?",
        "Shall I put both side by side in writing, and we look at them next week?",
    ],
    "first-shares": [
        f"{GREETING} What got you interested in shares?",
        "It sounds as if you don't want to be too late, and at the same time it feels new. Is that right?",
        "When would you need the money? How long can it stay invested?",
        "I ask about debts and reserves because money that one needs soon should not be in shares. Do you have an emergency fund, or"
        " do you owe anything, on a credit card for example?",
        "Thank you for telling me, many people carry that and don't like to look at it. What do you pay on it each month?",
        "A single share can fall by half in a week; one can lose all of it. Paying off a card at 24 percent is certain. How would you"
        " put that risk in your own words?",
        "Let me sum up: the card first, a reserve next, and then shares for what you won't need for years. Shall we meet in two weeks?",
    ],
    "doubled-in-a-year": [
        f"{GREETING} You know more about some of these shares than I do. How did you go about it?",
        "It sounds as if you have put a great deal of work into it. What was the hardest moment in it?",
        "I can see why that would keep you awake. What worries you most about it?",
        "Before anything else, how I'm paid: 0.7 percent a year and nothing for trades. So I earn nothing when you trade.",
        "There's a drawback to what I would propose: if your four shares go on as they did, you would have made more without me.",
        "That must be a lot to carry for a whole family. What do the children's plans mean to you?",
        "The reason I ask about debts is that they decide what a fall means. Is there a loan on the account, or anything borrowed?",
        "Thank you for being open about that. A margin call means that the broker may sell your shares without asking. If it all"
        " falls by half, what would that mean at home?",
        "I understand, that's not an easy place to be. What does Dana know of it?",
        "Thank you for your trust. May I show you next Thursday how to bring the loan down, step by step?",
    ],
    "the-sold-workshop": [
        f"{GREETING} What was it like to hand the joinery over after thirty years?",
        "That must have been hard. You built something that carried forty families. What do you miss most?",
        "What do you want the money for? What matters most to you and Ruth?",
        "You spoke of the children. How did your son and your daughter take the sale?",
        "I'm sorry, that sounds painful for both of you. What would a good outcome with your son look like?",
        "May I ask why you sold so quickly? I ask because how long the money has to last depends on your health, too.",
        "Thank you for telling me that. I understand that it's not something to talk about lightly. How are you now, what does your"
        " doctor say?",
        "How I am paid: advice costs 0.8 percent a year up to a million and 0.5 percent above, and we take no commissions.",
        "What is in shares can fall, sometimes by a third. So what you need within three years stays out of them.",
        "Shall we write down the order next week, with Ruth: first security, then your children, then the rest?",
    ],
    "three-advisors-before-you": [
        f"{GREETING} I'm sorry for your loss. A year is not long.",
        "Nothing has to be decided today, and I'm not selling anything in this meeting.",
        "I'll ask some personal things. The reason I ask is that I don't want to propose what does not fit you. What should be"
        " different with me from the three before?",
        "That must have been hard, to be talked past in your own matters. What did you need from them?",
        "You'd like to understand what you own. How do the statements and letters from the brokers reach you, and what do you do"
        " with them?",
        "I can see why that drawer stays shut, Paolo looked after it for forty years. We can open the letters together, one by one.",
        "You want to help your grandchildren. Is there anything that the family has had from you already, a loan to your daughter"
        " for example?",
        "Thank you for trusting me with that. What you tell me stays confidential within the firm. What would you wish to happen with it?",
        "A drawback of working with me: it costs 0.9 percent a year, or a flat $3,600 if it is less than $500,000.",
        "Would you like to meet again next Wednesday, with the letters on the table and nobody in a hurry?",
    ],
}


def played(content, lines):
    """The talk as it is kept."""
    life = told(life_of(content.client, content.industry, content.subcategory, content.difficulty), content.secrets)
    here = replace(
        scene(content.client, life=life),
        industry=content.industry,
        subcategory=content.subcategory,
        difficulty=content.difficulty,
    )
    talk = [{"role": "assistant", "content": next_line(here, life, []).text}]
    for line in lines:
        talk.append({"role": "user", "content": line})
        talk.append({"role": "assistant", "content": next_line(here, life, talk).text})
    return talk


@pytest.mark.practice
@pytest.mark.parametrize("key", SCENARIOS)
def test_a_decent_advisor_hears_every_secret_and_meets_every_point(key):
    content = SCENARIOS[key]
    talk = played(content, ADVISORS[key])
    heard = " ".join(turn["content"] for turn in talk if turn["role"] == "assistant")
    assert [secret.about for secret in content.secrets if secret.says[0] not in heard] == []
    points = measured(content, talk)
    assert [point["text"] for point in points["mustSay"] if point["line"] is None] == []
    assert points["mustNotSay"] == []


@pytest.mark.sampled(1)
@pytest.mark.parametrize("key", SCENARIOS)
def test_nothing_of_them_is_told_to_who_only_asks_for_the_order(key):
    content = SCENARIOS[key]
    talk = played(content, ["Hello.", "What do you want to buy?", "I recommend our best product. Shall we sign?"])
    heard = " ".join(turn["content"] for turn in talk if turn["role"] == "assistant")
    assert not any(sentence in heard for secret in content.secrets for sentence in secret.says)
