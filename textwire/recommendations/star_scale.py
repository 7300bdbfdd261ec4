"""On which scale a file's stars are: of five, of ten, or of a hundred.

Events have stars of five. Book-Crossing and many magazines give up to ten, critics up to a hundred;
eight of ten taken for eight of five would make every book loved, and four of ten praise.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

if TYPE_CHECKING:
    from textwire.recommendations.messages import BehaviourEvent

M = TypeVar("M")

STARS = 5.0
TENTHS, HUNDREDTHS = 10.0, 100.0


class StarScale:
    """Counts the stars of a file's events, and brings them to five.

    Beside a purchase a value is taken for stars only where all of them are whole or half, and none
    is above ten: it may as well be what was paid.
    """

    def __init__(self) -> None:
        self._given: Counter[float] = Counter()
        self._beside_purchases: Counter[float] = Counter()

    def see(self, message: BehaviourEvent) -> None:
        """One more event."""
        if message.value is None:
            return
        if message.kind in ("rating", "comment"):
            self._given[message.value] += 1
        elif message.kind == "purchase":
            self._beside_purchases[message.value] += 1

    @property
    def top(self) -> float:
        """The most stars that can be given: 5, 10 or 100; 5 also where values are no stars."""
        values = self._values
        if not values or min(values) < 0.0:
            return STARS
        highest = max(values)
        if highest <= STARS:
            return STARS
        if highest <= TENTHS:
            return TENTHS
        return HUNDREDTHS if self._given and highest <= HUNDREDTHS else STARS

    @property
    def zero_is_none(self) -> bool:
        """Whether 0 stands where nobody gave stars: in more than half of the rows."""
        return 2 * self._values[0.0] > sum(self._values.values())

    def put_right(self, message: M) -> M:
        """An event with its stars of five; none where 0 says that there are none."""
        event: Any = message
        if event.value is None or event.kind not in self._kinds:
            return message
        if event.value == 0.0 and self.zero_is_none:
            return self._with_value(message, None)
        if self.top == STARS:
            return message
        return self._with_value(message, round(event.value * STARS / self.top, 2))

    @property
    def told(self) -> str:
        """What was found; empty where the stars stay as they are."""
        parts = []
        if self.top != STARS:
            parts.append(
                f"stars go up to {max(self._values):g}, so they are read as of {self.top:g}: "
                f"{0.8 * self.top:g} is 4 of 5"
            )
        if self._values and self.zero_is_none:
            count = self._values[0.0]
            parts.append(f"0 stands in {count:,} rows and is read as no stars")
        return f"{'; '.join(parts)[:1].upper()}{'; '.join(parts)[1:]}." if parts else ""

    @property
    def _values(self) -> Counter[float]:
        if self._given:
            return self._given
        bought = self._beside_purchases
        is_stars = all(value % 0.5 == 0.0 and value <= TENTHS for value in bought)
        return bought if is_stars else Counter()

    @property
    def _kinds(self) -> tuple[str, ...]:
        return ("rating", "comment") if self._given else ("purchase",) if self._values else ()

    @staticmethod
    def _with_value(message: M, value: float | None) -> M:
        changed: M = msgspec.structs.replace(message, value=value)  # type: ignore[type-var]
        return changed
