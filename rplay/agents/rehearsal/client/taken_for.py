"""Corrects what a line takes the client to have or to be: a home of their own, a loan, an account, a business, years of
retirement."""

import re
from collections.abc import Callable, Sequence

from rplay.agents.persona.work import status_of, told_helpers
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.words import bare
from rplay.agents.rehearsal.reading.types import Sentence

# What a question calls a debt, what the form may call it, and what the client says who has none.
_DEBTS: Sequence[tuple[re.Pattern[str], re.Pattern[str], str]] = (
    (re.compile(r"\bmortgage\b"), re.compile(r"mortgage|home loan|house|land|note"), "I don't have a mortgage"),
    (re.compile(r"\bcredit cards?\b"), re.compile(r"card|visa|discover|amex|citi|chase"), "I don't have card debt"),
    (
        re.compile(r"\b(?:car|auto|truck) (?:loan|payment|note)\b|\bowe on (?:the|your) (?:car|truck)\b"),
        re.compile(r"car|auto|truck|van|vehicle|suv|pickup|lease|motorcycle|ram|boat"),
        "I don't owe anything on a car",
    ),
    (
        re.compile(r"\bstudent (?:loans?|debt)\b"),
        re.compile(r"student|school|college|parent|tuition|education|seminary"),
        "I don't have student loans",
    ),
)
_OF_DEBT = re.compile(r"\b(?:rate|interest|owe|left|balance|paying|payments?|pay off)\b")


def _debt(moment: Moment, sentence: Sentence) -> str:
    """Return a correction if the line asks what is owed or paid on a loan that the form does not list."""
    text = bare(sentence.text)
    if not sentence.question or not _OF_DEBT.search(text) or not moment.given or moment.given.debts is None:
        return ""
    listed = [*(one.text for one in moment.given.debts), moment.given.background]
    for asks, has, none in _DEBTS:
        if asks.search(text) and not any(has.search(one.lower()) for one in listed):
            return f"{none}, I rent" if "mortgage" in none and not _owns(moment) else none
    return ""


def _owns(moment: Moment) -> bool:
    return any("value" in one.figures for one in moment.life.of_kind("home"))


_OWNED_HOME = re.compile(
    r"\b(?:long|when|year) (?:have|did|had|ago did) you (?:\w+ )?(?:own(?:ed)?|buy|bought|purchased?)"
    r"(?: it| in)?\b.*\b(?:house|home|condo)\b"
)


def _home(moment: Moment, sentence: Sentence) -> str:
    """Return a correction if the line takes the client for the owner of a home."""
    if not _OWNED_HOME.search(bare(sentence.text)) or _owns(moment) or not moment.life.of_kind("home"):
        return ""
    home = moment.life.of_kind("home")[0]
    return next(iter(home.says.get("what", ())), "") or "I rent"


# What a question calls an account, and what the form may call it.
ACCOUNTS: Sequence[tuple[re.Pattern[str], re.Pattern[str], str]] = (
    (
        re.compile(r"\b401 ?(?:k|okay)\b"),
        re.compile(r"401|403|457|tsp|thrift|retirement|deferred|work ?plan|profit sharing|pension"),
        "a 401(k)",
    ),
    (re.compile(r"\b403 ?b\b"), re.compile(r"401|403|457|retirement|annuity"), "a 403(b)"),
    (re.compile(r"\b(?:roth|ira)\b"), re.compile(r"\bira|roth|rollover|sep\b|sep-|retirement"), "an IRA"),
    (
        re.compile(r"\bbrokerage account\b"),
        re.compile(r"brokerage|invest|trading|robinhood|fund|stock"),
        "a brokerage account",
    ),
    (re.compile(r"\b529\b"), re.compile(r"529|college|education|tuition"), "a 529"),
    (re.compile(r"\bannuity\b"), re.compile(r"annuit"), "an annuity"),
)  # fmt: skip


def lacks(moment: Moment, text: str) -> str:
    """Return that the client does not have the account that the question names; empty if the form may list it."""
    if not moment.given or not moment.given.assets:
        return ""
    known = " ".join((*(one.text for one in moment.given.assets), *moment.given.texts, moment.given.occupation)).lower()
    found = (f"I don't have {name}" for asks, has, name in ACCOUNTS if asks.search(text) and not has.search(known))
    return next(found, "")


def _account(moment: Moment, sentence: Sentence) -> str:
    """Return a correction if the line asks what is in an account that the form does not list."""
    text = bare(sentence.text)
    return lacks(moment, text) if sentence.question and re.search(r"\byour\b", text) else ""


_TRADES = re.compile(
    r"\byou (?:\w+ )?(?:trad(?:e|ed|ing)|own(?:ed|ing)?|bought|buy|hold|holding)\b.*\b(crypto|bitcoin|stocks?|shares)\b"
    r"|\bwhat (stocks?|shares|crypto) do you (?:own|have|hold)\b"
)
_MARKET = re.compile(
    r"stock|share|crypto|bitcoin|ethereum|coin|robinhood|trading|brokerage|fund|401|403|ira|tsp|invest|options"
)


def _trades(moment: Moment, sentence: Sentence) -> str:
    """Return a correction if the line takes somebody for an investor of whose investments the profile tells nothing."""
    hit = _TRADES.search(bare(sentence.text))
    if not hit or not moment.given or moment.given.assets is None or re.search(r"\bever\b", bare(sentence.text)):
        return ""
    what = hit[1] or hit[2]
    known = " ".join((*(one.text for one in moment.given.assets), *moment.given.texts)).lower()
    has = re.compile(r"crypto|bitcoin|coin|ethereum") if what in ("crypto", "bitcoin") else _MARKET
    return "" if has.search(known) else f"I don't own any {'crypto' if what == 'bitcoin' else what}"


_RETIRED = re.compile(
    r"\bwhen did you (?:retire|stop working)\b|\bhow(?:'s| is| are you (?:liking|enjoying)) (?:your )?retirement\b"
    r"|\bsince you(?:'ve)? retired\b|\bhow long have you been retired\b|\bwhat do you miss about working\b"
)


def _retired(moment: Moment, sentence: Sentence) -> str:
    if not _RETIRED.search(bare(sentence.text)) or not moment.given:
        return ""
    return "" if status_of(moment.given.occupation, moment.life.age) == "retired" else "I'm still working"


_BUSINESS = re.compile(
    r"\bhow(?:'s| is) (?:your )?business\b|\b(?<!none of )your (?:own )?business\b(?! (?:card|day|hours))"
    r"|\bhow many (?:employees|people) do you (?:have|employ)\b"
)


def _never_married(moment: Moment, sentence: Sentence) -> str:
    """Return a correction if the line asks somebody who was never married how long they have been."""
    asks = re.search(r"\b(?:have|had) you (?:two |both )?been married\b", bare(sentence.text))
    family = moment.given.family.lower() if moment.given else ""
    if not asks or not family or moment.life.of_kind("partner")[0].figures:
        return ""
    return "" if re.search(r"\b(?:widow|divorc|separat|late|ex-)", family) else "I'm not married"


def _business(moment: Moment, sentence: Sentence) -> str:
    """Return what the client is, if the line takes somebody who is employed for an owner."""
    if not sentence.question or not _BUSINESS.search(bare(sentence.text)) or not moment.given or not moment.occupation:
        return ""
    employed = status_of(moment.given.occupation, moment.life.age) == "employed"
    leads = told_helpers(moment.given) or re.search(
        r"(?i)\b(?:manager|supervisor|director|chief|head|lead|foreman|captain|partner|sells?|business|shop)\b",
        f"{moment.given.occupation} {moment.given.background}",
    )
    return "" if not employed or leads else f"it's not my business, {moment.occupation}"


CHECKS: Sequence[Callable[[Moment, Sentence], str]] = (
    _debt,
    _home,
    _account,
    _trades,
    _retired,
    _never_married,
    _business,
)
