"""The manual page and the shells' completions, from what ``--help`` says: ``python -m qa.cli.manual packaging``."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from qa.cli.options import cli

COMPLETIONS = {"bash": "qa.bash", "zsh": "_qa", "fish": "qa.fish"}
PARTS = re.compile(r"^\\b\n", re.MULTILINE)
"""What keeps click from filling the lines below it."""


def manual() -> str:
    """The page in man's macros: the group, then each command with its options."""
    top = click.Context(cli, info_name="qa", help_option_names=cli.context_settings["help_option_names"])
    lines = [
        '.TH QA 1 "" qa "User commands"',
        ".SH NAME",
        roff(f"qa - {cli.get_short_help_str(200).rstrip('.')}"),
        ".SH SYNOPSIS",
        ".B qa",
        roff("COMMAND [OPTIONS] [ARGS]..."),
        ".SH DESCRIPTION",
        *paragraphs(cli.help or ""),
        ".SH COMMANDS",
    ]
    for name, command in cli.every().items():
        context = click.Context(command, info_name=name, parent=top)
        usage = " ".join((f"qa {name}", *command.collect_usage_pieces(context)))
        lines += [f".SS {roff(usage)}", *paragraphs(command.help or "")]
        for parameter in command.get_params(context):
            if (record := parameter.get_help_record(context)) is not None and record[1]:
                lines += [".TP", f".B {roff(record[0])}", roff(" ".join(record[1].split()))]
    lines += [".SH NOTES", *paragraphs(cli.epilog or "")]
    return "\n".join(lines) + "\n"


def paragraphs(text: str) -> Iterator[str]:
    """Help in man's macros, a paragraph each; lines that click leaves alone stay lines."""
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        yield ".PP"
        if PARTS.match(paragraph):
            yield from (".nf", roff(PARTS.sub("", paragraph)), ".fi")
        else:
            yield roff(" ".join(paragraph.split()))


def roff(text: str) -> str:
    """Text that roff shows as it is."""
    plain = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", plain, flags=re.MULTILINE)


def completion(shell: str) -> str:
    """The script that a shell completes the command with."""
    made = get_completion_class(shell)
    assert made is not None, shell
    return made(cli, {}, "qa", "_QA_COMPLETE").source()


def written() -> dict[str, str]:
    """The files by their names."""
    return {"qa.1": manual()} | {name: completion(shell) for shell, name in COMPLETIONS.items()}


if __name__ == "__main__":
    for name, text in written().items():
        Path(sys.argv[1], name).write_text(text, encoding="utf-8")
