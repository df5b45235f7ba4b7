"""Run a command: every error on purpose is one line on stderr and an exit code."""

import contextlib
import io
import os
import sys
from typing import NoReturn

import click

from qa.cli.options import cli
from qa.cli.output import note
from qa.errors import GoldError, QaError
from qa.patterns import keep


def main(arguments: list[str] | None = None) -> None:
    """Run a command; every error on purpose is one line on stderr and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal with few letters gets the escapes of the others
            stream.reconfigure(errors="backslashreplace")
    try:
        code = cli.main(arguments, prog_name="qa", standalone_mode=False)
        sys.stdout.flush()
    except GoldError as error:
        for problem in error.problems[:-1]:
            note(f"qa: {problem}")
        fail(error.problems[-1], error.exit_code)
    except QaError as error:
        fail(str(error), error.exit_code)
    except click.ClickException as error:
        context = error.ctx if isinstance(error, click.UsageError) else None
        hint = f" `{context.command_path} --help` shows what there is." if context else ""
        fail(error.format_message() + hint, 2)
    except (click.Abort, KeyboardInterrupt):
        fail("stopped", 130)
    except BrokenPipeError:
        # The reader of a pipe left (`qa search … | head -1`): nothing more to say, on stdout least of all.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        fail(f"{os.fsdecode(error.filename)}: {reason}" if error.filename else reason, 1)
    except MemoryError:
        fail("out of memory", 1)
    sys.exit(code if isinstance(code, int) else 0)


def run() -> NoReturn:
    """``main`` as a process that then ends at once: to free all that a question opened takes longer than to search."""
    # numpy's BLAS starts a thread for each further processor, which waits in a loop for long products. A question has
    # none, and that took a twentieth of its processor time.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    code: object = 1
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    keep()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # nobody reads on
            stream.flush()
    os._exit(code if isinstance(code, int) else 0)


def fail(message: str, code: int) -> None:
    """Print one line and end the process."""
    note(f"qa: {message}")
    sys.exit(code)
