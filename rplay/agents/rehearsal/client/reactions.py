"""The client's reactions to everything that is no question about their life."""

import re
from collections.abc import Callable, Mapping, Sequence

from rplay.agents.ending import Ended
from rplay.agents.rehearsal.client.claims import confirmed
from rplay.agents.rehearsal.client.concepts import Concept, general, lectures
from rplay.agents.rehearsal.client.echo import echoed, spoken_of
from rplay.agents.rehearsal.client.feelings import on_theme, to_condolence, to_feeling, to_own_loss
from rplay.agents.rehearsal.client.heard import Heard, asks_of_life, heard
from rplay.agents.rehearsal.client.jargon import to_jargon
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.offers import (
    aims,
    asks_for_doubts,
    chosen,
    names,
    offer_of,
    price_of,
    product,
    to_drawback,
    to_fee,
    to_offer,
    to_opinion,
    to_price,
    to_proposal,
    to_sum,
    to_what_it_takes,
    weighs,
)
from rplay.agents.rehearsal.client.repertoire import BEYOND_DOUBT, of_statement
from rplay.agents.rehearsal.client.steps import next_step, sends, takes_steps, time_of
from rplay.agents.rehearsal.client.story import content
from rplay.agents.rehearsal.client.words import bare, capital, ended
from rplay.agents.rehearsal.reading import forms
from rplay.agents.rehearsal.reading.acts import ruled
from rplay.agents.rehearsal.reading.types import Act

Said = list[str]
_AGENDA_UNTIL = 3  # after this many lines nobody plans the talk any more


def _kept(*said: str) -> Said:
    return [one for one in said if one]


# Lines that ask nothing about the client's life


def to_statement(moment: Moment) -> Said:
    """Return the reaction to care, then to the line's main point; an empty list if the line asks about the life or is
    unclear."""
    if sneers(moment):
        return _kept(moment.say("belittle.sneer"))
    planned = takes_steps(moment)
    if asks_of_life(moment, planned, timed=planned and bool(time_of(moment))):
        return []
    for act, react in _UNKIND.items():
        if act in moment.turn.acts and not says(moment, "stop_here", "nervous"):
            return react(moment)
    opening = to_care(moment) or _to_candour(moment)
    main = _main(moment, cared_for=bool(opening))
    return [opening[0], *main] if opening and main else opening or main


def sneers(moment: Moment) -> bool:
    """Return whether the line blames or mocks the client without an insult: `That's what happens when you don't read
    it`."""
    return any(_SNEERS.search(bare(one.text)) for one in moment.reading.sentences) and not moment.does("apologise")


_SNEERS = re.compile(
    r"\b(?:that's what (?:happens|you get) when you|(?:weren't|wasn't|not) paying attention|now (?:you're|ur"
    r"|you are) an? expert"
    r"|sweetheart|you should(?:'ve| have) (?:known|read)|(?:your|ur) own fault|yours for not|serves you right"
    r"|what did you expect|that was (?:dumb|stupid) of you|too sensitive)\b"
)


def _to_candour(moment: Moment) -> Said:
    """Return a word on an admission that the line makes in addition to something else."""
    owned = next((one for one in heard(moment) if one.name in ("not_sure", "no_promises")), None)
    return _kept(_phrase_for(moment, owned)) if owned else []


def _main(moment: Moment, cared_for: bool = False) -> Said:
    for applies, react in _MAIN:
        if (not cared_for or react in _SUBSTANCE) and applies(moment) and (said := _kept(*react(moment))):
            return said
    return []


def says(moment: Moment, *statements: str) -> bool:
    return any(one.name in statements for one in heard(moment))


def _asks_for_choice(moment: Moment) -> bool:
    return any(one.question or " or " in one.text.lower() for one in moment.reading.sentences)


def _sums_up(moment: Moment) -> bool:
    if moment.does("next_step") and (not moment.reading.claims or sends(moment)):
        return False
    claimed = says(moment, "sums_up") and (bool(moment.reading.claims) or moment.number > 1)
    summed = moment.does("summarise") or claimed or (says(moment, "recap") and not moment.turn.asked)
    return (summed and not moment.does("propose")) or (moment.does("summarise") and says(moment, "sums_up"))


def _explains(moment: Moment) -> bool:
    asked = says(moment, "clear", "tell_back", "lost_you")
    if moment.does("explain", "compare", "propose"):
        return asked or _teaches(moment)
    return asked and bool(moment.recent_concepts)


def _proposes(moment: Moment) -> bool:
    if any("propose" in ruled(one.text) for one in moment.reading.sentences):
        return True
    asked = says(moment, "opinion", "yes_or_no") or "please" in moment.reading.text.lower()
    return bool(offer_of(moment)) and (asked or not _teaches(moment))


def _teaches(moment: Moment) -> bool:
    """Return whether the line certainly explains something. A long statement alone is only assumed to."""
    concept = product(moment)
    explained = any("explain" in ruled(one.text) for one in moment.reading.sentences)
    return explained or (concept is not None and concept.id not in general())


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
    return says(moment, *calm) and not moment.does("propose", "next_step") and not _teaches(moment)


def _plans_the_talk(moment: Moment) -> bool:
    planned = moment.does("agenda") or says(moment, "agenda")
    concept = product(moment)
    special = concept is not None and concept.id not in general()
    return planned and moment.number < _AGENDA_UNTIL and not special and not says(moment, "form_first", "short_time")


def _discloses(moment: Moment) -> bool:
    text = moment.reading.text.lower()
    return bool(_EARNS.search(text)) or (moment.does("disclose") and bool(_MONEY.search(text)))


_EARNS = re.compile(
    r"\b(?:i'm|we're|i am|we are|i get|we get) paid (?:by|when|if|on|a)\b|"
    r"\b(?:i|we)(?:'d| do| also| would)? (?:get|earn|make|receive|charge|take)\b.{0,30}\b(?:bonus|commission|"
    r"percent|fee|paid)\b"
)
_MONEY = re.compile(r"\b(?:fees?|charge|commission|percent|earn|paid|pays me|costs?|incentive|conflict)\b|%")


# Care, and the reactions to it


def to_care(moment: Moment) -> Said:
    """Return the reaction to an apology, condolences, the advisor's own bad news, or sympathy."""
    if _sums_up(moment):
        return []
    for one in heard(moment):
        if one.name == "own_loss":
            return to_own_loss(moment, one)
        if one.name == "condolence":
            return to_condolence(moment, one)
    if _only_begs_pardon(moment):
        return []
    if (moment.does("apologise") or _SORRY.search(bare(moment.reading.text))) and not _feels_with(moment):
        return to_apology(moment)
    if moment.does("normalise") and not moment.does("check") and _NORMAL.search(moment.reading.text.lower()):
        return to_normalising(moment)
    if moment.does("propose", "next_step", "disclose") or (product(moment) and not moment.does("empathise", "reflect")):
        return []
    said = _kept(*to_feeling(moment))
    return said or (to_apology(moment) if moment.does("apologise") else [])


def _only_begs_pardon(moment: Moment) -> bool:
    """Return whether `sorry` only introduces a question: `Sorry, did you say you were married?` is no apology."""
    return bool(_PARDON.match(bare(moment.reading.text)))


_PARDON = re.compile(
    r"(?:oh |um |uh |i'm )?sorry (?:but )?(?:did|do|what|are|is|was|were|how|when|where|who|which|why|you (?:said|"
    r"mean)|your|"
    r"can|could|have|has|one more|phone|i (?:lost|missed|didn't (?:catch|get|hear)|have to ask|forgot (?:to ask|"
    r"what)))\b"
)
_NORMAL = re.compile(
    r"\b(?:you(?:'re| are) (?:\w+ )?not (?:alone|the only)|(?:lots? of|most|many|plenty of) \w+|common|normal|"
    r"(?:everybody|everyone) (?:gets|feels|has|struggles|needs|does|worries)|nobody (?:teaches|likes|learns))\b"
)


def _only_feels(moment: Moment) -> bool:
    return len(moment.reading.text.split()) < 12 and not moment.does("propose", "explain", "disclose", "next_step")


def to_empathy(moment: Moment) -> Said:
    cool = moment.state.cool or moment.life.style.warm < 20
    return _kept(moment.say("empathy.cool" if cool else "empathy.thanks"), on_theme(moment))


def to_normalising(moment: Moment) -> Said:
    return _kept(moment.say("normalise.doubt" if moment.state.cool else "normalise.relief"), on_theme(moment))


_SORRY = re.compile(
    r"^sorry\b|\bsorry$|\bsorry (?:about|for) (?:how|what) i\b|"
    r"\b(?:sorry i\b|sorry (?:i(?:'m| am)?|about|for) (?:a bit |the |that |so |being |my |late|jump|rush|all)|"
    r"apologi[sz]e)"
)
_OWN_FAULT = re.compile(
    r"\b(?:late|my (?:fault|bad)|should have|shouldn't have|came out|interrupt\w*|mess\w*|rude|out of line|apolog\w+|"
    r"jumping|confus\w+|forgot|slow|bad (?:morning|day)|don't know what|hold on|one second|noisy|wrong|started|rush\w*|"
    r"flying|fast|sorry for the|sorry i|clumsy|blunt|too (?:direct|fast|much|personal|pushy)|put it|system|"
    r"computer|file|whoops|oops|jargon|my side|ramble\w*)\b"
)
_HARD: frozenset[str] = frozenset({"lately", "worry", "relatives", "if", "child", "partner", "debt", "advisor"})
_FEELS = re.compile(
    r"\bmust(?:'ve| have| be)\b|\bsounds (?:hard|tough|like)|\bcan imagine\b|\bto hear\b|\bsorry (?:about|for) your\b"
)


def _feels_with(moment: Moment) -> bool:
    """Return whether `I'm sorry` is about what the client told, and not about something that the advisor did."""
    text = moment.reading.text.lower()
    if moment.before.strikes or moment.before.insults or _OWN_FAULT.search(text):
        return False
    if moment.does("empathise", "reflect") or _FEELS.search(text):
        return True
    topic, told = moment.topic, moment.memory.just_told(moment.number)
    return moment.told_story or (topic is not None and topic.kind in _HARD and bool(told))


# An apology without a fault of one's own is sympathy.
_BARE_SORRY = re.compile(
    r"(?:oh |aw |gosh )?i(?:'m| am) (?:so |really |very )?sorry|(?:oh |aw |gosh )?i(?:'m| am) (?:so|very|"
    r"really) sorry about that"
)
_FAULTS: Mapping[str, re.Pattern[str]] = {
    "start": re.compile(r"\b(?:how i|started|earlier|again sorry|and again)\b"),
    "late": re.compile(
        r"\b(?:(?:i'm|so|being|running|a bit|minutes) late|waiting|(?:the|your) wait|delay\w*)\b(?! for you)"
    ),
    "rush": re.compile(r"\b(?:rush\w*|fast|flying|quick\w*|short|hurry)\b"),
    "words": re.compile(r"\b(?:came out|meant|mean|put that|wording|sounded|phras\w+)\b"),
    "name": re.compile(r"\b(?:name|pronounc\w+|my bad \w+$)\b"),
}


def to_apology(moment: Moment) -> Said:
    if moment.before.strikes or moment.before.insults:
        return _kept(moment.say("apologise.cool"), moment.say("apologise.condition"))
    text = bare(moment.reading.text)
    for fault, expression in _FAULTS.items():
        if expression.search(text) and (said := moment.say(f"sorry.{fault}")):
            return [said]
    if moment.number and any(_BARE_SORRY.fullmatch(bare(one.text)) for one in moment.reading.sentences):
        return _kept(moment.say("empathy.cool" if moment.state.cool else "empathy.thanks"))
    if any("apologise" in turn.acts for turn in moment.turns[:-1]):
        return _kept(moment.say("sorry.again") or moment.say("apologise.accept"))
    return _kept(moment.say("apologise.accept" if moment.number else "apologise.nothing"))


# Summaries


def to_summary(moment: Moment) -> Said:
    """Return a correction if a figure is wrong, else a confirmation with what the summary left out."""
    if wrong := confirmed(moment):
        return wrong
    lead = moment.say("claim.summary" if "summarise" in moment.turn.acts else "claim.right")
    missing = _left_out(moment)
    asked = says(moment, "sums_up") and re.search(r"\bmiss|forg|leave|left|add\b|wrong", moment.reading.text.lower())
    if not missing or moment.life.style.terse > 80 or not (asked or moment.voice.chance("missing", 50)):
        return _kept(lead)
    return _kept(lead, moment.led(moment.say("claim.missing"), missing))


_MATTERS = (("worry", "what"), ("goal", "what"))


def _left_out(moment: Moment) -> str:
    """Return a goal or worry that the summary did not mention; empty if there is none."""
    summed = content(moment.reading.text)
    for kind, aspect in _MATTERS:
        for one in moment.life.subjects:
            if one.kind == kind and one.reserve < 2 and moment.tells(one) and not content(one.name) & summed:
                return moment.new_of(one.says.get(aspect, ()))
    return ""


def _asks_whether_felt(moment: Moment) -> bool:
    """Return whether the advisor asks if a feeling is right: `I get the feeling that money isn't just a number to you.
    Am I wrong?`"""
    felt = moment.does("reflect") and not moment.does("summarise")
    return felt and any(one.asks == "check" for one in moment.reading.sentences)


def to_reflection(moment: Moment) -> Said:
    return _kept(moment.say("reflect.cool" if moment.state.cool else "reflect.yes"), on_theme(moment))


# Explanations


def to_explanation(moment: Moment) -> Said:
    """Return what the client understood of an explanation, in the client's own words, and a question about it."""
    if lost := _lost(moment):
        return lost
    concept = product(moment)
    if concept is None and says(moment, "clear", "tell_back", "lost_you") and not moment.does("explain"):
        concept = next(iter(moment.recent_concepts), None)
    if says(moment, "lost_you") and not moment.does("explain"):
        return _kept(moment.say("check.not_lost"))
    yes = (
        moment.say("check.yes" if moment.state.understanding >= 45 else "check.partly") if says(moment, "clear") else ""
    )
    own = _without_concept(moment) if concept is None or concept.id in general() else []
    if concept is None and says(moment, "tell_back") and not moment.does("explain"):
        return _kept(moment.say("check.what_back"))
    if concept is None or own:
        return _kept(yes, *(own if own and not yes else [moment.say("check.nothing", **aims(moment))]))
    return _kept(yes if moment.life.style.terse < 60 else "", *_taken_from(moment, concept, led=not yes))


def _lost(moment: Moment) -> Said:
    """Return the reaction to too many terms, an unexplained term or a lecture; an empty list if the client can
    follow."""
    if said := to_jargon(moment, concepts=True):
        return said
    if lectures(moment.reading) and moment.state.patience < 75:
        return _kept(moment.say("jargon.lesson"))
    return []


def _without_concept(moment: Moment) -> Said:
    """Return the reaction to an explanation without a term of the trade: it repeats what the advisor spoke of."""
    known = [one for sentence in moment.reading.sentences if (one := spoken_of(sentence.text, names(moment)))]
    if not known:
        return _kept(moment.say("explained.main", **aims(moment))) if product(moment) is None else []
    best = next((one for one in known if one.says), known[0])
    said = moment.say("explained.says", noun=best.noun, says=best.says) if best.says else ""
    return _kept(said or moment.say("explained.noun", noun=best.noun), *(to_sum(moment) or [_ask(moment)]))


def _ask(moment: Moment) -> str:
    return moment.say("explained.ask", **aims(moment)) if moment.life.style.terse < 75 else ""


def _taken_from(moment: Moment, concept: Concept, led: bool = True) -> Said:
    gloss = moment.voice.one(concept.gloss, concept.id)
    lead = led and gloss and (says(moment, "tell_back") or moment.voice.chance("lead", 40))
    said = moment.led(moment.say("understood.lead"), capital(gloss.removeprefix("So "))) if lead else gloss
    sums = to_price(moment) or to_sum(moment)
    ask = moment.voice.one(concept.ask, f"{concept.id} ask") or moment.voice.one(concept.doubt, f"{concept.id} doubt")
    follow = sums[0] if sums else ask
    return _kept(said or ask, follow if said and moment.life.style.terse < 75 else "") or _without_concept(moment)


_TELLING: Sequence[tuple[str, re.Pattern[str]]] = (
    ("may", re.compile(r"^(?:so |and |then |well )*you (?:can|may|could|don't have)\b")),
    (
        "you",
        re.compile(
            r"^(?:so |and |then |well |i know |i think |i guess |i see )*(?:that )?you(?:'re|'ve|'d|'ll)?\b|"
            r"\byou had to\b"
        ),
    ),
    ("own", re.compile(r"^(?:so |and |well |actually |honestly )*(?:i(?:'ve|'m|'d)?|my|we(?:'ve|'re)?|our)\b")),
    (
        "they",
        re.compile(r"^(?:so |and |well )*(?:people|most|some|many|everybody|everyone|nobody|no one|they|he|she)\b"),
    ),
    ("it", re.compile(r"^(?:so |and |well |yeah )*(?:that|it|this|that's|it's|there's)\b")),
)


def to_telling(moment: Moment) -> Said:
    """Return the reaction to a statement that explains nothing, depending on whom it is about."""
    told = [bare(one.text) for one in moment.reading.sentences if not one.question]
    for name, expression in _TELLING:
        if any(expression.search(text) for text in told) and (said := moment.say(f"telling.{name}")):
            return [said]
    return _without_concept(moment)


# Permissions and opinions


def to_permission(moment: Moment) -> Said:
    """Return the permission that the advisor asked for, with some reserve if the client has little trust."""
    offer = offer_of(moment)
    if offer:
        key = f"leave.{'you' if offer.who == 'you' else 'we'}{'_cool' if moment.state.cool else ''}"
        return _kept(moment.say(key, does=offer.does) if offer.does else to_offer(moment, offer))
    if " ask" not in moment.reading.text.lower():
        return _kept(moment.say("leave.plain"))
    return _kept(moment.say("permission.wary" if moment.state.trust < 38 else "permission.yes"))


# Bad manners


def to_pressure(moment: Moment) -> Said:
    """Return a no to being hurried into a decision; only a word where nothing is to be decided."""
    if not _hurries_a_decision(moment):
        return _kept(moment.say("press.hasty"))
    return _kept(moment.say("press.back_off"), moment.say("press.why_rush") or moment.more(("decision", "long")))


def _hurries_a_decision(moment: Moment) -> bool:
    text = bare(moment.reading.text)
    return bool(_DECIDES.search(text)) and not _NOTHING_TO_SIGN.search(text)


_DECIDES = re.compile(
    r"\b(?:sign\w*|decid\w*|decision|deadline|expires?|last chance|today|tonight|tomorrow|by (?:friday|monday|the)"
    r"|don't wait|too late|hurry|offer|quote|price|rates?|buy|in or out|take it or leave it|make up your mind)\b"
)
_NOTHING_TO_SIGN = re.compile(r"\b(?:nothing|don't|not|no need|needn't)(?: \w+){0,3} (?:sign|decide|today)\b")


def to_promise(moment: Moment) -> Said:
    return _kept(moment.say("promise.doubt"), moment.more(("risk", "past"), ("advisor", "want"), ("risk", "what")))


def to_flattery(moment: Moment) -> Said:
    return _kept(moment.say("flatter.shrug"))


def to_belittling(moment: Moment) -> tuple[Said, Ended | None]:
    """Return the reaction to being belittled: the client becomes cooler, and at last leaves."""
    if moment.state.has_enough:
        return [moment.say("insult.leave")], Ended("client", "was talked down to once too often")
    return to_dismissal(moment), None


def to_dismissal(moment: Moment) -> Said:
    if moment.turn.belittles:
        before = any(turn.belittles or "insult" in turn.acts for turn in moment.turns[:-1])
        return _kept(moment.say("belittle.again" if before else "belittle.first") or moment.say("belittle.first"))
    return _kept(moment.say("dismiss.hurt"))


# Small talk

_ADVISOR = re.compile(
    r"(?:\bI'm|\bI am|\bi'm|\bim|\bi am|[Mm]y name(?:'s| is)|\b[Tt]his is|\b[Ii]t'?s)(?:,| uh| um| its)* "
    r"(?P<name>[A-Z][a-z]+)(?! ?-)|\b(?:this is|its|it's|i'm|im|my names?(?: is)?) (?:uh |um |"
    r"its )*(?P<low>[a-z]+) (?:with|from|at|here from)\b"
    r"|\bmy name(?:'?s| is) (?P<lower>[a-z]+)\b|^\W*(?:[\w ]+[,!.] )?(?P<here>[A-Z][a-z]+) here\b"
    r"|^(?:[^.!?]*?, )(?P<after>[A-Z][a-z]+) [A-Z][a-z]+\."
)


def advisor_name(moment: Moment) -> str:
    """Return the name that the advisor gives in this line; empty if there is none."""
    found = _ADVISOR.search(moment.reading.text)
    name = (found["name"] or found["low"] or found["after"] or found["lower"] or found["here"] or "") if found else ""
    return name.capitalize() if name and name.lower() not in _NO_NAMES and name != moment.life.first_name else ""


_NO_NAMES = frozenset({
    "not", "just", "here", "so", "glad", "new", "sorry", "good", "fine", "calling", "working", "still", "is", "in", "a",
    "the", "with", "happy", "your", "going", "sure", "mr", "mrs", "dr", "one", "two", "at", "from",
})  # fmt: skip


def to_greeting(moment: Moment) -> Said:
    if moment.number:
        return _kept(moment.say("greeting.again"))
    cool = moment.difficulty == "advanced" or moment.state.cool
    name = advisor_name(moment)
    hello = moment.say("greeting.named_wary" if cool else "greeting.named", advisor=name) if name else ""
    return _kept(hello or moment.say("greeting.back_wary" if cool else "greeting.back"), moment.reason_for_coming())


_TITLE = r"(?:mr|mrs|ms|miss|dr|doctor|major|professor|captain|sergeant)"
_ADDRESS = re.compile(
    r"\b(?:may|can|could|should|shall|is it okay if|okay if|all right if) i (?:just )?(?:call|say) "
    r"(?:you )?(?!back|at|on|in|next|to|when|if|for|about|again|mon|tue|wed|thu|fri|sat|sun|that|it|something)\w+|"
    rf"\b{_TITLE}\b[^?]{{0,40}}?,? or (?P<first>\w+)\b|\bor (?:do|would) you (?:prefer|rather) (?P<pref>\w+)$|"
    r"\b(?:do you go by|what (?:should|shall|do|may) i call you|first name okay)\b"
)
_LANGUAGE = re.compile(
    r"\b(?:english|spanish|german|french|portuguese|chinese)(?: or|,? or in) (?:in )?(?:english|spanish|german|"
    r"french|portuguese|chinese)\b|"
    r"\b(?:more comfortable|easier|rather|prefer\w*)\b.{0,25}\b(?:in )?(?:english|spanish|german|french|"
    r"portuguese|chinese)\b"
)


def asks_for_language(moment: Moment) -> bool:
    return bool(_LANGUAGE.search(bare(moment.reading.text)))


def to_address(moment: Moment) -> Said:
    """Return how the client wants to be called, if the advisor asks at the beginning of the talk."""
    if moment.number < _AGENDA_UNTIL and says(moment, "short_time") and "?" not in moment.reading.sentences[-1].text:
        return to_small(moment)
    if asks_for_language(moment):
        return _kept(moment.say("address.language"))
    texts = (bare(one) for one in (*(each.text for each in moment.reading.sentences), moment.reading.text))
    found = next(filter(None, map(_ADDRESS.search, texts)), None) if moment.number < _AGENDA_UNTIL else None
    named = (found["first"] or found["pref"]) if found else ""
    if not found or (
        named and named != moment.life.first_name.lower() and not re.search(r"\bi (?:just )?(?:call|say)\b", found[0])
    ):
        return []
    cool = moment.difficulty == "advanced" and moment.life.style.warm < 30
    return _kept(moment.say("address.cool" if cool else "address.first"))


def to_agenda(moment: Moment) -> Said:
    if moment.number > _AGENDA_UNTIL:
        return []
    cool = moment.difficulty == "advanced" or moment.state.cool
    return _kept(moment.say("agenda.wary" if cool else "agenda.yes"))


def to_thanks(moment: Moment) -> Said:
    return _kept(moment.say("thank.welcome"))


_CARE = frozenset({"condolence", "own_loss"})


def to_small(moment: Moment) -> Said:
    """Return a set phrase for what was said, at most two of them."""
    passed = _CARE if moment.number < _AGENDA_UNTIL else _CARE | {"agenda"}
    known = {one.name: one for one in heard(moment) if "ways" in one.entry and one.name not in passed}
    said = [text for one in list(known.values())[:3] if (text := _phrase_for(moment, one))]
    return said[:2]


def _phrase_for(moment: Moment, one: Heard) -> str:
    cool = moment.state.cool or moment.state.trust < 36 or moment.life.style.warm < 20
    ways = one.entry.get("cool") if cool else None
    after = aims(moment)
    named = {key: echoed(text, names(moment)) for key, text in one.groups.items()}
    return moment.voice.one(ways or one.entry["ways"], one.name, goal=after["aim"], worry=after["fear"], **named)


def to_acknowledgement(moment: Moment) -> Said:
    """Return a short word, or a question that the client has wanted to ask."""
    if moment.state.cool:
        return _kept(moment.say("acknowledged.cool"))
    question = moment.new_of(moment.life.questions) if moment.number > 2 and moment.voice.chance("asks", 45) else ""
    if question:
        return _kept(moment.led(moment.say("own_question.lead"), question))
    return _kept(moment.say("acknowledged.short") or moment.say("acknowledge.ask"))


def _has_small(moment: Moment) -> bool:
    return any("ways" in one.entry and one.name not in _CARE for one in heard(moment))


def _does(*acts: Act) -> Callable[[Moment], bool]:
    return lambda moment: moment.does(*acts)


def _says(*statements: str) -> Callable[[Moment], bool]:
    return lambda moment: says(moment, *statements)


_UNKIND: Mapping[Act, Callable[[Moment], Said]] = {
    "press": to_pressure,
    "promise": to_promise,
    "dismiss": to_dismissal,
}
_FIRST = ("hear_me", "language", "good_time", "call_you", "say_name", "record", "notes",
          "ask_personal", "may_ask", "new_here",
          "refreshments", "back_to", "talk_about", "nice_things",
          "stop_here", "got_picture")  # fmt: skip


def _says_first(moment: Moment) -> bool:
    """Return whether the line says something that is answered before everything else. A request for papers in the same
    line takes precedence over taking notes."""
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


def rehearsed(moment: Moment) -> Said:
    return of_statement(moment, BEYOND_DOUBT, explained=False)


_MAIN: Sequence[tuple[Callable[[Moment], bool], Callable[[Moment], Said]]] = (
    (_says_first, to_small),
    (_asks_whether_felt, to_reflection),
    (_sums_up, to_summary),
    (takes_steps, next_step),
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
    (_explains, to_explanation),
    (_asks_opinion, to_opinion),
    (_weighs, to_opinion),
    (_compares, to_opinion),
    (_has_small, to_small),
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
    if "press" in moment.turn.acts and _hurries_a_decision(moment):
        return to_pressure(moment)[:1]
    if "dismiss" in moment.turn.acts:
        return to_dismissal(moment)[:1]
    if said := to_care(moment):
        return said[:1]
    if _discloses(moment):
        return to_fee(moment)[:1]
    first = next((one for one in heard(moment) if one.name in _BEFORE), None)
    return _kept(_phrase_for(moment, first)) if first else []


__all__ = ["before_answer", "ended", "reaction", "time_of", "to_agenda", "to_explanation", "to_greeting", "to_proposal",
           "to_statement", "to_summary"]  # fmt: skip
