"""`rplay say`: speaks a text into an MP3 file."""

import sys
from typing import BinaryIO

import click

from rplay.commands.base import Command


@click.command(cls=Command)
@click.argument("text")
@click.option(
    "-o",
    "--output",
    type=click.File("wb", lazy=True),
    required=True,
    metavar="FILE",
    help="MP3 file to write; - is the standard output.",
)
@click.option("--voice", default="alloy", show_default=True, help="alloy, echo, fable, onyx, nova, shimmer, …")
@click.option("--speed", type=float, default=1.0, show_default=True, help="0.25 to 4; the local voice: 0.5 to 2.")
def say(text: str, output: BinaryIO, voice: str, speed: float) -> None:
    """Speak a text into an MP3 file. With - as TEXT it is read from the standard input.

    \b
        rplay say "Good morning, what brings you here?" -o out.mp3
    """
    from rplay.commands.opening import settings
    from rplay.terminal.voice import speaker_of, spoken

    words = sys.stdin.read() if text == "-" else text
    audio = spoken(speaker_of(settings()), words, voice, speed)
    output.write(audio)
    click.echo(f"{len(audio):,} bytes of MP3", err=True)
