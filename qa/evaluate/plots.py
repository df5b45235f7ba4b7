"""The pictures of a report as numbers: what is drawn where. A template makes SVG of them."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from qa.evaluate.evaluation import Group, Latency, Risk
from qa.evaluate.measures import Bin

WIDTH, HEIGHT = 420, 260
LEFT, RIGHT, TOP, BOTTOM = 60, 14, 14, 42
"""Room around the axes, for their numbers and labels."""
ACCEPTED_RISK = 0.05
Point = tuple[float, float]


class Line(Struct, frozen=True):
    """Points joined; ``style`` is a class of the report's style sheet."""

    points: Sequence[Point]
    style: str = "curve"
    name: str = ""


class Dot(Struct, frozen=True):
    """A circle with a radius in pixels and what is said about it."""

    x: float
    y: float
    radius: float
    name: str


class Plot(Struct, frozen=True):
    """Lines and dots over two axes, 0 to ``right`` and 0 to ``top``."""

    title: str
    x_label: str
    y_label: str
    lines: Sequence[Line] = ()
    dots: Sequence[Dot] = ()
    right: float = 1.0
    top: float = 1.0

    def x(self, value: float) -> float:
        """The place of a value of the horizontal axis."""
        return round(LEFT + value / self.right * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        """The place of a value of the vertical axis."""
        return round(HEIGHT - BOTTOM - value / self.top * (HEIGHT - BOTTOM - TOP), 1)

    def path(self, line: Line) -> str:
        """The places of a line's points as SVG takes them."""
        return " ".join(f"{self.x(x)},{self.y(y)}" for x, y in line.points)

    @property
    def ticks(self) -> list[tuple[float, float]]:
        """Values of both axes that get a number."""
        return [(self.right * quarter / 4, self.top * quarter / 4) for quarter in range(5)]


class Bar(Struct, frozen=True):
    """A value from -1 to +1 as a bar from the middle; ``start`` and ``length`` in percent of the whole width."""

    name: str
    n: int
    value: float

    @property
    def start(self) -> float:
        """Where the bar begins."""
        return round(50 + 50 * min(self.value, 0), 1)

    @property
    def length(self) -> float:
        """How long it is."""
        return round(50 * abs(self.value), 1)


def risk_plot(points: Sequence[Risk]) -> Plot:
    """Risk over coverage."""
    return Plot(
        "Risk and coverage; the dashed line is 5 % risk",
        "coverage",
        "risk",
        (Line(((0, ACCEPTED_RISK), (1, ACCEPTED_RISK)), "limit"), Line([(p.coverage, p.risk) for p in points])),
    )


def calibration_plot(bins: Sequence[Bin]) -> Plot:
    """Share answerable over confidence; the area of a dot grows with its number of questions."""
    most = max(b.n for b in bins)
    dots = [Dot(b.probability, b.outcome, round(3 + 7 * (b.n / most) ** 0.5, 1), f"n = {b.n}") for b in bins]
    title = "Calibration; on the line, confidence is the share answerable"
    return Plot(title, "confidence", "answerable", (Line(((0, 0), (1, 1)), "diagonal"),), dots)


def latency_plot(latency: Latency) -> Plot:
    """The share of questions answered within a time."""
    values = sorted(latency.values)
    points = [(value, (i + 1) / len(values)) for i, value in enumerate(values)]
    title = f"Latency: p50 {latency.p50:.1f} ms, p99 {latency.p99:.1f} ms"
    return Plot(title, "milliseconds", "share of questions", (Line(points),), right=max(values[-1], 1e-9))


def kind_bars(kinds: Mapping[str, Group]) -> list[Bar]:
    """The headline of each kind of question."""
    found = [(kind, group.n, group.values["headline"]) for kind, group in kinds.items()]
    return [Bar(kind, n, value) for kind, n, value in found if value is not None]
