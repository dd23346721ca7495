"""Generates docs/cli.md from the commands: `make docs`."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from rplay.commands.base import STATUSES

TARGET = Path(__file__).parents[2] / "docs" / "cli.md"

HEAD = """# Commands

This page is made from the help of the commands: `make docs`. `rplay …` and `flask --app wsgi …` are the same commands;
`rplay` starts faster.

- Settings come from the environment and from `.env` in the working folder, as for the server. Without `DATABASE_URL`
  the commands work on the embedded database in `INSTANCE_DIR`, whether a server runs on it or not.
- Results go to the standard output, messages to the standard error. On a terminal lists are tables, in colour unless
  `NO_COLOR` is set; elsewhere they are fields between tabs, without a heading and without anything that moves. `--json`
  gives programs all there is.
- Passwords are asked for, or read from a file or the standard input; never given as an argument, which everybody on
  the machine can see.

## Completion

The shell completes commands and options once it was told to, in its start file:

    eval "$(_RPLAY_COMPLETE=bash_source rplay)"               # ~/.bashrc; bash 4.4 or newer
    eval "$(_RPLAY_COMPLETE=zsh_source rplay)"                # ~/.zshrc
    _RPLAY_COMPLETE=fish_source rplay | source                # ~/.config/fish/config.fish

## How they end

| status | means |
|---|---|
"""


def reference(root: click.Group) -> str:
    statuses = "".join(f"| {status} | {meaning} |\n" for status, meaning in STATUSES.items())
    return HEAD + statuses + "".join(_sections(root, click.Context(root, info_name="rplay", **root.context_settings)))


def _sections(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context, terminal_width=100, max_content_width=100)
        yield f"\n## {inner.command_path}\n\n```\n{_without_help_option(command.get_help(inner))}\n```\n"
        if isinstance(command, click.Group):
            yield from _sections(command, inner)


def _without_help_option(text: str) -> str:
    lines = [line for line in text.splitlines() if "Show this message and exit." not in line]
    return "\n".join(lines).replace("\nOptions:\n\n", "\n").removesuffix("\nOptions:").rstrip()


if __name__ == "__main__":
    import cli

    TARGET.write_text(reference(cli.main), encoding="utf-8")
    sys.stderr.write(f"{TARGET} is up to date.\n")
