"""What commands print: text with colour, JSON, a progress bar, notes."""

import json
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from qa.types import Skipped

if TYPE_CHECKING:
    from qa.ask.library import Library

EXIT_ABSTAINED = 3
COLOURS: dict[str, dict[str, Any]] = {
    "answer": {"bold": True},
    "quote": {"fg": "green"},
    "source": {"dim": True},
    "note": {"dim": True},
}


def style(text: str, role: str) -> str:
    """Colour on a terminal, none elsewhere nor with NO_COLOR."""
    if os.environ.get("NO_COLOR") or not sys.stdout.isatty():
        return text
    return click.style(text, **COLOURS[role])


def print_json(value: object) -> None:
    """One line of JSON, in UTF-8 letters."""
    click.echo(json.dumps(value, ensure_ascii=False))


def note(text: str) -> None:
    """A line for the person who runs the program, beside what was asked for."""
    click.echo(text, err=True)


def source_lines(library: "Library") -> list[str]:
    """A line for each source: id, title, file, kind, passages; then one for the files that were skipped."""
    found = library.sources()
    width = max(len(source.doc_id) for source in found)
    lines = [f"{s.doc_id:<{width}}  {s.title} ({s.path}, {s.kind}, {_counted(s.passages, 'passage')})" for s in found]
    lines += [f"{s.path}: {s.note}" for s in found if s.note]
    return lines + ([skipped_line(library.skipped, most=None)] if library.skipped else [])


def skipped_line(skipped: Sequence[Skipped], most: int | None = 5) -> str:
    """The skipped files with their reasons, in one line; the first ``most`` of them by name."""
    named = [f"{one.path} ({one.reason})" for one in skipped[:most]]
    rest = ["…"] if most is not None and len(skipped) > most else []
    return f"{_counted(len(skipped), 'file')} skipped: {', '.join(named + rest)}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


class ProgressBar:
    """A progress bar on stderr while something is built; silent unless stderr is a terminal."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._what = ""

    def __call__(self, what: str, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` are done of what is counted."""
        if not sys.stderr.isatty():
            return
        if what != self._what:
            self._what = what
            self._bar = click.progressbar(length=total, label=f"{what:<10}", file=sys.stderr)
        self._bar.update(done - self._bar.pos)
        if done == total:
            self._bar.render_finish()
