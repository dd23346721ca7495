"""What is made of the client's line, the advisor's answer and how the client took it."""

import pytest

from agents.rehearsal.talks import FAIR, GOOD, POOR, talk
from bench.practice.exchanges import digest
from bench.practice.readings import spoken
from rplay.agents import meaning
from rplay.agents.rehearsal.assessment.evidence import gather
from rplay.agents.rehearsal.assessment.exchanges import digest_kept, quality, went_badly, worth
from rplay.agents.rehearsal.assessment.talk import talk_of

TAKEN_UP = talk("""
    C: My husband died in March and I still open his mail. I don't know what half of it is.
    A: Then let's only sort it today, nothing gets decided. Which envelope worries you most?
    C: The one from the pension people. I haven't dared to open it.
""")
BRUSHED_OFF = talk("""
    C: My husband died in March and I still open his mail. I don't know what half of it is.
    A: Sorry for your loss. So our managed growth model has been up eleven percent, I can open the account right now.
    C: Now? I only wanted to ask about the mail.
""")


def of(messages):
    return talk_of(messages).turns


def test_the_weights_are_those_of_the_talks():
    """Else: `python -m bench.practice.exchanges`."""
    assert digest_kept() == digest()


def test_a_line_that_takes_up_what_was_said_is_worth_more_than_one_that_talks_past_it():
    assert worth(of(TAKEN_UP)[0]) > worth(of(BRUSHED_OFF)[0])
    assert went_badly(of(BRUSHED_OFF)[0])
    assert not went_badly(of(TAKEN_UP)[0])


def test_good_talks_are_worth_more_than_fair_ones_and_those_more_than_poor_ones():
    good, poor = ([quality(of(one)) for one in those.values()] for those in (GOOD, POOR))
    assert min(good) > quality(of(FAIR)) > max(poor)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", GOOD)
def test_marks_make_no_difference(name):
    heard = [{**one, "content": spoken(one["content"])} if one["role"] == "user" else one for one in GOOD[name]]
    assert quality(of(heard)) == pytest.approx(quality(of(GOOD[name])), abs=0.02)


def test_a_line_said_again_or_in_the_clients_own_words_is_worth_nothing():
    again, own = [*TAKEN_UP, *TAKEN_UP[1:]], [*TAKEN_UP]
    own[1] = {**own[1], "content": own[0]["content"]}
    assert worth(of(again)[1]) == worth(of(own)[0]) == -1


def test_few_lines_say_less_than_many():
    assert abs(quality(of(TAKEN_UP)) - 0.5) < abs(quality(of(GOOD["home"])) - 0.5)


def test_a_line_that_breaks_a_rule_leaves_the_rest_as_it_was():
    broken = talk("""
        A: It pays nine percent, guaranteed, every single year, and you cannot lose a cent.
        C: Guaranteed? Nobody can promise that.
    """)
    plain, mixed = gather(GOOD["home"]).record, gather([*GOOD["home"][:10], *broken, *GOOD["home"][10:]]).record
    assert mixed.quality == plain.quality
    assert mixed.moments == plain.moments
    assert mixed.counts["breach"] == 1


def test_where_meaning_is_off_nothing_is_known(monkeypatch):
    monkeypatch.setattr(meaning, "on", lambda: False)
    assert quality(of(GOOD["home"])) is None
    assert not went_badly(of(BRUSHED_OFF)[0])
    assert gather(GOOD["home"]).record.quality is None
