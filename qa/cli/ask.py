"""``qa ask``, ``qa chat``, ``qa search``, ``qa read``."""

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.cli.files import read_batch, read_input
from qa.cli.options import (
    cli,
    common_options,
    explain_option,
    format_option,
    open_from,
    precision_option,
    settings_of,
    source_option,
    top_k_option,
)
from qa.cli.output import EXIT_ABSTAINED, print_json, say, source_lines, style_for
from qa.errors import UsageError
from qa.lines import Style, answer_markdown, answer_text, escaped, explanation, search_lines, search_markdown
from qa.render import answer_json, one_line, passage_json
from qa.types import Answer

if TYPE_CHECKING:
    from qa.ask.library import Library


def show(answer: Answer, form: str, style: Style, *, explain: bool, id: str | None = None) -> None:
    """Print an answer; one of several is headed by its id and question."""
    if form == "json":
        print_json(answer_json(answer, id=id, explain=explain))
        return
    if id is not None:
        head = f"{id}: {one_line(answer.question)}"
        say(f"## {escaped(head)}\n" if form == "md" else head)
    if form == "md":
        say(answer_markdown(answer, explain=explain))
    else:
        say(answer_text(answer, explain=explain, style=style))
    if id is not None:
        say()


def chosen(library: "Library", sources: tuple[str, ...]) -> tuple[str, ...] | None:
    """The ids of the sources to ask, None for all; raises ``UsageError`` for one that there is not."""
    library.within(sources)
    return sources or None


@cli.command()
@click.argument("words", nargs=-1, metavar="QUESTION")
@click.option("--batch", type=click.Path(), help='Answer a JSONL file of {"id", "question", "history"}; - is stdin.')
@source_option
@top_k_option
@precision_option
@explain_option
@format_option
@common_options
def ask(
    words: tuple[str, ...],
    batch: str | None,
    sources: tuple[str, ...],
    form: str,
    as_json: bool,
    explain: bool,
    **options: Any,
) -> None:
    """Answer QUESTION with a citation, or say that nothing does.

    With - for QUESTION it is read from standard input. Exit code 3 where nothing answers.
    """
    if bool(words) == (batch is not None):
        raise UsageError("give one question in quotes, - for standard input, or --batch FILE")
    if batch is not None:
        rows = read_batch(batch, {"id", "question", "history"})
    else:
        question = read_input("-").strip() if words == ("-",) else " ".join(words)
        rows = [{"id": None, "question": question, "history": []}]
    form = "json" if as_json else form
    library, style = open_from(options), style_for(settings_of(options).corpus)
    held_to = chosen(library, sources)
    abstained = False
    for row in rows:
        answer = library.ask(row["question"], row["history"], sources=held_to)
        abstained = answer.abstained
        show(answer, form, style, explain=explain, id=row["id"])
    if abstained and batch is None:
        raise SystemExit(EXIT_ABSTAINED)


@cli.command()
@click.argument("question", required=False)
@click.option("--passage", type=click.Path(), help="File with the passage; - is stdin.")
@click.option("--batch", type=click.Path(), help='JSONL file of {"id", "question", "context"}; - is stdin.')
@common_options
def read(question: str | None, passage: str | None, batch: str | None, as_json: bool, **options: Any) -> None:
    """Answer QUESTION from one given text.

    The reader alone, without search.
    """
    from qa.ask.library import check_question
    from qa.ask.opening import open_text_reader

    style = style_for(settings_of(options).corpus)
    if batch is not None:
        if question is not None or passage is not None:
            raise UsageError("give --batch FILE alone, or a question with --passage FILE")
        rows = read_batch(batch, {"id", "question", "context"})
    elif question is None or passage is None:
        raise UsageError("give a question with --passage FILE, or --batch FILE")
    else:
        check_question(question)
        rows = [{"id": None, "question": question, "context": read_input(passage)}]
    reader = open_text_reader(settings_of(options).reader)
    found = None
    for row in rows:
        found = reader.read(row["question"], row["context"])
        if as_json:
            fields: dict[str, Any] = {} if row["id"] is None else {"id": row["id"]}
            fields |= {"answer": found.answer, "start": found.start, "end": found.end}
            print_json(fields | {"confidence": round(found.confidence, 6)})
        else:
            text = "The passage does not say." if found.answer is None else found.answer
            where = "" if found.start is None else f" ({found.start}-{found.end})"
            name = "" if row["id"] is None else f"{row['id']}: "
            say(f"{name}{style(text, 'answer')}{style(where, 'source')}")
    if batch is None and found is not None and found.answer is None:
        raise SystemExit(EXIT_ABSTAINED)


@cli.command()
@click.argument("query")
@top_k_option
@explain_option
@format_option
@common_options
def search(query: str, form: str, as_json: bool, explain: bool, **options: Any) -> None:
    """Show the passages nearest to QUERY without reading them."""
    ranked = open_from(options).search(query)
    if as_json or form == "json":
        print_json([passage_json(scored, explain=explain) for scored in ranked])
    elif form == "md":
        say(search_markdown(ranked))
    else:
        say("\n".join(search_lines(ranked, explain=explain, style=style_for(settings_of(options).corpus))))


@cli.command()
@source_option
@top_k_option
@precision_option
@explain_option
@format_option
@common_options
def chat(sources: tuple[str, ...], form: str, as_json: bool, explain: bool, **options: Any) -> None:
    """Ask one question after another; follow-ups are understood.

    Ctrl-C drops a line or stops an answer; Ctrl-D or /quit ends.
    """
    form = "json" if as_json else form
    library, style = open_from(options), style_for(settings_of(options).corpus)
    held_to = chosen(library, sources)
    interactive = sys.stdin.isatty()
    if isinstance(sys.stdin, io.TextIOWrapper):  # a line that is no text is refused as a question, not the end
        sys.stdin.reconfigure(errors="surrogateescape")
    if interactive:
        enable_line_editing()
        say("Ask about the sources. /sources lists them, /why explains the last answer, /quit ends.")
    history: list[str] = []
    last = None
    while True:
        try:
            line = input("? " if interactive else "").strip()
            if line in ("/quit", "/q", "/exit"):
                return
            if not line:
                continue
            if line == "/sources":
                say("\n".join(source_lines(library)))
            elif line == "/why":
                say("\n".join(explanation(last, style)) if last else "Nothing was asked yet.")
            elif line.startswith("/"):
                say("Commands: /sources, /why, /quit. Anything else is a question.")
            else:
                last = library.ask(line, history, sources=held_to)
                history.append(line)
                show(last, form, style, explain=explain)
                if form != "json":
                    say()
        except UsageError as error:
            say(one_line(str(error)))
        except KeyboardInterrupt:
            if not interactive:
                raise
            say()
        except EOFError:
            if interactive:
                say()
            return


def enable_line_editing() -> None:
    """Arrow keys and history at the prompt, kept between runs where the state folder can be written."""
    try:
        import atexit
        import readline
    except ImportError:
        return
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "qa"
    file = state / "history"
    try:
        state.mkdir(parents=True, exist_ok=True)
        if file.exists():
            readline.read_history_file(file)
    except OSError:
        return
    readline.set_history_length(1000)
    atexit.register(lambda: _save_history(file))


def _save_history(file: Path) -> None:
    import contextlib
    import readline

    with contextlib.suppress(OSError):
        readline.write_history_file(file)
