"""What sentiment alerts leave for pages: counts over time, articles, alerts, the engine's state.

Times are the articles' own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import msgspec

from textwire.results.keys import key
from textwire.results.reading import read_list, read_table, read_tables, read_value, read_values
from textwire.results.store import ResultStore
from textwire.results.writes import Append, Put, SetField, Write
from textwire.sentiment_alerts.messages import (
    ActionKind,
    Alert,
    AlertState,
    ArticleSentiment,
    Sentiment,
)
from textwire.sentiment_alerts.watchlist import WatchedCompany
from textwire.wire.message import Moment

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
ALERTS_KEY = key("news", "alerts")
AUDIT_KEY = key("news", "audit")
COMPANIES_KEY = key("news", "companies")
DESK_KEY = key("news", "desk")
DESK_STATE_KEY = key("news", "engine")
RECENT_KEY = key("news", "recent")
STORIES_KEY = key("news", "stories")
WATCHLIST_KEY = key("news", "watchlist")


class Subject(NamedTuple):
    """What is counted: a company, a topic, or a pair of them."""

    entity: str | None = None
    topic: str | None = None


class StoredArticle(msgspec.Struct, frozen=True, kw_only=True):
    """An article as a page shows it: what was read in it, and how its body begins."""

    sentiment: ArticleSentiment
    excerpt: str | None = None


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """One event, however many write of it.

    title      the headline of its first article.
    articles   wordings of it; copies are counted apart.
    score_sum  of its articles' scores; of companies, of what is said of each.
    topics     articles by topic.
    words      the mean of its wordings' vectors, by stem.
    """

    id: str
    title: str
    begins: Moment
    ends: Moment
    articles: int = 0
    copies: int = 0
    score_sum: float = 0.0
    companies: dict[str, float] = {}
    topics: dict[str, int] = {}
    sources: tuple[str, ...] = ()
    words: dict[str, float] = {}


class WordWeight(msgspec.Struct, frozen=True, array_like=True):
    """A word of a headline, and how far the label's probability falls without it."""

    text: str
    weight: float


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What was read of a company, or in the whole article, and which words carried it."""

    entity: str | None
    label: Sentiment
    probability: float
    words: tuple[WordWeight, ...]


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """The words that carried what a model read in an article: on the whole, and of companies."""

    article_id: str
    model: str
    readings: tuple[Reading, ...]


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One key's articles in one step of time; copies are left out of all but `copies`."""

    start: Moment
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
    last_at: Moment | None = None
    last_score: float = 0.0


class DeskStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How far the alert engine has come. Counts are of all time."""

    watermark: Moment  # event time up to which all articles are taken to have arrived
    step_minutes: int  # the width of a cell
    window_minutes: int  # the width of the window in which a surge is looked for
    articles: int = 0
    copies: int = 0
    late: int = 0  # came after their step had been closed: shown, but in no count
    corrections: int = 0  # came again under their id, and said something else
    keys: int = 0
    alerts: int = 0
    false_alarms_per_day: float = 0.0  # the stated budget over all keys


class Audited(msgspec.Struct, frozen=True, kw_only=True):
    """What a person did about an alert, and what came of it."""

    alert_id: str
    entity: str | None
    topic: str | None
    at: Moment
    by: str | None
    action: ActionKind
    before: AlertState
    after: AlertState
    until: Moment | None = None
    note: str | None = None


class WaitingPost(msgspec.Struct, frozen=True, kw_only=True):
    """A state of an alert that is to be posted, or that its address has not taken yet.

    id    of this content and of no other, however often it is posted; ASCII without a full stop.
    body  the alert as JSON, to the letter.
    """

    id: str
    alert_id: str
    partition: int  # of news.alerts, where its record stands
    offset: int
    at: Moment  # when that was written
    body: str
    not_before: Moment | None = None  # the policy lets it wait until then

    @property
    def size(self) -> int:
        """Bytes of its body."""
        return len(self.body.encode())


def subjects_of(sentiment: ArticleSentiment) -> list[Subject]:
    """All that an article counts for."""
    entities = [one.entity for one in sentiment.entities]
    topics = [one.topic for one in sentiment.topics]
    return [
        *(Subject(entity, None) for entity in entities),
        *(Subject(None, topic) for topic in topics),
        *(Subject(entity, topic) for entity in entities for topic in topics),
    ]


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
    now = {company.name: company for company in companies}
    changed = [company for name, company in now.items() if before.get(name) != company]
    return [
        *(SetField(WATCHLIST_KEY, one.name, msgspec.json.encode(one)) for one in changed),
        *(SetField(WATCHLIST_KEY, name, None) for name in sorted(before.keys() - now.keys())),
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


def last_digest(store: ResultStore, target: str) -> str | None:
    """The day of a target's last digest; None where there was none for long."""
    return read_value(store, digest_key(target), str)


def read_cells(store: ResultStore, entity: str | None, topic: str | None) -> list[Cell]:
    """A subject's cells of three days, oldest first; steps without an article have none."""
    found = read_table(store, cells_key(Subject(entity, topic)), Cell).values()
    cells = sorted(found, key=lambda cell: cell.start)
    return [cell for cell in cells if cells[-1].start - cell.start < KEPT_CELLS]


def read_cells_of(store: ResultStore, subjects: Sequence[Subject]) -> dict[Subject, list[Cell]]:
    """The cells of many subjects in one round trip, in no order; of three days and older ones."""
    names = {f"{place}": cells_key(subject) for place, subject in enumerate(subjects)}
    tables = read_tables(store, names, Cell)
    return {
        subject: list(tables.get(f"{place}", {}).values()) for place, subject in enumerate(subjects)
    }


def read_alerts(store: ResultStore) -> list[Alert]:
    """All alerts that are kept, the newest first."""
    alerts = read_table(store, ALERTS_KEY, Alert).values()
    return sorted(alerts, key=lambda alert: (alert.raised_at, alert.id), reverse=True)


def read_audit(store: ResultStore, count: int = 100) -> list[Audited]:
    """What people did last, the newest first."""
    return read_list(store, AUDIT_KEY, count, Audited)[::-1]


def read_companies(store: ResultStore) -> list[Company]:
    """Every company of the watchlist, by name."""
    companies = read_table(store, COMPANIES_KEY, Company)
    return [companies[name] for name in sorted(companies)]


def read_watched(store: ResultStore) -> dict[str, WatchedCompany]:
    """The companies that are watched, as they were defined, by name."""
    watched = read_table(store, WATCHLIST_KEY, WatchedCompany)
    return {name: watched[name] for name in sorted(watched)}


def read_desk(store: ResultStore) -> DeskStatus | None:
    """The alert engine's state; None before the first article."""
    return read_value(store, DESK_KEY, DeskStatus)


def read_articles(store: ResultStore, article_ids: Sequence[str]) -> list[StoredArticle]:
    """Those of these articles that are still kept, in the order asked for."""
    keys = {article_id: article_key(article_id) for article_id in article_ids}
    return list(read_values(store, keys, StoredArticle).values())


def read_recent_articles(store: ResultStore, count: int = 20) -> list[StoredArticle]:
    """The articles that came last, the newest first."""
    return _newest_first(store, RECENT_KEY, count)


def read_articles_of(
    store: ResultStore, entity: str | None, topic: str | None, count: int = 20
) -> list[StoredArticle]:
    """The last articles of a subject, the newest first."""
    subject = Subject(entity, topic)
    listed = _newest_first(store, articles_key(subject), count)
    return [one for one in listed if subject in subjects_of(one.sentiment)]  # others were corrected


def read_recent_stories(store: ResultStore, count: int = KEPT_STORIES) -> list[Story]:
    """The stories that were told last, the newest first."""
    ids = dict.fromkeys(read_list(store, STORIES_KEY, count, str)[::-1])
    return list(read_values(store, {id_: story_key(id_) for id_ in ids}, Story).values())


def read_story(store: ResultStore, story_id: str) -> Story | None:
    """One story; None where it is not kept any more."""
    return read_value(store, story_key(story_id), Story)


def read_articles_of_story(
    store: ResultStore, story_id: str, count: int = 20
) -> list[StoredArticle]:
    """The last articles of a story, the newest first, copies among them."""
    ids = dict.fromkeys(read_list(store, story_articles_key(story_id), count, str)[::-1])
    return read_articles(store, list(ids))


def read_explanation(store: ResultStore, article_id: str) -> Explanation | None:
    """The words that carried an article's labels; None where nobody asked lately."""
    return read_value(store, explanation_key(article_id), Explanation)


def read_waiting_posts(store: ResultStore, partition: int, target: str = "") -> list[WaitingPost]:
    """The posts of a partition of news.alerts that wait, in the order of their records."""
    waiting = read_table(store, waiting_posts_key(partition, target), WaitingPost).values()
    return sorted(waiting, key=lambda post: post.offset)


def article_key(article_id: str) -> str:
    """Where an article stands."""
    return key("news", "article", article_id)


def explanation_key(article_id: str) -> str:
    """Where it stands which words carried an article's labels."""
    return key("news", "explanation", article_id)


def articles_key(subject: Subject) -> str:
    """Where the ids of a subject's articles stand."""
    return key("news", "articles", subject.entity or "", subject.topic or "")


def cells_key(subject: Subject) -> str:
    """Where a subject's cells stand."""
    return key("news", "cells", subject.entity or "", subject.topic or "")


def owner_key(alert_id: str) -> str:
    """Where it stands whose alert this is: there as long as the alert can be acted upon."""
    return key("news", "alert-owner", alert_id)


def waiting_posts_key(partition: int, target: str = "") -> str:
    """Where the posts of a partition of news.alerts stand that wait; for the webhook, or others."""
    of_target = (target,) if target else ()
    return key("news", "waiting-posts", str(partition), *of_target)


def digest_key(target: str) -> str:
    """Where it stands when a target had its last digest of a day."""
    return key("news", "digest-sent", target)


def feed_state_key(url: str) -> str:
    """Where it stands how far a feed was read."""
    return key("news", "feed", url)


def entity_state_key(kind: str, name: str) -> str:
    """Where all stands that is known of a company or a topic."""
    return key("news", "series", kind, name)


def seen_key(article_id: str) -> str:
    """Where an article stands that others may be copies of."""
    return key("news", "seen", article_id)


def band_key(number: int, digest: str) -> str:
    """Where the ids of articles stand that have one key of their sketches in common."""
    return key("news", "band", str(number), digest)


def word_key(stem: str) -> str:
    """Where it stands in which stories a word stood."""
    return key("news", "word", stem)


def story_key(story_id: str) -> str:
    """Where a story stands."""
    return key("news", "story", story_id)


def story_articles_key(story_id: str) -> str:
    """Where the ids of a story's articles stand."""
    return key("news", "story-articles", story_id)


def _newest_first(store: ResultStore, name: str, count: int) -> list[StoredArticle]:
    return read_articles(store, read_list(store, name, count, str)[::-1])


def _place(start: datetime) -> str:
    """The time of day, and one of three days: a table has so many places and no more."""
    at = start.astimezone(UTC)
    return f"{at.toordinal() % KEPT_CELLS.days}T{at:%H:%M}"
