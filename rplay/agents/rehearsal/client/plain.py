"""Plain questions, known by their words: how old, how many, what rate, how much in it, when it is due.

They are the commonest of all and have one right answer each, so that neither likeness nor chance may decide them.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from rplay.agents.persona.life import Subject
from rplay.agents.rehearsal.client.facts import spoken
from rplay.agents.rehearsal.client.household import meant, of_household
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.statements import SMALL, TIME, Statement
from rplay.agents.rehearsal.client.story import content
from rplay.agents.rehearsal.client.tables import any_of
from rplay.agents.rehearsal.client.voice import digest
from rplay.agents.rehearsal.client.words import bare, capital, listed, names
from rplay.agents.rehearsal.reading.types import Sentence

Said = Sequence[str]


def plain(moment: Moment, sentence: Sentence) -> list[str]:
    """The answer to such a question; nothing where it is none or nothing is known."""
    text = bare(sentence.text)
    if _SCALE.search(bare(moment.reading.text)) and "risk" in text:
        return [moment.voice.one(_NUMBERS, "scale"), moment.more(("risk", "loss"), ("risk", "sleep"), ("risk", "past"))]
    if said := of_household(moment, text):
        return _told(moment, said)
    for answer in _ANSWERS:
        asks = any_of("plain", "plain", answer.__name__)
        if asks.search(text) and (found := [one for one in answer(moment, text) if one]):
            return _told(moment, found)
    return []


_SCALE = re.compile(r"\b(?:scale (?:of|from)|(?:one|1) (?:to|through) (?:ten|10))\b")
_NUMBERS = (
    "A four, maybe",
    "Somewhere around a three. I'd like to say five, but I know myself",
    "Four on a good day, two when I read the news",
)


def _told(moment: Moment, said: Iterable[str]) -> list[str]:
    return [told for one in said if (told := _first_or_again(moment, one))]


def _first_or_again(moment: Moment, text: str) -> str:
    """With a lead where it was told in an earlier line; empty where this line told it already."""
    if moment.voice.is_new(text):
        moment.voice.note(text)
        return text
    return moment.led(moment.say("again.lead"), text) if bare(text) in moment.memory.said else ""


# -- what is owned and owed --------------------------------------------------------------------------------------------

_COMMON = frozenset(
    {"loan", "account", "savings", "plan", "my", "the", "of", "and", "on", "a", "for", "money", "mortgage"}
)


def _all(moment: Moment, kinds: Sequence[str]) -> list[Subject]:
    """Things with a sum or a rate, and none of the sums over all of them."""
    return [
        one for one in moment.life.subjects if one.kind in kinds and one.id not in ("assets", "debts") and one.figures
    ]


def _holdings(moment: Moment, text: str, kinds: Sequence[str]) -> list[Subject]:
    """Those that the question names, else those that its line names."""
    held = _all(moment, kinds)
    for where in (text, bare(moment.reading.text)):
        padded = f" {where} "
        if named := [one for one in held if _is_named(one, padded)]:
            return [one for one in named if _own(one, padded)] or named
    return []


def _is_named(one: Subject, padded: str) -> bool:
    return any(names(padded, word) for word in one.words if not word.replace(",", "").isdigit()) or _own(one, padded)


def _own(one: Subject, padded: str) -> bool:
    """Whether a word is said that only this thing is called by: `oven` of the loan for the deck oven."""
    telling = [word for word in bare(one.name).split() if word not in _COMMON and len(word) > 2]
    return any(f" {word} " in padded or f" {word}s " in padded for word in telling)


_WORTH = frozenset({
    "house", "home", "cabin", "car", "cars", "truck", "pickup", "van", "minivan", "condo", "land", "machinery",
    "equipment", "herd", "sprayers", "bins", "buildings",
})  # fmt: skip


def _on(one: Subject) -> str:
    name = _BESIDE.sub("", one.name)
    if name.split()[-1] in _WORTH:
        return f"for {name}"
    return f"{'in' if one.kind == 'asset' else 'on'} {name}"


_SECURITIES = re.compile(r"\b(?:index fund|funds?|stocks?|shares?|bonds?|options|etfs?)\b", re.IGNORECASE)
_INVESTED = frozenset(
    {"brokerage account", "investment account", "401k", "ira", "retirement account", "stocks", "funds", "portfolio"}
)


def invested(moment: Moment, text: str) -> Said:
    """What an account holds: by the texts, else by the life of the very account."""
    named = [
        one for one in _holdings(moment, text, ("asset",)) or _last(moment, ("asset",)) if set(one.words) & _INVESTED
    ]
    told = [one.text for one in moment.statements if one.source == "background" and _SECURITIES.search(one.text)]
    new = [one for one in told if moment.voice.is_new(one)]
    return new[:1] or [next(iter(one.says.get("how", ())), "") for one in named[:1]]


def rates(moment: Moment, text: str) -> Said:
    kinds = (
        ("debt",)
        if re.search(r"\b(?:pay|paying|owe|loans?|mortgage|card|debts?|costs?)\b", text)
        else ("debt", "asset")
    )
    rated = [one for one in _holdings(moment, text, kinds) or _last(moment, kinds) if "rate" in one.figures]
    if len(rated) > 1 and all(one.kind == "asset" for one in rated):
        rated = rated[:1]
    return [listed([f"{spoken(one.figures['rate'])}{f' on {one.name}' if len(rated) > 1 else ''}" for one in rated])]


def _last(moment: Moment, kinds: Sequence[str]) -> list[Subject]:
    """What was spoken of last, else the only one there is."""
    topic = moment.topic
    if topic and topic.kind in kinds and topic.figures:
        return [topic]
    held = _all(moment, kinds)
    return held if len(held) == 1 else []


def dearest(moment: Moment, text: str) -> Said:  # noqa: ARG001
    rated = [(figure.value, one) for one in _all(moment, ("debt",)) if (figure := one.figures.get("rate"))]
    if not rated:
        return []
    rate, worst = max(rated, key=lambda one: one[0])
    return [f"{capital(worst.name)}, at {rate:g} percent"]


def owed(moment: Moment, text: str) -> Said:
    named = [one for one in _holdings(moment, text, ("debt",)) if "what" in one.figures]
    if re.search(r"\b(?:house|home|place)\b", text) and not named:
        named = [one for one in moment.life.of_kind("debt") if "mortgage" in one.words]
    if not named and re.search(r"\b(?:it|that|there)\b", text):
        named = [one for one in _last(moment, ("debt",)) if "what" in one.figures]
    return [_sums(named)]


def _sums(held: Sequence[Subject]) -> str:
    return listed([f"{spoken(one.figures['what'])} {_on(one)}" for one in held])


_BESIDE = re.compile(r" \(.*| (?:inherited|left|bought|from) .*|:.*")


def _cash(moment: Moment) -> list[Subject]:
    held = [one for one in _all(moment, ("asset",)) if "what" in one.figures and set(one.words) & _CASH]
    return sorted(held, key=lambda one: -one.figures["what"].value)


_CASH = frozenset({"savings account", "checking account", "money market", "cash", "savings", "the bank"})


_BESIDES = re.compile(r"\b(?:outside of|besides|apart from|other than|without)\b.*")


def held(moment: Moment, text: str) -> Said:
    if "retirement" in text:
        put_by = [one for one in _all(moment, ("asset",)) if "retirement account" in one.words]
        return [_sums(put_by)] if _may(moment, put_by) else []
    text = _BESIDES.sub("", text)
    named = [one for one in _holdings(moment, text, ("asset",)) if "what" in one.figures]
    if not named and re.search(r"\b(?:sitting|idle|doing nothing|put away|put aside|saved)\b", text):
        named = _cash(moment)[: 1 if "sitting" in text else 3]
    if not named and re.search(r"\b(?:it|that|there)\b", text):
        named = [one for one in _last(moment, ("asset",)) if "what" in one.figures]
    return [_sums(named[:3])] if _may(moment, named) else []


def _may(moment: Moment, named: Sequence[Subject]) -> bool:
    return bool(named) and all(moment.tells(one) for one in named)


def other_debts(moment: Moment, text: str) -> Said:
    known = [one for one in _all(moment, ("debt",)) if "what" in one.figures]
    if not known:
        return ["No, I don't owe anybody anything"]
    told = {one.subject for one in moment.memory.told}
    said = bare(" ".join(sentence for turn in moment.turns for sentence in turn.answer))
    rest = [one for one in known if one.id not in told and bare(spoken(one.figures["what"])) not in said]
    if re.search(r"\bmortgage\b", text):
        rest = [one for one in rest if "mortgage" not in one.words]
    if not rest:
        return ["No, that's all of it" if re.search(r"\b(?:any|anything)\b", text) else "Yes, that's all of it"]
    lead = "Yes," if re.search(r"\b(?:any|anything)\b", text) else "Not quite,"
    return [f"{lead} {_sums(rest)} as well"]


def rent(moment: Moment, text: str) -> Said:  # noqa: ARG001
    home = next(iter(moment.life.of_kind("home")), None)
    figure = home.figures.get("payment") if home else None
    rise = [one.text for one in moment.statements if re.search(r"\brent (?:went|goes) up\b", one.text)]
    return [spoken(figure), *rise[:1]] if figure else []


def gone_up(moment: Moment, text: str) -> Said:  # noqa: ARG001
    told = [
        one.text
        for one in moment.statements
        if re.search(r"\b(?:went|goes|gone) up\b|\brose\b|\bincreased\b", one.text)
    ]
    return [moment.led("Yes,", told[0])] if told else []


def works(moment: Moment, text: str) -> Said:
    """Whether the partner works, and what as."""
    mate = next((one for one in meant(moment, text) if one.kind == "partner"), None)
    told = next(iter(mate.says.get("work", ())), "") if mate else ""
    idle = re.search(r"\b(?:at home|retired|not working|isn't working|stopped)\b", told)
    return [moment.led("Not at the moment." if idle else "Yes,", told)] if told else []


def insurer(moment: Moment, text: str) -> Said:
    cover = next(iter(moment.life.of_kind("cover")), None)
    about = "auto" if re.search(r"\b(?:car|auto|truck)\b", text) else "life" if "life" in text else "home"
    told = [says[0] for key in (about, "auto", "home", "health") if cover and (says := cover.says.get(key))]
    return [one for one in told if re.search(r"(?<=[a-z] )[A-Z][a-z]+|^[A-Z][a-z]+ [A-Z]", one)][:1]


def heritage(moment: Moment, text: str) -> Said:  # noqa: ARG001
    told = [
        one.text for one in moment.statements if re.search(r"(?i)\bgenerations?\b|grandfather|great-grand", one.text)
    ]
    return told[:2]


def monthly(moment: Moment, text: str) -> Said:  # noqa: ARG001
    income = next(iter(moment.life.of_kind("income")), None)
    figure = income.figures.get("monthly") if income and moment.tells(income) else None
    return [f"About {spoken(figure)}, after taxes"] if figure else []


# -- what the texts count, date and tell -------------------------------------------------------------------------------

_COUNT = re.compile(
    rf"(?<![\w$,.])({SMALL}(?!,\d)(?![%\d])|\d{{3,4}}(?![,.%\d]))\b ((?:[a-z][\w'-]* ?){{1,3}})", re.IGNORECASE
)
_PEOPLE = re.compile(
    r"\b(?:people|employees?|workers?|staff|stylists?|men|women|drivers?|mechanics?|guys|hands|pickers?|nurses?)\b"
)
_NOT_COUNTED = re.compile(r"^(?:years?|months?|weeks?|days?|times?|percent|hours?|minutes?|ago)\b", re.IGNORECASE)


def staff(moment: Moment, text: str) -> Said:  # noqa: ARG001
    for one in moment.own_texts:
        if (hit := next((hit for hit in _COUNT.finditer(one) if _PEOPLE.search(hit[2])), None)) and hit[
            1
        ].lower() != "one":
            who = re.match(r".*?\b(?:people|employees?|workers?|staff|\w+s)\b", hit[2])
            return [f"{capital(hit[1])} {(who[0] if who else 'people').strip()}"]
    return []


def counted(moment: Moment, text: str) -> Said:
    """`110 milking cows` to `how many head are you milking`."""
    asked = content(" ".join(text.partition("how many")[2].split()[:2]))
    found = [
        f"{capital(hit[1])} {hit[2].strip()}"
        for one in moment.own_texts
        for hit in _COUNT.finditer(one)
        if hit[1].lower() not in ("a", "an") and not _NOT_COUNTED.match(hit[2]) and content(hit[2]) & asked
    ]
    if found:
        return [re.sub(r" (?:and|who|in|with|for|on|at|before|by|has|have|are|is|was|were)\b.*", "", found[0])]
    # `How many moves` of `we have moved six times`
    return [one.text for one in moment.statements if _TIMES.search(one.text) and content(one.text) & asked][:1]


_TIMES = re.compile(rf"(?i)\b{SMALL} times\b")


_AHEAD = re.compile(
    r"\b(?:in (?:about |the )?(?:early |late )?[\w-]+(?: (?:days|weeks|months|years))?|next \w+|this \w+"
    r"|by \w+(?: of \w+)?|(?:at|until|by) the end of \w+|after \w+)\b"
)
_DUE: Sequence[tuple[re.Pattern[str], re.Pattern[str]]] = (
    (re.compile(r"\b(?:due|baby|pregnan\w+|expecting)\b"), re.compile(r"\b(?:due|baby|expecting|child)\b")),
    (re.compile(r"\b(?:wedding|married|marry)\b"), re.compile(r"\bwedding\b")),
    (re.compile(r"\bmov(?:e|es|ing)\b"), re.compile(r"\bmov(?:e|es|ing)\b")),
    (re.compile(r"\brenew\w*\b"), re.compile(r"\brenew\w*\b")),
    (re.compile(r"\b(?:mature|come due|comes due)\w*\b"), re.compile(r"\bmatur\w+|\bc[ao]me due\b")),
    (re.compile(r"\b(?:decide|answer|offer|deadline)\b"), re.compile(r"\b(?:valid|until|deadline|answer)\b")),
)


def ahead(moment: Moment, text: str) -> Said:
    """When what is still to come comes."""
    for asks, tells in _DUE:
        if asks.search(text):
            found = (hit[0] for one in _pieces(moment) if tells.search(one.lower()) and (hit := _AHEAD.search(one)))
            if when := next((one for one in found if " her " not in one), ""):
                return [capital(when)]
    return []


def _pieces(moment: Moment) -> Iterable[str]:
    """The texts in the smallest pieces that tell something."""
    return (piece for one in moment.own_texts for piece in re.split(r"[;,.] ", one))


_DIED = re.compile(r"\b(?:died|passed|widowed|widower?)\b")


_TIME = re.compile(rf"(?<=since )last \w+|{TIME.pattern}|\b\w+ months? ago", re.IGNORECASE)


def died(moment: Moment, text: str) -> Said:  # noqa: ARG001
    for one in moment.own_texts:
        for piece in re.split(r"; |\. ", one):
            if _DIED.search(piece.lower()) and (hit := _TIME.search(piece)):
                return [capital(re.sub(r"^since ", "In ", hit[0]))]
    return []


def _statement(moment: Moment, tells: re.Pattern[str], about: str = "") -> Statement | None:
    """The first that tells such a thing, those on the matter before others."""
    fit = [one for one in moment.statements if tells.search(one.text) and not (one.guarded and not moment.trusts)]
    words = content(about)
    return max(fit, key=lambda one: len(words & content(one.text)), default=None)


_CAME = re.compile(
    r"\b(?:inherit\w*|left (?:me|us)|leaving me|payout|life insurance|settlement|sold|sale|divorce|bonus|came from"
    r"|saved)\b"
)


def origin(moment: Moment, text: str) -> Said:
    """Where a sum or a thing came from."""
    sums = {amount.value for amount in moment.reading.amounts}
    meant = [one for one in _all(moment, ("asset",)) if "what" in one.figures and one.figures["what"].value in sums]
    if meant and (how := next((how for came, how in _CAME_FROM if came in meant[0].name.lower()), "")):
        return [how]
    if told := _statement(moment, _CAME, f"{text} {moment.reading.text}"):
        return [told.text]
    named = meant or _holdings(moment, text, ("asset",)) or _last(moment, ("asset",))
    how = next((how for one in named[:1] for came, how in _CAME_FROM if came in one.name.lower()), "")
    return [how or next(iter(one.says.get("why", ())), "") for one in named[:1]]


_CAME_FROM = (
    ("life insurance", "That's the life insurance, it was paid out after the death"),
    ("inherit", "I inherited it"),
    ("payout", "It was paid out to me, all at once"),
)
_DID = re.compile(
    r"\b(?:looked after|handled|managed|kept (?:the|all)|did (?:the|all)|does (?:the|it|all)|go through|paid the bills"
    r"|pay the)\b"
)


def handled(moment: Moment, text: str) -> Said:
    """Who sees to the money."""
    if told := _statement(moment, _DID, text):
        return [told.text]
    mate = next(iter(moment.life.of_kind("partner")), None)
    return [next(iter(mate.says.get("money", ())), "") if mate else "I do, nobody else"]


def happened(moment: Moment, text: str) -> Said:
    """What the texts tell of the very thing: the whole sentence."""
    about = {word for word in text.partition("happened")[2].split() if len(word) > _SHORT} - _POINTS
    told = [one for one in moment.statements if one.source == "background" and about & set(bare(one.text).split())]
    return [one.text for one in told if not (one.guarded and not moment.trusts)][:1]


_SHORT = 3
_POINTS = frozenset(
    {"with", "your", "about", "that", "this", "there", "then", "after", "exactly", "from", "last", "them"}
)


def retired(moment: Moment, text: str) -> Said:  # noqa: ARG001
    work = next(iter(moment.life.of_kind("work")), None)
    figure = work.figures.get("retire") if work else None
    return list(work.says.get("retire", ())[:1]) if work and figure and figure.unit == "year" else []


def married(moment: Moment, text: str) -> Said:  # noqa: ARG001
    """For how long, also of a marriage that is over."""
    told = next((hit for one in moment.own_texts if (hit := _MARRIED.search(one))), None)
    if told:
        return [capital(told[1])]
    mate = next(iter(moment.life.of_kind("partner")), None)
    if mate is None:
        return []
    if "age" in mate.figures:
        return list(mate.says.get("since", ())[:1])
    years = max(2, moment.life.age - 26 - digest(moment.life.name) % 6)
    return [f"{years} years, all told"] if "died" in " ".join(mate.says.get("what", ())) else []


_MARRIED = re.compile(rf"(?i)\b(?:after |for )?({SMALL} years)(?: of marriage| married)\b")


def owes(moment: Moment, text: str) -> Said:  # noqa: ARG001
    every = moment.life.subject("debts") or next(iter(moment.life.of_kind("debt")), None)
    return list(every.says.get("what", ())[:1]) if every else []


def life_cover(moment: Moment, text: str) -> Said:  # noqa: ARG001
    cover = next(iter(moment.life.of_kind("cover")), None)
    return list(cover.says.get("life", ())[:1]) if cover else []


def income(moment: Moment, text: str) -> Said:  # noqa: ARG001
    own = next(iter(moment.life.of_kind("income")), None)
    return list(own.says.get("what", ())[:1]) if own and moment.tells(own) else []


def renting(moment: Moment, text: str) -> Said:
    """Whether the home is rented or owned."""
    home = next(iter(moment.life.of_kind("home")), None)
    if home is None:
        return []
    owns = "value" in home.figures
    if " or " in text:
        return list(home.says.get("what", ())[:1])
    return [moment.led("Yes," if owns == ("own" in text.split()) else "No,", next(iter(home.says.get("what", ())), ""))]


def acres(moment: Moment, text: str) -> Said:  # noqa: ARG001
    hit = next((hit for one in moment.own_texts if (hit := re.search(r"(\d[\d,]*)[- ]acres?\b", one))), None)
    return [f"{hit[1]} acres"] if hit else []


_OPENED = re.compile(r"\b(?:opened|bought the|took over|founded|own (?:van|shop|business)|grew it)\b")


def opened(moment: Moment, text: str) -> Said:  # noqa: ARG001
    """Since when they have had their business."""
    if told := _statement(moment, _OPENED):
        return [told.text]
    work = next(iter(moment.life.of_kind("work")), None)
    return list(work.says.get("since", ())[:1]) if work else []


_SUM = re.compile(r"\$[\d,.]*\d(?: (?:a|per|each) (?:month|year|week))?")


def sums(moment: Moment, text: str) -> Said:
    """A sum of the texts on just what is asked: the child support of `pays $780 a month in child support`."""
    asked = content(text) - _PAYS
    pieces = [piece for one in moment.told_texts for piece in re.split(r"[;.] |, (?!\d)", one) if _SUM.search(piece)]
    best = max(pieces, key=lambda piece: len(asked & content(piece)), default="")
    enough = min(2, len(asked))
    hit = _SUM.search(best) if enough and len(asked & content(best)) >= enough else None
    return [hit[0]] if hit else []


_PAYS = content("much pay paid cost month year send get right lose lost")


def title(moment: Moment, text: str) -> Said:  # noqa: ARG001
    """What somebody does, by the profile's own word for it."""
    told = [says[0] for one in moment.life.of_kind("work") for key in ("like", "hours") if (says := one.says.get(key))]
    return [moment.occupation, *(one for one in told[:1] if moment.voice.is_new(one))] if moment.occupation else []


_ANSWERS: Sequence[Callable[[Moment, str], Said]] = (
    invested,
    dearest,
    other_debts,
    rates,
    owed,
    held,
    rent,
    gone_up,
    works,
    insurer,
    heritage,
    monthly,
    staff,
    counted,
    died,
    ahead,
    origin,
    handled,
    title,
    happened,
    retired,
    married,
    owes,
    life_cover,
    income,
    renting,
    acres,
    opened,
    sums,
)
