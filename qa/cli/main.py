"""Run a command: every error on purpose is one line on stderr and an exit code."""

import os
import sys

import click

# Each module adds its commands to the group.
from qa.cli import ask, corpus, doctor, evaluate, index, serve  # noqa: F401
from qa.cli.options import cli
from qa.errors import GoldError, QaError


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
