"""Every regular expression of the package, as it is used, and strings on which a bad one would take for ever."""

import ast
import itertools
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

METHODS = {"match", "fullmatch", "search", "findall", "finditer", "sub", "subn", "split"}
ANCHORED = {"match", "fullmatch"}
"""Only these begin at one place; the others try every place."""
HELD_BY_USE = {
    "qa.ingest.formats.tags:TAG": "match",
    "qa.ingest.formats.talk:STAMPED": "match",
    "qa.ingest.formats.talk:NAMED": "match",
    "qa.ask.forms.byline:STATED": "fullmatch",
}
"""Patterns that are passed on by another name: that of tags is tried at a ``<``, and no more once it failed; those of
talk at the beginning of a line; those of bylines fill a question, or a line."""
ATOMS = ("a", "A", "1", " ", "\n", "\t", "-", ".", "(", "[", "<", "*", "'", ":", ",", "é", "\0")
HEADS = ("a: b", "Who is the a", "# a", "<a ", '"')
"""What a pump may stand behind."""
TAILS = ("", "\x01", "!")


@dataclass(frozen=True)
class Used:
    """A pattern with a method that it is used by, and where."""

    where: str
    pattern: re.Pattern[Any]
    method: str

    def run(self, text: str) -> float:
        """Seconds of this thread that the pattern takes over a text."""
        given: Any = text.encode("utf-8") if isinstance(self.pattern.pattern, bytes) else text
        started = time.thread_time()
        if self.method in ANCHORED:
            getattr(self.pattern, self.method)(given)
        else:
            for _ in self.pattern.finditer(given):
                pass
        return time.thread_time() - started


class _Finder(ast.NodeVisitor):
    """The patterns that a module compiles or passes to ``re``, and what it does with named ones."""

    def __init__(self) -> None:
        self.named: dict[str, tuple[Any, int, int]] = {}
        self.inline: list[tuple[Any, int, str, int]] = []
        self.uses: list[tuple[str, str]] = []

    def visit_Assign(self, node: ast.Assign) -> None:
        call = node.value
        if _is_re(call, {"compile"}) and isinstance(node.targets[0], ast.Name):
            pattern = _pattern(call)
            if pattern is not None:
                self.named[node.targets[0].id] = (*pattern, node.lineno)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if _is_re(node, METHODS | {"compile"}):
            pattern = _pattern(node)
            if pattern is not None:
                method = node.func.attr if node.func.attr != "compile" else "search"  # type: ignore[attr-defined]
                self.inline.append((*pattern, method, node.lineno))
        elif isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
            owner = node.func.value
            name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
            self.uses.append((name, node.func.attr))
        self.generic_visit(node)


def _is_re(node: ast.AST, names: set[str]) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in names
    )


def _pattern(node: Any) -> tuple[Any, int] | None:
    """The pattern of a call of ``re`` and its flags; what is put into it at run time stands as a letter."""
    try:
        pattern = ast.literal_eval(node.args[0])
    except ValueError:
        if not isinstance(node.args[0], ast.JoinedStr):
            return None
        parts = node.args[0].values
        pattern = "".join(part.value if isinstance(part, ast.Constant) else "x" for part in parts)
    if not isinstance(pattern, str | bytes):
        return None
    named = {word.attr for word in ast.walk(node) if isinstance(word, ast.Attribute) and word.attr.isupper()}
    flags = 0
    for name in named & set(re.RegexFlag.__members__):
        flags |= re.RegexFlag[name]
    return pattern, flags


def _within(value: Any) -> Iterator[Any]:
    """What a global is, or holds, however deep: a table of rules holds patterns in tuples."""
    yield value
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, tuple | list) else ()
    for one in inside:
        yield from _within(one)


def used_patterns(package: Path) -> list[Used]:
    """All patterns of a package's modules: those given to ``re`` in place, and those in its modules' globals."""
    import importlib

    found: dict[tuple[Any, int, str], Used] = {}
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package.parent).with_suffix("").as_posix().replace("/", ".")
        finder = _Finder()
        finder.visit(ast.parse(path.read_text(encoding="utf-8")))
        patterns = [(p, f, m, f"{name}:{line}") for p, f, m, line in finder.inline]
        if not name.endswith("__main__"):
            module = importlib.import_module(name.removesuffix(".__init__"))
            for variable, value in vars(module).items():
                for pattern in _within(value):
                    if isinstance(pattern, re.Pattern):
                        otherwise = HELD_BY_USE.get(f"{name}:{variable}", "search")
                        methods = {method for owner, method in finder.uses if owner == variable} or {otherwise}
                        patterns += [(pattern.pattern, pattern.flags, m, f"{name}:{variable}") for m in methods]
        named = {value[:2] for value in finder.named.values()}
        for text, flags, method, where in patterns:
            if (text, flags) in named and where.rpartition(":")[2].isdigit():
                continue  # it is there again, with what is done with it
            try:
                pattern = re.compile(text, flags)
            except re.error:
                continue
            kind = method if method in ANCHORED else "search"
            found.setdefault((pattern.pattern, pattern.flags, kind), Used(where, pattern, kind))
    return list(found.values())


def atoms_of(pattern: re.Pattern[Any]) -> list[str]:
    """Letters and short words that a pattern speaks of, and those that most do."""
    text = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    words = re.findall(r"[^\W\d_]{2,}", re.sub(r"\\[a-zA-Z]|\(\?[PLiamsux<>=!:]+|\[[^\]]*\]", " ", text))
    signs = [c for c in dict.fromkeys(re.sub(r"\\[a-zA-Z]", "", text)) if not c.isalnum() and c not in "\\?^$|{}+"]
    return list(dict.fromkeys((*ATOMS[:6], *words[:3], *signs[:8], *ATOMS[6:])))


def adversaries(pattern: re.Pattern[Any], size: int, most: int = 400) -> Iterator[str]:
    """Strings of about a size on which a pattern that backtracks would show it."""
    atoms = atoms_of(pattern)
    made = 0
    for one in atoms:
        if made >= most:
            return
        for tail in TAILS:
            yield one * (size // len(one)) + tail
            made += 1
    for head, one in itertools.product(HEADS, atoms[:8]):
        if made >= most:
            return
        yield head + one * (size // len(one)) + "b\x01"
        made += 1
    for one, other in itertools.permutations(atoms[:14], 2):
        if made >= most:
            return
        yield (one + other) * (size // len(one + other)) + "\x01"
        yield one + other * (size // len(other)) + "\x01"
        made += 2


def slowest(used: Used, size: int, most: int = 400, until: float = 1e9) -> tuple[float, str]:
    """The longest that a pattern takes over its adversaries of a size, and the beginning of that string."""
    worst = (0.0, "")
    for text in adversaries(used.pattern, size, most):
        seconds = used.run(text)
        if seconds > until:  # once more: other programs slow a processor down too
            seconds = min(seconds, used.run(text))
        if seconds > worst[0]:
            worst = seconds, f"{text[:24]!r} … {text[-3:]!r}"
        if worst[0] > until:
            break
    return worst
