"""What commands print: text with colour, JSON, a progress bar, notes. Nothing else writes to the terminal."""

import json
import os
import secrets
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from qa.render import one_line, printable
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


OURS = secrets.token_hex(16)
"""Stands around our own colours until they are printed; no text from outside can hold it."""


def style(text: str, role: str) -> str:
    """Colour on a terminal, none elsewhere nor with NO_COLOR; for ``say``."""
    if os.environ.get("NO_COLOR") or not sys.stdout.isatty():
        return text
    on, off = click.style(OURS, **COLOURS[role]).split(OURS)
    return f"{OURS}{on}{OURS}{text}{OURS}{off}{OURS}"


def say(text: str = "", *, err: bool = False) -> None:
    """Print lines, with our own colours and nothing else that a terminal would obey."""
    click.echo("".join(part if i % 2 else printable(part) for i, part in enumerate(text.split(OURS))), err=err)


def confirmed(question: str) -> bool:
    """Ask yes or no on stderr."""
    return click.confirm(printable(question), err=True)


def print_json(value: object) -> None:
    """One line of JSON, in UTF-8 letters but for those that a terminal would obey."""
    say(json.dumps(value, ensure_ascii=False))


def note(text: str) -> None:
    """A line for the person who runs the program, beside what was asked for."""
    say(one_line(text), err=True)


def source_lines(library: "Library") -> list[str]:
    """A line for each source: id, title, file, kind, passages; then one for the files that were skipped."""
    found = library.sources()
    width = max(len(source.doc_id) for source in found)
    lines = [f"{s.doc_id:<{width}}  {s.title} ({s.path}, {s.kind}, {_counted(s.passages, 'passage')})" for s in found]
    lines += [f"{s.path}: {s.note}" for s in found if s.note]
    lines += [skipped_line(library.skipped, most=None)] if library.skipped else []
    return [line.replace("\n", "\\n") for line in lines]


def skipped_line(skipped: Sequence[Skipped], most: int | None = 5) -> str:
    """The skipped files with their reasons, in one line; the first ``most`` of them by name."""
    named = [f"{one.path} ({one.reason})" for one in skipped[:most]]
    rest = ["…"] if most is not None and len(skipped) > most else []
    return f"{_counted(len(skipped), 'file')} skipped: {', '.join(named + rest)}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


class ProgressBar:
    """Progress on stderr while something is built: a bar on a terminal, elsewhere a line now and then."""

    def __init__(self, every: float = 10.0) -> None:
        self._every = every
        self._bar: Any = None
        self._what = ""
        self._told = time.monotonic()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` are done of what is counted."""
        if not sys.stderr.isatty():
            now = time.monotonic()
            if now - self._told >= self._every:
                self._told = now
                note(f"{what}: {done} of {total}")
            return
        if what != self._what:
            self._what = what
            self._bar = click.progressbar(length=total, label=f"{what:<10}", file=sys.stderr)
        self._bar.update(done - self._bar.pos)
        if done == total:
            self._bar.render_finish()
