"""HTML as a browser reads it: elements with their attributes, and the text between them."""

from __future__ import annotations

from html.parser import HTMLParser

Element = tuple[str, tuple[tuple[str, str | None], ...]]


class Parsed(HTMLParser):
    """What a browser would make of some HTML.

    `tags`: names of elements, in order. `elements`: the same with attributes. `text`: all text.
    `pieces`: elements and the texts between them, in order.
    """

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.pieces: list[Element | str] = []
        self.text = ""
        self.feed(markup)
        self.close()

    @property
    def tags(self) -> list[str]:
        return [tag for tag, _ in self.elements]

    @property
    def attributes(self) -> list[tuple[str, str | None]]:
        return [pair for _, pairs in self.elements for pair in pairs]

    @property
    def links(self) -> list[str | None]:
        """Where the links go."""
        return [value for name, value in self.attributes if name == "href"]

    @property
    def outline(self) -> list[tuple[str, tuple[str, ...]]]:
        """Elements with the names of their attributes."""
        return [(tag, tuple(name for name, _ in pairs)) for tag, pairs in self.elements]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = (tag, tuple(attrs))
        self.elements.append(element)
        self.pieces.append(element)

    def handle_endtag(self, tag: str) -> None:
        self.pieces.append((f"/{tag}", ()))

    def handle_comment(self, data: str) -> None:
        self.pieces.append((f"<!--{data}", ()))

    def handle_decl(self, decl: str) -> None:
        self.pieces.append((f"<!{decl}", ()))

    def handle_pi(self, data: str) -> None:
        self.pieces.append((f"<?{data}", ()))

    def unknown_decl(self, data: str) -> None:
        self.pieces.append((f"<![{data}", ()))

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.pieces and isinstance(self.pieces[-1], str):
            self.pieces[-1] += data
        else:
            self.pieces.append(data)
