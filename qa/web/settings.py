"""What can be set about serving, and the keys that let a client in."""

import hashlib
import ipaddress
import logging
import re
import secrets
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from limits import RateLimitItem, RateLimitItemPerMinute, parse

from qa.errors import UsageError
from qa.ingest.manage import MAX_BYTES

WRONG_KEYS = RateLimitItemPerMinute(30)


@dataclass(frozen=True)
class WebSettings:
    """Limits and access. ``keys`` maps the SHA-256 of a key to its owner's name; None lets everyone in.

    ``rate`` counts the requests to ``/v1`` of one key, or of one address where there are no keys; ``wrong_keys`` those
    of one address without a valid key. ``origins`` are the sites whose pages may call from a browser. ``hosts`` are the
    names that requests may address the server by, empty for any: a name that a stranger points at this machine must
    not open it to the stranger's page; with ``by_address`` any IP address is one, which no such name can be.
    ``question_seconds`` is how long a question may take with its wait, ``body_seconds`` how long a body may take to
    come. ``poll_seconds`` is how often index and sources are looked at. With ``allow_add`` whoever may ask may add
    files of at most ``max_file`` bytes to the corpus; ``feedback`` is the file for what people say is wrong.
    """

    max_body: int = 1_000_000
    max_waiting: int = 32
    keys: Mapping[str, str] | None = None
    rate: RateLimitItem | None = None
    wrong_keys: RateLimitItem = WRONG_KEYS
    origins: tuple[str, ...] = ()
    hosts: frozenset[str] = frozenset()
    by_address: bool = False
    log_questions: bool = False
    question_seconds: float = 60.0
    body_seconds: float = 20.0
    poll_seconds: float = 1.0
    allow_add: bool = False
    max_file: int = MAX_BYTES
    feedback: Path | None = None


log = logging.getLogger("qa.web")
LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1", "[::1]"))


def is_loopback(address: str) -> bool:
    """Whether only this machine can reach a server that listens on an address."""
    try:
        return address == "localhost" or ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def is_address(host: str) -> bool:
    """Whether the host of a request is an IP address, as it stands in a URL."""
    try:
        return bool(ipaddress.ip_address(host.removeprefix("[").removesuffix("]")))
    except ValueError:
        return False


def hosts_of(address: str, names: Sequence[str]) -> frozenset[str]:
    """The names that requests may address a server by that listens on an address."""
    own = () if is_loopback(address) else (socket.gethostname(), f"{socket.gethostname()}.local")
    return LOOPBACK.union(name.lower() for name in (address, *own, *names))


def new_key() -> tuple[str, str]:
    """A random key of 256 bits and its SHA-256, which is all that the server keeps."""
    key = secrets.token_urlsafe(32)
    return key, key_digest(key)


def key_digest(key: str) -> str:
    """The SHA-256 of a key; a slow hash would add nothing, because nobody can guess 256 random bits."""
    return hashlib.sha256(key.encode()).hexdigest()


def read_keys(path: Path) -> dict[str, str]:
    """Names by digest from a file of lines ``name sha256``; blank lines and lines with # in front are left out."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read as keys: {error}") from error
    keys: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        found = re.fullmatch(r"(\S+)\s+([0-9a-f]{64})", line.strip())
        if found is None:
            raise UsageError(f"{path}:{number}: not a name and a SHA-256; make one with `qa key NAME`")
        keys[found[2]] = found[1]
    if not keys:
        raise UsageError(f"{path}: holds no key; make one with `qa key NAME`")
    return keys


class KeyFile(Mapping[str, str]):
    """The keys of a file as it is now: looked at when a key is asked for, at most every ``seconds``.

    A file that cannot be used lets nobody in until it can. Raises ``UsageError`` where it cannot be used to begin with.
    """

    def __init__(self, path: Path, seconds: float = 1.0) -> None:
        self._path = path
        self._seconds = seconds
        self._keys: Mapping[str, str] = read_keys(path)
        self._stat = self._look()
        self._looked = time.monotonic()

    def _look(self) -> tuple[int, ...] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino

    def _now(self) -> Mapping[str, str]:
        if time.monotonic() - self._looked < self._seconds:
            return self._keys
        self._looked = time.monotonic()
        if (stat := self._look()) != self._stat or stat is None:
            try:
                self._keys = read_keys(self._path)
                self._stat = stat
                log.info("keys read anew: %d", len(self._keys))
            except UsageError as error:
                if self._keys:
                    log.warning("no key is let in: %s", error)
                self._keys = {}
        return self._keys

    def __getitem__(self, digest: str) -> str:
        return self._now()[digest]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())


def read_rate(text: str) -> RateLimitItem:
    """A rate such as ``60/minute``."""
    try:
        return parse(text)
    except ValueError:
        raise UsageError(f"the rate {text!r} is not understood; give one such as 60/minute") from None
