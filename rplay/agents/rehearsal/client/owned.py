"""Answers plain questions about assets and debts, and finds which of several things is meant."""

import re
from collections.abc import Sequence

from rplay.agents.persona.life import Subject
from rplay.agents.rehearsal.client.facts import spoken
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.taken_for import lacks
from rplay.agents.rehearsal.client.words import bare, capital, listed, names

Said = Sequence[str]

_COMMON = frozenset(
    {
        "loan",
        "account",
        "savings",
        "plan",
        "my",
        "the",
        "of",
        "and",
        "on",
        "a",
        "for",
        "money",
        "small",
        "about",
        "second",
    }
)


def all_held(moment: Moment, kinds: Sequence[str]) -> list[Subject]:
    """Return the single assets or debts that have a figure, without the subjects for all of them."""
    return [
        one for one in moment.life.subjects if one.kind in kinds and one.id not in ("assets", "debts") and one.figures
    ]


def named_holdings(moment: Moment, text: str, kinds: Sequence[str]) -> list[Subject]:
    """Return the holdings that the question names, else those in its line, else, if it only refers back, in the lines
    before."""
    held = all_held(moment, kinds)
    text = _BUT.sub("", text)
    lines = [text, bare(moment.reading.text)]
    if _POINTS.search(text) and not moment.asks_anew(text):
        lines += [bare(turn.reading.text) for turn in reversed(moment.turns[-3:-1])]
    return next(filter(None, (_named(held, f" {line} ") for line in lines)), [])


_BUT = re.compile(
    r"\b(?:that(?:'s| is| are)? not|not (?:in|for|counting)|outside of|besides|apart from|other than|without)\b.*"
)
_POINTS = re.compile(
    r"\b(?:it|that|those|them|this|the (?:rate|interest|balance|amount|payment))\b|^(?:\w+ ){0,3}rate$"
)


def _named(held: Sequence[Subject], padded: str) -> list[Subject]:
    """Return the holdings that the text names: first by words of their own or by what advisors call them, else by any
    word."""
    own = [one for one in held if _own(one, padded)]
    called = [one for one in held if any(asks.search(padded) and has.search(_whole(one)) for asks, has in _CALLED)]
    if own or called:
        kept = [one for one in called if not own or _apart(one, own, padded)]
        return [one for one in held if one in own or one in kept]
    return [
        one for one in held if any(names(padded, word) for word in one.words if not word.replace(",", "").isdigit())
    ]


def _whole(one: Subject) -> str:
    return bare(one.name)


def _apart(one: Subject, own: Sequence[Subject], padded: str) -> bool:
    """Return whether a holding is asked for in addition to those named: `on the house and on the business`."""
    groups = [has for asks, has in _CALLED if asks.search(padded)]
    return any(has.search(_whole(one)) and not any(has.search(_whole(each)) for each in own) for has in groups)


# What advisors call things of one sort, and what the profile may call them.
_CALLED: Sequence[tuple[re.Pattern[str], re.Pattern[str]]] = tuple(
    (re.compile(rf"\b(?:{asks})\b"), re.compile(rf"\b(?:{has})"))
    for asks, has in (
        (r"houses?|homes?|place|condo|townhouse|apartment|duplex|property", r"mortgage|home equity|heloc|house loan"),
        (
            r"business|shop|store|practice|bakery|restaurant|company|salon",
            r"business|shop|practice|equipment|operating|oven|store|sba",
        ),
        (r"tractors?|machines?|machinery|equipment|combine", r"equipment|machinery|combine|tractor"),
        (r"farm|land|orchard|ranch", r"land|farm|operating|orchard|ranch"),
        (
            r"schools?|college|studies|education|degree|tuition|university",
            r"student|parent|college|529|education|school",
        ),
        (r"cars?|vehicles?|autos?|trucks?|wheels|driving", r"car|truck|auto|vehicle|van|pickup"),
        (r"cards?|plastic|visa|mastercard", r"(?:credit )?card"),
        (r"retirement|pension|401k|later", r"401|403|ira|sep|pension|retire|thrift|tsp|annuity|deferred"),
        (r"cash|bank|liquid|rainy day|emergency fund|emergency", r"saving|checking|money market|cash|certificate"),
        (r"invest(?:ed|ing|ments?)|brokerage|trading", r"brokerage|fund|stock|shares|trading|invest"),
    )
)


def _own(one: Subject, padded: str) -> bool:
    """Return whether the text contains a word that only this holding has: `oven` for the loan for the deck oven."""
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
    """Return what an account holds: from the texts, else from the life."""
    named = [
        one
        for one in named_holdings(moment, text, ("asset",)) or last_spoken_of(moment, ("asset",))
        if set(one.words) & _INVESTED
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
    rated = [
        one for one in named_holdings(moment, text, kinds) or last_spoken_of(moment, kinds) if "rate" in one.figures
    ]
    if re.search(r"\brates\b.*\b(?:debts|loans|owe)\b|\b(?:debts|loans)\b.*\brates\b", text):
        rated = [one for one in all_held(moment, ("debt",)) if "rate" in one.figures and one.figures["rate"].value]
    owed = [one for one in rated if one.kind == "debt"]
    bearing = [one for one in rated if set(one.words) & _BEARING]
    rated = owed or bearing[:1] or [one for one in all_held(moment, ("debt",)) if "mortgage" in one.words and rated]
    return [listed([f"{spoken(one.figures['rate'])}{f' on {one.name}' if len(rated) > 1 else ''}" for one in rated])]


# What a rate is asked of. What a house or a truck gains or loses in a year is none.
_BEARING = frozenset({
    "savings account", "money market", "certificate of deposit", "cd", "checking account", "bonds", "savings bonds",
    "annuity", "401k", "ira", "retirement account", "brokerage account", "funds",
})  # fmt: skip


def last_spoken_of(moment: Moment, kinds: Sequence[str]) -> list[Subject]:
    """Return the holding that was mentioned last, else the only one."""
    topic = moment.topic
    if topic and topic.kind in kinds and topic.figures:
        return [topic]
    held = all_held(moment, kinds)
    return held if len(held) == 1 else []


def dearest(moment: Moment, text: str) -> Said:  # noqa: ARG001
    rated = [(figure.value, one) for one in all_held(moment, ("debt",)) if (figure := one.figures.get("rate"))]
    if not rated:
        return []
    rate, worst = max(rated, key=lambda one: one[0])
    return [f"{capital(worst.name)}, at {rate:g} percent"]


_ALL = re.compile(r"\b(?:all together|altogether|everything|all of it|in all|all told|in total|moneywise)\b")


def owed(moment: Moment, text: str) -> Said:
    named = [one for one in named_holdings(moment, text, ("debt",)) if "what" in one.figures]
    if not named and _ALL.search(text):
        named = [one for one in all_held(moment, ("debt",)) if "what" in one.figures]
    if not named and re.search(r"\b(?:it|that|there)\b", text):
        named = [one for one in last_spoken_of(moment, ("debt",)) if "what" in one.figures]
    return [_sums(named)]


def apart_from(moment: Moment, text: str) -> Said:
    """Return what the client owns, or owes, besides the thing in the question."""
    kind = "debt" if _OWES.search(text) else "asset"
    named = {one.id for one in _named(all_held(moment, ("asset", "debt")), f" {text} ")}
    rest = [one for one in all_held(moment, (kind,)) if one.id not in named and "what" in one.figures]
    lead = "" if re.search(r"\bwhat\b", text) else "Yes, "
    return [f"{lead}{_sums(rest[:4])}"] if rest and _may(moment, rest) else []


_OWES = re.compile(r"\b(?:owe|owed|owing|debts?|loans?|payments? on)\b")


def lasts(moment: Moment, text: str) -> Said:  # noqa: ARG001
    """Return how long the money in the bank would last."""
    return [said for one in moment.life.of_kind("spending") for said in one.says.get("emergency", ())[:1]]


def paid_off(moment: Moment, text: str) -> Said:
    """Return whether something is owed on the thing in the question, or on the one mentioned last."""
    things = named_holdings(moment, text, ("asset", "debt")) or last_spoken_of(moment, ("asset",))
    debts = [one for one in things if one.kind == "debt" and "what" in one.figures]
    if debts:
        return [f"Not yet, {_sums(debts)}"]
    return ["Yes, that's paid for"] if things and not _is_liquid(things[0]) else []


def _is_liquid(one: Subject) -> bool:
    return bool(set(one.words) & _CASH or _PUT_BY.search(bare(one.name)))


def put_by_for(moment: Moment, text: str) -> Said:
    """Return whether money is set aside for this purpose."""
    named = [one for one in _named(all_held(moment, ("asset",)), f" {text} ") if "what" in one.figures]
    return [f"Yes, {_sums(named[:3])}"] if _may(moment, named) else []


def puts_in(moment: Moment, text: str) -> Said:
    """Return what goes into an account each month."""
    named = named_holdings(moment, text, ("asset",)) or last_spoken_of(moment, ("asset",))
    return [text for one in named[:1] for text in one.says.get("monthly", ())[:1] if moment.tells(one)]


def _sums(held: Sequence[Subject]) -> str:
    return listed([f"{spoken(one.figures['what'])} {_on(one)}" for one in held])


_BESIDE = re.compile(r" \(.*| (?:inherited|left|bought|from) .*|:.*")


def _cash(moment: Moment) -> list[Subject]:
    held = [one for one in all_held(moment, ("asset",)) if "what" in one.figures and set(one.words) & _CASH]
    return sorted(held, key=lambda one: -one.figures["what"].value)


_CASH = frozenset({"savings account", "checking account", "money market", "cash", "savings", "the bank"})


def held(moment: Moment, text: str) -> Said:
    if re.search(r"\b(?:retirement|later|retire)\b", text):
        put_by = [one for one in all_held(moment, ("asset",)) if _PUT_BY.search(bare(one.name))]
        return [_sums([one for one in put_by if "what" in one.figures])] if _may(moment, put_by) else []
    every = moment.life.subject("assets")
    if every and re.search(r"\b(?:saved|savings) (?:or|and) (?:invested|investments)\b", text):
        return list(every.says.get("what", ())[:1]) if moment.tells(every) else []
    text = _BUT.sub("", text)
    if re.search(r"\b(?:sitting|idle|doing nothing|put away|put aside|set aside|saved)\b", text):
        own = [one for one in _named(all_held(moment, ("asset",)), f" {text} ") if "what" in one.figures]
        named = own or _cash(moment)[: 1 if "sitting" in text else 3]
        if not named and every:
            return list(every.says.get("what", ())[:1]) if moment.tells(every) else []
    else:
        named = [one for one in named_holdings(moment, text, ("asset",)) if "what" in one.figures]
    if not named and re.search(r"\b(?:it|that|there)\b", text):
        named = [one for one in last_spoken_of(moment, ("asset",)) if "what" in one.figures]
    if not _may(moment, named):
        return []
    return [_sums(named[:3]), *(_holds(moment, named[0]) if re.search(r"\bwhat(?:'s| is) in\b", text) else ())]


_PUT_BY = re.compile(r"\b(?:401|403|457|ira|sep|simple|roth|thrift|tsp|pension|retirement|deferred|annuity)")


def _holds(moment: Moment, one: Subject) -> Said:
    """Return what the texts tell about the investments in the account."""
    own = [word for word in bare(one.name).split() if word not in _COMMON and len(word) > 2]
    told = (each.text for each in moment.statements if each.source == "background" and _SECURITIES.search(each.text))
    return [text for text in told if any(word in bare(text).split() for word in own)][:1]


def _may(moment: Moment, named: Sequence[Subject]) -> bool:
    return bool(named) and all(moment.tells(one) for one in named)


def other_debts(moment: Moment, text: str) -> Said:
    known = [one for one in all_held(moment, ("debt",)) if "what" in one.figures]
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
    return [spoken(figure), *rise[:1]] if figure and figure.value else []


def monthly(moment: Moment, text: str) -> Said:  # noqa: ARG001
    income = next(iter(moment.life.of_kind("income")), None)
    figure = income.figures.get("monthly") if income and moment.tells(income) else None
    return [f"About {spoken(figure)}, after taxes"] if figure else []


def spends(moment: Moment, text: str) -> Said:  # noqa: ARG001
    out = next(iter(moment.life.of_kind("spending")), None)
    return list(out.says.get("what", ())[:1]) if out and moment.tells(out) else []


def decides(moment: Moment, text: str) -> Said:  # noqa: ARG001
    """Return who decides about money."""
    own = next(iter(moment.life.of_kind("decision")), None)
    return list(own.says.get("who", ())[:1]) if own else []


def owes(moment: Moment, text: str) -> Said:  # noqa: ARG001
    every = moment.life.subject("debts") or next(iter(moment.life.of_kind("debt")), None)
    return list(every.says.get("what", ())[:1]) if every else []


def income(moment: Moment, text: str) -> Said:  # noqa: ARG001
    own = next(iter(moment.life.of_kind("income")), None)
    return list(own.says.get("what", ())[:1]) if own and moment.tells(own) else []


def renting(moment: Moment, text: str) -> Said:
    """Return whether the home is rented or owned."""
    if of_business := _lease(moment, text):
        return of_business
    home = next(iter(moment.life.of_kind("home")), None)
    if home is None:
        return []
    owns = "value" in home.figures
    if " or " in text:
        return list(home.says.get("what", ())[:1])
    return [moment.led("Yes," if owns == ("own" in text.split()) else "No,", next(iter(home.says.get("what", ())), ""))]


_BUSINESS = re.compile(
    r"\b(?:shop|store|business|bakery|salon|restaurant|studio|building|premises|space|location|garage)\b"
)


def _lease(moment: Moment, text: str) -> Said:
    """Return what the texts tell of the lease of the business, if the talk is about that."""
    before = bare(moment.turns[-2].reading.text) if moment.number else ""
    if not _BUSINESS.search(text) and (not _BUSINESS.search(before) or re.search(r"\b(?:home|house|live)\b", text)):
        return []
    told = (one.text for one in moment.statements if one.source in ("background", "worry"))
    return [
        one for one in told if re.search(r"(?i)\b(?:leases?|landlord|rents?)\b", one) and _BUSINESS.search(one.lower())
    ][:1]


def has_account(moment: Moment, text: str) -> Said:
    """Return that there is no such account, for `do you have a 401k`."""
    none = lacks(moment, text)
    return [f"No, {none}"] if none else []


def health_cover(moment: Moment, text: str) -> Said:  # noqa: ARG001
    cover = next(iter(moment.life.of_kind("cover")), None)
    return list(cover.says.get("health", ())[:1]) if cover else []


def life_cover(moment: Moment, text: str) -> Said:  # noqa: ARG001
    cover = next(iter(moment.life.of_kind("cover")), None)
    return list(cover.says.get("life", ())[:1]) if cover else []
