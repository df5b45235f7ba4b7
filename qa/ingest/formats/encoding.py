"""Bytes to text: a byte order mark, a declared charset, UTF-8, else what a detector finds, which is said."""

import codecs
import contextlib
import re
from collections import Counter
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
    r"[À-ÖØ-öø-ÿŒœŠš]|[\u2018\u2019]|[€£§©®°«»–—“”…•„±·½¼¾²³µ¿¡\xa0](?![^\W\d_])|(?<![^\W\d_])[€£§©«–—“„±¿¡\xa0•]|"
    r"°(?=[CF]\b)"
)


TURKISH = "çðýöþüâî"
"""Its letters as Western European encodings show them: three of them are Icelandic there."""
ALPHABETS = (
    "àâæçéèêëîïôœùûüÿ",  # French
    "äöüßé",  # German
    "áéíóúüñ",  # Spanish
    "àáâãçéêíóôõúü",  # Portuguese
    "àèéìíîòóùú",  # Italian
    "éèëïóöüáíú",  # Dutch
    "åäöéüšž",  # Swedish, Finnish
    "æøåéóôäö",  # Danish, Norwegian
    "áéíóúýþæöð",  # Icelandic
    "àçéèíïóòúü",  # Catalan
    TURKISH,
)
"""The letters of a language beside a to z, a row each."""
IN_USE = (
    *(f"cp{number}" for number in (1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258, 874, 932, 949, 950)),
    *(f"iso8859_{number}" for number in (2, 5, 7, 8, 9, 13, 15)),
    *("koi8_r", "koi8_u", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "utf_16"),
)
"""What files are written in; code pages of other systems are tried where none of these fits."""
FOREIGN = 0.05
"""The share of letters that may be another language's, as in names."""


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


def _western(data: bytes) -> Decoded | None:
    """The text as Western European or Turkish, where all that is not ASCII then reads naturally and as one language.

    The letters of one language are all of one row; where there are few letters, nothing speaks against it.
    """
    try:
        text = _text(data.decode("cp1252"))
    except UnicodeDecodeError:
        return None
    if any(WESTERN.match(text, match.start()) is None for match in NOT_ASCII.finditer(text)):
        return None
    told = Counter(letter for letter in text.lower() if letter > "\x7f" and letter.isalpha())
    foreign = {letters: sum(told.values()) - sum(told[letter] for letter in letters) for letters in ALPHABETS}
    best = min(foreign, key=foreign.__getitem__)
    if sum(told.values()) > FEW and foreign[best] > FOREIGN * sum(told.values()):
        return None
    if best == TURKISH and foreign[best] < min(foreign[letters] for letters in ALPHABETS if letters != TURKISH):
        with contextlib.suppress(UnicodeDecodeError):
            return _guessed("cp1254", data.decode("cp1254"))
    return _guessed("cp1252", text)


def _detected(data: bytes) -> Decoded:
    """The most plausible text of bytes that are not UTF-8 and name no charset."""
    # Western European is by far the most common, and a detector takes much of it for the code page of an old system.
    if (western := _western(data)) is not None:
        return western
    from charset_normalizer import from_bytes

    sample = data[:DETECTION_BYTES]
    best = from_bytes(sample, cp_isolation=[*IN_USE]).best() or from_bytes(sample).best()
    if best is None:
        raise SourceError("neither UTF-8 nor any encoding that could be told; save it as UTF-8")
    try:
        return _guessed(best.encoding, _text(data.decode(best.encoding)))
    except UnicodeDecodeError as error:
        raise SourceError("neither UTF-8 nor any encoding that could be told; save it as UTF-8") from error


def _guessed(encoding: str, text: str) -> Decoded:
    """A guess, which is said."""
    return Decoded(text, f"read as {encoding}, which is a guess")
