"""EPUB books: every chapter in reading order, read as HTML; the kept text is what its elements read."""

import posixpath
import re
import zipfile
from typing import Any
from urllib.parse import unquote

from qa.errors import SourceError
from qa.ingest.formats import html
from qa.ingest.formats.archive import open_zip, parse_xml, read_member
from qa.ingest.formats.layout import Layout
from qa.ingest.formats.writer import Writer
from qa.text import PlainText, Span

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
PAGES = frozenset(("application/xhtml+xml", "text/html", "application/xml"))


def read(data: bytes) -> Layout:
    """See ``qa.ingest.formats``; places name the chapter as the table of contents does, else by its first heading."""
    archive = open_zip(data)
    package = _package_path(archive)
    root = parse_xml(_member(archive, package), package)
    folder = posixpath.dirname(package)
    items = {item.get("id"): item for item in _all(root, "item")}
    spine = [items[ref.get("idref")] for ref in _all(root, "itemref") if ref.get("idref") in items]
    encrypted = _encrypted(archive)
    names = _contents(archive, folder, items.values())
    writer = Writer()
    chapter: str | None = None
    missing = 0
    seen: set[str] = set()
    for number, item in enumerate(spine, 1):
        path = _join(folder, item.get("href") or "")
        if item.get("media-type") not in PAGES or "nav" in (item.get("properties") or "").split():
            continue
        if path in seen:  # a book may name each section of a file, which is read whole
            continue
        seen.add(path)
        if path in encrypted:
            raise SourceError("encrypted (a book with copy protection)")
        content = read_member(archive, path)
        if content is None:
            missing += 1
            continue
        layout = html.read(content)
        heading = next((layout.reads(e.span) for e in layout.elements if e.kind == "heading"), None)
        # A file without a name of its own goes on with the chapter before.
        chapter = names.get(path) or heading or chapter or f"part {number}"
        _copy(layout, writer, chapter)
    if not writer.elements:
        raise SourceError("a book without text")
    note = f"{missing} chapters that the book names are not in it" if missing else None
    return writer.layout(_text(next(iter(_all(root, "title")), None)), note)


def _copy(layout: Layout, writer: Writer, chapter: str) -> None:
    for element in layout.elements:
        level = element.level + 1 if element.kind == "heading" else element.level
        at = {"chapter": chapter}
        if element.kind in ("lines", "code"):
            part = layout.text[element.span.start : element.span.end]
            lines = [
                layout.reads(Span(element.span.start + match.start(), element.span.start + match.end()))
                for match in re.finditer(r"[^\n]+", part)
            ]
            writer.add(element.kind, [("\n".join(filter(None, lines)), at)], element.level, element.cue)
            continue
        plain: PlainText = layout.plain(element.span)
        writer.plain(element.kind, plain, at, min(level, 6), element.cue)


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    data = read_member(archive, name)
    if data is None:
        raise SourceError(f"damaged: {name[:80]} is not in the book")
    return data


def _package_path(archive: zipfile.ZipFile) -> str:
    root = parse_xml(_member(archive, CONTAINER), CONTAINER)
    path = next((one.get("full-path") for one in _all(root, "rootfile")), None)
    if not path:
        raise SourceError("damaged: the book names no package")
    return str(path)


def _all(root: Any, name: str) -> list[Any]:
    """Every element of a local name, whatever its namespace."""
    return [one for one in root.iter() if isinstance(one.tag, str) and one.tag.rpartition("}")[2] == name]


def _text(element: Any) -> str | None:
    return " ".join("".join(element.itertext()).split()) or None if element is not None else None


def _join(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))


def _encrypted(archive: zipfile.ZipFile) -> set[str]:
    """The files that are encrypted; fonts often are, which matters to no one here."""
    data = read_member(archive, ENCRYPTION)
    return (
        {unquote(one.get("URI") or "") for one in _all(parse_xml(data, ENCRYPTION), "CipherReference")}
        if data
        else set()
    )


def _contents(archive: zipfile.ZipFile, folder: str, items: Any) -> dict[str, str]:
    """What the table of contents calls the files of the book, by their paths; the first entry of a file counts."""
    found: dict[str, str] = {}
    for item in items:
        path = _join(folder, item.get("href") or "")
        is_nav = "nav" in (item.get("properties") or "").split()
        if not is_nav and item.get("media-type") != "application/x-dtbncx+xml":
            continue
        data = read_member(archive, path)
        if data is None:
            continue
        root = parse_xml(data, path)
        pairs = (
            [(link.get("href"), _text(link)) for nav in _all(root, "nav")[:1] for link in _all(nav, "a")]
            if is_nav
            else [
                (content.get("src"), _text(label))
                for point in _all(root, "navPoint")
                for content, label in zip(_all(point, "content")[:1], _all(point, "navLabel")[:1], strict=False)
            ]
        )
        for href, name in pairs:
            if href and name:
                found.setdefault(_join(posixpath.dirname(path), href), name)
    return found
