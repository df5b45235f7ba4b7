"""The one reader of JSON lines."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import UsageError
from qa.jsonl import json_lines, parse

values = st.dictionaries(st.text(), st.text(alphabet=st.characters() | st.sampled_from("\u2028\x85\r\n\x0b\x1c")))


@given(rows=st.lists(values), ascii_only=st.booleans(), end=st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_what_was_written_is_read(rows: list[dict[str, str]], ascii_only: bool, end: str) -> None:
    text = "".join(json.dumps(row, ensure_ascii=ascii_only) + end for row in rows)
    assert [row for _, row in json_lines("x", text)] == rows


def test_a_separator_inside_a_string_ends_no_line() -> None:
    text = '{"a": "one\u2028two\x85three"}\n{"a": "b"}'
    assert list(json_lines("x", text)) == [("x:1", {"a": "one\u2028two\x85three"}), ("x:2", {"a": "b"})]


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    assert list(json_lines("x", '\ufeff{"a": 1}')) == [("x:1", {"a": 1})]
    assert parse("\ufeff[1]") == [1]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "x:2: not JSON: "),
        ("[1]", "x:2: not an object"),
        ("[" * 100_000, "x:2: not JSON: nested too deeply"),
        ('{"a":' * 100_000, "x:2: not JSON: nested too deeply"),
        ("1" * 5000, "x:2: not JSON: "),
    ],
)
def test_a_wrong_line_is_named_by_file_and_line(line: str, message: str) -> None:
    text = '{"id": 1}\n' + line + '\n{"id": 3}'
    with pytest.raises(UsageError) as raised:
        list(json_lines("x", text))
    assert str(raised.value).startswith(message)
    problems: list[str] = []
    assert list(json_lines("x", text, problems.append)) == [("x:1", {"id": 1}), ("x:3", {"id": 3})]
    assert [problem.startswith(message) for problem in problems] == [True]
