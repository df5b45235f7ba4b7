"""SubRip and WebVTT, by pysubs2: the kept text is what is spoken, with the time of every cue.

Cues are joined until a sentence ends, so that none is cut where a cue ends; tags, positions and numbers are left out.
"""

import html
import re
from typing import NamedTuple

from qa.errors import SourceError
from qa.ingest.formats.encoding import decode
from qa.ingest.formats.layout import Layout
from qa.ingest.formats.writer import Piece, Writer, clean

VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^<>\n]{1,80})>")
TAG = re.compile(
    r"</?(?:i|b|u|s|c|v|font|lang|ruby|rt)(?:[ .:][^<>]{0,200})?>|<[\d:.]+>|\{\\[^{}]{0,200}\}", re.IGNORECASE
)
DASH = re.compile(r"[-–—‐]\s*(?=\S)")
SPEAKER = re.compile(r"(?:>>+\s*)?([A-Z][A-Z.'’-]*(?: [A-Z0-9][A-Z0-9.'’-]*){0,3})(?: \([^()]{1,30}\))?:\s+(?=\S)")
ENDS = re.compile(r"[.!?…♪。！？][\"'”’»)\]]*\Z")
TIMING = re.compile(r"^[^\n]{0,40}-->[^\n]{0,200}$", re.MULTILINE)
TIME = re.compile(r"(?<![\d:.])(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})([.,])(\d{1,3})(?!\d)")
PAUSE_MS = 4000
"""A longer silence ends a paragraph where a sentence ends."""
LONG_WORDS = 60
"""A paragraph so long ends at the next sentence's end; one without any ends at the next cue's."""

UNPUNCTUATED_WORDS, PUNCTUATED = 40, 0.05
"""Where fewer cues than this share end a sentence, as in what a machine wrote down, a paragraph has so many words."""
TOLD_WORDS = 25
"""The sentence before a question goes with it to the answer, if it is no longer."""


class Line(NamedTuple):
    """Words of a cue by one speaker, if that is known; ``turn`` says that someone else may be speaking now."""

    text: str
    speaker: str | None
    turn: bool
    start_ms: int
    end_ms: int


def read(data: bytes) -> Layout:
    """See ``qa.ingest.formats``."""
    import pysubs2

    text, note = decode(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kind = "vtt" if text.lstrip().startswith("WEBVTT") else "srt"
    text = TIMING.sub(lambda line: TIME.sub(_padded, line[0]), text)
    try:
        cues = pysubs2.SSAFile.from_string(text, format_=kind, keep_html_tags=True, keep_unknown_html_tags=True)
    except (pysubs2.Pysubs2Error, ValueError, IndexError, KeyError, OverflowError) as error:
        raise SourceError(f"not subtitles: {str(error).splitlines()[0] if str(error) else 'damaged'}") from error
    writer = Writer()
    pieces: list[Piece] = []
    speaker: str | None = None
    asked: str | None = None
    told = ""
    last_end = 0
    turned = False

    def close() -> None:
        nonlocal asked, told
        if not pieces:
            return
        said = "".join(words for words, _ in pieces)
        cue = " – ".join(filter(None, (speaker, asked))) or None
        writer.add("turn", pieces, cue=cue)
        asked = None
        if said.rstrip().endswith("?") and len(said.split()) <= LONG_WORDS:
            # Whom the question calls "him" is said before it.
            asked = f"{told} {said}".strip() if len(told.split()) <= TOLD_WORDS else said
        told = "" if asked else re.split(r"(?<=[.!?…])\s+", said)[-1]
        pieces.clear()

    lines = _lines(cues)
    stops = sum(ENDS.search(line.text) is not None for line in lines)
    longest = 2 * LONG_WORDS if stops >= PUNCTUATED * len(lines) else UNPUNCTUATED_WORDS
    for line in lines:
        so_far = "".join(words for words, _ in pieces)
        ended = ENDS.search(so_far) is not None
        size = len(so_far.split())
        paused = line.start_ms - last_end > PAUSE_MS
        # Words without a dash go on with what was said behind one, unless that was a whole sentence.
        changed = line.turn or (line.speaker is not None and line.speaker != speaker) or (turned and ended)
        if pieces and (changed or (ended and (paused or size >= LONG_WORDS)) or size >= longest):
            close()
        if paused and not pieces:
            asked, told = None, ""
        if changed:
            speaker = line.speaker
        turned = line.turn and line.speaker is None
        pieces.append((f" {line.text}" if pieces else line.text, {"time": _clock(line.start_ms)}))
        last_end = line.end_ms
    close()
    if not writer.elements:
        raise SourceError("subtitles without words" if cues.events or kind == "vtt" else "not subtitles: no cue in it")
    return writer.layout(None, note)


def _padded(time: re.Match[str]) -> str:
    """A time as the formats want it, where a writer has left out zeros ("0:0:7.5")."""
    hours, minutes, seconds, sign, part = time.groups()
    return f"{hours or 0:0>2}:{minutes:0>2}:{seconds:0>2}{sign}{part:0<3}"


def _clock(ms: int) -> str:
    seconds = max(ms, 0) // 1000
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _lines(cues: "object") -> list[Line]:
    """What is said, in order of time; captions that roll up, each repeating the line before, are said once."""
    found: list[Line] = []
    rolled: list[str] = []
    for event in cues:  # type: ignore[attr-defined]
        voiced = VOICE.sub(lambda match: f"\0{match[1].strip()}\0", event.text.replace("\\N", "\n").replace("\\h", " "))
        rows = [html.unescape(TAG.sub("", row)).strip() for row in voiced.split("\n")]
        rows = [row for row in rows if row.strip("\0")]
        fresh = list(rows)
        while fresh and rolled and fresh[0] in rolled[-len(fresh) - 1 :]:
            fresh.pop(0)
        rolled = rows
        found += _spoken(fresh, event.start, event.end)
    return found


def _spoken(rows: list[str], start: int, end: int) -> list[Line]:
    """The rows of a cue as what each speaker says: a dash, a voice tag or a NAME: begins another's."""
    lines: list[Line] = []
    dashed = sum(DASH.match(row) is not None for row in rows) >= 1
    for row in rows:
        for part in re.split(r"(?=\0[^\0]+\0)", row) if "\0" in row else [row]:
            voice = re.match(r"\0([^\0]+)\0\s*", part)
            words = clean(part[voice.end() :] if voice else part).strip()
            dash = DASH.match(words) if dashed else None
            words = words[dash.end() :] if dash else words
            named = SPEAKER.match(words)
            arrows = re.match(r">>+\s*", words)
            if named:
                words = words[named.end() :]
            elif arrows:
                words = words[arrows.end() :]
            speaker = voice[1] if voice else named[1] if named else None
            words = " ".join(words.split())
            if not words:
                continue
            turn = bool(dash or arrows or named)
            if lines and not turn and speaker is None:
                words = f"{lines[-1].text} {words}"
                lines[-1] = lines[-1]._replace(text=words)
            else:
                lines.append(Line(words, speaker, turn, start, end))
    return lines
