"""``qa add`` and ``qa remove``: what lies in the corpus folder."""

from pathlib import Path
from typing import Any

import click

from qa.cli.options import cli, common_options, settings_of
from qa.cli.output import confirmed, print_json, say
from qa.errors import UsageError


@cli.command()
@click.argument("sources", nargs=-1, required=True, metavar="FILE|FOLDER|URL...")
@click.option("--replace", is_flag=True, help="Overwrite what the corpus holds under the same name.")
@common_options
def add(sources: tuple[str, ...], replace: bool, as_json: bool, **options: Any) -> None:
    """Copy files, folders or web pages into the corpus.

    A page becomes a snapshot that knows where it came from. Exit code 1 if something was not added.
    """
    from qa.ingest.manage import add as add_to

    corpus = settings_of(options, film=False).corpus
    added = [one for source in sources for one in add_to(source, corpus, replace=replace)]
    for one in added:
        if as_json:
            print_json({"source": one.source, "path": one.path, "reason": one.reason})
        elif one.path is not None:
            say(f"added {one.path}")
        else:
            say(f"not added: {one.source}: {one.reason}", err=True)
    if any(one.path is None for one in added):
        raise SystemExit(1)


@cli.command()
@click.argument("names", nargs=-1, required=True, metavar="DOC_ID|PATH...")
@click.option("--yes", is_flag=True, help="Do not ask.")
@common_options
def remove(names: tuple[str, ...], yes: bool, as_json: bool, **options: Any) -> None:
    """Delete documents from the corpus folder, after asking."""
    from qa.ingest.manage import find
    from qa.ingest.manage import remove as remove_from

    corpus = settings_of(options, film=False).corpus
    if not corpus.is_dir():
        raise UsageError(f"{corpus}: no such corpus folder; name one with --corpus")
    paths = list(dict.fromkeys(find(name, corpus) for name in names))
    for path in paths:
        if not yes and not confirmed(f"delete {Path(corpus, path)}?"):
            continue
        remove_from(path, corpus)
        print_json({"path": path, "removed": True}) if as_json else say(f"removed {path}")
