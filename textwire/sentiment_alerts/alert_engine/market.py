"""The alert on the tone of all companies together: by days of the zone, and today by hours.

A day is over with its last cell. Before that it is looked at every hour with what has come so far:
a crash is not to wait for midnight. Where an hour told of a fall that the whole day does not bear
out, the alert stands while the days go on to speak for one, and is resolved once they do not.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from hashlib import sha256
from math import exp

from msgspec.structs import replace

from textwire.sentiment_alerts.alert_engine.digest import write_market_fall
from textwire.sentiment_alerts.alert_engine.incidents import Cause
from textwire.sentiment_alerts.alert_engine.lifecycle import most_told, told
from textwire.sentiment_alerts.alert_engine.memory import Memory
from textwire.sentiment_alerts.alert_engine.names import MARKET
from textwire.sentiment_alerts.alert_engine.ongoing import go_on, is_still_snoozed, moved
from textwire.sentiment_alerts.alert_engine.publishing import Publishing
from textwire.sentiment_alerts.alert_engine.state import OngoingAlert
from textwire.sentiment_alerts.event_time import as_ms, moment_of
from textwire.sentiment_alerts.messages import Alert, AlertChange, Breadth, Severity, ToneFall
from textwire.sentiment_alerts.shifts.market_fall import (
    MarketRules,
    MarketSeries,
    Scope,
    look_at_today,
    step_market,
)
from textwire.sentiment_alerts.shifts.tone_shift import (
    Shift,
    has_become_usual,
    has_recovered,
    over,
)

# Of all voices, how many more are negative than usual; see docs/shifts.md.
MEDIUM_SHARE, HIGH_SHARE = 0.1, 0.2
AS_USUAL = "the tone is as usual after all"


class Market:
    """Tests the days of all together, and keeps the alert on a fall."""

    def __init__(self, memory: Memory, publishing: Publishing) -> None:
        self._memory, self._publishing = memory, publishing

    def close(self) -> None:
        """Test the days whose last cell is closed, and at each hour's end the day that is not."""
        state, rules, timing = self._memory.state, self._memory.rules.market, self._memory.timing
        if rules is None:
            return
        today, scopes = timing.day(state.closed), state.market.scopes
        begun = {day for one in scopes.values() for day in one.days}
        for day in sorted(day for day in begun if day < today):
            self._close_day(day, rules)
        if state.market.until < today - 1:
            self._pass_days(today - 1)
        if today in begun and state.closed % timing.cells_per_hour == 0:
            self._look_at_today(today, timing.half_hour(state.closed).half_hour // 2, rules)

    def pass_time(self) -> None:
        """End the snooze whose time has come."""
        state = self._memory.state
        one = state.standing.get(MARKET)
        if one is None or one.alert.state != "snoozed" or is_still_snoozed(one, state.clock_ms):
            return
        one.alert = told(one.alert, moved(one.alert, "reopened", moment_of(state.clock_ms)))
        self._publishing.send(MARKET, one.alert, is_new=False)

    def _close_day(self, day: int, rules: MarketRules) -> None:
        self._pass_days(day)
        for scope, state in self._memory.state.market.scopes.items():
            spoken = state.days.pop(day, None)
            if spoken is None:
                continue
            before = state.series.series
            state.series = step_market(state.series, spoken, day, rules)
            if state.series.series is before:  # too few had anything to say
                continue
            if state.series.series.shift is not None:
                self._tell(scope, state.series, day, self._memory.timing.day_start(day + 1))
            elif state.series.series.fall is None:
                self._end(scope, day, AS_USUAL)
        self._end_what_is_over(day)

    def _pass_days(self, day: int) -> None:
        """Let what was learned fade, and a fall that nothing more is told of end."""
        market = self._memory.state.market
        for scope in market.scopes.values():
            scope.series = scope.series.faded(day - market.until if market.until else 0)
        market.until = day
        self._end_what_is_over(day)

    def _look_at_today(self, today: int, hour: int, rules: MarketRules) -> None:
        for scope, state in self._memory.state.market.scopes.items():
            spoken = state.days.get(today)
            if spoken is None:
                continue
            if state.series.series.shift is None and self._memory.state.market.teller is None:
                so_far = look_at_today(state.series, spoken, today, hour, rules)
                if so_far.series.shift is not None:
                    at = self._memory.timing.start(self._memory.state.closed)
                    self._tell(scope, so_far, today, at)
            spoken.note(hour)

    def _tell(self, scope: Scope, series: MarketSeries, day: int, at: datetime) -> None:
        """A fall as it is now, unless another chart has told of it."""
        market, shift = self._memory.state.market, series.series.shift
        assert shift is not None  # noqa: S101 - asked for by whoever tells of it
        if market.teller not in (None, scope):
            return
        now = self._written(series, shift, f"{scope}|{shift.fall.since}", at)
        one = self._memory.state.standing.get(MARKET)
        if one is None:
            if shift.raised == day:
                self._open(scope, now, shift)
            return
        one.last_ms = as_ms(at)
        go_on(one, now, at, as_ms(at))
        self._publishing.with_incident(one.alert, _cause(shift), lasts=True)
        self._publishing.send(MARKET, one.alert, is_new=False)

    def _open(self, scope: Scope, alert: Alert, shift: Shift) -> None:
        state = self._memory.state
        alert = self._publishing.with_incident(alert, _cause(shift), lasts=True)
        state.standing[MARKET] = one = OngoingAlert(told(None, alert), as_ms(alert.raised_at))
        state.market.teller = scope
        self._publishing.send(MARKET, one.alert, is_new=True)

    def _end_what_is_over(self, day: int) -> None:
        for scope, state in self._memory.state.market.scopes.items():
            series = state.series.series
            is_back = has_recovered(series)
            if is_back or has_become_usual(series, day):
                state.series = replace(state.series, series=over(series, to_before=is_back))
                note = "the tone is back" if is_back else "the lower tone has become what is usual"
                self._end(scope, day, note)

    def _end(self, scope: Scope, day: int, note: str) -> None:
        state = self._memory.state
        if state.market.teller != scope:
            return
        state.market.teller = None
        at = self._memory.timing.day_start(day + 1)
        for incident in state.incidents:
            if incident.lasts:
                incident.lasts, incident.last_ms = False, as_ms(at)
        one = state.standing.pop(MARKET)
        if one.alert.state != "resolved":
            alert = told(one.alert, moved(one.alert, "resolved", at, note))
            self._publishing.send(MARKET, alert, is_new=False)

    def _written(self, series: MarketSeries, shift: Shift, which: str, at: datetime) -> Alert:
        timing, first = self._memory.timing, self._memory.state.pooled.first
        named = f"{MARKET}{first}|{which}"
        days, low = shift.low.days, shift.low
        fell = ToneFall(
            before=round(shift.usual, 4),
            after=round(days.mean, 4),
            days=int(days.days),
            articles=round(days.articles),
        )
        breadth = Breadth(
            usual=round(shift.before.share, 4), share=round(days.share, 4), worst=series.worst
        )
        return Alert(
            id=f"alert-{sha256(named.encode()).hexdigest()[:16]}",
            entity=None,
            topic=None,
            kind="market",
            severity=self._severity(breadth, shift),
            state="open",
            window_start=timing.day_start(low.since),
            window_end=max(at, timing.day_start(low.since)),
            observed=round(days.negative),
            expected=days.articles * shift.before.share,
            p_value=exp(-shift.evidence),
            article_ids=tuple(one.article_id for one in low.kept),
            digest=write_market_fall(fell, breadth, [one.title for one in low.kept]),
            raised_at=at,
            updated_at=at,
            changes=(AlertChange(at=at, state="open"),),
            story_ids=most_told(one.story_id for one in low.kept),
            fall=fell,
            breadth=breadth,
        )

    def _severity(self, breadth: Breadth, shift: Shift) -> Severity:
        more = breadth.share - breadth.usual
        level = (more >= MEDIUM_SHARE) + (more >= HIGH_SHARE)
        sources = [one.source for one in shift.low.kept]
        return self._memory.alert_rules.severity.level(level, None, sources)


def _cause(shift: Shift) -> Cause:
    kept = shift.low.kept
    topics = Counter(topic for one in kept for topic in one.topics)
    return Cause.of(
        [one.article_id for one in kept],
        [one.story_id for one in kept],
        next((name for name, _ in topics.most_common(1)), None),
        [one.title for one in kept],
        [],
    )
