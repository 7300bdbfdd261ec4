"""When there is a surge, and how many by chance are put up with."""

from __future__ import annotations

import msgspec

from textwire.sentiment_alerts.event_time import Timing
from textwire.sentiment_alerts.shifts.market_fall import MarketRules
from textwire.sentiment_alerts.shifts.tone_shift import ShiftRules
from textwire.sentiment_alerts.surges.pooled_baseline import Kind


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """When there is a surge.

    false_alarms_per_day  how many surges by chance are put up with, over all keys together.
    least_articles        fewer negative articles are none.
    hold_probability      it goes on while the window's count is less probable than this.
    quiet_minutes         it is over after so long without that.
    reopen_hours          another one so soon after is the same.
    half_life_days        after which a cell counts half in the baseline.
    warm_up_hours         an engine that has just begun raises nothing.
    shift_share           of the false alarms, those that falls of tone may have; 0: none is looked
                          for.
    market_share          of the false alarms, those that falls of the whole market may have; 0:
                          none is looked for.
    market_topics         topics that tell of the market itself.
    market_leaves_out     topics that say nothing of it.
    """

    false_alarms_per_day: float = 1.0
    least_articles: int = 4
    hold_probability: float = 0.01
    quiet_minutes: int = 30
    reopen_hours: float = 6.0
    half_life_days: float = 7.0
    warm_up_hours: float = 6.0
    topic_alerts: bool = False
    topic_least_articles: int = 12
    topic_times: float = 3.0
    shift_share: float = 0.1
    market_share: float = 0.02
    market_topics: tuple[str, ...] = MarketRules().topics
    market_leaves_out: tuple[str, ...] = MarketRules().left_out

    @property
    def shifts(self) -> ShiftRules | None:
        """When a tone has fallen; None where that is not looked for."""
        if not self.shift_share:
            return None
        return ShiftRules(false_alarms_per_day=self.shift_share * self.false_alarms_per_day)

    @property
    def market(self) -> MarketRules | None:
        """When the tone of all together has fallen; None where that is not looked for."""
        if not self.market_share:
            return None
        return MarketRules(
            false_alarms_per_day=self.market_share * self.false_alarms_per_day,
            left_out=self.market_leaves_out,
            topics=self.market_topics,
        )

    @property
    def surge_alarms_per_day(self) -> float:
        """Of the false alarms, those that are left to surges."""
        return (1 - self.shift_share - self.market_share) * self.false_alarms_per_day

    def looks_for_shifts(self, kind: Kind) -> bool:
        """Whether the tone of a company, or a topic, is watched."""
        return bool(self.shift_share) and (kind != "topic" or self.topic_alerts)

    def least_for(self, kind: Kind) -> int | None:
        """How many negative articles a surge has at least; None where that kind has none."""
        if kind != "topic":
            return self.least_articles
        return self.topic_least_articles if self.topic_alerts else None

    def discount(self, timing: Timing) -> float:
        """What a cell's weight is multiplied by when it is one cell older."""
        return float(0.5 ** (1 / (self.half_life_days * timing.cells_per_day)))
