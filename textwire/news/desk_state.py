"""What the desk remembers between records, and where it stands in the store."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from textwire.messages import Alert
from textwire.news.alerts import Handling
from textwire.news.climate import Climate
from textwire.news.surges import Group
from textwire.news.windows import Progress
from textwire.results.store import ResultStore
from textwire.results.writes import Put, Remove, Write

STATE_KEY = "news:desk-state"
ALERT_OWNER_TTL_S = 30 * 24 * 60 * 60


class Counted(msgspec.Struct, array_like=True):
    """A key's articles in one cell."""

    negative: int = 0
    neutral: int = 0
    positive: int = 0
    score_sum: float = 0.0
    copies: int = 0


class DeskState(msgspec.Struct):
    """How far the desk has come, and what it has counted.

    closed  the first open cell: what comes in an earlier one is late.
    active  groups that the end of a cell changes.
    telling groups whose story is under way, or ended so lately that another may belong to it.
    """

    closed: int
    begun_ms: int  # when its first article was written, in the broker's time
    clock_ms: int  # the newest article's time
    climate: Climate
    progress: dict[int, Progress] = {}
    active: list[str] = []
    telling: list[str] = []
    resolved: list[tuple[int, str]] = []
    articles: int = 0
    copies: int = 0
    late: int = 0
    alerts: int = 0


class File(msgspec.Struct):
    """All that is known of one company or topic.

    told      the number of the story that `announced` is about.
    confirmed the number of the last story that stood for its event when its cell was closed.
    """

    group: Group
    cells: dict[int, dict[str, Counted]] = {}
    announced: Alert | None = None
    handling: Handling | None = None
    told: int = 0
    confirmed: int = 0


def read_state(store: ResultStore) -> DeskState | None:
    """The desk's state; None before the first article.

    Raises: RedisUnavailable: the store is away.
    """
    value = store.get(STATE_KEY)
    return None if value is None else msgspec.msgpack.decode(value, type=DeskState)


def state_writes(state: DeskState) -> list[Write]:
    """The desk's state, as it is now."""
    return [Put(STATE_KEY, msgspec.msgpack.encode(state))]


def read_files(store: ResultStore, names: Iterable[str]) -> dict[str, File]:
    """Those of these files that there are."""
    names = list(names)
    values = store.get_many([_file_key(name) for name in names])
    return {
        name: msgspec.msgpack.decode(value, type=File)
        for name, value in zip(names, values, strict=True)
        if value is not None
    }


def file_writes(name: str, file: File) -> list[Write]:
    """A file, as it is now."""
    return [Put(_file_key(name), msgspec.msgpack.encode(file))]


def owner_writes(alert_id: str, name: str) -> list[Write]:
    """Whose alert it is."""
    return [Put(owner_key(alert_id), name.encode(), ALERT_OWNER_TTL_S)]


def owner_removal(alert_id: str) -> list[Write]:
    """Nobody's any more."""
    return [Remove(owner_key(alert_id))]


def owner_key(alert_id: str) -> str:
    """Where it stands whose alert this is: there as long as the alert can be acted upon."""
    return f"news:alert-owner:{alert_id}"


def _file_key(name: str) -> str:
    return f"news:file:{name}"
