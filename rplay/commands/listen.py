"""`rplay listen`: transcribes a recording."""

from typing import BinaryIO

import click

from rplay.commands.base import Command


@click.command(cls=Command)
@click.argument("file", type=click.File("rb"))
def listen(file: BinaryIO) -> None:
    """Print what is said in a recording. As FILE, - reads the standard input.

    \b
        rplay listen line.wav

    WAV, MP3, FLAC, Ogg, WebM or MP4, up to two minutes. Whoever the server would ask understands it: docs/voice.md.
    """
    from rplay.commands.opening import settings
    from rplay.terminal.microphone import recogniser_of, said_in

    click.echo(said_in(recogniser_of(settings()), file.read()))
