"""Put files and snapshots of web pages into a corpus folder, and take them out again.

Nothing is overwritten in silence, nothing outside the corpus is touched. Of the web only what was asked for is
fetched, over http or https, from public addresses alone, and every redirect is held to the same.
"""

import contextlib
import http.client
import ipaddress
import json
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from qa.errors import SourceError, UsageError
from qa.ingest.corpus import document_of, load_corpus, sha256, source_files
from qa.ingest.formats import MODULES

MAX_BYTES = 50 * 2**20
MAX_SECONDS = 30.0
MAX_REDIRECTS = 5
SIDECAR = ".source.json"
"""A snapshot's provenance stands in a hidden file beside it, named after it: no source and in no listing."""
SUFFIX_OF = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "text/vtt": ".vtt",
    "application/x-subrip": ".srt",
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
"""The suffix by which a snapshot is stored, by the type of its content."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one thing to add: stored at ``path`` of the corpus, or not and the ``reason``."""

    source: str
    path: str | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a web address gave; ``url`` is where the last redirect led."""

    url: str
    content_type: str
    data: bytes


def is_url(source: str) -> bool:
    """Whether a source is a web address rather than a path."""
    return source.lower().startswith(("http://", "https://"))


def add(source: str, corpus: Path, *, replace: bool = False) -> list[Added]:
    """Copy a file, a folder's files or a web page into a corpus; made if it is not there.

    What cannot be read as a document is not stored, and of a file that is there already only one with the same bytes
    or, with ``replace``, any. Raises ``UsageError`` for a source that does not exist or holds the corpus, and for an
    address that may not be fetched; ``SourceError`` where fetching fails.
    """
    if is_url(source):
        return [_add_url(source, corpus, replace=replace)]
    if "://" in source:
        raise UsageError(f"{source}: only http and https addresses can be added")
    path = Path(source)
    if path.is_dir():
        if corpus.resolve().is_relative_to(path.resolve()):
            raise UsageError(f"{source}: holds the corpus {corpus}; add another folder")
        files, skipped = source_files(path)
        added = [_store(file, file.relative_to(path.parent), corpus, replace=replace) for file in files]
        return added + [Added(str(path / one.path), None, one.reason) for one in skipped]
    if not path.exists():
        raise UsageError(f"{source}: no such file or folder")
    return [_store(path, Path(path.name), corpus, replace=replace)]


def _store(file: Path, name: Path, corpus: Path, *, replace: bool) -> Added:
    try:
        data = file.read_bytes()
        return _keep(str(file), data, name, corpus, replace=replace)
    except OSError as error:
        return Added(str(file), None, f"cannot be read: {error.strerror}")


def add_bytes(name: str, data: bytes, corpus: Path) -> Added:
    """Store the bytes of a file that came without a path; of its name only the last part counts."""
    own = name.replace("\\", "/").rpartition("/")[2].strip()
    if not own or not own.isprintable():
        return Added(name, None, "a name that no file can have")
    try:
        return _keep(own, data, Path(own), corpus, replace=False)
    except OSError as error:
        return Added(own, None, f"cannot be stored: {error.strerror}")


def _keep(source: str, data: bytes, name: Path, corpus: Path, *, replace: bool) -> Added:
    """Store bytes under a name, unless they are no document or others are there."""
    if name.name.startswith(".") or name.name.lower() == "readme.md":
        return Added(source, None, "a name that is never a source")
    try:
        document_of(data, name.as_posix())
    except SourceError as error:
        return Added(source, None, str(error))
    target = corpus / name
    if not target.parent.resolve().is_relative_to(corpus.resolve()) or target.is_symlink():
        return Added(source, None, "its place in the corpus is a link")
    if target.exists() and not replace and (not target.is_file() or target.read_bytes() != data):
        return Added(source, None, f"another {name.as_posix()} is in the corpus; rename it or give --replace")
    target.parent.mkdir(parents=True, exist_ok=True)
    # Written beside and moved: a build that runs meanwhile sees the old file or the new one.
    beside = target.with_name(f".{target.name}.new")
    beside.write_bytes(data)
    beside.replace(target)
    sidecar_of(target).unlink(missing_ok=True)
    return Added(source, name.as_posix())


def remove(relative: str, corpus: Path) -> None:
    """Delete the file of the corpus that ``find`` found, and with a snapshot its provenance."""
    path = corpus / relative
    path.unlink()
    sidecar_of(path).unlink(missing_ok=True)


def find(name: str, corpus: Path) -> str:
    """The path in the corpus of a file that is given by that path, by any path that leads to it, or by its id.

    Raises ``UsageError`` for what is no file of the corpus.
    """
    root = corpus.resolve()
    for path in (corpus / name, Path(name)):
        # The folder is resolved, not the file: of a link the link itself would go.
        place = path.parent.resolve() / path.name
        if place.is_relative_to(root) and (place.is_symlink() or place.is_file()):
            return place.relative_to(root).as_posix()
    try:
        documents = load_corpus(corpus).documents
    except SourceError:
        documents = ()
    for document in documents:
        if document.doc_id == name:
            return document.path
    raise UsageError(f"{name}: no document and no file of {corpus}; `qa sources` lists them")


def sidecar_of(path: Path) -> Path:
    """The hidden file with a snapshot's provenance."""
    return path.with_name(f".{path.name}{SIDECAR}")


def provenance(path: Path) -> dict[str, str] | None:
    """Where a snapshot came from: ``url``, ``fetched`` (UTC), ``content_type``, ``sha256``; None for other files."""
    try:
        loaded = json.loads(sidecar_of(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return {str(key): str(value) for key, value in loaded.items()} if isinstance(loaded, dict) else None


# --- the web --------------------------------------------------------------------------------------------------


def _add_url(url: str, corpus: Path, *, replace: bool) -> Added:
    got = fetch(url)
    name = _snapshot_name(got)
    if name is None:
        return Added(url, None, f"not a document ({got.content_type or 'no content type'})")
    added = _keep(url, got.data, Path(name), corpus, replace=replace)
    if added.path is not None:
        told = {
            "url": url,
            "final_url": got.url,
            "fetched": datetime.now(UTC).isoformat(timespec="seconds"),
            "content_type": got.content_type,
            "sha256": sha256(got.data),
        }
        text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
        sidecar_of(corpus / name).write_text(text, encoding="utf-8")
    return added


def _snapshot_name(got: Fetched) -> str | None:
    """Host and path of the address as a file's name, with the suffix of its content; None where that is no format."""
    parts = urlsplit(got.url)
    own = Path(unquote(parts.path)).suffix.lower()
    suffix = SUFFIX_OF.get(got.content_type)
    if suffix is None or (suffix == ".txt" and own in MODULES):
        suffix = own if own in MODULES else None
    if suffix is None:
        return None
    path = unquote(parts.path).strip("/")
    path = path[: -len(own)] if own in MODULES else path
    words = "-".join(filter(None, (parts.hostname or "", path, unquote(parts.query))))
    safe = "".join(c if c.isalnum() or c in "._-" else "-" for c in words).strip(".-_")
    return f"{safe.encode()[:120].decode('utf-8', 'ignore') or 'page'}{suffix}"


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host; raises ``SourceError`` where it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SourceError(f"{host}: no such host") from error
    return list(dict.fromkeys(str(address[4][0]) for address in found))


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet: not private, loopback, link-local, multicast or reserved."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        # An IPv4 address in the dress of an IPv6 one is judged as what it is.
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is None and found in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast and not found.is_reserved


def fetch(url: str) -> Fetched:
    """What stands at a web address, at most ``MAX_BYTES`` within ``MAX_SECONDS``.

    Raises ``UsageError`` for an address that is not http or https or leads to a machine that is not public, and
    ``SourceError`` where nothing or too much comes.
    """
    deadline = time.monotonic() + MAX_SECONDS
    for _ in range(MAX_REDIRECTS + 1):
        status, headers, data = _request(_checked(url), deadline)
        if status in (301, 302, 303, 307, 308) and headers.get("location"):
            url = urljoin(url, headers["location"])
            continue
        if status != 200:
            raise SourceError(f"{url}: the server answered {status}")
        return Fetched(url, headers.get("content-type", "").partition(";")[0].strip().lower(), data)
    raise SourceError(f"{url}: more than {MAX_REDIRECTS} redirects")


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise UsageError(f"{url}: not a web address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{url}: only http and https addresses can be added")
    if parts.username is not None or parts.password is not None:
        raise UsageError(f"{parts.hostname}: an address with a name or password in it is not fetched")
    if any(c.isspace() or not c.isprintable() for c in url):
        raise UsageError("a web address with white space in it; encode it")
    return parts


def _request(parts: SplitResult, deadline: float) -> tuple[int, dict[str, str], bytes]:
    """One request to an address that was resolved once and checked, so that no second answer can lead elsewhere."""
    host, port = str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)
    addresses = resolve(host, port)
    if not addresses or not all(is_public(address) for address in addresses):
        raise UsageError(f"{host}: a private or local address is not fetched")
    late = SourceError(f"{host}: nothing whole within {MAX_SECONDS:.0f} s")
    left = deadline - time.monotonic()
    if left <= 0:
        raise late
    connection = http.client.HTTPConnection(host, port)
    timer: threading.Timer | None = None
    try:
        held = socket.create_connection((addresses[0], port), timeout=left)
        # A server that sends a byte now and then keeps every single wait short; the whole is ended from outside.
        timer = threading.Timer(max(deadline - time.monotonic(), 0.0), _end, (held,))
        timer.daemon = True
        timer.start()
        if parts.scheme == "https":
            connection.sock = ssl.create_default_context().wrap_socket(held, server_hostname=host)
        else:
            connection.sock = held
        default = port == (443 if parts.scheme == "https" else 80)
        shown = f"[{host}]" if ":" in host else host.encode("idna").decode("ascii")
        target = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe="/%?&=:;,+@!$'()*~")
        headers = {"Host": shown if default else f"{shown}:{port}", "User-Agent": "qa", "Accept-Encoding": "identity"}
        connection.request("GET", target, headers=headers)
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        data = _body(response) if response.status == 200 else b""
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        if time.monotonic() >= deadline:
            raise late from error
        raise SourceError(f"{host}: cannot be fetched: {getattr(error, 'strerror', None) or error}") from error
    finally:
        if timer is not None:
            timer.cancel()
        connection.close()
    if time.monotonic() >= deadline:
        raise late
    return response.status, found, data


def _end(held: socket.socket) -> None:
    with contextlib.suppress(OSError):
        held.shutdown(socket.SHUT_RDWR)


def _body(response: http.client.HTTPResponse) -> bytes:
    stated = response.length
    data = bytearray()
    while part := response.read1(65_536):
        data += part
        if len(data) > MAX_BYTES:
            raise SourceError(f"more than {MAX_BYTES // 2**20} MB; save it and add the file")
    if stated is not None and len(data) < stated:
        raise http.client.IncompleteRead(bytes(data), stated - len(data))
    return bytes(data)
