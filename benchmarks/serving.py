"""Latency of a running server under load, beside its own no-op endpoint.

    qa serve --port 8000 &
    python benchmarks/serving.py http://127.0.0.1:8000 --clients 8 --seconds 30

Every client is a thread with one connection that asks again as soon as it has its answer. Prints requests, errors,
requests per second and latency in milliseconds (median, p99, worst) for ``GET /healthz`` and ``POST /v1/ask``.
"""

import argparse
import http.client
import json
import threading
import time
from urllib.parse import urlsplit

QUESTIONS = [
    "Who composed the music?",
    "Who made the clay figures?",
    "When was the film released?",
    "Which prize did it win at Cannes?",
    "Why did he use clay?",
    "What is the boiling point of helium?",
]


def client(address: str, path: str, until: float, number: int, took: list[float], errors: list[str]) -> None:
    """Ask until the time is over; latencies in seconds go to ``took``, everything but 200 to ``errors``."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    asked = number
    while time.monotonic() < until:
        body = json.dumps({"question": QUESTIONS[asked % len(QUESTIONS)]}) if path != "/healthz" else None
        asked += 1
        started = time.perf_counter()
        try:
            connection.request("POST" if body else "GET", path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            text = response.read()
            if response.status != 200:
                errors.append(f"{response.status} {text[:200]!r}")
        except OSError as error:
            errors.append(repr(error))
            connection.close()
        took.append(time.perf_counter() - started)


def load(address: str, path: str, clients: int, seconds: float) -> None:
    """Run the clients and print a line."""
    took: list[float] = []
    errors: list[str] = []
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=client, args=(address, path, until, number, took, errors)) for number in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took.sort()
    p50, p99 = (took[int(share * (len(took) - 1))] * 1000 for share in (0.5, 0.99))
    print(
        f"{path}: {clients} clients, {seconds:.0f} s: {len(took)} requests, {len(errors)} errors, "
        f"{len(took) / seconds:.0f}/s, median {p50:.1f} ms, p99 {p99:.1f} ms, worst {took[-1] * 1000:.1f} ms"
    )
    for error in sorted(set(errors))[:5]:
        print(" ", error)


def main() -> None:
    """Read the arguments and run both loads."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=30)
    arguments = parser.parse_args()
    for path in ("/healthz", "/v1/ask"):
        load(arguments.address, path, arguments.clients, arguments.seconds)


if __name__ == "__main__":
    main()
