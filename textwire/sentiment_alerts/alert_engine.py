"""The engine: reads one log of scored articles and actions, counts, and raises alerts.

Everything follows from the log alone, and alerts do not depend on the order in which articles came
as long as none is late: an article changes the counts of its own cell, cells are closed one by one
once the watermark has passed them, and what is announced before that is what the open cells would
come to as they are. So a run over history and a live one agree.

What is remembered stands in the store. A batch is folded in memory, and whatever changed is written
once, with the batch's last record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from textwire.results.store import ResultStore
from textwire.results.writes import SetField, Write
from textwire.sentiment_alerts.alert_engine_state import (
    AlertEngineState,
    Counted,
    EntityState,
    entity_writes,
    owner_removal,
    owner_writes,
    read_engine_state,
    read_entities,
    read_owner,
    state_writes,
)
from textwire.sentiment_alerts.alert_lifecycle import (
    alert_id,
    changed,
    handled,
    state_of,
    write_alert,
)
from textwire.sentiment_alerts.event_time import (
    HOUR_MS,
    MINUTE_MS,
    Timing,
    advanced,
    as_moment,
    as_ms,
    watermark_ms,
)
from textwire.sentiment_alerts.messages import (
    Alert,
    AlertAction,
    AlertChange,
    AlertState,
    ArticleSentiment,
    DeskEntry,
    EntitySentiment,
)
from textwire.sentiment_alerts.near_duplicates import RecentArticles
from textwire.sentiment_alerts.overlap import CandidateAlert, resolve_overlaps
from textwire.sentiment_alerts.pooled_baseline import LONGEST_WALK_DAYS, Kind, PooledBaseline
from textwire.sentiment_alerts.results import (
    ALERTS_KEY,
    Cell,
    Company,
    DeskStatus,
    StoredArticle,
    Subject,
    alert_writes,
    article_writes,
    cell_writes,
    company_writes,
    desk_writes,
    read_alerts,
    read_articles,
    subjects_of,
)
from textwire.sentiment_alerts.surges import (
    WHOLE,
    EntitySeries,
    Negative,
    Rules,
    SeriesState,
    SurgeTest,
    foreseen,
    step,
)
from textwire.sentiment_alerts.topics import NEWS_ALERTS, NEWS_SENTIMENT
from textwire.stream.processor import Outgoing, Result

COPY_WINDOW_MS = 24 * HOUR_MS
# Articles that come before the first one, from another partition, can be so much older.
BEFORE_FIRST_MS = 24 * HOUR_MS
KEPT_RESOLVED_MS = 14 * 24 * HOUR_MS
TITLE_CHARACTERS = 200


class AlertEngine:
    """One batch of the log, folded over what is remembered."""

    def __init__(
        self,
        store: ResultStore,
        timing: Timing,
        rules: Rules,
        sectors: Mapping[str, str | None] | None = None,
    ) -> None:
        """Read the state.

        Args:   sectors: of the companies, for the pages.
        Raises: RedisUnavailable: the store is away.
        """
        self._store = store
        self._timing, self._rules = timing, rules
        self._sectors = sectors or {}
        self._discount = rules.discount(timing)
        self._state = read_engine_state(store)
        self._entities: dict[str, EntityState] = {}
        self._touched: set[str] = set()
        self._shown: dict[str, StoredArticle] = {}
        self._cells: dict[tuple[str, str, int], Counted] = {}
        self._messages: list[Outgoing] = []
        self._writes: list[Write] = []

    def fold(self, entries: Sequence[DeskEntry]) -> list[Result]:
        """What each entry leads to, in their order.

        Raises: RedisUnavailable: the store is away.
        """
        scored = [entry for entry in entries if entry.sentiment is not None]
        self._recent = RecentArticles(
            self._store, [(_id(entry), entry.fingerprint) for entry in scored], COPY_WINDOW_MS
        )
        self._load(name for entry in scored for name in _entity_names(entry.sentiment))
        results = [self._one(entry) for entry in entries]
        if results:
            rest = tuple(self._remembered())
            results[-1] = Result(results[-1].messages, (*results[-1].writes, *rest))
        return results

    def _one(self, entry: DeskEntry) -> Result:
        self._messages, self._writes = [], []
        if entry.sentiment is not None:
            self._article(entry, entry.sentiment)
        if entry.action is not None:
            self._act(entry.action)
        return Result(tuple(self._messages), tuple(self._writes))

    # An article

    def _article(self, entry: DeskEntry, sentiment: ArticleSentiment) -> None:
        at_ms = as_ms(sentiment.published_at)
        written_ms = as_ms(entry.written_at) if entry.written_at else at_ms
        state = self._begun(at_ms, written_ms)
        first = self._first_of(entry, sentiment, at_ms)
        if first is not None and self._is_before(at_ms, sentiment.article_id, first):
            self._put_behind(first, sentiment.article_id)
            first = None
        state.articles += 1
        state.copies += first is not None
        shown = replace(sentiment, copy_of=first)
        self._messages.append(Outgoing(NEWS_SENTIMENT, shown))
        if first != sentiment.article_id:  # the same again would hide the first one
            self._show(shown, entry.excerpt)
        self._count(shown, at_ms, is_copy=first is not None)
        state.clock_ms = max(state.clock_ms, at_ms)
        before = state.progress.get(entry.partition)
        state.progress[entry.partition] = advanced(before, at_ms, written_ms)
        self._close_cells()

    def _begun(self, at_ms: int, written_ms: int) -> AlertEngineState:
        if self._state is None:
            cell, begin = self._timing.cell(at_ms), self._timing.cell(at_ms - BEFORE_FIRST_MS)
            folded = begin - self._timing.window + 1
            self._state = AlertEngineState(
                closed=begin,
                begun_ms=written_ms,
                clock_ms=at_ms,
                pooled=PooledBaseline.beginning(cell, folded, self._timing),
                progress={},
                active=[],
                telling=[],
                resolved=[],
            )
        return self._state

    def _first_of(self, entry: DeskEntry, sentiment: ArticleSentiment, at_ms: int) -> str | None:
        names = [one.entity for one in sentiment.entities]
        first = self._recent.find_original(sentiment.article_id, at_ms, names, entry.fingerprint)
        if first != sentiment.article_id:
            self._recent.add(sentiment.article_id, first, at_ms, names, entry.fingerprint)
        return first

    def _is_before(self, at_ms: int, article_id: str, first: str) -> bool:
        """Whether it was published before the one it repeats, which can still be uncounted."""
        if first == article_id or not self._recent.knows(first):
            return False
        first_ms = self._recent.at_ms(first)
        is_open = self._timing.cell(at_ms) >= self._known().closed
        return is_open and (at_ms, article_id) < (first_ms, first)

    def _put_behind(self, later: str, first: str) -> None:
        """What was taken for the first is a copy after all: it came sooner, by another way."""
        shown = self._shown.get(later)
        if shown is None:
            shown = next(iter(read_articles(self._store, [later])), None)
        if shown is None:
            return
        self._recent.put_before(first, later)
        self._uncount(shown.sentiment)
        copy = replace(shown.sentiment, copy_of=first)
        self._known().copies += 1
        self._messages.append(Outgoing(NEWS_SENTIMENT, copy))
        stored = StoredArticle(sentiment=copy, excerpt=shown.excerpt)
        self._shown[later] = stored
        self._writes += article_writes(stored, ())[:1]  # where it stands; it is listed already

    def _uncount(self, sentiment: ArticleSentiment) -> None:
        cell = self._timing.cell(as_ms(sentiment.published_at))
        topics = tuple(one.topic for one in sentiment.topics)
        said: list[tuple[str, tuple[str, ...], EntitySentiment | ArticleSentiment]] = [
            (_name("company", one.entity), (WHOLE, *topics), one) for one in sentiment.entities
        ]
        said += [(_name("topic", topic), (WHOLE,), sentiment) for topic in topics]
        self._load(name for name, _, _ in said)
        for name, keys, tone in said:
            entity = self._entity(name)
            for key in keys:
                counted = entity.cells[cell][key]
                setattr(counted, tone.label, getattr(counted, tone.label) - 1)
                counted.score_sum -= tone.score
                counted.copies += 1
                self._cells[name, key, cell] = counted
            kept = (n for n in entity.series.negatives if n.article_id != sentiment.article_id)
            entity.series = replace(entity.series, negatives=tuple(kept))
            self._touched.add(name)

    def _show(self, sentiment: ArticleSentiment, excerpt: str | None) -> None:
        stored = StoredArticle(sentiment=sentiment, excerpt=excerpt)
        self._shown[sentiment.article_id] = stored
        self._writes += article_writes(stored, subjects_of(sentiment))
        for one in sentiment.entities:
            if not self._is_news_of(one.entity, sentiment.published_at):
                continue
            self._writes += company_writes(
                Company(
                    entity=one.entity,
                    ticker=one.ticker,
                    sector=self._sectors.get(one.entity),
                    last_at=sentiment.published_at,
                    last_score=one.score,
                )
            )

    def _is_news_of(self, entity: str, at: datetime) -> bool:
        """Whether it tells how a company is doing now: one that is dated long ago does not."""
        is_late = self._timing.cell(as_ms(at)) < self._known().closed
        return not (is_late and self._entity(_name("company", entity)).series.keys)

    def _count(self, sentiment: ArticleSentiment, at_ms: int, *, is_copy: bool) -> None:
        state, cell = self._known(), self._timing.cell(at_ms)
        if cell < state.closed:
            state.late += not is_copy
            return
        state.pooled.first = min(state.pooled.first, cell)
        topics = tuple(one.topic for one in sentiment.topics)
        title = sentiment.title[:TITLE_CHARACTERS]
        negative = Negative(at_ms, sentiment.article_id, topics, title)
        tipped = []
        for one in sentiment.entities:
            name = _name("company", one.entity)
            self._count_in(name, "company", one, (WHOLE, *topics), cell, is_copy=is_copy)
            if one.label == "negative" and not is_copy:
                self._add(name, negative)
                tipped.append(name)
        for topic in topics:
            name = _name("topic", topic)
            self._count_in(name, "topic", sentiment, (WHOLE,), cell, is_copy=is_copy)
            if sentiment.label == "negative" and not is_copy:
                self._add(name, negative)
        self._announce_early(tipped)

    def _count_in(
        self,
        name: str,
        kind: Kind,
        said: EntitySentiment | ArticleSentiment,
        keys: Iterable[str],
        cell: int,
        *,
        is_copy: bool,
    ) -> None:
        entity = self._entity(name)
        for key in keys:
            counted = entity.cells.setdefault(cell, {}).setdefault(key, Counted())
            self._cells[name, key, cell] = counted
            if is_copy:
                counted.copies += 1
                continue
            setattr(counted, said.label, getattr(counted, said.label) + 1)
            counted.score_sum += said.score
            self._see_first(entity, key, kind if key == WHOLE else "pair", cell)
        self._activate(name)

    def _see_first(self, entity: EntityState, key: str, kind: Kind, cell: int) -> None:
        known = entity.series.keys.get(key)
        if known is not None and (known.at is not None or known.first_seen <= cell):
            return
        self._known().pooled.first_seen(kind, cell, known.first_seen if known else None)
        keys = {**entity.series.keys, key: SeriesState(kind, cell)}
        entity.series = replace(entity.series, keys=keys)

    def _add(self, name: str, negative: Negative) -> None:
        entity = self._entity(name)
        negatives = sorted(
            (*entity.series.negatives, negative), key=lambda n: (n.at_ms, n.article_id)
        )
        entity.series = replace(entity.series, negatives=tuple(negatives))

    # Alerts

    def _announce_early(self, names: Sequence[str]) -> None:
        """Say at once what the open cells come to, as they are.

        A topic is told about when a cell closes: only then it is known which company it is
        about.
        """
        early = [name for name in names if self._may_tell(self._entity(name))]
        if not early:
            return
        state = self._known()
        self._load(state.telling)
        surge_test = self._surge_test(state.closed + self._timing.window)
        series_by_name = {
            name: foreseen(self._entity(name).series, state.closed, surge_test)
            for name in dict.fromkeys([*early, *state.telling])
            if name in early or self._is_early(self._entity(name))
        }
        series_by_name |= {
            name: self._entity(name).series for name in state.telling if name not in series_by_name
        }
        own = self._standing(series_by_name)
        for name in early:
            episode = series_by_name[name].episode
            if name in own and episode is not None and episode.under_way:
                self._announce(name, series_by_name[name], as_moment(state.clock_ms))
                state.telling = list(dict.fromkeys([*state.telling, name]))

    def _may_tell(self, entity: EntityState) -> bool:
        return bool(entity.announced) or len(entity.series.negatives) >= self._rules.least_articles

    def _is_early(self, entity: EntityState) -> bool:
        """Whether it is announced, and its cell still open."""
        return entity.announced is not None and entity.announced_episode > entity.series.number

    def _close_cells(self) -> None:
        state = self._known()
        watermark = watermark_ms(state.progress, state.begun_ms, self._timing)
        if watermark is None or self._timing.cell(watermark) <= state.closed:
            return
        upto = self._timing.cell(watermark)
        if upto - state.closed > LONGEST_WALK_DAYS * self._timing.cells_per_day:
            self._step_over_silence(upto)
        while state.closed < upto:
            self._close_one()

    def _step_over_silence(self, upto: int) -> None:
        """Close at once the cells between the last article and the one that comes now."""
        state = self._known()
        for _ in range(self._timing.window + self._quiet_cells):
            self._close_one()  # what was before comes to its end
        self._load(state.active)
        firsts = [self._first_cell(self._entity(name)) for name in state.active]
        quiet = min([upto, *firsts]) - self._timing.window - state.closed
        if quiet > 0:
            state.pooled.skip(quiet, self._timing, self._discount)
            state.closed += quiet

    @property
    def _quiet_cells(self) -> int:
        return self._rules.quiet_minutes // self._timing.step_minutes + 1

    def _first_cell(self, entity: EntityState) -> int:
        """The first cell in which an entity of which nothing is under way has anything."""
        negatives = [self._timing.cell(n.at_ms) for n in entity.series.negatives]
        unseen = [key.first_seen for key in entity.series.keys.values() if key.at is None]
        return min([*negatives, *entity.cells, *unseen], default=self._known().closed)

    def _close_one(self) -> None:
        state = self._known()
        cell = state.closed
        self._load([*state.active, *state.telling])
        surge_test = self._surge_test(cell + 1)
        folded: dict[str, float] = {}
        for name in state.active:
            entity = self._entity(name)
            entity.series, counted = step(entity.series, cell, surge_test)
            entity.cells.pop(cell, None)
            self._touched.add(name)
            for kind, count in counted.items():
                folded[kind] = folded.get(kind, 0.0) + count
        telling = dict.fromkeys([*state.telling, *state.active])
        state.telling = [name for name in telling if self._is_telling(self._entity(name), cell)]
        self._tell(cell)
        state.pooled.fold(folded, self._timing, self._discount)
        state.active = [name for name in state.active if self._is_active(self._entity(name))]
        state.closed = cell + 1
        self._forget_old_alerts()

    def _is_telling(self, entity: EntityState, cell: int) -> bool:
        episode = entity.series.episode
        if self._is_early(entity):
            return True
        if episode is None:
            return False
        since = cell if episode.ended is None else episode.ended
        return cell - since <= self._rules.reopen_hours * self._timing.cells_per_hour

    def _is_active(self, entity: EntityState) -> bool:
        return entity.series.is_active or bool(entity.cells)

    def _tell(self, cell: int) -> None:
        """Announce what a closed cell changed, with what the open ones add to it.

        Which surges are events of their own is settled by what is closed.
        """
        clock = self._timing.start(cell + 1)
        entities = {name: self._entity(name) for name in self._known().telling}
        own = self._standing({name: entity.series for name, entity in entities.items()})
        surge_test = self._surge_test(cell + 1 + self._timing.window)
        for name, entity in entities.items():
            episode = entity.series.episode
            if episode is None or not (episode.under_way or episode.ended == cell):
                continue
            if name in own:
                entity.confirmed = entity.series.number
                self._announce(name, foreseen(entity.series, cell + 1, surge_test), clock)
            elif entity.announced is not None and entity.announced_episode == entity.series.number:
                self._withdraw(name, entity.announced, clock)

    def _standing(self, series_by_name: Mapping[str, EntitySeries]) -> set[str]:
        return resolve_overlaps(
            [
                CandidateAlert(
                    name, series.kind, series.episode, self._entity(name).confirmed == series.number
                )
                for name, series in series_by_name.items()
                if series.episode is not None
            ]
        )

    def _alert_id(self, series: EntitySeries) -> str:
        return alert_id(series, series.number, self._known().pooled.first)

    def _announce(self, name: str, series: EntitySeries, clock: datetime) -> None:
        entity, episode = self._entity(name), series.episode
        if episode is None:
            return
        id_ = self._alert_id(series)
        before = entity.announced if entity.announced and entity.announced.id == id_ else None
        if before is None:
            entity.handling = None
        state = state_of(episode, entity.handling, clock)
        alert = write_alert(series, episode, id_, state, before, self._timing, entity.handling)
        if alert != before:
            entity.announced_episode = series.number
            self._publish(name, alert, is_new=before is None)

    def _publish(self, name: str, alert: Alert, *, is_new: bool) -> None:
        state = self._known()
        self._entity(name).announced = alert
        self._touched.add(name)
        if is_new:
            state.alerts += 1
            self._writes += owner_writes(alert.id, name)
        self._writes += alert_writes(alert)
        self._messages.append(Outgoing(NEWS_ALERTS, alert))
        state.resolved = [one for one in state.resolved if one[1] != alert.id]
        if alert.state == "resolved":
            state.resolved.append((as_ms(alert.updated_at), alert.id))

    def _withdraw(self, name: str, alert: Alert, clock: datetime) -> None:
        """It was announced, and is known by now to belong to another's event."""
        change = AlertChange(at=clock, state="resolved", note="part of another alert's event")
        self._messages.append(Outgoing(NEWS_ALERTS, changed(alert, change)))
        self._writes.append(SetField(ALERTS_KEY, alert.id, None))
        self._writes += owner_removal(alert.id)
        self._known().alerts -= 1
        self._entity(name).announced = None
        self._touched.add(name)

    def _forget_old_alerts(self) -> None:
        state = self._known()
        oldest_ms = state.clock_ms - KEPT_RESOLVED_MS
        old = [id_ for at_ms, id_ in state.resolved if at_ms < oldest_ms]
        if old:
            state.resolved = [one for one in state.resolved if one[1] not in old]
            for id_ in old:
                self._writes.append(SetField(ALERTS_KEY, id_, None))
                self._writes += owner_removal(id_)

    # Actions

    def _act(self, action: AlertAction) -> None:
        """Apply an action; one on an alert that was let go meanwhile changes nothing."""
        name = read_owner(self._store, action.alert_id) or self._announced_here(action.alert_id)
        if name is None or self._state is None:
            return
        self._load([name])
        entity = self._entity(name)
        episode, alert = entity.series.episode, entity.announced
        if alert is None or alert.id != action.alert_id:
            self._act_on_old(action)
            return
        if alert.state == "resolved" and episode is not None and not episode.under_way:
            self._publish(name, self._acted(alert, action), is_new=False)
            return
        surge_test = self._surge_test(self._state.closed + self._timing.window)
        series = foreseen(entity.series, self._state.closed, surge_test)
        if series.episode is None:
            return
        entity.handling = handled(action, series.episode)
        self._publish(name, self._acted(alert, action), is_new=False)

    def _announced_here(self, id_: str) -> str | None:
        """An alert that was raised within this batch, and is not stored yet."""
        for name, entity in self._entities.items():
            if entity.announced is not None and entity.announced.id == id_:
                return name
        return None

    def _act_on_old(self, action: AlertAction) -> None:
        for alert in read_alerts(self._store):
            if alert.id == action.alert_id:
                acted = self._acted(alert, action)
                self._writes += alert_writes(acted)
                self._messages.append(Outgoing(NEWS_ALERTS, acted))

    def _acted(self, alert: Alert, action: AlertAction) -> Alert:
        states: dict[str, AlertState] = {
            "acknowledge": "acknowledged",
            "snooze": "snoozed",
            "resolve": "resolved",
            "reopen": "reopened",
        }
        change = AlertChange(
            at=action.at or as_moment(self._known().clock_ms),
            state=states[action.action],
            by=action.by,
            note=action.note,
        )
        until = action.until if action.action == "snooze" else None
        return replace(changed(alert, change), snoozed_until=until)

    # What is remembered

    def _remembered(self) -> list[Write]:
        """Everything that the batch changed."""
        writes = self._recent.writes()
        if self._state is None:
            return writes
        for name in sorted(self._touched):
            writes += entity_writes(name, self._entities[name])
        writes += self._cell_writes()
        return [*writes, *state_writes(self._state), *desk_writes(self._status(self._state))]

    def _cell_writes(self) -> list[Write]:
        writes: list[Write] = []
        for (name, key, cell), counted in self._cells.items():
            shown = Cell(
                start=self._timing.start(cell),
                negative=counted.negative,
                neutral=counted.neutral,
                positive=counted.positive,
                score_sum=counted.score_sum,
                copies=counted.copies,
                expected=self._expected(self._entities[name].series, key, cell),
            )
            writes += cell_writes(_subject(self._entities[name].series, key), shown)
        return writes

    def _expected(self, series: EntitySeries, key: str, cell: int) -> float:
        pooled = self._known().pooled
        if key not in series.keys:
            return 0.0
        surge_test = self._surge_test(pooled.folded)
        rate = surge_test.rate(series.keys[key], pooled.folded)
        return rate.mean * surge_test.season(cell)

    def _status(self, state: AlertEngineState) -> DeskStatus:
        watermark = watermark_ms(state.progress, state.begun_ms, self._timing)
        if watermark is None:
            watermark = state.clock_ms - self._timing.lateness_minutes * MINUTE_MS
        # What was closed stays so: an article dated long ago, through a partition of its own, does
        # not take the pages back there.
        closed_ms = state.closed * self._timing.step_ms
        return DeskStatus(
            watermark=as_moment(max(watermark, closed_ms)),
            step_minutes=self._timing.step_minutes,
            window_minutes=self._timing.window_minutes,
            articles=state.articles,
            copies=state.copies,
            late=state.late,
            keys=state.pooled.keys,
            alerts=state.alerts,
            false_alarms_per_day=self._rules.false_alarms_per_day,
        )

    def _surge_test(self, upto: int) -> SurgeTest:
        return SurgeTest(self._known().pooled, self._timing, self._rules, upto)

    def _load(self, names: Iterable[str]) -> None:
        missing = [name for name in dict.fromkeys(names) if name not in self._entities]
        if missing:
            self._entities |= read_entities(self._store, missing)

    def _entity(self, name: str) -> EntityState:
        if name not in self._entities:
            kind, _, of = name.partition(":")
            series = EntitySeries(
                name=of, kind="company" if kind == "company" else "topic", keys={}
            )
            self._entities[name] = EntityState(series=series, cells={})
        return self._entities[name]

    def _activate(self, name: str) -> None:
        self._touched.add(name)
        state = self._known()
        if name not in state.active:
            state.active.append(name)

    def _known(self) -> AlertEngineState:
        assert self._state is not None  # noqa: S101 - begun by the first article
        return self._state


def _id(entry: DeskEntry) -> str:
    return entry.sentiment.article_id if entry.sentiment else ""


def _name(kind: Kind, of: str) -> str:
    return f"{kind}:{of}"


def _entity_names(sentiment: ArticleSentiment | None) -> list[str]:
    if sentiment is None:
        return []
    companies = [_name("company", one.entity) for one in sentiment.entities]
    return companies + [_name("topic", one.topic) for one in sentiment.topics]


def _subject(series: EntitySeries, key: str) -> Subject:
    if series.kind == "topic":
        return Subject(None, series.name)
    return Subject(series.name, None if key == WHOLE else key)
