"""The command line: it only translates flags to calls and results to text or JSON.

Exit codes: 0 answered, 1 error, 2 usage, 3 abstained, 4 index missing, stale or damaged and not rebuildable,
5 `qa eval` below its baseline.
"""

import dataclasses
import importlib.metadata
import json
import logging
import os
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from qa.config import Settings, load_settings
from qa.errors import GateFailed, GoldError, IndexUnusable, QaError, UsageError

if TYPE_CHECKING:
    from qa.evaluate.gold import GoldSet
    from qa.evaluate.run import EvaluationSettings
    from qa.types import Document

EXIT_ABSTAINED = 3
LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1", "[::1]"))
COLOURS: dict[str, dict[str, Any]] = {
    "answer": {"bold": True},
    "quote": {"fg": "green"},
    "source": {"dim": True},
    "note": {"dim": True},
}
F = TypeVar("F", bound=Callable[..., Any])


def common_options(command: F) -> F:
    """The options that every command takes."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text."),
        click.option("--index", type=click.Path(path_type=Path), help="Index folder (QA_INDEX; default: index)."),
        click.option("--corpus", type=click.Path(path_type=Path), help="Corpus folder (QA_CORPUS; default: corpus)."),
        click.option("--encoder", help="Encoder: a packaged model's name or a model folder (QA_ENCODER)."),
    ):
        command = option(command)
    return command


top_k_option = click.option("--top-k", type=int, help="How many passages to return (QA_TOP_K; default: 5).")
explain_option = click.option("--explain", is_flag=True, help="Show every score behind ranking and decision.")


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 answered, 1 error, 2 usage, 3 abstained, 4 index unusable and not rebuildable, "
    "5 below the baseline. "
    'Shell completion: eval "$(_QA_COMPLETE=bash_source qa)" (or zsh_source, fish_source).',
)
@click.version_option(importlib.metadata.version("qa"), prog_name="qa")
def cli() -> None:
    """Ask a handful of source documents; every answer is a quotation with its place, or an honest no."""


# --- printing -----------------------------------------------------------------------------------------------


def style(text: str, role: str) -> str:
    """Colour on a terminal, none elsewhere nor with NO_COLOR."""
    if os.environ.get("NO_COLOR") or not sys.stdout.isatty():
        return text
    return click.style(text, **COLOURS[role])


def print_json(value: object) -> None:
    """One line of JSON, in UTF-8 letters."""
    click.echo(json.dumps(value, ensure_ascii=False))


class ProgressBar:
    """A progress bar on stderr while an index is built; silent unless stderr is a terminal."""

    def __init__(self) -> None:
        self._what = ""
        self._shown = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        """Draw the bar anew, ten times a second at most."""
        if not sys.stderr.isatty():
            return
        now = time.monotonic()
        if what == self._what and done < total and now - self._shown < 0.1:
            return
        self._what, self._shown = what, now
        filled = 30 * done // total
        end = "\n" if done == total else ""
        sys.stderr.write(f"\r{what:<10} [{'#' * filled}{'.' * (30 - filled)}] {done}/{total}{end}")
        sys.stderr.flush()


class JsonLines(logging.Formatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level and message."""
        fields = {"time": self.formatTime(record), "level": record.levelname, "message": record.getMessage()}
        if record.exc_info:
            fields["error"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False)


# --- opening ------------------------------------------------------------------------------------------------


def settings_of(options: dict[str, Any]) -> Settings:
    """Settings from the options that ``common_options`` and ``top_k_option`` add."""
    return load_settings({key: options.get(key) for key in ("corpus", "index", "encoder", "top_k")})


def open_from(options: dict[str, Any]) -> Any:
    """The library that the options name, its index renewed if need be."""
    from qa.ask.opening import open_with

    return open_with(settings_of(options), progress=ProgressBar())


# --- commands -----------------------------------------------------------------------------------------------


@cli.command()
@click.argument("question", required=False)
@click.option("--batch", type=click.Path(), help='Answer a JSONL file of {"id", "question", "history"}; - is stdin.')
@top_k_option
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
                click.echo(f"{row['id']}: {row['question']}")
            click.echo(answer_text(answer, explain=explain, style=style))
            if batch is not None:
                click.echo()
    if abstained and batch is None:
        raise SystemExit(EXIT_ABSTAINED)


def read_input(name: str) -> str:
    """The text of a file, or of stdin for ``-``."""
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else f"not UTF-8: {error.reason}"
        raise UsageError(f"{name}: cannot be read: {reason}") from error


def read_batch(name: str, keys: set[str]) -> list[dict[str, Any]]:
    """The questions of a JSONL file, every line checked; the first bad one is named by file and line."""
    from qa.ask.library import check_question

    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    for number, line in enumerate(read_input(name).split("\n"), 1):
        if not line.strip():
            continue
        where = f"{name}:{number}"
        try:
            row = json.loads(line)
        except ValueError as error:
            raise UsageError(f"{where}: not JSON: {error}") from error
        if not isinstance(row, dict):
            raise UsageError(f"{where}: not an object with a question")
        if unknown := row.keys() - keys:
            raise UsageError(f"{where}: unknown key {min(unknown)!r}; known are {', '.join(sorted(keys))}")
        row = row | {"id": str(row.get("id", number)), "question": row.get("question")}
        row |= {"history": row.get("history") or []} if "history" in keys else {"context": row.get("context")}
        if not isinstance(row["question"], str):
            raise UsageError(f"{where}: question must be a string")
        if "context" in row and not isinstance(row["context"], str):
            raise UsageError(f"{where}: context must be a string")
        history = row.get("history", [])
        if not isinstance(history, list) or not all(isinstance(earlier, str) for earlier in history):
            raise UsageError(f"{where}: history must be a list of strings")
        if row["id"] in seen:
            raise UsageError(f"{where}: the id {row['id']!r} is there twice")
        seen.add(row["id"])
        try:
            for asked in (*history, row["question"]):
                check_question(asked)
        except UsageError as error:
            raise UsageError(f"{where}: {error}") from error
        rows.append(row)
    return rows


@cli.command()
@click.argument("question", required=False)
@click.option("--passage", type=click.Path(), help="File with the passage; - is stdin.")
@click.option("--batch", type=click.Path(), help='JSONL file of {"id", "question", "context"}; - is stdin.')
@common_options
def read(question: str | None, passage: str | None, batch: str | None, as_json: bool, **options: Any) -> None:
    """Answer QUESTION from one given passage: the reader alone, without search."""
    from qa.ask.opening import open_text_reader

    settings_of(options)
    if batch is not None:
        if question is not None or passage is not None:
            raise UsageError("give --batch FILE alone, or a question with --passage FILE")
        rows = read_batch(batch, {"id", "question", "context"})
    elif question is None or passage is None:
        raise UsageError("give a question with --passage FILE, or --batch FILE")
    else:
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
            click.echo(f"{name}{style(text, 'answer')}{style(where, 'source')}")
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
        click.echo("\n".join(search_lines(ranked, explain=explain, style=style)))


@cli.command()
@click.option("--force", is_flag=True, help="Build even if the index is current.")
@common_options
def index(as_json: bool, force: bool, **options: Any) -> None:
    """Build the index, or renew it where sources or settings changed."""
    from qa.ask.opening import index_state, rebuild
    from qa.search.index import load_index
    from qa.search.manifest import current_build, read_manifest

    settings = settings_of(options)
    state = "forced" if force else index_state(settings)
    if state is None:
        try:
            load_index(settings.index)
        except IndexUnusable as error:
            state = str(error)
    started = time.perf_counter()
    build = current_build(settings.index) if state is None else rebuild(settings, ProgressBar())
    counts = dataclasses.asdict(read_manifest(build).counts)
    seconds = time.perf_counter() - started
    if as_json:
        print_json({"version": build.name, "built": state is not None, "seconds": round(seconds, 3), **counts})
        return
    what = f"built in {seconds:.1f} s" if state else "is current"
    detail = ", ".join(f"{number} {name}" for name, number in counts.items())
    click.echo(f"index {build.name} {what}: {detail}")


@cli.command()
@common_options
def sources(as_json: bool, **options: Any) -> None:
    """List the source documents of the index."""
    found = open_from(options).sources()
    if as_json:
        print_json([{name: getattr(source, name) for name in source.__slots__} for source in found])
    else:
        click.echo("\n".join(source_lines(found)))


def source_lines(found: Sequence[Any]) -> list[str]:
    """A line for each source: id, title, file, passages."""
    width = max(len(source.doc_id) for source in found)
    return [f"{s.doc_id:<{width}}  {s.title} ({s.path}, {s.passages} passages)" for s in found]


@cli.command()
@click.argument("answers", type=click.Path())
@common_options
def verify(answers: str, as_json: bool, **options: Any) -> None:
    """Hold the citations of saved answers (JSON or JSONL; - is stdin) to the sources as they are now.

    Exit code 1 if any citation is not unchanged.
    """
    from qa.ask.citation import check

    corpus = settings_of(options).corpus
    if not corpus.is_dir():
        raise UsageError(f"{corpus}: no such corpus folder; name one with --corpus")
    changed = 0
    for number, answer in enumerate(read_answers(answers), 1):
        name = answer.get("id") or answer["question"]
        for citation in answer["citations"]:
            try:
                status = check(citation, corpus)
            except (KeyError, TypeError) as error:
                raise UsageError(f"{answers}: answer {number}: not a citation: {error}") from error
            changed += status != "unchanged"
            if as_json:
                fields = {key: citation[key] for key in ("path", "start", "end")}
                print_json({"answer": name, **fields, "status": status})
            else:
                click.echo(f"{status}: {citation['path']}:{citation['start']}-{citation['end']} ({name})")
    if changed:
        raise SystemExit(1)


def read_answers(name: str) -> list[dict[str, Any]]:
    """Saved answers: one JSON object, a list of them, or one a line."""
    text = read_input(name)
    try:
        try:
            loaded = json.loads(text)
        except ValueError:
            loaded = [json.loads(line) for line in text.split("\n") if line.strip()]
    except ValueError as error:
        raise UsageError(f"{name}: neither JSON nor JSON lines: {error}") from error
    found = loaded if isinstance(loaded, list) else [loaded]
    for number, answer in enumerate(found, 1):
        if not isinstance(answer, dict) or "citations" not in answer or "question" not in answer:
            raise UsageError(
                f"{name}: answer {number} has no question or no citations; give what `qa ask --json` prints"
            )
    return found


@cli.command()
@top_k_option
@explain_option
@common_options
def chat(as_json: bool, explain: bool, **options: Any) -> None:
    """Ask one question after another; follow-ups are understood from the ones before."""
    from qa.render import answer_json, answer_text, explanation

    library = open_from(options)
    interactive = sys.stdin.isatty()
    if interactive:
        enable_line_editing()
        click.echo("Ask about the sources. /sources lists them, /why explains the last answer, /quit ends.")
    history: list[str] = []
    last = None
    while True:
        try:
            line = input("? " if interactive else "").strip()
        except (EOFError, KeyboardInterrupt):
            if interactive:
                click.echo()
            return
        if line in ("/quit", "/q", "/exit"):
            return
        if not line:
            continue
        if line == "/sources":
            click.echo("\n".join(source_lines(library.sources())))
        elif line == "/why":
            click.echo("\n".join(explanation(last)) if last else "Nothing was asked yet.")
        elif line.startswith("/"):
            click.echo("Commands: /sources, /why, /quit. Anything else is a question.")
        else:
            try:
                last = library.ask(line, history)
            except UsageError as error:
                click.echo(str(error))
                continue
            history.append(line)
            if as_json:
                print_json(answer_json(last, explain=explain))
            else:
                click.echo(answer_text(last, explain=explain, style=style) + "\n")


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


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 is all of them.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
)
@click.option("--keys", type=click.Path(path_type=Path), help="Ask for API keys: a file of what `qa key` prints.")
@click.option("--rate", help="At most so many requests of one key or address, such as 60/minute.")
@click.option("--origin", "origins", multiple=True, help="A site whose pages may call from a browser; repeatable.")
@click.option(
    "--name", "names", multiple=True, help="Another host name to be reached by, say behind a proxy; repeatable."
)
@click.option("--waiting", default=32, show_default=True, type=click.IntRange(0), help="Questions that may wait.")
@click.option("--log-questions", is_flag=True, help="Write the questions into the log.")
@common_options
def serve(
    as_json: bool,
    host: str,
    port: int,
    keys: Path | None,
    rate: str | None,
    origins: tuple[str, ...],
    names: tuple[str, ...],
    waiting: int,
    log_questions: bool,
    **options: Any,
) -> None:
    """Serve the page and the API; a rebuilt index is picked up while running."""
    import signal

    import uvicorn

    from qa.ask.opening import open_with
    from qa.web import WebSettings, create_app
    from qa.web.settings import read_keys, read_rate

    settings = settings_of(options)
    web = WebSettings(
        max_waiting=waiting,
        keys=read_keys(keys) if keys else {},
        rate=read_rate(rate) if rate else None,
        origins=origins,
        hosts=LOOPBACK.union(name.lower() for name in names) if names or host in LOOPBACK else frozenset(),
        log_questions=log_questions,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if as_json else logging.Formatter("%(asctime)s %(message)s"))
    for name in ("qa.web", "uvicorn.error"):
        logging.getLogger(name).addHandler(handler)
    logging.getLogger("qa.web").setLevel(logging.INFO)
    app = create_app(settings, web, library=open_with(settings, progress=ProgressBar()))
    listening = listen(host, port)
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=30)
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"http://{shown}:{listening.getsockname()[1]}/", err=True)
    # uvicorn hands the signal on when it has finished what is in flight; that is a clean end and no failure.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    uvicorn.Server(config).run(sockets=[listening])


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; raises ``UsageError`` where it cannot be had."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.create_server(address[:2], family=family, backlog=2048)
    except (OSError, UnicodeError) as error:
        number = getattr(error, "errno", None) or 0
        reason = os.strerror(number) if number > 0 else "no such host"
        raise UsageError(f"{host}:{port} cannot be listened on: {reason}; give another --host or --port") from error
    # Connections inherit it; without it every answer in two pieces waits 40 ms for an acknowledgement.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


@cli.command()
@click.argument("name")
@common_options
def key(name: str, as_json: bool, **options: Any) -> None:
    """Make an API key for NAME: the key on stderr, once, and the line to keep in the server's file on stdout."""
    from qa.web.settings import new_key

    settings_of(options)
    if not name.strip() or name.split() != [name] or name.startswith("#"):
        raise UsageError(f"the name {name!r} cannot be used; give one word")
    secret, digest = new_key()
    if as_json:
        print_json({"name": name, "key": secret, "sha256": digest})
    else:
        click.echo(f"key: {secret}", err=True)
        click.echo(f"{name} {digest}")


@cli.command()
@common_options
def doctor(as_json: bool, **options: Any) -> None:
    """Report what is installed, the state of the index, and one sample question."""
    from qa.ask.opening import index_state, open_with

    settings = settings_of(options)
    packages = ("qa", "onnxruntime", "tokenizers", "faiss-cpu", "bm25s", "sentence-transformers", "torch")
    report: dict[str, Any] = {"python": sys.version.split()[0], "packages": {}}
    for package in packages:
        try:
            report["packages"][package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            report["packages"][package] = None
    report["corpus"], report["index"] = str(settings.corpus), str(settings.index)
    problem: QaError | None = None
    try:
        report["state"] = index_state(settings) or "current"
        library = open_with(settings, build=False)
        question = f"What is {library.sources()[0].title} about?"
        answer = library.ask(question)
        report["version"] = library.version
        report["sample"] = {"question": question, "answer": answer.answer, "took_ms": round(answer.took_ms, 1)}
    except QaError as error:
        problem = error
        report["state"] = str(error)
    if as_json:
        print_json(report)
    else:
        for key, value in report.items():
            if isinstance(value, dict):
                click.echo(f"{key}:")
                for name, detail in value.items():
                    click.echo(f"  {name}: {detail if detail is not None else 'not installed'}")
            else:
                click.echo(f"{key}: {value}")
    if problem is not None:
        raise SystemExit(problem.exit_code)


DEFAULT_GOLD = Path("tests/gold/missing-picture.jsonl")


@cli.command(name="eval")
@click.argument("gold", required=False, type=click.Path(path_type=Path))
@click.option("--split", help="Only this split of the gold set, such as dev or test.")
@click.option("--sample", type=click.IntRange(1), help="Only so many questions, drawn by --seed.")
@click.option("--url", help="Ask an HTTP endpoint that speaks our JSON at POST /v1/ask.")
@click.option("--answers", type=click.Path(path_type=Path), help="Judge saved answers (JSONL with ids).")
@click.option("--check", is_flag=True, help="Only prove every span and answer of the gold set, and stop.")
@click.option("--metrics", "names", help="Only these metrics, with commas between: headline,recall@3.")
@click.option("--against", type=click.Path(path_type=Path), help="Compare with an earlier --json or baseline file.")
@click.option("--gate", type=click.Path(path_type=Path), help="As --against; exit 5 if significantly below it.")
@click.option("--ablate", is_flag=True, help="Show what each part earns, one after the other put in.")
@click.option("--html", type=click.Path(path_type=Path), help="Write a self-contained report.")
@click.option("--trec", type=click.Path(path_type=Path), help="Write run.trec and qrels.trec into this folder.")
@click.option("--save-answers", type=click.Path(path_type=Path), help="Write all answers as JSONL, for --answers.")
@click.option("--write-baseline", type=click.Path(path_type=Path), help="Write what --gate and --against compare with.")
@click.option("--workdir", type=click.Path(path_type=Path), help="Keep corpus and index of a SQuAD or BEIR set here.")
@click.option("--seed", default=0, show_default=True, help="Seed of bootstrap and randomisation.")
@click.option("--rounds", default=2000, show_default=True, type=click.IntRange(100), help="Rounds of both.")
@click.option("--depth", default=20, show_default=True, type=click.IntRange(1, 100), help="Results that are judged.")
@click.option("--failures", default=5, show_default=True, type=click.IntRange(0), help="Failures that are shown.")
@click.option(
    "--latency", is_flag=True, help="Report latency too, by which two runs differ; that of saved answers always is."
)
@common_options
def evaluate(gold: Path | None, check: bool, ablate: bool, as_json: bool, **options: Any) -> None:
    """Measure answers to a GOLD set: our JSONL, a SQuAD file or a BEIR folder (default: the project's own).

    Our JSONL is asked of --corpus; SQuAD and BEIR sets bring their documents along.
    """
    import tempfile

    from qa.evaluate.gold import ground, load_gold, write_corpus
    from qa.evaluate.run import MEANS, MEASURES, EvaluationSettings, check_names, sample

    settings = settings_of(options)
    if options["url"] and options["answers"]:
        raise UsageError("give --url or --answers, not both")
    if ablate and (options["url"] or options["answers"] or options["gate"] or options["against"] or check):
        raise UsageError("--ablate measures this library only; give it without --url, --answers, --against and --check")
    if options["names"] and (options["gate"] or options["write_baseline"]):
        raise UsageError("--gate and --write-baseline need every metric; leave --metrics out")
    names = [name.strip() for name in options["names"].split(",")] if options["names"] else [*MEANS, *MEASURES]
    chosen = EvaluationSettings(
        seed=options["seed"],
        rounds=options["rounds"],
        depth=options["depth"],
        latency=options["latency"] or options["answers"] is not None,
        names=check_names(names, options["depth"]),
    )
    loaded = load_gold(gold or DEFAULT_GOLD, options["split"])
    if options["sample"]:
        loaded = sample(loaded, options["sample"], options["seed"])
    with tempfile.TemporaryDirectory() as scratch:
        if loaded.texts is not None:
            folder = options["workdir"] or Path(scratch)
            settings = replace(settings, corpus=folder / "corpus", index=folder / "index")
            write_corpus(loaded, settings.corpus)
        loaded, documents = ground(loaded, settings.corpus)
        if check:
            spans = sum(len(question.evidence) for question in loaded.questions)
            report = {
                "gold": loaded.name,
                "questions": len(loaded.questions),
                "evidence": spans,
                "sha256": loaded.sha256,
            }
            line = f"{loaded.name}: {len(loaded.questions)} questions and {spans} spans of evidence hold"
            print_json(report) if as_json else click.echo(line)
        elif ablate:
            _ablate(loaded, documents, settings, chosen, Path(scratch) / "bare", as_json)
        else:
            _evaluate(loaded, documents, settings, chosen, as_json, options)


def _evaluate(
    gold: "GoldSet",
    documents: "dict[str, Document]",
    settings: Settings,
    chosen: "EvaluationSettings",
    as_json: bool,
    options: dict[str, Any],
) -> None:
    """Ask, measure, write what was asked for, print, and hold to the baseline."""
    from qa.ask.opening import open_with
    from qa.evaluate.answerer import Answerer, HttpAnswerer, LibraryAnswerer, SavedAnswers
    from qa.evaluate.baseline import baseline_json, compare, gate, load_baseline
    from qa.evaluate.report import html_page, text
    from qa.evaluate.run import evaluate, measure, write_trec

    earlier = options["gate"] or options["against"]
    baseline = load_baseline(earlier) if earlier else None
    answerer: Answerer
    if options["url"]:
        answerer = HttpAnswerer(options["url"], chosen.depth)
    elif options["answers"]:
        answerer = SavedAnswers(options["answers"])
    else:
        answerer = LibraryAnswerer(open_with(settings, progress=ProgressBar()), gold, chosen.depth)
    results = evaluate(gold, documents, answerer, chosen, ProgressBar())
    evaluation = measure(gold, answerer.name, results, chosen)
    if baseline is not None:
        evaluation["against"] = compare(evaluation, baseline, earlier.name)
    if options["trec"]:
        write_trec(results, options["trec"])
    if options["save_answers"]:
        write_lines(options["save_answers"], [{"id": r.question.id, **r.response.raw} for r in results])
    if options["write_baseline"]:
        write_text(
            options["write_baseline"], json.dumps(baseline_json(evaluation), ensure_ascii=False, indent=1) + "\n"
        )
    if options["html"]:
        write_text(options["html"], html_page(evaluation))
    print_json(evaluation) if as_json else click.echo(text(evaluation, options["failures"]))
    if options["gate"] and (reasons := gate(evaluation, evaluation["against"])):
        raise GateFailed(f"below {earlier.name}: {'; '.join(reasons)}")


def _ablate(
    gold: "GoldSet",
    documents: "dict[str, Document]",
    settings: Settings,
    chosen: "EvaluationSettings",
    scratch: Path,
    as_json: bool,
) -> None:
    """Measure the library with one part after the other put in."""
    from qa.evaluate.ablation import ablation
    from qa.evaluate.answerer import LibraryAnswerer
    from qa.evaluate.baseline import compare
    from qa.evaluate.report import ablation_text
    from qa.evaluate.run import evaluate, measure

    steps: list[tuple[str, dict[str, Any]]] = []
    for name, library in ablation(settings, scratch, progress=ProgressBar()):
        answerer = LibraryAnswerer(library, gold, chosen.depth)
        results = evaluate(gold, documents, answerer, chosen, ProgressBar())
        evaluation = measure(gold, name, results, chosen)
        if steps:
            evaluation["against"] = compare(evaluation, steps[-1][1], steps[-1][0])
        steps.append((name, evaluation))
    if as_json:
        print_json(dict(steps))
    else:
        click.echo(ablation_text(steps))


def write_text(path: Path, content: str) -> None:
    """Write a file, its folder made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def write_lines(path: Path, rows: Sequence[object]) -> None:
    """Write JSONL."""
    write_text(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def main(arguments: list[str] | None = None) -> None:
    """Run a command; every error on purpose is one line on stderr and an exit code."""
    try:
        code = cli.main(arguments, prog_name="qa", standalone_mode=False)
        sys.stdout.flush()
    except GoldError as error:
        for problem in error.problems[:-1]:
            click.echo("qa: " + " ".join(problem.split()), err=True)
        fail(error.problems[-1], error.exit_code)
    except QaError as error:
        fail(str(error), error.exit_code)
    except click.ClickException as error:
        fail(error.format_message(), 2)
    except (click.Abort, KeyboardInterrupt):
        fail("stopped", 130)
    except BrokenPipeError:
        # The reader of a pipe left (`qa search … | head -1`): nothing more to say, on stdout least of all.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        fail(f"{error.filename or 'system'}: {error.strerror}", 1)
    sys.exit(code if isinstance(code, int) else 0)


def fail(message: str, code: int) -> None:
    """Print one line and end the process."""
    click.echo("qa: " + " ".join(message.split()), err=True)
    sys.exit(code)
