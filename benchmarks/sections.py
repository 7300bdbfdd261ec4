"""A document of figures, section by section: a part that is measured again replaces its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

HEADING = "## "


def split_sections(document: str) -> tuple[str, dict[str, str]]:
    """What stands before the first heading of the second level, and the bodies by heading."""
    head: list[str] = []
    bodies: dict[str, list[str]] = {}
    lines = head
    for line in document.splitlines():
        if line.startswith(HEADING):
            lines = bodies.setdefault(line.removeprefix(HEADING).strip(), [])
        else:
            lines.append(line)
    return _text(head), {title: _text(body) for title, body in bodies.items()}


def with_sections(document: str, new: Mapping[str, str], order: Sequence[str]) -> str:
    """The document with these bodies in place of what stood under their headings.

    Args: order: of the headings; others that the document has stand behind them.
    """
    head, old = split_sections(document)
    bodies = old | dict(new)
    titles = [
        *(title for title in order if title in bodies),
        *(t for t in bodies if t not in order),
    ]
    sections = [f"{HEADING}{title}\n\n{bodies[title].strip()}" for title in titles]
    return "\n\n".join([head, *sections]) + "\n"


def _text(lines: Sequence[str]) -> str:
    return "\n".join(lines).strip()
