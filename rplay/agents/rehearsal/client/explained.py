"""The client's reactions to explanations and statements: what was understood of them, and what is asked about them."""

import re
from collections.abc import Sequence

from rplay.agents.rehearsal.client.concepts import Concept, general, lectures
from rplay.agents.rehearsal.client.echo import spoken_of
from rplay.agents.rehearsal.client.heard import says
from rplay.agents.rehearsal.client.jargon import to_jargon
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.offers import aims, names, product, to_price, to_sum
from rplay.agents.rehearsal.client.words import bare, capital, kept
from rplay.agents.rehearsal.reading.acts import ruled

Said = list[str]


def explains(moment: Moment) -> bool:
    asked = says(moment, "clear", "tell_back", "lost_you")
    if moment.does("explain", "compare", "propose"):
        return asked or teaches(moment)
    return asked and bool(moment.recent_concepts)


def teaches(moment: Moment) -> bool:
    """Return whether the line certainly explains something. A long statement alone is only assumed to."""
    concept = product(moment)
    explained = any("explain" in ruled(one.text) for one in moment.reading.sentences)
    return explained or (concept is not None and concept.id not in general())


def to_explanation(moment: Moment) -> Said:
    """Return what the client understood of an explanation, in the client's own words, and a question about it."""
    if lost := _lost(moment):
        return lost
    concept = product(moment)
    if concept is None and says(moment, "clear", "tell_back", "lost_you") and not moment.does("explain"):
        concept = next(iter(moment.recent_concepts), None)
    if says(moment, "lost_you") and not moment.does("explain"):
        return kept(moment.say("check.not_lost"))
    yes = (
        moment.say("check.yes" if moment.state.understanding >= 45 else "check.partly") if says(moment, "clear") else ""
    )
    own = _without_concept(moment) if concept is None or concept.id in general() else []
    if concept is None and says(moment, "tell_back") and not moment.does("explain"):
        return kept(moment.say("check.what_back"))
    if concept is None or own:
        return kept(yes, *(own if own and not yes else [moment.say("check.nothing", **aims(moment))]))
    return kept(yes if moment.life.style.terse < 60 else "", *_taken_from(moment, concept, led=not yes))


def _lost(moment: Moment) -> Said:
    """Return the reaction to too many terms, an unexplained term or a lecture; an empty list if the client can
    follow."""
    if said := to_jargon(moment, concepts=True):
        return said
    if lectures(moment.reading) and moment.state.patience < 75:
        return kept(moment.say("jargon.lesson"))
    return []


def _without_concept(moment: Moment) -> Said:
    """Return the reaction to an explanation without a term of the trade: it repeats what the advisor spoke of."""
    known = [one for sentence in moment.reading.sentences if (one := spoken_of(sentence.text, names(moment)))]
    if not known:
        return kept(moment.say("explained.main", **aims(moment))) if product(moment) is None else []
    best = next((one for one in known if one.says), known[0])
    said = moment.say("explained.says", noun=best.noun, says=best.says) if best.says else ""
    return kept(said or moment.say("explained.noun", noun=best.noun), *(to_sum(moment) or [_ask(moment)]))


def _ask(moment: Moment) -> str:
    return moment.say("explained.ask", **aims(moment)) if moment.life.style.terse < 75 else ""


def _taken_from(moment: Moment, concept: Concept, led: bool = True) -> Said:
    gloss = moment.voice.one(concept.gloss, concept.id)
    lead = led and gloss and (says(moment, "tell_back") or moment.voice.chance("lead", 40))
    said = moment.led(moment.say("understood.lead"), capital(gloss.removeprefix("So "))) if lead else gloss
    sums = to_price(moment) or to_sum(moment)
    ask = moment.voice.one(concept.ask, f"{concept.id} ask") or moment.voice.one(concept.doubt, f"{concept.id} doubt")
    follow = sums[0] if sums else ask
    return kept(said or ask, follow if said and moment.life.style.terse < 75 else "") or _without_concept(moment)


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
