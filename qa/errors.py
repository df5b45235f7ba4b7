"""Every error that the package raises on purpose.

QaError                  one line for a person; ``exit_code`` for a program
├── UsageError           a value the caller gave cannot be used              exit 2
│   └── GoldError        a gold set is malformed or does not fit its corpus  exit 2
├── GateFailed           measured significantly below the baseline           exit 5
├── SourceError          a source document cannot be read or is ambiguous    exit 4
├── IndexUnusable        the index is missing, stale or damaged              exit 4
├── ModelError           a model file is missing, damaged or of a wrong kind exit 1
└── CitationMismatch     a quote is not the slice it claims to be            exit 1
"""

from collections.abc import Sequence


class QaError(Exception):
    """Base of all errors; ``str(error)`` is one line that says what is wrong and what to do."""

    exit_code = 1


class UsageError(QaError):
    """A flag, setting, question or input line that cannot be used."""

    exit_code = 2


class GoldError(UsageError):
    """A gold set with wrong lines; ``problems`` holds one line for each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class GateFailed(QaError):
    """What was measured falls significantly below the baseline, or a citation does not hold."""

    exit_code = 5


class SourceError(QaError):
    """A source document that cannot be read, so no index can be built from the corpus."""

    exit_code = 4


class IndexUnusable(QaError):
    """The index is missing, was built from other sources, or differs from its manifest."""

    exit_code = 4


class StoreError(QaError):
    """The server that is searched does not answer, refuses, or holds something else than passages of this kind."""

    exit_code = 4


class ModelError(QaError):
    """A model folder is missing, damaged or not what its manifest says."""


class CitationMismatch(QaError):
    """A quote that is not the slice it claims to be; raised before anyone sees it."""
