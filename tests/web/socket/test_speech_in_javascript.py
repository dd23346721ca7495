"""The speech socket as the JavaScript client sees it, which is the one that browsers use."""

import json
import os
import shutil
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.programs import program
from tests.tts.fake_voice import BEGINNINGS, FakeVoice, byte_of
from tests.tts.running import Server

SOURCE = Path(__file__).parents[2] / "tts" / "js"


@pytest.fixture(scope="module")
def client(request: pytest.FixtureRequest) -> Path:
    """The client's folder with its packages, which are fetched once."""
    npm, _ = program("npm"), program("node")
    folder = Path(request.config.cache.mkdir("speech-client"))
    if not (folder / "node_modules").is_dir():
        fresh = folder / f"fresh-{os.getpid()}"
        fresh.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(SOURCE / name, fresh)
        done = subprocess.run(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=fresh, capture_output=True, timeout=120
        )
        if done.returncode:
            shutil.rmtree(fresh)
            pytest.skip(f"npm could not fetch socket.io-client from its registry: {done.stderr.decode()[:200]}")
        (fresh / "node_modules").rename(folder / "node_modules")
        shutil.rmtree(fresh)
    shutil.copy(SOURCE / "client.mjs", folder)
    return folder


@pytest.fixture(scope="module")
def voice() -> Iterator[FakeVoice]:
    fake = FakeVoice()
    yield fake
    fake.shutdown()
    fake.server_close()


@pytest.fixture(scope="module")
def server(voice: FakeVoice) -> Iterator[Server]:
    server = Server(TTS_PROVIDER="openai", TTS_BASE_URL=voice.url, TTS_API_KEY="sk-key")
    yield server
    server.stop()


@pytest.mark.operations
@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_stops_and_speaks_in_the_same_tick_gets_bytes_is_refused_and_leaves(client, voice, server, transport):
    voice.reset()
    done = subprocess.run(
        ["node", str(client / "client.mjs"), server.url, transport], capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    check_same_tick(result["sameTick"])
    assert [chunk["index"] for chunk in result["binary"]] == list(range(len(result["binary"])))
    assert all(chunk["isBytes"] for chunk in result["binary"])
    assert sum(chunk["bytes"] for chunk in result["binary"]) == 4000
    assert result["refused"] == "Authentication required"
    voice.wait_for(lambda: voice.of("hold=1 leaving")[0].outcome == "aborted")
    assert server.state()["connections"] == []


def check_same_tick(told: dict[str, Any]) -> None:
    greeting, *heard = told["heard"]
    assert greeting == ["tts-connected", {"message": "TTS service ready", "socketId": told["id"]}]
    speeches = [heard[n : n + 4] for n in range(0, len(heard), 4)]
    assert len(speeches) == 40
    for number, (start, chunk, end, ack) in enumerate(speeches):
        text = f"hold=1 number {number}"
        assert start == ["speech-start", {"text": text, "voice": "alloy"}]
        assert chunk[1]["index"] == 0
        assert set(b64decode(chunk[1]["data"]).removeprefix(BEGINNINGS["mp3"])) == {byte_of(text)}
        assert end == ["speech-end", {"totalBytes": 1000, "duration": 0.0625}]
        assert ack == ["ack", {"success": True}, text]
