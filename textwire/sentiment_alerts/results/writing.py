"""What writes it, and how long it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec

from textwire.results.writes import Append, Put, SetField, Write
from textwire.sentiment_alerts.messages import Alert
from textwire.sentiment_alerts.results.keys import (
    ALERTS_KEY,
    AUDIT_KEY,
    COMPANIES_KEY,
    DESK_KEY,
    RECENT_KEY,
    WATCHLIST_FILE_KEY,
    WATCHLIST_KEY,
    article_key,
    articles_key,
    cells_key,
    digest_key,
    explanation_key,
    waiting_posts_key,
)
from textwire.sentiment_alerts.results.records import (
    Audited,
    Cell,
    Company,
    DeskStatus,
    Explanation,
    StoredArticle,
    Subject,
    WaitingPost,
)
from textwire.sentiment_alerts.watchlist import WatchedCompany

DAY_S = 24 * 60 * 60
ARTICLE_TTL_S = 7 * DAY_S
ALERT_OWNER_TTL_S = 30 * DAY_S
# A post is given up after one of them.
WAITING_POST_TTL_S = 2 * DAY_S
# By then a baseline with a half-life of a week has forgotten all.
ENTITY_STATE_TTL_S = 180 * DAY_S
# Who did what is known for a quarter of a year after the last of it.
AUDIT_TTL_S = 90 * DAY_S
EXPLANATION_TTL_S = DAY_S
KEPT_AUDITED = 2_000
KEPT_RECENT = 200
KEPT_OF_SUBJECT = 100
KEPT_OF_STORY = 100
KEPT_STORIES = 500  # each as often as it was told
STORY_TTL_S = 9 * DAY_S  # what goes on for a week, and two days without
KEPT_CELLS = timedelta(days=3)


def article_writes(
    article: StoredArticle, subjects: Iterable[Subject], *, is_new: bool = True
) -> list[Write]:
    """An article, among the recent ones if it is new, and among those of its subjects."""
    article_id = article.sentiment.article_id
    encoded_id = msgspec.json.encode(article_id)
    return [
        Put(article_key(article_id), msgspec.json.encode(article), ttl_s=ARTICLE_TTL_S),
        *([Append(RECENT_KEY, encoded_id, keep=KEPT_RECENT)] if is_new else []),
        *(
            Append(articles_key(subject), encoded_id, keep=KEPT_OF_SUBJECT, ttl_s=ARTICLE_TTL_S)
            for subject in subjects
        ),
    ]


def cell_writes(subject: Subject, cell: Cell) -> list[Write]:
    """A subject's cell as it stands now, in place of the one that stood there three days ago."""
    field, value = _place(cell.start), msgspec.json.encode(cell)
    return [SetField(cells_key(subject), field, value, ttl_s=ARTICLE_TTL_S)]


def alert_writes(alert: Alert) -> list[Write]:
    """An alert as it stands now."""
    return [SetField(ALERTS_KEY, alert.id, msgspec.json.encode(alert))]


def audit_writes(audited: Audited) -> list[Write]:
    """One more thing that a person did, among the last ones."""
    value = msgspec.json.encode(audited)
    return [Append(AUDIT_KEY, value, keep=KEPT_AUDITED, ttl_s=AUDIT_TTL_S)]


def explanation_writes(explanation: Explanation) -> list[Write]:
    """The words that carried an article's labels."""
    value = msgspec.json.encode(explanation)
    return [Put(explanation_key(explanation.article_id), value, ttl_s=EXPLANATION_TTL_S)]


def company_writes(company: Company) -> list[Write]:
    """A company's line in the watchlist."""
    return [SetField(COMPANIES_KEY, company.entity, msgspec.json.encode(company))]


def watched_writes(
    before: Mapping[str, WatchedCompany], companies: Sequence[WatchedCompany]
) -> list[Write]:
    """What makes of the companies as they were defined those that are watched now."""
    return _table_writes(WATCHLIST_KEY, before, companies)


def watchlist_file_writes(
    before: Mapping[str, WatchedCompany], companies: Sequence[WatchedCompany]
) -> list[Write]:
    """What makes of the file as it was watched before what is watched of it now."""
    return _table_writes(WATCHLIST_FILE_KEY, before, companies)


def _table_writes(
    table: str, before: Mapping[str, WatchedCompany], companies: Sequence[WatchedCompany]
) -> list[Write]:
    now = {company.name: company for company in companies}
    changed = [company for name, company in now.items() if before.get(name) != company]
    return [
        *(SetField(table, one.name, msgspec.json.encode(one)) for one in changed),
        *(SetField(table, name, None) for name in sorted(before.keys() - now.keys())),
    ]


def desk_writes(status: DeskStatus) -> list[Write]:
    """The alert engine's state."""
    return [Put(DESK_KEY, msgspec.json.encode(status))]


def waiting_post_writes(post: WaitingPost, target: str = "") -> list[Write]:
    """A post among those of its partition that wait for a target; empty: for the webhook."""
    value, place = msgspec.json.encode(post), waiting_posts_key(post.partition, target)
    return [SetField(place, post.id, value, ttl_s=WAITING_POST_TTL_S)]


def gone_post_writes(post: WaitingPost, target: str = "") -> list[Write]:
    """A post that waits no more."""
    return [SetField(waiting_posts_key(post.partition, target), post.id, None)]


def digest_writes(target: str, day: date) -> list[Write]:
    """A target has its digest of a day."""
    return [Put(digest_key(target), msgspec.json.encode(day.isoformat()), WAITING_POST_TTL_S)]


def _place(start: datetime) -> str:
    """The time of day, and one of three days: a table has so many places and no more."""
    at = start.astimezone(UTC)
    return f"{at.toordinal() % KEPT_CELLS.days}T{at:%H:%M}"
