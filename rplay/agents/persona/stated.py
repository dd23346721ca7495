"""Puts the profile's own statements first in a life, and drops made-up sentences that would contradict them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rplay.agents.persona import phrasing
from rplay.agents.persona.clauses import clauses
from rplay.agents.persona.dice import digest
from rplay.agents.persona.first_person import Speaker, first_person, fragment, sentences, story
from rplay.agents.persona.given import Given
from rplay.agents.persona.grammar import article, is_of, listed, lower_title, sentence
from rplay.agents.persona.life import Figure, Life, Subject
from rplay.agents.persona.named import is_act, named_in
from rplay.agents.persona.retelling import ME
from rplay.agents.persona.tables import table
from rplay.agents.persona.work import NOW, on_own_land, without_more

_NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
            "ten": 10, "eighteen months": 2}  # fmt: skip
_AGO = re.compile(r"\b(eighteen months|(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2})(?= years?)|)"
                  r"(?: years?)? ago\b")  # fmt: skip
_SEASONS_AGO = re.compile(r"\b(one|two|three|four) (?:winters|springs|summers|falls|autumns|seasons) ago\b")
_MONTH = re.compile(
    r"\b(?:in|since|until) (?:early |late )?(?:january|february|march|april|may|june|july|august|september|october"
    r"|november|december"
    r"|the spring|the summer|the fall)\b|\bthis (?:year|spring|summer|fall|autumn)\b|\blast (?:month|week|night)\b"
    r"|\blast (?:january|february|march|april|may|june|july|august|september|october)\b"
)
_TIME = re.compile(
    r"\b(?:(?:in|since|until) (?:the )?(?:(?:19|20)\d\d|spring|summer|fall|winter|January|February|March|April|May|June"
    r"|July|August|September|October|November|December)|last (?:year|spring|summer|fall|autumn|winter|month|week"
    r"|January|February|March|April|May|June|July|August|September|October|November|December)"
    r"|(?:one|two|three|four) (?:winters|springs|summers|falls) ago|(?:eighteen months|an?|one|two|three|four|five"
    r"|six|seven|eight|nine|ten|\d{1,2})(?: years?)? ago)\b"
)
_REASON = re.compile(r"\b(over|because of|because) ([^,;.]+)")
_SECRET = re.compile(
    r"\b(?:haven't told|has not told|have not told|embarrassed|ashamed|scared|afraid|don't want|angry with"
    r"|never checked|responsible for|half decided|not sure i want|admit|fear|shy of|hate|guilt\w*|secretly)\b"
)
_BEGAN = re.compile(r"\b(?:put|moved|left|bought|opened|started|paid|rolled|inherited|invested|borrowed|took)\b")
_HELP = re.compile(
    r"\b(?:financial advisor|advisor|adviser|agent|broker|planner|wirehouse|bank employee|(?:bank"
    r"|insurance) salesman|insurance man)\b"
    r"|\bwas sold a\b"
)
_OTHERS = re.compile(
    r"\b(?:real estate|travel|purchasing|insurance) (?:agent|broker)\b.{0,20}\bfor\b|\bagents vanish\b"
)
_SINCE = re.compile(r"(?i)\bsince (leaving|firing|dropping) (.+)")
_PAST = {"leaving": "left", "firing": "fired", "dropping": "dropped"}
_VAGUE = frozenset({
    "account", "accounts", "loan", "loans", "plan", "plans", "life", "value", "cash", "fund", "funds", "money",
    "checking", "credit", "joint", "about", "small", "some", "work", "through", "insurance", "personal", "family",
    "used", "group", "personally", "guaranteed", "home", "business", "market", "tools", "line",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    text: str  # as the client says it
    year: int | None = None  # the year of the event, if the statement names one

    @property
    def low(self) -> str:
        return self.text.lower()


def told(given: Given, life: Life) -> Life:
    """Return the life with the profile's statements in place of sentences that would contradict them."""
    background = statements(given.background, given.speaker)
    doubts = tuple(one for text in given.objections for one in statements(text, given.speaker))
    secrets = dict(zip(_hidden(life), (one for one in doubts if _SECRET.search(one.low)), strict=False))
    others = tuple(_others(given, life, background))
    kept = [
        _secret(one, secrets[one.id]) if one.id in secrets else _with_own(one, background, doubts, given)
        for one in life.subjects
    ]
    clashes = _clashes(given)
    kept = [one if one.id in secrets else _without(one, clashes, background) for one in kept]
    kept = [_grown(_parted(one, given), life) for one in kept]
    return life.model_copy(update={"subjects": (*kept, *others, *_stories(background, life))})


Clash = tuple[re.Pattern[str], frozenset[str]]


def _clashes(given: Given) -> tuple[Clash, ...]:
    """Return patterns for sentences that this profile rules out, each with the kinds of subjects it applies to."""
    rules = table("stated")["clash"]
    fit = (rule for rule in rules if re.search(rule["told"], given.story))
    return tuple((re.compile(rule["drop"]), frozenset(rule.get("kinds", ()))) for rule in fit)


def _without(subject: Subject, clashes: Sequence[Clash], background: Sequence[Statement]) -> Subject:
    """Return the subject without made-up sentences that contradict the profile. The profile's own sentences stay."""
    if subject.kind in ("goal", "worry"):
        return subject  # goals and worries come from the profile itself
    drops = [drop for drop, kinds in clashes if not kinds or subject.kind in kinds]
    own = {one.text for one in background}

    def fitting(text: str) -> str:
        fit = (one for one in sentences(text) if not any(drop.search(one.lower()) for drop in drops))
        return text if text in own else " ".join(fit)

    says = {aspect: tuple(filter(None, map(fitting, texts))) for aspect, texts in subject.says.items()}
    if says == subject.says:
        return subject
    return subject.model_copy(update={"says": {aspect: texts for aspect, texts in says.items() if texts}})


def _grown(subject: Subject, life: Life) -> Subject:
    """Return the subject `children` without a custody arrangement if all children are of age."""
    ages = [figure.value for one in life.of_kind("child") if (figure := one.figures.get("age"))]
    if subject.kind != "children" or not ages or min(ages) < _OF_AGE:
        return subject
    return _changed(subject, {"custody": ("They're grown, nobody has to share them any more.",)})


_OF_AGE = 18
_PARTED = re.compile(r"(?i)\b(separated from [A-Z]\w+)(?: \(\d+\))?( since [\w ]+)?")


def _parted(subject: Subject, given: Given) -> Subject:
    """Return the subject `partner` for a client who is separated, which is neither married nor divorced."""
    hit = _PARTED.search(given.family) if subject.kind == "partner" else None
    if not hit:
        return subject
    told = f"I've been {hit[1][0].lower()}{hit[1][1:]}{hit[2]}." if hit[2] else f"I'm {hit[1][0].lower()}{hit[1][1:]}."
    return _changed(subject, {"what": (told,), "since": (told,)})


def _hidden(life: Life) -> list[str]:
    return [one.id for one in life.subjects if one.reserve == 2]


def statements(text: str, who: Speaker) -> tuple[Statement, ...]:
    """Return the sentences of a text as statements in the first person."""
    return tuple(_read(text, who))


def _read(text: str, who: Speaker) -> Iterator[Statement]:
    for whole in story(text, who):
        year = year_in(whole)
        for piece in whole.split(";"):
            if len(piece.split()) > 2:
                yield Statement(sentence(piece.strip(" .")), year)


def year_in(text: str) -> int | None:
    """Return the year that a sentence names or counts back to; None if there is none."""
    low = text.lower()
    if hit := re.search(r"\b(?:in|since|until|from|of) ((?:19|20)\d\d)\b", low):
        return min(NOW, int(hit[1]))
    if hit := _AGO.search(low):
        return NOW - (_NUMBERS.get(hit[1]) or int(hit[1])) if hit[1] else None
    if hit := _SEASONS_AGO.search(low):
        return NOW - _NUMBERS[hit[1]]
    if re.search(r"\blast (?:year|spring|summer|fall|autumn|winter)\b", low):
        return NOW - 1
    return NOW if _MONTH.search(low) else None


def debt_year(noun: str, given: Given) -> int | None:
    """Return the year since when the client has a debt; None if the background does not say."""
    of_it = (one for one in statements(given.background, given.speaker) if speaks_of(one, noun, debt=True))
    return next((one.year for one in of_it if one.year), None)


def speaks_of(one: Statement, noun: str, *, debt: bool = False) -> bool:
    """Return whether a statement mentions the thing, by its whole name or by a word that belongs only to it."""
    low = noun.lower()
    if re.search(rf"\b{re.escape(low)}(?!\w)", one.low):
        return True
    if debt and re.search(r"\b(?:loans?|line)\b", low) and not re.search(r"\b(?:loans?|line)\b", one.low):
        return False
    own = [word for word in re.findall(r"[a-z][a-z-]{3,}", low) if word not in _VAGUE]
    return any(re.search(rf"\b{re.escape(word.rstrip('s'))}s?\b", one.low) for word in own)


# -- one subject -------------------------------------------------------------------------------------------------------

Says = Mapping[str, tuple[str, ...]]


_BY_MONTH = re.compile(r"(?i)pension.*?((?:about |around )?\$[\d,]+ a month)(?: (from (?:age )?\d\d))?")


def _pension(given: Given) -> str:
    """Return the pension that an asset mentions, as in `About $4,900 a month, from age 63.`; empty if none does."""
    named = [one for one in given.assets or () if re.search(r"(?i)\bpension\b", one.text)]
    named = [one for one in named if not re.match(r"[A-Z]\w+['’]s ", one.text)]
    if hit := next(filter(None, (_BY_MONTH.search(one.text) for one in named)), None):
        return sentence(f"{hit[1]}{f', {hit[2]}' if hit[2] else ''}")
    own = [one for one in named if not re.match(r"[A-Z]\w+['’]s ", one.text)]
    if not own:
        return ""
    if own[0].amount is not None:
        return sentence(f"Yes, there's ${own[0].amount:,.0f} in my {lower_title(own[0].name)}")
    name, _, remark = own[0].text.partition(":")
    return sentence(
        f"Yes, my {lower_title(name)}{f', {remark.strip()}' if remark else ''}. I couldn't tell you the sum"
    )


def _with_own(subject: Subject, background: Sequence[Statement], doubts: Sequence[Statement], given: Given) -> Subject:
    if subject.reserve == 2 or subject.id in ("assets", "debts"):
        return subject
    if subject.kind == "advisor":
        return _advisor(subject, background, doubts)
    if subject.kind == "lately":
        return _lately(subject, background, given)
    if subject.kind in ("asset", "debt"):
        return _holding(subject, background, given)
    if subject.kind == "child":
        return _child(subject, background, given)
    if subject.kind == "work":
        return _worked(_said_once(subject), background, given)
    if subject.kind == "cover":
        return _covered(subject, background)
    if subject.kind == "partner":
        return _partner(_by_rules(subject, background), background, given)
    if subject.kind == "home":
        return _housed(_by_rules(subject, background), given)
    if subject.kind == "children":
        return _raised(_by_rules(subject, background), given)
    if subject.kind == "self":
        return _well(_by_rules(subject, background), given)
    if subject.kind == "retirement":
        return _retirement(subject, given)
    return _by_rules(subject, background)


def _housed(subject: Subject, given: Given) -> Subject:
    """Return the home as the family tells of it: shared, or that of the client's kin."""
    if "value" not in subject.figures and on_own_land(given):
        free = "The house goes with the land, so there's no rent."
        return _only(subject, {"what": ("We live on the place.", free), "payment": (free,), "value": (free,)})
    shared = _SHARED.search(given.family)
    if shared is None:
        return subject
    shares = shared[0].replace("rents with", "shares a rental with")
    told = sentence(fragment(shares[0].upper() + shares[1:], given.speaker))
    kin = re.match(r"lives with (?:his|her) (grand\w+|mother|father|parents|aunt|uncle|brother|sister)\b", shared[0])
    if kin is None or "value" in subject.figures:
        return _changed(subject, {"what": (told,)})
    theirs = f"It's my {kin[1]}{chr(39) if kin[1].endswith('s') else chr(39) + 's'} place"
    paid = tuple(one for one in subject.says.get("payment", ()) if kin[1] in one)
    said = {"what": (told, *paid), "payment": paid or (f"{theirs}. I chip in where I can.",),
            "value": (f"{theirs}, I wouldn't know.",), "plan": subject.says.get("plan", ())}  # fmt: skip
    return _only(subject, said)


_SHARED = re.compile(
    r"\b(?:shares (?:an?|the) [^;.]*|rents (?:with|a room)[^;,.]*|lives with (?:his|her) (?:parents|grandparents"
    r"|mother|father|grandmother|grandfather|aunt|uncle|brother|sister)\b[^;,.]*)"
)


def _raised(subject: Subject, given: Given) -> Subject:
    """Return the children with whom they live, who is at college and who is on the way, as the family tells."""
    says: dict[str, tuple[str, ...]] = {}
    many = subject.figures.get("what", Figure(value=0, unit="count")).value
    if many and (custody := _custody(given, many > 1)):
        says["custody"] = (custody,)
    away = [one.name for one in named_in(given.family) if one.role == "child" and _AT_COLLEGE.search(one.detail)]
    if away:
        says["college"] = (f"{listed(away)} {'are' if len(away) > 1 else 'is'} in college right now.",
                           *subject.says.get("college", ())[1:])  # fmt: skip
    if many and (due := _DUE.search(given.family)) and subject.says.get("what"):
        first, *more = subject.says["what"]
        says["what"] = (f"{first} And another one on the way{f', in {due[1]}' if due[1] else ''}.", *more)
    return _changed(subject, says)


_DUE = re.compile(r"\bexpecting\b(?:[^;.]*? in ([A-Z][a-z]+))?")
_AT_COLLEGE = re.compile(
    r"\b(?:in|at) (?:community |state )?(?:college|universit(?:y|ies))\b|\bat [A-Z]|\b(?:freshman|sophomore|pre-med"
    r"|undergrad\w*)\b"
    r"|\byear of college\b|\bcollege student\b"
)
_CUSTODY = (
    (r"\b(?:half the time|half the week|every other week(?!end)|alternat\w+ weeks|week on)\b", "half the time"),
    (r"\b(?:every (?:other|second) weekend|on weekends|weekends)\b", "every other weekend"),
    (r"\bduring the school year\b", "during the school year"),
    (
        r"\b(?:live|lives) with (?:her|him|them) most of the (?:week|time)\b|\bmost of the (?:week|time)\b",
        "most of the time",
    ),
    (r"\b(?:live|lives|living) with (?:her|him)\b", ""),
)


def _custody(given: Given, many: bool) -> str:
    """Return with whom the children of a parent without a partner live; empty if the family does not tell."""
    family = given.family.lower()
    if not re.search(r"\b(?:divorc|separat|single|lives alone|ex-)", family):
        return ""
    when = next((told for pattern, told in _CUSTODY if re.search(pattern, family)), None)
    child = next((one.name for one in named_in(given.family) if one.role == "child"), "")
    if when is None or not (many or child):
        return ""
    return sentence(f"{'They' if many else child}{chr(39)}{'re' if many else 's'} with me{f' {when}' if when else ''}")


def _well(subject: Subject, given: Given) -> Subject:
    """Return the client without health that was made up where the profile has something to tell or to hide of it."""
    if _is_told(subject, given):
        return subject
    worry = next((text for text in given.concerns if _OWN_HEALTH.search(text) and not _OF_KIN.search(text)), "")
    hides = any(_OWN_HEALTH.search(text) for text in given.objections)
    if worry and not hides:
        return _changed(subject, {"health": (phrasing.worry(worry, given.speaker, 0),)})
    return _changed(subject, {"health": table("past")["health"]["hides"]}) if hides else subject


def _is_told(subject: Subject, given: Given) -> bool:
    told = {one.text for one in statements(given.background, given.speaker)}
    return bool(told.intersection(subject.says.get("health", ())))


_OWN_HEALTH = re.compile(
    r"(?i)\b(?:heart|medical (?:file|record|exam)|(?:heart|knee|lung) finding|irregular reading|diabet\w+"
    r"|blood (?:pressure|sugar)|(?<!my )apnea|cancer|stent"
    r"|injury|diagnos\w+|turned down|pills|depress\w+|panic|surgery|tumor|asthma|DOT physical|knee|hearing loss"
    r"|old back)\b"
)
_OF_KIN = re.compile(r"\b(?:[A-Z]\w+['’]s|[Mm]other|[Ff]ather|[Ss]on|[Dd]aughter|[Ww]ife|[Hh]usband|[Pp]artner)\b")


def _partner(subject: Subject, background: Sequence[Statement], given: Given) -> Subject:
    """Return the partner with what the profile says they do, and who has the money in hand."""
    says: dict[str, tuple[str, ...]] = {}
    if does := _does(subject.name.split()[-1], given.family, "partner"):
        health = re.match(r"\S+ (?:has|had|was)\b", does[0])
        says["what" if health else "work"] = (*(subject.says.get("what", ())[:1] if health else ()), *does)
    if (
        re.search(r"\blives? with (?:his|her) (?:parents|grandparents|mother|father)", given.family)
        and "age" in subject.figures
    ):
        says["what"] = (f"There's {subject.name.split()[-1]}. We don't live together yet.",)
    says["view"] = tuple(
        phrasing.doubt(text, given.speaker) for text in (*given.objections, *given.concerns)
        if re.match(rf"{re.escape(subject.name.split()[-1])} {_VIEW}", text)
    )  # fmt: skip
    says["money"] = tuple(one.text for one in background if _MONEY.search(one.low) and not _of_a_child(one, given))
    return _changed(subject, says)


# What the profile tells of the partner's view of money, insurance and advisors.
_VIEW = (
    r"(?:thinks|believes|feels|says|wants|does not (?:want|trust|believe|like|see)|doesn't (?:want|trust|believe|like"
    r"|see)|did not want|didn't want|prefers|must|has to|will not|won't|would rather|trusts|insists|is against|refuses"
    r"|hates|dislikes|fears|worries|would never|is skeptical|calls)\b"
)


def _of_a_child(one: Statement, given: Given) -> bool:
    return any(one.text.startswith(f"{other.name} ") for other in named_in(given.family) if other.role != "partner")


_MONEY = re.compile(
    r"\b(?:handle[sd]|manage[sd]|kept|keeps|did|does|saw to|look(?:s|ed) after|picked|chose|decide[sd] on|t(?:ook"
    r"|akes) care of"
    r"|paid|pays)\b[^.;]{0,30}?\b(?:money|bills?|books|accounts|paperwork|finances|investments|checkbook|taxes|fund)\b"
    r"|\bpaid (?:for )?everything\b|\bdecides? about the money\b"
)


def _retirement(subject: Subject, given: Given) -> Subject:
    """Return retirement with the pension that is told, and with the date of leaving that a goal names."""
    says: dict[str, tuple[str, ...]] = {}
    if pension := _pension(given):
        says |= {"pension": (pension,), "income": (pension, *subject.says.get("income", ())[1:])}
    leaving = (text for text in given.goals if _LEAVING.search(text))
    says["when"] = tuple(
        sentence(f"I want to {deed}") for text in leaving if (deed := phrasing.goal(text, given.speaker)[0])
    )
    if soon := re.search(r"\bretiring ((?:in|next|this|at) [\w ]+)", given.occupation):
        says["when"] = (f"I'm retiring {soon[1]}.",)
    told = _changed(subject, says)
    return _without_sum(told) if pension else told


def _without_sum(subject: Subject) -> Subject:
    return subject.model_copy(
        update={"figures": {key: one for key, one in subject.figures.items() if key != "pension"}}
    )


_LEAVING = re.compile(r"(?i)\bretire\b.*\b(?:in \w+ months|next \w+|this (?:year|fall|spring|summer|winter))\b")


def _worked(subject: Subject, background: Sequence[Statement], given: Given) -> Subject:
    """Return the work as told. An age at the beginning leaves the years to be counted."""
    told = _former(_by_rules(subject, background), given)
    told = _beside(told, given)
    part = _PART.search(without_more(given.occupation)) if "helper" not in given.occupation else None
    if part and "retired" not in given.occupation.lower():
        own = () if told.says.get("hours") == subject.says.get("hours") else told.says.get("hours", ())
        told = _changed(told, {"hours": (sentence(part[0]), *own)})
    counted = any(re.search(r"\byears\b(?! of)|\b(?:19|20)\d\d\b", text) for text in told.says.get("since", ()))
    at_age = any(
        re.search(r"\bat (?:\d\d|twenty|thirty|eighteen|nineteen)\b", text) for text in told.says.get("since", ())
    )
    if counted and not at_age:
        return told
    return _changed(told, {"since": (*subject.says.get("since", ())[:1], *told.says.get("since", ()))})


def _former(subject: Subject, given: Given) -> Subject:
    """Return the work of somebody who still works without a past job among what says how long: `I worked for a chemical
    company for 22 years` tells of before."""
    if "retired" in given.occupation.lower().replace("semi-retired", ""):
        return subject
    past = tuple(one for one in subject.says.get("since", ()) if _PAST_JOB.match(one))
    if not past:
        return subject
    since = tuple(one for one in subject.says["since"] if one not in past)
    own = _changed(subject, {"before": past, "why": past})
    return own.model_copy(update={"says": {**own.says, "since": since or own.says["since"][len(past) :]}})


_PAST_JOB = re.compile(
    r"I (?:worked|drove|flew|taught|cooked|sold|served|ran|delivered) (?!.*\bI've been\b).*\byears\b"
)


def _beside(subject: Subject, given: Given) -> Subject:
    """Return the work with what the client does besides: `Retired captain, works part-time at a hardware store`."""
    rest = given.occupation[len(without_more(given.occupation)) :].strip(" ,.;")
    if not rest or rest.startswith("retiring") or not subject.says.get("what"):
        return subject
    first, *more = subject.says["what"]
    does = sentence(first_person(f"{ME} {rest}", given.speaker))
    return _changed(subject, {"what": (f"{first} {does}", *more)})


_PART = re.compile(
    r"(?i)\bpart-time\b|\b\w+ (?:days|evenings|nights|mornings|hours) a week\b|\b\w+ (?:days|weeks"
    r"|months) on and \w+ off\b"
)


def _covered(subject: Subject, background: Sequence[Statement]) -> Subject:
    """Return the insurance as told, with the insurer behind it unless that has cancelled."""
    told = _by_rules(subject, background)
    if any(re.search(r"\bnon-renew|\bcancel|\bdropped|\bdeclined to renew", one.low) for one in background):
        return told
    both = {key: (*told.says[key], *subject.says[key][:1]) for key in ("home", "auto") if subject.says.get(key)}
    return _changed(told, both)


def _said_once(subject: Subject) -> Subject:
    """Return the job without the employer if the title names it already, as in `I'm a city bus driver at the city`."""
    hit = re.fullmatch(r"my job at (the (\w+))", subject.name)
    if not hit or not any(hit[2].lower() in word.lower().split() for word in subject.words if word != hit[1].lower()):
        return subject
    what = tuple(text.replace(f" at {hit[1]}", "", 1) for text in subject.says.get("what", ()))
    return _changed(subject, {"what": what})


def _changed(subject: Subject, says: Says, figures: Mapping[str, Figure] | None = None) -> Subject:
    merged = {**subject.says, **{aspect: tuple(dict.fromkeys(texts)) for aspect, texts in says.items() if texts}}
    return subject.model_copy(update={"says": merged, "figures": {**subject.figures, **(figures or {})}})


def _by_rules(subject: Subject, all_: Iterable[Statement]) -> Subject:
    says: dict[str, tuple[str, ...]] = {}
    for one in all_:
        for rule in table("stated")["rule"]:
            if rule["kind"] == subject.kind and re.search(rule["match"], one.low) and not _is_left_out(rule, one):
                says |= {aspect: (*says.get(aspect, ()), one.text) for aspect in rule["aspects"]}
    return _changed(subject, says)


def _is_left_out(rule: Mapping[str, str], one: Statement) -> bool:
    return "unless" in rule and bool(re.search(rule["unless"], one.low))


def _advisor(subject: Subject, background: Sequence[Statement], doubts: Sequence[Statement]) -> Subject:
    """Return the advisor that the texts mention in place of the made-up one.

    If only a doubt mentions the advisor, the client tells it only with some trust.
    """
    open_ = [_left(one) for one in background if _HELP.search(one.low) and not _OTHERS.search(one.low)]
    shy = [one for one in doubts if _SHY.search(one.low)]
    shy = [one for one in shy if not _OF_OTHERS.search(one.low)] or shy
    if not (of_it := open_ or shy):
        return subject
    whole = tuple(one.text for one in of_it)
    texts = tuple(map(_from_help_on, whole))
    says: dict[str, tuple[str, ...]] = {"what": texts, "happened": tuple(one for one in whole if one not in texts)}
    who = () if "never worked with" in texts[0] else texts[:1]
    says |= {"who": who, "when": _when(of_it[0]), "why_left": _because(of_it[0])}
    if _SOURED.search(" ".join(whole).lower()):
        after = table("past")["advisor"]["told"]
        draw = digest(*whole)
        says |= {aspect: (after[aspect][draw % len(after[aspect])],) for aspect in ("feel", "want")}
    return _only(subject, says).model_copy(update={"reserve": 0 if open_ else 1})


# A doubt that tells of an experience with somebody who sold or advised, and one that tells of others' experience.
_SHY = re.compile(
    r"\b(?:last|former|old|first|present|current|ex-?\w*'s) (?:advisor|agent|broker)\b|\bwas sold a|\bsold me\b"
    r"|'s (?:broker|advisor"
    r"|agent)\b"
    r"|\bmy broker\b|\bi had a broker\b|\bfinancial counselor\b|\bthe agent who\b|\bpushed a .* on me\b"
    r"|\badvisor in (?:19|20)\d\d\b"
    r"|\bi (?:once )?bought an? .*(?:policy|annuity|fund)\b.*\b(?:lost|loss|get(?:ting)? out)\b|\binsurance man\b"
)
_OF_OTHERS = re.compile(
    r"^(?:my |a |an )?(?:brother|sister|father|mother|cousin|fellow|neighbor|friend|officer|roommate)\w*\b"
)


def _from_help_on(text: str) -> str:
    """Return the clauses of a sentence, beginning with the one that mentions an advisor."""
    parts = clauses(text)
    at = next((number for number, part in enumerate(parts) if _HELP.search(part.lower())), 0)
    return " ".join(parts[at:]) if at else text


_SOURED = re.compile(r"\b(?:lost|fees|denied|retired|left|regret|sold|nobody called|ignored|died|without telling)\b")


def _only(subject: Subject, says: Says) -> Subject:
    """Return the subject with these sentences and no others."""
    return subject.model_copy(update={"says": {aspect: texts for aspect, texts in says.items() if texts}})


def _when(one: Statement) -> tuple[str, ...]:
    """Return when it happened, as in `That was two years ago.`; empty if the statement does not say."""
    hit = _TIME.search(one.text)
    return (
        (f"That was {re.sub('^since ', 'in ', hit[0])}.",)
        if hit and "until" not in hit[0] and " and died" not in one.text
        else ()
    )


def _because(one: Statement) -> tuple[str, ...]:
    hit = _REASON.search(one.text)
    if not hit:
        return ()
    return (sentence(hit[0] if hit[1].lower() == "because" else f"It was {hit[0]}"),)


def _left(one: Statement) -> Statement:
    """Return `… since leaving an advisor in 2019` as a statement of its own: `I left an advisor in 2019`."""
    hit = _SINCE.search(one.text)
    if not hit:
        return one
    return replace(one, text=sentence(f"I {_PAST[hit[1].lower()]} {hit[2]}"))


_CAME = re.compile(r"\bi came (?:in )?because\b|\bcame because\b|\bis why i (?:called|came)\b|\bwhich is why\b")


def _lately(subject: Subject, background: Sequence[Statement], given: Given) -> Subject:
    because = [one for one in background if _CAME.search(one.low) and not one.low.startswith("that ")]
    recent = because + sorted(
        (one for one in background if one.year and one.year >= NOW - 2 and one not in because),
        key=lambda one: -(one.year or 0),
    )
    if not recent:
        return subject
    first, more = recent[0], tuple(one.text for one in recent[1:])
    after = table("past")["lately"]["told"]
    says = {"what": (first.text, *more), "when": _when(first), "why": (*_because(first), first.text), "then": more}
    says["feel"] = (after["feel"][digest(given.name, given.background) % len(after["feel"])],)
    return _only(subject, says)


def _holding(subject: Subject, background: Sequence[Statement], given: Given) -> Subject:
    """Return an asset or a debt with the profile's statements about it. The sum stays the first thing that the client
    says."""
    debt = subject.kind == "debt"
    noun = re.split(r" (?:in|for|from|with|of|at)\b| \(|[,:]", re.sub(r"^(?:the|my|our) ", "", subject.name))[0]
    noun = re.sub(r"^[A-Z][\w-]+['’]s ", "", noun)  # whose it is does not tell what it is
    texts = tuple(one.text for one in background if speaks_of(one, noun, debt=debt))
    subject = subject.model_copy(update={"words": tuple(dict.fromkeys((*subject.words, noun.lower())))})
    if subject.id.endswith("none"):
        return subject
    if debt and (month := _monthly(subject, given)):
        subject = _changed(subject, {"what": (sentence(f"{subject.name}, that's {month}"),)})
    if came := _inherited(subject, given, background):
        kept = {aspect: said for aspect, said in subject.says.items() if aspect not in ("since", "why", "monthly")}
        return subject.model_copy(update={"says": {**kept, "why": came, "since": came}, "figures": _sums(subject)})
    if not texts:
        return subject
    years = [one for one in background if one.text in texts and _began(one)]
    says: dict[str, tuple[str, ...]] = {"what": (*subject.says["what"][:1], *texts), "why": texts}
    if not years:
        return _changed(subject, says)
    since = years[0].year or NOW
    says["since"] = (*_when(years[0]), years[0].text)
    other = {aspect: _of_year(said, since) for aspect, said in subject.says.items() if aspect not in says}
    return _changed(subject, {**other, **says}, {"since": Figure(value=float(since), unit="year")})


def _monthly(subject: Subject, given: Given) -> str:
    """Return what the form tells by the month, as of a lease: `$640 a month`; empty if it tells a sum owed."""
    sum_ = f"${subject.figures['what'].value:,.0f}" if "what" in subject.figures else "none"
    held = (re.search(rf"^[^$]*({re.escape(sum_)} (?:a|per) month)\b", one.text) for one in given.debts or ())
    return next((hit[1] for hit in held if hit), "")


def _inherited(subject: Subject, given: Given, background: Sequence[Statement]) -> tuple[str, ...]:
    """Return from whom the client inherited the thing; empty if the profile does not say that it was inherited."""
    held = given.assets or ()
    text = next((one.text for one in held if one.name.partition(" (")[0].lower() in subject.name.lower()), subject.name)
    if not re.search(r"(?i)\binherit|\(from (?:his|her|their) ", text):
        return ()
    told = tuple(one.text for one in background if re.search(r"\bleft\b|\binherit", one.low))
    origin = re.search(
        r"(?i)\bfrom (?:his |her |their )?((?:late )?(?:aunt|uncle|grand\w+|mother|father|husband|wife))", text
    )
    return told or ((sentence(f"It came from my {origin[1].lower()}"),) if origin else ())


def _sums(subject: Subject) -> dict[str, Figure]:
    return {aspect: figure for aspect, figure in subject.figures.items() if aspect != "since"}


def _began(one: Statement) -> bool:
    """Return whether the statement's year is the year in which something began."""
    began = one.year and _BEGAN.search(one.low) and " and died" not in one.low
    return bool(began and not re.search(r"\binsurer (?:\w+ )?paid\b|\bbought more\b|\bpaid \$|\bfell by\b", one.low))


def _of_year(said: tuple[str, ...], since: int) -> tuple[str, ...]:
    """Return the sentences without those that name an earlier year; all of them if none would be left."""
    return (
        tuple(text for text in said if all(int(one) >= since for one in re.findall(r"\b(?:19|20)\d\d\b", text))) or said
    )


def _secret(subject: Subject, one: Statement) -> Subject:
    """Return a hidden subject with the profile's own secret in place of the made-up one."""
    return subject.model_copy(
        update={
            "says": {"what": (one.text,)},
            "name": "what I haven't told anybody",
            "words": tuple(_called(one)),
            "figures": {},
        }
    )


def _child(subject: Subject, background: Sequence[Statement], given: Given) -> Subject:
    """Return a child with what the family says the child does, and the client's goals that name this child."""
    name = subject.name
    does = _does(name, given.family)
    about = tuple(one.text for one in background if re.search(rf"\b{re.escape(name)}\b", one.text))
    wishes = tuple(
        sentence(f"I want to {deed}")
        for text in given.goals
        if re.search(rf"\b{re.escape(name)}\b", text) and (deed := phrasing.goal(text, given.speaker)[0])
    )
    says: dict[str, tuple[str, ...]] = {"future": wishes, "what": (*subject.says["what"][:1], *does, *about)}
    known = re.compile(rf"{re.escape(name)} lives? (?:with|next)\b")
    doing = tuple(one for one in (*does, *_acts(name, about)) if not known.match(one))
    if doing:
        says |= {"school": doing[:1]}
    if does and not known.match(does[0]):
        college = any(_AT_COLLEGE.search(one) or "college" in one for one in does)
        says |= {"like": (*does, *about), "future": wishes or (() if college else does)}
    elif not about and not does:
        says.pop("what")
    return _changed(subject, says)


_ACT = (
    r"(?:is (?:an? |in (?!the)|in the (?:Army|Navy|Air|Marine|Coast)|at )|works|studies|drives|teaches|runs"
    r"|starts|goes to|serves"
    r"|plays for)"
)


def _acts(name: str, about: Sequence[str]) -> tuple[str, ...]:
    """Return the clauses that tell what somebody does: `Marcus is in the Army`, `Hunter starts a lineman school`."""
    parts = (part for text in about for part in re.split(r"[,;] (?:and )?|\. | and (?=[A-Z])", text.rstrip(".")))
    return tuple(sentence(part) for part in parts if re.match(rf"{re.escape(name)} {_ACT}", part))


def _mine(text: str) -> str:
    """Return the text about the client's side: `works the ranch with him` becomes `… with me`."""
    return re.sub(
        r"\b(lives? (?:in|at|above|below|near|with)) (?:his|her)\b(?= )",
        r"\1 my",
        re.sub(r"\bwith (?:him|her|them)\b(?! \w+ )", "with me", text),
    )


def _does(name: str, family: str, role: str = "child") -> tuple[str, ...]:
    """Return what somebody does, from `Luca (26), who teaches in Oregon`, `Bram (26, works on the farm)` or `Daniel
    (23, in graduate school)`."""
    if hit := re.search(
        rf"\b{re.escape(name)}(?: \(\d+\))?,? who (?!(?:live|work|are|go|have|share)\b)([^;,.]+?)(?= and [A-Z]|[;,.]"
        rf"|$)",
        family,
    ):
        return (sentence(_mine(f"{name} {hit[1]}")),)
    if (apart := re.search(rf"[;,] {re.escape(name)} ([a-z][^;,.]*)", family)) and is_act(apart[1]):
        return (sentence(_mine(f"{name} {apart[1]}")),)
    detail = next((one.detail for one in named_in(family) if one.name == name and one.role == role), "")
    if not detail or detail.startswith("who "):
        return ()
    if is_act(detail):
        return (sentence(_mine(f"{name} {detail}")),)
    if role == "partner":
        ill = re.search(r"\bpatient\b|\bdisab", detail)
        return (
            (sentence(f"{name} is {detail if is_of('people_are', detail.split(' ')[0]) else article(detail)}"),)
            if ill
            else ()
        )
    detail = re.sub(r"\btheir\b", "the", detail)
    first = detail.split(" ")[0].rstrip(",")
    noun = not (is_of("people_are", first) or first.endswith("ing"))
    return (sentence(f"{name}'s {article(detail) if noun else _mine(detail)}"),)


# -- people and stories without a subject so far
# ------------------------------------------------------------------------


def _others(given: Given, life: Life, background: Sequence[Statement]) -> Iterator[Subject]:
    """Yield a subject for a business partner who is no member of the family."""
    known = {word for one in life.subjects if one.kind in ("partner", "child") for word in one.words}
    who = re.search(
        r"\b(?:with|and) (?:his|her|their|my) (?:(?:business )?partner|(?:college |old |best |school )?friend"
        r"|cousin) ([A-Z]\w+)",
        given.occupation,
    )
    if not who or who[1].lower() in known:
        return
    name = who[1]
    worries = tuple(sentence(first_person(text, given.speaker)) for text in given.concerns if name in text.split())
    wishes = tuple(
        sentence(f"I want {article(noun)}" if noun else f"I want to {deed}")
        for text in given.goals
        if name in text
        for deed, noun in (phrasing.goal(text, given.speaker),)
    )
    plain = (f"{name} is my partner in the business.",)
    story = tuple(one.text for one in background if name in one.text)
    says = {"what": (*plain, *story, *worries, *wishes)}
    says |= {aspect: texts for aspect, texts in (("feel", worries), ("then", wishes), ("why", story)) if texts}
    yield Subject(id="told-partner", kind="lately", name=f"my partner {name}",
                  words=(name.lower(), f"partner {name.lower()}", "business partner"), says=says)  # fmt: skip


def _stories(background: Sequence[Statement], life: Life) -> Iterator[Subject]:
    """Yield a subject for each sentence of the background that brings words of its own, so that it can be asked
    about."""
    known = {word for one in life.subjects for word in one.words}
    for index, one in enumerate(background):
        words = tuple(word for word in _called(one) if word not in known)
        if words:
            says = {"what": (one.text,), "when": _when(one), "why": _because(one)}
            figures = {"when": Figure(value=float(one.year), unit="year")} if one.year else {}
            yield Subject(
                id=f"told-{index + 1}",
                kind="lately",
                name=f"the {words[0]}" if words[0] in table("stated")["stories"] else "that",
                words=words,
                says={aspect: texts for aspect, texts in says.items() if texts},
                figures=figures,
            )


def _called(one: Statement) -> Iterator[str]:
    yield from (name for name, match in table("stated")["stories"].items() if re.search(match, one.low))
    names = (name.lower() for name in re.findall(r"(?<=[a-z,] )[A-Z][a-z]{2,}", one.text))
    yield from (name for name in names if not is_of("proper", name) and name not in _PLACES)
    yield from (pair for pair in re.findall(r"(?=\b([a-z]{5,} [a-z]{4,})\b)", one.low) if not _LIGHT.search(pair))


_PLACES = frozenset({"ohio"})
_LIGHT = re.compile(
    r"\b(?:about|after|again|always|because|been|before|came|come|could|from|have|into|left|made|more|much|must|never|other"
    r"|over|paid|rather|since|still|than|that|their|them|then|there|they|took|until|wants?|were|what|when|where|which"
    r"|while|will|with|without|would|years?|your|month|weeks?|last|told|every|cash|parents)\b"
)
