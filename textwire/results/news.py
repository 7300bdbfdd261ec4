"""What sentiment alerts leave for pages: counts over time, articles, alerts, the desk's state.

A key is a company, a topic or a pair of them (`alert_key`). Times are the articles' own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from textwire.messages import Alert, ArticleSentiment
from textwire.messages.news import alert_key
from textwire.results.store import ResultStore
from textwire.results.writes import Append, Put, SetField, Write

DAY_S = 24 * 60 * 60
ARTICLE_TTL_S = 7 * DAY_S
KEPT_RECENT = 200
KEPT_OF_KEY = 100
KEPT_CELLS = timedelta(hours=72)
ALERTS_KEY = "news:alerts"
COMPANIES_KEY = "news:companies"
DESK_KEY = "news:desk"
RECENT_KEY = "news:recent"


class StoredArticle(msgspec.Struct, frozen=True, kw_only=True):
    """An article as a page shows it: what was read in it, and how its body begins."""

    sentiment: ArticleSentiment
    excerpt: str | None = None


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One key's articles in one step of time; copies are left out of all but `copies`."""

    start: datetime
    negative: int = 0
    neutral: int = 0
    positive: int = 0
    score_sum: float = 0.0
    copies: int = 0
    expected: float = 0.0  # negative articles that the baseline expected in this step

    @property
    def articles(self) -> int:
        """All of them."""
        return self.negative + self.neutral + self.positive


class Company(msgspec.Struct, frozen=True, kw_only=True):
    """A company that was mentioned, when last, and how it is doing."""

    entity: str
    ticker: str | None = None
    sector: str | None = None
    last_at: datetime | None = None
    last_score: float = 0.0


class DeskStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How far the desk has come. Counts are of all time."""

    watermark: datetime  # event time up to which all articles are taken to have arrived
    step_minutes: int  # the width of a cell
    window_minutes: int  # the width of the window in which a surge is looked for
    articles: int = 0
    copies: int = 0
    late: int = 0  # came after their step had been closed: shown, but in no count
    keys: int = 0
    alerts: int = 0
    false_alarms_per_day: float = 0.0  # the stated budget over all keys


def article_writes(article: StoredArticle, keys: Iterable[str]) -> list[Write]:
    """An article, among the recent ones, and among those of its keys."""
    article_id = article.sentiment.article_id
    encoded_id = article_id.encode()
    return [
        Put(article_key(article_id), msgspec.json.encode(article), ttl_s=ARTICLE_TTL_S),
        Append(RECENT_KEY, encoded_id, keep=KEPT_RECENT),
        *(
            Append(articles_key(key), encoded_id, keep=KEPT_OF_KEY, ttl_s=ARTICLE_TTL_S)
            for key in keys
        ),
    ]


def cell_writes(key: str, cell: Cell, step: timedelta) -> list[Write]:
    """A key's cell as it stands now; the one that becomes too old is dropped."""
    old = cell.start - KEPT_CELLS
    return [
        SetField(cells_key(key), _field(cell.start), msgspec.json.encode(cell)),
        *(SetField(cells_key(key), _field(old - step * back), None) for back in range(2)),
    ]


def alert_writes(alert: Alert) -> list[Write]:
    """An alert as it stands now."""
    return [SetField(ALERTS_KEY, alert.id, msgspec.json.encode(alert))]


def company_writes(company: Company) -> list[Write]:
    """A company's line in the watchlist."""
    return [SetField(COMPANIES_KEY, company.entity, msgspec.json.encode(company))]


def desk_writes(status: DeskStatus) -> list[Write]:
    """The desk's state."""
    return [Put(DESK_KEY, msgspec.json.encode(status))]


def read_cells(store: ResultStore, entity: str | None, topic: str | None) -> list[Cell]:
    """A key's cells, oldest first; steps without an article have none."""
    fields = store.fields(cells_key(alert_key(entity, topic)))
    cells = [msgspec.json.decode(value, type=Cell) for value in fields.values()]
    return sorted(cells, key=lambda cell: cell.start)


def read_alerts(store: ResultStore) -> list[Alert]:
    """All alerts that are kept, the newest first."""
    alerts = [msgspec.json.decode(value, type=Alert) for value in store.fields(ALERTS_KEY).values()]
    return sorted(alerts, key=lambda alert: (alert.raised_at, alert.id), reverse=True)


def read_companies(store: ResultStore) -> list[Company]:
    """Every company of the watchlist, by name."""
    fields = store.fields(COMPANIES_KEY)
    return [msgspec.json.decode(fields[name], type=Company) for name in sorted(fields)]


def read_desk(store: ResultStore) -> DeskStatus | None:
    """The desk's state; None before the first article."""
    value = store.get(DESK_KEY)
    return None if value is None else msgspec.json.decode(value, type=DeskStatus)


def read_articles(store: ResultStore, article_ids: Sequence[str]) -> list[StoredArticle]:
    """Those of these articles that are still kept, in the order asked for."""
    values = store.get_many([article_key(article_id) for article_id in article_ids])
    return [msgspec.json.decode(value, type=StoredArticle) for value in values if value is not None]


def read_recent_articles(store: ResultStore, count: int = 20) -> list[StoredArticle]:
    """The articles that came last, the newest first."""
    return _newest_first(store, RECENT_KEY, count)


def read_articles_of(
    store: ResultStore, entity: str | None, topic: str | None, count: int = 20
) -> list[StoredArticle]:
    """The last articles of a key, the newest first."""
    return _newest_first(store, articles_key(alert_key(entity, topic)), count)


def article_key(article_id: str) -> str:
    """Where an article stands."""
    return f"news:article:{article_id}"


def articles_key(key: str) -> str:
    """Where the ids of a key's articles stand."""
    return f"news:articles:{key}"


def cells_key(key: str) -> str:
    """Where a key's cells stand."""
    return f"news:cells:{key}"


def _newest_first(store: ResultStore, key: str, count: int) -> list[StoredArticle]:
    ids = [value.decode() for value in reversed(store.tail(key, count))]
    return read_articles(store, ids)


def _field(start: datetime) -> str:
    return f"{start.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
