"""``qa index``, ``qa sources``, ``qa verify``."""

import time
from typing import Any

import click
from msgspec.structs import asdict

from qa.cli.files import read_answers
from qa.cli.options import cli, common_options, format_option, open_from, settings_of
from qa.cli.output import ProgressBar, print_json, say, skipped_line, source_lines
from qa.errors import IndexUnusable, UsageError
from qa.lines import escaped


@cli.command()
@click.option("--force", is_flag=True, help="Build even if the index is current, or is that of another corpus.")
@click.option("--strict", is_flag=True, help="A file that cannot be read is an error and not skipped.")
@click.option(
    "--ray",
    metavar="ADDRESS",
    help="Read and embed on a Ray cluster: local for one on this machine, auto or host:port (QA_RAY; default: in this "
    "process).",
)
@common_options
def index(as_json: bool, force: bool, strict: bool, **options: Any) -> None:
    """Build the index, or renew it where sources or settings changed."""
    from qa.ask.opening import index_state, rebuild
    from qa.search.index import load_index
    from qa.search.manifest import current_build, read_manifest

    settings = settings_of(options)
    state = "forced" if force or strict else index_state(settings)
    if state is None:
        try:
            load_index(settings.index)
        except IndexUnusable as error:
            state = str(error)
    started = time.perf_counter()
    if state is None:
        build = current_build(settings.index)
    else:
        build = rebuild(settings, ProgressBar(), strict=strict, force=force)
    manifest = read_manifest(build)
    counts = asdict(manifest.counts)
    seconds = time.perf_counter() - started
    if as_json:
        told = {"version": build.name, "built": state is not None, "seconds": round(seconds, 3)}
        print_json(told | counts | {"skipped": [asdict(one) for one in manifest.skipped]})
        return
    what = f"built in {seconds:.1f} s" if state else "is current"
    detail = ", ".join(f"{number} {name}" for name, number in counts.items())
    say(f"index {build.name} {what}: {detail}")
    if manifest.skipped:
        say(skipped_line(manifest.skipped))


@cli.command()
@format_option
@common_options
def sources(form: str, as_json: bool, **options: Any) -> None:
    """List the source documents of the index."""
    library = open_from(options)
    if as_json or form == "json":
        listed = [asdict(source) for source in library.sources()]
        print_json({"sources": listed, "skipped": [asdict(one) for one in library.skipped]})
    elif form == "md":
        say("\n".join(f"- {escaped(line)}" for line in source_lines(library)))
    else:
        say("\n".join(source_lines(library)))


@cli.command()
@click.argument("answers", type=click.Path())
@common_options
def verify(answers: str, as_json: bool, **options: Any) -> None:
    """Hold the citations of saved answers to the sources of now.

    ANSWERS is JSON or JSONL as `qa ask --json` prints it; - is stdin. Exit code 1 if any citation is not unchanged.
    """
    from qa.ask.citation import check

    corpus = settings_of(options).corpus
    if not corpus.is_dir():
        raise UsageError(f"{corpus}: no such corpus folder; name one with --corpus")
    changed = 0
    for number, answer in enumerate(read_answers(answers), 1):
        name = answer.get("id", answer["question"])
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
                say(f"{status}: {citation['path']}:{citation['start']}-{citation['end']} ({name})")
    if changed:
        raise SystemExit(1)
