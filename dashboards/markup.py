"""Small pieces of HTML that all pages share, and what of a text from outside they show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from dashboards.rendering import render

Tone = Literal["good", "waiting", "bad", "quiet", "brand"]

# A sign of its own for each tone, so that colour never speaks alone.
SIGNS: dict[Tone, str] = {"good": "●", "waiting": "◐", "bad": "▲", "quiet": "○", "brand": "■"}


@dataclass(frozen=True)
class Pill:
    """A short state in a rounded field."""

    words: str
    tone: Tone

    @property
    def sign(self) -> str:
        """What says the same as its colour."""
        return SIGNS[self.tone]


def notice(title: str, text: str, tone: Tone = "waiting") -> str:
    """What happened and what to do, where something is missing."""
    return render("shared/notice.html", title=title, text=text, tone=tone)


def heading(title: str, note: str = "") -> str:
    """The heading of a section, with a note beside it."""
    return render("shared/heading.html", title=title, note=note)


def nothing(text: str) -> str:
    """What stands where nothing is."""
    return render("shared/nothing.html", text=text)


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
