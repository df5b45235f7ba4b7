"""Regular expressions whose programs are kept beside the package's bytecode, for as long as that is good.

To compile the patterns that tell one question from another takes longer than to read a passage, and every process would
do it anew. What is kept is what ``re`` makes of a pattern, a list of numbers which the interpreter checks when it takes
them; where it cannot be read, written or taken, or is another interpreter's, the pattern is compiled as ever.
"""

import atexit
import contextlib
import json
import os
import re
import sys
from array import array
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

KEPT = Path(__file__).parent / "__pycache__" / f"patterns.{sys.implementation.cache_tag}.json"
_new: dict[str, tuple[str, int]] = {}


def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """``re.compile``."""
    key = f"{int(flags)} {pattern}"
    with contextlib.suppress(ImportError, AttributeError, TypeError, ValueError, RuntimeError, OverflowError):
        if (kept := _kept().get(key)) is not None:
            flags_now, code, groups, names, order = kept
            program = array("I", bytes.fromhex(code)).tolist()
            made: re.Pattern[str] = import_module("_sre").compile(
                pattern, flags_now, program, groups, names, tuple(order)
            )
            return made
    if not _new and not sys.dont_write_bytecode:
        atexit.register(keep)
    _new[key] = (pattern, flags)
    return re.compile(pattern, flags)


@cache
def _kept() -> dict[str, Any]:
    """The programs by flags and pattern; none of an interpreter that has others."""
    with contextlib.suppress(OSError, ValueError, RecursionError):
        found = json.loads(KEPT.read_bytes())
        if isinstance(found, dict) and found.pop("magic", None) == import_module("_sre").MAGIC:
            return found
    return {}


def _program(pattern: str, flags: int) -> list[Any]:
    """What ``re.compile`` hands to the interpreter."""
    parsed = import_module("re._parser").parse(pattern, flags)
    code, state = import_module("re._compiler")._code(parsed, flags), parsed.state
    names: list[str | None] = [None] * state.groups
    for name, number in state.groupdict.items():
        names[number] = name
    told = array("I", code).tobytes().hex()  # larger than in base 64, and read in a third of the time
    return [int(flags | state.flags), told, state.groups - 1, dict(state.groupdict), names]


def keep() -> None:
    """Add what was compiled to what is kept; done at the end of a process."""
    if not _new or sys.dont_write_bytecode:
        return
    with contextlib.suppress(Exception):  # at the end of a process, which has said all that it had to
        found = _kept() | {key: _program(*given) for key, given in _new.items()}
        beside = KEPT.with_name(f"{KEPT.name}.{os.getpid()}")
        beside.write_text(json.dumps({"magic": import_module("_sre").MAGIC, **found}), encoding="utf-8")
        beside.replace(KEPT)
