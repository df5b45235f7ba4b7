"""``qa ask``, ``qa chat``, ``qa search``, ``qa read``."""

import io
import os
import sys
from pathlib import Path
from typing import Any

import click

from qa.cli.files import read_batch, read_input
from qa.cli.options import cli, common_options, explain_option, open_from, precision_option, settings_of, top_k_option
from qa.cli.output import EXIT_ABSTAINED, print_json, say, source_lines, style
from qa.errors import UsageError


@cli.command()
@click.argument("question", required=False)
@click.option("--batch", type=click.Path(), help='Answer a JSONL file of {"id", "question", "history"}; - is stdin.')
@top_k_option
@precision_option
@explain_option
@common_options
def ask(question: str | None, batch: str | None, as_json: bool, explain: bool, **options: Any) -> None:
    """Answer QUESTION with a citation, or say that the sources do not."""
    from qa.render import answer_json, answer_text

    if (question is None) == (batch is None):
        raise UsageError("give one question in quotes, or --batch FILE")
    rows = (
        read_batch(batch, {"id", "question", "history"})
        if batch is not None
        else [{"id": None, "question": question, "history": []}]
    )
    library = open_from(options)
    abstained = False
    for row in rows:
        answer = library.ask(row["question"], row["history"])
        abstained = answer.abstained
        if as_json:
            print_json(answer_json(answer, id=row["id"], explain=explain))
        else:
            if batch is not None:
                say(f"{row['id']}: {row['question']}")
            say(answer_text(answer, explain=explain, style=style))
            if batch is not None:
                say()
    if abstained and batch is None:
        raise SystemExit(EXIT_ABSTAINED)


@cli.command()
@click.argument("question", required=False)
@click.option("--passage", type=click.Path(), help="File with the passage; - is stdin.")
@click.option("--batch", type=click.Path(), help='JSONL file of {"id", "question", "context"}; - is stdin.')
@common_options
def read(question: str | None, passage: str | None, batch: str | None, as_json: bool, **options: Any) -> None:
    """Answer QUESTION from one given passage: the reader alone, without search."""
    from qa.ask.library import check_question
    from qa.ask.opening import open_text_reader

    settings_of(options)
    if batch is not None:
        if question is not None or passage is not None:
            raise UsageError("give --batch FILE alone, or a question with --passage FILE")
        rows = read_batch(batch, {"id", "question", "context"})
    elif question is None or passage is None:
        raise UsageError("give a question with --passage FILE, or --batch FILE")
    else:
        check_question(question)
        rows = [{"id": None, "question": question, "context": read_input(passage)}]
    reader = open_text_reader()
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
@common_options
def search(query: str, as_json: bool, explain: bool, **options: Any) -> None:
    """Show the passages nearest to QUERY without reading them."""
    from qa.render import passage_json, search_lines

    ranked = open_from(options).search(query)
    if as_json:
        print_json([passage_json(scored, explain=explain) for scored in ranked])
    else:
        say("\n".join(search_lines(ranked, explain=explain, style=style)))


@cli.command()
@top_k_option
@precision_option
@explain_option
@common_options
def chat(as_json: bool, explain: bool, **options: Any) -> None:
    """Ask one question after another; follow-ups are understood from the ones before."""
    from qa.render import answer_json, answer_text, explanation, one_line

    library = open_from(options)
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
        except (EOFError, KeyboardInterrupt):
            if interactive:
                say()
            return
        if line in ("/quit", "/q", "/exit"):
            return
        if not line:
            continue
        if line == "/sources":
            say("\n".join(source_lines(library)))
        elif line == "/why":
            say("\n".join(explanation(last)) if last else "Nothing was asked yet.")
        elif line.startswith("/"):
            say("Commands: /sources, /why, /quit. Anything else is a question.")
        else:
            try:
                last = library.ask(line, history)
            except UsageError as error:
                say(one_line(str(error)))
                continue
            history.append(line)
            if as_json:
                print_json(answer_json(last, explain=explain))
            else:
                say(answer_text(last, explain=explain, style=style) + "\n")


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
