"""No regular expression of the package takes longer than in proportion to what it is given.

A quadratic one takes 100 times as long for ten times the text, so the limits below let none through; a new pattern is
tested as soon as it is written.
"""

import pytest
from conftest import ROOT
from patterns import Used, slowest, used_patterns

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
