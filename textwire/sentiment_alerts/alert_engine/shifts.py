"""Alerts on a tone that has fallen and stays down, day by day of the zone.

A day is over with its last cell. A day on which a company surged is told of by that alert: it is
neither tested nor learned, and a fall around it has no alert of its own. One that stands is
resolved when a surge of the same company comes, which joins its incident. A fall is over once the
tone is back, or the lower one has become usual.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from math import exp

from msgspec.structs import replace

from textwire.sentiment_alerts.alert_engine import names
from textwire.sentiment_alerts.alert_engine.digest import write_fall
from textwire.sentiment_alerts.alert_engine.incidents import Cause
from textwire.sentiment_alerts.alert_engine.lifecycle import most_told, told
from textwire.sentiment_alerts.alert_engine.memory import Memory
from textwire.sentiment_alerts.alert_engine.names import SHIFT
from textwire.sentiment_alerts.alert_engine.ongoing import go_on, is_still_snoozed, moved
from textwire.sentiment_alerts.alert_engine.publishing import Publishing
from textwire.sentiment_alerts.alert_engine.state import EntityState, OngoingAlert
from textwire.sentiment_alerts.event_time import as_ms, moment_of
from textwire.sentiment_alerts.messages import Alert, AlertChange, Severity, ToneFall
from textwire.sentiment_alerts.shifts.tone_level import DayTone
from textwire.sentiment_alerts.shifts.tone_shift import (
    Shift,
    ShiftRules,
    ToneSeries,
    has_become_usual,
    has_recovered,
    over,
    step_together,
)

# Of a scale from -1 to 1, on which single articles of a company have a deviation of some 0.4.
MEDIUM_FALL, HIGH_FALL = 0.3, 0.6


class Shifts:
    """Tests the days that are over, and keeps the alerts on what has fallen."""

    def __init__(self, memory: Memory, publishing: Publishing) -> None:
        self._memory, self._publishing = memory, publishing

    def close_days(self) -> None:
        """Test the days whose last cell is closed."""
        state, rules = self._memory.state, self._memory.rules.shifts
        upto = self._memory.timing.day(state.closed) - 1
        if rules is None or upto <= state.toned_until:
            return
        for day in sorted(day for day in state.toned if day <= upto):
            self._close(day, rules)
        self._memory.load(state.fallen)
        self._end_what_is_over(upto)
        state.tone = state.tone.faded(upto - state.toned_until if state.toned_until else 0)
        state.toned_until = upto

    def pass_time(self) -> None:
        """End the snoozes whose time has come."""
        state = self._memory.state
        for name, one in state.standing.items():
            is_snoozed = name.startswith(SHIFT) and one.alert.state == "snoozed"
            if is_snoozed and not is_still_snoozed(one, state.clock_ms):
                at = moment_of(state.clock_ms)
                one.alert = told(one.alert, moved(one.alert, "reopened", at))
                self._publishing.send(name, one.alert, is_new=False)

    def _close(self, day: int, rules: ShiftRules) -> None:
        """In the order of names: sums are the same in whatever order articles came."""
        state = self._memory.state
        listed = sorted(state.toned.pop(day))
        self._memory.load(listed)
        state.tone = state.tone.faded(max(0, day - state.toned_until) if state.toned_until else 0)
        state.toned_until = day
        spoken = {name: self._taken_out(name, day) for name in listed}
        for name in listed:
            if self._has_surged(self._memory.entity(name), day):
                self._hand_over(name, day)
                del spoken[name]
        self._step({name: tone for name, tone in spoken.items() if tone.articles > 0}, day, rules)
        self._end_what_is_over(day)

    def _taken_out(self, name: str, day: int) -> DayTone:
        entity = self._memory.entity(name)
        self._memory.touch(name)
        rest = dict(entity.tone.open)
        tone = rest.pop(day, DayTone())
        entity.tone = replace(entity.tone, open=rest)
        return tone

    def _has_surged(self, entity: EntityState, day: int) -> bool:
        """Whether a surge was under way on a day whose cells are closed."""
        episode, timing = entity.series.episode, self._memory.timing
        if episode is None:
            return False
        ended = self._memory.state.closed if episode.ended is None else episode.ended
        return timing.day(episode.since) <= day <= timing.day(ended)

    def _hand_over(self, name: str, day: int) -> None:
        """A surge tells of it."""
        entity = self._memory.entity(name)
        entity.tone = replace(entity.tone, surged=day, told=False, fall=None, chart=0.0)
        self._end(name, day, "a surge of bad news tells of it now")

    def _step(self, spoken: dict[str, DayTone], day: int, rules: ShiftRules) -> None:
        state, memory = self._memory.state, self._memory
        before = {name: memory.entity(name).tone for name in spoken}
        topics = [name for name in spoken if name.startswith(names.topic(""))]
        stepped, state.tone = step_together(before, spoken, day, state.tone, rules, topics)
        for name, after in stepped.items():
            memory.entity(name).tone = after
            if after.number > before[name].number:
                state.fallen.append(name)
                self._open(name, after, day)
            elif after.shift is not None:
                self._go_on(name, after, after.shift, day)

    def _open(self, name: str, series: ToneSeries, day: int) -> None:
        if series.shift is None or not series.told:
            return
        at, first_cell = self._after(day), self._memory.state.pooled.first
        named = f"{SHIFT}{name}|{first_cell}|{series.number}"
        id_ = f"alert-{sha256(named.encode()).hexdigest()[:16]}"
        alert = self._written(name, series.shift, id_, at)
        alert = self._publishing.with_incident(alert, _cause(alert, series.shift))
        standing = OngoingAlert(told(None, alert), as_ms(at))
        self._memory.state.standing[f"{SHIFT}{name}"] = standing
        self._publishing.send(f"{SHIFT}{name}", standing.alert, is_new=True)

    def _go_on(self, name: str, series: ToneSeries, shift: Shift, day: int) -> None:
        one = self._memory.state.standing.get(f"{SHIFT}{name}")
        if one is None or not series.told:
            return
        at = self._after(day)
        now = self._written(name, shift, one.alert.id, at)
        one.last_ms = as_ms(at)
        go_on(one, now, at, as_ms(at))
        self._publishing.send(f"{SHIFT}{name}", one.alert, is_new=False)

    def _end_what_is_over(self, day: int) -> None:
        state = self._memory.state
        for name in list(state.fallen):
            entity = self._memory.entity(name)
            series = entity.tone
            is_back = has_recovered(series)
            if not (is_back or has_become_usual(series, day)):
                continue
            entity.tone = over(series, to_before=is_back)
            state.fallen.remove(name)
            self._memory.touch(name)
            why = "the tone is back" if is_back else "the lower tone has become what is usual"
            self._end(name, day, why)

    def _end(self, name: str, day: int, note: str) -> None:
        one = self._memory.state.standing.pop(f"{SHIFT}{name}", None)
        if one is not None and one.alert.state != "resolved":
            alert = told(one.alert, moved(one.alert, "resolved", self._after(day), note))
            self._publishing.send(f"{SHIFT}{name}", alert, is_new=False)

    def _after(self, day: int) -> datetime:
        """When a day is over."""
        return self._memory.timing.day_start(day + 1)

    def _written(self, name: str, shift: Shift, id_: str, at: datetime) -> Alert:
        kind, _, of = name.partition(":")
        entity, topic = (of, None) if kind == "company" else (None, of)
        fell, timing = _fell(shift), self._memory.timing
        days = shift.low.days
        return Alert(
            id=id_,
            entity=entity,
            topic=topic,
            kind="shift",
            severity=self._severity(entity, shift, fell),
            state="open",
            window_start=timing.day_start(shift.low.since),
            window_end=timing.day_start(shift.low.last + 1),
            observed=int(days.negative),
            expected=days.articles * shift.before.negative / shift.before.articles,
            p_value=exp(-shift.evidence),
            article_ids=tuple(one.article_id for one in shift.low.kept),
            digest=write_fall(
                entity or f"the topic {topic}", fell, [one.title for one in shift.low.kept]
            ),
            raised_at=at,
            updated_at=at,
            changes=(AlertChange(at=at, state="open"),),
            story_ids=most_told(one.story_id for one in shift.low.kept),
            fall=fell,
        )

    def _severity(self, entity: str | None, shift: Shift, fell: ToneFall) -> Severity:
        size = fell.before - fell.after
        level = (size >= MEDIUM_FALL) + (size >= HIGH_FALL)
        sources = [one.source for one in shift.low.kept]
        return self._memory.alert_rules.severity.level(level, entity, sources)


def _fell(shift: Shift) -> ToneFall:
    days = shift.low.days
    return ToneFall(
        before=round(shift.usual, 4),
        after=round(days.mean, 4),
        days=int(days.days),
        articles=int(days.articles),
    )


def _cause(alert: Alert, shift: Shift) -> Cause:
    kept = shift.low.kept
    return Cause.of(
        [one.article_id for one in kept],
        [one.story_id for one in kept],
        alert.topic,
        [one.title for one in kept],
        [alert.entity],
    )
