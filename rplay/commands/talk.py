"""`rplay talk`: a practice talk in the terminal."""

from typing import TYPE_CHECKING

import click

from rplay.commands.base import Command

if TYPE_CHECKING:
    from rplay.agents.types import Difficulty


@click.command(cls=Command)
@click.option("--industry", default="insurance", show_default=True, help="insurance, wealth-management or securities.")
@click.option("--subcategory", help="As life-health or property-casualty.  [default: the industry's first]")
@click.option(
    "--difficulty",
    type=click.Choice(["beginner", "intermediate", "advanced"]),
    default="beginner",
    show_default=True,
    help="How open the client is.",
)
@click.option(
    "--voice", is_flag=False, flag_value="", metavar="[FOLDER]", help="Hear the client; save MP3 files there."
)
@click.option("--speak", is_flag=True, help="Speak yourself: Enter listens until you pause.")
def talk(industry: str, subcategory: str | None, difficulty: "Difficulty", voice: str | None, speak: bool) -> None:
    """Practise with a client, here in the terminal.

    \b
        rplay talk --industry securities --difficulty advanced

    Ends with a review. It uses the AI that the server would use; without a key that is the rehearsal, which works by
    rules. With --voice alone the lines are played if mpv, ffplay, mpg123 or afplay is installed, and otherwise saved.
    --speak records with arecord, ffmpeg or sox; typing remains possible.
    """
    from contextlib import nullcontext

    from rplay.commands.opening import opened, settings
    from rplay.terminal import talk as terminal

    current = settings()
    with opened(current) if current.data_store == "database" else nullcontext():
        terminal.start(current, industry, subcategory, difficulty, voice, speak)
