"""The client's reply when the advisor shows sympathy, names the client's feelings, or tells of own trouble."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from rplay.agents.rehearsal.client.echo import echoed, felt
from rplay.agents.rehearsal.client.heard import Heard, wants_no_fact
from rplay.agents.rehearsal.client.jargon import terms
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.tables import pattern, table
from rplay.agents.rehearsal.client.turns import offers_two
from rplay.agents.rehearsal.client.words import bare, capital
from rplay.agents.rehearsal.reading.types import Act

_PAST = re.compile(r"\b(?:was|were|had|must(?:'ve| have)|sorry|lost|happened|been|felt|did)\b")
_LATELY = 2  # the topic of a feeling is searched in this many of the client's last lines


def to_feeling(moment: Moment) -> list[str]:
    """Return the client's reply to sympathy, and what comes to the client's mind about the topic."""
    if wrong := echoed_feeling(moment):
        return [wrong, on_theme(moment)]
    name = _feeling(moment)
    if not name:
        return []
    if moment.state.cool or moment.life.style.warm < 20:
        return [moment.say("empathy.cool")]
    known: Mapping[str, Any] = table("feelings")["feelings"][name]
    when = "was" if _PAST.search(bare(moment.reading.text)) else "now"
    said = moment.voice.one(known[when], f"{name} {when}") or moment.voice.one(known["now"], name)
    return [said or moment.say("empathy.thanks"), "" if name == "glad" else on_theme(moment)]


def _feeling(moment: Moment) -> str:
    """Return the first feeling that a sentence of the line names, other than in questions for facts; empty if none."""
    felt_with = (one for one in moment.reading.sentences if one.act not in _NO_FEELING)
    told = [
        bare(one.text)
        for one in felt_with
        if (not one.question or wants_no_fact(one)) and not offers_two(one.text)  # `you alone or got somebody`
    ]
    for name, known in table("feelings")["feelings"].items():
        if any(pattern(known["match"]).search(text) and _is_meant(text) for text in told):
            return "" if name == "feel_with" and not _told_of_feeling(moment) else str(name)
    return ""


def _told_of_feeling(moment: Moment) -> bool:
    """Return whether the client's latest lines give a reason for sympathy: `I understand` alone is none."""
    text = bare(" ".join(_told(moment)))
    return moment.told_story or any(
        pattern(one["match"]).search(text) for one in table("feelings")["feelings"].values()
    )


_NO_FEELING: frozenset[Act] = frozenset({
    "explain", "propose", "disclose", "agenda", "next_step", "greet", "goodbye", "compare", "introduce", "permission",
    "insult", "press", "dismiss",
})  # fmt: skip
_OF_CLIENT = re.compile(
    r"\b(?:you|your|you're|you've|i'd be|that|that's|it|it's|this|sounds?|must|what a|sorry|jeez|ouch|oof|oh no|"
    r"yikes|gosh|no wonder)\b"
)
_OF_OTHERS = re.compile(
    r"\b(?:if|would(?! (?:have done|shake|scare|worry|hurt|upset|bother|make|drive))|could|might|policy|premium|market|"
    r"company|they|it can|don't worry|no worries|not hard|i'm|"
    r"i was|my \w+|"
    r"a lot of (?:people|folks|clients|families|men|women)|cheaper|costs?)\b"
)


def _is_meant(text: str) -> bool:
    return bool(_OF_CLIENT.search(text)) and not _OF_OTHERS.search(text) and len(text.split()) < 26


def echoed_feeling(moment: Moment) -> str:
    """Return the feeling that the advisor ascribes to the client, in the client's words; empty if there is none."""
    for sentence in moment.reading.sentences:
        if sentence.question and (sentence.asks not in ("check", "opinion") or _WH.match(bare(sentence.text))):
            continue
        if not _NAMES_FEELING.search(bare(sentence.text)):
            continue
        said = felt(sentence.text, (moment.life.first_name,))
        if _NO_ECHO.search(said) or terms(moment, sentence.text):
            continue
        if said and len(said.split()) > 2 and not any(one.isdigit() for one in said):
            ways = (f"Yes, {said}.", f"{capital(said)}, yes.", f"That's right, {said}.", f"I suppose {said}.")
            return moment.voice.one(ways, "felt")
    return ""


# A choice is not said back, nor what nobody says of themselves.
_NO_ECHO = re.compile(
    r"\bor\b|\b(?:effectively|basically|essentially|technically|percent|equivalents?|exposure|allocat\w+)\b"
)
_WH = re.compile(r"(?:so |and |but )?(?:what|which|how|why|when|where|who)\b")
# Only a feeling or a wish is repeated, unlike `you've gone quiet` and `you got kids, right?`.
_NAMES_FEELING = re.compile(
    r"\b(?:feel\w*|felt|sounds?|seems?|worr\w+|afraid|scared|tired|torn|alone|proud|angry|frustrat\w+|hop(?:e"
    r"|ing)|wish|"
    r"want\w*|care|matters?|carry\w*|rather|miss|trust|nervous|overwhelm\w*|guilty|hard|tough|heavy|burn\w*|let down|"
    r"need|love|hate|afford|lost?|safe|control|alive|fair|important|at stake)\b"
)


def on_theme(moment: Moment) -> str:
    """Return what comes to the client's mind about the topic of the talk, once for each theme; empty if nothing
    does."""
    if moment.state.cool or moment.life.style.terse > 80:
        return ""
    text = bare(" ".join((moment.reading.text, *_told(moment))))
    hits = [(len(pattern(one["match"]).findall(text)), name) for name, one in table("feelings")["themes"].items()]
    best = max((many for many, _ in hits), default=0)
    if not best:
        return ""
    name = next(name for many, name in hits if many == best)
    return moment.voice.one(table("feelings")["themes"][name]["says"], f"theme {name}")


def _told(moment: Moment) -> Iterable[str]:
    return [one for turn in moment.turns[-1 - _LATELY : -1] for one in turn.answer]


# The advisor's own trouble

_ALIVE = re.compile(r"cancer|stroke|sick|hospital")


def to_own_loss(moment: Moment, told: Heard) -> list[str]:
    whom = told.groups.get("whom") or told.groups.get("whose") or ""
    whom = echoed(f"my {whom}") if whom and whom not in ("own", "job", "keys", "phone", "train", "voice") else ""
    if not whom:
        return [moment.say("apologise.sad")]
    ill = bool(_ALIVE.search(bare(told.sentence.text)))
    ways = (
        (
            f"I'm sorry about {whom}. I hope it turns out all right.",
            f"Oh, I'm sorry. That's a lot to carry into work, {whom} being ill.",
        )
        if ill
        else (
            f"I'm sorry about {whom}. Then you know how it is.",
            "Oh, I'm sorry. It stays with you, doesn't it?",
            f"I'm sorry to hear about {whom}.",
        )
    )
    return [moment.voice.one(ways, "own loss")]


def to_condolence(moment: Moment, told: Heard) -> list[str]:
    who = told.groups.get("who")
    if moment.state.cool:
        return [moment.voice.one(told.entry["cool"], "condolence")]
    ways = list(told.entry["ways"])
    if who:
        ways = [
            f"Thank you. I still want to call my {who} sometimes, just to ask something.",
            f"Thank you. My {who} would have liked that you say it.",
            *ways[1:],
        ]
    return [moment.voice.one(ways, "condolence")]
