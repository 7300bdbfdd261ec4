"""Everything that happens in the sample world, in the order in which it is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from heapq import merge
from itertools import takewhile
from random import Random
from typing import NamedTuple

from textwire.recommendations.messages import BehaviourEvent, Item
from textwire.recommendations.topics import RECS_EVENTS, RECS_ITEMS
from textwire.sample_world.clock import WorldClock
from textwire.sample_world.questions import Conversation
from textwire.sentiment_alerts.messages import Article
from textwire.sentiment_alerts.topics import NEWS_ARTICLES
from textwire.support_qa.messages import Question
from textwire.support_qa.topics import SUPPORT_QUESTIONS
from textwire.wire.message import Message
from textwire.wire.topic import Topic


class Due(NamedTuple):
    """A message, when it is due in our time, and its moment in the world, if it has one there."""

    at: datetime
    topic: Topic
    message: Message
    world_at: datetime | None = None


def questions_due(
    conversations: Iterable[Conversation], began: datetime, per_minute: float, random: Random
) -> Iterator[Due]:
    """What customers ask, in our time, at random moments (a Poisson process)."""
    due = began
    # Sessions of another run are other customers.
    run = f"{random.getrandbits(24):06x}"
    for number, texts in enumerate(conversations, start=1):
        session_id = f"sample-{run}-{number}"
        for turn, text in enumerate(texts, start=1):
            question = Question(id=f"{session_id}-{turn}", session_id=session_id, text=text)
            yield Due(due, SUPPORT_QUESTIONS, question)
            due += timedelta(minutes=random.expovariate(per_minute))


def news_due(articles: Iterable[Article], clock: WorldClock, after: datetime) -> Iterator[Due]:
    """What is published after a moment of the world."""
    for article in articles:
        at = article.published_at
        if at is not None and at > after:
            yield Due(clock.due(at), NEWS_ARTICLES, article, at)


def behaviour_due(
    events: Iterable[BehaviourEvent], clock: WorldClock, after: datetime
) -> Iterator[Due]:
    """What shoppers do after a moment of the world."""
    for event in events:
        if event.at is not None and event.at > after:
            yield Due(clock.due(event.at), RECS_EVENTS, event, event.at)


def items_due(items: Sequence[Item], clock: WorldClock, after: datetime) -> Iterator[Due]:
    """The catalogue: what is in it already at once, the rest when it is published."""
    for item in sorted(items, key=lambda item: item.published_at or after):
        at = item.published_at or after
        yield Due(clock.due(max(at, after)), RECS_ITEMS, item, max(at, after))


def in_order(streams: Iterable[Iterable[Due]], until: datetime | None = None) -> Iterator[Due]:
    """All streams as one, by when each message is due; up to a moment of the world."""
    return merge(*(_until(stream, until) for stream in streams), key=lambda due: due.at)


def _until(stream: Iterable[Due], until: datetime | None) -> Iterable[Due]:
    if until is None:
        return stream
    return takewhile(lambda due: due.world_at is None or due.world_at < until, stream)
