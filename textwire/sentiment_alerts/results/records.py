"""What sentiment alerts leave for pages, record by record. Times are the articles' own."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from textwire.sentiment_alerts.messages import ActionKind, AlertState, ArticleSentiment, Sentiment
from textwire.wire.message import Moment


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
