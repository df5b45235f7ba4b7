"""Holding a question to the source or the section that it names."""

import re
from collections import defaultdict

from qa.ask.forms.desk import Desk
from qa.patterns import compiled


def sections_of(desk: Desk) -> dict[str, str]:
    """The section names of the corpus that one document alone has, with its path."""
    found: dict[str, set[str]] = defaultdict(set)
    for passage in desk.passages():
        if passage.section:
            found[passage.section].add(passage.path)
    return {section: next(iter(paths)) for section, paths in found.items() if len(paths) == 1}


REVIEWS = compiled(r"\breviews?\b", re.IGNORECASE)
"""What the section is called in which readers or viewers say what they think."""
