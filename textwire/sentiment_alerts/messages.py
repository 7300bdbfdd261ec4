"""Sentiment alerts: articles, what was read in them, alerts, what people do about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar, Literal, Self

import msgspec

from textwire.sentiment_alerts.column_names import ARTICLE_COLUMNS
from textwire.wire.message import Identifier, Language, Message, Moment, Probability, ShortText, Url

Headline = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]
# Some 30,000 words: a long report. A whole record is bounded by `stream.max_record_bytes` besides.
Body = Annotated[str, msgspec.Meta(max_length=200_000)]
Score = Annotated[float, msgspec.Meta(ge=-1.0, le=1.0)]

Sentiment = Literal["negative", "neutral", "positive"]
SENTIMENTS: tuple[Sentiment, ...] = ("negative", "neutral", "positive")
AlertKind = Literal["surge", "event", "shift", "market", "silence"]
Severity = Literal["low", "medium", "high"]
AlertState = Literal["open", "acknowledged", "snoozed", "resolved", "reopened"]
Transition = Literal[
    "opened",
    "escalated",
    "reopened",
    "resolved",
    "acknowledged",
    "snoozed",
    "updated",
    "withdrawn",
]
ActionKind = Literal["acknowledge", "snooze", "resolve", "reopen"]
FeedCondition = Literal["alive", "failing", "silent"]


class Article(Message, frozen=True, kw_only=True):
    """A piece of news, or a post."""

    time_field: ClassVar[str | None] = "published_at"
    column_names: ClassVar[Mapping[str, tuple[tuple[str, ...], ...]]] = ARTICLE_COLUMNS

    title: Headline
    body: Body | None = None
    id: Identifier | None = None
    source: ShortText | None = None
    url: Url | None = None
    language: Language | None = None
    published_at: Moment | None = None

    def completed(self, record_id: str, record_at: datetime) -> Self:
        """Itself with an id and a time."""
        return msgspec.structs.replace(
            self, id=self.id or record_id, published_at=self.published_at or record_at
        )


class EventProbability(Message, frozen=True, kw_only=True):
    """How likely an article tells that something happened to a company: a strike, a recall."""

    event: str
    probability: Probability


class EntitySentiment(Message, frozen=True, kw_only=True, omit_defaults=False):
    """What an article says of one company; `text` is its headline, and where the body says so.

    `events` are those that the model is sure of; none where the model has no head of events.
    """

    entity: str
    label: Sentiment
    score: Score  # P(positive) - P(negative)
    probabilities: dict[str, Probability]
    ticker: str | None = None
    text: str | None = None
    events: tuple[EventProbability, ...] = ()


class TopicProbability(Message, frozen=True, kw_only=True):
    """How likely an article is about a topic."""

    topic: str
    probability: Probability


class ArticleSentiment(Message, frozen=True, kw_only=True, omit_defaults=False):
    """What was read in an article. `copy_of` names the article that it repeats, if it does.

    An article that was read before the one that it repeats is told of again, as a copy: the last
    message about an article holds. `story_id` is that of the event it tells of, the same for all
    that tell of it in words of their own, and for copies.
    """

    article_id: Identifier
    published_at: Moment
    title: str
    label: Sentiment
    score: Score  # P(positive) - P(negative)
    probabilities: dict[str, Probability]
    entities: tuple[EntitySentiment, ...]
    topics: tuple[TopicProbability, ...]  # those above their thresholds, likeliest first
    model: str
    source: str | None = None
    url: str | None = None
    language: str | None = None
    copy_of: str | None = None
    story_id: str | None = None


class FeedReport(Message, frozen=True, kw_only=True, omit_defaults=False):
    """How a feed of news is doing, whenever that changes.

    feed       its address, without what is secret in it.
    condition  failing: it answers with errors for long. silent: it has had nothing new for
               unusually long. alive: neither any more.
    since      of a feed that fails, when it began to; else the time of its newest article.
    """

    time_field: ClassVar[str | None] = "at"

    feed: Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]
    condition: FeedCondition
    since: Moment
    at: Moment
    source: ShortText | None = None
    reason: ShortText = ""


class AlertChange(Message, frozen=True, kw_only=True):
    """A step in an alert's life; `by` is empty where nobody but the stream took it."""

    at: Moment
    state: AlertState
    by: str | None = None
    note: str | None = None


class ToneFall(Message, frozen=True, kw_only=True):
    """From which mean score to which a tone fell, over so many days that had articles."""

    before: Score
    after: Score
    days: int
    articles: int


class Breadth(Message, frozen=True, kw_only=True):
    """Of companies, and of stories that name none, the share that is negative, and the usual one.

    worst  the companies that are spoken worst of, the worst first.
    """

    usual: Probability
    share: Probability
    worst: tuple[str, ...] = ()


class Alert(Message, frozen=True, kw_only=True, omit_defaults=False):
    """What an analyst should look at. Times are the articles' own.

    kind     surge: more negative news of a company or a topic than usual. event: one article says
             what a rule waits for. shift: the mean tone has fallen and stays down. market: that
             of all companies together has. silence: articles that usually come do not.
    version  grows with every message about the alert: of two the greater one holds.
    rule     of an event, the name of the rule.
    fall     of a shift, what fell; of the market its articles are companies, and stories that name
             none, one a day each.
    breadth  of a market's fall, how many speak of it.
    transition  what this message tells that the one before did not; updated: counts alone.
    story_ids  the stories that its articles tell, the one that most of them tell first.
    incident_id  the same for all alerts of one cause, whichever company or topic they are about.
    """

    id: Identifier
    version: int = 1
    entity: str | None
    topic: str | None
    kind: AlertKind
    severity: Severity
    state: AlertState
    window_start: Moment
    window_end: Moment
    observed: int  # negative articles in the window, copies left out
    expected: float  # as many as the key's own baseline expects in the window
    p_value: Probability  # how probable that many or more are under the baseline
    article_ids: tuple[str, ...]
    digest: str
    raised_at: Moment
    updated_at: Moment
    snoozed_until: Moment | None = None
    rule: str | None = None
    fall: ToneFall | None = None
    breadth: Breadth | None = None
    transition: Transition = "updated"
    changes: tuple[AlertChange, ...] = ()
    story_ids: tuple[str, ...] = ()
    incident_id: str | None = None

    @property
    def key(self) -> str:
        """The company or the topic that it is about: one for all of its life."""
        return self.entity or self.topic or self.kind


class AlertAction(Message, frozen=True, kw_only=True):
    """What a person does about an alert; a snooze lasts until `until`."""

    time_field: ClassVar[str | None] = "at"

    alert_id: Identifier
    action: ActionKind
    id: Identifier | None = None
    by: ShortText | None = None
    note: Annotated[str, msgspec.Meta(max_length=2_000)] | None = None
    until: Moment | None = None
    at: Moment | None = None

    def completed(self, record_id: str, record_at: datetime) -> Self:
        """Itself with an id and a time."""
        return msgspec.structs.replace(self, id=self.id or record_id, at=self.at or record_at)


class ExplanationRequest(Message, frozen=True, kw_only=True):
    """Somebody wants to know which words carried what was read in an article."""

    article_id: Identifier


class Sketch(msgspec.Struct, frozen=True, array_like=True):
    """What an article's copies are recognised by (`near_duplicates.py`).

    title  its headline's words; a company stands as its name in the watchlist.
    bands  a MinHash of the headline's pairs of words; empty without words.
    lead   the body's first words.
    runs   a sample of the hashes of the body's runs of words, ascending.
    whole  whether all runs are in the sample.
    """

    title: tuple[str, ...] = ()
    bands: tuple[int, ...] = ()
    lead: tuple[str, ...] = ()
    runs: tuple[int, ...] = ()
    whole: bool = True


class DeskEntry(Message, frozen=True, kw_only=True):
    """One line of the alert engine's log: a scored article, an action, a dead feed, in one order.

    Alerts follow from all articles of a company together, whichever partition and replica they went
    through. So what was scored is written to a topic of one partition, and whoever reads that one
    keeps the counts and the alerts.
    """

    sentiment: ArticleSentiment | None = None
    sketch: Sketch = Sketch()
    excerpt: str | None = None  # the beginning of the body, for those who look at the article
    action: AlertAction | None = None
    feed: FeedReport | None = None
    partition: int = 0  # of the article's topic: each of them has an order of its own
    written_at: Moment | None = None  # when the broker had the article
