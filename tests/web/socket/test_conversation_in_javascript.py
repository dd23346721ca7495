"""The conversation of docs/voice.md, word for word, in node with the JavaScript client: the browser's sound is made up,
the server, the voice and the recogniser are real."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.live import ROOT, live_server
from tests.stt.recordings import LINE, pcm, samples_of, wrong_words
from tests.web.socket.talking import BODY
from tests.web.socket.test_speech_in_javascript import client  # noqa: F401

BLOCK = re.compile(r"^```js\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DRIVER = """
import { readFileSync } from "node:fs";
import { io } from "socket.io-client";
import { conversation } from "./conversation.mjs";

const [address, token, body, recording] = process.argv.slice(2);
let frames = 0, port = null;
const told = [];
globalThis.AudioContext = class {
  sampleRate = 16000;
  get currentTime() { return performance.now() / 1000; }
  audioWorklet = { addModule: async () => {} };
  createMediaStreamSource() { return { connect() {} }; }
  async decodeAudioData(data) { frames += 1; return { bytes: data.byteLength }; }
  createBufferSource() {
    return { connect() {}, start() { setTimeout(() => this.onended(), 5); }, stop() { this.onended(); } };
  }
};
globalThis.AudioWorkletNode = class { port = (port = {}); };
globalThis.navigator ??= {};
Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia: async () => ({}) } });

const talk = await conversation(io, address, token, JSON.parse(body), (who, text) => told.push([who, text]));
const sound = readFileSync(recording);
const turn = () => new Promise((done) => {
  const before = talk.messages.length;
  const look = setInterval(() => talk.messages.length >= before + 2 && (clearInterval(look), done()), 20);
});
talk.press();
for (let at = 0; at < sound.length; at += 3200) port.onmessage({ data: sound.subarray(at, at + 3200) });
const answered = turn();
const ended = await talk.release();
await answered;
const said = await talk.say("And what about your family?");
talk.interrupt();
console.log(JSON.stringify({ ended, said, frames, told, messages: talk.messages }));
talk.close();
"""


@pytest.fixture(scope="module")
def live(new_database, tmp_path_factory):
    settings = {"STT_PROVIDER": "local", "TTS_PROVIDER": "local", "AI_PROVIDERS": "local"}
    with live_server(new_database(), tmp_path_factory.mktemp("js"), **settings) as server:
        yield server


@pytest.mark.practice
def test_the_conversation_of_the_documentation_is_held(client, live, tmp_path):  # noqa: F811
    worklet, page = BLOCK.findall((ROOT / "docs/voice.md").read_text(encoding="utf-8"))
    assert len(page.splitlines()) < 50
    (client / "conversation.mjs").write_text(page, encoding="utf-8")
    (client / "pcm.mjs").write_text(worklet, encoding="utf-8")
    (client / "driver.mjs").write_text(DRIVER, encoding="utf-8")
    recording = tmp_path / "line.pcm"
    recording.write_bytes(pcm(samples_of(LINE)))
    person = {"name": "Js", "email": "js@example.com", "password": "Passw0rdX"}
    token = live.call("POST", "/api/auth/register", person).json()["data"]["token"]
    body = json.dumps({key: BODY[key] for key in ("clientProfile", "simulationSettings")})
    done = _node(client, "driver.mjs", live.base, token, body, str(recording))
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["ended"], result["said"]) == ({"success": True}, {"success": True})
    advisor, answer, *_ = result["messages"]
    assert wrong_words(LINE, advisor["content"]) == 0
    assert advisor["voice"]["words"] == 12
    assert advisor["voice"]["seconds"] > 2
    assert (answer["role"], bool(answer["content"])) == ("assistant", True)
    assert result["frames"] > 1
    assert [text for who, text in result["told"] if who == "trouble"] == []
    assert _node(client, "--check", "pcm.mjs").returncode == 0


def _node(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["node", *words], cwd=folder, capture_output=True, text=True, timeout=150)
