"""The store of a build that is searched elsewhere: what was found there counts only where the build has the same.

However stale or wrong a server is, a passage comes from the kept text of the build, whose files are held to their
SHA-256, and so a quote is one.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from qa.errors import StoreError
from qa.models.encoder import Vectors
from qa.search.segment_store import SegmentStore
from qa.search.store import Candidate, Store, Within
from qa.types import Passage


class KeptStore(Struct, frozen=True):
    """See ``Store``; ``live`` is searched, everything else is read from ``kept``."""

    kept: SegmentStore
    live: Store

    def search(self, vector: Vectors, terms: Sequence[str], k: int, within: Within | None = None) -> list[Candidate]:
        """See ``Store``; passages that the build has otherwise, or not, are left out.

        Raises ``StoreError`` where that leaves nothing of what was found.
        """
        found = self.live.search(vector, terms, k, within)
        held = [replace(candidate, passage=kept) for candidate in found if (kept := self._kept(candidate, within))]
        if found and not held:
            name = found[0].passage.passage_id
            raise StoreError(
                f"the server found {name} and {len(found) - 1} more, and none is as the index has it; run `qa index`"
            )
        return held

    def _kept(self, candidate: Candidate, within: Within | None) -> Passage | None:
        passage = self.kept.find(candidate.passage.path, candidate.passage.start)
        return passage if passage == candidate.passage and (within is None or within.holds(passage)) else None

    def get(self, passage_ids: Sequence[str]) -> list[Passage]:
        """See ``Store``."""
        return self.kept.get(passage_ids)

    def scan(self, within: Within | None = None) -> Iterator[Passage]:
        """See ``Store``."""
        return self.kept.scan(within)

    def count(self) -> int:
        """See ``Store``."""
        return self.kept.count()
