"""Counters in Prometheus' text format, one registry an app."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from qa.types import Answer

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """What ``/metrics`` shows; routes are templates, so that no question and no id becomes a label."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self.requests = Counter("qa_requests", "Requests answered", ("method", "route", "status"), registry=registry)
        self.seconds = Histogram(
            "qa_request_seconds", "Time to the end of the answer", ("route",), buckets=SECONDS, registry=registry
        )
        self.answers = Counter("qa_answers", "Questions answered or not", ("outcome",), registry=registry)
        self.pending = Gauge("qa_pending", "Questions that run or wait", registry=registry)
        self.reloads = Counter("qa_index_reloads", "Attempts to load an index", ("result",), registry=registry)
        self._index = Gauge("qa_index_info", "The index in use", ("version",), registry=registry)

    def index_version(self, version: str) -> None:
        """Show one version and no other."""
        self._index.clear()
        self._index.labels(version).set(1)

    def answered(self, answer: Answer) -> str:
        """Count an answer; returns its outcome: ``answered``, ``conflict``, or the reason of the abstention."""
        outcome = answer.reason or ("conflict" if answer.conflicts else "answered")
        self.answers.labels(outcome).inc()
        return outcome

    def text(self) -> bytes:
        """The exposition."""
        return generate_latest(self._registry)
