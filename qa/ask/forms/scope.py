"""Holding a question to the source or the section that it names."""

from collections import defaultdict

from qa.ask.forms.desk import Desk


def sections_of(desk: Desk) -> dict[str, str]:
    """The section names of the corpus that one document alone has, with its path."""
    found: dict[str, set[str]] = defaultdict(set)
    for passage in desk.passages():
        if passage.section:
            found[passage.section].add(passage.path)
    return {section: next(iter(paths)) for section, paths in found.items() if len(paths) == 1}
