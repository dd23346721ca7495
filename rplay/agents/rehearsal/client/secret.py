"""Secrets that a scenario defines: the client tells them once unlocked, keeps them back before that, and never denies
them."""

from rplay.agents.persona.life import SCENARIO_SECRET, Subject
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.words import bare


def asked_for(moment: Moment) -> list[str]:
    """Return the answer to a line that asks about a secret of the scenario; an empty list if it asks about none.

    The first word of a secret names the secret itself. Its other words may occur in harmless questions too, so they
    count only for a client who would tell.
    """
    if not any(one.question or one.act == "ask" for one in moment.reading.sentences):
        return []
    line = f" {' '.join(bare(one.text) for one in moment.reading.sentences)} "
    for subject in moment.life.subjects:
        if subject.id.startswith(SCENARIO_SECRET):
            told = _told(moment, subject, line)
            if told:
                return told
    return []


def _told(moment: Moment, subject: Subject, line: str) -> list[str]:
    if moment.unlocked(subject):
        if not any(f" {bare(word)} " in line for word in subject.words):
            return []
        return [text for text in (moment.deeper(subject), moment.deeper(subject)) if text]
    if not any(f" {bare(word)} " in line for word in subject.words[:1]):
        return []
    held = moment.say("withhold.hidden") or moment.say("withhold.reason")
    return [held] if held else []
