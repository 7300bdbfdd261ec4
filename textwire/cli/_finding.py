"""What a check of `textwire doctor` found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["good", "note", "bad"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `note` is worth knowing, `bad` stops Textwire from running."""

    subject: str
    verdict: Verdict
    what: str
    to_do: str = ""
