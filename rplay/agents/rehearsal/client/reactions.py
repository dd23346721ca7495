"""Decides which reaction a line calls for that asks nothing about the client's life."""

import re
from collections.abc import Callable, Mapping, Sequence

from rplay.agents.rehearsal.client.answers import answers
from rplay.agents.rehearsal.client.care import asks_whether_felt, to_care, to_empathy, to_reflection
from rplay.agents.rehearsal.client.concepts import general
from rplay.agents.rehearsal.client.explained import explains, teaches, to_explanation, to_telling
from rplay.agents.rehearsal.client.heard import asks_of_life, heard, says
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.offers import (
    asks_for_doubts,
    chosen,
    offer_of,
    price_of,
    product,
    to_drawback,
    to_fee,
    to_offer,
    to_opinion,
    to_proposal,
    to_what_it_takes,
    weighs,
)
from rplay.agents.rehearsal.client.recap import sums_up, to_summary
from rplay.agents.rehearsal.client.repertoire import BEYOND_DOUBT, of_statement
from rplay.agents.rehearsal.client.small import (
    AGENDA_UNTIL,
    has_small,
    phrase_for,
    to_acknowledgement,
    to_agenda,
    to_courtesy,
    to_greeting,
    to_small,
    to_thanks,
)
from rplay.agents.rehearsal.client.steps import next_step, takes_steps, time_of, to_greetings
from rplay.agents.rehearsal.client.unkind import (
    hurries_a_decision,
    to_dismissal,
    to_flattery,
    to_pressure,
    to_promise,
)
from rplay.agents.rehearsal.client.words import bare, kept
from rplay.agents.rehearsal.reading import forms
from rplay.agents.rehearsal.reading.acts import ruled
from rplay.agents.rehearsal.reading.types import Act
from rplay.agents.rehearsal.repertoire import recognised

Said = list[str]
_MOST_ANSWERED = 2  # sentences to somebody who has just talked down to the client


def to_statement(moment: Moment) -> Said:
    """Return the reaction to care, then to the line's main point; an empty list if the line asks about the life or is
    unclear."""
    if polite := to_courtesy(moment):
        return polite
    if passed_on := to_greetings(moment):
        return passed_on
    if moment.turn.belittles:
        return [*to_dismissal(moment), *answers(moment)[:_MOST_ANSWERED]]
    planned = takes_steps(moment)
    if asks_of_life(moment, planned, timed=planned and bool(time_of(moment))):
        return []
    for act, react in _UNKIND.items():
        if act in moment.turn.acts and not says(moment, "stop_here", "nervous"):
            return react(moment)
    opening = to_care(moment) or _to_candour(moment)
    main = _main(moment, cared_for=bool(opening))
    return [opening[0], *main] if opening and main else opening or main


def _to_candour(moment: Moment) -> Said:
    """Return a word on an admission that the line makes in addition to something else."""
    owned = next((one for one in heard(moment) if one.name in ("not_sure", "no_promises")), None)
    return kept(phrase_for(moment, owned)) if owned else []


def _main(moment: Moment, cared_for: bool = False) -> Said:
    for applies, react in _MAIN:
        if (not cared_for or react in _SUBSTANCE) and applies(moment) and (said := kept(*react(moment))):
            return said
    return []


def _asks_for_choice(moment: Moment) -> bool:
    return any(one.question or " or " in one.text.lower() for one in moment.reading.sentences)


def _proposes(moment: Moment) -> bool:
    if any("propose" in ruled(one.text) for one in moment.reading.sentences):
        return True
    asked = says(moment, "opinion", "yes_or_no") or "please" in moment.reading.text.lower()
    return bool(offer_of(moment)) and (asked or not teaches(moment))


def _owns_a_drawback(moment: Moment) -> bool:
    return not moment.does("propose") and bool(_DRAWBACK.search(moment.reading.text.lower()))


_DRAWBACK = re.compile(
    r"\bthere(?:'s| is| are) an? (?:charge|penalty|fee)\b|\b(?:drawback|downside|the catch (?:is|here)|bad news|"
    r"disadvantage|isn't cheap|not cheap|expensive|pricey|"
    r"can't (?:touch|get)|locked|penalty|not covered|"
    r"doesn't cover|won't cover|"
    r"exclud\w+|exclusions?|can (?:also )?(?:lose|drop|fall|go down)|could (?:lose|drop|fall|get less)|"
    r"trade ?off|not for everyone|limits?)\b"
)


def _prices(moment: Moment) -> bool:
    """Return whether the line names a price that is not what the client pays now."""
    return not re.search(r"\byou(?:'re| are)? (?:now )?pay(?:ing)?\b", moment.reading.text.lower()) and bool(
        price_of(moment)
    )


def _calms(moment: Moment) -> bool:
    calm = ("with_you", "no_rush", "no_judging", "in_confidence", "off_the_hook", "overstep", "hold_on")
    return says(moment, *calm) and not moment.does("propose", "next_step") and not teaches(moment)


def _plans_the_talk(moment: Moment) -> bool:
    planned = moment.does("agenda") or says(moment, "agenda")
    concept = product(moment)
    special = concept is not None and concept.id not in general()
    return planned and moment.number < AGENDA_UNTIL and not special and not says(moment, "form_first", "short_time")


def _discloses(moment: Moment) -> bool:
    text = moment.reading.text.lower()
    told = moment.does("disclose") and bool(_MONEY.search(text))
    return bool(_EARNS.search(text)) or told or _names_its_fee(moment)


def _names_its_fee(moment: Moment) -> bool:
    """Return whether the line names a share of the client's money as the price of what it speaks of: `a managed
    account, one and a quarter percent`."""
    text = bare(moment.reading.text)
    small = any(one.unit in ("percent", None) and 0 < one.value <= _LARGEST_FEE for one in moment.reading.amounts)
    return small and bool(_CHARGED.search(text)) and not _NO_FEE.search(text)


_LARGEST_FEE = 8  # percent: a front load
_CHARGED = re.compile(
    r"\b(?:managed (?:account|portfolio)|we (?:manage|do the thinking|look after|handle)|"
    r"i manage|(?:front|back|sales)[- ]"
    r"?(?:end )?load|(?:management|advisory|annual|yearly|wrap|our|my|the) fee|expense ratio|fee (?:is|of)|"
    r"assets under)\b"
)
_NO_FEE = re.compile(
    r"\byou(?:'re| are)? (?:now |already )?pay(?:ing)?\b|\b(?:loan|mortgage|card|interest|return\w*|grow\w*)\b"
)


_EARNS = re.compile(
    r"\b(?:i'm|we're|i am|we are|i get|we get) paid (?:by|when|if|on|a)\b|"
    r"\b(?:i|we)(?:'d| do| also| would)? (?:get|earn|make|receive|charge|take)\b.{0,30}\b(?:bonus|commission|"
    r"percent|fee|paid)\b"
)


_MONEY = re.compile(r"\b(?:fees?|charge|commission|percent|earn|paid|pays me|costs?|incentive|conflict)\b|%")


def to_permission(moment: Moment) -> Said:
    """Return the permission that the advisor asked for, with some reserve if the client has little trust."""
    if _asks_all_the_same(moment):
        return []
    offer = offer_of(moment)
    if offer:
        key = f"leave.{'you' if offer.who == 'you' else 'we'}{'_cool' if moment.state.cool else ''}"
        return kept(moment.say(key, does=offer.does) if offer.does else to_offer(moment, offer))
    if " ask" not in moment.reading.text.lower():
        return kept(moment.say("leave.plain"))
    return kept(moment.say("permission.wary" if moment.state.trust < 38 else "permission.yes"))


def _asks_all_the_same(moment: Moment) -> bool:
    """Return whether the line asks for more than leave: `May I ask what would have to happen?`, `Would it be awkward to
    leave?`."""
    texts = (bare(moment.reading.text), *(bare(one.text) for one in moment.reading.sentences))
    return any(_ASKS_AT_ONCE.search(text) or _OF_THEM.search(text) for text in texts)


_OF_THEM = re.compile(
    r"\bwould it be (?:awkward|hard|difficult|strange|painful)(?: for you)? to (?!ask|talk|tell|share)\w+"
)


def _does(*acts: Act) -> Callable[[Moment], bool]:
    return lambda moment: moment.does(*acts)


def _says(*statements: str) -> Callable[[Moment], bool]:
    return lambda moment: says(moment, *statements)


_UNKIND: Mapping[Act, Callable[[Moment], Said]] = {
    "press": to_pressure,
    "promise": to_promise,
    "dismiss": to_dismissal,
}


_FIRST = ("hear_me", "still_there", "kidding", "language", "good_time", "call_you", "say_name", "record", "notes",
          "ask_personal", "may_ask", "new_here",
          "refreshments", "back_to", "talk_about", "nice_things",
          "stop_here", "got_picture")  # fmt: skip


_ASKS_AT_ONCE = re.compile(r"\bi (?:just )?ask (?:you )?(?:what|how|why|when|who|which|where|whether|if)\b")


def _says_first(moment: Moment) -> bool:
    """Return whether the line says something that is answered before everything else. A request for papers in the same
    line takes precedence over taking notes."""
    if says(moment, "may_ask") and _ASKS_AT_ONCE.search(bare(moment.reading.text)):
        return False
    return says(moment, *_FIRST) and not (says(moment, "notes") and takes_steps(moment))


def _asks_opinion(moment: Moment) -> bool:
    """Return whether the client is asked for an opinion of something that this line or the one before it proposed."""
    return _put_up(moment) and says(moment, "opinion", "yes_or_no", "clear")


def _weighs(moment: Moment) -> bool:
    return _put_up(moment) and weighs(moment)


def _put_up(moment: Moment) -> bool:
    return any(turn.acts & _PUTS_UP for turn in moment.turns[-2:]) or bool(moment.recent_concepts)


_PUTS_UP: frozenset[Act] = frozenset({"propose", "explain", "compare", "agenda", "next_step", "disclose"})


def _compares(moment: Moment) -> bool:
    return any(one.act == "compare" and not forms.asks(one.text) for one in moment.reading.sentences)


def _always(moment: Moment) -> bool:  # noqa: ARG001
    return True


def _only_greets(moment: Moment) -> bool:
    return moment.turn.acts <= {"greet", "introduce"}


def _is_mostly_a_sound(moment: Moment) -> bool:
    """Return whether what would be answered is the `got it?` or `ok?` behind what the line really says."""
    texts = (moment.reading.text, *(one.text for one in moment.reading.sentences if one.question))
    entry, _ = max(map(recognised, texts), key=lambda one: one[1])
    sounds = entry is not None and entry.id.startswith("ack.")
    return sounds and moment.number > 0 and len(moment.reading.sentences) > 1 and moment.does(*_PUTS_UP)


def _only_checks(moment: Moment) -> bool:
    """Return whether the line does nothing but ask whether the one before it was clear."""
    brief = len(moment.reading.text.split()) <= _BRIEF_CHECK
    puts = moment.does("explain", "propose", "summarise", "next_step")
    return moment.number > 0 and brief and not puts and says(moment, "clear") and _put_up(moment)


_BRIEF_CHECK = 14  # words


def to_check(moment: Moment) -> Said:
    return kept(moment.say("check.yes" if moment.state.understanding >= _FOLLOWS else "check.partly"))


_FOLLOWS = 45  # understanding


def rehearsed(moment: Moment) -> Said:
    if _asks_all_the_same(moment) or _is_mostly_a_sound(moment):
        return []
    return of_statement(moment, BEYOND_DOUBT, explained=False)


_MAIN: Sequence[tuple[Callable[[Moment], bool], Callable[[Moment], Said]]] = (
    (_says_first, to_small),
    (asks_whether_felt, to_reflection),
    (sums_up, to_summary),
    (takes_steps, next_step),
    (_only_checks, to_check),
    (_calms, to_small),
    (_says("may_we"), to_permission),
    (_only_greets, to_greeting),
    (_always, rehearsed),
    (_says("what_it_takes"), to_what_it_takes),
    (_plans_the_talk, to_agenda),
    (asks_for_doubts, to_opinion),
    (_asks_for_choice, chosen),
    (_prices, to_proposal),
    (_discloses, to_fee),
    (_proposes, to_proposal),
    (_says("not_sure", "no_promises", "own_trouble", "past_work"), to_small),
    (_owns_a_drawback, to_drawback),
    (explains, to_explanation),
    (_asks_opinion, to_opinion),
    (_weighs, to_opinion),
    (_compares, to_opinion),
    (has_small, to_small),
    (_does("disclose"), to_drawback),
    (_does("flatter"), to_flattery),
    (_does("empathise", "reflect"), to_empathy),
    (_does("permission"), to_permission),
    (_does("explain", "propose"), to_telling),
    (_does("greet", "introduce"), to_greeting),
    (_does("thank"), to_thanks),
    (_does("acknowledge", "filler"), to_acknowledgement),
)


_SUBSTANCE = (to_summary, to_reflection, to_what_it_takes, next_step, chosen, to_fee, to_proposal, to_permission)


def reaction(moment: Moment, greeted: bool = False) -> Said:
    """Return the reaction to a line that asks nothing about the life. A client who has greeted already does not greet
    again."""
    said = to_statement(moment) or _main(moment)
    return [] if greeted and moment.turn.acts <= {"greet", "introduce"} else said


# What the client reacts to before answering, when the line also asks something.
_BEFORE: Sequence[str] = ("hear_me", "good_time", "call_you", "say_name", "new_here", "congratulate", "no_judging")


def before_answer(moment: Moment) -> Said:
    """Return a reaction to how the question was asked, before its answer."""
    if "press" in moment.turn.acts and hurries_a_decision(moment):
        return to_pressure(moment)[:1]
    if "dismiss" in moment.turn.acts:
        return to_dismissal(moment)[:1]
    if said := to_care(moment):
        return said[:1]
    if _discloses(moment):
        return to_fee(moment)[:1]
    first = next((one for one in heard(moment) if one.name in _BEFORE), None)
    return kept(phrase_for(moment, first)) if first else []
