"""What the engine remembers between records."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from textwire.results.reading import read_state, read_value, read_values
from textwire.results.store import ResultStore
from textwire.results.writes import Put, Remove, Write
from textwire.sentiment_alerts.alert_engine.aftermath import Aftermath
from textwire.sentiment_alerts.alert_engine.incidents import Incident
from textwire.sentiment_alerts.alert_engine.lifecycle import Handling
from textwire.sentiment_alerts.event_time import Progress
from textwire.sentiment_alerts.messages import Alert
from textwire.sentiment_alerts.results.keys import DESK_STATE_KEY, entity_state_key, owner_key
from textwire.sentiment_alerts.results.writing import ALERT_OWNER_TTL_S, ENTITY_STATE_TTL_S
from textwire.sentiment_alerts.shifts.market_day import MarketDay
from textwire.sentiment_alerts.shifts.market_fall import SCOPES, MarketSeries, Scope
from textwire.sentiment_alerts.shifts.tone_level import PooledTone
from textwire.sentiment_alerts.shifts.tone_shift import ToneSeries
from textwire.sentiment_alerts.stories import Frequency
from textwire.sentiment_alerts.surges.pooled_baseline import PooledBaseline
from textwire.sentiment_alerts.surges.series import EntitySeries


class OngoingAlert(msgspec.Struct):
    """An alert that is no surge: an event, a shift, a silence. `last_ms`: when it was last told."""

    alert: Alert
    last_ms: int
    handling: Handling | None = None


class ScopeState(msgspec.Struct):
    """A chart of the market: days that are not over, and what was learned of those that are."""

    days: dict[int, MarketDay] = {}
    series: MarketSeries = msgspec.field(default_factory=MarketSeries)


class MarketState(msgspec.Struct):
    """What is said of all together.

    until   the last day that is over. teller: the chart whose fall the alert that stands is about.
    """

    scopes: dict[Scope, ScopeState] = msgspec.field(
        default_factory=lambda: {scope: ScopeState({}) for scope in SCOPES}
    )
    until: int = 0
    teller: Scope | None = None


class AlertEngineState(msgspec.Struct):
    """How far the engine has come, and what it has counted.

    closed  the first open cell: what comes in an earlier one is late.
    active  names of those that the end of a cell changes.
    active_episodes  names of those whose episode is under way, or ended so lately that more may
                     belong to it.
    resolved  when alerts were resolved, and their ids.
    standing  alerts that are no surges and are not over.
    tone  what the tones of all tell together, up to the day `toned_until`.
    """

    closed: int
    begun_ms: int  # when its first article was written, in the broker's time
    clock_ms: int  # the newest article's time
    pooled: PooledBaseline
    progress: dict[int, Progress] = {}
    active: list[str] = []
    active_episodes: list[str] = []
    resolved: list[tuple[int, str]] = []
    articles: int = 0
    copies: int = 0
    late: int = 0
    corrections: int = 0
    alerts: int = 0
    standing: dict[str, OngoingAlert] = {}  # by whose they are
    tone: PooledTone = PooledTone()
    toned: dict[int, list[str]] = {}  # by day that is not over, those that have articles on it
    toned_until: int = 0  # the last day that is over
    fallen: list[str] = []  # those whose tone has fallen, and is not back
    market: MarketState = msgspec.field(default_factory=MarketState)
    worded: Frequency = Frequency()  # articles whose words were met
    incidents: list[Incident] = []  # that more alerts may belong to
    aftermaths: dict[str, Aftermath] = {}  # of events of the last weeks, by whose they are


class EntityState(msgspec.Struct):
    """All that is known of one company or topic.

    announced_episode  the number of the episode that `announced` is about.
    confirmed          the number of the last one that stood for its event when its cell was closed.
    untold             negative articles since the alert was published last.
    withdrawn          the last alert that was withdrawn, so that its versions only grow.
    """

    series: EntitySeries
    announced: Alert | None = None
    handling: Handling | None = None
    announced_episode: int = 0
    confirmed: int = 0
    untold: int = 0
    withdrawn: Alert | None = None
    tone: ToneSeries = msgspec.field(default_factory=ToneSeries)

    @property
    def is_active(self) -> bool:
        """Whether the end of a cell changes it."""
        return self.series.is_active

    @property
    def is_early(self) -> bool:
        """Whether it is announced, and its cell still open."""
        return self.announced is not None and self.announced_episode > self.series.number


def read_engine_state(store: ResultStore) -> AlertEngineState | None:
    """The engine's state; None before the first article.

    Raises: RedisUnavailable: the store is away, or the state is not as the engine wrote it.
    """
    return read_state(store, DESK_STATE_KEY, AlertEngineState, msgspec.msgpack.decode)


def state_writes(state: AlertEngineState) -> list[Write]:
    """The engine's state, as it is now."""
    return [Put(DESK_STATE_KEY, msgspec.msgpack.encode(state))]


def read_entities(store: ResultStore, names: Iterable[str]) -> dict[str, EntityState]:
    """Those of these entities that there are, by `kind:name`."""
    keys = {name: _state_key(name) for name in names}
    return read_values(store, keys, EntityState, msgspec.msgpack.decode)


def entity_writes(name: str, entity: EntityState) -> list[Write]:
    """An entity, as it is now."""
    return [Put(_state_key(name), msgspec.msgpack.encode(entity), ENTITY_STATE_TTL_S)]


def read_owner(store: ResultStore, alert_id: str) -> str | None:
    """Whose alert it is; None where it was let go."""
    return read_value(store, owner_key(alert_id), str)


def owner_writes(alert_id: str, name: str) -> list[Write]:
    """Whose alert it is."""
    return [Put(owner_key(alert_id), msgspec.json.encode(name), ALERT_OWNER_TTL_S)]


def owner_removal(alert_id: str) -> list[Write]:
    """Nobody's any more."""
    return [Remove(owner_key(alert_id))]


def _state_key(name: str) -> str:
    kind, _, of = name.partition(":")
    return entity_state_key(kind, of)
