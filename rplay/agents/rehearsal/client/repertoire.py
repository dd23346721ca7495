"""Answers of the repertoire: the encoder tells which entry a line belongs to, and what is said to it is a fact of the
profile or the life where the entry names one, else one of its sayings that holds for this client now."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rplay.agents.persona.consistent import consistent
from rplay.agents.persona.life import Subject
from rplay.agents.rehearsal.client.conditions import children_of, conditions, partner_of
from rplay.agents.rehearsal.client.fitting import has_form
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.of_life import again, from_life
from rplay.agents.rehearsal.client.offers import is_noun
from rplay.agents.rehearsal.client.story import content
from rplay.agents.rehearsal.client.telling import LIKELY as FOUND
from rplay.agents.rehearsal.client.words import bare, listed, sentences
from rplay.agents.rehearsal.reading.types import Act, Amount, Sentence, Target
from rplay.agents.rehearsal.repertoire import Entry, Saying, entries, recognised

# How likely an entry must be to come before what is answered less well, and before an evasion.
SURE, LIKELY = 0.6, 0.45
BEYOND_DOUBT, CERTAIN = 0.7, 0.85
_BRIEF, _BRIEFLY = 3, 0.75  # words, and how likely an entry must be by so few: `and in cash?`
_LONGEST = 40  # words: what is longer is taken sentence by sentence


def of_question(moment: Moment, sentence: Sentence, least: float, depth: int = 1, alone: bool = True) -> list[str]:
    """The answer to a question; nothing where it belongs to no entry for sure."""
    entry, share = _asked_by(moment, sentence)
    if len(bare(sentence.text).split()) <= _BRIEF:
        least = _BRIEFLY
    if entry is None or share < least or _is_of_other(entry, sentence) or _is_read_otherwise(entry, share, sentence):
        return []
    if told := _told(moment, entry, sentence, depth, alone):
        return told
    return _once_more(moment, entry, sentence) or _said(moment, entry, sentence.text)


def asks_surely(moment: Moment) -> bool:
    """Whether one of the line's questions surely belongs to an entry. `How do you feel about it?` behind a proposal
    asks for an opinion on that, and not for what the client told."""
    puts = moment.does(*_PUTS)
    for sentence in moment.turn.asked:
        if len(bare(sentence.text).split()) <= _BRIEF:
            continue
        entry, share = _asked_by(moment, sentence)
        if entry and entry.asks and share >= SURE and not (puts and entry.id.startswith(_BACK)):
            return True
    return False


_PUTS: Sequence[Act] = ("propose", "explain", "compare", "disclose", "summarise", "next_step")
_BACK = ("follow.", "decision.", "opinion.")


def of_statement(moment: Moment, least: float, *, explained: bool = True) -> list[str]:
    """What is said to a line in which the reading finds no question on the life; nothing where it belongs to no entry
    for sure, or, unless `explained`, where it explains something."""
    entry, share = max((recognised(text) for text in _pieces(moment)), key=lambda one: one[1], default=(None, 0.0))
    if entry is None or share < least or not (explained or not entry.id.startswith("explain.")):
        return []
    if entry.asks and moment.turn.asked:
        return []  # what is asked is answered as a question
    if entry.id == _WHY_ASKED and any(one.question for one in moment.reading.sentences):
        return []
    whole = replace(moment.reading.sentences[-1], text=moment.reading.text)
    return (_told(moment, entry, whole, 1, True) if entry.asks else []) or _said(moment, entry, moment.reading.text)


_CHILDCARE = re.compile(
    r"\b(?:(?:takes?|taking) care of|(?:looks?|looking) after|watch(?:es|ing)?)\b.*\b(?:while|when) you\b.*\bwork"
)
_WHY_ASKED = "frame.reason"  # says why a question is asked, which stands beside it


def _asked_by(moment: Moment, sentence: Sentence) -> tuple[Entry | None, float]:
    """The entry that a question most likely belongs to, alone or with what led up to it."""
    if _CHILDCARE.search(bare(sentence.text)) and children_of(moment.life):
        return entries()["kids.childcare"], 1.0  # by meaning it is near to caring for parents
    found = [recognised(text) for text in _ways_to_read(moment, sentence)]
    return max(
        (one for one in found if not one[0] or one[0].id != _WHY_ASKED), key=lambda one: one[1], default=(None, 0)
    )


def _ways_to_read(moment: Moment, sentence: Sentence) -> Iterator[str]:
    """Alone, and with what led up to it."""
    yield sentence.text
    line = moment.reading.text
    if len(moment.turn.asked) == 1 and len(bare(line).split()) <= _LONGEST:
        yield line


def _pieces(moment: Moment) -> Iterator[str]:
    """The whole line, and what of it counts: its questions where it has any."""
    line, sentences_ = moment.reading.text, moment.reading.sentences
    asked = [one.text for one in sentences_ if one.question]
    if len(bare(line).split()) <= _LONGEST:
        yield line
    yield from asked or (one.text for one in sentences_ if len(sentences_) == 1 or one.act not in _SMALL)


_SMALL = frozenset({"acknowledge", "filler", "greet", "thank"})  # what else the line does counts for more


# Of whom

_PEOPLE: Mapping[str, frozenset[str]] = {
    "partner": frozenset({"partner", "income"}), "child": frozenset({"kids", "child", "family"}),
    "children": frozenset({"kids", "child", "family"}), "relatives": frozenset({"parents", "siblings", "family"}),
}  # fmt: skip
_SURELY = 0.5  # of whom a question is, by the reading


def _is_of_other(entry: Entry, sentence: Sentence) -> bool:
    """Whether the entry is about one of the family and the question about another: `what's she like` of a daughter."""
    domain = entry.id.partition(".")[0]
    if not sentence.target or sentence.score < _SURELY or not any(domain in one for one in _PEOPLE.values()):
        return False
    return sentence.target.kind in _PEOPLE and domain not in _PEOPLE[sentence.target.kind]


def _is_read_otherwise(entry: Entry, share: float, sentence: Sentence) -> bool:
    """Whether the reading is surer that another fact is asked for."""
    read = sentence.asks == "life" and sentence.score > share and _fact(sentence) not in entry.facts
    return read and share < BEYOND_DOUBT


# Facts


def _told(moment: Moment, entry: Entry, sentence: Sentence, depth: int, alone: bool) -> list[str]:
    """What the profile's story or the life tells of it."""
    own = entry.story or not entry.facts
    for text in dict.fromkeys((sentence.text, moment.reading.text) if own else ()):
        if content(text) and (recalled := moment.recall(text, FOUND)):
            return [recalled]
    # First the one that the reading takes it for.
    for kind, aspect in sorted(entry.facts, key=lambda one: one != _fact(sentence)):
        subject = _meant(moment, sentence, kind)
        if subject is None and aspect == "why" and _are_several(moment, kind):
            continue  # the reason of another one would be plainly wrong
        if kind == "child" and entry.id.startswith("kids.") and not _is_named(moment, children_of(moment.life)):
            continue  # who asks about all of them is not told of one
        asked = replace(sentence, target=Target(kind, aspect, subject), score=1.0)  # type: ignore[arg-type]
        if any(aspect in one.says for one in moment.life.of_kind(kind)):  # type: ignore[arg-type]
            voice = moment.voice.said.copy()
            if (said := from_life(moment, asked, depth, alone)) and _is_true(moment, said):
                return said
            moment.voice.said.intersection_update(voice)
    return []


def _meant(moment: Moment, sentence: Sentence, kind: str) -> str | None:
    """Which of the things of a kind is asked about: what the reading says, what the line names, what was spoken of."""
    if sentence.target and sentence.target.kind == kind and sentence.target.subject:
        return sentence.target.subject
    if named := _named(moment, kind):
        return named.id
    return moment.topic.id if moment.topic and moment.topic.kind == kind else None


def _is_named(moment: Moment, people: Sequence[Subject]) -> bool:
    return len(people) == 1 or any(one.name in moment.reading.text for one in people)


def _are_several(moment: Moment, kind: str) -> bool:
    """Whether nobody can tell which loan or account an unnamed one is."""
    return kind in ("asset", "debt") and sum(bool(one.figures) for one in moment.life.subjects if one.kind == kind) > 1


def _once_more(moment: Moment, entry: Entry, sentence: Sentence) -> list[str]:
    """A fact that was told already, where the reading takes the question for just this."""
    if sentence.target is None or _fact(sentence) not in entry.facts:
        return []
    subject = moment.subject_of(sentence.target)
    said = subject.says.get(sentence.target.aspect, ())[:1] if subject and moment.tells(subject) else ()
    return [again(moment, one) for one in said if bare(one) in moment.memory.said]


def _fact(sentence: Sentence) -> tuple[str, str] | None:
    return (sentence.target.kind, sentence.target.aspect) if sentence.target else None


def _is_true(moment: Moment, said: Sequence[str]) -> bool:
    given = moment.given
    return given is None or all(consistent(each, given, moment.life) for one in said for each in sentences(one))


# Sayings


def _said(moment: Moment, entry: Entry, asked: str) -> list[str]:
    """The most particular saying that holds and was not said yet, in the form asked for where one has it."""
    holds = conditions(moment)
    missing = [f"{{{kind}}}" for kind, names in _aims(moment).items() if not names]
    fit = [one for one in entry.says if one.conditions <= holds and _is_true(moment, [one.text])
           and not any(slot in one.text for slot in missing)]  # fmt: skip
    for many in sorted({_weight(one) for one in fit}, reverse=True):
        ways = [one.text for one in fit if _weight(one) == many]
        formed = [one for one in ways if has_form(asked, [one])]
        if said := moment.voice.one(formed or ways, entry.id, **_slots(moment)):
            return [said]
    return []


_OF_MOMENT = frozenset({"late", "early"})  # says little of this client


def _weight(saying: Saying) -> int:
    return len(saying.conditions - _OF_MOMENT)


def _slots(moment: Moment) -> dict[str, str]:
    children = [one.name for one in children_of(moment.life)]
    named = {kind: _named(moment, kind) for kind in ("debt", "asset")}
    return {
        "partner": partner_of(moment.life),
        "child": next((one for one in children if one in moment.reading.text), children[0] if children else ""),
        "children": listed(children),
        "job": _job(moment),
        "product": next((one.spoken for one in moment.recent_concepts), ""),
        "amount": next(map(_spoken, moment.reading.amounts), ""),
        **{kind: one.name for kind, one in named.items() if one and one.reserve < 2},
        **{kind: names[0] for kind, names in _aims(moment).items() if names},
    }


def _named(moment: Moment, kind: str) -> Subject | None:
    """What is owed or owned that the line names."""
    text = f" {bare(moment.reading.text)} "
    held = (one for one in moment.life.subjects if one.kind == kind and one.figures)
    return next((one for one in held if any(f" {bare(word)} " in text for word in one.words)), None)


def _spoken(amount: Amount) -> str:
    """`62` of `62 dollars a month` as `$62`."""
    text = amount.text.strip(" ,.")
    bare_number = re.fullmatch(r"[\d.,]+", text)
    if not bare_number or amount.unit is None:
        return text
    match amount.unit:
        case "dollars" | "dollars a month" | "dollars a year":
            return f"${text}{amount.unit.removeprefix('dollars')}"
        case "percent":
            return f"{text} percent"
    return text


def _aims(moment: Moment) -> dict[str, list[str]]:
    """Goals and worries whose names can stand within a sentence."""
    return {kind: [one.name for one in moment.life.subjects if one.kind == kind and one.reserve < 2 and is_noun(one)]
            for kind in ("goal", "worry")}  # fmt: skip


def _job(moment: Moment) -> str:
    """What the client is, in a word or three."""
    found = re.fullmatch(r"I'm an? ([a-z][a-z -]{2,30})", moment.occupation)
    return found[1] if found else ""
