"""JSON and JSON lines as files hold them: the one reader of both, which says what is wrong and where."""

import json
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from msgspec.structs import asdict

from qa.errors import UsageError

BYTE_ORDER_MARK = "\ufeff"


def parse(text: str) -> Any:
    """The value of a JSON text, with or without a byte order mark; raises ``ValueError`` for any other text."""
    try:
        return json.loads(text.removeprefix(BYTE_ORDER_MARK))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def refuse(problem: str) -> NoReturn:
    """Raise a problem as a ``UsageError``."""
    raise UsageError(problem)


def json_lines(
    name: str, text: str, on_problem: Callable[[str], object] = refuse
) -> Iterator[tuple[str, dict[str, Any]]]:
    """(place, object) of every line that is not blank; the place is ``name:line``.

    A line ends at a line feed and nowhere else: U+2028 and U+0085 may stand inside a string. A line that holds no
    JSON object goes to ``on_problem`` as one line of text, and the next one is read if that returns.

    >>> list(json_lines("a.jsonl", '{"id": 1}\\n\\n{"id": 2}'))
    [('a.jsonl:1', {'id': 1}), ('a.jsonl:3', {'id': 2})]
    """
    for number, line in enumerate(text.removeprefix(BYTE_ORDER_MARK).split("\n"), 1):
        if not line.strip():
            continue
        where = f"{name}:{number}"
        try:
            row = parse(line)
        except ValueError as error:
            on_problem(f"{where}: not JSON: {error}")
            continue
        if isinstance(row, dict):
            yield where, row
        else:
            on_problem(f"{where}: not an object")


def json_line(value: Any) -> str:
    """A value as a line of JSON; a struct is an object of its fields, a tuple a list."""
    return json.dumps(value, ensure_ascii=False, default=asdict) + "\n"
