"""What can be set about serving, and the keys that let a client in."""

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from limits import RateLimitItem, parse

from qa.errors import UsageError


@dataclass(frozen=True)
class WebSettings:
    """Limits and access. ``keys`` maps the SHA-256 of a key to its owner's name; empty lets everyone in.

    ``rate`` counts the requests to ``/v1`` of one key, or of one address where there are no keys.
    ``origins`` are the sites whose pages may call from a browser. ``hosts`` are the names that requests may
    address the server by, empty for any: a name that a stranger points at this machine must not open it to the
    stranger's page. ``poll_seconds`` is how often the index folder is looked at.
    """

    max_body: int = 1_000_000
    max_waiting: int = 32
    keys: Mapping[str, str] = field(default_factory=dict)
    rate: RateLimitItem | None = None
    origins: tuple[str, ...] = ()
    hosts: frozenset[str] = frozenset()
    log_questions: bool = False
    poll_seconds: float = 1.0


LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1", "[::1]"))


def hosts_of(address: str, names: Sequence[str]) -> frozenset[str]:
    """The names that requests may address a server by that listens on an address; empty for any."""
    if not names and address not in LOOPBACK:
        return frozenset()
    return LOOPBACK.union(name.lower() for name in names)


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
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
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


def read_rate(text: str) -> RateLimitItem:
    """A rate such as ``60/minute``."""
    try:
        return parse(text)
    except ValueError:
        raise UsageError(f"the rate {text!r} is not understood; give one such as 60/minute") from None
