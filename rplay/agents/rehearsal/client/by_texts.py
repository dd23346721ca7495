"""Answers plain questions from the profile's texts: what they count, date and tell."""

import re
from collections.abc import Iterable, Sequence

from rplay.agents.rehearsal.client.household import meant
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.owned import all_held, last_spoken_of, named_holdings
from rplay.agents.rehearsal.client.statements import SMALL, TIME, Statement
from rplay.agents.rehearsal.client.story import content
from rplay.agents.rehearsal.client.telling import same
from rplay.agents.rehearsal.client.voice import digest
from rplay.agents.rehearsal.client.words import bare, capital

Said = Sequence[str]

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
    """Return a count from the texts, such as `110 milking cows` for `how many head are you milking`."""
    asked = content(" ".join(text.partition("how many")[2].split()[:2]))
    if re.search(r"\bhead\b", text):
        asked |= content("cows cattle sheep goats")
    found = [
        f"{capital(hit[1])} {hit[2].strip()}"
        for one in moment.own_texts
        for hit in _COUNT.finditer(one)
        if hit[1].lower() not in ("a", "an") and not _NOT_COUNTED.match(hit[2]) and content(hit[2]) & asked
    ]
    if found:
        return [re.sub(r" (?:and|who|in|with|for|on|at|before|by|has|have|are|is|was|were)\b.*", "", found[0])]
    # `How many moves` is answered by `we have moved six times`.
    return [one.text for one in moment.statements if _TIMES.search(one.text) and content(one.text) & asked][:1]


_TIMES = re.compile(rf"(?i)\b{SMALL} times\b")


_AHEAD = re.compile(
    r"\b(?:in (?:about |the )?(?:early |late )?[\w-]+(?: (?:days|weeks|months|years))?|next \w+|this \w+"
    r"|by \w+(?: of \w+)?|(?:at|until|by) the end of (?:(?:the|this|next) )?\w+|after \w+)\b"
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
    """Return when a future event will be, such as a wedding or a birth."""
    for asks, tells in _DUE:
        if asks.search(text):
            found = (hit[0] for one in _pieces(moment) if tells.search(one.lower()) and (hit := _AHEAD.search(one)))
            if when := next((one for one in found if " her " not in one), ""):
                return [capital(when)]
    return []


def _pieces(moment: Moment) -> Iterable[str]:
    """Yield the texts in the smallest pieces that tell something."""
    return (piece for one in moment.own_texts for piece in re.split(r"[;,.] ", one))


_DIED = re.compile(r"\b(?:died|passed|widowed|widower?)\b")


_TIME = re.compile(rf"(?<=since )last \w+|{TIME.pattern}|\b\w+ months? ago", re.IGNORECASE)


def died(moment: Moment, text: str) -> Said:
    for one in moment.own_texts:
        for piece in re.split(r"; |\. ", one):
            if text == "how long has it been" and not re.search(r"(?i)\bwidow", piece):
                continue
            if _DIED.search(piece.lower()) and (hit := _TIME.search(piece)):
                return [capital(re.sub(r"^since ", "In ", hit[0]))]
    return []


def _statement(moment: Moment, tells: re.Pattern[str], about: str = "") -> Statement | None:
    """Return the statement that matches the pattern and fits the question best; None if none matches."""
    fit = [one for one in moment.statements if tells.search(one.text) and not (one.guarded and not moment.trusts)]
    words = content(about)
    return max(fit, key=lambda one: len(words & content(one.text)), default=None)


_CAME = re.compile(
    r"\b(?:inherit\w*|left (?:me|us)|leaving me|payout|life insurance|settlement|sold|sale|divorce|bonus|came from"
    r"|saved)\b"
)


def origin(moment: Moment, text: str) -> Said:
    """Return where a sum or a thing came from."""
    sums = {amount.value for amount in moment.reading.amounts}
    meant = [one for one in all_held(moment, ("asset",)) if "what" in one.figures and one.figures["what"].value in sums]
    if meant and (how := next((how for came, how in _CAME_FROM if came in meant[0].name.lower()), "")):
        return [how]
    if told := _statement(moment, _CAME, f"{text} {moment.reading.text}"):
        return [told.text]
    named = meant or named_holdings(moment, text, ("asset",)) or last_spoken_of(moment, ("asset",))
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
    """Return who takes care of the money."""
    if told := _statement(moment, _DID, text):
        return [told.text]
    mate = next(iter(moment.life.of_kind("partner")), None)
    return [next(iter(mate.says.get("money", ())), "") if mate else "I do, nobody else"]


def happened(moment: Moment, text: str) -> Said:
    """Return the whole sentence in which the texts tell what happened."""
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
    """Return how long the client is or was married."""
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


def acres(moment: Moment, text: str) -> Said:  # noqa: ARG001
    hit = next((hit for one in moment.own_texts if (hit := re.search(r"(\d[\d,]*)[- ]acres?\b", one))), None)
    return [f"{hit[1]} acres"] if hit else []


_OPENED = re.compile(r"\b(?:opened|bought the|took over|founded|own (?:van|shop|business)|grew it)\b")


def opened(moment: Moment, text: str) -> Said:  # noqa: ARG001
    """Return since when the clients have had their business."""
    if told := _statement(moment, _OPENED):
        return [told.text]
    work = next(iter(moment.life.of_kind("work")), None)
    return list(work.says.get("since", ())[:1]) if work else []


_SUM = re.compile(r"\$[\d,.]*\d(?: (?:a|per|each) (?:month|year|week))?")


def sums(moment: Moment, text: str) -> Said:
    """Return a sum that the texts name for just this: the child support in `pays $780 a month in child support`."""
    asked = content(text) - _PAYS - content("bring bringing make")
    if not asked and re.search(r"\b(?:it|that|this|they)\b", text):
        told = [bare(said) for turn in moment.turns[-3:-1] for said in turn.answer]
        of_it = (one.text for one in reversed(moment.statements) if any(same(one.text, said) for said in told))
        return [hit[0] for one in of_it if (hit := _SUM.search(one))][:1]
    pieces = [piece for one in moment.told_texts for piece in re.split(r"[;.] |, (?!\d)", one) if _SUM.search(piece)]
    best = max(pieces, key=lambda piece: len(asked & content(piece)), default="")
    enough = min(2, len(asked))
    hit = _SUM.search(best) if enough and len(asked & content(best)) >= enough else None
    return [hit[0]] if hit else []


_PAYS = content("much pay paid cost month year send get right lose lost")


def title(moment: Moment, text: str) -> Said:  # noqa: ARG001
    """Return the occupation, in the profile's own words, and since when."""
    since = [one.says["since"][0] for one in moment.life.of_kind("work") if one.says.get("since")]
    works = moment.occupation.startswith("I'm")
    told = [one for one in since[:1] if works and moment.voice.is_new(one)]
    return [moment.occupation, *told] if moment.occupation else []


def gone_up(moment: Moment, text: str) -> Said:  # noqa: ARG001
    told = [
        one.text
        for one in moment.statements
        if re.search(r"\b(?:went|goes|gone) up\b|\brose\b|\bincreased\b", one.text)
    ]
    return [moment.led("Yes,", told[0])] if told else []


def works(moment: Moment, text: str) -> Said:
    """Return whether the partner works, and as what."""
    mate = next((one for one in meant(moment, text) if one.kind == "partner"), None)
    told = next(iter(mate.says.get("work", ())), "") if mate else ""
    if re.search(r"\bretired\b", text) and told:
        return [moment.led("Yes," if "retired" in told else "No,", told)]
    idle = re.search(r"\b(?:at home|retired|not working|isn't working|stopped)\b", told)
    return [moment.led("Not at the moment." if idle else "Yes,", told)] if told else []


def insurer(moment: Moment, text: str) -> Said:
    cover = next(iter(moment.life.of_kind("cover")), None)
    about = "auto" if re.search(r"\b(?:car|auto|truck)\b", text) else "life" if "life" in text else "home"
    told = [text for key in (about, "auto", "home", "health") for text in (cover.says.get(key, ()) if cover else ())]
    return [one for one in told if _INSURER.search(one)][:1]


_INSURER = re.compile(r"[A-Z][a-z]+ (?:[A-Z][a-z]+ )?(?:Mutual|Insurance|Life|Casualty|Farm)\b")


def before_that(moment: Moment, text: str) -> Said:  # noqa: ARG001
    """Return the work before the present one."""
    told = (text for one in moment.life.of_kind("work") for text in one.says.get("before", ()))
    return [text for text in told if moment.voice.is_new(text)][:1]


def smoker(moment: Moment, text: str) -> Said:  # noqa: ARG001
    return [said for one in moment.life.of_kind("self") for said in one.says.get("smoker", ())[:1]]


def still_works(moment: Moment, text: str) -> Said:
    """Return whether the client still works, and as what."""
    work = next(iter(moment.life.of_kind("work")), None)
    told = moment.occupation or next(iter(work.says.get("what", ())), "") if work else ""
    over = told.startswith("I was") or "retired" in told.lower()
    yes = over == bool(re.search(r"\bretired\b", text))
    hours = re.search(
        r", ((?:\w+ ){1,3}(?:days?|hours|nights) a week|part[- ]time)", moment.given.occupation if moment.given else ""
    )
    return (
        [moment.led("Yes," if yes else "No,", told) + (f", {hours[1]}" if hours and not over else "")] if told else []
    )


def heritage(moment: Moment, text: str) -> Said:  # noqa: ARG001
    told = [
        one.text for one in moment.statements if re.search(r"(?i)\bgenerations?\b|grandfather|great-grand", one.text)
    ]
    return told[:2]
