"""What was seen of late."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Recent(Generic[K]):
    """The last so many things, each once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._seen: OrderedDict[K, None] = OrderedDict()

    def add(self, one: K) -> bool:
        """Remember it; whether it is new."""
        if one in self._seen:
            return False
        self._seen[one] = None
        if len(self._seen) > self._most:
            self._seen.popitem(last=False)
        return True

    def __contains__(self, one: K) -> bool:
        """Whether it is remembered."""
        return one in self._seen

    def discard(self, one: K) -> None:
        """Forget it."""
        self._seen.pop(one, None)
