"""Small pieces of HTML, with every text from outside escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Literal
from urllib.parse import urlsplit

Tone = Literal["good", "waiting", "bad", "quiet", "brand"]

# A sign of its own for each tone, so that colour never speaks alone.
SIGNS: dict[Tone, str] = {"good": "●", "waiting": "◐", "bad": "▲", "quiet": "○", "brand": "■"}


def plain(text: str) -> str:
    """Text that shows exactly as it was written, whatever it holds."""
    return html.escape(text.replace("\x00", "\N{REPLACEMENT CHARACTER}"), quote=True)


def pill(words: str, tone: Tone) -> str:
    """A short state in a rounded field."""
    sign = f'<i aria-hidden="true">{SIGNS[tone]}</i>'
    return f'<span class="tw-pill tw-{tone}">{sign}{plain(words)}</span>'


def notice(title: str, text: str, tone: Tone = "waiting") -> str:
    """What happened and what to do, where something is missing."""
    return (
        f'<div class="tw-notice tw-{tone}" role="status">'
        f"<strong>{plain(title)}</strong><p>{plain(text)}</p></div>"
    )


def heading(title: str, note: str = "") -> str:
    """The heading of a section, with a note beside it."""
    beside = f"<span>{plain(note)}</span>" if note else ""
    return f'<div class="tw-heading"><h2>{plain(title)}</h2>{beside}</div>'


def table(columns: Iterable[str], rows: Iterable[Iterable[str]], kind: str) -> str:
    """A table whose cells are HTML already; columns that start with `>` stand right."""
    names = list(columns)
    sides = [' class="tw-right"' if name.startswith(">") else "" for name in names]
    head = "".join(
        f"<th{side}>{plain(name.removeprefix('>'))}</th>"
        for name, side in zip(names, sides, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(f"<td{side}>{cell}</td>" for cell, side in zip(row, sides, strict=True))
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="tw-card tw-scroll"><table class="tw-table {kind}">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def web_address(url: str | None) -> str | None:
    """The address when it is one that a browser may open: http or https with a host."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in ("http", "https") and parts.hostname else None


def shortened(text: str, longest: int) -> str:
    """The beginning of a text on one line, cut between words."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    return line[: longest - 1].rsplit(" ", 1)[0] + "…"
