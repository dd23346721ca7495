"""What a save replaces is kept, and can be brought back."""

from uuid import UUID

import pytest

from rplay import db
from rplay.db import housekeeping, replaced_histories, simulations


def said(*words):
    return [{"role": "user", "content": word} for word in words]


class Talk:
    def __init__(self, owner):
        self._owner = UUID(owner.id)
        self.id = simulations.create(
            f"SIM-{db.value('SELECT gen_random_uuid()')}", self._owner, "insurance", None, "beginner", {}
        ).id

    def save(self, *words):
        simulations.update(self.id, self._owner, said(*words), None, None)

    def holds(self):
        history = db.value("SELECT conversation_history FROM simulations WHERE id = %(id)s", id=self.id)
        return [turn["content"] for turn in history]

    def kept(self):
        return [version.messages for version in replaced_histories.of_simulation(self.id)]


@pytest.fixture
def talk(alice):
    return Talk(alice)


def test_saves_that_go_on_keep_no_copies(talk):
    for words in (["a"], ["a", "b"], ["a", "b"], ["a", "b", 'c "\\ 张😀\n']):
        talk.save(*words)
    assert talk.kept() == []


def test_other_fields_keep_no_copies(talk, alice):
    talk.save("a")
    simulations.update(talk.id, UUID(alice.id), None, ["rapport"], 5)
    simulations.complete(talk.id, UUID(alice.id), 5, {}, None, None)
    assert talk.kept() == []


@pytest.mark.parametrize("words", [[], ["a"], ["b"], ["a", "c"], ["a", "c", "d"], ["a", "bb", "c"], ["b", "a", "b"]])
def test_any_other_save_is_obeyed_and_what_it_replaced_is_kept(talk, words):
    talk.save("a", "b")
    talk.save(*words)
    assert talk.holds() == words
    [kept] = replaced_histories.of_simulation(talk.id)
    assert (kept.messages, kept.last_words) == (2, "b")
    assert replaced_histories.restore(talk.id, kept.version)
    assert talk.holds() == ["a", "b"]


def test_bringing_back_loses_nothing_either(talk):
    talk.save("a", "b")
    talk.save("new")
    [kept] = replaced_histories.of_simulation(talk.id)
    replaced_histories.restore(talk.id, kept.version)
    newer = replaced_histories.of_simulation(talk.id)[0]
    assert newer.last_words == "new"
    replaced_histories.restore(talk.id, newer.version)
    assert talk.holds() == ["new"]


def test_to_and_fro_keeps_each_once(talk):
    for _ in range(20):
        talk.save("a", "b", "c")
        talk.save("x", "y")
    assert sorted(talk.kept()) == [2, 3]


def test_keeps_ten_and_the_shortest_make_room(talk):
    talk.save(*"abcdefgh")
    for number in range(30):
        talk.save(f"again {number}")
    assert len(talk.kept()) == 10
    assert talk.kept()[-1] == 8
    assert replaced_histories.of_simulation(talk.id)[0].last_words == "again 28"


def test_another_talks_version_is_not_taken(talk, alice):
    talk.save("a", "b")
    talk.save("c")
    [kept] = replaced_histories.of_simulation(talk.id)
    other = Talk(alice)
    assert not replaced_histories.restore(other.id, kept.version)
    assert not replaced_histories.restore(talk.id, kept.version + 1000)
    assert other.holds() == []


def test_are_purged_after_thirty_days(talk):
    talk.save("a", "b")
    talk.save("c")
    talk.save("d")
    db.execute(
        "UPDATE replaced_histories SET replaced_at = now() - interval '30 days 1 minute' WHERE messages = 2 AND simulation_id = %(id)s",
        id=talk.id,
    )
    purged = housekeeping.purge(audit_days=730)
    assert purged
    assert purged.replaced_histories == 1
    assert talk.kept() == [1]


def test_go_with_their_talk(talk):
    talk.save("a", "b")
    talk.save("c")
    simulations.delete(talk.id)
    assert talk.kept() == []


@pytest.mark.parametrize("odd", ['"a text"', "{}", '{"a": 1}', "5", "null"])
def test_old_rows_that_are_no_list_break_no_save(talk, alice, odd):
    db.execute("UPDATE simulations SET conversation_history = %(odd)s::jsonb WHERE id = %(id)s", odd=odd, id=talk.id)
    simulations.update(talk.id, UUID(alice.id), None, None, 7)
    assert talk.kept() == []
    talk.save("a")
    assert talk.kept() == [0]
