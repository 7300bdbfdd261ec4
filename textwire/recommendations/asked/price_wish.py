"""What is wished of prices, and which prices it leaves out."""

from __future__ import annotations

import math
from typing import NamedTuple

from textwire.recommendations.messages import Filters, Range


class PriceWish(NamedTuple):
    """What is wished of prices, in the shop's currency; limits are meant with what they name.

    least, most  limits.
    near         about so much.
    cheap        rather little, beside what is usual for the like.
    """

    least: float | None = None
    most: float | None = None
    near: float | None = None
    cheap: bool = False

    @property
    def against(self) -> tuple[Filters, ...]:
        """What the items have that are left out, as `filters` say it; one without a price stays."""
        least, most = self.least, self.most
        below = () if least is None else ({"price": Range(max=math.nextafter(least, -math.inf))},)
        above = () if most is None else ({"price": Range(min=math.nextafter(most, math.inf))},)
        return (*below, *above)

    @property
    def words(self) -> str:
        """The limits for people; empty where there are none."""
        if self.least is not None and self.most is not None:
            return f"{self.least:,g} to {self.most:,g}"
        if self.most is not None:
            return f"at most {self.most:,g}"
        return "" if self.least is None else f"at least {self.least:,g}"

    def leaves_out(self, price: float | None) -> bool:
        """Whether a price is beyond the limits; one that is not known is not."""
        if price is None:
            return False
        too_low = self.least is not None and price < self.least
        return too_low or (self.most is not None and price > self.most)


NO_WISH = PriceWish()
