"""The command group, and the options that commands share."""

import gc
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from qa.cli.output import QUIET, ProgressBar, note, quiet, say, skipped_line
from qa.config import FILM, READERS, Settings, load_settings
from qa.errors import UsageError

if TYPE_CHECKING:
    from qa.ask.library import Library

F = TypeVar("F", bound=Callable[..., Any])


EPILOG = """\b
Examples:
  qa ask "Who made the clay figures?"
  qa ask --corpus ~/papers "Who signed the lease?"
  qa chat

\b
Exit codes:
  0 answered, 1 error, 2 usage, 3 abstained,
  4 index unusable and not rebuildable, 5 below the baseline

`qa help COMMAND` shows what a command takes."""


COMMANDS = {
    "add": "corpus",
    "ask": "ask",
    "chat": "ask",
    "doctor": "doctor",
    "eval": "evaluate",
    "index": "index",
    "key": "serve",
    "mcp": "mcp",
    "read": "ask",
    "remove": "corpus",
    "search": "ask",
    "serve": "serve",
    "sources": "index",
    "verify": "index",
}
"""The module of each command, beside ``help``; it adds the command to the group."""


class Commands(click.Group):
    """A group that imports a command when it is asked for, so that a question pays for no other."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name."""
        if cmd_name in COMMANDS:
            importlib.import_module(f"qa.cli.{COMMANDS[cmd_name]}")
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in order."""
        return sorted({*COMMANDS, *super().list_commands(ctx)})

    def every(self) -> dict[str, click.Command]:
        """All commands by name."""
        context = click.Context(self)
        return {name: found for name in self.list_commands(context) if (found := self.get_command(context, name))}


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EPILOG,
)
@click.version_option(package_name="qa", prog_name="qa")
@click.pass_context
def cli(context: click.Context) -> None:
    """Ask a handful of source documents; every answer is a quotation with its place, or an honest no."""
    if context.invoked_subcommand is None:
        say(context.get_help(), wrap=False)


@cli.command("help")
@click.argument("command", required=False)
@click.pass_context
def help_command(context: click.Context, command: str | None) -> None:
    """Show what qa, or one of its commands, takes."""
    group = context.parent or context
    found = cli if command is None else cli.get_command(group, command)
    if found is None:
        raise UsageError(f"there is no command {command!r}; `qa help` lists them")
    shown = group if command is None else click.Context(found, info_name=command, parent=group)
    say(found.get_help(shown), wrap=False)


def set_colour(context: click.Context, parameter: click.Parameter, value: str) -> None:
    """Keep what ``--color`` says for all that is printed."""
    context.color = {"always": True, "never": False}.get(value)


def set_quiet(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    """Keep what ``--quiet`` says for all that is noted."""
    context.meta[QUIET] = value


def common_options(command: F) -> F:
    """The options that every command takes."""
    for option in (
        click.option(
            "--quiet", "-q", is_flag=True, expose_value=False, callback=set_quiet, help="No notes, no progress."
        ),
        click.option(
            "--color",
            type=click.Choice(["auto", "always", "never"]),
            default="auto",
            expose_value=False,
            callback=set_colour,
            help="Colour the text; auto: on a terminal, unless NO_COLOR is set.",
        ),
        click.option("--json", "as_json", is_flag=True, help="Print JSON."),
        click.option(
            "--index",
            type=click.Path(path_type=Path),
            help="Index folder (QA_INDEX; default: index, or the cache folder for another corpus).",
        ),
        click.option(
            "--corpus",
            type=click.Path(path_type=Path),
            help="Corpus folder (QA_CORPUS; default: corpus, or the film's that comes with qa).",
        ),
        click.option(
            "--store",
            metavar="ADDRESS",
            help="Search there: milvus+http://host:19530/collection or milvus+file:///folder/name.db (QA_STORE; "
            "default: the index folder).",
        ),
        click.option("--encoder", help="Encoder: a packaged model's name or a model folder (QA_ENCODER)."),
        click.option(
            "--reader",
            type=click.Choice(READERS),
            help="Reader: large, or small for less memory and time (QA_READER; default: large).",
        ),
    ):
        command = option(command)
    return command


top_k_option = click.option("--top-k", type=int, help="How many passages to return (QA_TOP_K; default: 5).")
precision_option = click.option(
    "--precision",
    type=float,
    help="Withhold what is less sure, so that this share of the answers is right (QA_PRECISION), such as 0.9.",
)
source_option = click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="DOC_ID",
    help="Ask only this source; repeatable. `qa sources` lists them.",
)
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "md", "json"]),
    default="text",
    help="Print text, Markdown or JSON.  [default: text]",
)
explain_option = click.option("--explain", is_flag=True, help="Show every score behind ranking and decision.")


def settings_of(options: dict[str, Any], *, film: bool = True) -> Settings:
    """Settings from the options that ``common_options`` and ``top_k_option`` add; see ``load_settings``."""
    names = ("corpus", "index", "encoder", "reader", "top_k", "precision", "store", "ray")
    return load_settings({key: options.get(key) for key in names}, film=film)


def open_from(options: dict[str, Any]) -> "Library":
    """The library that the options name; see ``open_and_tell``."""
    return open_and_tell(settings_of(options))


def open_and_tell(settings: Settings) -> "Library":
    """A library, its index renewed if need be, and what a person should know of it told on stderr.

    That is: whose documents are asked where none are named, a reader that was fitted otherwise, files left out.
    """
    # What is imported stays, and to look through it for what does not costs a tenth of a question.
    gc.disable()
    from qa.ask.opening import open_with

    gc.freeze()
    gc.enable()
    if settings.corpus is FILM and not quiet():  # the same path may have been named
        note("qa: no folder `corpus` here: asking the documents on the film that come with qa; --corpus names yours")
    library = open_with(settings, progress=ProgressBar())
    if quiet():
        return library
    for line in library.notices:
        note(f"qa: {line}")
    if library.built and library.skipped:
        note(f"qa: {skipped_line(library.skipped)}")
    return library
