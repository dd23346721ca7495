"""/api/speech: speech recognition."""

from contextlib import ExitStack
from typing import Annotated

from flask import Blueprint
from pydantic import WithJsonSchema

from rplay.db.sessions import SignedIn
from rplay.errors import BadRequest, NotConfigured, RecognitionError, UpstreamFailed
from rplay.runtime.metrics import count_recognition
from rplay.stt import recording
from rplay.stt.listening import FAILED
from rplay.web import forms
from rplay.web.answers import Answer, ok
from rplay.web.auth import signed_in
from rplay.web.body import Body, once_more, read_raw, turn
from rplay.web.disconnect import while_waited_for
from rplay.web.limits import limited
from rplay.web.openapi import responds
from rplay.web.parts import parts
from rplay.web.views import Arguments, View, declared, preceded

bp = Blueprint("speech", __name__, url_prefix="/api/speech")

_AUDIO = {"type": "string", "contentMediaType": "application/octet-stream", "maxLength": 10 * 2**20}
Audio = Annotated[bytes, WithJsonSchema(_AUDIO)]


class Recording(Body):
    """A recording: WAV, MP3, FLAC, Ogg or WebM with Opus or Vorbis, MP4 with AAC. It may also be the body itself."""

    file: Audio


def takes_audio(view: View) -> View:
    """Pass the `audio` to the view, from a form or from the whole body. It is kept in memory only."""
    declared(view).form = Recording
    return preceded(view, _read_audio)


def _read_audio(arguments: Arguments, _: ExitStack) -> Arguments:
    raw = read_raw(large=True)
    boundary = forms.boundary_of(raw)
    audio = forms.read(raw, boundary).get("file") if boundary else raw
    if not audio or not isinstance(audio, bytes):
        raise BadRequest("Audio is required")
    return {**once_more(arguments), "audio": audio}


@bp.post("/transcriptions")
@signed_in
@limited("listening", "listening_address")
@takes_audio
@while_waited_for
@responds(200, 400, 408, 413, 415, 502, text=str, seconds=float, language=str | None, source=str)
def transcribe(user: SignedIn, audio: bytes) -> Answer:  # noqa: ARG001
    """Transcribe a recording of up to two minutes."""
    recogniser = parts().recogniser
    if recogniser is None or not recogniser.configured():
        raise NotConfigured("Speech recognition is not configured")
    with turn(len(audio)):
        found = recording.read(audio)
    try:
        text, language = recording.transcribed(found, recogniser, count_recognition)
    except RecognitionError:
        raise UpstreamFailed(FAILED) from None
    return ok(text=text, seconds=found.seconds, language=language, source=recogniser.name)
