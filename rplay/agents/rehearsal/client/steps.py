"""Next steps and goodbyes: what is agreed, and how the talk ends."""

import re

from rplay.agents.ending import Ended
from rplay.agents.rehearsal.client.echo import echoed, names_in
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.offers import names, offer_of, to_offer
from rplay.agents.rehearsal.client.refusals import refusals, refused
from rplay.agents.rehearsal.client.tables import pattern, table
from rplay.agents.rehearsal.client.words import bare
from rplay.agents.rehearsal.reading.acts import supposes
from rplay.agents.rehearsal.reading.text import plain
from rplay.agents.rehearsal.reading.types import Act, Reading

Said = list[str]
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_TIME = pattern(table("steps")["time"])
_BRING = pattern(table("steps")["bring"])
_DOCS_END = pattern(table("steps")["docs_end"])
_SENDS = pattern(table("steps")["sends"])
_MEETS = pattern(table("steps")["meets"])
_REACHES = pattern(table("steps")["reaches"])
_TEXTS = pattern(table("steps")["texts"])
_WAITS = pattern(table("steps")["waits"])
_OTHERS = (
    r"(?:wife|husband|spouse|partner|son|daughter|kids|brother|sister|mother|father|mom|dad|accountant|"
    r"cpa|lawyer|attorney|tax (?:person|guy)|boyfriend|girlfriend|fianc\w+)"
)
_BOTH = pattern(table("steps")["both"])
_ALONG = pattern(table("steps")["along"])
_TOO = pattern(table("steps")["too"])
_ASKS_TO_WAIT = re.compile(
    r"(?:^|[.!?,] |please |and )(?:don'?t|do not|hold off)\b.{2,50}\b(?:until|till|before)\b", re.IGNORECASE
)
_FITS = re.compile(
    r"\b(?:works?|good|suits?|okay|ok|free|better|available|fine|possible|how about|what about)\b", re.IGNORECASE
)
_OR = re.compile(r"\bor\b", re.IGNORECASE)


def takes_steps(moment: Moment) -> bool:
    """Return whether the line plans what comes next: a meeting, who comes, what is sent or brought."""
    if _supposed(moment.reading) or _asks_of_day(moment.reading):
        return False
    text = moment.reading.text
    if _ASKS_WHEN.search(bare(text)) or (_PART_OF_DAY.search(plain(text)) and time_of(moment)):
        return True
    planned = bool(
        _MEETS.search(text) or _REACHES.search(text) or _papers(moment) or _TEXTS.search(text) or _WAITS.search(text)
    )
    if moment.does("agenda") and moment.number < 2:
        return False
    if whom(moment) and _PRESENT.search(bare(text)):
        return True
    if (time_of(moment) and _FITS.search(text)) or _papers(moment) or _ASKS_TO_WAIT.search(text):
        return True
    return (
        (
            planned
            and (
                moment.does("next_step", "propose", "goodbye")
                or bool(time_of(moment))
                or bool(_REACHES.search(text))
                or bool(whom(moment))
            )
        )
        or (moment.does("next_step") and bool(time_of(moment) or _SENDS.search(text) or offer_of(moment)))
        or bool(_TEXTS.search(text))
    )


_PRESENT = re.compile(r"\b(?:be|sit|come|join|have) (?:\w+ )?(?:there|in|along|us|here|with us|too)\b.{0,20}$")


def _supposed(reading: Reading) -> bool:
    """Return whether the line only supposes something: `Say you take it. It's a Tuesday in October` plans nothing."""
    return any(supposes(one.text) for one in reading.sentences) and not reading.acts & {"next_step", "goodbye"}


def asks_for_plan(moment: Moment) -> bool:
    """Return whether the line asks which day suits the client, or by when they can send something."""
    asked = [bare(one.text) for one in moment.reading.sentences if one.question]
    dated = time_of(moment) and any(_SUITS.search(text) for text in asked)
    return (takes_steps(moment) and bool(dated)) or any(_BY_WHEN.search(text) for text in asked)


_SUITS = re.compile(r"\b(?:suit|works? for you|better for you|call|meeting|meet|okay for you|free)\b.*")
_BY_WHEN = re.compile(
    r"\bby when (?:can|could|would|will) you\b|^(?:and |so )*when (?:can|could|will) you (?:send|bring|get|have)\b"
)


def _asks_of_day(reading: Reading) -> bool:
    """Return whether the line asks what happens on a day and plans nothing for it: `What happens the Monday after?`."""
    dated = [bare(one.text) for one in reading.sentences if _TIME.search(one.text)]
    return bool(dated) and all(_OF_DAY.match(text) for text in dated)


_OF_DAY = re.compile(
    r"(?:and |so |okay )*(?:what (?:happen\w*|did|do you do|does|was|were|would you do|will you do)|how (?:was|"
    r"were|did|do)"
    r"|who|why|did you|were you|have you)\b(?!.*\b(?:suit|work for you|works?$|call you|meet)\b)"
)


def next_step(moment: Moment) -> Said:
    """Return a yes with the time, who comes and what the client will bring; or a no."""
    refuses = moment.state.trust < 22 or (moment.state.breaches > 1 and moment.state.trust < 45)
    if (refuses or moment.state.cool or moment.state.trust < 34) and (borne := _bears(moment)):
        return [borne]
    if refuses:
        return [moment.say("next_step.no") or moment.say("next_step.cool")]
    if moment.state.cool or moment.state.trust < 34:
        return [moment.say("next_step.cool") or moment.say("next_step.no")]
    parts = (_when(moment), _who(moment), _brings(moment), _reached(moment), _too(moment))
    said = [one for one in parts if one][:3]
    return said or [_agrees(moment)]


def _bears(moment: Moment) -> str:
    """Return the yes of a client who keeps their distance to what commits them to nothing: a text to read, a call."""
    when, calls = time_of(moment), bool(_CALLS.search(moment.reading.text))
    if when and calls:
        return moment.say("next_step.cool_call", time=when)
    return moment.say("next_step.cool_send") if sends(moment) and not _papers(moment) else ""


_CALLS = re.compile(r"\b(?:call|ring|phone|reach) (?:you|u)\b", re.IGNORECASE)


def _when(moment: Moment) -> str:
    when = time_of(moment)
    part = _PART_OF_DAY.search(plain(moment.reading.text))
    suits = moment.say("step.part", part=part[1 + moment.voice.chance("part", 50)].rstrip("s")) if part else ""
    if when and _ASKS_HOUR.search(bare(moment.reading.text)):
        return moment.say("step.hour")
    picks = when and len(_TIME.findall(moment.reading.text)) > 1 and _OR.search(moment.reading.text)
    agrees = moment.say("step.pick" if picks else "next_step.yes", time=when) if when else ""
    vague = not when or when.endswith("week")
    asked = moment.say("step.when") if vague and not part and _ASKS_WHEN.search(bare(moment.reading.text)) else ""
    return asked or f"{agrees}{' ' if agrees and suits else ''}{suits}"


_ASKS_HOUR = re.compile(r"\bwhat (?:time|hour)\b")
_PART_OF_DAY = re.compile(
    r"\b(mornings?|afternoons?|evenings?) or (?:in the |rather )?(mornings?|afternoons?|evenings?)\b"
)
_ASKS_WHEN = re.compile(
    r"\bwhen are you (?:off|free|around|home|available)\b|\bwhen (?:can|could|shall|should|would|may) (?:i|"
    r"we)\b(?!.{0,20}\b(?:call|reach|text|expect)\b)"
    r"|\bwhat (?:day|time)s? "
    r"(?:works?|would (?:work|suit)|suits?)\b"
)


def _agrees(moment: Moment) -> str:
    text = moment.reading.text
    if _BY_WHEN.search(bare(text)):
        return moment.say("step.by")
    if _WAITS.search(text):
        return moment.say("step.wait") or moment.say("next_step.yes_open")
    if _SENDS.search(text):
        return moment.say("step.sent") or moment.say("next_step.send") or moment.say("next_step.yes_open")
    offer = offer_of(moment)
    if offer and offer.does:
        return to_offer(moment, offer)
    if _MEETS.search(text):
        return moment.say("step.again_yes" if moment.state.trust >= 44 else "step.again_no")
    return moment.say("next_step.yes_open")


def whom(moment: Moment) -> str:
    """Return the person whom the advisor wants to be there, in the client's words; empty if there is none."""
    text = plain(moment.reading.text)
    if not _ALONG.search(text):
        return ""
    if _BOTH.search(text):
        return next(iter(moment.voice.slots["partner"]), "")
    near = r"(?:with|and|bring|have|want|would|could|if|like|ask|invite|include|let|get|see|both|without)"
    for name in names(moment):
        low = re.escape(name.lower())
        if re.search(
            rf"\b{near} (?:\w+ )?{low}\b|\b{low} (?:\w+ )?(?:here|there|along|come|join|sit|could|can|on|"
            rf"in the room)\b",
            text,
        ):
            return name
    found = re.search(
        rf"\b{near} (?:you and )?your ({_OTHERS})\b|\byour ({_OTHERS}) (?:here|there|along|come|join|sit|on|in)\b", text
    )
    return f"my {found[1] or found[2]}" if found else ""


def _who(moment: Moment) -> str:
    comes = whom(moment)
    return moment.say("step.who", whom=comes) if comes else ""


def _too(moment: Moment) -> str:
    found = _TOO.search(moment.reading.text)
    return moment.say("step.too", who=(found[1] or found[2]).lower()) if found else ""


def _reached(moment: Moment) -> str:
    text = moment.reading.text
    if _TEXTS.search(text):
        return moment.say("step.text")
    return moment.say("step.call_when") if _REACHES.search(text) and not time_of(moment) else ""


def _papers(moment: Moment) -> str:
    """Return the papers and pictures that the advisor asks for, in the client's words; empty if there are none."""
    text = re.sub(r"\ba pitcher of\b", "a picture of", plain(moment.reading.text))
    found = next(
        (
            hit
            for hit in _BRING.finditer(text)
            if not re.search(
                r"\b(?:i'?ll|i will|let me|i can|we'?ll|(?:should|shall|can|could|may|do|if) i|"
                r"(?<!can )(?<!could )(?<!would )(?<!will )you) $",
                text[: hit.start()],
            )
        ),
        None,
    )
    if not found:
        return ""
    docs = _DOCS_END.sub("", found[1]).strip(" ,-")
    docs = re.sub(r"^(?:any|all|that|one) (?=of )?", "the ", docs)
    said = echoed(docs, (*names(moment), *names_in(moment.reading.text)))
    people = re.search(rf"\b{_OTHERS}\b|\bquestions\b|\byourself\b", docs) or any(
        one.lower() in docs for one in names(moment)
    )
    return said if 1 < len(said.split()) < 17 and not people and bare(docs) not in _NO_PAPERS else ""


_NO_PAPERS = frozenset(
    {"the time", "the kids", "any questions", "all the time", "the room", "your time", "the money", "the best"}
)


def _brings(moment: Moment) -> str:
    docs = _papers(moment)
    return moment.say("step.papers", docs=docs) if docs else ""


def time_of(moment: Moment) -> str:
    """Return the time that the line names; one of two if it offers two; empty if there is none."""
    return _time_in(moment.reading.text, moment)


def _time_in(text: str, moment: Moment) -> str:
    found = [one[0].lower() for one in _TIME.finditer(text) if not _PER_MONTH.search(text[: one.end()])]
    if not found:
        return ""
    chosen = found[-1] if len(found) > 1 and _OR.search(text) and moment.voice.chance("day", 50) else found[0]
    chosen = re.sub(r"\btmrw\b", "tomorrow", re.sub(r"^on ", "", chosen))
    return re.sub(rf"\b{_DAY}\b", lambda day: day[0].capitalize(), chosen)


_PER_MONTH = re.compile(
    r"\b(?:comes?|spends?|pays?|earns?|makes?|brings?|costs?|goes|needs?|gets?|left|puts?|saves?|"
    r"bills?)\b.{0,25}\bin a month$",
    re.IGNORECASE,
)


def agreed(moment: Moment) -> str:
    """Return the time agreed on earlier in the talk; empty if there is none."""
    for turn in reversed(moment.turns):
        if turn.acts & {"next_step", "goodbye"} and not (_supposed(turn.reading) or _asks_of_day(turn.reading)):
            said = " ".join(turn.answer)
            asked = _time_in(turn.reading.text, moment)
            when = (_time_in(said, moment) if turn.answer else asked) if asked else ""
            if when:
                return when
    return ""


# Saying goodbye

_GREETS = pattern(table("steps")["greets"])
_RESTS = pattern(table("steps")["rests"])
_KIND = pattern(table("steps")["kind"])


def _last_words(moment: Moment) -> str:
    """Return a reaction to what the line says in addition to the goodbye; empty if there is nothing."""
    text = plain(moment.reading.text)
    if (found := _GREETS.search(text)) and len((low := found[1] or found[2] or found[3]).split()) <= _WHOM:
        return moment.say(
            "farewell.greet",
            whom=re.sub(r"^that ", "the ", echoed(low.strip(), (*names(moment), *names_in(moment.reading.text)))),
        )
    if _RESTS.search(text):
        return moment.say("farewell.rest")
    return moment.say("farewell.kind") if _KIND.search(text) else ""


def to_greetings(moment: Moment) -> Said:
    """Return what is said to greetings and wishes for somebody else, while the talk goes on."""
    told = any(_WISHES.match(bare(one.text)) for one in moment.reading.sentences)
    return _kept(_last_words(moment)) if told and not moment.turn.asked else []


_WISHES = re.compile(
    r"(?:and |please |oh )*tell (?!me\b|us\b|you\b)(?:[\w']+ ){1,3}?"
    r"(?:i said|good luck|congrat\w*|happy|hi\b|hello|from me)"
)
_WHOM = 3  # words that name somebody; more are the rest of a line without marks
_LEAVE = re.compile(
    r"^(?:(?:well|okay|ok|and|thanks?(?: you)?|all right|so|then) )*(?:(?:enjoy (?:a|an|the|your)|have the rest)\b"
    r"|good ?bye\b|bye\b|good (?:day|night)\b"
    r"|(?:drive|get home|travel) safe\w*|take (?:good )?care\b(?! of)|(?:talk|see you) (?:soon|then|next)\b|saludos a\b"
    r"|you have my card|(?:my )?(?:greetings|regards|best(?: wishes)?) to (?!know)\w+)|"
    r"\bwish you a \w+ (?:day|evening|weekend|afternoon|night)\b|\bhave a (?:\w+ ){1,3}(?:day|evening|weekend|"
    r"afternoon|night|rest of|shift|week|one|trip|drive|flight"
    r"|season|holiday)\b|\byou have my card$"
    r"|^stay (?:warm|dry|safe|well|cool)\b|^go get 'em\b|^(?:say (?:hi|hello) to|saluda\w*|sal[uú]deme)\b|^alles gute\b"
    r"|\b(?:thank you|thanks) (?:so much |very much )?for (?:your (?:time|tiempo)|coming in|hearing me out)\b"
    r"|^(?:it was )?(?:good|nice|great|lovely) (?:to meet|meeting|talking (?:to|with)|speaking with) you\b"
    r"|^auf wiedersehen\b"
)


_FEW = 3  # sentences; in more the wishes come with a goodbye


def takes_leave(moment: Moment) -> bool:
    """Return whether the line ends the talk: by its last sentence, or because it says goodbye and asks nothing."""
    last = moment.reading.sentences[-1:]
    asks = bool(moment.asks) or any(one.question for one in moment.reading.sentences)
    if len(moment.reading.sentences) < _FEW and any(_WISHES.match(bare(one.text)) for one in last):
        return False
    ends = any(one.act == "goodbye" or ("?" not in one.text and _LEAVE.search(bare(one.text))) for one in last)
    return ends or (moment.does("goodbye") and not asks)


def goodbye(moment: Moment) -> tuple[Said, Ended]:
    """Return a goodbye of one or two sentences that fits the course of the talk and names the next step, and the end of
    the talk."""
    why, when = "the advisor said goodbye", agreed(moment)
    end = Ended("advisor", f"{why}; agreed on {when}" if when else why)
    if went_badly(moment) and not (when and moment.state.strikes < _HURT):
        return _kept(_last_words(moment), moment.say("goodbye.cold"), _open_end(moment, "open_cold")), end
    lead = moment.say("goodbye.warm" if went_well(moment) else "goodbye.fair")
    said = _kept(*_kept(_until(moment, when), _brings(moment), _sent(moment))[:1], _last_words(moment))
    expects = not said and _expects(moment)
    return _kept(*said, lead, _open_end(moment, "open") if expects else ""), end


def _kept(*said: str) -> Said:
    return [one for one in said if one]


def went_badly(moment: Moment) -> bool:
    """Return whether the client was treated badly without an apology, or repeatedly asked for something they had to
    refuse."""
    state = moment.state
    refused_last = any(map(refused, moment.turns[-2 if state.trust >= _TRUSTS else -4 : -1]))
    hurt = state.strikes >= _HURT and state.trust < _WON_OVER
    return state.cool or state.trust < 30 or hurt or (refused_last and refusals(moment) > 1)


def went_well(moment: Moment) -> bool:
    """Return whether the advisor listened and explained, and the client trusts the advisor and has nothing against
    them."""
    state = moment.state
    listened = sum(bool(turn.acts & _LISTENS) or turn.reading.follow_up for turn in moment.turns)
    return state.trust >= 64 and listened >= 3 and state.strikes == 0 and not refusals(moment)


def _expects(moment: Moment) -> bool:
    """Return whether the advisor still has something to do for the client."""
    return any(turn.acts & {"next_step", "propose"} for turn in moment.turns[-6:-1])


_HURT, _WON_OVER = 0.7, 64
_TRUSTS = 56  # from this trust on only what was refused just now spoils the goodbye
_LISTENS: frozenset[Act] = frozenset({"empathise", "reflect", "summarise", "disclose", "explain", "normalise"})
_BY = re.compile(rf"\bby ({_DAY}|tomorrow|next week|the end of the week)\b", re.IGNORECASE)
_TO_ME = re.compile(r"\b(?:call|tell|email|text|write|ring|reach) (?:me|us)\b|\blet me know\b|\bget back to me\b")


def _until(moment: Moment, when: str) -> str:
    if by := _BY.search(moment.reading.text):
        day = re.sub(rf"^{_DAY}$", lambda found: found[0].capitalize(), by[1].lower())
        theirs = _TO_ME.search(moment.reading.text.lower())
        return f"You'll hear from me by {day}" if theirs else f"Good, by {day} then"
    return f"See you {when}" if when.startswith("in ") else moment.say("goodbye.agreed", time=when) if when else ""


def sends(moment: Moment) -> bool:
    return bool(_SENDS.search(moment.reading.text))


def _sent(moment: Moment) -> str:
    if _WAITS.search(moment.reading.text) and sends(moment):
        return moment.say("step.wait")
    return moment.say("step.sent") if sends(moment) and not _papers(moment) and not time_of(moment) else ""


def _open_end(moment: Moment, key: str) -> str:
    return "" if moment.life.style.terse > 65 else moment.say(f"goodbye.{key}")
