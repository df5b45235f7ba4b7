"""How far chance reaches: intervals by bootstrap, and tests of paired differences.

Questions on one fact are not independent, so that facts are drawn, and change their signs, as a whole. What cannot be
measured is None.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
ROUNDS_AT_ONCE = 64
"""Rounds drawn together; bounds the memory of a large set."""


DIGITS = 8
"""Decimals of every number that is kept: enough to agree to 1e-6, few enough to be the same everywhere."""


def tidy(value: float | None) -> float | None:
    """A number as it is kept."""
    return None if value is None else round(float(value), DIGITS)


DEPTH = 20
"""Results of a search that are judged, unless asked otherwise."""


class Conditions(Struct, frozen=True):
    """What a measurement depends on beside questions and answers.

    ``seed`` and ``rounds`` are those of bootstrap and randomisation; ``depth`` results of a search are judged.
    """

    seed: int = 0
    rounds: int = 2000
    depth: int = DEPTH


class Interval(NamedTuple):
    """The 2.5 % and 97.5 % quantiles of a bootstrap distribution."""

    low: float
    high: float


class Measured(Struct, frozen=True):
    """A value with its 95 % interval, over ``n`` questions; None where nothing could be measured."""

    value: float | None
    low: float | None
    high: float | None
    n: int

    @classmethod
    def of(cls, value: float | None, interval: Interval | None, n: int) -> "Measured":
        """Its numbers as they are kept."""
        low, high = interval or (None, None)
        return cls(tidy(value), tidy(low), tidy(high), n)


def group_sums(values: Floats, groups: Rows) -> Floats:
    """The sum of the values of each group, shape (number of groups,)."""
    return np.bincount(groups, weights=values).astype(np.float64)


def bootstrap_mean(values: Floats, groups: Sequence[str], rounds: int, seed: int) -> Interval | None:
    """The percentile interval of a mean; whole groups are drawn, for what one group holds is not independent."""
    if not len(values):
        return None
    which = np.unique(np.asarray(groups), return_inverse=True)[1].astype(np.int64)
    sums, sizes = group_sums(values, which), group_sums(np.ones_like(values), which)
    rng = np.random.default_rng(seed)
    means = []
    for start in range(0, rounds, ROUNDS_AT_ONCE):
        drawn = rng.integers(0, len(sums), (min(ROUNDS_AT_ONCE, rounds - start), len(sums)))
        means.append(sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1))
    return Interval(*(float(edge) for edge in np.quantile(np.concatenate(means), (0.025, 0.975))))


def bootstrap_measure(
    measure: Callable[[Rows], float | None], groups: Sequence[str], rounds: int, seed: int
) -> Interval | None:
    """The percentile interval of any measure of questions, called with the rows that a round drew."""
    if not groups:
        return None
    which = np.unique(np.asarray(groups), return_inverse=True)[1]
    members = [np.flatnonzero(which == group) for group in range(int(which.max()) + 1)]
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(rounds):
        value = measure(np.concatenate([members[g] for g in rng.integers(0, len(members), len(members))]))
        if value is not None:
            found.append(value)
    return Interval(*(float(edge) for edge in np.quantile(found, (0.025, 0.975)))) if found else None


def randomisation_test(differences: Floats, groups: Sequence[str], rounds: int, seed: int) -> float | None:
    """The two-sided p of a mean paired difference: how often random signs give one as large (Fisher 1935).

    A whole group changes its sign together. The observed signs count as one round, so that p is never 0.
    """
    if not len(differences):
        return None
    sums = group_sums(differences, np.unique(np.asarray(groups), return_inverse=True)[1].astype(np.int64))
    rng = np.random.default_rng(seed)
    observed = abs(sums.sum()) - 1e-9
    as_large = 1
    for start in range(0, rounds, ROUNDS_AT_ONCE):
        signs = rng.integers(0, 2, (min(ROUNDS_AT_ONCE, rounds - start), len(sums))) * 2 - 1
        as_large += int((np.abs(signs @ sums) >= observed).sum())
    return as_large / (rounds + 1)


def mcnemar(one: Sequence[bool], other: Sequence[bool]) -> float | None:
    """McNemar's exact two-sided p for paired yes/no outcomes; None without pairs.

    >>> mcnemar([True] * 6, [False] * 6)
    0.03125
    """
    if not one:
        return None
    only_one = sum(a and not b for a, b in zip(one, other, strict=True))
    only_other = sum(b and not a for a, b in zip(one, other, strict=True))
    n, few = only_one + only_other, min(only_one, only_other)
    return min(1.0, 2 * sum(math.comb(n, i) for i in range(few + 1)) / 2**n) if n else 1.0
