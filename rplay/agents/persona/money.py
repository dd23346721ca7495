"""The client's monthly budget and insurance, with sums that add up."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rplay.agents.persona.given import Given, Holding, amount_of
from rplay.agents.persona.grammar import rounded
from rplay.agents.persona.holdings import is_insurance, is_let
from rplay.agents.persona.named import named_in
from rplay.agents.persona.tables import words
from rplay.agents.persona.work import NOW, on_own_land

if TYPE_CHECKING:
    from rplay.agents.persona.person import Person

_TAKEN = ((30_000, 0.12), (60_000, 0.19), (100_000, 0.24), (180_000, 0.28), (320_000, 0.33), (1e12, 0.38))
MEDICARE = 65


@dataclass(frozen=True)
class Home:
    owns: bool
    with_parents: bool
    value: int
    since: int
    payment: int  # dollars a month: the rent, or the mortgage with taxes and insurance
    rooms: str
    noun: str  # such as "house", "condo" or "apartment"


@dataclass(frozen=True)
class Cover:
    health: str  # the source of the health insurance: employer, partner, market, medicare, retiree, school or parents
    health_cost: int
    group_life: int
    work_life: bool  # whether there is life insurance through work of which the profile tells no sum
    own_life: int
    own_life_cash: bool  # whether the sum is what the policy is worth now, because no form tells what it pays
    own_life_kind: str  # "term" or "whole life"
    own_life_since: int
    own_life_cost: int
    disability: bool  # whether the client has disability insurance through work
    longterm: bool
    home_cost: int
    auto_cost: int
    liability: int
    deductible: int
    insurer: str
    life_insurer: str
    auto_since: int

    @property
    def life(self) -> int:
        return self.group_life + self.own_life

    @property
    def cost(self) -> int:
        return self.health_cost + self.own_life_cost + self.home_cost + self.auto_cost


@dataclass(frozen=True)
class Money:
    income: int
    take_home: int  # dollars a month
    partner_take_home: int
    household: int  # take-home pay of both partners in dollars a month
    spending: int
    saves: int
    cash: int
    invested: int
    debts: int
    debts_monthly: int
    tax_share: int  # in percent
    social_security: int  # dollars a month, now or expected
    pension: int  # dollars a month, now or expected

    @property
    def months(self) -> float:
        """The number of months for which the cash would last."""
        return self.cash / max(1, self.spending)


def taken(income: float, retired: bool = False) -> float:
    """Return the share of an income that goes to taxes and other deductions."""
    share = next(share for until, share in _TAKEN if income < until)
    return max(0.05, share - 0.08) if retired else share


def income_of(who: "Person") -> int:
    if who.given.income is not None:
        return round(who.given.income - _partners_share(who))
    usual = {"retired": 44_000, "student": 24_000, "jobless": 16_000, "home": 0}.get(who.work.status, 52_000)
    return int(round(usual * (0.8 + 0.7 * who.dice.share("income")), -3))


def _partners_share(who: "Person") -> int:
    """Return what the partner earns of the income that the profile tells, if that is the household's; else 0."""
    partner = next((one for one in named_in(who.given.family) if one.role == "partner" and one.income), None)
    text = f"{who.given.more.get('income', '')} {who.given.family}".lower()
    of_both = re.search(r"\b(?:household|combined|together|joint|both of (?:us|them))\b", text)
    return partner.income or 0 if partner and of_both and (partner.income or 0) < (who.given.income or 0) else 0


# -- home --------------------------------------------------------------------------------------------------------------

_OWNS = r"\b(?:homeowner|own(?:s|ed)? (?:a|his|her|their|my) (?:home|house)|(?:the|our|my) house|mortgage)\b"


_OF_KIN = re.compile(
    r"\b(?:mother|mom|father|dad|parents?|in-laws|grand(?:mother|father|parents)|aunt|uncle|brother|sister)\b[^.;]*"
    r"\bthe house\b"
)
_BUYS = r"\bfirst (?:house|home|condo)\b|\bbuy an? (?:\w+ )?(?:house|home|condo|place)\b"


def home_of(who: "Person") -> Home:
    held = next((one for one in who.held if one.kind == "home"), None)
    loans = [one for one in who.debts if one.kind in ("mortgage", "heloc")]
    loan = next((one for one in loans if held is None or not is_let(one.noun)), None)
    story = who.given.story
    if held is None and loan is None and _AT_PARENTS.search(story):
        return _rented(who)
    if loan and held is None and any(one.kind == "rental" for one in who.held):
        return _rented(who)  # the loan is on what is let
    tells = re.search(_OWNS, _OF_KIN.sub("", story)) and not re.search(rf"\brent|{_BUYS}", story)
    if not (held or loan or tells):
        return _rented(who)
    loaned = loan.amount if loan else who.income * 2
    since = held.since if held else loan.since if loan else max(who.grown + 2, NOW - who.dice.between("home", 3, 25))
    value = round(held.amount) if held else rounded(loaned * (1.3 + who.dice.share("home value") * 0.7))
    upkeep = value * 0.016 / 12  # taxes and insurance a month
    return Home(
        owns=True,
        with_parents=False,
        value=value,
        since=since,
        payment=int(round((upkeep + (loan.monthly if loan else 0)) / 10) * 10),
        rooms=_rooms(who),
        noun=next(
            (word for word in ("condo", "townhouse", "duplex", "farm") if held and word in held.noun),
            "place" if held and "apartment" in held.noun else "house",
        ),
    )


_AT_PARENTS = re.compile(r"\blives? with (?:his|her|my|their) parents\b")


def _rented(who: "Person") -> Home:
    alone = not who.family.partner and not who.family.children and bool(who.family.parents)
    told = bool(_AT_PARENTS.search(who.given.story))
    shared = re.search(r"\brents?\b|\broommates?\b|\bshares\b", who.given.story)
    parents = told or (alone and not shared and who.age < 26 and who.dice.chance("with parents", 30))
    household = (who.income + (who.family.partner.income if who.family.partner else 0)) / 12
    usual = (900 + 350 * min(2, len(who.family.at_home))) * (0.6 + who.place.level * 0.6)
    rent = int(max(350, round(min(household * 0.3, usual) / 25) * 25))
    since = max(who.grown - 2, NOW - who.dice.between("renting for", 1, 9))
    rent = 0 if _FREE.search(who.given.story) or on_own_land(who.given) else told_rent(who.given) or rent
    noun = hit[1] if (hit := _RENTED.search(who.given.story)) else "apartment"
    return Home(False, parents, 0, min(since, NOW - 1), 0 if parents else rent, _rooms(who), noun)


_RENT = re.compile(
    r"\$([\d,]+)(?: a month)? (?:in |of |for |a month in )?rent\b|\brent (?:is|of|was raised to|went up to) \$([\d,]+)"
    r"|\brents? [^.;$]*? for \$([\d,]+)|\bpays? [^.;$]*?\$([\d,]+) a month (?:toward|for) the (?:house|rent"
    r"|room|apartment)"
)
_FREE = re.compile(
    r"\bparsonage\b|\brectory\b|\bbase housing\b|\bbarracks\b|\brent-free\b|\b(?:on|in) the grounds for free\b"
)
_RENTED = re.compile(
    r"\brents? an? (?:[\w-]+ ){0,3}(apartment|house|trailer|duplex|studio|condo|room|townhouse|cottage|cabin|loft)\b"
    r"|\brent for an? (?:[\w-]+ ){0,2}(?:apartment|duplex)\b"
)
_LEAST_RENT, _MOST_RENT = 100, 9_000


def told_rent(given: Given) -> int:
    """Return the rent a month that the profile tells; 0 if it tells none."""
    hit = _RENT.search(f"{given.family}. {given.background}")
    rent = int(next(filter(None, hit.groups())).replace(",", "")) if hit else 0
    return rent if _LEAST_RENT <= rent <= _MOST_RENT else 0


def _rooms(who: "Person") -> str:
    if told := re.search(r"\b(one|two|three|four|five)-bedroom\b", who.given.story):
        return told[1]
    most = 2 + min(3, len(who.family.children))
    return ("two", "three", "four", "five")[min(3, max(0, who.dice.between("rooms", most - 1, most) - 2))]


# -- cover -------------------------------------------------------------------------------------------------------------

_THROUGH_WORK = (
    r"(?:coverage|insurance|policy|it|that)\b.{0,30}(?:through|from|by|at) (?:my |his |her |the )?(?:work|employer|job)"
    r"|employer (?:already )?covers"
)
_NO_PAY = (
    r"no (?:paid )?sick (?:days|pay|leave)|no disability|(?:if|fall that|injury that) .{0,30}(?:can't|stops? \w+) work"
)


def cover_of(who: "Person") -> Cover:
    dice, work = who.dice, who.work
    health, health_cost = _health(who)
    own, kind, since, cost = _own_life(who)
    group_life = _told_group_life(who)
    told = bool(re.search(_THROUGH_WORK, who.given.story) or re.search(r"group (?:life|cover)", who.given.story))
    group = work.benefits and who.income > 0 and (told or dice.chance("group life", 72))
    insurer = dice.one("insurer", words("places", "insurers"))
    return Cover(
        health=health,
        health_cost=health_cost,
        group_life=group_life,
        work_life=not group_life and group,
        own_life=own,
        own_life_cash=kind == "whole life" and _insured(who, "term") is None and _only_cash_told(who),
        own_life_kind=kind,
        own_life_since=since,
        own_life_cost=cost,
        disability=work.benefits and not re.search(_NO_PAY, who.given.story) and dice.chance("disability", 45),
        longterm=who.age >= 58 and dice.chance("longterm", 6) and "long-term" not in who.given.story,
        home_cost=_home_cost(who),
        auto_cost=dice.between("auto", 19, 41) * 5 * (2 if who.family.partner else 1),
        liability=dice.one("liability", (50_000, 100_000, 100_000, 250_000, 300_000)),
        deductible=dice.one("deductible", (500, 500, 1000, 1000, 1500, 2000)),
        insurer=insurer,
        life_insurer=dice.one("life insurer", [one for one in words("places", "insurers") if one != insurer]),
        auto_since=max(who.born + 18, NOW - dice.between("auto since", 2, 21)),
    )


def _insured(who: "Person", kind: str) -> Holding | None:
    return next((one for one in who.given.assets or () if is_insurance(one) and kind in one.text.lower()), None)


def _told_group_life(who: "Person") -> int:
    """Return the life insurance through work that the profile tells: a sum, or a multiple of the pay; 0 if none."""
    held = next(filter(None, (_insured(who, kind) for kind in _GROUP)), None)
    told = (
        held.text.lower()
        if held
        else "; ".join(hit[0] for text in who.given.texts for hit in _AT_WORK.finditer(text.lower()))
    )
    if held and held.amount:
        return round(held.amount)
    if (sum_ := amount_of(told)) and not held:
        return round(sum_)
    times = re.search(r"\b(\d(?:\.\d)?) ?x\b|\b(one|two|three|four)(?: times| years?['’]s?)", told)
    many = float(times[1] or {"one": 1, "two": 2, "three": 3, "four": 4}[times[2]]) if times else float(bool(held))
    return int(round(who.income * many, -3))


# A policy through work, with what is told of its sum.
_AT_WORK = re.compile(
    r"(?:\$[\d,]+ (?:of |in )?)?\b(?:company|group|employer's|work) (?:policy|life|cover(?:age)?)\b[^.;]*"
    r"|\bsgli\b[^.;]*"
    r"|\b(?:company|employer|job|union|service|work|mine|district|hospital) (?:offers|gives|provides|carries"
    r"|has)\b[^.;$]{0,30}"
    r"\$[\d,]+ of life (?:insurance|cover)\b"
)
_GROUP = ("group", "sgli", "fegli", "life cover", "through work", "through the")


def _home_cost(who: "Person") -> int:
    if who.home.owns:
        return int(round(who.home.value * 0.0055 / 12 / 5) * 5)
    renters = not who.home.with_parents and who.dice.chance("renters cover", 55)
    return who.dice.between("renters", 12, 22) if renters else 0


# `Vanessa carries the family on her health plan`, `Jo's practice pays for the family's health plan`.
_HEALTH_BY_PARTNER = re.compile(
    r"\b[A-Z]\w+ (?:carries|has|covers) (?:the family|them|him|her|everyone|all of them) (?:on|under"
    r"|through) (?:his|her) "
    r"|\b[A-Z]\w+['’]s (?:\w+ )?(?:pays for|covers|carries) the (?:family['’]s )?health"
    r"|\b(?:is|are) on [A-Z]\w+['’]s (?:health )?(?:plan|insurance)\b|\bhealth insurance (?:comes )?through [A-Z]\w+"
    r"|\bfor the health insurance\b"
)


def _health(who: "Person") -> tuple[str, int]:
    """Return where the health insurance comes from, and its cost a month. Retired people never have it through work."""
    work, family, dice = who.work, who.family, who.dice
    told = _HEALTH_BY_PARTNER.search(who.given.background)
    heads = 1 + (family.partner is not None) * 0.8 + len(family.at_home) * 0.4
    partner = family.partner
    if paid := _told_premium(_HEALTH_PAID, who):
        return "market", paid
    if told and partner and who.age < MEDICARE:
        return "partner", int(10 * round(dice.between("health", 16, 26) * heads))
    if who.age >= MEDICARE and not (work.benefits and dice.chance("still on the plan", 60)):
        return "medicare", 10 * dice.between("medicare", 21, 42)
    if work.benefits:
        return "employer", int(10 * round(dice.between("health", 13, 26) * heads))
    if partner and partner.job and family.status == "married" and dice.chance("partner's plan", 70):
        return "partner", int(10 * round(dice.between("health", 16, 26) * heads))
    if work.status == "retired" and work.pensioned:
        return "retiree", 10 * dice.between("health", 28, 52)
    if who.age < 26 and family.parents and not family.children and work.status != "own":
        return "parents", 0
    if work.status == "student":
        return "school", 10 * dice.between("health", 12, 24)
    return "market", int(10 * round(dice.between("health", 28, 46) * heads))


_HEALTH_PAID = re.compile(r"(?i)\b(?:health (?:insurance|plan|cover\w*)|COBRA|the exchange|the marketplace)\b")
_POLICY_PAID = re.compile(r"(?i)\b(?:life|policy)\b(?!.*\bhealth\b)")


def _told_premium(of: re.Pattern[str], who: "Person") -> int:
    """Return what the profile says is paid a month for this insurance; 0 if it does not say."""
    told = (text for one in (who.given.background, *who.given.concerns) for text in re.split(r"(?<=[.;]) ", one))
    return next((paid for text in told if of.search(text) and (paid := _by_month(text))), 0)


def _told_purchase(who: "Person") -> int | None:
    """Return the year in which the client bought a policy; None if the background does not say."""
    hit = re.search(
        r"\b(?:bought|took out|sold (?:him|her|them)|has had) [^.;]*\bpolicy\b[^.;]*? (?:in|since) ((?:19|20)\d\d)\b",
        who.given.background,
    )
    return int(hit[1]) if hit else None


def _only_cash_told(who: "Person") -> bool:
    policy = next((one for one in who.held if one.kind == "life_policy"), None)
    return policy is not None and _face(policy.text) is None and policy.told


def _by_month(text: str) -> int:
    hit = re.search(r"\$([\d,]+)(?:\.\d+)? ?(?:a|per|each|/) ?mo", text)
    return int(hit[1].replace(",", "")) if hit else 0


def _own_life(who: "Person") -> tuple[int, str, int, int]:
    """Return sum, kind, first year and monthly cost of the client's own life insurance; zeros if there is none."""
    dice = who.dice
    policy = next((one for one in who.held if one.kind == "life_policy"), None)
    text = who.given.more.get("insurance", "")
    if burial := _insured(who, "burial"):
        since = _told_purchase(who) or who.born + 50
        face = round(burial.amount or 10_000)
        return face, "burial", since, _by_month(burial.text) or _told_premium(_POLICY_PAID, who) or 40
    if term := _insured(who, "term"):
        told_since = re.search(r"(?:since|from|bought) ((?:19|20)\d\d)", term.text)
        since = int(told_since[1]) if told_since else max(who.born + 22, NOW - dice.between("term since", 6, 12))
        face = round(term.amount or 100_000)
        likely = max(9, int(face / 100_000 * (9 + max(0, since - who.born - 30) * 1.4)))
        return face, "term", since, _by_month(term.text) or likely
    if policy:
        face = _face(policy.text) or round(policy.amount)  # what it pays is not made up
        likely = max(20, int(5 * round(face * 0.011 / 12 / 5)))
        return face, "whole life", _told_purchase(who) or policy.since, _told_premium(_POLICY_PAID, who) or likely
    if told_policy := _told_policy(who):
        return told_policy
    if "life" in text.lower() and "no life" not in text.lower() and (told := amount_of(text)):
        return round(told), "term", max(who.born + 21, NOW - 6), max(12, int(told / 12_000))
    return 0, "", 0, 0  # a sum of cover that no form tells is not made up


_POLICY = re.compile(
    r"\$([\d,]+) (?:of )?(?:(term|whole life|universal life) )?(?:life )?(?:insurance )?policy\b"
    r"|\b(term|whole life|universal life)(?: life)?(?: insurance)? policy (?:of|for|worth) \$([\d,]+)"
)
_GONE = re.compile(
    r"\b(?:burial|lapsed?|dropped|cancel\w*|commercial|liability|auto|home policy|umbrella|turned (?:him"
    r"|her) down|declined"
    r"|father|mother|brother|sister|uncle|aunt|cousin|neighbor)\b"
)


def _told_policy(who: "Person") -> tuple[int, str, int, int] | None:
    """Return the client's own policy that the background tells of, as in `bought a $500,000 term policy in 2015`."""
    for one in re.split(r"(?<=[.;]) ", who.given.background):
        hit = _POLICY.search(one)
        if hit is None or _GONE.search(one.lower()):
            continue
        face = int((hit[1] or hit[4]).replace(",", ""))
        kind = (hit[2] or hit[3] or "term").replace("universal life", "whole life")
        year = re.search(r"\b(?:in|from|since) ((?:19|20)\d\d)\b", one)
        born = re.search(r"\bwhen ([A-Z]\w+) was (?:born|a baby)\b", one)
        child = next((child.born for child in who.family.children if born and child.name == born[1]), None)
        since = int(year[1]) if year else child or max(who.born + 22, NOW - who.dice.between("term since", 6, 12))
        return face, kind, since, max(9, int(face / 100_000 * (9 + max(0, since - who.born - 30) * 1.4)))
    return None


def _face(text: str) -> int | None:
    """Return what a policy pays at its owner's death; None if its text does not say."""
    hit = re.search(
        r"\$([\d,]+) (?:face|death benefit|(?:of )?cover(?:age)?\b)"
        r"|(?:death benefit|face(?: value| amount)?)(?: of|:)? \$([\d,]+)",
        text,
    )
    told = hit[1] or hit[2] if hit else re.search(r": \$([\d,]+), cash value", text)
    amount = told[1] if isinstance(told, re.Match) else told
    return int(amount.replace(",", "")) if amount else None


# -- a month -----------------------------------------------------------------------------------------------------------


def money_of(who: "Person") -> Money:
    retired = who.work.status == "retired"
    take_home = round(who.income * (1 - taken(who.income, retired)) / 12, -1)
    partner_take = _partner_take_home(who)
    household = int(round(take_home + partner_take, -1))
    mortgage = next((one.monthly for one in who.debts if one.kind == "mortgage"), 0)
    other = sum(one.monthly for one in who.debts if one.kind != "mortgage")
    needs = who.home.payment + other + who.cover.cost - who.cover.home_cost + 420 * who.family.heads + 250
    thrift = (0.02 + 0.14 * who.given.traits.get("conscientiousness", 50) / 100) * (0.5 + who.dice.share("thrift"))
    room = max(0.0, household - needs)
    saves = 25 * int(min(room * 0.7, household * thrift + max(0.0, room - 3_000) * 0.35) / 25)
    return Money(
        income=who.income,
        take_home=int(take_home),
        partner_take_home=int(partner_take),
        household=household,
        spending=max(0, household - saves),
        saves=saves,
        cash=round(sum(one.amount for one in who.held if one.liquid)),
        invested=round(sum(one.amount for one in who.held if one.invested)),
        debts=round(sum(one.amount for one in who.debts)),
        debts_monthly=other + mortgage,
        tax_share=round(100 * taken(who.income, retired)),
        social_security=_social_security(who),
        pension=_pension(who),
    )


def _partner_take_home(who: "Person") -> float:
    partner = who.family.partner
    if partner is None:
        return 0
    if partner.retired:
        return 10 * who.dice.between("partner's pension", 110, 210)
    return round(partner.income * (1 - taken(partner.income)) / 12, -1)


def _social_security(who: "Person") -> int:
    """Return the monthly Social Security, now or expected later. Nobody draws it before 62."""
    share = 0.6 if who.work.status == "retired" else 0.38
    return int(round(min(3_900, who.income * share / 12) / 10) * 10)


_PENSION = re.compile(
    r"\b(?:my|his|her|a|the|state|city|teacher'?s?|union|federal|military|county|church|company)?\s*pension\b"
    r"(?: (?:is|of|pays|will be|will pay|would be|comes to))+[^.;$]{0,24}\$([\d,]+)(?: a month|/month)"
    r"|\$([\d,]+) a month (?:from|in) (?:a|his|her|the) (?:\w+ )?pension\b"
)


def told_pension(given: Given) -> int:
    """Return the client's pension a month, now or expected, that the background tells; 0 if it tells none."""
    hit = _PENSION.search(given.background)
    return int((hit[1] or hit[2]).replace(",", "")) if hit else 0


def _pension(who: "Person") -> int:
    """Return the monthly pension, now or expected.

    For retired people it is what their income needs beyond Social Security and 5 percent of the savings a year.
    """
    if pension := told_pension(who.given):
        return pension
    if who.work.status != "retired":
        return int(round(who.income * 0.4 / 12 / 10) * 10) if who.work.pensioned else 0
    told = who.given.more.get("income", "").lower()
    if "social security" in told and "pension" not in told and not who.work.pension_told:
        return 0
    savings = sum(one.amount for one in who.held if one.liquid or one.invested)
    drawn = _social_security(who) if who.age >= 62 else 0
    rest = who.income / 12 - drawn - savings * 0.05 / 12
    least = who.income * 0.25 / 12 if who.work.pension_told else 0
    return int(round(max(rest, least) / 10) * 10) if max(rest, least) > 150 else 0
