"""What the client says to what is no question."""

import re
from collections.abc import Callable, Mapping, Sequence

from rplay.agents.rehearsal.client.claims import confirmed
from rplay.agents.rehearsal.client.concepts import Concept, lectures, unexplained
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.particular import leaning, reason
from rplay.agents.rehearsal.client.steps import next_step, time_of
from rplay.agents.rehearsal.client.words import ended
from rplay.agents.rehearsal.reading.types import Act

Said = list[str]
_AGENDA_UNTIL = 3  # later nobody plans the talk any more


def _kept(*said: str) -> Said:
    return [one for one in said if one]


# Feelings


def to_empathy(moment: Moment) -> Said:
    cool = moment.state.cool or moment.life.style.warm < 30
    return _kept(moment.say("empathy.cool" if cool else "empathy.thanks"), _on(moment, "why"))


def to_reflection(moment: Moment) -> Said:
    if wrong := confirmed(moment):
        return wrong
    return _kept(moment.say("reflect.yes"), _on(moment, "why"))


def to_normalising(moment: Moment) -> Said:
    return _kept(moment.say("normalise.doubt" if moment.state.cool else "normalise.relief"), _on(moment, "feel"))


def to_summary(moment: Moment) -> Said:
    if wrong := confirmed(moment):
        return wrong
    missing = moment.more(("goal", "what"), ("worry", "what"), ("decision", "needs"), ("goal", "why"), ("worry", "why"))
    lead = moment.say("claim.summary" if "summarise" in moment.turn.acts else "claim.right")
    if not missing or moment.life.style.terse > 70:
        return _kept(lead)
    return _kept(lead, moment.led(moment.say("claim.missing"), missing))


def _on(moment: Moment, aspect: str) -> str:
    """One more thing on what is being talked about."""
    topic = moment.topic
    if topic is None or topic.kind in _STORYLESS or not moment.tells(topic):
        return moment.new_of(moment.story) or moment.more(("worry", "what"), ("goal", "what"), ("worry", "why"))
    return moment.deeper(topic, aspect)


_STORYLESS: frozenset[str] = frozenset(
    {"self", "meeting", "knowledge", "decision", "cover", "spending", "income", "product"}
)


# Explanations and proposals


def to_explanation(moment: Moment) -> Said:
    hard = unexplained(moment.reading)
    if len(hard) > 1 and moment.life.style.numbers < 85:
        return _kept(moment.say("jargon.many", one=hard[0].spoken, other=hard[1].spoken))
    if hard and len(moment.reading.text.split()) < 30 and moment.life.style.numbers < 85:
        return _kept(moment.say("jargon.what", concept=hard[0].spoken))
    if lectures(moment.reading) and moment.state.patience < 75:
        return _kept(moment.say("jargon.lesson"))
    concept = next(iter(moment.concepts), None)
    if concept is None:
        return _without_concept(moment)
    return _taken_from(moment, concept)


def _without_concept(moment: Moment) -> Said:
    """Nothing of the trade was explained: what it brings to the client's mind, or what it has to do with them."""
    own = moment.recall(moment.reading.text) or _on(moment, "why")
    return _kept(own or moment.say("explain.so_for_me"))


def _taken_from(moment: Moment, concept: Concept) -> Said:
    """What was understood in the client's own words, then the question it leaves or their own case."""
    gloss = moment.voice.one(concept.gloss, concept.id)
    said = (
        moment.led(moment.say("understood.lead"), gloss.removeprefix("So "))
        if moment.voice.chance("lead", 45)
        else gloss
    )
    if moment.life.style.terse > 65:
        return _kept(said) or _question_on(moment, concept)
    follow = _own_case(moment, concept)
    return _kept(said, *(_kept(follow) or _question_on(moment, concept)))


# What bears on a product without being an opinion of it.
_CASE: frozenset[str] = frozenset({"spending", "risk"})


def _own_case(moment: Moment, concept: Concept) -> str:
    return moment.more(*(one for one in concept.about if one[0] in _CASE)) if moment.voice.chance("case", 40) else ""


def _question_on(moment: Moment, concept: Concept) -> Said:
    return _kept(moment.voice.one(concept.ask, f"{concept.id} ask") or moment.say("explain.so_for_me"))


def to_check(moment: Moment) -> Said:
    """Does that make sense?"""
    if "explain" in moment.turn.acts or "propose" in moment.turn.acts:
        return to_explanation(moment)
    concept = next(iter(moment.recent_concepts), None)
    if concept is None:
        return _kept(moment.say("understood.nothing"))
    if moment.state.understanding < 40:
        return _kept(moment.say("understood.no"), moment.say("jargon.what", concept=concept.spoken))
    return _kept(moment.say("understood.yes"), *_taken_from(moment, concept)[:2])


def to_proposal(moment: Moment) -> Said:
    """A stance, then this client's own concern, figure or condition."""
    state = moment.state
    hard = unexplained(moment.reading)
    if len(hard) > 1 and moment.life.style.numbers < 85:
        return _kept(moment.say("jargon.many", one=hard[0].spoken, other=hard[1].spoken))
    if _too_early(moment):
        return _kept(moment.say("propose.early"), moment.more(("worry", "what"), ("goal", "what")))
    stance = moment.say(_stance(moment))
    concept = next(iter(moment.concepts), None)
    if concept:
        ask = moment.voice.one(concept.ask, f"{concept.id} ask")
        fact = _own_case(moment, concept) if state.trust >= 55 else ""
        return _kept(stance, fact or moment.voice.one(concept.doubt, f"{concept.id} doubt"), ask)
    fact = moment.more(("decision", "needs"), ("spending", "saves"), ("decision", "holds"), ("partner", "view"))
    return _kept(stance, fact or moment.say("propose.condition"), _figure(moment))


def _stance(moment: Moment) -> str:
    if moment.state.trust < 30:
        return "propose.no"
    return "propose.warm" if moment.state.trust >= 58 and moment.number > 3 else "propose.unsure"


def _too_early(moment: Moment) -> bool:
    asked = sum(len(turn.questions) for turn in moment.turns)
    return asked < 2 and moment.number < 4


def _figure(moment: Moment) -> str:
    return moment.say("propose.figure") if moment.life.style.numbers > 60 else ""


def to_comparison(moment: Moment) -> Said:
    concept = next(iter(moment.concepts), None)
    why = reason(moment, concept) if concept else moment.more(("risk", "what"))
    return _kept(moment.say(f"compare.{leaning(moment)}"), why or moment.say("compare.need"))


def to_disclosure(moment: Moment) -> Said:
    concept = next(iter(moment.concepts), None)
    ask = moment.voice.one(concept.ask, f"{concept.id} ask") if concept and moment.voice.chance("ask", 50) else ""
    return _kept(moment.say("disclose.value"), ask or moment.say("disclose.follow"))


def to_answer(moment: Moment) -> Said:
    """The advisor answered what the client had asked."""
    concept = next(iter(moment.concepts), None)
    after = moment.more(*concept.about) if concept else ""
    return _kept(moment.say("answered.ok"), after or moment.say("answered.and_now"))


def to_reassurance(moment: Moment) -> Said:
    if moment.state.cool or moment.state.trust < 45:
        return _kept(moment.say("reassure.doubt"), moment.more(("decision", "needs"), ("advisor", "want")))
    return _kept(moment.say("reassure.yes"), _on(moment, "feel"))


# Bad manners


def to_pressure(moment: Moment) -> Said:
    return _kept(moment.say("press.back_off"), moment.say("press.why_rush") or moment.more(("decision", "long")))


def to_promise(moment: Moment) -> Said:
    return _kept(moment.say("promise.doubt"), moment.more(("risk", "past"), ("advisor", "want"), ("risk", "what")))


def to_flattery(moment: Moment) -> Said:
    return _kept(moment.say("flatter.shrug"))


def to_dismissal(moment: Moment) -> Said:
    return _kept(moment.say("dismiss.hurt"), _on(moment, "why") if moment.voice.chance("goes on", 50) else "")


def to_apology(moment: Moment) -> Said:
    if _sad(moment):
        return _kept(moment.say("apologise.sad"))
    if _feels_with(moment):
        return to_empathy(moment)
    if moment.before.strikes or moment.before.insults:
        return _kept(moment.say("apologise.cool"), moment.say("apologise.condition"))
    if moment.number and not moment.state.cool:
        return _kept(moment.say("apologise.accept"))
    return _kept(moment.say("apologise.nothing"))


_HARD: frozenset[str] = frozenset({"lately", "worry", "relatives", "if", "child", "partner", "debt", "advisor"})


_FEELS = re.compile(
    r"\bmust(?:'ve| have| be)\b|\bsounds (?:hard|tough|like)|\bcan imagine\b|\bto hear (?:that|"
    r"about)\b"
)
_OWN_FAULT = re.compile(
    r"\b(?:late|my (?:fault|bad)|should have|shouldn't have|came out|interrupt\w*|mess\w*|rude|out of line|apolog\w+|"
    r"jumping|confus\w+|forgot|slow|bad (?:morning|day)|don't know what|hold on|one second|noisy|wrong)\b"
)


def _feels_with(moment: Moment) -> bool:
    """`I'm sorry` about what the client told, and not for something the advisor did."""
    if moment.before.strikes or moment.before.insults or _OWN_FAULT.search(moment.reading.text.lower()):
        return False
    topic = moment.topic
    told = moment.memory.just_told(moment.number)
    if moment.does("empathise", "reflect") or _FEELS.search(moment.reading.text.lower()):
        return True
    return moment.told_story or (topic is not None and topic.kind in _HARD and bool(told))


_SAD = re.compile(r"\b(?:died|passed away|funeral|divorc|broke up|cancer|hospital|laid off|lost my)\b", re.IGNORECASE)


def _sad(moment: Moment) -> bool:
    """The advisor told bad news of their own."""
    return bool(
        re.search(r"\bmy\b|\bi (?:just )?(?:lost|got)\b", moment.reading.text.lower())
        and _SAD.search(moment.reading.text)
    )


# Small things


def to_small_talk(moment: Moment) -> Said:
    cool = moment.state.cool or moment.life.style.warm < 30
    own = moment.more(
        ("self", "how_are_you"), ("self", "hobbies"), ("work", "like"), ("self", "week"), ("self", "origin")
    )
    return _kept(
        moment.say("small_talk.react_cool" if cool else "small_talk.react"), own or moment.say("small_talk.to_business")
    )


def to_agenda(moment: Moment) -> Said:
    if moment.number > _AGENDA_UNTIL:
        return []
    return _kept(moment.say("agenda.wary" if moment.difficulty == "advanced" or moment.state.cool else "agenda.yes"))


def to_permission(moment: Moment) -> Said:
    if re.search(r"\bnotes?\b|\bwrite\b|\brecord", moment.reading.text.lower()):
        return _kept(moment.say("permission.notes"))
    if moment.gave_reason(moment.reading):
        return _kept(moment.say("permission.reason"))
    return _kept(moment.say("permission.wary" if moment.state.trust < 42 else "permission.yes"))


def to_thanks(moment: Moment) -> Said:
    return _kept(moment.say("thank.welcome"), _on(moment, "feel") if moment.voice.chance("thanks", 60) else "")


def to_next_step(moment: Moment) -> Said:
    return next_step(moment)


def to_greeting(moment: Moment) -> Said:
    if moment.number:
        return _kept(moment.say("greeting.again"))
    cool = moment.difficulty == "advanced" or moment.state.cool
    hello = moment.say("greeting.back_wary" if cool else "greeting.back")
    return _kept(hello, moment.reason_for_coming())


def to_acknowledgement(moment: Moment) -> Said:
    """Goes on with the story, or asks."""
    if moment.voice.chance("goes on", 65) and (more := _on(moment, "why")):
        return _kept(more)
    question = moment.new_of(moment.life.questions)
    return (
        _kept(moment.led(moment.say("own_question.lead"), question))
        if question
        else _kept(moment.say("acknowledge.ask"))
    )


_REACTIONS: Sequence[tuple[Act, Callable[[Moment], Said]]] = (
    ("press", to_pressure),
    ("promise", to_promise),
    ("dismiss", to_dismissal),
    ("apologise", to_apology),
    ("summarise", to_summary),
    ("propose", to_proposal),
    ("compare", to_comparison),
    ("disclose", to_disclosure),
    ("explain", to_explanation),
    ("check", to_check),
    ("next_step", to_next_step),
    ("answer", to_answer),
    ("handle_objection", to_answer),
    ("reflect", to_reflection),
    ("empathise", to_empathy),
    ("normalise", to_normalising),
    ("reassure", to_reassurance),
    ("permission", to_permission),
    ("agenda", to_agenda),
    ("flatter", to_flattery),
    ("small_talk", to_small_talk),
    ("greet", to_greeting),
    ("introduce", to_greeting),
    ("thank", to_thanks),
    ("acknowledge", to_acknowledgement),
    ("filler", to_acknowledgement),
)
# Said before an answer, when the line also asks.
_BEFORE: Mapping[Act, Callable[[Moment], Said]] = {
    "press": to_pressure,
    "dismiss": to_dismissal,
    "apologise": to_apology,
    "disclose": to_disclosure,
    "empathise": to_empathy,
}


def reaction(moment: Moment, greeted: bool = False) -> Said:
    """To a line that asks nothing of the life; nobody is greeted twice."""
    for act, react in _REACTIONS:
        if greeted and react is to_greeting:
            continue
        if act in moment.turn.acts and (said := react(moment)):
            return said
    return []


def before_answer(moment: Moment) -> Said:
    """A word on how it was asked, before the answer; care needs no thanks where nothing sad was told."""
    for act, react in _BEFORE.items():
        if act in moment.turn.acts and (act != "empathise" or _feels_with(moment)):
            return react(moment)[:1]
    return []


__all__ = ["before_answer", "ended", "reaction", "time_of"]
