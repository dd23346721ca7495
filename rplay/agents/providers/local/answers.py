"""The client answers what it was asked about itself."""

import re
from collections.abc import Iterator, Sequence

from rplay.agents.rehearsal.coach.situation import Situation
from rplay.agents.rehearsal.profile import INNER, plain_key
from rplay.agents.rehearsal.speech import first_person, lower_first
from rplay.agents.rehearsal.tables import table
from rplay.agents.rehearsal.text import content, lower_first_word, plain, sentence, sentences
from rplay.agents.rehearsal.values import key_words, spoken

# Sentences that the answers of one line may have.
_MOST_SENTENCES = 3
_MONEY = ("income", "assets", "debts")
_YOURSELF = ("occupation", "family")
# Kinds of debts and possessions that an advisor may ask for, and what would show that the client has one.
_KINDS = {
    "debts": {
        "mortgage": "mortgage",
        "student loan": "student",
        "car loan": r"\b(?:car|auto|truck)\b",
        "credit card": "credit card",
    },
    "assets": {
        "house": r"\b(?:home|house|condo|property|apartment|farm)\b",
        "home": r"\b(?:home|house|condo|property|apartment|farm)\b",
        "pension": "pension",
        "stocks": r"\b(?:stocks?|shares|brokerage|portfolio|funds?|401|ira)\b",
        "bonds": "bonds?",
    },
}


def answers(situation: Situation, lead: bool = True) -> list[str]:
    """One sentence or two for each topic of the line, in the order asked."""
    topics = _topics(situation)
    told = [topic for topic in topics if not situation.withheld(topic)]
    held = [topic for topic in topics if situation.withheld(topic)]
    said = list(_answers(situation, told)) if topics else _extra(situation)
    if "finances" in situation.asked and not set(told) & set(_MONEY):
        return [*said, situation.say("answer", "vague_finances")]
    if "yourself" in situation.asked and not topics:
        return [*said, situation.say("answer", "vague_self")]
    if held:
        said.append(_withhold(situation, held, bool(told)))
    said = _merged([text for text in said if text])
    return _with_lead(situation, told, said) if lead else said


def _answers(situation: Situation, topics: Sequence[str]) -> Iterator[str]:
    reminded = False
    for topic in topics:
        # One reminder that something was said before is enough.
        again = not reminded and _said_before(situation, topic)
        reminded = reminded or again
        text = sentence(_answer(situation, topic, again, brief=len(topics) > 3))
        yield situation.safe(text, *topics) or "I'd rather get to that later."


def _said_before(situation: Situation, topic: str) -> bool:
    return situation.told(topic) and (bool(situation.facts.of(topic).value) or topic in situation.asked_before)


def _topics(situation: Situation) -> list[str]:
    """Broad questions stand for a few topics, of those that are open anyway."""
    topics: list[str] = []
    for topic in situation.asked:
        if topic == "yourself":
            topics += [part for part in _YOURSELF if part not in situation.hidden]
        elif topic == "finances":
            topics += [part for part in _MONEY if part not in situation.hidden]
        else:
            topics.append(topic)
    return list(dict.fromkeys(topics))


def _answer(situation: Situation, topic: str, again: bool, brief: bool) -> str:
    if topic == "concerns" and situation.fresh_objection:
        return situation.pick.one("more", situation.fresh_objection.objection.more)
    if topic == "concerns" and again and situation.next_objection:
        return situation.next_objection.line
    if lacks := _lacks(situation, topic):
        return lacks
    ways = _ways(situation, topic, again)
    return situation.pick.one(topic, ways[:1] if brief else ways, v=situation.facts.of(topic).value)


def _lacks(situation: Situation, topic: str) -> str:
    """Asked for one kind of debt or possession that the profile does not list."""
    known = situation.facts.of(topic)
    if topic not in ("assets", "debts") or not known.value:
        return ""
    questions = plain(" ".join(question.text for question in situation.moves.questions))
    named = re.search(
        r"\b(?:do you (?:have|own)|have you (?:got )?|any|got) (?:an?y? |a |your own )?([a-z]+(?: [a-z]+)?)", questions
    )
    kind = next((one for one in _KINDS[topic] if named and one in named[1]), None)
    if kind is None or re.search(_KINDS[topic][kind], plain(" ".join((known.value, *known.raw)))):
        return ""
    return situation.say("answer", "lacks", kind=kind)


def _ways(situation: Situation, topic: str, again: bool) -> list[str]:
    known = situation.facts.of(topic)
    if again and known.value:
        return list(table("facts")[topic]["again"])
    ways = situation.facts.ways(topic)
    return [f"Like I said, {lower_first_word(way)}" for way in ways] if again else ways


def _withhold(situation: Situation, held: Sequence[str], besides: bool) -> str:
    if besides:
        return situation.say("answer", "also_withhold")
    difficulty = "advanced" if situation.scene.difficulty == "advanced" else "intermediate"
    kind = "money" if set(held) & set(_MONEY) else "personal"
    return situation.say("answer", f"withhold_{kind}_{difficulty}")


def _with_lead(situation: Situation, told: Sequence[str], said: list[str]) -> list[str]:
    """A word before something that was held back until now, and before many answers."""
    opened = situation.hidden.intersection(told, _MONEY)
    if opened and not any(map(situation.talk.told, table("client")["answer"]["opening_up"])):
        return [situation.say("answer", "opening_up"), *said]
    return said


def _merged(said: list[str]) -> list[str]:
    """Short sentences in pairs when many facts were asked for, so that none gets lost."""
    while sum(len(sentences(part)) for part in said) > _MOST_SENTENCES and (at := _mergeable(said)) is not None:
        first = said[at].rstrip(".").replace(", and I", ", I")
        said = [*said[:at], f"{first}, and {lower_first_word(said[at + 1])}", *said[at + 2 :]]
    return said


def _mergeable(said: list[str]) -> int | None:
    """The shortest pair of neighbours that are one statement each."""
    short = [len(sentences(part)) == 1 and part.endswith(".") and len(part) < 130 for part in said]
    pairs = [at for at in range(len(said) - 1) if short[at] and short[at + 1]]
    return min(pairs, key=lambda at: len(said[at]) + len(said[at + 1])) if pairs else None


def _extra(situation: Situation) -> list[str]:
    """Asked about something else that stands in the profile: pets, a car, a business."""
    known = {plain_key(key) for entry in table("facts").values() for key in entry["keys"]} | INNER
    wanted = frozenset().union(*(content(question.text) for question in situation.moves.questions))
    for key, value in list(situation.scene.profile.items())[:80]:
        if plain_key(str(key)) in known or not content(key_words(str(key))) & wanted:
            continue
        text = situation.safe(first_person(_about(key_words(str(key)), spoken(value))))
        if spoken(value) and text:
            return [text]
    return []


def _about(key: str, value: str) -> str:
    if re.match(r"(?i)(?:i|my|we|our)\b", value):
        return sentence(value)
    return sentence(f"My {key}? {sentence(lower_first(value))}")
