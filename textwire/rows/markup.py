"""HTML as people read it: blocks of text under their headings, without scripts and navigation.

By the standard library's parser: it takes any markup, however broken, keeps no tree, and so is
bounded by the length of the text whatever is nested in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Literal, NamedTuple

BlockKind = Literal["heading", "question", "item", "term", "text", "end"]

# Nothing in them is said to a reader.
SILENT = frozenset(
    {
        "script", "style", "noscript", "template", "svg", "title", "iframe", "object", "canvas",
        "audio", "video", "select", "nav", "menu", "aside", "dialog",
    }
)  # fmt: skip
SILENT_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "menu", "menubar"})
# Of the page, they are navigation; of an article, its title.
PAGE_EDGES = frozenset({"header", "footer"})
CONTENT = frozenset({"main", "article"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BLOCKS = frozenset(
    {
        "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div",
        "dl", "fieldset", "figcaption", "figure", "footer", "header", "hr", "html", "main", "ol",
        "p", "pre", "section", "table", "tbody", "tfoot", "thead", "tr", "ul",
    }
)  # fmt: skip
VOID = frozenset(
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
        "track", "wbr",
    }
)  # fmt: skip
_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")
# An end tag, or a tag that needs none: `a < b` and `<name>` are none of them.
_MARKUP = re.compile(
    r"</(?:p|div|a|b|i|strong|em|ul|ol|li|span|h[1-6]|table|tr|td|br|u)\s*>|<br\s*/?>|<p>",
    re.IGNORECASE,
)


class Page(NamedTuple):
    """What a page says: its title, empty where it has none, and its blocks."""

    title: str
    blocks: list[MarkupBlock]


class MarkupBlock(NamedTuple):
    """A heading, question, item of a list, term or paragraph, in its order.

    Where questions with their answers, or a list of terms, are over stands an `end`, without text.
    """

    kind: BlockKind
    level: int  # of a heading, 1 to 6
    line: int
    text: str
    in_content: bool  # inside of <main> or <article>


def has_markup(text: str) -> bool:
    """Whether a text is HTML rather than words: it holds an end tag, a paragraph or a break."""
    return bool(_MARKUP.search(text))


def markup_as_text(text: str) -> str:
    """The words of a piece of HTML, its blocks apart by blank lines, items of lists by lines."""
    told = ""
    before: MarkupBlock | None = None
    for block in read_page(text).blocks:
        if block.kind == "end":
            continue
        line = f"- {block.text}" if block.kind == "item" else block.text
        if before is not None:
            told += "\n" if before.kind == block.kind == "item" else "\n\n"
        told += line
        before = block
    return told


def read_page(text: str) -> Page:
    """A page; of its content alone where it marks one."""
    parser = _Blocks()
    parser.feed(text)
    parser.close()
    blocks = list(parser.finished())
    inside = [block for block in blocks if block.in_content]
    return Page(" ".join("".join(parser.title).split()), inside or blocks)


@dataclass
class _Open:
    """A block that is being read."""

    kind: BlockKind = "text"
    level: int = 0
    line: int = 1
    parts: list[str] = field(default_factory=list)


class _Blocks(HTMLParser):
    """Cuts a page at its block elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[MarkupBlock] = []
        self._open = _Open()
        # The silent element we are in, and how many of its name are open: only its end ends it.
        self._silent: str | None = None
        self._silent_depth = 0
        self._content_depth = 0
        self._verbatim = 0
        self.title: list[str] = []

    def finished(self) -> Iterator[MarkupBlock]:
        self._cut()
        yield from self._blocks

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self._silent = None
        if self._silent is not None:
            self._silent_depth += tag == self._silent
            return
        if tag not in VOID and self._is_silent(tag, attrs):
            self._cut()
            self._silent, self._silent_depth = tag, 1
            return
        if tag in CONTENT:
            self._cut()
            self._content_depth += 1
        if tag in HEADINGS:
            self._begin("heading", int(tag[1]))
        elif tag == "summary":
            self._begin("question")
        elif tag == "dt":
            self._begin("term")
        elif tag == "li":
            self._begin("item")
        elif tag in ("td", "th"):
            self._open.parts.append(" | " if "".join(self._open.parts).strip() else "")
        elif tag == "br":
            self._open.parts.append("\n")
        elif tag in BLOCKS and not self._is_heading_or_item(tag):
            self._cut()
        self._verbatim += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if self._silent is not None:
            self._silent_depth -= tag == self._silent
            if self._silent_depth == 0:
                self._silent = None
            return
        if (
            tag in HEADINGS
            or tag in ("summary", "dt", "li")
            or (tag in BLOCKS and not self._is_heading_or_item(tag))
        ):
            self._cut()
        if tag in ("details", "dl"):
            place = self.getpos()[0]
            self._blocks.append(MarkupBlock("end", 0, place, "", self._content_depth > 0))
        if tag in CONTENT:
            self._content_depth = max(0, self._content_depth - 1)
        if tag == "pre":
            self._verbatim = max(0, self._verbatim - 1)

    def handle_data(self, data: str) -> None:
        if self._silent == "title":
            self.title.append(data)
        elif self._silent is None:
            if not self._open.parts:
                self._open.line = self.getpos()[0] + _lines_before_words(data)
            self._open.parts.append(data if self._verbatim else _BLANKS.sub(" ", data))

    def _is_silent(self, tag: str, attrs: list[tuple[str, str | None]]) -> bool:
        roles = {name: value or "" for name, value in attrs}.get("role", "").lower().split()
        edge = tag in PAGE_EDGES and not self._content_depth
        # A button opens a menu, but in a heading the answer below it.
        button = tag == "button" and self._open.kind == "text"
        return tag in SILENT or edge or button or not SILENT_ROLES.isdisjoint(roles)

    def _is_heading_or_item(self, tag: str) -> bool:
        """A paragraph inside of a heading, question or item begins no block of its own."""
        inner = tag in ("p", "div", "span")
        return inner and self._open.kind != "text" and not "".join(self._open.parts).strip()

    def _begin(self, kind: BlockKind, level: int = 0) -> None:
        self._cut()
        self._open = _Open(kind, level, self.getpos()[0])

    def _cut(self) -> None:
        block, self._open = self._open, _Open(line=self.getpos()[0])
        lines = "".join(block.parts).split("\n")
        text = "\n".join(
            line.rstrip() if self._verbatim else line.strip() for line in lines
        ).strip()
        if text:
            self._blocks.append(
                MarkupBlock(block.kind, block.level, block.line, text, self._content_depth > 0)
            )


def _lines_before_words(data: str) -> int:
    return data[: len(data) - len(data.lstrip())].count("\n")
