"""The client's next line."""

from collections.abc import Sequence

from rplay.agents.providers.local import reactions
from rplay.agents.providers.local.answers import answers
from rplay.agents.providers.local.particulars import by_form, particular
from rplay.agents.rehearsal.assessment.language import reading
from rplay.agents.rehearsal.assessment.objections import Objection
from rplay.agents.rehearsal.coach.situation import Situation, situation_of
from rplay.agents.rehearsal.pick import digest
from rplay.agents.rehearsal.tables import table
from rplay.agents.rehearsal.text import lower_first_word, plain, sentence, sentences
from rplay.agents.types import Message, Scene

_MOST_SENTENCES = 4
_LONGEST = 600
# So many lines of the advisor are the beginning of a talk.
_EARLY = 3


def next_line(scene: Scene, messages: Sequence[Message]) -> str:
    situation = situation_of(scene, messages)
    if not situation.talk.turns or _waits(situation, messages):
        return _finish(situation, _unprompted(situation))
    return _finish(situation, _opening(situation) + _reply(situation))


def _waits(situation: Situation, messages: Sequence[Message]) -> bool:
    """The client spoke last."""
    roles = [message["role"] for message in messages if message["role"] != "system"]
    return bool(roles) and roles[-1] == "assistant" and bool(situation.talk.client)


def _unprompted(situation: Situation) -> list[str]:
    if situation.talk.client:
        return [situation.say("unclear", "nudge")]
    said = [situation.say("greeting", situation.scene.difficulty)]
    return [*said, situation.say("greeting", situation.mood)] if situation.mood and not situation.terse else said


def _opening(situation: Situation) -> list[str]:
    """Introduces itself when the advisor spoke first."""
    return [] if situation.talk.client or "name" in situation.asked else [situation.say("greeting", "short")]


def _reply(situation: Situation) -> list[str]:
    moves = situation.moves
    heard = reading(moves.text)
    if heard != "ok" and not situation.asked:
        return [situation.say("unclear", heard)]
    if moves.does("attack", "to_reviewer"):
        return [situation.say("role", "attack")]
    return reactions.to_fault(situation) or reactions.to_goodbye(situation) or _conversation(situation)


def _conversation(situation: Situation) -> list[str]:
    said = reactions.to_apology(situation) or reactions.to_care(situation)
    if special := particular(situation):
        # Who says little leaves the politeness out, not the answer.
        return [*([] if situation.terse else said), special, *_objection(situation, asked=True)]
    handling = reactions.to_objection_handling(situation)
    facts = answers(situation, lead=not handling) if situation.moves.questions or situation.asked else []
    if facts:
        # A short acknowledgement, the answers, and an objection only if it weighs on the client.
        return [
            *handling[:1],
            *(said if not (handling or situation.terse) else []),
            *facts,
            *_objection(situation, asked=True, told=facts),
        ]
    if handling:
        return [*handling, *_small_answer(situation, handling)]
    response = _response(situation, said)
    return [*([] if situation.terse and response else said), *response]


def _small_answer(situation: Situation, handling: list[str]) -> list[str]:
    return (
        reactions.to_small_question(situation)[:1]
        if len(handling) < 2 and situation.moves.does("check", "next_step")
        else []
    )


def _response(situation: Situation, said: list[str]) -> list[str]:
    """To a line that asks for no fact."""
    recommendation = reactions.to_recommendation(situation)
    if recommendation:
        return [*recommendation, *(_objection(situation) or _question_back(situation))]
    small = reactions.to_small_question(situation)
    if small:
        return [*small, *_objection(situation, asked=True)]
    if situation.moves.questions:
        return [] if said and _greets(situation) else [_does_not_know(situation)]
    explained = (
        reactions.to_sharing(situation) or reactions.to_next_step(situation) or reactions.to_explanation(situation)
    )
    if explained:
        return [*explained, *_objection(situation)]
    objection = _objection(situation)
    # A lead of its own follows no `All right`.
    leads_on = not (said and len(situation.talk.turns) > _EARLY)
    return [
        *([] if said or objection else _acknowledge(situation)),
        *(objection or (_lead_on(situation) if leads_on else [])),
    ]


def _greets(situation: Situation) -> bool:
    return situation.asks_for("how_are_you")


def _does_not_know(situation: Situation) -> str:
    return by_form(situation) or situation.say("answer", "unknown_open")


def _acknowledge(situation: Situation) -> list[str]:
    return [situation.say("small", "acknowledge")]


def _lead_on(situation: Situation) -> list[str]:
    """Keeps the talk going when nothing was asked."""
    first = len(situation.talk.turns) == 1 and not situation.talk.client
    late = len(situation.talk.turns) > _EARLY
    return [situation.say("greeting", "after") if first else situation.say("unclear", "goes_on" if late else "nudge")]


def _question_back(situation: Situation) -> list[str]:
    return [situation.say("recommend", "ask_numbers" if situation.likes_numbers else "ask")]


def _objection(situation: Situation, asked: bool = False, told: Sequence[str] = ()) -> list[str]:
    """The next objection, when it is time for one and `told` does not hold it already."""
    one = situation.next_objection
    if one and any(one.line in text for text in told):
        return []
    # Nobody objects to being left free, or to an apology or bad news.
    gentle = situation.moves.does("autonomy") or reactions.to_apology(situation) or reactions.to_sharing(situation)
    if one is None or gentle or not _is_time(situation, asked):
        return []
    lead = situation.pick.one("lead", table("objections")["handling"][f"lead_{situation.scene.difficulty}"])
    return [_led(lead, one)]


def _led(lead: str, one: Objection) -> str:
    return f"{lead} {one.line if lead.endswith('.') else lower_first_word(one.line)}"


def _is_time(situation: Situation, asked: bool) -> bool:
    """A recommendation calls for an objection; a sceptic also brings one up unasked now and then."""
    turns = len(situation.talk.turns)
    if situation.open_objection and turns - situation.open_objection.at < 3:
        return False
    if situation.moves.does("recommend", "next_step") and not asked:
        return True
    last = situation.raised[-1].at if situation.raised else -1
    quiet = turns - 1 - last
    waits = {"beginner": 7, "intermediate": 4, "advanced": 3}[situation.scene.difficulty]
    return quiet > waits + digest(situation.scene.profile.get("name"), last) % 2


def _finish(situation: Situation, parts: list[str]) -> str:
    """One line of at most a few sentences that differs from the one before."""
    most = 2 if situation.terse and len(situation.asked) < 3 else _MOST_SENTENCES
    text = " ".join(_shortened(parts, most))
    guarded = situation.safe(text, *(topic for topic in situation.asked if not situation.withheld(topic)))
    text = guarded or situation.say("unclear", "nudge")
    last = plain(situation.talk.client[-1]) if situation.talk.client else ""
    while plain(text) == last:
        text = situation.say("unclear", "nudge")
    return text[:_LONGEST] if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + "…"


def _shortened(parts: list[str], most: int) -> list[str]:
    """As many of the parts as make no more sentences than this, one at least."""
    kept: list[str] = []
    for part in filter(None, parts):
        if kept and sum(len(sentences(piece)) for piece in (*kept, part)) > most:
            break
        kept.append(sentence(part))
    return kept
