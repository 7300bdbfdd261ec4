"""What the values of a file mean, where only all of its rows together tell."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

M = TypeVar("M")


class FileMeasure(Protocol):
    """Sees every message of a file once, and then puts each right."""

    def see(self, message: Any) -> None:
        """One more of the file's messages, as it stands there."""
        ...

    def put_right(self, message: M) -> M:
        """A message as it is meant, once all were seen."""
        ...

    @property
    def told(self) -> str:
        """What was found, as a sentence; empty where messages stay as they are."""
        ...
