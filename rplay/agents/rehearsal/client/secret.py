"""What a scenario has the client hide: told once it is unlocked, held back before that, and never denied."""

from rplay.agents.persona.life import SCENARIO_SECRET, Subject
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.words import bare


def asked_for(moment: Moment) -> list[str]:
    """The answer to a line that asks for such a secret; empty when none does.

    The first of its words names the thing itself. The others may stand in harmless questions too, so that only a client
    who would tell hears them.
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
