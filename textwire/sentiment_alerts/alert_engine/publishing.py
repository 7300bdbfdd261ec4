"""Alerts as the stream and the pages see them: announced, changed, withdrawn, let go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from textwire.results.writes import SetField
from textwire.sentiment_alerts.alert_engine import names
from textwire.sentiment_alerts.alert_engine.changes import Changes
from textwire.sentiment_alerts.alert_engine.incidents import Cause, join
from textwire.sentiment_alerts.alert_engine.lifecycle import (
    alert_id,
    changed,
    state_of,
    surge_severity,
    told,
    write_alert,
)
from textwire.sentiment_alerts.alert_engine.memory import Memory
from textwire.sentiment_alerts.alert_engine.names import SHIFT
from textwire.sentiment_alerts.alert_engine.overlap import CandidateAlert, resolve_overlaps
from textwire.sentiment_alerts.alert_engine.state import EntityState, owner_removal, owner_writes
from textwire.sentiment_alerts.event_time import HOUR_MS, as_ms, moment_of
from textwire.sentiment_alerts.messages import Alert, AlertChange, AlertState
from textwire.sentiment_alerts.results.keys import ALERTS_KEY
from textwire.sentiment_alerts.results.writing import alert_writes
from textwire.sentiment_alerts.surges.cell_tally import WHOLE
from textwire.sentiment_alerts.surges.series import EntitySeries, SurgeEpisode
from textwire.sentiment_alerts.surges.stepping import foreseen
from textwire.sentiment_alerts.topics import NEWS_ALERTS
from textwire.stream.processor import Outgoing

KEPT_RESOLVED_MS = 14 * 24 * HOUR_MS
# Between the ends of cells an alert is told of again when it has grown by so much.
TOLD_GROWTH = 0.25
UNFOUNDED = "no surge any more"
# What a person has put aside is looked at with every article: it may have to come back.
PUT_ASIDE: tuple[AlertState, ...] = ("snoozed", "resolved")


class Publishing:
    """Says what surges come to, once each time it changes."""

    def __init__(self, memory: Memory, changes: Changes) -> None:
        self._memory, self._changes = memory, changes

    def announce_early(self, tipped: Sequence[str]) -> None:
        """Say at once what the open cells come to, as they are.

        A topic is told about when a cell closes: only then it is known which company it is about.

        Args: tipped: companies of which there is one more negative article.
        """
        memory, state = self._memory, self._memory.state
        early = [name for name in tipped if self._may_surge(memory.entity(name))]
        if not early:
            return
        memory.load(state.active_episodes)
        surge_test = memory.surge_test(state.closed + memory.timing.window)
        series = {
            name: foreseen(memory.entity(name).series, state.closed, surge_test)
            for name in dict.fromkeys([*early, *state.active_episodes])
            if name in early or memory.entity(name).is_early
        }
        for name in state.active_episodes:
            series.setdefault(name, memory.entity(name).series)
        own = self._events_of_their_own(series)
        for name in early:
            episode = series[name].episode
            if name in own and episode is not None and episode.under_way:
                self._announce(name, series[name], moment_of(state.clock_ms), is_early=True)
                state.active_episodes = list(dict.fromkeys([*state.active_episodes, name]))

    def announce_closed(self, cell: int) -> None:
        """Announce what a closed cell changed, with what the open ones add to it.

        Which surges are events of their own is settled by what is closed.
        """
        memory = self._memory
        clock = memory.timing.start(cell + 1)
        entities = {name: memory.entity(name) for name in memory.state.active_episodes}
        own = self._events_of_their_own({name: one.series for name, one in entities.items()})
        surge_test = memory.surge_test(cell + 1 + memory.timing.window)
        for name, entity in entities.items():
            if entity.is_early:
                self._withdraw_unfounded(name, clock)
            episode = entity.series.episode
            if episode is None or not (episode.under_way or episode.ended == cell):
                continue
            if name in own:
                entity.confirmed = entity.series.number
                self._announce(name, foreseen(entity.series, cell + 1, surge_test), clock)
            elif entity.announced is not None and entity.announced_episode == entity.series.number:
                self._withdraw(name, entity.announced, clock, "part of another alert's event")

    def correct(self, names: Iterable[str]) -> None:
        """Say what is left of the alerts of companies one of whose articles was corrected."""
        memory, state = self._memory, self._memory.state
        for name in names:
            entity, clock = memory.entity(name), moment_of(state.clock_ms)
            if entity.announced is None or entity.announced.state == "resolved":
                continue
            self._end_what_is_too_little(entity)
            ahead = self._ahead(entity.series)
            if ahead.number < entity.announced_episode:
                self._withdraw(name, entity.announced, clock, UNFOUNDED)
            else:
                self._announce(name, ahead, clock)

    def _end_what_is_too_little(self, entity: EntityState) -> None:
        episode = entity.series.episode
        if episode is not None and episode.under_way:
            ahead = self._ahead(entity.series).episode or episode
            if ahead.observed < self._memory.rules.least_articles:
                episode = replace(episode, ended=self._memory.state.closed - 1)
                entity.series = replace(entity.series, episode=episode)

    def publish(self, name: str, alert: Alert, *, is_new: bool = False) -> None:
        """The alert of a company or topic, as it is now."""
        entity = self._memory.entity(name)
        alert = told(_last_told(entity, alert.id), alert)
        entity.announced, entity.untold = alert, 0
        self._memory.touch(name)
        self.send(name, alert, is_new=is_new)

    def send(self, name: str, alert: Alert, *, is_new: bool) -> None:
        """An alert as it is now, whoever's it is. Args: is_new: nobody was told of it before."""
        state = self._memory.state
        if is_new:
            state.alerts += 1
            self._changes.writes += owner_writes(alert.id, name)
        self._changes.writes += alert_writes(alert)
        self._changes.messages.append(Outgoing(NEWS_ALERTS, alert))
        state.resolved = [one for one in state.resolved if one[1] != alert.id]
        if alert.state == "resolved":
            state.resolved.append((as_ms(alert.updated_at), alert.id))

    def with_incident(self, alert: Alert, cause: Cause, *, lasts: bool = False) -> Alert:
        """A new alert, in the incident that it belongs to. Args: lasts: until it is over."""
        state = self._memory.state
        fallen = state.standing.get(f"{SHIFT}{names.of_alert(alert)}")
        if fallen is not None and alert.kind == "surge":  # the same company's fall, gone on
            return replace(alert, incident_id=fallen.alert.incident_id)
        at_ms = as_ms(alert.raised_at)
        return replace(
            alert, incident_id=join(state.incidents, alert.id, cause, at_ms, lasts=lasts)
        )

    def forget_old(self) -> None:
        """Let go of what has been resolved for long."""
        state = self._memory.state
        oldest_ms = state.clock_ms - KEPT_RESOLVED_MS
        old = [id_ for at_ms, id_ in state.resolved if at_ms < oldest_ms]
        if old:
            state.resolved = [one for one in state.resolved if one[1] not in old]
            for id_ in old:
                self._remove(id_)

    def _may_surge(self, entity: EntityState) -> bool:
        """Whether there may be something to tell: a surge that began, or one that has grown."""
        episode, alert = entity.series.episode, entity.announced
        surging = entity.is_early or (episode is not None and episode.under_way)
        if alert is not None and surging and alert.state not in PUT_ASIDE:
            return _has_grown(entity, alert)
        counted = [tally.keys[WHOLE] for tally in entity.series.cells.values()]
        return sum(one.negative for one in counted) >= self._memory.rules.least_articles

    def _events_of_their_own(self, series: Mapping[str, EntitySeries]) -> set[str]:
        return resolve_overlaps(
            [
                CandidateAlert(
                    name, one.kind, one.episode, self._memory.entity(name).confirmed == one.number
                )
                for name, one in series.items()
                if one.episode is not None
            ]
        )

    def _announce(
        self, name: str, series: EntitySeries, clock: datetime, *, is_early: bool = False
    ) -> None:
        entity, episode = self._memory.entity(name), series.episode
        if episode is None:
            return
        id_ = alert_id(series, series.number, self._memory.state.pooled.first)
        before = entity.announced if entity.announced and entity.announced.id == id_ else None
        if before is None:
            entity.handling = None
        severity = surge_severity(series, episode, self._memory.alert_rules)
        state, timing = state_of(episode, entity.handling, clock, severity), self._memory.timing
        alert = write_alert(series, episode, id_, state, before, timing, entity.handling, severity)
        if is_early and before is not None and _says_little_new(entity, before, alert):
            return
        if alert != before:
            if alert.incident_id is None:
                known = _last_told(entity, id_)
                if known is not None:
                    alert = replace(alert, incident_id=known.incident_id)
                else:
                    alert = self.with_incident(alert, _cause(alert, episode))
            entity.announced_episode = series.number
            self.publish(name, alert, is_new=before is None)

    def _withdraw_unfounded(self, name: str, clock: datetime) -> None:
        """It was announced early, and good news have come since."""
        entity = self._memory.entity(name)
        ahead = self._ahead(entity.series)
        if entity.announced is not None and ahead.number < entity.announced_episode:
            self._withdraw(name, entity.announced, clock, UNFOUNDED)

    def _ahead(self, series: EntitySeries) -> EntitySeries:
        memory, closed = self._memory, self._memory.state.closed
        return foreseen(series, closed, memory.surge_test(closed + memory.timing.window))

    def _withdraw(self, name: str, alert: Alert, clock: datetime, note: str) -> None:
        """It was announced, and is known by now to be none of its own."""
        change = AlertChange(at=clock, state="resolved", note=note)
        withdrawn = replace(told(alert, changed(alert, change)), transition="withdrawn")
        self._changes.messages.append(Outgoing(NEWS_ALERTS, withdrawn))
        self._remove(alert.id)
        self._memory.state.alerts -= 1
        entity = self._memory.entity(name)
        entity.announced, entity.withdrawn = None, withdrawn
        self._memory.touch(name)

    def _remove(self, id_: str) -> None:
        self._changes.writes.append(SetField(ALERTS_KEY, id_, None))
        self._changes.writes += owner_removal(id_)


def _cause(alert: Alert, episode: SurgeEpisode) -> Cause:
    articles = episode.articles
    topics = Counter(topic for article in articles for topic in article.topics)
    topic = alert.topic or next((name for name, _ in topics.most_common(1)), None)
    return Cause.of(
        [article.article_id for article in articles],
        [article.story_id for article in articles],
        topic,
        [article.title for article in articles],
        [alert.entity],
    )


def _says_little_new(entity: EntityState, before: Alert, alert: Alert) -> bool:
    return alert.state == before.state and not _has_grown(entity, before)


def _has_grown(entity: EntityState, alert: Alert) -> bool:
    return entity.untold >= TOLD_GROWTH * alert.observed


def _last_told(entity: EntityState, alert_id: str) -> Alert | None:
    """What the stream was told last of an alert, also where that was that it is none."""
    known = (entity.announced, entity.withdrawn)
    return next((one for one in known if one is not None and one.id == alert_id), None)
