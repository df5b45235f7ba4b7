"""Tagged text to elements and marks: HTML as browsers save it, and the pieces of it inside other formats.

Tags are read from the text itself, so that every element is a slice of it. What is hidden is never read; what is
furniture of a page (navigation, banners, notices) is told apart by tags, roles, class names and the share of links.
The time is linear in the length of the text, however broken its tags are.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

from qa.ingest.formats.prose import INVISIBLE, LONGEST_LEAD, apart, explained, is_wrapped, line_marks, words_of
from qa.ingest.formats.table import LONGEST_HEAD, Cell, is_head, separators
from qa.text import Mark, PlainText, Shown, Span, marks_within, reading, strip
from qa.types import Element

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li main menu nav ol p pre search section summary "
    "table tbody td tfoot th thead title tr ul".split()
)
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
RAW = frozenset("script style textarea title iframe noembed noframes noscript xmp".split())
"""Their content is no markup; a browser that runs scripts takes ``noscript`` so too."""
SILENT = frozenset("template svg canvas audio video object select button datalist map rp dialog".split())
SECTIONS = frozenset("html body main article section div td th table p".split())
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
ENDS_PARAGRAPH = BLOCKS - frozenset("caption tbody td tfoot th thead tr body head html title legend".split())
CELLS = frozenset(("td", "th"))
# What a start tag ends, and what keeps it from ending anything further out.
IMPLIED_ENDS = {
    "li": (frozenset(("li",)), frozenset(("ul", "ol", "menu", "table"))),
    "dt": (frozenset(("dt", "dd")), frozenset(("dl", "table"))),
    "dd": (frozenset(("dt", "dd")), frozenset(("dl", "table"))),
    "td": (CELLS, frozenset(("tr", "table"))),
    "th": (CELLS, frozenset(("tr", "table"))),
    "tr": (frozenset(("tr",)), frozenset(("table",))),
    **{
        tag: (frozenset(("thead", "tbody", "tfoot", "caption")), frozenset(("table",)))
        for tag in ("thead", "tbody", "tfoot")
    },
}
FARTHEST = 512
"""Open elements that are looked through for the one that an end tag closes."""

TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]*+)((?:[^"'>]++|(?<==)\s*+"[^"]*+"|(?<==)\s*+'[^']*+'|["'])*+)>""")
BARE_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*+)([^<>]*+)>")
ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>=`]+)))?""")
ENTITY = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?|\n[^\S\n]*+\n\s*+|[" + INVISIBLE + "]"
)
OUT_OF_SIGHT = (
    r"(?<![\w-])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|content-visibility\s*:\s*hidden"
    r"|(?:left|top|right|text-indent|margin-left)\s*:\s*-\d{3,}|clip\s*:\s*rect\(\s*0[\s,p]"
    r"|clip-path\s*:\s*inset\(\s*(?:50|100)%)"
)
EMPTY_LINES = re.compile(r"\n[^\S\n]*+\n\s*+")
HIDING = re.compile(OUT_OF_SIGHT, re.IGNORECASE)
# What a style sheet says only until a script runs or a child says otherwise is said of one element for good.
NO_SIZE = (
    r"(?<![\w-])(?:font-size\s*:\s*0(?:px|em|rem|pt|%)?|opacity\s*:\s*0?\.?0*|(?:max-)?(?:height|width)\s*:\s*0(?:px)?)"
    r"\s*(?:!important\s*)?(?:;|\Z)"
)
HIDING_ONE = re.compile(rf"{OUT_OF_SIGHT}|{NO_SIZE}", re.IGNORECASE)
WHITE = r"(?:#fff(?:fff)?\b|white\b|rgb\(255,\s*255,\s*255\))"
WHITE_TEXT = re.compile(rf"(?<![\w-])color\s*:\s*{WHITE}", re.IGNORECASE)
WHITE_GROUND = re.compile(rf"(?<![\w-])background(?:-color)?\s*:\s*{WHITE}", re.IGNORECASE)
PAINTED = re.compile(rf"bgcolor|background(?!(?:-color)?\s*:\s*{WHITE})|rel\s*=\s*[\"']?stylesheet", re.IGNORECASE)
"""What says that the ground of a page need not be white."""
CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
RULE = re.compile(r"(?<![^{}])([^{}]*+)\{([^{}]*+)\}")
SCREEN = re.compile(r"@media\s+(?:only\s+)?(?:screen|all)\s*\{((?:[^{}]*+\{[^{}]*+\})*+)\s*\}", re.IGNORECASE)
MEDIA = re.compile(r"@[^@{};]*+\{(?:[^{}]*+\{[^{}]*+\})*+[^{}]*+\}")
SHOWN = re.compile(r"(?<![\w-])display\s*:", re.IGNORECASE)
SELECTOR = re.compile(r"[\w-]*(?:[.#][\w-]+|\[[\w-]+\])*")
SELECTORS = 2000
"""Selectors of a page that are heeded."""


class Zone(NamedTuple):
    """What an element of furniture is called, and whether that is sure whatever stands in it."""

    name: str
    sure: bool


ZONE_TAGS = {
    "nav": Zone("navigation", True),
    "footer": Zone("footer", True),
    "aside": Zone("aside", True),
    "header": Zone("banner", True),
    "search": Zone("search", True),
}
ZONE_ROLES = {
    "navigation": Zone("navigation", True),
    "menu": Zone("navigation", True),
    "menubar": Zone("navigation", True),
    "banner": Zone("banner", True),
    "contentinfo": Zone("footer", True),
    "complementary": Zone("aside", True),
    "search": Zone("search", True),
    "dialog": Zone("dialog", True),
    "alertdialog": Zone("dialog", True),
    "alert": Zone("notice", False),
}
COMMENTS = "comments"
ZONE_WORDS = (
    (re.compile(r"\b(?:cookies?|consent|gdpr|ccpa|onetrust|cookiebot)", re.I), Zone("cookie notice", True)),
    (
        re.compile(r"\b(?:comments|comments? (?:list|section|area|thread)|disqus|livefyre)\b", re.I),
        Zone(COMMENTS, True),
    ),
    (re.compile(r"\b(?:newsletter|popup|paywall|signup|subscribe)\b", re.I), Zone("notice", True)),
    (re.compile(r"\b(?:ads?|adverts?|advertisements?|sponsored|promo|banner)\b", re.I), Zone("advertisement", False)),
    (
        re.compile(r"\b(?:skip|sr only|visually hidden|screen reader text|visuallyhidden|jump)\b", re.I),
        Zone("navigation", True),
    ),
    (re.compile(r"\b(?:breadcrumbs?|navbar|pagination|pager|topbar)\b", re.I), Zone("navigation", True)),
    (re.compile(r"\b(?:nav|navigation|menu|toc|toolbar)\b", re.I), Zone("navigation", False)),
    (re.compile(r"\b(?:footer|colophon|copyright)\b", re.I), Zone("footer", False)),
    (re.compile(r"\b(?:masthead|site header)\b", re.I), Zone("banner", False)),
    (re.compile(r"\b(?:sidebar|related|recommended|share|sharing|social|widget)\b", re.I), Zone("aside", False)),
)
SIGN = re.compile(
    r"[\[(]?(?:\d{1,3}|[a-z]|[ivx]{1,5}|(?:note|n\.?|fn) ?\d{1,3}|[*†‡§¶^↩↑⤴]{1,3}\ufe0e?)[\])]?[.:]?", re.I
)
"""The sign of a footnote, and what leads back to it."""
LONGEST_SIGN = 400
"""Characters of a sign with its tags."""
BEFORE = 1000
"""Characters before a sign in which the sentence that it stands in is looked for."""
RELATED = re.compile(
    r"(?:you (?:might|may) (?:also )?(?:like|enjoy)|(?:related|recommended|popular|latest|more|other|trending|further)"
    r" (?:articles?|stories|story|posts?|news|reads?|reading|content|links?|from .{1,40}|in .{1,40}|on .{1,40})"
    r"|(?:read|up|see|what to read) (?:next|more|also)|recommended(?: for you)?|related|trending(?: now)?"
    r"|most (?:read|popular|viewed)|don.t miss|share (?:this|on)\b.{0,40}|follow us.{0,40})\W*",
    re.IGNORECASE,
)
"""What heads the links to other pages below an article."""
BESIDE_HEADINGS = frozenset(("mw-editsection", "headerlink", "anchorlink", "hash-link"))
"""Classes of what wikis and manuals put behind a heading: "[edit]", "¶"."""
MOST_OF_THE_PAGE = 0.6
NAMED_BLOCKS, NAMED_SHARE = 5, 0.3
"""So many pieces of a page with so much of its words are content, whatever it calls them."""
ONLY_LINKED = 0.8
"""The share of its characters in links above which most of a page is a list of links all the same."""
ARTICLE = 1000
"""Characters of a page beside its comments above which they are no content of it; below, it is a talk."""
LINKED = 0.4
"""The share of its characters in links above which what is called a menu is one; a list of dishes is not."""
NAMED = 6
"""Open elements whose names a footnote may have."""
DEEPEST_REGION = 4
"""Regions inside one another that are told apart."""
LONGEST_CELL = 400
"""Characters of a cell above which a table is there for the layout."""
PARENTS = 3
"""Items above an item of a list that are context of it."""


@dataclass(slots=True)
class _Region:
    """An element that may be furniture, with how many of its characters are in links."""

    zone: Zone
    outer: "_Region | None"
    depth: int
    characters: int = 0
    linked: int = 0


@dataclass(slots=True)
class _Table:
    presentation: bool
    outer: "_Table | None"
    rows: "list[list[_Cell]]" = field(default_factory=list)
    caption: "_Run | None" = None
    head_rows: int = 0
    plain: bool = True
    """Whether it holds no other table, heading or list, which tables of data do not."""


@dataclass(slots=True)
class _Cell:
    table: _Table
    head: bool
    columns: int
    rows: int
    runs: "list[_Run]" = field(default_factory=list)
    column: int = 0


@dataclass(slots=True)
class _Run:
    """Words between two borders of blocks, the block that they stand in, and their marks."""

    tag: str
    start: int
    region: _Region | None
    main: str | None
    cell: _Cell | None
    table: _Table | None
    level: int
    term: str | None
    preformatted: bool
    end: int = 0
    characters: int = 0
    linked: int = 0
    marks: list[Mark] = field(default_factory=list)
    breaks: list[Span] = field(default_factory=list)
    names: tuple[str, ...] = ()
    """What links call the elements that it stands in, the innermost last."""
    links: list[tuple[str, Span]] = field(default_factory=list)
    """Where footnotes are named: what they are called, and the sign."""

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(slots=True)
class _Open:
    """An open element: what ends with it, and the names by which a style sheet can mean it."""

    tag: str
    names: frozenset[str] = frozenset()
    hides: bool = False
    region: _Region | None = None
    table: _Table | None = None
    main: str | None = None
    name: str = ""
    """What links call it."""
    target: str = ""
    """What it links to on the same page."""
    start: int = 0


@dataclass(frozen=True, slots=True)
class Tagged:
    """What stands in a tagged text: elements, marks, the title, and the names of the furniture left out."""

    elements: tuple[Element, ...]
    marks: tuple[Mark, ...]
    title: Span | None
    left_out: tuple[str, ...]


def read_tags(text: str, span: Span | None = None) -> Tagged:
    """The elements of tagged text, of any quality."""
    reader = TagReader(text)
    reader.read(span or Span(0, len(text)))
    return _Composer(text, reader).compose()


def hidden_marks(text: str, span: Span) -> Iterator[Mark]:
    """What inline tags of another format hide in a span."""
    opened: list[tuple[str, int, bool]] = []
    for tag in TAG.finditer(text, *span):
        name = tag[2].lower()
        if not tag[1] and name not in VOID:
            opened.append((name, tag.start(), hides_itself(attributes_of(tag[3]))))
        elif tag[1] and opened and opened[-1][0] == name:
            _, start, hides = opened.pop()
            if hides:
                yield Mark(start, tag.end())


class TagReader:
    """Reads tags and words into runs, span by span; what one span leaves open is open in the next."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.runs: list[_Run] = []
        self.title: Span | None = None
        self.hiding: dict[str, list[tuple[frozenset[str], ...]]] = {}
        """Selectors that hide, each its steps from the outermost inwards, by one name of the last step."""
        self._known = words_of(text)
        self._white = PAINTED.search(text) is None
        self._open: list[_Open] = []
        self._count: Counter[str] = Counter()
        self._hidden = 0
        self._links = 0
        self._run: _Run | None = None
        self._cell: _Cell | None = None
        self._anchors: tuple[str, ...] = ()
        """What links call the place right before the next run."""

    @property
    def hides(self) -> bool:
        """Whether what stands here is hidden."""
        return self._hidden > 0

    def read(self, span: Span) -> None:
        """Read a span of the text."""
        text, (at, end) = self.text, span
        pattern = TAG
        while at < end:
            opening = text.find("<", at, end)
            if opening < 0:
                self._words(at, end)
                break
            if opening > at:
                self._words(at, opening)
            if text.startswith("<!--", opening):
                closing = text.find("-->", opening + 2, end)
                at = closing + 3 if closing >= 0 else end
                self._silent(opening, at)
                continue
            if text.startswith(("<!", "<?"), opening):
                closing = text.find(">", opening, end)
                at = closing + 1 if closing >= 0 else end
                self._silent(opening, at)
                continue
            tag = pattern.match(text, opening, end)
            if tag is None and pattern is TAG and text[opening + 1 : opening + 2].isalpha():
                # No tag ends after here unless its quotes are left open: from now on quotes are signs like others.
                pattern = BARE_TAG
                tag = pattern.match(text, opening, end)
            if tag is None:
                at = opening + 1
                if text[at : at + 1].isalpha() or text.startswith("/", at):
                    at = self._broken(opening, end)
                else:
                    self._words(opening, at)
                continue
            at = self._tag(tag, end)
        self._close_run()

    def _broken(self, opening: int, end: int) -> int:
        """A tag that never ends is left out up to the next one."""
        following = self.text.find("<", opening + 1, end)
        line = self.text.find("\n", opening, following if following >= 0 else end)
        at = line if line >= 0 else following if following >= 0 else end
        self._silent(opening, at)
        return at

    def _tag(self, tag: re.Match[str], end: int) -> int:
        closing, name = bool(tag[1]), tag[2].lower()
        if closing:
            self._border(name, tag)
            self._end(name, tag)
            return tag.end()
        if name == "br":
            self._silent(*tag.span(), shown="\n")
            return tag.end()
        self._border(name, tag)
        if name in RAW:
            match = re.compile(rf"</{name}(?=[\s/>])[^>]*+>?", re.IGNORECASE).search(self.text, tag.end(), end)
            stop, after = match.span() if match else (end, end)
            if name == "title" and self.title is None and not self._count["svg"]:
                self.title = Span(tag.end(), stop)
            elif name == "style":
                self._style(self.text[tag.end() : stop])
            self._silent(tag.end(), after)
            return after
        if name not in VOID and not (tag[3].endswith("/") and self._count["svg"]):
            self._start(name, tag[3])
            self._open[-1].start = tag.start()
        return tag.end()

    def _border(self, name: str, tag: re.Match[str]) -> None:
        if name in BLOCKS:
            self._close_run()
        else:
            # "10⁶" is not 106.
            power = name == "sup" and not tag[1] and self.text[tag.start() - 1].isdigit()
            self._silent(*tag.span(), shown="^" if power else "")

    def _style(self, sheet: str) -> None:
        """What a style sheet of the page hides on a screen, by names, classes, ids and what is around."""
        sheet = MEDIA.sub("", SCREEN.sub(r"\1", CSS_COMMENT.sub("", sheet)))
        for selectors, body in RULE.findall(sheet):
            hides = HIDING.search(body)
            if not hides and not (self.hiding and SHOWN.search(body)):
                continue
            for selector in selectors.split(","):
                steps = tuple(selector.split())
                if not steps or not all(map(SELECTOR.fullmatch, steps)) or len(self.hiding) > SELECTORS:
                    continue
                parts = tuple(frozenset(re.findall(r"\[[\w-]+\]|[.#]?[\w-]+", step)) for step in steps)
                known = self.hiding.setdefault(max(parts[-1], key=len), [])
                if hides and len(known) < FARTHEST:
                    known.append(parts)
                elif parts in known:
                    known.remove(parts)

    def _start(self, name: str, attributes: str) -> None:
        self._imply_ends(name)
        values = attributes_of(attributes)
        opened = _Open(name)
        hides = name in SILENT and not (name == "dialog" and "open" in values)
        opened.names = frozenset(
            (
                name,
                *(f".{one}" for one in values.get("class", "").split()),
                *(f"[{one}]" for one in values),
                f"#{values.get('id', '')}",
            )
            if self.hiding
            else ()
        )
        opened.hides = hides or self._hides(values, opened.names)
        self._hidden += opened.hides
        outer = self._open[-1] if self._open else None
        opened.region, opened.table, opened.main = (
            (outer.region, outer.table, outer.main) if outer else (None, None, None)
        )
        if name == "main" or values.get("role") == "main":
            opened.main = "main"
        elif name == "article" and opened.main is None:
            opened.main = "article"
        zone = self._zone(name, values, opened.main)
        around = opened.region
        if zone is not None and (around is None or (not around.zone.sure and around.depth < DEEPEST_REGION)):
            opened.region = _Region(zone, around, around.depth + 1 if around else 0)
        table = opened.table
        if name == "table":
            if table is not None:
                table.plain = False
            opened.table = _Table(values.get("role") in ("presentation", "none"), table)
            self._cell = None
        elif name == "tr" and table is not None:
            table.rows.append([])
        elif name in CELLS and table is not None:
            if not table.rows:
                table.rows.append([])
            cell = _Cell(table, name == "th", _number(values.get("colspan")), _number(values.get("rowspan")))
            table.rows[-1].append(cell)
            if self._count["thead"]:
                table.head_rows = len(table.rows)
            self._cell = cell
        elif table is not None and name in HEADINGS:
            table.plain = False
        elif name == "a":
            self._links += 1
            opened.target = values.get("href", "").rpartition("#")[2] if "#" in values.get("href", "") else ""
        opened.name = values.get("id") or (values.get("name", "") if name == "a" else "")
        if opened.name and name not in BLOCKS and self._run is None:
            self._anchors = (*self._anchors, opened.name)[-NAMED:]
        self._open.append(opened)
        self._count[name] += 1

    def _hides(self, values: dict[str, str], names: frozenset[str]) -> bool:
        if hides_itself(values):
            return True
        style = values.get("style", "")
        if WHITE_TEXT.search(style) and (WHITE_GROUND.search(style) or self._white):
            return True
        return any(self._is_meant(names, steps) for name in names for steps in self.hiding.get(name, ()))

    def _is_meant(self, names: frozenset[str], steps: Sequence[frozenset[str]]) -> bool:
        """Whether a selector means the element of these names inside those that are open."""
        if not steps[-1] <= names:
            return False
        around = iter(reversed(self._open[-FARTHEST:]))
        return all(any(step <= one.names for one in around) for step in reversed(steps[:-1]))

    def _zone(self, name: str, values: dict[str, str], main: str | None) -> Zone | None:
        if role := ZONE_ROLES.get(values.get("role", "").lower()):
            return role
        if name in ("header", "footer") and main is not None:
            return None  # the head of an article is its own
        if name in ZONE_TAGS:
            return ZONE_TAGS[name]
        if values.get("aria-modal", "").lower() == "true":
            return ZONE_ROLES["dialog"]
        if name in ("html", "body", "main", "article", "table", "td", "th", "tr") or name in HEADINGS:
            return None
        called = re.sub(r"[_-]+|(?<=[a-z])(?=[A-Z])", " ", f"{values.get('class', '')} {values.get('id', '')}"[:400])
        return next((zone for pattern, zone in ZONE_WORDS if pattern.search(called)), None) if called.strip() else None

    def _imply_ends(self, name: str) -> None:
        if name in ENDS_PARAGRAPH and self._count["p"]:
            self._close_to(frozenset(("p",)), BLOCKS - {"p"})
        if name in IMPLIED_ENDS:
            self._close_to(*IMPLIED_ENDS[name])

    def _close_to(self, tags: frozenset[str], borders: frozenset[str]) -> None:
        if not any(self._count[tag] for tag in tags):
            return
        for depth in range(len(self._open) - 1, max(len(self._open) - FARTHEST, 0) - 1, -1):
            tag = self._open[depth].tag
            if tag in tags:
                self._pop_to(depth)
                return
            if tag in borders:
                return

    def _end(self, name: str, tag: re.Match[str]) -> None:
        if not self._count[name]:
            return
        if name == "a" and self._open[-1].target and self._run is not None:
            self._link(self._run, self._open[-1], Span(*tag.span()))
        for depth in range(len(self._open) - 1, max(len(self._open) - FARTHEST, 0) - 1, -1):
            inner = self._open[depth].tag
            if inner == name:
                self._pop_to(depth)
                return
            if inner in CELLS and name not in ("tr", "table", "tbody", "thead", "tfoot", "body", "html"):
                return

    def _link(self, run: _Run, link: _Open, closing: Span) -> None:
        """Leave the sign of a footnote out of the text that it stands in, and the way back out of the note."""
        start, end = max(link.start, run.start), closing.start
        inside = len(run.marks)
        while inside and run.marks[inside - 1].start >= start:
            inside -= 1
        if end - start > LONGEST_SIGN:
            return
        sign = reading(self.text, Span(start, end), [m for m in apart(run.marks[inside:]) if m.end <= end])
        raised = self._count["sup"] or "<sup" in self.text[start:end] or not sign[:1].isalnum()
        if not SIGN.fullmatch(sign) or not (raised or start == run.start):
            return
        run.marks[inside:] = [Mark(start, end), *(m for m in run.marks[inside:] if m.start >= end)]
        if start == run.start and self.text.startswith((".", ")", ":"), closing.end):
            run.marks.append(Mark(closing.end, closing.end + 1))
        run.links.append((link.target, Span(start, end)))

    def _pop_to(self, depth: int) -> None:
        while len(self._open) > depth:
            closed = self._open.pop()
            self._count[closed.tag] -= 1
            self._hidden -= closed.hides
            self._links -= closed.tag == "a"
            if closed.tag in CELLS:
                self._cell = None
            elif closed.tag == "table":
                self._cell = self._outer_cell(closed.table)

    @staticmethod
    def _outer_cell(table: _Table | None) -> "_Cell | None":
        outer = table.outer if table else None
        return outer.rows[-1][-1] if outer and outer.rows and outer.rows[-1] else None

    def _silent(self, start: int, end: int, shown: str = "") -> None:
        """What is between words of a run and is none itself."""
        run = self._run
        if run is None or end <= start:
            return
        run.marks.append(Mark(start, end, shown))
        if shown == "\n":
            run.breaks.append(Span(start, end))

    def _words(self, start: int, end: int) -> None:
        if self._hidden:
            self._silent(start, end)
            return
        text = self.text
        words = text[start:end]
        if not words.strip():
            return
        if self._run is None:
            start += len(words) - len(words.lstrip())
            if not unescape(words).strip():
                return
            self._run = self._new_run(start)
        run = self._run
        for match in ENTITY.finditer(text, start, end):
            first = match[0][0]
            if first == "\n":
                if not run.preformatted:
                    run.marks.append(Mark(*match.span(), " "))
                continue
            shown = "".join(c for c in unescape(match[0]) if c not in INVISIBLE)
            if shown != match[0]:
                run.marks.append(Mark(*match.span(), shown))
        run.end = start + len(text[start:end].rstrip())
        run.characters += run.end - start
        if self._links:
            run.linked += run.end - start

    def _new_run(self, start: int) -> _Run:
        block = next((one for one in reversed(self._open[-FARTHEST:]) if one.tag in BLOCKS), None)
        outer = self._open[-1] if self._open else None
        names = (*(one.name for one in self._open[-NAMED:] if one.name), *self._anchors)
        self._anchors = ()
        return _Run(
            tag=block.tag if block else "p",
            start=start,
            region=outer.region if outer else None,
            main=outer.main if outer else None,
            cell=self._cell,
            table=outer.table if outer else None,
            level=max(self._count["ul"] + self._count["ol"] - 1, 0) if self._count["li"] else -1,
            term=None,
            preformatted=self._count["pre"] > 0,
            names=names,
        )

    def _close_run(self) -> None:
        run, self._run = self._run, None
        if run is None:
            return
        run.marks = [mark for mark in run.marks if mark.end <= run.end]
        run.marks += line_marks(self.text, run.span, self._known)
        run.breaks = [gap for gap in run.breaks if gap.end <= run.end]
        if run.cell is not None:
            run.cell.runs.append(run)
        table = self._open[-1].table if self._open else None
        if run.tag == "caption" and table is not None:
            table.caption = run
        self.runs.append(run)
        region = run.region
        while region is not None:
            region.characters += run.characters
            region.linked += run.linked
            region = region.outer


def attributes_of(written: str) -> dict[str, str]:
    """The attributes of a start tag, their names in lower case."""
    return {
        match[1].lower(): unescape(match[2] or match[3] or match[4] or "")
        for match in (ATTRIBUTE.finditer(written) if written.strip() else ())
    }


def hides_itself(values: Mapping[str, str]) -> bool:
    """Whether an element hides what is in it by its own attributes."""
    if "hidden" in values or "popover" in values or values.get("aria-hidden", "").lower() == "true":
        return True
    if not BESIDE_HEADINGS.isdisjoint(values.get("class", "").split()):
        return True
    return HIDING_ONE.search(values.get("style", "")) is not None


def _number(value: str | None) -> int:
    return min(int(value), 100) if value and value.isascii() and value.isdigit() and len(value) < 4 else 1


class _Composer:
    """Makes elements of runs: decides what is furniture, and joins the cells of a row."""

    def __init__(self, text: str, reader: TagReader) -> None:
        self.text = text
        self.title = reader.title
        self.runs = reader.runs
        self.total = sum(run.characters for run in reader.runs)
        self.common = self._common()
        self.commented = self._is_commented()
        self.elements: list[Element] = []
        self.marks: list[Mark] = []
        self.lead: str | None = None
        self.items: list[str] = []
        self.term: str | None = None
        self.explained: dict[str, str] = {}
        """What stands before the sign of a footnote, by what links call the note."""

    def compose(self) -> Tagged:
        """The elements in order."""
        kept, left_out = self._kept()
        tables: dict[int, dict[int, tuple[Element, list[Mark]]] | None] = {}
        captions = {id(run.table.caption) for run in kept if run.table and self._holds_data(run.table)}
        for run in kept:
            marks = apart(run.marks) if run.links else ()
            for target, sign in run.links:
                span = Span(max(run.start, sign.start - BEFORE), sign.start)
                if before := explained(reading(self.text, span, marks)):
                    self.explained.setdefault(target, before)
        for run in kept:
            if id(run) in captions:
                continue  # it is the context of every row
            if run.cell is not None:
                table = run.cell.table
                if id(table) not in tables:
                    tables[id(table)] = self._rows(table) if self._holds_data(table) else None
                rows = tables[id(table)]
                if rows is not None:
                    if row := rows.get(id(run)):
                        self.elements.append(row[0])
                        self.marks += row[1]
                    continue
            self._element(run)
        return Tagged(tuple(self.elements), apart(self.marks), self.title, tuple(dict.fromkeys(left_out)))

    def _reads(self, run: _Run) -> str:
        return reading(self.text, run.span, apart(run.marks))

    def _note(self, run: _Run) -> str | None:
        """What a run explains that is a footnote; the first piece of it is told so."""
        return next((self.explained.pop(name) for name in reversed(run.names) if name in self.explained), None)

    def _kept(self) -> tuple[list[_Run], list[str]]:
        """The runs that are content, and the names of the furniture that the others are."""
        names = [self._furniture(run) for run in self.runs]
        content = [run for run, name in zip(self.runs, names, strict=True) if name is None]
        size = sum(run.characters for run in content)
        for kind, share in (("main", 0.2), ("article", 0.4)):
            inside = sum(
                run.characters for run in content if run.main == kind or (kind == "main" and run.main == "main")
            )
            if inside and inside >= share * size:
                titled = any(run.tag == "h1" and run.main for run in content)
                names = [
                    name
                    or (None if run.main or (run.tag == "h1" and not titled) else "what is around the main content")
                    for run, name in zip(self.runs, names, strict=True)
                ]
                break
        else:
            self._lists_of_links(names)
        self._related(names)
        kept = [run for run, name in zip(self.runs, names, strict=True) if name is None]
        if not kept:  # a page that is nothing but furniture is one that calls its content so
            return self.runs, []
        return kept, [name for name in names if name]

    def _furniture(self, run: _Run) -> str | None:
        region = run.region
        while region is not None:
            most = region.characters > MOST_OF_THE_PAGE * self.total or region.zone.name in self.common
            if region.zone.name == COMMENTS:
                most = not self.commented
            linked = region.linked >= (ONLY_LINKED if most else LINKED) * region.characters
            titled = region.zone.name == "banner" and run.tag == "h1"
            if not titled and (linked or (region.zone.sure and not most)):
                return region.zone.name
            region = region.outer
        return None

    def _common(self) -> set[str]:
        """The names of furniture that many pieces of the page have, with a good part of its words."""
        regions = {id(run.region): run.region for run in self.runs if run.region is not None}
        found: dict[str, list[int]] = {}
        for region in regions.values():
            found.setdefault(region.zone.name, []).append(region.characters - region.linked)
        return {
            name
            for name, sizes in found.items()
            if len(sizes) >= NAMED_BLOCKS and sum(sizes) > NAMED_SHARE * self.total
        }

    def _is_commented(self) -> bool:
        """Whether a page is more than the comments on it."""
        inside = sum(run.characters for run in self.runs if _within(run, COMMENTS))
        rest = sum(run.characters - run.linked for run in self.runs if run.region is None)
        return inside > 0 and rest >= ARTICLE

    def _lists_of_links(self, names: list[str | None]) -> None:
        """Where nothing says what the content is: four blocks or more in a row that are links are navigation."""
        first = 0
        for i in range(len(self.runs) + 1):
            run = self.runs[i] if i < len(self.runs) else None
            if run is not None and run.cell is None and run.linked >= 0.8 * run.characters and run.tag not in HEADINGS:
                continue
            if i - first >= 4:
                names[first:i] = [name or "lists of links" for name in names[first:i]]
            first = i + 1

    def _related(self, names: list[str | None]) -> None:
        """Below a heading that says so, links to other pages are no content of this one."""
        for first, run in enumerate(self.runs):
            if run.tag not in HEADINGS or names[first] or not RELATED.fullmatch(self._reads(run)[:LONGEST_LEAD]):
                continue
            last = first + 1
            while last < len(self.runs) and not (self.runs[last].tag in HEADINGS and self.runs[last].tag <= run.tag):
                last += 1
            below = self.runs[first + 1 : last]
            if sum(one.linked for one in below) >= LINKED * sum(one.characters for one in below):
                names[first:last] = [name or "related links" for name in names[first:last]]

    def _element(self, run: _Run) -> None:
        words = self._reads(run)
        if not words:
            return
        tag = run.tag
        span = run.span
        self.marks += run.marks
        if tag in HEADINGS:
            self.lead = self.term = None
            self.elements.append(Element("heading", span, int(tag[1])))
            return
        if tag == "dt":
            self.term = words.rstrip(":")
            return
        if tag == "dd" and self.term:
            self.elements.append(Element("paragraph", span, cue=self.term))
            return
        self.term = None
        note = self._note(run)
        if run.preformatted:
            self.elements += self._preformatted(run)
        elif run.level >= 0:
            del self.items[run.level :]
            cue = note or " › ".join(filter(None, (self.lead, *self.items[-PARENTS:]))) or None
            self.elements.append(Element("item", span, run.level, cue=cue))
            self.items += [""] * (run.level - len(self.items))
            self.items.append(words.rstrip(":") if len(words) <= LONGEST_LEAD else "")
            return
        else:
            self.elements += [Element("paragraph", part, cue=note) for part in self._parts(run)]
        self.items = []
        self.lead = words.rstrip(":") if words.endswith(":") and len(words) <= LONGEST_LEAD else None

    def _preformatted(self, run: _Run) -> Iterator[Element]:
        """Paragraphs and lines of text that is shown as it stands, between its empty lines."""
        marks = apart(run.marks)
        for part in self._paragraphs(run.span):
            lines = Shown.of(self.text, part, marks_within(marks, part)).text.split("\n")
            yield Element("paragraph" if is_wrapped(lines) else "lines", part)

    def _paragraphs(self, span: Span) -> Iterator[Span]:
        start = span.start
        for gap in EMPTY_LINES.finditer(self.text, *span):
            yield strip(self.text, start, gap.start())
            start = gap.end()
        yield strip(self.text, start, span.end)

    def _parts(self, run: _Run) -> Iterator[Span]:
        """The lines of a run with line breaks, unless they are those of wrapped text."""
        if not run.breaks:
            yield run.span
            return
        edges = [run.start, *(edge for gap in run.breaks for edge in gap), run.end]
        parts = [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
        marks = apart(run.marks)
        lines = [PlainText.of(self.text[slice(*p)], p.start, marks_within(marks, p)) for p in parts]
        filled = [line.text for line in lines if line.text]
        if len(filled) > 1 and is_wrapped(filled):
            yield run.span
            return
        for line in lines:
            if part := line.source(0, len(line.text)):
                yield part

    def _holds_data(self, table: _Table) -> bool:
        """Whether a table is one of data: short cells, several in a row, no other table in it."""
        rows = [[cell for cell in row if cell.runs] for row in table.rows]
        if table.presentation or not table.plain or not any(len(row) > 1 for row in rows):
            return False
        if any(
            len(cell.runs) > 4 or sum(run.characters for run in cell.runs) > LONGEST_CELL
            for row in rows
            for cell in row
        ):
            return False
        return len([row for row in rows if row]) > 1 or any(cell.head for row in rows for cell in row)

    def _rows(self, table: _Table) -> dict[int, tuple[Element, list[Mark]]]:
        """The rows of a table by the identity of their first run."""
        words = {id(cell): " ".join(self._reads(run) for run in cell.runs) for row in table.rows for cell in row}
        over: dict[int, tuple[int, str]] = {}
        beside: list[list[tuple[int, str]]] = []
        for row in table.rows:  # where each cell stands, with what cells of rows above reach down
            column = 0
            reached = []
            down = {}
            for cell in row:
                while column in over:
                    reached.append((column, over[column][1]))
                    column += 1
                cell.column = column
                for at in range(column, column + cell.columns):
                    if cell.rows > 1:
                        down[at] = (cell.rows, words[id(cell)])
                column += cell.columns
            reached += [(at, word) for at, (_, word) in over.items() if at >= column]
            over = {at: (left - 1, word) for at, (left, word) in {**over, **down}.items() if left > 1}
            beside.append([(at, word) for at, word in reached if word])
        marked = self._marked_heads(table)
        filled = [row for row in table.rows if row]
        headed = any(cell.head for row in table.rows for cell in row[1:])
        crossed = False
        if not marked and not headed and len(filled) > 2:
            marked = int(is_head(*_split([[words[id(cell)] for cell in row] for row in filled])))
            crossed = bool(marked) and all(row[0].head for row in filled)
        heads: dict[int, str] = {}
        for row in table.rows[:marked]:
            for cell in row:
                for at in range(cell.column, cell.column + cell.columns):
                    word = words[id(cell)]
                    if len(word) <= LONGEST_HEAD and word not in heads.get(at, ""):
                        heads[at] = f"{heads.get(at, '')} {word}".strip()
        if crossed:
            heads.pop(0, None)  # beside the heads of rows it says what those of the columns are
        caption = self._reads(table.caption) if table.caption else self.lead
        rows: dict[int, tuple[Element, list[Mark]]] = {}
        group = None
        for row, reach in zip(table.rows[marked:], beside[marked:], strict=True):
            cells = [cell for cell in row if words[id(cell)]]
            if not cells:
                continue
            if len(cells) == 1 and cells[0].columns > 1 and len(heads) > 1:
                group = words[id(cells[0])]
            one = len(cells) == 1
            span = Span(cells[0].runs[0].start, cells[-1].runs[-1].end)
            parts = [Cell(Span(c.runs[0].start, c.runs[-1].end), "" if one else heads.get(c.column, "")) for c in cells]
            cue = " › ".join(filter(None, (caption, None if one else group))) or None
            inner = [mark for cell in cells for mark in self._cell_marks(cell)]
            around = dict.fromkeys(f"{heads[at]}: {word}" if heads.get(at) else word for at, word in reach)
            rows[id(cells[0].runs[0])] = (
                Element("row", span, cue=cue),
                list(apart([*separators(span, parts, "; ".join(around)), *inner])),
            )
        return rows

    def _cell_marks(self, cell: _Cell) -> Iterator[Mark]:
        for i, run in enumerate(cell.runs):
            if i:
                yield Mark(cell.runs[i - 1].end, run.start, ", ")
            yield from run.marks

    @staticmethod
    def _marked_heads(table: _Table) -> int:
        """How many of the first rows are marked as the heads of columns."""
        if table.head_rows:
            return table.head_rows
        heads = 0
        for row in table.rows:
            if not row or not all(cell.head for cell in row if cell.runs) or len(row) < 2:
                break
            heads += 1
        return heads if heads < len(table.rows) else 0


def _within(run: _Run, zone: str) -> bool:
    region = run.region
    while region is not None and region.zone.name != zone:
        region = region.outer
    return region is not None


def _split(rows: Sequence[Sequence[str]]) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    return rows[0], rows[1:]
