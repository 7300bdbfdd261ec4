"""The desk: reads one log of scored articles and actions, counts, and raises alerts.

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
    file_writes,
    owner_removal,
    owner_writes,
    read_engine_state,
    read_files,
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
        self._files: dict[str, EntityState] = {}
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
        self._load(name for entry in scored for name in _group_names(entry.sentiment))
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
                climate=PooledBaseline.beginning(cell, folded, self._timing),
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
            file = self._file(name)
            for key in keys:
                counted = file.cells[cell][key]
                setattr(counted, tone.label, getattr(counted, tone.label) - 1)
                counted.score_sum -= tone.score
                counted.copies += 1
                self._cells[name, key, cell] = counted
            kept = (n for n in file.group.negatives if n.article_id != sentiment.article_id)
            file.group = replace(file.group, negatives=tuple(kept))
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
        return not (is_late and self._file(_name("company", entity)).group.keys)

    def _count(self, sentiment: ArticleSentiment, at_ms: int, *, is_copy: bool) -> None:
        state, cell = self._known(), self._timing.cell(at_ms)
        if cell < state.closed:
            state.late += not is_copy
            return
        state.climate.first = min(state.climate.first, cell)
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
        file = self._file(name)
        for key in keys:
            counted = file.cells.setdefault(cell, {}).setdefault(key, Counted())
            self._cells[name, key, cell] = counted
            if is_copy:
                counted.copies += 1
                continue
            setattr(counted, said.label, getattr(counted, said.label) + 1)
            counted.score_sum += said.score
            self._be_born(file, key, kind if key == WHOLE else "pair", cell)
        self._activate(name)

    def _be_born(self, file: EntityState, key: str, kind: Kind, cell: int) -> None:
        known = file.group.keys.get(key)
        if known is not None and (known.at is not None or known.born <= cell):
            return
        self._known().climate.born(kind, cell, known.born if known else None)
        keys = {**file.group.keys, key: SeriesState(kind, cell)}
        file.group = replace(file.group, keys=keys)

    def _add(self, name: str, negative: Negative) -> None:
        file = self._file(name)
        negatives = sorted((*file.group.negatives, negative), key=lambda n: (n.at_ms, n.article_id))
        file.group = replace(file.group, negatives=tuple(negatives))

    # Alerts

    def _announce_early(self, names: Sequence[str]) -> None:
        """Say at once what the open cells come to, as they are.

        A topic is told about when a cell closes: only then it is known which company it is about.
        """
        early = [name for name in names if self._may_tell(self._file(name))]
        if not early:
            return
        state = self._known()
        self._load(state.telling)
        yardstick = self._yardstick(state.closed + self._timing.window)
        groups = {
            name: foreseen(self._file(name).group, state.closed, yardstick)
            for name in dict.fromkeys([*early, *state.telling])
            if name in early or self._is_early(self._file(name))
        }
        groups |= {name: self._file(name).group for name in state.telling if name not in groups}
        own = self._standing(groups)
        for name in early:
            story = groups[name].story
            if name in own and story is not None and story.under_way:
                self._announce(name, groups[name], as_moment(state.clock_ms))
                state.telling = list(dict.fromkeys([*state.telling, name]))

    def _may_tell(self, file: EntityState) -> bool:
        return bool(file.announced) or len(file.group.negatives) >= self._rules.least_articles

    def _is_early(self, file: EntityState) -> bool:
        """Whether it is announced, and its cell still open."""
        return file.announced is not None and file.told > file.group.number

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
        firsts = [self._first_cell(self._file(name)) for name in state.active]
        quiet = min([upto, *firsts]) - self._timing.window - state.closed
        if quiet > 0:
            state.climate.skip(quiet, self._timing, self._discount)
            state.closed += quiet

    @property
    def _quiet_cells(self) -> int:
        return self._rules.quiet_minutes // self._timing.step_minutes + 1

    def _first_cell(self, file: EntityState) -> int:
        """The first cell in which a file of which nothing is under way has anything."""
        negatives = [self._timing.cell(n.at_ms) for n in file.group.negatives]
        unborn = [key.born for key in file.group.keys.values() if key.at is None]
        return min([*negatives, *file.cells, *unborn], default=self._known().closed)

    def _close_one(self) -> None:
        state = self._known()
        cell = state.closed
        self._load([*state.active, *state.telling])
        yardstick = self._yardstick(cell + 1)
        folded: dict[str, float] = {}
        for name in state.active:
            file = self._file(name)
            file.group, counted = step(file.group, cell, yardstick)
            file.cells.pop(cell, None)
            self._touched.add(name)
            for kind, count in counted.items():
                folded[kind] = folded.get(kind, 0.0) + count
        telling = dict.fromkeys([*state.telling, *state.active])
        state.telling = [name for name in telling if self._is_telling(self._file(name), cell)]
        self._tell(cell)
        state.climate.fold(folded, self._timing, self._discount)
        state.active = [name for name in state.active if self._is_active(self._file(name))]
        state.closed = cell + 1
        self._forget_old_alerts()

    def _is_telling(self, file: EntityState, cell: int) -> bool:
        story = file.group.story
        if self._is_early(file):
            return True
        if story is None:
            return False
        since = cell if story.ended is None else story.ended
        return cell - since <= self._rules.reopen_hours * self._timing.cells_per_hour

    def _is_active(self, file: EntityState) -> bool:
        return file.group.is_active or bool(file.cells)

    def _tell(self, cell: int) -> None:
        """Announce what a closed cell changed, with what the open ones add to it.

        Which surges are events of their own is settled by what is closed.
        """
        clock = self._timing.start(cell + 1)
        files = {name: self._file(name) for name in self._known().telling}
        own = self._standing({name: file.group for name, file in files.items()})
        yardstick = self._yardstick(cell + 1 + self._timing.window)
        for name, file in files.items():
            story = file.group.story
            if story is None or not (story.under_way or story.ended == cell):
                continue
            if name in own:
                file.confirmed = file.group.number
                self._announce(name, foreseen(file.group, cell + 1, yardstick), clock)
            elif file.announced is not None and file.told == file.group.number:
                self._withdraw(name, file.announced, clock)

    def _standing(self, groups: Mapping[str, EntitySeries]) -> set[str]:
        return resolve_overlaps(
            [
                CandidateAlert(
                    name, group.kind, group.story, self._file(name).confirmed == group.number
                )
                for name, group in groups.items()
                if group.story is not None
            ]
        )

    def _alert_id(self, group: EntitySeries) -> str:
        return alert_id(group, group.number, self._known().climate.first)

    def _announce(self, name: str, group: EntitySeries, clock: datetime) -> None:
        file, story = self._file(name), group.story
        if story is None:
            return
        id_ = self._alert_id(group)
        before = file.announced if file.announced and file.announced.id == id_ else None
        if before is None:
            file.handling = None
        state = state_of(story, file.handling, clock)
        alert = write_alert(group, story, id_, state, before, self._timing, file.handling)
        if alert != before:
            file.told = group.number
            self._publish(name, alert, is_new=before is None)

    def _publish(self, name: str, alert: Alert, *, is_new: bool) -> None:
        state = self._known()
        self._file(name).announced = alert
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
        self._file(name).announced = None
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
        file = self._file(name)
        story, alert = file.group.story, file.announced
        if alert is None or alert.id != action.alert_id:
            self._act_on_old(action)
            return
        if alert.state == "resolved" and story is not None and not story.under_way:
            self._publish(name, self._acted(alert, action), is_new=False)
            return
        yardstick = self._yardstick(self._state.closed + self._timing.window)
        group = foreseen(file.group, self._state.closed, yardstick)
        if group.story is None:
            return
        file.handling = handled(action, group.story)
        self._publish(name, self._acted(alert, action), is_new=False)

    def _announced_here(self, id_: str) -> str | None:
        """An alert that was raised within this batch, and is not stored yet."""
        for name, file in self._files.items():
            if file.announced is not None and file.announced.id == id_:
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
            writes += file_writes(name, self._files[name])
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
                expected=self._expected(self._files[name].group, key, cell),
            )
            writes += cell_writes(_subject(self._files[name].group, key), shown)
        return writes

    def _expected(self, group: EntitySeries, key: str, cell: int) -> float:
        climate = self._known().climate
        if key not in group.keys:
            return 0.0
        yardstick = self._yardstick(climate.folded)
        rate = yardstick.rate(group.keys[key], climate.folded)
        return rate.mean * yardstick.season(cell)

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
            keys=state.climate.keys,
            alerts=state.alerts,
            false_alarms_per_day=self._rules.false_alarms_per_day,
        )

    def _yardstick(self, upto: int) -> SurgeTest:
        return SurgeTest(self._known().climate, self._timing, self._rules, upto)

    def _load(self, names: Iterable[str]) -> None:
        missing = [name for name in dict.fromkeys(names) if name not in self._files]
        if missing:
            self._files |= read_files(self._store, missing)

    def _file(self, name: str) -> EntityState:
        if name not in self._files:
            kind, _, of = name.partition(":")
            group = EntitySeries(name=of, kind="company" if kind == "company" else "topic", keys={})
            self._files[name] = EntityState(group=group, cells={})
        return self._files[name]

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


def _group_names(sentiment: ArticleSentiment | None) -> list[str]:
    if sentiment is None:
        return []
    companies = [_name("company", one.entity) for one in sentiment.entities]
    return companies + [_name("topic", one.topic) for one in sentiment.topics]


def _subject(group: EntitySeries, key: str) -> Subject:
    if group.kind == "topic":
        return Subject(None, group.name)
    return Subject(group.name, None if key == WHOLE else key)
