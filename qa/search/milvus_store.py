"""The store beyond this machine: passages on a Milvus server, or in a file of milvus-lite. The only user of pymilvus.

Three collections, named after the one that is asked for:

::

    NAME                a row a passage: its line of JSON, its vector, its terms for the server's BM25
    NAME_sentences      a row a sentence: its vector
    NAME_parts          a row a part of a build that was put in, and whose passages these are

Keys are made of passage ids, so that putting in again changes nothing. A passage is put in before its sentences and
taken out after them, so that no sentence is there without one, wherever writing was stopped; one that lacks sentences
is not found yet.
"""

import logging
import math
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from pymilvus import DataType, Function, FunctionType, MilvusClient

from qa.config import Server
from qa.errors import StoreError
from qa.jsonl import json_line
from qa.models.encoder import Vectors
from qa.search.bm25 import K1, B
from qa.search.segment import read_passage
from qa.search.store import Candidate, Entry, Within, union_of_best
from qa.types import Passage

# The client logs every failure with its traceback; here each becomes one line for the person who can mend it.
for noisy in ("pymilvus", "milvus_lite"):
    logging.getLogger(noisy).setLevel(logging.CRITICAL + 1)

READY_S = 10.0
"""Seconds that a server gets to answer when it is opened: one that has just been started listens before it answers."""
READ_S, WRITE_S = 10.0, 60.0
"""Seconds that one call may take; until then the client tries again by itself where the server went away."""
WRITING = frozenset(("create_collection", "create_index", "load_collection", "drop_collection", "upsert", "delete"))
AT_ONCE = 500
"""Rows of one call that writes or lists; a passage with its vector and words has some 4 KiB, and a call 64 MiB."""
MOST_HITS = 16_384
"""Rows that one search may return, by the server's own limit."""
LONGEST = 65_535
"""Bytes of one text, by the server's own limit."""
FULL_TEXT = (2, 5)
"""The first version of Milvus that has BM25; milvus-lite has it and counts from 3."""
OWNER = "0" * 32
"""The key of the row that says whose passages these are; those of parts have a hyphen."""


def key(passage_id: str) -> str:
    """A passage's key: of hexadecimal digits alone, so that no name has to be quoted in a filter."""
    return sha256(passage_id.encode()).hexdigest()[:32]


def sentence_keys(passage: str, first: int, last: int) -> list[str]:
    """The keys of a passage's sentences, by its own key."""
    return [f"{passage}:{number}" for number in range(first, last)]


def one_of(field: str, values: Iterable[str]) -> str:
    """The filter for rows whose field is one of some keys."""
    named = ", ".join(f'"{value}"' for value in values)
    return f"{field} in [{named}]"


def filter_of(within: Within | None) -> str:
    """The filter for what a search is held to."""
    if within is None:
        return ""
    held = one_of("path", sorted(map(key, within.paths)))
    return held if within.section is None else f'{held} and section == "{key(within.section)}"'


def batches(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Rows in turns of ``AT_ONCE``."""
    return (rows[i : i + AT_ONCE] for i in range(0, len(rows), AT_ONCE))


class MilvusStore:
    """See ``LiveStore``; ``dimension`` is the length of a vector.

    Opening waits up to ``wait`` seconds until the server answers a call; with ``afresh`` what is there is dropped.
    Every failure of the server is a ``StoreError``.
    """

    def __init__(self, server: Server, dimension: int, wait: float = READY_S, *, afresh: bool = False) -> None:
        self.server = server
        self._dimension = dimension
        self._passages, self._sentences = server.collection, f"{server.collection}_sentences"
        self._parts = f"{server.collection}_parts"
        self._until = time.monotonic() + wait
        self._client, version = self._connected(wait)
        self._version = tuple(map(int, re.findall(r"\d+", version)[:2]))
        self._lite = version.startswith("milvus_lite")
        self._words = self._version >= FULL_TEXT and not server.dense_only
        if not self._words and not server.dense_only:
            raise StoreError(
                f"{server.uri}: {version} has no full-text search, which Milvus has since 2.5; "
                "run a newer server, or set store_dense_only = true to search by vectors alone"
            )
        self._there = self._opened(afresh)

    # --- the server -------------------------------------------------------------------------------------------

    def _connected(self, wait: float) -> tuple[MilvusClient, str]:
        server = self.server
        if server.is_file and not Path(server.uri).parent.is_dir():
            raise StoreError(f"{server.uri}: no such folder; name a file in one that is there")
        while True:
            try:
                client = MilvusClient(server.uri, token=server.token, timeout=max(wait, 1.0))
                client.list_collections(timeout=wait)
                return client, str(client.get_server_version(timeout=wait))
            except Exception as error:  # what the client raises differs by what is wrong and by its version
                if time.monotonic() >= self._until:
                    raise StoreError(self._unanswered(wait)) from error
                time.sleep(0.2)

    def _unanswered(self, wait: float) -> str:
        if self.server.is_file:
            return f"{self.server.uri}: cannot be opened; it is no file of milvus-lite, or another process has it open"
        token = "the token that it was given" if self.server.token else "to answer without a token (QA_STORE_TOKEN)"
        return f"{self.server.uri}: no answer in {wait:g} s; the server is down, or still starting, or refuses {token}"

    def _call(self, method: str, *given: Any, **named: Any) -> Any:
        """One call of the server; raises ``StoreError``."""
        limit = WRITE_S if method in WRITING else READ_S
        try:
            return getattr(self._client, method)(*given, timeout=limit, **named)
        except Exception as error:  # see above
            told = str(getattr(error, "message", "") or error).strip().splitlines() or [type(error).__name__]
            raise StoreError(
                f"{self.server.uri}: {method.replace('_', ' ')} in {self.server.collection} failed: {told[0][:300]}; "
                "see to the server, then do it again: nothing is lost or doubled by that"
            ) from error

    def _names(self) -> tuple[str, str, str]:
        return self._passages, self._sentences, self._parts

    def _opened(self, afresh: bool) -> bool:
        """Whether the collections are there; then they are those of such vectors, and answer."""
        there = [name for name in self._names() if self._call("has_collection", name)]
        if afresh:
            for name in there:
                self._call("drop_collection", name)
        if afresh or len(there) < len(self._names()):
            return False
        fields = {field["name"]: field for field in self._call("describe_collection", self._passages)["fields"]}
        mend = "name another collection in the setting store, or use `qa index --force`"
        if "passage" not in fields or "vector" not in fields:
            raise StoreError(f"{self.server.uri}: {self._passages} is no collection of qa; {mend}")
        if (found := int(fields["vector"]["params"]["dim"])) != self._dimension:
            raise StoreError(
                f"{self.server.uri}: {self._passages} has vectors of {found} numbers, the encoder gives "
                f"{self._dimension}: it is of another encoder; {mend}"
            )
        if ("terms" in fields) != self._words:
            has = "has" if "terms" in fields else "lacks"
            raise StoreError(f"{self.server.uri}: {self._passages} {has} words, as store_dense_only forbids; {mend}")
        for name in self._names():
            self._call("load_collection", name, replica_number=self.server.replicas)
            self._answers(name)
        return True

    def _answers(self, name: str) -> None:
        """Wait until a collection can be searched, which after a restart takes longer than to answer."""
        while True:
            try:
                self._counted(name)
            except StoreError:
                if time.monotonic() >= self._until:
                    raise
                time.sleep(0.2)
            else:
                return

    def _make(self) -> None:
        """Make the collections that are not there."""
        if self._there:
            return
        self._create(self._passages, self._dimension, ["path", "section", "part"], ["passage"])
        self._create(self._sentences, self._dimension, ["path", "section"], [])
        self._create(self._parts, 2, [], ["told"])
        self._there = True

    def _create(self, name: str, dimension: int, keys: Sequence[str], texts: Sequence[str]) -> None:
        if self._call("has_collection", name):
            return
        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=64)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
        indexes = self._client.prepare_index_params()
        indexes.add_index("vector", index_type="AUTOINDEX", metric_type="IP")
        for field in keys:
            schema.add_field(field, DataType.VARCHAR, max_length=64)
            if self._version >= FULL_TEXT:
                indexes.add_index(field, index_type="INVERTED")
        for field in texts:
            schema.add_field(field, DataType.VARCHAR, max_length=LONGEST)
        if "passage" in texts:
            schema.add_field("sentences", DataType.INT64)
        if "passage" in texts and self._words:
            # The terms are stems already; the server only parts them at white space and counts.
            analyzer = {"tokenizer": "standard"}
            schema.add_field(
                "terms", DataType.VARCHAR, max_length=LONGEST, enable_analyzer=True, analyzer_params=analyzer
            )
            schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
            schema.add_function(Function("bm25", FunctionType.BM25, ["terms"], ["words"]))
            how = {"bm25_k1": K1, "bm25_b": B}
            indexes.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25", params=how)
        shards = self.server.shards
        self._call("create_collection", name, schema=schema, num_shards=shards, consistency_level="Bounded")
        self._call("create_index", name, indexes, sync=False)  # loading waits for it
        self._call("load_collection", name, replica_number=self.server.replicas)

    def close(self) -> None:
        """Hang up; a file of milvus-lite can then be opened by another process."""
        self._client.close()
        if self.server.is_file:
            from milvus_lite.server_manager import server_manager_instance

            server_manager_instance.release_server(self.server.uri)

    # --- reading ----------------------------------------------------------------------------------------------

    def _hits(self, name: str, field: str, asked: Any, k: int, where: str) -> dict[str, float]:
        """The keys that a search finds, best first, with their scores: inner products, or BM25 as ``qa.search.bm25``.

        The server's BM25 has a factor that ours has not and that changes no order; milvus-lite gives it as a distance.
        """
        metric = "BM25" if field == "words" else "IP"
        found = self._call(
            "search",
            name,
            data=[asked],
            anns_field=field,
            limit=min(k, MOST_HITS),
            filter=where,
            output_fields=["id"],
            search_params={"metric_type": metric},
            consistency_level=self.server.consistency,
        )
        scores = {str(hit["id"]): float(hit["distance"]) for hit in found[0]}
        return {name: abs(score) / (K1 + 1) for name, score in scores.items()} if metric == "BM25" else scores

    def _lexical(self, text: str, k: int, where: str) -> dict[str, float]:
        """The keys of the ``k`` passages whose words fit best, best first, with their BM25; more where that is cheaper.

        How rare a word is, milvus-lite counts among the rows that a filter leaves, so it is asked without one.
        """
        if not self._lite:
            return self._hits(self._passages, "words", text, k, where)
        hits = self._hits(self._passages, "words", text, MOST_HITS, "")
        if not where:
            return hits
        held = {str(row["id"]) for row in self._every(self._passages, where, [], self.server.consistency)}
        return {name: score for name, score in hits.items() if name in held}

    def _best_said(self, asked: Sequence[float], k: int, where: str) -> list[str]:
        """The keys of the ``k`` passages that have the best sentences; as many of these are looked at as that takes."""
        limit = 4 * k
        while True:
            hits = self._hits(self._sentences, "vector", asked, limit, where)
            passages = list(dict.fromkeys(name.partition(":")[0] for name in hits))
            if len(passages) >= k or len(hits) < min(limit, MOST_HITS) or limit >= MOST_HITS:
                return passages[:k]
            limit *= 2

    def _rows(
        self, name: str, keys: Sequence[str], fields: Sequence[str], consistency: str | None = None
    ) -> dict[str, Mapping[str, Any]]:
        """The rows of keys that are there."""
        rows: dict[str, Mapping[str, Any]] = {}
        for some in batches(keys):
            level = consistency or self.server.consistency
            found = self._call(
                "query", name, filter=one_of("id", some), output_fields=["id", *fields], consistency_level=level
            )
            rows |= {str(row["id"]): dict(row) for row in found}
        return rows

    def search(self, vector: Vectors, terms: Sequence[str], k: int, within: Within | None = None) -> list[Candidate]:
        """See ``Store``; both cosines are computed here from the stored vectors, whatever the index made of them."""
        if not self._there or (within is not None and not within.paths):
            return []
        asked, where = vector[0].tolist(), filter_of(within)
        text = " ".join(terms) if self._words else ""
        lexical = self._lexical(text, k, where) if text else {}
        near = self._hits(self._passages, "vector", asked, k, where)
        keys = sorted({*near, *self._best_said(asked, k, where), *list(lexical)[:k]})
        others = [name for name in keys if name not in lexical]
        if text and others and not self._lite:
            lexical |= self._hits(self._passages, "words", text, len(others), one_of("id", others))
        rows = self._rows(self._passages, keys, ["passage", "vector", "sentences"])
        own = {name: sentence_keys(name, 0, int(row["sentences"])) for name, row in rows.items()}
        said = self._rows(self._sentences, [one for names in own.values() for one in names], ["vector"])
        found = []
        for name, row in rows.items():
            if not all(one in said for one in own[name]):  # what was put in a moment ago may be seen in parts
                continue
            cosines = np.array([said[one]["vector"] for one in own[name]], np.float32) @ vector[0]
            best = int(np.argmax(cosines))
            near_by = float(np.array(row["vector"], np.float32) @ vector[0])
            passage = read_passage(row["passage"])
            found.append(Candidate(passage, near_by, float(cosines[best]), lexical.get(name, 0.0), best))
        return union_of_best(found, k)

    def get(self, passage_ids: Sequence[str]) -> list[Passage]:
        """See ``Store``."""
        keys = {passage_id: key(passage_id) for passage_id in passage_ids}
        rows = self._rows(self._passages, sorted(keys.values()), ["passage"]) if self._there else {}
        return [read_passage(rows[keys[passage_id]]["passage"]) for passage_id in _known(passage_ids, keys, rows)]

    def scan(self, within: Within | None = None) -> Iterator[Passage]:
        """See ``Store``; holds all of them at once."""
        if not self._there or (within is not None and not within.paths):
            return iter(())
        found = self._every(self._passages, filter_of(within), ["passage"], self.server.consistency)
        passages = (read_passage(row["passage"]) for row in found)
        return iter(sorted(passages, key=lambda passage: (passage.path, passage.start)))

    def _every(self, name: str, where: str, fields: Sequence[str], consistency: str) -> Iterator[Mapping[str, Any]]:
        """The rows of a collection, asked for by the first digits of their keys.

        The client's own iterator looks at no consistency on servers before 2.5, and misses what was just written.
        """
        digits = math.ceil(math.log(max(self._counted(name, where, consistency) / AT_ONCE, 1), 16))
        for first in map("".join, product("0123456789abcdef", repeat=digits)):
            held = f'id >= "{first}" and id < "{first}~"'  # keys have no tilde, and no sign after it
            both = f"{where} and {held}" if where else held
            yield from self._call(
                "query", name, filter=both, output_fields=["id", *fields], consistency_level=consistency
            )

    def count(self) -> int:
        """See ``Store``."""
        return self._counted(self._passages) if self._there else 0

    def _counted(self, name: str, where: str = "", consistency: str | None = None) -> int:
        level = consistency or self.server.consistency
        found = self._call("query", name, filter=where, output_fields=["count(*)"], consistency_level=level)
        return int(found[0]["count(*)"])

    # --- writing ----------------------------------------------------------------------------------------------

    def upsert(self, entries: Sequence[Entry], part: str = "") -> None:
        """See ``LiveStore``; ``part`` is the part of a build that the entries are of."""
        self._make()
        for some in batches(list({entry.passage.passage_id: entry for entry in entries}.values())):
            self._upsert(some, part)

    def _upsert(self, entries: Sequence[Entry], part: str) -> None:
        passages, sentences = [], []
        for entry in entries:
            row = self._row(entry, part)
            passages.append(row)
            place = {"path": row["path"], "section": row["section"]}
            names = sentence_keys(row["id"], 0, len(entry.sentence_vectors))
            sentences += [
                {"id": name, "vector": vector.tolist(), **place}
                for name, vector in zip(names, entry.sentence_vectors, strict=True)
            ]
        there = self._rows(self._passages, [row["id"] for row in passages], ["sentences"], "Strong")
        over = [
            one
            for row in passages
            if row["id"] in there
            for one in sentence_keys(row["id"], row["sentences"], int(there[row["id"]]["sentences"]))
        ]
        self._take_out(self._sentences, over)
        self._call("upsert", self._passages, passages)
        for some in batches(sentences):
            self._call("upsert", self._sentences, list(some))

    def _row(self, entry: Entry, part: str) -> dict[str, Any]:
        passage = entry.passage
        row = {
            "id": key(passage.passage_id),
            "path": key(passage.path),
            "section": key(passage.section or ""),
            "part": part,
            "passage": json_line(passage),
            "sentences": len(entry.sentence_vectors),
            "vector": entry.vector.tolist(),
        }
        if self._words:
            row["terms"] = " ".join(entry.terms)
        for name in ("passage", "terms"):
            if (size := len(row.get(name, "").encode())) > LONGEST:
                raise StoreError(
                    f"{passage.passage_id}: its {name} take {size} bytes, and Milvus keeps {LONGEST} in a field; "
                    f"shorten the title or heading over it in {passage.path}"
                )
        return row

    def _take_out(self, name: str, keys: Sequence[str]) -> None:
        for some in batches(keys):
            self._call("delete", name, filter=one_of("id", some))

    def delete(self, passage_ids: Iterable[str]) -> None:
        """See ``LiveStore``."""
        if self._there:
            self._delete([key(passage_id) for passage_id in passage_ids])

    def _delete(self, keys: Sequence[str]) -> None:
        for some in batches(keys):
            there = self._rows(self._passages, some, ["sentences"], "Strong")
            own = [one for name, row in there.items() for one in sentence_keys(name, 0, int(row["sentences"]))]
            self._take_out(self._sentences, own)
            self._take_out(self._passages, list(there))

    # --- parts of a build -------------------------------------------------------------------------------------

    def parts(self) -> dict[str, bool]:
        """The parts of which passages are there, and whether all of them are."""
        return {name: told == "whole" for name, told in self._told().items() if name != OWNER}

    def owner(self) -> str | None:
        """Whose passages these are, as ``own`` said."""
        return self._told().get(OWNER)

    def _told(self) -> dict[str, str]:
        rows = self._every(self._parts, "", ["told"], "Strong") if self._there else iter(())
        return {str(row["id"]): str(row["told"]) for row in rows}

    def own(self, owner: str) -> None:
        """Say whose passages these are."""
        self._tell({OWNER: owner})

    def mark(self, parts: Iterable[str], *, whole: bool) -> None:
        """Say of parts that all of their passages are there, or that they may not be."""
        self._tell(dict.fromkeys(parts, "whole" if whole else "begun"))

    def _tell(self, told: Mapping[str, str]) -> None:
        self._make()
        for some in batches([{"id": name, "told": value, "vector": [0.0, 1.0]} for name, value in told.items()]):
            self._call("upsert", self._parts, list(some))

    def remove(self, part: str) -> None:
        """Take out the passages of a part that are of no other by now, and the part."""
        rows = self._every(self._passages, f'part == "{part}"', [], "Strong")
        self._delete([str(row["id"]) for row in rows])
        self._take_out(self._parts, [part])


def _known(passage_ids: Sequence[str], keys: Mapping[str, str], rows: Mapping[str, Mapping[str, Any]]) -> Sequence[str]:
    """The ids; raises ``KeyError`` for the first that has no row."""
    for passage_id in passage_ids:
        if keys[passage_id] not in rows:
            raise KeyError(passage_id)
    return passage_ids
