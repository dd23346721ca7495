"""Answers the questions of a line. For each question several sources are asked in order, and the first one that is
certain and has the right form answers.

The sources are a plain fact; the client's last words, if the question takes them up; the profile's own story; the life;
common questions that no profile answers; and a made-up detail in the form of the question, which is better than an
evasion.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from rplay.agents.persona import phrasing
from rplay.agents.persona.consistent import consistent
from rplay.agents.persona.life import Subject
from rplay.agents.rehearsal.client.by_precedent import by_precedent
from rplay.agents.rehearsal.client.by_subject import by_subject, one_of_two
from rplay.agents.rehearsal.client.evidence import against, denies, instead, rather
from rplay.agents.rehearsal.client.facts import deeper
from rplay.agents.rehearsal.client.fitting import fits, has_form
from rplay.agents.rehearsal.client.follow_ups import followed, on_event
from rplay.agents.rehearsal.client.improvise import improvised
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.of_life import depth_of, from_life
from rplay.agents.rehearsal.client.opened import opened
from rplay.agents.rehearsal.client.plain import plain
from rplay.agents.rehearsal.client.repertoire import SURE, of_question
from rplay.agents.rehearsal.client.story import content, story_of
from rplay.agents.rehearsal.client.words import bare, sentences
from rplay.agents.rehearsal.reading.types import Asks, Sentence
from rplay.agents.rehearsal.repertoire import recognised

_MOST_ASKED = 3
# The certainty that a statement needs if the question is about the story anyway, and while that story is being told.
_LIKELY, _FOLLOWS, _SURELY_TOLD = 0.35, 0.25, 0.6
_NEAREST = 0.25
_PERHAPS = 0.35  # likelihood of an entry that is better than an evasion
# How likely the answer of a precedent must fit: before an entry that is not sure, before what is made up, and last.
_SURELY_FITS, _LIKELY_FITS, _PERHAPS_FITS = 0.65, 0.55, 0.3
_SURE_ENTRY, _IS_READ = 0.95, 0.5
_POINTS = 7  # a question with no more words than this may refer to what the line said before it
Way = Callable[[Moment, Sentence, int, bool], list[str]]


def answers(moment: Moment) -> list[str]:
    """Return the answers to all questions in turn, the first one with the most sentences. Of several questions those
    are answered that something certain answers; beside a good answer a doubtful one spoils it."""
    asked = moment.turn.asked[:_MOST_ASKED]
    if len(asked) == 1:
        return answer(moment, asked[0], depth_of(moment, asked[0], 1))
    said: list[str] = []
    for at, sentence in enumerate(asked):
        if said and _is_other_half(moment, sentence):
            continue  # it is the second half of a question that was answered
        depth = depth_of(moment, sentence, len(asked)) if at < 2 else 1
        said += answer(moment, sentence, depth, alone=not said, certain=True)
    return said or next(filter(None, (answer(moment, one) for one in asked)), [])


def _is_other_half(moment: Moment, sentence: Sentence) -> bool:
    """Return whether this is the second half of an answered question: `or are you dipping into the savings`."""
    before = bare(moment.reading.text).partition(bare(sentence.text))[0]
    return before.endswith(" or ") or bare(sentence.text).startswith("or ")


def answer(moment: Moment, sentence: Sentence, depth: int = 1, alone: bool = True, certain: bool = False) -> list[str]:
    """Return the client's answer to one question; an empty list if there is none, or only a doubtful one where it must
    be certain."""
    for way in _WAYS[sentence.asks] if sentence.asks else ():
        if certain and way in _DOUBTFUL:
            continue
        voice = moment.voice.said.copy()
        said = _kept_back(
            moment, _true(moment, sentence, way, [one for one in way(moment, sentence, depth, alone) if one])
        )
        if said and (way not in _ANY_FORM or fits(sentence.text, said)):
            return said
        # forgets what the rejected answer noted, so that it may be said later
        moment.voice.said.intersection_update(voice)
    return []


def _true(moment: Moment, sentence: Sentence, way: Way, said: list[str]) -> list[str]:
    """Return the sentences that can be true of this person. A no that the profile contradicts is replaced by what the
    profile says."""
    if not said or way in _OWN_WORDS or moment.given is None:
        return said
    given, life = moment.given, moment.life
    kept = [one for one in said if all(consistent(each, given, life) for each in sentences(one))]
    if _is_given(moment, kept):
        return kept
    if denies(kept):
        told = against(moment, sentence, facts=way is from_life)
    elif way is from_life:
        told = rather(moment, sentence)
    else:
        told = instead(moment, sentence) if way in _INVENTS else []
    return told if told and has_form(sentence.text, told) else kept


def _kept_back(moment: Moment, said: list[str]) -> list[str]:
    """Return the sentences, or an evasion if one of them is a doubt that the client does not tell yet, such as what a
    partner thinks of all this."""
    if moment.given is None or moment.opens_up:
        return said
    hidden = {phrasing.doubt(one, moment.given.speaker) for one in moment.given.objections}
    return [moment.say("withhold.hidden")] if hidden & set(said) else said


def _is_given(moment: Moment, said: Sequence[str]) -> bool:
    """Return whether an answer from the life is in the profile too: a sum that it names, or a sentence of its own."""
    texts = [*moment.own_texts, *(one.text for one in moment.given.debts or ())] if moment.given else []
    whole = bare(" ".join((*texts, *(one.text for one in moment.statements))))
    return any(bare(one) in whole for one in said) or any(
        bare(sum_) in whole for one in said for sum_ in re.findall(r"\$[\d,]+", one)
    )


def _plainly(moment: Moment, sentence: Sentence, depth: int, alone: bool) -> list[str]:  # noqa: ARG001
    return plain(moment, sentence)


def _opened(moment: Moment, sentence: Sentence, depth: int, alone: bool) -> list[str]:  # noqa: ARG001
    return opened(moment, sentence)


def _followed(moment: Moment, sentence: Sentence, depth: int, alone: bool) -> list[str]:  # noqa: ARG001
    return followed(moment, sentence)


def _from_background(moment: Moment, sentence: Sentence, depth: int, alone: bool) -> list[str]:  # noqa: ARG001
    """Return what the profile's own sentences surely tell of it; sums and names have answers of their own."""
    found = moment.told_by_texts(sentence.text)
    told = found.statement is not None and found.statement.source in ("background", "family", "work")
    return [moment.recall(sentence.text, _SURELY_TOLD)] if told else []


def _from_story(moment: Moment, sentence: Sentence, depth: int, alone: bool) -> list[str]:  # noqa: ARG001
    return [moment.recall(sentence.text)]


def _likely_from_story(moment: Moment, sentence: Sentence, depth: int, alone: bool) -> list[str]:  # noqa: ARG001
    return [moment.recall(sentence.text, _LIKELY)]


def _made_up(moment: Moment, sentence: Sentence, depth: int, alone: bool) -> list[str]:  # noqa: ARG001
    story = story_of(moment.background, moment.life.first_name)
    earlier = [turn.reading.text for turn in moment.turns[:-1]]
    return [
        improvised(
            sentence.text,
            moment.life,
            moment.voice,
            trust=moment.state.trust,
            story=story,
            earlier=earlier,
            line=moment.reading.text,
        )
    ]


def _more_of_story(moment: Moment, sentence: Sentence, depth: int, alone: bool) -> list[str]:  # noqa: ARG001
    return [moment.recall(sentence.text, _FOLLOWS) or on_event(moment, sentence.text)] if moment.told_story else []


def _in_context(moment: Moment, sentence: Sentence, depth: int, alone: bool) -> list[str]:  # noqa: ARG001
    """Return the answer to a short question such as `would you tell me about that?`, read together with the rest of its
    line."""
    line = moment.reading.text
    short = len(sentence.text.split()) <= _POINTS < len(line.split())
    return [moment.recall(line)] if short else []


def _worried(moment: Moment, sentence: Sentence, depth: int, alone: bool) -> list[str]:  # noqa: ARG001
    """Return the client's worry for a yes-or-no question about it, in place of a yes or no."""
    if not sentence.yes_no:
        return []
    asked = content(sentence.text)
    known = [one.text for one in moment.statements if one.source == "worry" and len(asked & content(one.text)) > 1]
    return [moment.led(moment.say("worried.lead"), known[0])] if known and moment.voice.is_new(known[0]) else []


def _nearest(moment: Moment, sentence: Sentence, depth: int, alone: bool) -> list[str]:  # noqa: ARG001
    """Return the nearest text of the profile, before something is made up."""
    return [moment.recall(sentence.text, _NEAREST) or moment.recall(moment.reading.text, _NEAREST)]


def _one_of_two(moment: Moment, sentence: Sentence, depth: int, alone: bool) -> list[str]:  # noqa: ARG001
    return one_of_two(moment, sentence)


def _by_subject(moment: Moment, sentence: Sentence, depth: int, alone: bool) -> list[str]:  # noqa: ARG001
    return by_subject(moment, sentence)


def _rehearsed(moment: Moment, sentence: Sentence, depth: int, alone: bool) -> list[str]:
    return of_question(moment, sentence, SURE, depth, alone)


def _perhaps_rehearsed(moment: Moment, sentence: Sentence, depth: int, alone: bool) -> list[str]:
    """Only what stands alone: beside a good answer a doubtful one spoils it."""
    return of_question(moment, sentence, _PERHAPS, depth, alone) if alone else []


def _surely_by_precedent(moment: Moment, sentence: Sentence, depth: int, alone: bool) -> list[str]:  # noqa: ARG001
    entry, share = recognised(sentence.text)
    told = entry is not None and (entry.facts or entry.story or share >= _SURE_ENTRY)
    if told or (sentence.target and sentence.score >= _IS_READ):
        return []
    return by_precedent(moment, sentence.text, _SURELY_FITS)


def _by_precedent(moment: Moment, sentence: Sentence, depth: int, alone: bool) -> list[str]:  # noqa: ARG001
    return by_precedent(moment, sentence.text, _LIKELY_FITS)


def _rather_by_precedent(moment: Moment, sentence: Sentence, depth: int, alone: bool) -> list[str]:  # noqa: ARG001
    return by_precedent(moment, sentence.text, _PERHAPS_FITS) if alone else []


# Sources whose answers may have another form than the question asks for.
_BY_PRECEDENT: Sequence[Way] = (_surely_by_precedent, _by_precedent, _rather_by_precedent)
_ANY_FORM: Sequence[Way] = (
    _rehearsed, _perhaps_rehearsed, *_BY_PRECEDENT, _followed, _from_background, _from_story, _likely_from_story,
    _more_of_story, _in_context, from_life, _nearest,
)  # fmt: skip
# Sources that use only the profile's own words.
_OWN_WORDS: Sequence[Way] = (
    _plainly,
    _followed,
    _from_background,
    _from_story,
    _likely_from_story,
    _more_of_story,
    _in_context,
    _nearest,
)
_INVENTS: Sequence[Way] = (_made_up, _by_subject, _opened, _rehearsed, _perhaps_rehearsed, *_BY_PRECEDENT)
_DOUBTFUL: Sequence[Way] = (
    _opened, _made_up, _more_of_story, _perhaps_rehearsed, _rather_by_precedent, _nearest,
)  # fmt: skip
_WAYS: Mapping[Asks, Sequence[Way]] = {
    "follow": (
        _plainly, _one_of_two, _followed, _from_background, _in_context, _surely_by_precedent, _rehearsed,
        _by_precedent, _from_story, _opened, _made_up, _more_of_story, _by_subject, _rather_by_precedent,
        _perhaps_rehearsed,
    ),
    "life": (
        _from_background, _plainly, _one_of_two, _surely_by_precedent, _rehearsed, _by_precedent, _from_story,
        from_life, _opened, _made_up, _by_subject, _rather_by_precedent, _perhaps_rehearsed,
    ),
    "story": (
        _from_background, _plainly, _one_of_two, _in_context, _surely_by_precedent, _rehearsed, _by_precedent, _opened,
        _worried, _likely_from_story, _made_up, _by_subject, _rather_by_precedent, _perhaps_rehearsed, _nearest,
    ),
    "detail": (
        _from_background, _plainly, _one_of_two, _in_context, _surely_by_precedent, _rehearsed, _by_precedent, _opened,
        _worried, _from_story, _made_up, _by_subject, _rather_by_precedent, _perhaps_rehearsed, _nearest,
    ),
    "advisor": (
        _from_background, _plainly, _one_of_two, _surely_by_precedent, _rehearsed, _by_precedent, from_life, _made_up,
        _by_subject, _rather_by_precedent, _perhaps_rehearsed,
    ),
}  # fmt: skip


def subjects_named(moment: Moment) -> list[Subject]:
    """Return the subjects of the life that the line names."""
    text = f" {bare(moment.reading.text)} "
    return [
        one
        for one in moment.life.subjects
        if one.reserve < 2 and any(len(word) > 3 and f" {bare(word)} " in text for word in one.words)
    ]


def onward(subject: Subject, aspect: str = "what") -> Iterator[str]:
    return (one for _, one in deeper(subject, aspect))
