"""The client's reactions to proposals, prices, fees and choices, and the client's opinion of them."""

import re
from collections.abc import Iterable, Sequence

from rplay.agents.persona.life import Subject
from rplay.agents.rehearsal.client.concepts import Concept, concepts_in, general
from rplay.agents.rehearsal.client.echo import Offer, echoed, names_in, offers, verbs
from rplay.agents.rehearsal.client.heard import heard
from rplay.agents.rehearsal.client.inflection import base_of_third
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.tables import pattern, table
from rplay.agents.rehearsal.client.turns import only_reads_as_opinion
from rplay.agents.rehearsal.client.voice import digest
from rplay.agents.rehearsal.reading.amounts import amounts
from rplay.agents.rehearsal.reading.text import plain
from rplay.agents.rehearsal.reading.types import Amount

Said = list[str]
_KEYS = {"you": "offer_you", "we": "offer_we", "I": "offer_i"}
_PUTS = frozenset({"propose", "compare", "next_step"})


def names(moment: Moment) -> tuple[str, ...]:
    """Return the names of people in the life, which keep their capitals."""
    people = ("partner", "child", "relatives")
    words = (word for kind in people for one in moment.life.of_kind(kind) for word in one.words)  # type: ignore[arg-type]
    told = {part for text in _texts(moment) for part in re.findall(r"(?<=[a-z,] )[A-Z][a-z]+", text)}
    return tuple(dict.fromkeys(word.title() for word in words if word.title() in told))


def _texts(moment: Moment) -> Iterable[str]:
    return (text for one in moment.life.subjects for said in one.says.values() for text in said)


# The client's aims, as nouns

_NO_NOUN = re.compile(
    r"^(?:i|we|it|there|what|why|that|whether|how|not|maybe|be|was|were|is|thinks?|wants?|won't|don't)\b"
)


_FINITE = re.compile(r"\b(?:is|isn't|are|aren't|was|were|does|doesn't|don't|may|will|won't|can't|has|have|i)\b")


def aims(moment: Moment) -> dict[str, str]:
    """Return a goal and a worry whose names can stand within a sentence."""
    found = {"aim": _noun(moment, "goal"), "fear": _noun(moment, "worry")}
    return {key: value or found["aim" if key == "fear" else "fear"] or "my own case" for key, value in found.items()}


def _noun(moment: Moment, kind: str) -> str:
    known = [one for one in moment.life.subjects if one.kind == kind and one.reserve < 2 and is_noun(one)]
    return known[digest(moment.life.name, moment.number) % len(known)].name if known else ""


def is_noun(subject: Subject) -> bool:
    first = subject.name.split(" ", 1)[0].lower()
    name = subject.name.lower()
    clause = _FINITE.search(name) or any(base_of_third(word) for word in name.split()[1:3])
    return first not in verbs() and not (_NO_NOUN.match(name) or clause) and len(name) < 60


def because(moment: Moment, *keys: str) -> str:
    """Return the first of these reasons and conditions that applies to this client and was not said yet."""
    for key in keys:
        if said := moment.say(f"because.{key}", **aims(moment)):
            return said
    return ""


# Proposals


def offer_of(moment: Moment) -> Offer | None:
    """Return the offer in the line that the client can repeat; None if there is none.

    Of several it is the first one that is more than sending or asking something. An action by which something is
    decided is never repeated, because that would sound like a yes to it.
    """
    found = offers(moment.reading.text, names(moment))
    found = [one for one in found if one.thing or _is_harmless(one)]
    return next((one for one in found if not _is_small(one)), found[0] if found else None)


# Actions of either side that decide nothing.
_HARMLESS = re.compile(
    r"(?:send|e-?mail|mail|text|call|show|explain|draw|write|ask|compare|look|go (?:over|through|on|back)|talk|"
    r"walk|read|"
    r"tell|give (?:me|you) (?:a|an|some|the)|bring|come|prepare|find|check|run|meet|start (?:over|with|again)|see|"
    r"sit|speak|"
    r"do (?:that|it|the math)|get (?:me |you )?(?:two|three|some|a quote|quotes|the papers)|take (?:a|"
    r"one) (?:look|step|break)|"
    r"take (?:some |a few )?(?:pictures|photos|notes)|stop|think|sleep|work (?:it|that) out|use (?:plain|simple)|"
    r"let|keep|"
    r"put (?:it|that|this|something) (?:in writing|on paper|together|down)|leave (?:it|that) (?:there|for)|repeat|sum|"
    r"make (?:a|an|the) (?:list|note|table|appointment)|set up a (?:call|time|meeting)|schedule|order (?:the|"
    r"a) (?:report|form)|"
    r"share|pay (?:off|down)|(?:raise|lower) (?:my|the|your) deductible|quote|draft|request|invite|include|add up|"
    r"begin|answer|know|help|follow)\b"
)


def _is_harmless(offer: Offer) -> bool:
    return not offer.thing and bool(_HARMLESS.match(offer.does))


def _is_small(offer: Offer) -> bool:
    return bool(
        re.match(
            r"(?:ask you|tell you|say|see|know|be|give you a picture|draw something|talk|start over|let|have)\b",
            offer.does,
        )
    )


def stance(moment: Moment) -> str:
    trust = moment.state.trust
    return "no" if trust < 30 else "warm" if trust >= 56 else "unsure"


def to_offer(moment: Moment, offer: Offer, leave: str = "") -> str:
    """Return the client's attitude to this offer, or permission for it."""
    key = "offer_thing" if offer.thing else _KEYS[offer.who]
    return moment.say(f"{key}.{leave or stance(moment)}", does=offer.does, thing=offer.thing, **aims(moment))


def to_proposal(moment: Moment) -> Said:
    """Return the client's attitude to a proposal, then a reason, a condition or a question."""
    if too_early(moment):
        return [moment.say("propose.early"), moment.more(("worry", "what"), ("goal", "what"))]
    offer = offer_of(moment)
    if price := to_price(moment):
        return [*price, _condition(moment, None)]
    if offer and offer.who == "you" and offer.does and (_is_small(offer) or _asks_leave(moment)):
        return [moment.say("leave.you", does=offer.does)]
    opener = to_offer(moment, offer) if offer else moment.say(f"opinion.{stance(moment)}")
    return [opener, _condition(moment, offer)]


def _asks_leave(moment: Moment) -> bool:
    return stance(moment) != "no" and any(one.name == "yes_or_no" for one in heard(moment))


def too_early(moment: Moment) -> bool:
    asked = sum(len(turn.targets) for turn in moment.turns)
    return (
        asked < 2
        and moment.number < 3
        and any(one.id not in _NO_PRODUCT for one in moment.concepts)
        and moment.does("propose")
    )


_NO_PRODUCT = frozenset({"plan", "budget", "quote", "debt_plan", "emergency_fund"})


def _condition(moment: Moment, offer: Offer | None) -> str:
    concept = product(moment)
    asks = moment.voice.one(concept.ask, f"{concept.id} ask") if concept else ""
    if asks and moment.voice.chance("ask", 70):
        return asks
    doubts = moment.voice.one(concept.doubt, f"{concept.id} doubt") if concept and stance(moment) != "warm" else ""
    if offer is not None and offer.who == "you" and not concept:
        return because(moment, "when", "partner") if _FINDS_OUT.match(offer.does) else ""
    if not concept and price_of(moment) is None:
        return because(moment, "partner") if stance(moment) != "warm" else ""
    order = ("way_out", "cost", "worry", "partner")
    start = digest(moment.life.name, moment.number) % len(order)
    return doubts or because(moment, *order[start:], *order[:start])


_FINDS_OUT = re.compile(
    r"(?:check|find|ask|look|e?-?mail|send|get|run|call|put|prepare|talk to|quote|draft|draw|compare)\b"
)


def product(moment: Moment) -> Concept | None:
    """Return the product or term in the sentences that propose or explain something, special ones first."""
    said = [
        one.text
        for one in moment.reading.sentences
        if one.act in ("propose", "explain", "compare", "disclose", "handle_objection")
    ]
    found = concepts_in(" ".join(said)) if said else ()
    ranked = sorted(found, key=lambda one: one.id in general())
    return next(iter(ranked), None) or next(iter(moment.concepts), None)


# Prices


def to_price(moment: Moment) -> Said:
    """Return the reaction to a monthly price, in relation to what this client has left each month."""
    price = price_of(moment)
    spending = next(iter(moment.life.of_kind("spending")), None)
    left = spending.figures.get("saves") if spending else None
    if price is None or left is None or left.unit != "dollars a month" or not 4 < price.value < 20_000:
        return []
    share = price.value / max(left.value, 1)
    key = "easy" if share < 0.08 else "some" if share < 0.3 else "much" if share < 0.9 else "no"
    said = moment.say(f"price.{key}", amount=f"${price.value:,.0f}")
    return [said] if said else []


def price_of(moment: Moment) -> Amount | None:
    """Return the monthly sum that the line names; None if it names none."""
    found = (one for one in amounts(plain(moment.reading.text)) if one.unit == "dollars a month")
    return next(found, None) or _bucks(moment)


_BUCKS = re.compile(
    r"\b(\d+|fifteen|twenty|thirty|forty|fifty|eighty|a hundred) (?:bucks|dollars) (?:a month|monthly|per month)"
)


def _bucks(moment: Moment) -> Amount | None:
    hit = _BUCKS.search(plain(moment.reading.text))
    return next(iter(amounts(hit[1] + " dollars a month")), None) if hit else None


def to_sum(moment: Moment) -> Said:
    """Return the reaction to a single payment, in relation to what this client has in the bank."""
    cash = sum(
        one.figures["what"].value for one in moment.life.of_kind("asset") if "what" in one.figures and _is_cash(one)
    )
    sums = [one for one in moment.reading.amounts if one.unit == "dollars" and 100 <= one.value < 200_000]
    if not sums or not cash:
        return []
    share = sums[-1].value / cash
    key = "little" if share < 0.15 else "much" if share < 1 else "no"
    said = moment.say(f"against_savings.{key}", amount=f"${sums[-1].value:,.0f}")
    return [said] if said else []


def _is_cash(subject: Subject) -> bool:
    return bool({"savings account", "checking account", "savings", "checking"} & set(subject.words))


# Fees

_FEE = re.compile(r"\b(?:fees?|charge|percent|commission|earn|get paid|paid|costs?)\b|%")


_OWN_PAY = re.compile(
    r"\b(?:i|we|me|us)\b.{0,40}\b(?:paid|pays?|earn\w*|get|gets|make|receive|charge|commission|fee)\b"
)
_HIGHEST = 8  # percent; more is no fee


def to_fee(moment: Moment) -> Said:
    """Return a fee as dollars on this client's money, or a remark on who is paid for what."""
    percent = sum(one.value for one in moment.reading.amounts if one.unit == "percent" and 0 < one.value <= 3)
    if any(one.unit in ("percent", None) and 3 < one.value <= _HIGHEST for one in moment.reading.amounts):
        return [moment.say("fee.high"), moment.say("fee.ask")]
    held = _invested(moment)
    if 0 < percent <= 4 and held:
        amount = f"${round(held.figures['what'].value * percent / 100, -1):,.0f}"
        return [moment.say("fee.dollars", what=held.name, amount=amount), moment.say("fee.ask")]
    if not moment.does("disclose") and not _OWN_PAY.search(moment.reading.text.lower()):
        return [moment.say("fee.named") or moment.say("fee.ask")]
    said = moment.say("fee.paid") or moment.say("disclose.value")
    return [said, moment.say("fee.ask") if moment.voice.chance("fee", 60) else ""]


def _invested(moment: Moment) -> Subject | None:
    """Return the client's largest asset that an advisor could manage."""
    known = [one for one in moment.life.of_kind("asset") if "what" in one.figures and moment.tells(one)]
    managed = [
        one for one in known if re.search(r"401|403|457|ira\b|brokerage|account|fund|tsp|portfolio", one.name.lower())
    ]
    return max(managed, key=lambda one: one.figures["what"].value, default=None)


def to_drawback(moment: Moment) -> Said:
    """Return the reaction to an admitted drawback or limit, with the question that it leaves."""
    years = next((one for one in moment.reading.amounts if one.unit == "years"), None)
    concept = product(moment)
    ask = moment.voice.one(concept.ask, f"{concept.id} ask") if concept else ""
    long = moment.say("drawback.years", amount=f"{years.text} years") if years and years.value > 2 else ""
    return [moment.say("drawback.value"), long or ask or moment.say("drawback.ask", **aims(moment))]


# Choices between two options

_EITHER = pattern(table("offers")["either"])
_NO_CHOICE = pattern(table("offers")["no_choice"])
_PREFERS = re.compile(r",? (?:so )?(?:what|which)(?: one)? (?:do|would) you (?:prefer|like|rather|want)\b.*$")
_COULD = re.compile(r"^.*?\b(?:could|can) (?:either )?(?:\w+ (?:it|that|them|this) )?")


def _put_before(text: str) -> str:
    """Return the choice in an order that can be parsed: `you could pay it yearly or monthly, what do you prefer`."""
    whole = _PREFERS.sub("", text)
    return _COULD.sub("do you prefer ", whole) if whole != text and " or " in whole else text


def chosen(moment: Moment) -> Said:
    """Return one of the two options that the advisor offers, with a reason; an empty list if there are no options."""
    for sentence in moment.reading.sentences:
        text = plain(sentence.text).strip(" ?.!")
        text = _put_before(re.split(r"[.;:]\s|, so ", text)[-1])
        found = _EITHER.search(text)
        if (
            found
            and _is_choice(moment, text, found[1], found[2])
            and not _NO_CHOICE.search(found[2])
            and not _NO_CHOICE.match(found[1])
        ):
            return _picked(moment, found[1], found[2], names_in(sentence.text))
    return []


_ASKS_TO_CHOOSE = pattern(table("offers")["asks_to_choose"])


def _is_choice(moment: Moment, text: str, one: str, other: str) -> bool:
    """Return whether the client has to choose. A bare `five or ten` counts only after something was proposed."""
    if _ASKS_TO_CHOOSE.search(text):
        return True
    put = any(turn.acts & (_PUTS | {"explain"}) for turn in moment.turns[-2:])
    return put and max(len(one.split()), len(other.split())) <= 4 and bool(amounts(one) and amounts(other))


def _picked(moment: Moment, one: str, other: str, known: Sequence[str]) -> Said:
    leaning = how_leaning(moment)
    pick = _preferred(moment, one, other, leaning)
    spoken_ = echoed(
        re.sub(r"^(?:the |a |an )?(?:have |just )?", lambda hit: hit[0], pick.strip(" ,.")), (*names(moment), *known)
    )
    verb = pick.split(" ", 1)[0] in verbs() - {"lower"} and len(pick.split()) > 1
    said = moment.say("choice.does" if verb else "choice.thing", pick=spoken_)
    return [
        said or moment.say("choice.thing", pick=spoken_),
        moment.say(f"choice.reason_{leaning}"),
    ]


def _preferred(moment: Moment, one: str, other: str, leaning: str) -> str:
    if people := [text for text in (one, other) if any(name.lower() in text for name in names(moment))]:
        return people[0]
    values = [next(iter(amounts(text)), None) for text in (one, other)]
    if values[0] and values[1]:
        low, high = sorted((one, other), key=lambda text: amounts(text)[0].value)
        return (
            high if leaning == "bold" or (leaning == "cheap" and "deductible" in moment.reading.text.lower()) else low
        )
    return (one, other)[digest(moment.life.name, moment.number) % 2]


def how_leaning(moment: Moment) -> str:
    style = moment.life.style
    return "safe" if style.anxious > 45 else "cheap" if style.numbers > 55 else "bold"


# Opinions


def to_opinion(moment: Moment) -> Said:
    """Return the client's opinion of what this line or the one before it proposed, with a question about it."""
    concept = product(moment) or next(iter(moment.recent_concepts), None)
    if _FOR_DOUBTS.search(moment.reading.text):
        doubt = moment.voice.one(concept.doubt, f"{concept.id} doubt") if concept else ""
        return [doubt or because(moment, "worry", "way_out", "cost")]
    if offer_of(moment):
        return to_proposal(moment)
    if _MOVES.search(plain(moment.reading.text)):
        return [moment.say("opinion.moves")]
    if _LANDS.search(plain(moment.reading.text)) and not moment.does("propose"):
        return [moment.say("opinion.landed")]
    said = moment.say(f"opinion.{stance(moment)}")
    if concept:
        second = moment.voice.one(concept.ask, f"{concept.id} ask") or moment.voice.one(
            concept.doubt, f"{concept.id} doubt"
        )
        return [said, second]
    return [said]


_MOVES = re.compile(
    r"\b(?:see|imagine) yourself (?:moving|changing|switching|leaving|going)\b|\bwould you (?:ever )?(?:move|"
    r"switch|change)\b"
)
_LANDS = re.compile(r"\bhow (?:does|do|did|is) (?:that|this|it)(?: \w+)? (?:land|sit|hit|feel|strike)\w*\b")
_FOR_DOUBTS = re.compile(
    r"\b(?:concerns?|worries|worry|objections?|doubts?|hesitat\w+|reservations?|don't like|dislike|bothers?|disagree|"
    r"wrong with|overkill|speaks? against|difficult about|hard about|get about it|against it|too much about)\b",
    re.IGNORECASE,
)


def asks_for_doubts(moment: Moment) -> bool:
    """Return whether the advisor asks what speaks against the proposal."""
    asked = any(one.name == "opinion" for one in heard(moment)) or weighs(moment)
    return asked and bool(_FOR_DOUBTS.search(moment.reading.text)) and not moment.does("next_step")


def weighs(moment: Moment) -> bool:
    """Return whether the client is asked for an opinion."""
    return any(one.asks == "opinion" and not only_reads_as_opinion(one) for one in moment.reading.sentences)


def to_what_it_takes(moment: Moment) -> Said:
    """Return what the client would have to see or hear before saying yes."""
    own = moment.more(("decision", "needs"), ("advisor", "want"))
    return [
        own or moment.say("takes.needs"),
        "" if own and moment.life.style.terse > 40 else moment.more(("decision", "needs")),
    ]
