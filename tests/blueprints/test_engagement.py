"""/api/engagement, as a client sees it."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from rplay import db
from tests.conftest import error, settings_for, swap_parts

E = "/api/engagement"
L, SCORE, STATS, HISTORY = f"{E}/log", f"{E}/score", f"{E}/stats", f"{E}/history"
KEYS = ["id", "user_id", "simulation_id", "event_type", "event_data", "timestamp", "session_id"]
TYPES = "login, simulation_start, simulation_complete, page_view, interaction"
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def finn(person):
    return person("Finn")


@pytest.fixture
def session():
    """The name of a session of this test's own."""
    return f"session_{uuid.uuid4()}"


@pytest.fixture
def untracked(app, monkeypatch, data_dir):
    off = settings_for(data_dir=data_dir, enable_engagement_tracking=False)
    swap_parts(app, monkeypatch, settings=off)


def talk_of(person):
    return person.post("/api/simulation", {"industry": "insurance", "difficulty": "beginner"}).get_json()["data"]


def record(person, **body):
    answer = person.post(E, {"eventType": "interaction", **body})
    assert answer.status_code == 201, answer.text
    return answer.get_json()["engagement"]


def counted(table):
    return db.value(f"SELECT count(*) FROM {table}")


class TestRecord:
    def test_keeps_an_event_of_the_caller(self, finn, alice):
        data = {"k": 'it\'s "v" 张', "n": [1, None]}
        event = record(finn, eventData=data, sessionId="s1", userId=alice.id, user_id=alice.id)
        assert list(event) == KEYS
        assert (event["user_id"], event["event_data"], event["session_id"]) == (finn.id, data, "s1")
        assert (event["event_type"], event["simulation_id"]) == ("interaction", None)
        assert finn.get(HISTORY).get_json()["history"] == [event]

    @pytest.mark.parametrize("event_type", TYPES.split(", "))
    def test_takes_every_type(self, finn, event_type):
        assert record(finn, eventType=event_type)["event_type"] == event_type

    def test_knows_a_talk_by_its_id_too(self, finn):
        talk = talk_of(finn)
        for named in (talk["id"], talk["id"].upper(), talk["simulation_id"]):
            assert record(finn, simulationId=named)["simulation_id"] == talk["simulation_id"]

    def test_leaves_out_the_talk_of_somebody_else(self, finn, alice, admin):
        talk = talk_of(alice)
        for caller in (finn, admin):
            for named in (talk["id"], talk["simulation_id"]):
                assert record(caller, simulationId=named)["simulation_id"] is None
        data = alice.get(f"/api/users/{alice.id}/export").get_data(as_text=True)
        assert finn.id not in data

    def test_keeps_the_name_of_a_talk_that_nobody_has(self, finn):
        assert record(finn, simulationId="not an id")["simulation_id"] == "not an id"

    @pytest.mark.parametrize(
        ("body", "text"),
        [
            ({}, "Missing required field: eventType"),
            ({"eventType": " "}, "Missing required field: eventType"),
            ({"eventType": "click"}, f"Invalid event type. Must be one of: {TYPES}"),
            ({"eventType": 5}, "Invalid value for eventType"),
            ({"eventType": "login", "simulationId": 5}, "Invalid value for simulationId"),
            ({"eventType": "login", "sessionId": "x" * 3000}, "Invalid value for sessionId"),
            ({"eventType": "login", "simulationId": "é" * 3000}, "Invalid value for simulationId"),
            ({"eventType": "login", "eventData": {"a": "\0"}}, "Invalid value for eventData"),
        ],
    )
    def test_refuses(self, finn, body, text):
        assert error(finn.post(E, body)) == (400, text)

    def test_needs_a_session(self, anyone):
        assert error(anyone.post(E, json={"eventType": "login"})) == (401, "Authentication required")

    def test_of_anothers_talk_does_not_hide_that_they_complete_it(self, alice, bob):
        talk = talk_of(alice)
        record(bob, eventType="simulation_complete", simulationId=talk["simulation_id"])
        alice.post(f"/api/simulation/{talk['id']}/complete", {})
        events = [event["event_type"] for event in alice.get(HISTORY).get_json()["history"][:1]]
        assert events == ["simulation_complete"]


class TestStats:
    def test_counts_ones_own(self, finn, alice):
        for body in ({"sessionId": "a"}, {"sessionId": "a"}, {"sessionId": "b"}, {"eventType": "login"}):
            record(finn, **body)
        record(alice)
        stats = finn.get(STATS).get_json()["stats"]
        assert stats == {
            "totalEvents": 4,
            "eventsByType": {"interaction": 3, "login": 1},
            "uniqueSessions": 2,
            "avgEventsPerSession": 2,
        }

    def test_counts_at_least_one_session(self, finn):
        nothing = {"totalEvents": 0, "eventsByType": {}, "uniqueSessions": 1, "avgEventsPerSession": 0}
        assert finn.get(STATS).get_json() == {"success": True, "stats": nothing}

    def test_of_somebody_else_are_for_admins(self, finn, bob, admin, trainer):
        record(finn)
        query = {"userId": finn.id.upper()}
        assert admin.get(STATS, query_string=query).get_json() == finn.get(STATS).get_json()
        for caller in (bob, trainer):
            assert caller.get(STATS, query_string=query).get_json() == caller.get(STATS).get_json()

    def test_refuses_an_admin_what_is_no_id_and_does_not_look_at_others(self, finn, admin):
        for path in (STATS, HISTORY):
            answer = admin.get(path, query_string={"userId": "abc"})
            assert error(answer) == (400, "Invalid user ID format")
            assert finn.get(path, query_string={"userId": "abc"}).status_code == 200


class TestHistory:
    def history(self, caller, **query):
        answer = caller.get(HISTORY, query_string=query)
        assert answer.status_code == 200, answer.text
        return answer.get_json()["history"]

    def test_is_newest_first_and_ends_at_the_limit(self, finn):
        events = [record(finn, eventData={"n": number}) for number in range(3)]
        assert self.history(finn) == events[::-1]
        assert self.history(finn, limit=2) == events[:0:-1]

    def test_shows_fifty_unless_told_otherwise(self, finn):
        sql = "INSERT INTO engagement_events (user_id, event_type) SELECT %(id)s, 'login' FROM generate_series(1, 60)"
        db.execute(sql, id=finn.id)
        assert (len(self.history(finn)), len(self.history(finn, limit=500))) == (50, 60)

    @pytest.mark.parametrize("limit", ["0", "501", "abc", "-1", "9" * 30, "1.5"])
    def test_refuses_a_limit_that_is_none(self, finn, limit):
        assert error(finn.get(HISTORY, query_string={"limit": limit})) == (400, "Invalid limit")

    def test_shows_a_span_of_time(self, finn):
        for day, hour in ((1, 0), (2, 0), (2, 23), (3, 0)):
            db.execute(
                "INSERT INTO engagement_events (user_id, event_type, timestamp) VALUES (%(id)s, 'login', %(at)s)",
                id=finn.id,
                at=datetime(2024, 5, day, hour),
            )

        def days(**query):
            return [event["timestamp"][8:13] for event in self.history(finn, **query)]

        assert days(startDate="2024-05-02", endDate="2024-05-02") == ["02T23", "02T00"]
        assert days(endDate="2024-05-02T00:00:00.000Z") == ["02T00", "01T00"]
        assert days(startDate="2024-05-02T23:00:00+00:00") == ["03T00", "02T23"]
        assert days(startDate="2024-05-03T04:00:00+05:00") == ["03T00", "02T23"]
        assert days(startDate="2100-01-01") == []

    @pytest.mark.parametrize(
        "value", ["zzz", "2026-13-45", "0", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
    )
    @pytest.mark.parametrize("name", ["startDate", "endDate"])
    def test_refuses_a_date_that_is_none(self, finn, name, value):
        assert error(finn.get(HISTORY, query_string={name: value})) == (400, f"Invalid date: {name}")

    def test_shows_what_old_rows_kept_elsewhere(self, finn):
        sql = "INSERT INTO engagement_events (user_id, event_type, metadata) VALUES (%(id)s, 'login', '{\"old\": 1}')"
        db.execute(sql, id=finn.id)
        assert self.history(finn)[0]["event_data"] == {"old": 1}

    def test_of_somebody_else_is_for_admins(self, finn, bob, admin):
        event = record(finn)
        assert self.history(admin, userId=finn.id) == [event]
        assert event not in self.history(bob, userId=finn.id)


class TestLog:
    def entry(self, session, kind="message_sent", **more):
        return {
            "type": kind,
            "timestamp": "2026-01-31T12:00:00.000Z",
            "sessionId": session,
            "userId": "anonymous",
            **more,
        }

    def of_session(self, admin, session):
        body = admin.get(L, query_string={"sessionId": session}).get_json()
        assert body["count"] == body["data"]["count"] == len(body["data"]["data"])
        assert body["success"] is body["data"]["success"] is True
        return body["data"]["data"]

    def test_keeps_what_anybody_reports(self, anyone, admin, session):
        metadata = {"industry": "insurance", "n": [1, "张"]}
        answer = anyone.post(L, json=self.entry(session, simulationId="SIM-1", metadata=metadata))
        assert (answer.status_code, answer.get_json()) == (201, {"success": True})
        assert self.of_session(admin, session) == [
            {
                "type": "message_sent",
                "timestamp": "2026-01-31T12:00:00.000Z",
                "sessionId": session,
                "simulationId": "SIM-1",
                "userId": None,
                "metadata": metadata,
            }
        ]

    def test_leaves_out_the_talk_of_somebody_else(self, anyone, alice, bob, admin, session):
        talk = talk_of(alice)
        bob.post(L, self.entry(session, simulationId=talk["id"]))
        alice.post(L, self.entry(session, simulationId=talk["id"]))
        assert [entry["simulationId"] for entry in self.of_session(admin, session)] == [talk["id"], None]

    def test_knows_the_user_by_the_session_only(self, anyone, alice, bob, admin, session):
        anyone.post(L, json=self.entry(session, userId=alice.id))
        bob.post(L, self.entry(session, userId=alice.id))
        assert [entry["userId"] for entry in self.of_session(admin, session)] == [bob.id, None]

    def test_takes_now_for_a_missing_time(self, anyone, admin, session):
        for timestamp in (None, ""):
            assert anyone.post(L, json=self.entry(session, timestamp=timestamp)).status_code == 201
        for entry in self.of_session(admin, session):
            assert datetime.now(UTC) - datetime.fromisoformat(entry["timestamp"]) < timedelta(minutes=5)
            assert (entry["metadata"], entry["simulationId"]) == ({}, None)

    @pytest.mark.parametrize(
        ("change", "text"),
        [
            ({"type": None}, "Missing required fields: type, sessionId"),
            ({"sessionId": ""}, "Missing required fields: type, sessionId"),
            ({"type": 5}, "Invalid value for type"),
            ({"type": "x" * 256}, "Invalid value for type"),
            ({"sessionId": "x" * 5000}, "Invalid value for sessionId"),
            ({"sessionId": "a\0"}, "Invalid value for sessionId"),
            ({"simulationId": {"a": 1}}, "Invalid value for simulationId"),
            ({"timestamp": "yesterday"}, "Invalid value for timestamp"),
            ({"timestamp": 1769860800000}, "Invalid value for timestamp"),
            ({"timestamp": "0001-01-01T00:00:00+14:00"}, "Invalid value for timestamp"),
            ({"metadata": "x"}, "Invalid value for metadata"),
            ({"metadata": ["x"]}, "Invalid value for metadata"),
            ({"metadata": {"x": "y" * 17_000}}, "Invalid value for metadata"),
            ({"metadata": {"x": "a\0b"}}, "Invalid value for metadata"),
        ],
    )
    def test_refuses(self, anyone, session, change, text):
        before = counted("engagement_log")
        assert error(anyone.post(L, json=self.entry(session, **change))) == (400, text)
        assert counted("engagement_log") == before

    def test_is_listed_newest_first_for_admins_and_the_frontends_own_server(self, anyone, admin, session):
        for minute in (3, 1, 2):
            anyone.post(L, json=self.entry(session, timestamp=f"2999-01-01T00:0{minute}:00Z"))
        for body in (admin.get(L).get_json(), anyone.get(L).get_json()):
            assert body["count"] == len(body["data"])
            newest = [entry for entry in body["data"][:3] if entry["sessionId"] == session]
            assert [entry["timestamp"][14:16] for entry in newest] == ["03", "02", "01"]

    def test_of_one_session_is_for_admins_only(self, anyone, alice, company_admin, session):
        query = {"sessionId": session}
        assert error(anyone.get(L, query_string=query)) == (401, "Authentication required")
        assert error(alice.get(L, query_string=query)) == (403, "Admin access required")
        assert self.of_session(company_admin, "no-such") == []

    def test_can_be_closed_to_those_without_a_session(self, app, anyone, monkeypatch, data_dir, session):
        swap_parts(app, monkeypatch, settings=settings_for(data_dir=data_dir, legacy_frontend=False))
        assert error(anyone.get(L)) == (401, "Authentication required")
        assert error(anyone.post(L, json=self.entry(session))) == (401, "Authentication required")

    def test_does_not_count_as_an_event(self, finn, session):
        finn.post(L, self.entry(session))
        assert finn.get(STATS).get_json()["stats"]["totalEvents"] == 0
        assert finn.get(HISTORY).get_json()["history"] == []

    @pytest.mark.parametrize("key", ["id", "simulation_id"])
    def test_goes_with_the_talk(self, alice, anyone, admin, session, key):
        talk, other = talk_of(alice), talk_of(alice)
        for one in (talk, other):
            anyone.post(L, json=self.entry(session, simulationId=one[key]))
        alice.delete(f"/api/simulation/{talk['id']}")
        assert [entry["simulationId"] for entry in self.of_session(admin, session)] == [other[key]]

    def test_goes_with_the_user(self, finn, bob, anyone, admin, session):
        talk = talk_of(finn)
        finn.post(L, self.entry(session))
        anyone.post(L, json=self.entry(session, simulationId=talk["id"]))
        anyone.post(L, json=self.entry(session, simulationId=talk["simulation_id"]))
        bob.post(L, self.entry(session, "kept"))
        record(finn, simulationId=talk["id"])
        assert admin.delete(f"/api/users/{finn.id}").status_code == 200
        assert [entry["type"] for entry in self.of_session(admin, session)] == ["kept"]


class TestScore:
    def log(self, person, session, *types, minutes=6, simulation_id=None):
        simulation_id = simulation_id or talk_of(person)["simulation_id"]
        step = timedelta(minutes=minutes) / max(1, len(types) - 1)
        for number, kind in enumerate(types):
            body = {
                "type": kind,
                "sessionId": session,
                "timestamp": (NOON + number * step).isoformat(),
                "simulationId": simulation_id,
                "metadata": {"objectiveId": f"o{number}", "enabled": True},
            }
            assert person.post(L, body).status_code == 201

    def score(self, person, session):
        answer = person.get(SCORE, query_string={"sessionId": session})
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    @pytest.mark.parametrize(
        ("types", "minutes", "points", "level"),
        [
            (["simulation_load", "message_sent"], 6, 0, "Low"),
            (["simulation_load", "message_sent", "message_sent"], 5, 0, "Low"),
            (["simulation_load", "message_sent", "message_sent"], 5.001, 30, "Low"),
            (["message_sent"] * 10 + ["objective_completed"] * 2 + ["note_created"], 1, 40, "Low"),
            (["message_sent"] * 19, 1, 10, "Low"),
            (["message_sent"] * 20 + ["help_opened"] * 2 + ["note_updated"] * 2 + ["note_created"], 5, 40, "Low"),
            (["expert_mode_toggle"] * 2 + ["help_closed", "note_analyzed", "x"], 6, 40, "Low"),
            (["message_sent"] * 20, 6, 50, "Moderate"),
            (["message_sent"] * 30 + ["help_opened"], 6, 70, "Moderate"),
            (["message_sent"] * 40 + ["help_opened"], 6, 80, "High"),
            (["message_sent"] * 20 + ["objective_completed"] * 9, 6, 100, "High"),
        ],
    )
    def test_adds_up_what_was_done(self, finn, session, types, minutes, points, level):
        self.log(finn, session, *types, minutes=minutes)
        body = self.score(finn, session)
        assert (body["score"], body["engagementLevel"]) == (points, level)

    def test_tells_what_it_was_made_of(self, finn, session):
        types = [
            "simulation_load",
            *["message_sent"] * 10,
            "objective_completed",
            "help_opened",
            "help_closed",
            "note_created",
        ]
        self.log(finn, session, *types)
        assert self.score(finn, session) == {
            "sessionId": session,
            "score": 70,
            "engagementLevel": "Moderate",
            "details": {
                "objectivesCompleted": 1,
                "helpUsed": True,
                "durationSeconds": 360,
                "messagesSent": 10,
                "notesUsed": True,
                "expertModeUsed": False,
                "totalEvents": 15,
            },
        }

    def test_counts_an_objective_once_and_expert_mode_when_it_is_on(self, finn, session):
        key = talk_of(finn)["simulation_id"]
        for _ in range(2):
            event = {"type": "objective_completed", "sessionId": session, "metadata": {"objectiveId": "rapport"}}
            finn.post(L, {**event, "simulationId": key})
        finn.post(L, {"type": "expert_mode_toggle", "sessionId": session, "metadata": {"enabled": False}})
        details = self.score(finn, session)["details"]
        assert (details["objectivesCompleted"], details["expertModeUsed"]) == (1, False)

    def test_stands_centuries(self, finn, session):
        event = {"type": "x", "sessionId": session, "simulationId": talk_of(finn)["id"]}
        for year in ("0002", "9998", "2026"):
            finn.post(L, {**event, "timestamp": f"{year}-01-01T00:00:00Z"})
        assert self.score(finn, session)["details"]["durationSeconds"] > 2**31

    @pytest.mark.parametrize("key", ["id", "simulation_id"])
    def test_is_for_whose_talk_it_is(self, alice, bob, trainer, admin, anyone, session, key):
        talk = talk_of(alice)
        for _ in range(3):
            anyone.post(L, json={"type": "message_sent", "sessionId": session, "simulationId": talk[key]})
        for caller in (alice, admin):
            assert self.score(caller, session)["details"]["totalEvents"] == 3
        for caller in (bob, trainer):
            answer = caller.get(SCORE, query_string={"sessionId": session})
            assert error(answer) == (403, "Not authorized to view this session")

    def load(self, person, session, talk, kind="message_sent"):
        """What the frontend logs by itself, without a token."""
        person.post(L, json={"type": kind, "sessionId": session, "simulationId": talk["simulation_id"]})

    def test_is_not_got_by_an_event_of_ones_own(self, alice, bob, anyone, session):
        talk = talk_of(alice)
        for _ in range(3):
            self.load(anyone, session, talk)
        for body in ({}, {"simulationId": talk["id"]}, {"simulationId": talk_of(bob)["simulation_id"]}):
            bob.post(L, {"type": "help_opened", "sessionId": session, **body})
            answer = bob.get(SCORE, query_string={"sessionId": session})
            assert error(answer) == (403, "Not authorized to view this session")
        assert self.score(alice, session)["details"]["totalEvents"] == 3

    def test_counts_nothing_that_another_reports(self, alice, bob, anyone, session):
        for _ in range(3):
            self.load(anyone, session, talk_of(alice))
        before = self.score(alice, session)
        bob.post(L, {"type": "help_opened", "sessionId": session})
        bob.post(L, {"type": "note_created", "sessionId": session, "timestamp": NOON.isoformat()})
        assert self.score(alice, session) == before

    def test_is_nobodys_where_two_have_a_talk_in_it(self, alice, bob, admin, session):
        """As it may stand in rows of earlier versions."""
        for talk in (talk_of(alice), talk_of(bob)):
            db.execute(
                "INSERT INTO engagement_log (type, session_id, simulation_id) VALUES ('x', %(session)s, %(key)s)",
                session=session,
                key=talk["simulation_id"],
            )
        for caller in (alice, bob):
            assert caller.get(SCORE, query_string={"sessionId": session}).status_code == 403
        assert self.score(admin, session)["details"]["totalEvents"] == 2

    def test_cannot_be_taken_from_its_owner_without_a_session_either(self, alice, bob, anyone, session):
        self.load(anyone, session, talk_of(alice))
        self.load(anyone, session, talk_of(bob))
        assert self.score(alice, session)["details"]["totalEvents"] == 2

    def test_of_an_unknown_session_or_none_is_refused(self, finn, anyone, session):
        assert error(finn.get(SCORE, query_string={"sessionId": session})) == (404, "Session not found")
        assert error(finn.get(SCORE)) == (400, "Missing required parameter: sessionId")
        assert error(anyone.get(SCORE, query_string={"sessionId": session})) == (401, "Authentication required")


class TestUntracked:
    def test_answers_the_same_and_keeps_nothing(self, untracked, finn, anyone, session):
        before = counted("engagement_events"), counted("engagement_log")
        event = record(finn, eventData={"a": 1}, sessionId=session)
        assert list(event) == KEYS
        assert (event["user_id"], event["event_data"], event["session_id"]) == (finn.id, {"a": 1}, session)
        answer = anyone.post(L, json={"type": "x", "sessionId": session})
        assert (answer.status_code, answer.get_json()) == (201, {"success": True})
        assert (counted("engagement_events"), counted("engagement_log")) == before

    def test_refuses_the_same(self, untracked, finn):
        assert finn.post(E, {"eventType": "click"}).status_code == 400
        assert finn.post(L, {"type": "x"}).status_code == 400
