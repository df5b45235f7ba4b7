"""Settings: flag over environment over ``qa.toml`` over default; unknown keys are errors."""

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

from qa.errors import UsageError

FILE = "qa.toml"
PACKAGED_ENCODER = "qa-encoder"
"""The encoder that ships with the package; any other name asks for sentence-transformers."""


LONGEST_QUESTION = 2000
"""Code points."""
READERS = ("large", "small")
"""The first is taken where none is named."""
CORPUS, INDEX = Path("corpus"), Path("index")
PACKAGE = Path(__file__).parent
BUNDLE = PACKAGE / "film" if (PACKAGE / "film").is_dir() else PACKAGE.parent
"""Where the film's documents and gold set lie: inside the package where it is installed, beside it in a checkout."""
FILM = BUNDLE / "corpus"
FILM_GOLD = BUNDLE / "tests" / "gold" / "missing-picture.jsonl"


CONSISTENCIES = ("Bounded", "Strong", "Session", "Eventually")
"""How old what a search of Milvus sees may be; its own names. The first is taken where none is named."""


@dataclass(frozen=True, slots=True)
class Server:
    """A Milvus server, or a file of milvus-lite, and the collection on it that is asked.

    ``shards`` and ``replicas`` count only when the collection is made or loaded.
    """

    uri: str
    collection: str
    token: str = field(default="", repr=False)
    shards: int = 1
    replicas: int = 1
    consistency: str = CONSISTENCIES[0]
    dense_only: bool = False

    @property
    def is_file(self) -> bool:
        """Whether it is a file of milvus-lite."""
        return "://" not in self.uri


@dataclass(frozen=True)
class Settings:
    """Everything that can be set; paths are relative to the working directory, in ``qa.toml`` to that file.

    ``store`` is what is searched, empty for the index folder itself, else ``milvus+http://host:19530/collection`` or
    ``milvus+file:///folder/name.db``; what begins with ``store_`` is said of that. ``ray`` is the Ray cluster
    that reads and embeds when an index is built: ``host:port``, ``auto``, or ``local`` for one that is started for it.
    """

    corpus: Path = CORPUS
    index: Path = INDEX
    encoder: str = PACKAGED_ENCODER
    reader: str = READERS[0]
    top_k: int = 5
    precision: float = 0.0
    """Share of the answers that shall be right, 0 for the reader's own threshold."""
    store: str = ""
    store_token: str = field(default="", repr=False)
    store_shards: int = 1
    store_replicas: int = 1
    store_consistency: str = CONSISTENCIES[0]
    store_dense_only: bool = False
    ray: str = ""

    def __post_init__(self) -> None:
        if self.reader not in READERS:
            raise UsageError(f"reader is {self.reader!r}; give {' or '.join(READERS)}")
        if not 0 <= self.precision < 1:
            raise UsageError(f"precision is {self.precision}; give a share from 0 to 1, such as 0.9")
        if not 1 <= self.top_k <= 100:
            raise UsageError(f"top_k is {self.top_k}; give a number from 1 to 100")
        if self.store_consistency not in CONSISTENCIES:
            raise UsageError(f"store_consistency is {self.store_consistency!r}; give {' or '.join(CONSISTENCIES)}")
        for name in ("store_shards", "store_replicas"):
            if not 1 <= getattr(self, name) <= 64:
                raise UsageError(f"{name} is {getattr(self, name)}; give a number from 1 to 64")
        if self.ray and not re.fullmatch(r"local|auto|[^\s/]+:[0-9]+", self.ray):
            raise UsageError(f"ray is {self.ray!r}; give local, auto or the host:port of a cluster")
        _ = self.server  # an address that is none is told at once

    @property
    def server(self) -> Server | None:
        """The server that is searched; None where the index folder itself is."""
        if not self.store:
            return None
        uri, collection = _address(self.store)
        return Server(
            uri,
            collection,
            self.store_token,
            self.store_shards,
            self.store_replicas,
            self.store_consistency,
            self.store_dense_only,
        )


def _address(store: str) -> tuple[str, str]:
    """The address and the collection of the setting ``store``."""
    wrong = UsageError(f"store is {store!r}; give milvus+http://host:19530/collection or milvus+file:///folder/name.db")
    try:
        parts = urlsplit(store)
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise UsageError(f"store is {store!r}; a token goes into QA_STORE_TOKEN, the rest into store_... settings")
    if parts.scheme == "milvus+file" and not parts.netloc and parts.path.startswith("/") and parts.path.endswith(".db"):
        return parts.path, "qa"
    collection = parts.path.strip("/")
    if parts.scheme not in ("milvus+http", "milvus+https") or not parts.hostname:
        raise wrong
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,199}", collection):
        raise UsageError(f"store is {store!r}; the name of a collection is letters, digits and underscores")
    host = parts.netloc if port else f"{parts.netloc.rstrip(':')}:19530"
    return f"{parts.scheme.removeprefix('milvus+')}://{host}", collection


def load_settings(
    flags: Mapping[str, object] | None = None,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
    *,
    film: bool = True,
) -> Settings:
    """Merge the sources of settings; ``flags`` that are None were not given.

    Where no corpus is named and there is no folder ``corpus``, it is ``FILM`` itself, unless ``film`` is false.
    """
    names = {one.name for one in fields(Settings)}
    values: dict[str, object] = {}
    path = (folder or Path()) / FILE
    if path.is_file():
        values.update(_read_file(path, names))
    environ = os.environ if environ is None else environ
    for name in names:
        if f"QA_{name.upper()}" in environ:
            values[name] = environ[f"QA_{name.upper()}"]
    values.update({key: value for key, value in (flags or {}).items() if value is not None})
    for name in ("corpus", "index"):
        if "\0" in str(values.get(name)):
            raise UsageError(f"{name} is {str(values[name])!r}; no path has a zero byte in it")
    default = FILM if film and not CORPUS.is_dir() and FILM.is_dir() else CORPUS
    corpus = Path(str(values["corpus"])) if "corpus" in values else default
    return Settings(
        corpus=corpus,
        index=Path(str(values["index"])) if "index" in values else own_index(corpus),
        encoder=str(values.get("encoder", Settings.encoder)),
        reader=str(values.get("reader", Settings.reader)),
        top_k=_whole("top_k", values.get("top_k", Settings.top_k)),
        precision=_share("precision", values.get("precision", Settings.precision)),
        store=str(values.get("store", Settings.store)),
        store_token=str(values.get("store_token", "")),
        store_shards=_whole("store_shards", values.get("store_shards", Settings.store_shards)),
        store_replicas=_whole("store_replicas", values.get("store_replicas", Settings.store_replicas)),
        store_consistency=str(values.get("store_consistency", Settings.store_consistency)),
        store_dense_only=_yes("store_dense_only", values.get("store_dense_only", Settings.store_dense_only)),
        ray=str(values.get("ray", Settings.ray)),
    )


def own_index(corpus: Path) -> Path:
    """Where the index of a corpus lies unless told: ``index`` for ``corpus``, for others the user's cache folder."""
    if corpus == CORPUS:
        return INDEX
    whole = Path(os.path.realpath(corpus))  # which a ring of links does not stop
    digest = hashlib.sha256(os.fsencode(whole)).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "qa" / f"{whole.name or 'root'}-{digest}"


def _read_file(path: Path, names: set[str]) -> dict[str, object]:
    import tomllib  # here, since most have no such file

    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"{path}: cannot be read as TOML: {error}") from error
    for key in table:
        if key not in names:
            raise UsageError(f"{path}: unknown key {key!r}; known are {', '.join(sorted(names))}")
    for key in ("corpus", "index"):
        if key in table:
            table[key] = path.parent / str(table[key])
    return table


def _whole(name: str, value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise UsageError(f"{name} is {value!r}; give a whole number") from None


def _share(name: str, value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        raise UsageError(f"{name} is {value!r}; give a share from 0 to 1, such as 0.9") from None


def _yes(name: str, value: object) -> bool:
    if str(value).lower() not in ("true", "false"):
        raise UsageError(f"{name} is {value!r}; give true or false")
    return str(value).lower() == "true"
