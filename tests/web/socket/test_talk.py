"""Replies over the socket: the client's words as they are written, each sentence as it is spoken; a whole server."""

from base64 import b64decode
from collections.abc import Iterator

import pytest

from tests.fakes.openai_server import FakeOpenAI
from tests.live import Live, live_server
from tests.tts.fake_voice import FakeVoice, audio_of
from tests.tts.running import PATIENCE, eventually
from tests.web.socket.talking import BODY, Learner, of

OK = {"success": True}


@pytest.fixture(scope="module")
def model():
    with FakeOpenAI() as fake:
        yield fake


@pytest.fixture(scope="module")
def fake_voice() -> Iterator[FakeVoice]:
    fake = FakeVoice()
    yield fake
    fake.shutdown()
    fake.server_close()


@pytest.fixture
def voice(fake_voice) -> FakeVoice:
    fake_voice.reset()
    return fake_voice


@pytest.fixture(scope="module")
def live(new_database, tmp_path_factory, model, fake_voice) -> Iterator[Live]:
    with live_server(
        new_database(),
        tmp_path_factory.mktemp("talk"),
        AI_PROVIDERS="openai",
        OPENAI_API_KEY="sk-fake",
        OPENAI_BASE_URL=model.url,
        TTS_PROVIDER="openai",
        TTS_BASE_URL=fake_voice.url,
        LEGACY_FRONTEND="true",
    ) as server:
        server.port = int(server.base.rpartition(":")[2])
        yield server


@pytest.fixture(scope="module")
def token(live):
    person = {"name": "Tal", "email": "tal@example.com", "password": "Passw0rdX"}
    return live.call("POST", "/api/auth/register", person).json()["data"]["token"]


@pytest.fixture
def learner(live, token, model, voice):
    model.mode("ok", reply="I see. What would it cost? Tell me!", arguments={})
    with Learner(live, token) as learner:
        yield learner


class TestReply:
    @pytest.mark.parametrize("transport", ["websocket", "polling"])
    def test_is_written_and_spoken_sentence_by_sentence(self, live, token, model, voice, transport):
        model.mode("ok", reply="I see. What would it cost? Tell me!")
        with Learner(live, token, transport=transport) as learner:
            heard = learner.reply()
        sentences = ["I see.", "What would it cost?", "Tell me!"]
        assert heard[0] == ("reply-start", {"id": "one"})
        assert "".join(one["text"] for one in of(heard, "reply-text")) == " ".join(sentences)
        audio = of(heard, "reply-audio")
        assert [one["text"] for one in audio if one["index"] == 0] == sentences
        assert ["text" in one for one in audio] == [one["index"] == 0 for one in audio]
        for number, sentence in enumerate(sentences):
            pieces = [one for one in audio if one["sentence"] == number]
            assert [one["index"] for one in pieces] == list(range(len(pieces)))
            assert b"".join(one["data"] for one in pieces) == audio_of(sentence)
        assert [one["sentence"] for one in audio] == sorted(one["sentence"] for one in audio)
        [end] = of(heard, "reply-end")
        first_ms = end["audio"].pop("firstAudioMs")
        assert first_ms > 0
        assert end == {
            "id": "one",
            "message": " ".join(sentences),
            "objectiveProgress": None,
            "source": "openai",
            "cut": False,
            "audio": {"sentences": 3, "totalBytes": 12000, "duration": 0.75},
        }
        assert heard[-2][0] == "reply-end"
        assert heard[-1][:2] == ("ack", OK)

    def test_is_spoken_while_it_is_being_written(self, learner, model, voice):
        model.mode("step", reply="I see. What would it cost?")
        wish = learner.talk()
        for _ in range(3):
            model.step()  # "I ", "see. ", "What "
        assert learner.first("reply-audio")["text"] == "I see."
        assert learner.count("reply-end") == 0
        for _ in range(3):
            model.step()
        assert learner.acknowledged(wish) == OK

    def test_comes_as_base64_and_with_the_voice_and_speed_that_were_asked_for(self, learner, voice):
        heard = learner.reply(binary=False, voice="nova", speed=1.5)
        data = "".join(one["data"] for one in of(heard, "reply-audio") if one["sentence"] == 0)
        assert b64decode(data[: len(data)]).startswith(audio_of("I see.")[:1000])
        assert {(call.body["voice"], call.body["speed"]) for call in voice.calls} == {("nova", 1.5)}

    def test_is_not_spoken_where_nobody_listens(self, learner, voice):
        heard = learner.reply(speak=False)
        assert {one[0] for one in heard} == {"reply-start", "reply-text", "reply-end", "ack"}
        assert of(heard, "reply-end")[0]["audio"] is None
        assert voice.calls == []

    def test_marks_and_gestures_stand_in_the_text_and_are_not_spoken(self, learner, model, voice):
        model.mode("ok", reply="*sighs* 😀 **No.** *leans back*")
        heard = learner.reply()
        assert [call.text for call in voice.calls] == ["No."]
        assert of(heard, "reply-end")[0]["message"] == "*sighs* 😀 **No.** *leans back*"

    def test_asks_the_voice_for_two_sentences_at_most(self, learner, model, voice):
        model.mode("ok", reply="One hold=0 x. Two hold=0 x. Three hold=0 x. Four x.")
        wish = learner.talk()
        voice.wait_for(lambda: len(voice.calls) == 2)
        learner.wait_for(lambda: "Four" in "".join(one["text"] for one in of(learner.heard, "reply-text")))
        assert {call.text for call in voice.calls} == {"One hold=0 x.", "Two hold=0 x."}
        voice.release()
        assert learner.acknowledged(wish) == OK
        assert [one["text"][:3] for one in of(learner.heard, "reply-audio") if one["index"] == 0] == [
            "One", "Two", "Thr", "Fou",
        ]  # fmt: skip

    def test_tells_of_the_end_of_the_talk(self, learner, model):
        model.mode("ok", reply="Goodbye then.\n[[END: client: too pushy]]")
        [end] = of(learner.reply(), "reply-end")
        assert (end["message"].strip(), end["ended"]) == ("Goodbye then.", {"by": "client", "why": "too pushy"})

    def test_has_a_name_of_the_servers_where_the_client_gave_none(self, learner):
        for bad in (None, "", 7, "x" * 65, ()):
            heard = learner.reply(bad)
            names = {one[1]["id"] for one in heard[:-1]}
            assert len(names) == 1
            assert bad not in names


class TestInterrupt:
    def test_ends_the_model_and_the_voice_and_keeps_what_was_heard(self, learner, model, voice):
        model.mode("step", reply="I see. What hold=1 would it cost? Tell me more now.")
        wish = learner.talk()
        for _ in range(9):
            model.step()
        learner.wait_for(lambda: len(of(learner.heard, "reply-audio")) == 5)
        aborts = model.aborts
        interrupt = learner.ask("interrupt", {"id": "one", "sentence": 0})
        assert learner.acknowledged(interrupt) == OK
        assert learner.acknowledged(wish) == OK
        end = learner.first("reply-end")
        assert (end["cut"], end["message"], end["source"]) == (True, "I see.", None)
        assert model.wait_for(lambda: model.aborts > aborts)
        voice.wait_for(lambda: voice.of("What hold=1 would it cost?")[0].outcome == "aborted")
        assert learner.names()[-3:].count("reply-audio") == 0

    @pytest.mark.parametrize(
        ("heard", "message"),
        [
            ({}, "I see. What hold=3 would it cost?"),
            ({"sentence": -1}, ""),
            ({"sentence": 0, "offsetMs": 0}, ""),
            ({"sentence": 0}, "I see."),
            ({"sentence": 1, "offsetMs": 0}, "I see."),
            ({"sentence": 1, "offsetMs": 870}, "I see. What hold=3"),
            ({"sentence": 1, "offsetMs": 90_000}, "I see. What hold=3 would it cost?"),
            ({"sentence": 7}, "I see. What hold=3 would it cost?"),
            ({"sentence": "one", "offsetMs": True}, "I see. What hold=3 would it cost?"),
        ],
    )
    def test_keeps_what_the_learner_had_heard(self, learner, model, heard, message):
        model.mode("ok", reply="I see. What hold=3 would it cost? Tell me more.")
        wish = learner.talk()
        learner.wait_for(lambda: len(of(learner.heard, "reply-audio")) == 7)
        learner.tell("interrupt", {"id": "one", **heard})
        learner.acknowledged(wish)
        assert learner.first("reply-end")["message"] == message

    def test_of_what_is_over_or_unknown_is_answered_in_words(self, learner):
        learner.reply()
        for payload in ({"id": "one"}, {"id": "other"}, {}, None, "x", [1]):
            answer = learner.acknowledged(learner.ask("interrupt", payload))
            assert answer == {"success": False, "error": "No such reply is in progress"}
        assert of(learner.reply("two"), "reply-end")[0]["cut"] is False

    def test_right_after_the_talk_meets_it(self, learner, voice):
        wish = learner.talk()
        learner.tell("interrupt", {"id": "one"})
        assert learner.acknowledged(wish) == OK
        assert learner.first("reply-end")["message"] == ""
        assert learner.count("reply-audio") == 0

    def test_of_written_words_keeps_what_was_written(self, learner, model):
        model.mode("step", reply="I see. What now?")
        wish = learner.talk(speak=False)
        for _ in range(3):
            model.step()
        learner.wait_for(lambda: "What" in "".join(one["text"] for one in of(learner.heard, "reply-text")))
        learner.tell("interrupt", {"id": "one"})
        learner.acknowledged(wish)
        assert learner.first("reply-end")["message"] == "I see. What"


class TestStopSpeech:
    def test_ends_the_audio_and_the_text_goes_on(self, learner, model, voice):
        model.mode("ok", reply="I hold=1 see. What would it cost?")
        wish = learner.talk()
        learner.first("reply-audio")
        learner.stop()
        assert learner.acknowledged(wish) == OK
        end = learner.first("reply-end")
        assert (end["message"], end["cut"]) == ("I hold=1 see. What would it cost?", False)
        assert end["audio"]["totalBytes"] == 1000
        assert learner.count("reply-audio") == 1


class TestRefusal:
    @pytest.mark.parametrize(
        ("wrong", "text"),
        [
            ({"messages": None}, "Missing required fields: messages, clientProfile, simulationSettings"),
            ({"messages": [{"role": "x", "content": "y"}]}, "Invalid value for messages"),
            ({"clientProfile": 7}, "Invalid value for clientProfile"),
            ({"clientProfile": {"a": float("nan")}}, "Invalid JSON in request body"),
            ({"voice": "darth"}, "Unknown voice: darth"),
            ({"speed": 9}, "Speed must be between 0.25 and 4.0"),
            ({"more": "x" * 1_048_576}, "Request body too large"),
        ],
    )
    def test_says_why(self, learner, model, wrong, text):
        before = len(model.calls)
        heard = learner.reply(**wrong)
        assert heard[:-1] == [("reply-error", {"id": "one", "message": text})]
        assert heard[-1][1] == {"success": False, "error": text}
        assert len(model.calls) == before

    @pytest.mark.parametrize("payload", [(), (None,), (7,), ("x",), ([1],)])
    def test_of_what_is_no_talk(self, learner, payload):
        answer = learner.acknowledged(learner.ask("talk", *payload))
        assert answer == {
            "success": False, "error": "Missing required fields: messages, clientProfile, simulationSettings",
        }  # fmt: skip

    def test_needs_a_session_also_with_the_old_frontend(self, live, model):
        before = len(model.calls)
        with Learner(live) as nobody:
            heard = nobody.reply()
        assert heard[0] == ("reply-error", {"id": "one", "message": "Authentication required"})
        assert heard[1][1] == {"success": False, "error": "Authentication required"}
        assert len(model.calls) == before

    def test_is_no_longer_asked_for_once_the_session_has_ended(self, live, model):
        person = {"name": "Gone", "email": "gone@example.com", "password": "Passw0rdX"}
        token = live.call("POST", "/api/auth/register", person).json()["data"]["token"]
        with Learner(live, token) as learner:
            live.call("POST", "/api/auth/logout", token=token)
            assert learner.reply()[0][1]["message"] == "Authentication required"
            learner.wait_for(lambda: "disconnect" in learner.names())

    def test_of_a_second_reply_leaves_the_first_alone(self, learner, model, voice):
        model.mode("ok", reply="I hold=1 see.")
        wish = learner.talk()
        learner.first("reply-audio")
        assert learner.reply("two")[0] == (
            "reply-error", {"id": "two", "message": "A reply is already in progress"},
        )  # fmt: skip
        voice.release()
        assert learner.acknowledged(wish) == OK

    def test_of_a_reply_while_a_speech_plays_and_the_other_way_round(self, learner, model, voice):
        speech = learner.say({"text": "hold=1 speech"})
        learner.first("audio-chunk")
        assert learner.reply()[0][1]["message"] == "Speech already in progress"
        assert of(learner.reply(speak=False), "reply-end") != []
        voice.release()
        assert learner.acknowledged(speech) == OK
        voice.reset()
        model.mode("ok", reply="I hold=1 see.")
        wish = learner.talk("two")
        learner.first("reply-audio")
        heard = learner.hear({"text": "Hello"})
        assert heard[0] == ("tts-error", {"message": "A reply is already in progress"})
        learner.stop()
        learner.acknowledged(wish)
        assert learner.hear({"text": "Hello"})[-1][1] == OK


class TestFailure:
    def test_of_the_voice_leaves_the_text(self, learner, model):
        model.mode("ok", reply="I status=500 see. What now?")
        [end] = of(learner.reply(), "reply-end")
        assert (end["message"], end["audio"]) == ("I status=500 see. What now?", None)

    @pytest.mark.parametrize("mode", ["cut", "500", "401", "garbage"])
    def test_of_the_model_is_told_in_the_chats_words(self, learner, model, mode):
        model.mode(mode, retry_after="0", reply="I see. What would it all cost me then?")
        heard = learner.reply()
        assert heard[-2][0] == "reply-error"
        assert heard[-2][1]["message"].startswith("I'm sorry, I'm having trouble responding right now.")
        assert heard[-1][1] == {"success": False, "error": heard[-2][1]["message"]}
        model.mode("ok")

    def test_leaving_ends_the_model_and_the_voice(self, live, token, model, voice):
        model.mode("step", reply="I hold=1 see. What would it cost?")
        aborts = model.aborts
        with Learner(live, token) as learner:
            learner.talk()
            for _ in range(5):
                model.step()
            learner.first("reply-audio")
        assert model.wait_for(lambda: model.aborts > aborts, PATIENCE)
        voice.wait_for(lambda: voice.of("I hold=1 see.")[0].outcome == "aborted")
        assert eventually(lambda: live.call("GET", "/api/tts/stats").status_code)


class TestLeaving:
    """In each phase of a reply without a word: both calls upstream end, and the next one finds nothing in its way."""

    def begins(self, learner, model):
        learner.talk()
        learner.first("reply-start")

    def is_answered(self, learner, model):
        learner.talk()
        model.step()
        learner.first("reply-text")

    def is_spoken_to(self, learner, model):
        learner.talk()
        for _ in range(5):
            model.step()
        learner.first("reply-audio")

    def interrupts(self, learner, model):
        self.is_spoken_to(learner, model)
        learner.tell("interrupt", {"id": "one"})

    def stops_the_audio(self, learner, model):
        self.is_spoken_to(learner, model)
        learner.stop()

    @pytest.mark.parametrize("phase", ["begins", "is_answered", "is_spoken_to", "interrupts", "stops_the_audio"])
    def test_leaves_nothing_behind(self, live, token, model, voice, phase):
        model.mode("step", reply="I hold=1 see. What would it cost?")
        begun, aborts = len(model.calls), model.aborts
        with Learner(live, token) as learner:
            getattr(self, phase)(learner, model)
            assert model.wait_for(lambda: len(model.calls) > begun, PATIENCE)
        assert model.wait_for(lambda: model.aborts > aborts, PATIENCE)
        voice.wait_for(lambda: all(call.outcome == "aborted" for call in voice.calls))
        eventually(lambda: live.call("GET", "/health").json()["tts"]["activeConnections"] == 0)
        model.mode("ok", reply="I see.")
        with Learner(live, token) as learner:
            assert of(learner.reply(), "reply-end")[0]["message"] == "I see."


def test_the_body_is_that_of_the_chat(live, token, model):
    """What the socket refuses the chat refuses in the same words, and the other way round."""
    model.mode("ok", reply="I see.")
    with Learner(live, token) as learner:
        for change in ({"messages": "x"}, {"simulationSettings": 3}, {"apiKey": 4}, {}):
            body = {**BODY, **change}
            chat = live.call("POST", "/api/chat/client-response", body, token).json()
            ack = learner.acknowledged(learner.ask("talk", body))
            assert (ack["success"], ack.get("error")) == (chat["success"], chat.get("error"))
