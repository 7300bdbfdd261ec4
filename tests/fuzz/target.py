"""What is fuzzed: a function, its inputs, and the errors by which it may refuse them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from textwire.errors import TextwireError


@dataclass(frozen=True)
class Target:
    """One of them.

    read     raises `refuses` for what it cannot use, and nothing else; checks what it returns.
    refuses  the errors that are promised, each with a message for people.
    share    how many times as many inputs as usual it gets: less where one takes milliseconds.
    """

    name: str
    inputs: st.SearchStrategy[Any]
    read: Callable[[Any], object]
    refuses: tuple[type[TextwireError], ...] = ()
    share: float = 1.0

    def try_one(self, given: Any) -> bool:
        """Whether an input was taken. Raises: whatever was not promised."""
        try:
            self.read(given)
        except self.refuses as refusal:
            if not str(refusal):
                raise AssertionError("a refusal that does not say why") from refusal
            return False
        return True
