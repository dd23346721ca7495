"""`rplay listen`: transcribes a recording."""

from typing import BinaryIO

import click

from rplay.commands.base import Command


@click.command(cls=Command)
@click.argument("file", type=click.File("rb"))
def listen(file: BinaryIO) -> None:
    """Transcribe a recording. With - as FILE it is read from the standard input.

    \b
        rplay listen line.wav

    Accepts WAV, MP3, FLAC, Ogg, WebM or MP4, up to two minutes. It uses the server's speech recognition: docs/voice.md.
    """
    from rplay.commands.opening import settings
    from rplay.terminal.microphone import recogniser_of, said_in

    click.echo(said_in(recogniser_of(settings()), file.read()))
