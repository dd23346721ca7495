"""A practice talk in the terminal: input and output."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.markdown import Markdown
from rich.panel import Panel
from rich.spinner import Spinner
from rich.text import Text

from rplay.agents.types import Difficulty
from rplay.config import Settings
from rplay.errors import AIError, RecognitionError, SpeechError, StartError
from rplay.runtime import logs
from rplay.terminal import shown
from rplay.terminal.microphone import Microphone, recogniser_of, recorder, voice_of
from rplay.terminal.training import Training, begin
from rplay.terminal.voice import Voice, player, speaker_of

HELP = "/help [question] asks the expert, /progress shows the objectives, /end or Ctrl-D ends with the review."


def start(
    settings: Settings,
    industry: str,
    subcategory: str | None,
    difficulty: Difficulty,
    voice: str | None,
    speak: bool = False,
) -> None:
    """Hold a talk from its beginning to its review.

    `voice` is the folder for audio of the client's lines, or "" to play them. With `speak` the learner can also speak.
    """
    microphone = Microphone(recogniser_of(settings), recorder(), settings.listen_pause_ms) if speak else None
    logs.install(settings.model_copy(update={"log_level": "warning"}))
    console = Console(highlight=False)
    with console.status("Looking for a client"):
        try:
            training = begin(settings, industry, subcategory, difficulty)
        except AIError as error:
            raise StartError(
                f"There is no client to talk with: {error}. AI_PROVIDERS=local gives a rehearsal."
            ) from error
    Talk(training, console, None if voice is None else _voice(settings, voice, console), microphone).run()


def _voice(settings: Settings, folder: str, console: Console) -> Voice:
    program = None if folder else player()
    where = Path(folder) if folder else Path(tempfile.mkdtemp(prefix="rplay-talk-"))
    console.print(f"The client's lines are {'played and ' if program else ''}saved in {where}", style="dim")
    return Voice(speaker_of(settings), where, program)


class Talk:
    """One talk on a console. Without a person at a terminal there are no animations, and input is echoed."""

    def __init__(
        self, training: Training, console: Console, voice: Voice | None = None, microphone: Microphone | None = None
    ) -> None:
        self.training = training
        self.console = console
        self.voice = voice
        self.microphone = microphone
        self._measured: dict[str, Any] | None = None  # measurements of the last spoken line
        self._somebody = console.is_terminal and sys.stdin.isatty()
        self._speaks = next(iter(training.chain.states()), "")

    def run(self) -> None:
        try:
            self._meet()
        finally:
            if self.voice:
                self.voice.hush()
        self._review()

    def _meet(self) -> None:
        self.console.print(shown.introduction(self.training))
        self.console.print(Text(f"AI: {self._provider()}\n{HELP}", "dim"))
        self._hear(None)
        for line in self._lines():
            command, _, rest = line.partition(" ")
            if command == "/end":
                break
            if command == "/help":
                self._help(rest.strip())
            elif command == "/progress":
                self._progress()
            elif command.startswith("/"):
                self.console.print(Text(HELP, "dim"))
            else:
                self._hear(line)

    def _lines(self) -> Iterator[str]:
        """Yield the learner's input without empty lines, until it ends."""
        if self._somebody:
            with suppress(ImportError):
                import readline  # noqa: F401  gives input() a line editor
        while True:
            try:
                line = input("\nYou: " if self._somebody else "").strip()
            except EOFError:
                return
            if self.voice:
                self.voice.hush()
            if not line and self.microphone:
                line = self._listen(self.microphone)
            elif line and not self._somebody:
                self.console.print(f"\nYou: {line}", markup=False)
            if line:
                yield line

    def _listen(self, microphone: Microphone) -> str:
        """Return what the learner says until a pause; "" if nothing was heard."""
        try:
            with self.console.status("Speak; a pause ends your turn"):
                heard = microphone.listen()
        except (RecognitionError, OSError) as error:
            self.console.print(Text(f"Nothing was heard: {error}", "yellow"))
            return ""
        self.console.print(f"You: {heard['text'] or '(nothing was understood)'}", markup=False)
        self._measured = voice_of(heard)
        return str(heard["text"])

    def _hear(self, said: str | None) -> None:
        """Show the client's reply as it arrives, then speak it."""
        name, heard, answered_by = self.training.client, "", ""
        self.console.print()
        with Live(Spinner("dots", f"{name} is thinking"), console=self.console, refresh_per_second=12) as live:
            for event in self.training.hear(said, self._measured):
                if event.type == "delta":
                    heard += event.data["text"]
                    live.update(Text.assemble((f"{name}: ", "bold cyan"), heard))
                elif event.type == "error":
                    live.update(Text(f"{name} did not answer. Try again, or /end.", "red"))
                elif event.type == "complete":
                    answered_by = event.data["metadata"]["provider"]
        if not self.console.is_terminal:
            self.console.print()  # without a terminal the live display does not end its last line
        self._measured = None
        if answered_by:
            self._speak(answered_by, heard)

    def _speak(self, provider: str, text: str) -> None:
        if provider != self._speaks:
            self._speaks = provider
            self.console.print(Text(f"The AI changed: {self._provider()}", "yellow"))
        if self.voice is None:
            return
        try:
            self.voice.say(text)
        except (SpeechError, OSError) as error:
            self.console.print(Text(f"There is no voice any more: {error}", "yellow"))
            self.voice = None

    def _provider(self) -> str:
        model = self.training.models.get(self._speaks)
        return f"{model} ({self._speaks})" if model else "rehearsal, made of rules"

    def _help(self, question: str) -> None:
        try:
            with self.console.status("The expert is thinking"):
                advice = self.training.advise(question or "What should I do next?")
        except AIError:
            self.console.print("The expert did not answer. Try again.", style="red")
        else:
            self.console.print(Panel(Markdown(advice), title="Expert", border_style="green"))

    def _progress(self) -> None:
        with self.console.status("Looking at the objectives"):
            found = self.training.progress()
        self.console.print(shown.progress(found) if found else Text("The progress is not known.", style="red"))

    def _review(self) -> None:
        if not self.training.has_begun:
            self.console.print("\nYou have said nothing, so there is nothing to review.")
            return
        while True:
            try:
                with self.console.status("Writing the review"):
                    review = self.training.review()
                break
            except AIError as error:
                if not self._somebody:
                    raise
                input(f"The review was not written: {error}. Enter tries again, Ctrl-C gives up. ")
        self.console.print(shown.review(review))
