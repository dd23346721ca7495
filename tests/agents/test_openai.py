"""The provider's own policy, seen from a server."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email.utils import formatdate
from typing import Any

import gevent
import pytest
from fakes.openai_server import FakeOpenAI
from structlog.testing import capture_logs

from agents.conftest import QUICK
from rplay import connections
from rplay.agents.providers.openai import KEYS, OpenAIProvider
from rplay.agents.providers.policy import Timeouts
from rplay.agents.types import Call, Tool, Usage
from rplay.errors import AIEmptyAnswer, AIError, AINotConfigured, AIRefused, AIUnavailable

TOOL = Tool("mark", "Marks.", {"type": "object", "properties": {"points": {"type": "integer"}}})
NewProvider = Callable[..., OpenAIProvider]


class TestAnswer:
    def test_gives_text_model_and_tokens(self, provider: OpenAIProvider, fake: FakeOpenAI, call: Call) -> None:
        fake.mode("ok", reply="Hello “there” 张\n")
        answer = provider.answer(call)
        assert (answer.text, answer.model, answer.usage) == ("Hello “there” 张\n", "some-model", Usage(10, 5))

    def test_sends_a_chat_completion(self, provider: OpenAIProvider, fake: FakeOpenAI, call: Call) -> None:
        provider.answer(replace(call, temperature=0.3))
        assert fake.calls[0].path == "/v1/chat/completions"
        assert fake.calls[0].key == "sk-configured"
        assert fake.bodies[0] == {
            "model": "some-model",
            "messages": [{"role": "system", "content": "You are John."}, {"role": "user", "content": "Hello"}],
            "max_completion_tokens": 4000,
            "stream": False,
            "temperature": 0.3,
        }

    def test_a_prompt_takes_the_place_of_the_talk(self, provider: OpenAIProvider, fake: FakeOpenAI, call: Call) -> None:
        provider.answer(replace(call, prompt=[{"role": "user", "content": "The talk as data"}]))
        assert [one["content"] for one in fake.bodies[0]["messages"]] == ["You are John.", "The talk as data"]

    def test_asks_for_json_when_an_object_is_wanted(
        self, provider: OpenAIProvider, fake: FakeOpenAI, call: Call
    ) -> None:
        provider.answer(replace(call, json=True))
        assert fake.bodies[0]["response_format"] == {"type": "json_object"}

    def test_forces_the_tool_and_gives_its_arguments(
        self, provider: OpenAIProvider, fake: FakeOpenAI, call: Call
    ) -> None:
        fake.arguments = {"points": 3}
        assert provider.answer(replace(call, tool=TOOL)).text == '{"points": 3}'
        assert fake.bodies[0]["tool_choice"] == {"type": "function", "function": {"name": "mark"}}
        assert fake.bodies[0]["tools"][0]["function"]["parameters"] == TOOL.parameters

    def test_a_model_without_tools_may_answer_in_words(
        self, provider: OpenAIProvider, fake: FakeOpenAI, call: Call
    ) -> None:
        fake.mode("ok", arguments=None, reply='{"points": 4}')
        assert provider.answer(replace(call, tool=TOOL)).text == '{"points": 4}'

    def test_any_model_name_will_do(self, new_provider: NewProvider, fake: FakeOpenAI, call: Call) -> None:
        new_provider(model="llama3:8b-instruct").answer(call)
        assert fake.bodies[0]["model"] == "llama3:8b-instruct"


class TestKeys:
    def test_a_key_of_the_call_is_used_instead(self, provider: OpenAIProvider, fake: FakeOpenAI, call: Call) -> None:
        provider.answer(replace(call, key="sk-own"))
        assert [one.key for one in fake.calls] == ["sk-own"]

    def test_the_configured_key_may_change_at_any_time(self, fake: FakeOpenAI, call: Call) -> None:
        keys = iter(["sk-one", "sk-two"])
        provider = OpenAIProvider(lambda: next(keys), fake.url, "m")
        provider.answer(call)
        provider.answer(call)
        provider.close()
        assert [one.key for one in fake.calls] == ["sk-one", "sk-two"]

    def test_a_server_of_ones_own_may_need_none(self, new_provider: NewProvider, fake: FakeOpenAI, call: Call) -> None:
        provider = new_provider(key=None)
        assert provider.configured
        assert provider.answer(call).text

    def test_openai_itself_needs_one(self, call: Call) -> None:
        provider = OpenAIProvider(lambda: None, None, "m")
        assert not provider.configured
        with pytest.raises(AINotConfigured):
            provider.answer(call)
        provider.close()

    @pytest.mark.parametrize("key", ["sk-ключ", "sk-a\nb", "sk-\x00"])
    def test_one_that_no_header_can_hold_is_refused(
        self, provider: OpenAIProvider, fake: FakeOpenAI, call: Call, key: str
    ) -> None:
        with pytest.raises(AIRefused):
            provider.answer(replace(call, key=key))
        assert not provider.probe_key(key)
        assert fake.calls == []

    def test_can_be_tested(self, provider: OpenAIProvider, fake: FakeOpenAI) -> None:
        assert provider.probe_key("sk-fine")
        assert (fake.calls[0].path, fake.calls[0].key) == ("/v1/models", "sk-fine")

    @pytest.mark.parametrize("mode", ["401", "403", "429", "500", "garbage", "drop"])
    def test_a_test_that_fails_is_a_no(self, provider: OpenAIProvider, fake: FakeOpenAI, mode: str) -> None:
        fake.mode(mode)
        assert not provider.probe_key("sk-bad")
        assert len(fake.calls) == 1


class TestTryingAgain:
    @pytest.mark.parametrize("mode", ["408", "409", "429", "500", "503", "drop"])
    def test_what_may_pass_is_tried_again(self, hasty: OpenAIProvider, fake: FakeOpenAI, call: Call, mode: str) -> None:
        fake.mode(mode, mode, "ok")
        assert hasty.answer(call).text
        assert len(fake.calls) == 3

    @pytest.mark.parametrize("mode", ["429", "500", "drop"])
    def test_but_not_more_than_twice(self, hasty: OpenAIProvider, fake: FakeOpenAI, call: Call, mode: str) -> None:
        fake.mode(mode)
        with pytest.raises(AIUnavailable):
            hasty.answer(call)
        assert len(fake.calls) == 3

    @pytest.mark.parametrize("mode", ["400", "401", "403", "404"])
    def test_a_refusal_is_not(self, hasty: OpenAIProvider, fake: FakeOpenAI, call: Call, mode: str) -> None:
        fake.mode(mode)
        with capture_logs() as lines, pytest.raises(AIRefused):
            hasty.answer(call)
        assert len(fake.calls) == 1
        assert [line["log_level"] for line in lines if line["event"] == "openai_configuration_error"] == ["error"]

    def test_a_refused_key_of_ones_own_is_no_fault_of_the_settings(
        self, hasty: OpenAIProvider, fake: FakeOpenAI, call: Call
    ) -> None:
        fake.mode("401")
        with capture_logs() as lines, pytest.raises(AIRefused):
            hasty.answer(replace(call, key="sk-own"))
        assert {line["log_level"] for line in lines} == {"warning"}

    @pytest.mark.parametrize("mode", ["garbage", "empty"])
    def test_an_answer_that_is_none_is_not(
        self, hasty: OpenAIProvider, fake: FakeOpenAI, call: Call, mode: str
    ) -> None:
        fake.mode(mode)
        with pytest.raises(AIUnavailable if mode == "garbage" else AIEmptyAnswer):
            hasty.answer(call)
        assert len(fake.calls) == 1

    def test_nobody_there_is_an_error_soon(self, new_provider: NewProvider, call: Call) -> None:
        provider = OpenAIProvider(lambda: "k", "http://127.0.0.1:9/v1", "m", QUICK)
        with pytest.raises(AIUnavailable):
            provider.answer(call)
        provider.close()

    def test_waits_as_long_as_it_was_asked_to(
        self, hasty: OpenAIProvider, fake: FakeOpenAI, call: Call, pauses: list[float]
    ) -> None:
        fake.mode("429", "503", "ok", retry_after="0.15")
        hasty.answer(call)
        assert [0.15 <= pause <= 0.16 for pause in pauses] == [True, True]

    def test_does_not_wait_for_a_server_that_asks_for_longer(
        self, hasty: OpenAIProvider, fake: FakeOpenAI, call: Call, pauses: list[float]
    ) -> None:
        fake.mode("429", "ok", retry_after="0.3")
        with pytest.raises(AIUnavailable):
            hasty.answer(call)
        assert pauses == []

    def test_understands_a_date_to_wait_for(
        self, hasty: OpenAIProvider, fake: FakeOpenAI, call: Call, pauses: list[float]
    ) -> None:
        fake.mode("429", "ok", retry_after=formatdate(time.time() - 5, usegmt=True))
        hasty.answer(call)
        fake.mode("429", "ok", retry_after=formatdate(time.time() + 60, usegmt=True))
        with pytest.raises(AIUnavailable):
            hasty.answer(call)
        assert len(pauses) == 1

    def test_pauses_grow_and_differ(
        self, new_provider: NewProvider, fake: FakeOpenAI, call: Call, pauses: list[float]
    ) -> None:
        provider = new_provider()
        fake.mode("500")
        for _ in range(10):
            with pytest.raises(AIUnavailable):
                provider.answer(call)
        assert len(set(pauses)) == 20
        assert max(pauses[::2]) <= 0.5
        assert 0.5 < max(pauses[1::2]) <= 1

    def test_never_beyond_the_deadline_of_the_call(
        self, new_provider: NewProvider, fake: FakeOpenAI, call: Call, pauses: list[float]
    ) -> None:
        fake.mode("429", "ok", retry_after="9")
        with pytest.raises(AIUnavailable):
            new_provider().answer(replace(call, deadline=time.monotonic() + 8))
        assert pauses == []

    @pytest.fixture
    def pauses(self, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        """The pauses that were made, in no time."""
        made: list[float] = []
        monkeypatch.setattr(time, "sleep", made.append)
        return made


class TestTimeLimits:
    def test_are_those_agreed_on(self) -> None:
        agreed = {"connect": 3, "first": 20, "silence": 15, "whole": 60, "tries": 3, "retry_after": 10}
        assert {name: getattr(Timeouts(), name) for name in agreed} == agreed

    def test_a_server_that_says_nothing(self, impatient: OpenAIProvider, fake: FakeOpenAI, call: Call) -> None:
        fake.mode("stall")
        with pytest.raises(AIUnavailable):
            impatient.answer(call)
        assert len(fake.calls) == 1
        assert fake.wait_for(lambda: fake.aborts == 1)

    def test_the_deadline_of_the_call_comes_first(self, provider: OpenAIProvider, fake: FakeOpenAI, call: Call) -> None:
        fake.mode("stall")
        with pytest.raises(AIUnavailable):
            provider.answer(replace(call, deadline=time.monotonic() + 0.1))

    def test_no_time_left_means_no_call(self, provider: OpenAIProvider, fake: FakeOpenAI, call: Call) -> None:
        with pytest.raises(AIUnavailable):
            provider.answer(replace(call, deadline=time.monotonic() - 1))
        assert fake.calls == []

    @pytest.mark.parametrize("mode", ["stall", "comments"])
    def test_the_first_token_must_come(
        self, impatient: OpenAIProvider, fake: FakeOpenAI, call: Call, mode: str
    ) -> None:
        fake.mode(mode, pause=0.01)
        with pytest.raises(AIUnavailable):
            next(iter(impatient.stream(call)))
        assert len(fake.calls) == 1
        assert fake.wait_for(lambda: fake.aborts == 1)

    def test_silence_in_the_middle_ends_a_stream(self, impatient: OpenAIProvider, fake: FakeOpenAI, call: Call) -> None:
        fake.mode("silent")
        pieces: list[str] = []
        with pytest.raises(AIUnavailable):
            pieces.extend(impatient.stream(call))
        assert fake.wait_for(lambda: fake.aborts == 1)

    def test_the_whole_stream_is_limited_too(self, impatient: OpenAIProvider, fake: FakeOpenAI, call: Call) -> None:
        fake.mode("slow", reply="word " * 100, pause=0.02)
        with pytest.raises(AIUnavailable):
            list(impatient.stream(call))
        assert fake.wait_for(lambda: fake.aborts == 1)


class TestParameters:
    @pytest.mark.parametrize("name", ["temperature", "max_completion_tokens", "response_format"])
    def test_a_refused_one_is_left_out_and_remembered(
        self, provider: OpenAIProvider, fake: FakeOpenAI, call: Call, name: str
    ) -> None:
        fake.refuses = {name}
        asked = replace(call, temperature=0.3, json=True)
        assert provider.answer(asked).text
        assert provider.answer(asked).text
        assert [name in body for body in fake.bodies] == [True, False, False]

    def test_several_are_left_out_one_after_the_other(
        self, provider: OpenAIProvider, fake: FakeOpenAI, call: Call
    ) -> None:
        fake.refuses = {"temperature", "stream_options", "max_completion_tokens"}
        assert list(provider.stream(replace(call, temperature=0.3)))
        assert set(fake.bodies[-1]) == {"model", "messages", "stream"}
        assert len(fake.calls) == 4

    def test_a_model_that_refuses_to_be_forced_is_asked_without(
        self, provider: OpenAIProvider, fake: FakeOpenAI, call: Call
    ) -> None:
        fake.mode("ok", refuses={"tool_choice"}, arguments={"points": 1})
        assert provider.answer(replace(call, tool=TOOL)).text == '{"points": 1}'

    def test_another_model_is_asked_with_all_of_them(
        self, new_provider: NewProvider, fake: FakeOpenAI, call: Call
    ) -> None:
        fake.refuses = {"temperature"}
        new_provider(model="one").answer(replace(call, temperature=0.3))
        new_provider(model="two").answer(replace(call, temperature=0.3))
        assert [body["model"] for body in fake.bodies if "temperature" in body] == ["one", "two"]

    def test_what_a_call_cannot_do_without_is_a_refusal(
        self, provider: OpenAIProvider, fake: FakeOpenAI, call: Call
    ) -> None:
        fake.refuses = {"messages"}
        with pytest.raises(AIRefused):
            provider.answer(call)
        assert len(fake.calls) == 1


class TestStream:
    def test_gives_pieces_as_they_come(self, provider: OpenAIProvider, fake: FakeOpenAI, call: Call) -> None:
        fake.mode("ok", reply="one two  three")
        assert list(provider.stream(call)) == ["one ", "two ", " ", "three"]
        assert fake.bodies[0]["stream"] is True
        assert fake.bodies[0]["stream_options"] == {"include_usage": True}

    def test_its_tokens_are_logged(self, provider: OpenAIProvider, call: Call) -> None:
        with capture_logs() as lines:
            list(provider.stream(call))
        assert [(one["tokens_in"], one["tokens_out"]) for one in lines if one["event"] == "openai_call"] == [(10, 5)]

    @pytest.mark.parametrize("mode", ["500", "drop"])
    def test_is_tried_again_before_the_first_piece(
        self, hasty: OpenAIProvider, fake: FakeOpenAI, call: Call, mode: str
    ) -> None:
        fake.mode(mode, "ok", reply="fine")
        assert list(hasty.stream(call)) == ["fine"]

    def test_is_never_tried_again_after_it(self, hasty: OpenAIProvider, fake: FakeOpenAI, call: Call) -> None:
        fake.mode("cut", "ok", reply="one two three four five six")
        pieces: list[str] = []
        with pytest.raises(AIUnavailable):
            pieces.extend(hasty.stream(call))
        assert pieces[0] == "one "
        assert len(fake.calls) == 1

    @pytest.mark.parametrize(
        ("mode", "error"),
        [("garbage", AIUnavailable), ("error", AIUnavailable), ("empty", AIEmptyAnswer), ("refused", AIRefused)],
    )
    def test_a_stream_that_is_none(
        self, hasty: OpenAIProvider, fake: FakeOpenAI, call: Call, mode: str, error: type[AIError]
    ) -> None:
        fake.mode(mode)
        with pytest.raises(error):
            list(hasty.stream(call))

    def test_closing_it_closes_the_call_upstream_at_once(
        self, provider: OpenAIProvider, fake: FakeOpenAI, call: Call
    ) -> None:
        fake.mode("slow", reply="word " * 1000)
        stream: Any = provider.stream(call)
        assert next(stream) == "word "
        stream.close()
        assert fake.wait_for(lambda: fake.aborts == 1)

    def test_the_connection_serves_the_next_call(self, provider: OpenAIProvider, fake: FakeOpenAI, call: Call) -> None:
        for _ in range(3):
            list(provider.stream(call))
        assert len({one.peer for one in fake.calls}) == 1

    def test_a_connection_that_stays_open_behind_the_end_is_given_up(
        self, new_provider: NewProvider, fake: FakeOpenAI, call: Call
    ) -> None:
        """Also where no gevent ends what waits, as in a terminal."""
        provider = new_provider(limits=Timeouts(first=1000, whole=1000))  # longer than a test may take
        said = b'data: {"choices": [{"delta": {"content": "Hello."}}]}\n\ndata: [DONE]\n\n'
        fake.mode("raw-open", raw=[said], raw_headers={"Content-Type": "text/event-stream"})
        for _ in range(2):
            assert list(provider.stream(call)) == ["Hello."]
        assert fake.wait_for(lambda: fake.aborts == 2)
        assert len({one.peer for one in fake.calls}) == 2


def test_a_declined_answer_is_a_refusal(provider: OpenAIProvider, fake: FakeOpenAI, call: Call) -> None:
    fake.mode("refused")
    with pytest.raises(AIRefused):
        provider.answer(call)


class TestConnections:
    def test_are_kept(self, provider: OpenAIProvider, fake: FakeOpenAI, call: Call) -> None:
        for key in ("sk-a", "sk-b", "sk-a"):
            provider.answer(replace(call, key=key))
        assert len({one.peer for one in fake.calls}) == 1

    def test_are_as_many_as_there_are_calls_at_once(
        self, provider: OpenAIProvider, fake: FakeOpenAI, call: Call
    ) -> None:
        fake.mode("together", together=8)
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: provider.answer(call), range(8)))
        assert len({one.peer for one in fake.calls}) == 8

    def test_keys_that_come_with_requests_do_not_add_up(
        self, provider: OpenAIProvider, fake: FakeOpenAI, call: Call
    ) -> None:
        for number in range(KEYS + 10):
            provider.answer(replace(call, key=f"sk-{number}"))
        assert provider._client.cache_info().currsize == KEYS
        assert len({one.key for one in fake.calls}) == KEYS + 10
        assert len({one.peer for one in fake.calls}) == 1

    def test_unused_ones_are_closed_also_when_no_call_comes_any_more(
        self, provider: OpenAIProvider, fake: FakeOpenAI, call: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(connections, "IDLE", 0.2)
        provider.answer(call)
        assert fake.connected == 1
        until = time.monotonic() + 60
        while fake.connected and time.monotonic() < until:
            gevent.sleep(0.02)
        assert fake.connected == 0

    def test_one_that_the_server_closed_is_replaced(
        self, provider: OpenAIProvider, fake: FakeOpenAI, call: Call
    ) -> None:
        provider.answer(call)
        fake.close_idle()
        provider.answer(call)
        assert len({one.peer for one in fake.calls}) == 2


class TestWhatIsTold:
    """Nothing of a key, of what was said or of what the server wrote."""

    SECRETS = ("sk-", "Hello", "John", "secret details", "Fine words")

    @pytest.mark.parametrize("mode", ["ok", "401", "429", "500", "garbage", "empty", "drop", "stall"])
    def test_in_the_log(self, impatient: OpenAIProvider, fake: FakeOpenAI, call: Call, mode: str) -> None:
        fake.mode(mode)
        with capture_logs() as lines:
            try:
                impatient.answer(replace(call, key="sk-own-key"))
            except AIError:
                assert mode != "ok"
        assert lines or mode in {"garbage", "empty", "stall"}
        assert not any(secret in str(lines) for secret in self.SECRETS)

    @pytest.mark.parametrize("mode", ["401", "429", "500", "garbage", "empty", "drop", "error"])
    def test_in_an_error(self, hasty: OpenAIProvider, fake: FakeOpenAI, call: Call, mode: str) -> None:
        fake.mode(mode)
        with pytest.raises(AIError) as caught:
            list(hasty.stream(call))
        assert not any(secret in f"{caught.value!r}" for secret in self.SECRETS)
        assert caught.value.__suppress_context__ or caught.value.__context__ is None
