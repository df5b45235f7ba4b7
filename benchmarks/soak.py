"""Ask a running server for ten minutes and watch its memory, descriptors, threads and tasks.

    python benchmarks/soak.py [--seconds 600] [--clients 4] [--plot soak.svg]

Good questions, hostile ones, half-sent requests and idle connections come in turn. Prints one line of JSON a sample and
a summary, and on standard error the first traceback of the server if there is one. Exit code 1 if the server failed,
or if what is watched still grows in the second half.
"""

import argparse
import json
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from hostile import history, question

ROOT = Path(__file__).parent.parent
GOOD = (
    "Who composed the music?",
    "How long is the film?",
    "Who made the clay figures?",
    "Why did Spielberg direct it?",
)


def watched(process: int) -> dict[str, int]:
    """Resident memory in KiB, open descriptors and threads of a process."""
    status = Path(f"/proc/{process}/status").read_text()
    numbers = {name: int(value) for name, value in re.findall(r"^(VmRSS|Threads):\s+(\d+)", status, re.MULTILINE)}
    return {
        "memory_kib": numbers["VmRSS"],
        "threads": numbers["Threads"],
        "descriptors": len(list(Path(f"/proc/{process}/fd").iterdir())),
    }


def client(address: str, seed: int, over: threading.Event, statuses: list[int]) -> None:
    """Ask until it is over."""
    draw = random.Random(seed)
    host, port = address.removeprefix("http://").rstrip("/").split(":")
    with httpx.Client(timeout=90) as session:
        while not over.is_set():
            kind = draw.random()
            try:
                if kind < 0.1:
                    with socket.create_connection((host, int(port))) as half:
                        half.sendall(
                            draw.choice((b"", b"GET / HT", b"POST /v1/ask HTTP/1.1\r\nContent-Length: 9\r\n\r\n"))
                        )
                        over.wait(draw.random())
                    continue
                asked = draw.choice(GOOD) if kind < 0.5 else question(draw)
                body = json.dumps({"question": asked, "history": history(draw) if kind > 0.7 else []})
                path = draw.choice(("v1/ask", "v1/chat"))
                response = session.post(address + path, content=body, headers={"content-type": "application/json"})
                statuses.append(response.status_code)
            except httpx.TransportError:
                statuses.append(0)


def plot(samples: list[dict[str, float]], path: Path) -> None:
    """A line for each thing watched, from its least to its most, as SVG."""
    names = [name for name in samples[0] if name != "second"]
    rows = []
    for row, name in enumerate(names):
        values = [sample[name] for sample in samples]
        low, high = min(values), max(values)
        points = " ".join(
            f"{10 + 780 * i / max(len(values) - 1, 1):.0f},{row * 110 + 100 - 70 * (v - low) / max(high - low, 1):.0f}"
            for i, v in enumerate(values)
        )
        rows.append(f'<text x="10" y="{row * 110 + 20}">{name}: {low:g} to {high:g}</text>')
        rows.append(f'<polyline fill="none" stroke="black" points="{points}"/>')
    size = f'width="800" height="{len(names) * 110 + 10}"'
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif">{"".join(rows)}</svg>\n')


def main() -> None:
    """Run the soak."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        command = [sys.executable, "-m", "qa", "serve", "--port", "0", "--corpus", str(ROOT / "corpus")]
        with log.open("w") as file:
            process = subprocess.Popen([*command, "--index", str(Path(folder, "index"))], stderr=file)
        while not (found := re.search(r"http://\S+/", log.read_text())):
            time.sleep(0.1)
        address = found[0]
        over, statuses, samples = threading.Event(), list[int](), list[dict[str, float]]()
        clients = [
            threading.Thread(target=client, args=(address, seed, over, statuses)) for seed in range(given.clients)
        ]
        for thread in clients:
            thread.start()
        started = time.monotonic()
        while time.monotonic() - started < given.seconds and process.poll() is None:
            time.sleep(max(1.0, given.seconds / 60))
            pending = re.search(r"^qa_pending (\S+)", httpx.get(f"{address}metrics").text, re.MULTILINE)
            tasks = {"tasks": float(pending[1]) if pending else 0.0}
            samples.append({"second": round(time.monotonic() - started), **watched(process.pid), **tasks})
            print(json.dumps(samples[-1]), flush=True)
        over.set()
        for thread in clients:
            thread.join()
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        code = process.wait(60)
        ended = time.monotonic() - asked
        written = log.read_text()
        failures = written.count("Traceback")
        if failures:
            begin = written.index("Traceback")
            print(written[max(begin - 500, 0) : begin + 5000], file=sys.stderr)
    if given.plot:
        plot(samples, given.plot)
    late = samples[len(samples) // 2 :]
    grown = {name: late[-1][name] - late[0][name] for name in samples[0] if name != "second"}
    counts = {str(status): statuses.count(status) for status in sorted(set(statuses))}
    told = {"requests": len(statuses), "statuses": counts, "tracebacks": failures, "exit": code}
    print(json.dumps(told | {"sigterm_s": round(ended, 2), "grown_in_second_half": grown}))
    bad = code or failures or any(status in (0, 500) for status in statuses)
    sys.exit(1 if bad or grown["descriptors"] > 20 or grown["threads"] > 4 or grown["memory_kib"] > 65_536 else 0)


if __name__ == "__main__":
    main()
