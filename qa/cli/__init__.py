"""The command line: it only translates flags to calls and results to text or JSON.

Exit codes: 0 answered, 1 error, 2 usage, 3 abstained, 4 index missing, stale or damaged and not rebuildable,
5 `qa eval` below its baseline.
"""

from qa.cli.main import main, run
from qa.cli.options import cli

__all__ = ["cli", "main", "run"]
