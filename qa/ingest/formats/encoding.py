"""Bytes to text: a byte order mark, a declared charset, UTF-8, else what a detector finds, which is said."""

import codecs
import contextlib
import re
from itertools import islice
from typing import NamedTuple

from qa.errors import SourceError

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
DETECTION_BYTES = 65_536
FEW = 12
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# A Western letter, or a sign that does not stand inside a word, as it would were it another encoding's letter.
WESTERN = re.compile(
    r"[À-ÖØ-öø-ÿŒœŠš]|[\u2018\u2019]|[€£§©®°«»–—“”…•„±·½¼¾²³µ¿¡\xa0](?![^\W\d_])|(?<![^\W\d_])[€£§©«–—“„±¿¡\xa0•]"
)


class Decoded(NamedTuple):
    """A file's text without a byte order mark, line ends kept, and what a person should know of its encoding."""

    text: str
    note: str | None


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """The text of a file; ``declared`` is the charset that the file names itself, where its format has such a thing.

    Raises ``SourceError`` for a binary file and for one whose encoding cannot be told.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                return Decoded(_text(data[len(mark) :].decode(encoding)), None)
            except UnicodeDecodeError as error:
                at = len(mark) + error.start
                raise SourceError(f"byte {at} is not {encoding}, which its byte order mark says it is") from error
    try:
        return Decoded(_text(data.decode("utf-8")), None)
    except UnicodeDecodeError:
        pass
    if b"\0" in data[:DETECTION_BYTES]:
        raise SourceError("a binary file, not text")
    if declared is not None:
        try:
            return Decoded(_text(data.decode(declared)), None)
        except (UnicodeDecodeError, LookupError):
            pass
    return _detected(data)


def _text(text: str) -> str:
    if "\0" in text:
        raise SourceError("a binary file, not text")
    return text


def _few_western(data: bytes) -> str | None:
    """The text as cp1252, where too few letters are not ASCII for statistics and all of them then read naturally."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    odd = list(islice(NOT_ASCII.finditer(text), FEW + 1))
    if len(odd) > FEW or any(WESTERN.match(text, match.start()) is None for match in odd):
        return None
    return _text(text)


def _detected(data: bytes) -> Decoded:
    """The most plausible text of bytes that are not UTF-8 and name no charset."""
    if (western := _few_western(data)) is not None:
        return _guessed(data, "cp1252", western)
    from charset_normalizer import from_bytes

    found = from_bytes(data[:DETECTION_BYTES])
    best = found.best()
    if best is None:
        raise SourceError("neither UTF-8 nor any encoding that could be told; save it as UTF-8")
    equal = [m.encoding for m in found if m.chaos <= best.chaos and m.coherence >= best.coherence]
    # Where nothing in the bytes decides, Western European is by far the most common.
    encoding = "cp1252" if "cp1252" in equal else best.encoding
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError("neither UTF-8 nor any encoding that could be told; save it as UTF-8") from error
    return _guessed(data, encoding, _text(text))


def _guessed(data: bytes, encoding: str, text: str) -> Decoded:
    """A guess, which is said. Turkish differs from Western European in six letters, which there are Icelandic."""
    if encoding == "cp1252" and re.search("[ýþð]", text) and not re.search("[áéíóúæ]", text):
        with contextlib.suppress(UnicodeDecodeError):
            encoding, text = "cp1254", data.decode("cp1254")
    return Decoded(text, f"read as {encoding}, which is a guess")
