"""The ``key: value`` lines between two ``---`` lines at the top of a text file."""

import re

from qa.errors import SourceError

FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


def read_front_matter(text: str) -> tuple[dict[str, str], int]:
    """The YAML mapping between two ``---`` lines at the top of a file, and the offset where the body starts."""
    match = FRONT_MATTER.match(text)
    if match is None:
        return {}, 0
    import yaml  # only reading sources needs it; asking does not pay for the import

    try:
        loaded = yaml.safe_load(match.group(1))
    except yaml.YAMLError as error:
        raise SourceError(f"front matter is not YAML: {str(error).splitlines()[0]}") from error
    if loaded is None:
        loaded = {}
    if not isinstance(loaded, dict):
        raise SourceError("front matter must be `key: value` lines")
    return {str(key): str(value) for key, value in loaded.items() if value is not None}, match.end()
