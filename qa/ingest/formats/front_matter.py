"""The ``key: value`` lines between two ``---`` lines at the top of a text file."""

import re

from qa.errors import SourceError

LONGEST = 64 * 1024
"""Characters of front matter at most; what is longer is no set of ``key: value`` lines."""
OPENING = re.compile(r"---[ \t]*\r?\n")
CLOSING = re.compile(r"^---[ \t]*(?:\r?\n|\Z)", re.MULTILINE)


def read_front_matter(text: str) -> tuple[dict[str, str], int]:
    """The mapping between two ``---`` lines at the top of a file, and the offset where the body starts.

    Its values are words: a date stays what is written, a list is its items with commas between. Raises ``SourceError``
    for what is no mapping of plain values.
    """
    opening = OPENING.match(text)
    if opening is None:
        return {}, 0
    closing = CLOSING.search(text, opening.end(), opening.end() + LONGEST)
    if closing is None:
        if CLOSING.search(text, opening.end()):
            raise SourceError(f"front matter of more than {LONGEST} characters")
        return {}, 0
    return _mapping(text[opening.end() : closing.start()]), closing.end()


def _mapping(source: str) -> dict[str, str]:
    import yaml  # only reading sources needs it; asking does not pay for the import

    try:
        # Only the tree of its nodes is made: no value is built, no alias unfolded, no tag obeyed.
        node = yaml.compose(source, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        raise SourceError(f"front matter is not YAML: {str(error).splitlines()[0]}") from error
    except (RecursionError, ValueError) as error:
        raise SourceError("front matter must be `key: value` lines, and no deeper") from error
    if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
        return {}
    if not isinstance(node, yaml.MappingNode):
        raise SourceError("front matter must be `key: value` lines")
    found = {}
    for key, value in node.value:
        words = _words(value)
        if isinstance(key, yaml.ScalarNode) and words and key.value:
            found[_printable(key.value)] = _printable(words)
    return found


def _words(node: object) -> str | None:
    """A value in words; None for an empty one and for what is deeper than a list of words."""
    import yaml

    if isinstance(node, yaml.ScalarNode):
        bare = node.style is None
        return None if bare and node.value in ("", "~", "null", "Null", "NULL") else str(node.value)
    if isinstance(node, yaml.SequenceNode) and all(isinstance(item, yaml.ScalarNode) for item in node.value):
        return ", ".join(item.value for item in node.value) or None
    return None


def _printable(words: str) -> str:
    """The words without halves of characters, which an escape can name and no file can hold."""
    return words.encode("utf-8", "replace").decode("utf-8")
