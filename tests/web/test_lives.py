"""The life of a client stays with the server: kept for its simulation, and told to nobody while they talk."""

import json
from threading import get_native_id

import pytest

from rplay import db
from rplay.agents.persona.life import Life
from rplay.agents.persona.make import life_of
from rplay.db import client_lives
from rplay.db.sessions import SignedIn
from rplay.web import lives
from rplay.web.fields.training import Talk
from rplay.web.scenes import scene_of
from tests.agents.persona.test_life import OMAR

ABOUT = {"industry": "insurance", "subcategory": "life-health", "difficulty": "advanced"}


@pytest.fixture
def begin(alice):
    def begin(person=alice, profile=OMAR, **about):
        answer = person.post("/api/simulation", {**ABOUT, **about, "clientProfile": profile})
        assert answer.status_code == 201
        return answer.get_json()["data"]

    return begin


def kept(simulation):
    return db.value("SELECT life FROM client_lives WHERE simulation_id = %(id)s", id=simulation["id"])


def scene(app, person, profile=OMAR, personality=None, **chosen):
    talk = Talk.model_validate(
        {
            "messages": [{"role": "user", "content": "Hello"}],
            "clientProfile": profile,
            "simulationSettings": {**ABOUT, **chosen},
            "personalitySettings": personality,
        }
    )
    with app.app_context():
        return scene_of(talk, SignedIn(**vars_of(person)) if person else None)


def vars_of(person):
    row = db.row("SELECT id, email, name, role, job_role, created_at FROM users WHERE id = %(id)s", id=person.id)
    known = {"session_id": person.id, "expires_at": row["created_at"], **row}
    return {name: known[name] for name in SignedIn.__dataclass_fields__ if name in known}


def test_a_simulation_is_given_the_life_of_its_client(begin):
    assert Life.model_validate(kept(begin())) == life_of(OMAR, "insurance", "life-health", "advanced")


def test_a_generated_profile_brings_its_life_and_does_not_show_it(alice, begin):
    answer = alice.post("/api/agents/profile/generate", ABOUT).get_json()
    assert "life" not in json.dumps(answer["profile"]).replace("life-", "").replace("life insurance", "").lower().split(
        '"'
    )
    assert db.value("SELECT count(*) FROM waiting_lives") == 1
    db.execute("""UPDATE waiting_lives SET life = jsonb_set(life, '{first_name}', '"Kept"')""")
    simulation = begin(profile={**answer["profile"], "avatar": "x"})
    assert kept(simulation)["first_name"] == "Kept"
    assert "Kept" not in json.dumps(simulation)


def test_of_those_that_wait_the_oldest_make_room(database, monkeypatch):
    monkeypatch.setattr(client_lives, "WAITING", 3)
    db.execute("DELETE FROM waiting_lives")
    for number in range(6):
        client_lives.wait(bytes([number]), {})
    assert [bytes(row["profile"])[0] for row in db.rows("SELECT profile FROM waiting_lives ORDER BY made_at")] == [
        3,
        4,
        5,
    ]


@pytest.mark.parametrize("named", ["simulation_id", "id"])
def test_a_talk_goes_on_with_the_life_of_its_simulation(app, alice, begin, named):
    simulation = begin()
    db.execute(
        """UPDATE client_lives SET life = jsonb_set(life, '{first_name}', '"Kept"') WHERE simulation_id = %(id)s""",
        id=simulation["id"],
    )
    assert scene(app, alice, simulationId=simulation[named]).life.first_name == "Kept"


def test_anothers_simulation_lends_nobody_its_life(app, bob, begin):
    simulation = begin()
    db.execute(
        """UPDATE client_lives SET life = jsonb_set(life, '{first_name}', '"Kept"') WHERE simulation_id = %(id)s""",
        id=simulation["id"],
    )
    for caller in (bob, None):
        assert scene(app, caller, simulationId=simulation["simulation_id"]).life.first_name == "Omar"


@pytest.mark.parametrize("life", [None, {}, {"version": 0}, {"version": 1, "name": 5}])
def test_a_missing_or_odd_one_is_made_anew(app, alice, begin, life):
    simulation = begin()
    db.execute("DELETE FROM client_lives WHERE simulation_id = %(id)s", id=simulation["id"])
    if life is not None:
        client_lives.keep(simulation["id"], life)
    made = scene(app, alice, simulationId=simulation["simulation_id"]).life
    assert made.subjects == life_of(OMAR, "insurance", "life-health", "advanced").subjects


def test_one_that_was_changed_is_read_anew(app, alice, begin):
    simulation = begin()
    assert scene(app, alice, simulationId=simulation["id"]).life.first_name == "Omar"
    db.execute(
        """UPDATE client_lives SET life = jsonb_set(life, '{first_name}', '"Kept"') WHERE simulation_id = %(id)s""",
        id=simulation["id"],
    )
    assert scene(app, alice, simulationId=simulation["id"]).life.first_name == "Kept"


def test_one_that_is_not_remembered_is_made_by_a_thread(app, alice, monkeypatch):
    made = []
    monkeypatch.setattr(lives, "life_of", lambda *about: made.append(get_native_id()) or life_of(*about))
    for _ in range(2):
        assert scene(app, alice, {**OMAR, "name": "Ann Newcomer"}).life.first_name == "Ann"
    assert len(made) == 1
    assert made != [get_native_id()]


def test_of_another_difficulty_it_is_the_profiles(app, alice, begin):
    simulation = begin(difficulty="beginner")
    life = scene(app, alice, simulationId=simulation["simulation_id"]).life
    assert life.difficulty == "advanced"


def test_is_in_no_export_until_the_talk_is_complete(alice, begin):
    simulation = begin()
    path = f"/api/users/{alice.id}/export"
    secret = next(one.name for one in Life.model_validate(kept(simulation)).subjects if one.reserve == 2)
    assert secret not in alice.get(path).get_data(as_text=True)
    assert secret not in alice.get(f"/api/simulation/{simulation['id']}").get_data(as_text=True)
    assert secret not in alice.get("/api/simulation").get_data(as_text=True)
    alice.post(f"/api/simulation/{simulation['id']}/complete", {})
    assert secret in alice.get(path).get_data(as_text=True)


def test_goes_with_the_simulation(alice, begin):
    simulation = begin()
    alice.delete(f"/api/simulation/{simulation['id']}")
    assert kept(simulation) is None


class TestPersonality:
    OWN = {**OMAR, "personality": {"archetype": "skeptic", "mood": "guarded", "traits": {"agreeableness": 20}}}
    PAGE = {"archetype": "analyst", "mood": "confident", "influence": 70}

    def test_the_pages_constants_give_way_to_the_profiles_own(self, app, alice):
        made = scene(app, alice, self.OWN, self.PAGE)
        assert made.personality == {"influence": 70}
        assert {row["name"] for row in made.fusion} == {"Skeptic", "Guarded"}
        assert made.life.style.warm < 40

    @pytest.mark.parametrize("page", [{**PAGE, "mood": "curious"}, {"archetype": "analyst"}])
    def test_anything_else_was_chosen(self, app, alice, page):
        assert scene(app, alice, self.OWN, page).personality == page

    def test_they_stand_where_the_profile_has_none(self, app, alice):
        assert scene(app, alice, OMAR, self.PAGE).personality == self.PAGE


@pytest.mark.parametrize(("sent", "used"), [("life-health", "default"), (None, None)])
def test_an_unknown_subcategory_counts_as_the_first(app, alice, sent, used):
    assert scene(app, alice, industry="securities", subcategory=sent).subcategory == used
