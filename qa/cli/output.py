"""What commands print: text with colour, JSON, a progress bar, notes. Nothing else writes to the terminal."""

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.lines import Role, Style
from qa.patterns import compiled
from qa.render import one_line, printable
from qa.types import Skipped

if TYPE_CHECKING:
    from qa.ask.library import Library

EXIT_ABSTAINED = 3
COLOURS: dict[Role, dict[str, Any]] = {
    "answer": {"bold": True},
    "mark": {"fg": "green", "bold": True, "underline": True},
    "quote": {"fg": "green"},
    "source": {"dim": True},
    "note": {"dim": True},
}
LEAD = compiled(r" *(?:- |\[\d+\] |\d+\. |qa: |\S+ {2,})?")
"""What the further lines of a wrapped line are indented by: its indent and a mark, number, our name or first column."""
NARROWEST = 20
"""Columns below which nothing is wrapped."""
QUIET = f"{__name__}.quiet"
LINKING = {"TERM_PROGRAM", "KITTY_WINDOW_ID", "WT_SESSION", "KONSOLE_VERSION", "VTE_VERSION", "DOMTERM"}
"""Variables of terminals that follow a link (OSC 8) or leave it out."""


OURS = os.urandom(16).hex()
"""Stands around our own colours until they are printed; no text from outside can hold it."""


def coloured() -> bool:
    """Whether to colour: as ``--color`` says, else on a terminal that can, unless ``NO_COLOR`` is set."""
    context = click.get_current_context(silent=True)
    if context is not None and context.color is not None:
        return context.color
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def linked() -> bool:
    """Whether the terminal has links; ``FORCE_HYPERLINK`` says so where nothing else does, 0 that it has not."""
    if (told := os.environ.get("FORCE_HYPERLINK")) is not None:
        return told != "0"
    known = os.environ.get("TERM", "").endswith(("kitty", "alacritty", "foot", "ghostty"))
    return sys.stdout.isatty() and (known or any(os.environ.get(name) for name in LINKING))


def ours(text: str) -> str:
    """A sequence for the terminal that ``say`` lets through."""
    return f"{OURS}{text}{OURS}"


def style_for(corpus: Path) -> Style:
    """Colours by role, and links to the files of a corpus folder; for ``say``."""

    def style(text: str, role: Role, path: str | None = None) -> str:
        if not coloured() or not text:
            return text
        on, off = click.style(OURS, **COLOURS[role]).split(OURS)
        if path is not None and linked():
            import socket
            from urllib.parse import quote

            file = quote(os.fsencode(corpus.resolve() / path))
            on, off = f"{on}\x1b]8;;file://{socket.gethostname()}{file}\x1b\\", f"\x1b]8;;\x1b\\{off}"
        return f"{ours(on)}{text}{ours(off)}"

    return style


def say(text: str = "", *, err: bool = False, wrap: bool = True) -> None:
    """Print lines, with our own colours and nothing else that a terminal would obey; ``wrap`` to a terminal's width."""
    shown = "".join(part if i % 2 else printable(part) for i, part in enumerate(text.split(OURS)))
    if wrap and (sys.stderr if err else sys.stdout).isatty():
        import shutil

        shown = "\n".join(wrapped(line, shutil.get_terminal_size().columns) for line in shown.split("\n"))
    click.echo(shown, err=err, color=coloured() or None)


def wrapped(line: str, columns: int) -> str:
    """A line in lines of at most so many columns, those after the first below its text and not below its lead."""
    import wcwidth

    if columns < NARROWEST or wcwidth.width(line) <= columns:
        return line
    found = LEAD.match(line)
    indent = found.end() if found and found.end() <= columns // 2 else 0
    rest = wcwidth.wrap(line[indent:], columns - indent, break_on_hyphens=False)
    return line[:indent] + f"\n{' ' * indent}".join(rest)


def confirmed(question: str) -> bool:
    """Ask yes or no on stderr."""
    return click.confirm(printable(question), err=True)


def print_json(value: object) -> None:
    """One line of JSON, in UTF-8 letters but for those that a terminal would obey."""
    say(json.dumps(value, ensure_ascii=False), wrap=False)


def note(text: str) -> None:
    """A line for the person who runs the program, beside what was asked for."""
    say(one_line(text), err=True)


def quiet() -> bool:
    """Whether ``--quiet`` asks for no notes and no progress."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(QUIET))


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
        if quiet():
            return
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
