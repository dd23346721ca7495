"""A model and a voice that always take the same time: raw HTTP/1.1 in a process of its own.

    python bench/fake_model.py --latency 1.0
    python bench/fake_model.py --latency 0.5 --deltas 50 --every 0.2

Prints its port. POST /v1/chat/completions (plain and streamed, with and without tools), POST /v1/audio/speech, and
GET /seen: how many chat calls there were, and the newest of each kind. A chat call costs 60 µs of processor here.

Every piece of audio begins with 20 bytes: a frame of MP3, the moment it was sent (`time.monotonic`, the same clock in
every process of a machine) and its number, so that a listener can tell what was added on the way and that nothing is
missing. With `--deltas` a streamed answer comes in so many pieces, `--every` seconds apart: the first says how many
seconds the model itself took, every other its number. With `--said` it is this text, token by token, and /seen has when
answers were broken off.
"""

import argparse
import asyncio
import json
import re
import struct
import time
from typing import Any

PIECE = 4096  # bytes of audio
SPEECH = b"HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\ntransfer-encoding: chunked\r\n\r\n"
STREAM = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
MP3 = b"\xff\xfb\x90\xc4"  # how a frame begins
STAMP = struct.Struct("<4sdq")
PROGRESS = {"rapport": 40, "needs": 30, "objections": 10, "recommendations": 5, "explanation": "It goes well."}
REPLY = "I see. And what would that mean for my family, if something happened to me next year?"
QUOTE = "What made you think about it now?"
REVIEW = {
    "overallScore": 7,
    "competencyScores": [
        {
            "name": name,
            "score": 7,
            "feedback": "You asked before you advised.",
            "strengths": ["Open questions"],
            "improvements": ["Sum up what you heard before you go on"],
            "specificExamples": [QUOTE],
            "expectation": "Above what is expected",
        }
        for name in ("Communication Skills", "Needs Assessment")
    ],
    "generalStrengths": ["Takes time"],
    "generalImprovements": ["Close with a next step"],
    "summary": "A calm first talk.",
}
CLIENT = {
    "name": "Maria Keller",
    "age": 47,
    "occupation": "Nurse",
    "income": "$72,000",
    "family": "Married, one child aged 12",
    "familyStatus": "Married with 1 child",
    "assets": ["$15,000 in savings"],
    "debts": ["$180,000 mortgage"],
    "goals": ["Protect my family", "Retire at 65"],
    "personality": {
        "traits": dict.fromkeys(("openness", "agreeableness", "conscientiousness", "neuroticism", "extraversion"), 50),
        "archetype": "analyst",
        "mood": "calm",
        "communicationStyle": "direct",
    },
    "background": "She works nights. Her husband runs a small workshop.",
    "concerns": ["Cost of premiums"],
    "hiddenObjections": ["Had a bad time with an insurer"],
    "fusionModelTraits": {"openness": 50, "conscientiousness": 60},
}
HEAD: dict[str, Any] = {"id": "chatcmpl-1", "created": 1_790_000_000, "model": "fake"}
USAGE = {"prompt_tokens": 900, "completion_tokens": 30, "total_tokens": 930}

seen: dict[str, Any] = {"calls": 0, "cut": []}


def completion(tool: str | None, text: str) -> bytes:
    message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None}
    if tool:
        function = {"name": tool, "arguments": json.dumps(PROGRESS)}
        message |= {"content": None, "tool_calls": [{"id": "call_1", "type": "function", "function": function}]}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "tool_calls" if tool else "stop"}
    return json.dumps(HEAD | {"object": "chat.completion", "choices": [choice], "usage": USAGE}).encode()


def text_for(asked: dict[str, Any]) -> str:
    """A line of the client; where JSON is asked for, a client profile or a review, whichever has the keys named."""
    if "response_format" not in asked:
        return REPLY
    return json.dumps(CLIENT if "hiddenObjections" in asked["messages"][0]["content"] else REVIEW)


def events() -> bytes:
    """The same answer as a stream, one event a word, sent at once."""
    deltas: list[dict[str, Any]] = [{"content": f"{word} "} for word in REPLY.split()]
    choices = [{"index": 0, "delta": delta, "finish_reason": None} for delta in deltas]
    choices.append({"index": 0, "delta": {}, "finish_reason": "stop"})
    chunks = [HEAD | {"object": "chat.completion.chunk", "choices": [choice]} for choice in choices]
    chunks.append(HEAD | {"object": "chat.completion.chunk", "choices": [], "usage": USAGE})
    return b"".join(b"data: %s\n\n" % json.dumps(chunk).encode() for chunk in chunks) + b"data: [DONE]\n\n"


def delta(content: str | None, finish: str | None = None) -> bytes:
    """One event of a streamed answer, as a chunk of the response."""
    choice = {"index": 0, "delta": {} if content is None else {"content": content}, "finish_reason": finish}
    event = b"data: %s\n\n" % json.dumps(HEAD | {"object": "chat.completion.chunk", "choices": [choice]}).encode()
    return b"%x\r\n%s\r\n" % (len(event), event)


END = b"%s%x\r\n%s\r\n0\r\n\r\n" % (delta(None, "stop"), 14, b"data: [DONE]\n\n")


def length_of(head: bytes) -> int:
    lines = head.lower().split(b"\r\n")
    return next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)


def response(body: bytes, kind: str = "application/json") -> bytes:
    head = f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Connection(asyncio.Protocol):
    """One keep-alive connection; requests on it come one after the other."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.given = given
        self.loop = asyncio.get_running_loop()
        self.buffer = b""
        self.answering = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, _: Exception | None) -> None:
        if self.answering:
            seen["cut"] = [*seen["cut"][-9:], time.monotonic()]

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, blank, rest = self.buffer.partition(b"\r\n\r\n")
        if not blank:
            return
        if len(rest) >= length_of(head):
            self.buffer = b""
            self.answer(head.split(b" ", 2)[1], rest)

    def answer(self, path: bytes, body: bytes) -> None:
        if path == b"/seen":
            self.transport.write(response(json.dumps(seen).encode()))
        elif path.endswith(b"/audio/speech"):
            self.loop.call_later(self.given.latency, self.speak, 0)
        else:
            self.answer_chat(json.loads(body))

    def answer_chat(self, asked: dict[str, Any]) -> None:
        whole = self.chat(asked)
        if asked.get("stream") and self.given.said:
            self.answering = True
            self.loop.call_later(self.given.latency, self.say, 0, time.monotonic())
        elif asked.get("stream") and self.given.deltas:
            self.loop.call_later(self.given.latency, self.tell, 0, time.monotonic())
        else:
            self.loop.call_later(self.given.latency, self.transport.write, whole)

    def tell(self, number: int, asked_at: float) -> None:
        if self.transport.is_closing():
            return
        text = f"{number} " if number else f"{time.monotonic() - asked_at:.6f} "
        last = number + 1 == self.given.deltas
        self.transport.write(b"%s%s%s" % (b"" if number else STREAM, delta(text), END if last else b""))
        if not last:
            at = asked_at + self.given.latency + (number + 1) * self.given.every
            self.loop.call_at(at, self.tell, number + 1, asked_at)

    def say(self, number: int, asked_at: float) -> None:
        tokens = re.findall(r"\s?[\w']+|[.,?!]", self.given.said)
        if self.transport.is_closing():
            return
        last = number + 1 == len(tokens)
        self.transport.write(b"%s%s%s" % (b"" if number else STREAM, delta(tokens[number]), END if last else b""))
        self.answering = not last
        if not last:
            self.loop.call_at(
                asked_at + self.given.latency + (number + 1) * self.given.every, self.say, number + 1, asked_at
            )

    def chat(self, asked: dict[str, Any]) -> bytes:
        tools = asked.get("tools")
        seen["calls"] += 1
        seen["tool" if tools else "chat"] = asked
        if asked.get("stream"):
            return response(events(), "text/event-stream")
        return response(completion(tools[0]["function"]["name"] if tools else None, text_for(asked)))

    def speak(self, number: int) -> None:
        if self.transport.is_closing():
            return
        piece = STAMP.pack(MP3, time.monotonic(), number).ljust(PIECE, b"\xaa")
        begin, last = b"" if number else SPEECH, number + 1 == self.given.pieces
        self.answering = not last
        self.transport.write(b"%s%x\r\n%s\r\n%s" % (begin, PIECE, piece, b"0\r\n\r\n" if last else b""))
        if not last:
            self.loop.call_later(self.given.pause, self.speak, number + 1)


async def serve(given: argparse.Namespace) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(given), "127.0.0.1", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--latency", type=float, default=1.0, help="seconds until the first byte of an answer")
    parser.add_argument("--pieces", type=int, default=12, help="pieces of one speech")
    parser.add_argument("--pause", type=float, default=0.015, help="seconds between them")
    parser.add_argument("--said", default="", help="text of a streamed answer, token by token")
    parser.add_argument("--deltas", type=int, default=0, help="pieces of a streamed answer; 0 for all at once")
    parser.add_argument("--every", type=float, default=0.2, help="seconds between them")
    asyncio.run(serve(parser.parse_args()))
