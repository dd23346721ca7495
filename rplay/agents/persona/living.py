"""Work, income, home, assets, debts, spending, insurance, retirement and what-ifs, as subjects of a life."""

import re
from collections.abc import Iterator

from rplay.agents.persona.grammar import dollars, listed, rounded, upper_first, years
from rplay.agents.persona.holdings import Asset, Debt, is_plural, with_article
from rplay.agents.persona.life import Figure, Subject
from rplay.agents.persona.living_slots import NURSING_HOME
from rplay.agents.persona.person import Person
from rplay.agents.persona.tables import table
from rplay.agents.persona.telling import digits, figure, tell
from rplay.agents.persona.work import NOW
from rplay.agents.persona.writer import Writer


def subjects(who: Person, writer: Writer) -> Iterator[Subject]:
    yield _work(who, writer)
    yield _income(who, writer)
    yield _home(who, writer)
    yield from _assets(who, writer)
    yield from _debts(who, writer)
    yield _spending(who, writer)
    yield _cover(who, writer)
    yield tell(writer, "estate", "my papers", ("will", "estate", "trust", "power of attorney", "inherit", "heirs"))
    yield _retirement(who, writer)
    yield _if(who, writer)


def _work(who: Person, writer: Writer) -> Subject:
    work = who.work
    figures = {
        "since": figure(work.since, "year"),
        "retire": figure(work.retired_in, "year") if work.retired_in else figure(work.retire_at, "age"),
    }
    words = ("work", "job", "career", "employer", "living", "boss", work.title, work.employer, *work.title.split()[-1:])
    case = "" if work.status == "employed" else work.status
    name = f"my job at {work.employer}" if work.status == "employed" else "my work"
    return tell(writer, "work", name, words, case=case, figures=figures)


def _income(who: Person, writer: Writer) -> Subject:
    money, partner = who.money, who.family.partner
    figures = {
        "what": figure(who.income, "dollars a year"),
        "monthly": figure(money.take_home, "dollars a month"),
        "tax": figure(money.tax_share, "percent"),
    }
    if partner and partner.income:
        figures["partner"] = figure(partner.income, "dollars a year")
    words = ("income", "salary", "pay", "earn", "make", "paycheck", "wage", "take-home", *digits(who.income))
    return tell(writer, "income", "my income", words, figures=figures)


def _home(who: Person, writer: Writer) -> Subject:
    home = who.home
    figures = {"since": figure(home.since, "year"), "payment": figure(home.payment, "dollars a month")}
    if home.owns:
        figures["value"] = figure(home.value, "dollars")
    words = ("home", "house", "place", "rent", "live", "apartment", home.noun, who.place.city, "neighborhood")
    case = "" if home.owns else "parents" if home.with_parents else "rent"
    name = "my parents' place" if home.with_parents else f"the {home.noun}"
    return tell(writer, "home", name, words, case=case, figures=figures)


# -- assets and debts --------------------------------------------------------------------------------------------------


def _assets(who: Person, writer: Writer) -> Iterator[Subject]:
    words = ("assets", "savings", "investments", "money", "put away", "own", "nest egg", "portfolio", "net worth")
    if not who.assets:
        yield tell(writer, "asset", "savings", words, id="asset-none", case="none")
        return
    yield from (_asset(one, index, who, writer) for index, one in enumerate(who.assets))
    total = figure(round(sum(one.amount for one in who.assets)), "dollars")
    told = listed(_held(one) for one in who.assets)
    said = writer.says("asset", "what", "all", "assets", {"asset_list": told})
    yield Subject(
        id="assets",
        kind="asset",
        name="what I have",
        words=words,
        figures={"what": total},
        says={"what": said},
        reserve=1,
    )


def _held(one: Asset) -> str:
    worth = "worth" if one.kind in ("home", "rental", "vehicle", "land", "business", "valuables", "stock") else "with"
    return f"{with_article(one.noun)} {worth} about {dollars(one.amount)}"


def _asset(one: Asset, index: int, who: Person, writer: Writer) -> Subject:
    key = f"asset-{index + 1}"
    dice = who.dice
    elder = dice.one(f"{key} elder", ("grandmother", "grandfather", "great-aunt"))
    slots = {
        "asset": one.name,
        "asset_noun": one.noun,
        "asset_is": "are" if is_plural(one.noun) else "is",
        "amount": dollars(one.amount),
        "amount_about": f"about {dollars(one.amount)}",
        "asset_since": str(one.since),
        "asset_years": years(max(1, NOW - one.since)),
        "asset_age_then": str(max(19, one.since - who.born)),
        "asset_bought_age": str(max(19, one.since - who.born)),
        "asset_start": str(dice.one(f"{key} start", table("asset")["lists"]["start"])),
        "where": one.where or f"here in {who.place.city}",
        "where_up": upper_first(one.where or f"here in {who.place.city}"),
        "rate": f"{one.rate:g}",
        "monthly_in": dollars(one.monthly),
        "looks": str(dice.one(f"{key} looks", table("asset")["lists"]["looks"])),
        "land_use": str(dice.one(f"{key} use", table("asset")["lists"]["land_use"])),
        "target": str(5 * round((who.born + 66) / 5)),
        "elder": elder,
        "elder_they": "he" if elder == "grandfather" else "she",
    }
    flags = [
        flag
        for flag, holds in (
            ("paying_in", one.monthly > 0),
            ("low_rate", one.rate < 1),
            ("old_asset", NOW - one.since > 4),
        )
        if holds
    ]
    figures = {
        "what": figure(one.amount, "dollars"),
        "since": figure(one.since, "year"),
        "rate": figure(one.rate, "percent"),
    }
    if one.monthly:
        figures["monthly"] = figure(one.monthly, "dollars a month")
    words = (one.noun, *str(table("holdings")["assets"][one.kind]["words"]).split(", "), *digits(one.amount))
    return tell(writer, "asset", one.name, words, id=key, case=one.kind, slots=slots, flags=flags, figures=figures)


def _debts(who: Person, writer: Writer) -> Iterator[Subject]:
    words = ("debts", "debt", "owe", "loans", "borrowed", "payments")
    if not who.debts:
        yield tell(writer, "debt", "debts", (*words, "loan", "mortgage", "credit card"), id="debt-none", case="none")
        return
    yield from (_debt(one, index, who, writer) for index, one in enumerate(who.debts))
    told = listed(
        f"{one.name}, {dollars(one.amount)}" if len(who.debts) < 2 else f"{dollars(one.amount)} on {one.name}"
        for one in who.debts
    )
    said = writer.says("debt", "what", "all", "debts", {"debt_list": told})
    total = figure(who.money.debts, "dollars")
    yield Subject(
        id="debts", kind="debt", name="what I owe", words=words, figures={"what": total}, says={"what": said}, reserve=1
    )


# What a mortgage is on, if not on the home.
_OF_LAND = re.compile(
    r"\b(?:farm|land|shop|cabin|rental|building|store|cottage|camp|ranch|orchard|commercial|business)\b"
)


def _debt(one: Debt, index: int, who: Person, writer: Writer) -> Subject:
    key = f"debt-{index + 1}"
    lists, dice = table("debt")["lists"], who.dice
    slots = {
        "debt": one.name,
        "amount": dollars(one.amount),
        "amount_about": f"about {dollars(one.amount)}",
        "rate": f"{one.rate:g}",
        "monthly": dollars(one.monthly),
        "debt_since": str(one.since),
        "debt_years": years(max(1, NOW - one.since)),
        "until": str(one.until),
        "left": years(max(1, one.left)),
        "until_age": str(one.until - who.born),
        "extra_in": str(max(one.since, NOW - dice.between(f"{key} extra in", 1, 3))),
        "before_year": str(NOW + max(1, one.left - 1)),
        "lender": one.lender,
        "lender_up": upper_first(one.lender),
        "debt_card_since": str(max(who.born + 18, one.since - dice.between(f"{key} card", 1, 9))),
        "card_why": str(dice.one(f"{key} why", lists["card_why"])).replace("{car_word}", "car"),
        "medical_why": str(dice.one(f"{key} why", lists["medical_why"])),
    }
    flags = [flag for flag, holds in (("low_rate", one.rate < 5), ("on_home", not _OF_LAND.search(one.noun))) if holds]
    figures = {
        "what": figure(one.amount, "dollars"),
        "rate": figure(one.rate, "percent"),
        "monthly": figure(one.monthly, "dollars a month"),
        "since": figure(one.since, "year"),
        "until": figure(one.until, "year"),
    }
    words = (one.noun, *str(table("holdings")["debts"][one.kind]["words"]).split(", "), *digits(one.amount))
    return tell(writer, "debt", one.name, words, id=key, case=one.kind, slots=slots, flags=flags, figures=figures)


# -- the rest ----------------------------------------------------------------------------------------------------------


def _spending(who: Person, writer: Writer) -> Subject:
    money = who.money
    figures = {
        "what": figure(money.spending, "dollars a month"),
        "saves": figure(money.saves, "dollars a month"),
        "emergency": figure(round(money.months, 1), "count"),
    }
    words = ("spend", "spending", "budget", "bills", "expenses", "monthly", "save", "emergency", "cushion", "cut back")
    return tell(writer, "spending", "what goes out", words, figures=figures)


def _cover(who: Person, writer: Writer) -> Subject:
    cover = who.cover
    figures = {
        **({} if cover.work_life and not cover.life else {"life": figure(cover.life, "dollars")}),
        "health": figure(cover.health_cost, "dollars a month"),
        "home": figure(cover.home_cost, "dollars a month"),
        "auto": figure(cover.auto_cost, "dollars a month"),
        "cost": figure(cover.cost, "dollars a month"),
    }
    words = (
        "insurance",
        "insured",
        "cover",
        "coverage",
        "policy",
        "policies",
        "premium",
        "life insurance",
        "deductible",
        "liability",
        "medicare",
        "health plan",
    )
    own = who.given.more.get("insurance", "")
    said = {"what": (f"As far as I know: {own}.",)} if own and not own.lower().startswith(("no", "yes")) else {}
    return tell(writer, "cover", "my insurance", words, figures=figures, said=said)


def _retirement(who: Person, writer: Writer) -> Subject:
    work, money = who.work, who.money
    figures: dict[str, Figure] = {
        "when": figure(work.retired_in or who.born + work.retire_at, "year"),
        "social_security": figure(money.social_security, "dollars a month"),
    }
    if money.pension:
        figures["pension"] = figure(money.pension, "dollars a month")
    words = ("retire", "retirement", "retired", "stop working", "social security", "pension", "later in life")
    return tell(writer, "retirement", "retirement", words, figures=figures)


def _if(who: Person, writer: Writer) -> Subject:
    money = who.money
    figures = {
        **({} if who.cover.work_life and not who.cover.life else {"death": figure(who.cover.life, "dollars")}),
        "job_loss": figure(round(money.months, 1), "count"),
        "crash": figure(rounded(money.invested / 3), "dollars"),
        "illness": figure(round((money.cash + money.invested) / NURSING_HOME, 1), "count"),
        "accident": figure(who.cover.deductible, "dollars"),
        "lawsuit": figure(who.cover.liability, "dollars"),
    }
    words = (
        "if",
        "happen",
        "happened",
        "die",
        "died",
        "died tomorrow",
        "disabled",
        "lost your job",
        "crash",
        "worst case",
    )
    return tell(writer, "if", "what would happen", words, figures=figures)
