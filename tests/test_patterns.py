"""No regular expression of the package takes longer than in proportion to what it is given.

A quadratic one takes 100 times as long for ten times the text, so the limits below let none through; a new pattern is
tested as soon as it is written.
"""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from patterns import Used, slowest, used_patterns

from qa import patterns

PATTERNS = used_patterns(ROOT / "qa")
STEPS = ((300, 0.02), (2_000, 0.04), (12_000, 0.15))
"""Characters, and the seconds of processor time that a pattern may take over them; a linear one takes a tenth."""


def test_the_patterns_are_found() -> None:
    assert len(PATTERNS) > 100


@pytest.mark.parametrize("used", PATTERNS, ids=lambda used: f"{used.where}-{used.method}")
def test_time_grows_with_the_text_and_no_faster(used: Used) -> None:
    for size, limit in STEPS:
        seconds, text = slowest(used, size, most=150 if size < 12_000 else 50, until=limit)
        assert seconds < limit, f"{used.pattern.pattern!r} ({used.method}) takes {seconds:.2f} s over {text}"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where programs are kept for one test."""
    monkeypatch.setattr(patterns, "KEPT", tmp_path / "kept.json")
    monkeypatch.setattr(patterns, "_new", {})
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    patterns._kept.cache_clear()
    yield tmp_path / "kept.json"
    patterns._kept.cache_clear()


def test_a_kept_pattern_is_the_compiled_one(kept: Path) -> None:
    given = {(used.pattern.pattern, used.pattern.flags) for used in PATTERNS if isinstance(used.pattern.pattern, str)}
    for text, flags in given:
        patterns.compiled(text, flags & ~re.UNICODE)
    patterns.keep()
    patterns._kept.cache_clear()
    patterns._new.clear()
    for text, flags in given:
        assert patterns.compiled(text, flags & ~re.UNICODE) == re.compile(text, flags)
    assert not patterns._new


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: b"[]",
        lambda data: data.replace(b'"magic": ', b'"magic": 1'),
        lambda data: re.sub(rb'"[0-9a-f]{8,}"', b'"ffffffff"', data),
        lambda data: re.sub(rb'"[0-9a-f]{8,}"', b'"!"', data),
        lambda data: re.sub(rb": \[.*\]", b": [1]", data),
    ],
)
def test_what_is_kept_and_cannot_be_taken_is_compiled(kept: Path, damage: Callable[[bytes], bytes]) -> None:
    patterns.compiled("(?P<a>x+)y", re.IGNORECASE)
    patterns.keep()
    kept.write_bytes(damage(kept.read_bytes()))
    patterns._kept.cache_clear()
    assert patterns.compiled("(?P<a>x+)y", re.IGNORECASE) == re.compile("(?P<a>x+)y", re.IGNORECASE)
