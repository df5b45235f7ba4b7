"""Bring the store on a server to a build: put in what is new of it, take out what is gone.

A part of the store is a segment of a build (``Index.parts``). One that is being written
or taken out is marked as such first, and its passages say which part put them in last; so whenever it is stopped, doing
it again leaves what one whole run leaves.
"""

from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from qa.errors import UsageError
from qa.search.build import lexical_text, without_context
from qa.search.index import Index
from qa.search.milvus_store import AT_ONCE, MilvusStore
from qa.search.segment import Segment
from qa.search.store import Entry
from qa.search.words import stems
from qa.types import Progress


def push(index: Index, store: MilvusStore, owner: str, progress: Progress | None = None) -> None:
    """Bring a store to a build. ``owner`` says whose it is; raises ``UsageError`` where it is another's."""
    if (other := store.owner()) not in (None, owner):
        raise UsageError(
            f"{store.server.uri}: {store.server.collection} holds the passages of {other}, not of {owner}; "
            "name another collection in the setting store, or use `qa index --force`"
        )
    store.own(owner)
    wanted, there = index.parts, store.parts()
    new = [name for name in wanted if not there.get(name)]
    gone = [name for name in there if name not in wanted]
    store.mark([*new, *gone], whole=False)
    done, total = 0, sum(len(wanted[name]) for name in new)
    for name in new:
        entries = _entries(wanted[name], index.manifest.context)
        while some := list(islice(entries, AT_ONCE)):
            store.upsert(some, name)
            done += len(some)
            if progress:
                progress("passages sent", done, total)
        store.mark([name], whole=True)
    for name in gone:
        store.remove(name)


def _entries(segment: Segment, context: bool) -> Iterator[Entry]:
    """The entries of a segment with their terms."""
    for path in segment.places:
        for entry in segment.entries(path):
            seen = entry.passage if context else without_context(entry.passage)
            yield replace(entry, terms=tuple(stems(lexical_text(seen))))
