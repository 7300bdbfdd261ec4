"""The three services as they are shipped, with tiny models."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

import msgspec

from tests.chaos.arrivals import Reads
from tests.chaos.bad_records import BAD, Mixture, RawRecord
from tests.chaos.fleet import Replica
from tests.chaos.ledger import Answered, Expected
from tests.chaos.load import Sending
from tests.chaos.models import TASKS, register_first
from tests.chaos.verdict import Verdict, counted_once
from tests.chaos.world import World
from textwire.recommendations.messages import BehaviourEvent, Item, ScoredList, ScoreRequest
from textwire.recommendations.results import read_profiles
from textwire.recommendations.topics import RECS_EVENTS, RECS_ITEMS, RECS_REQUESTS, RECS_SCORES
from textwire.results.redis import RedisResults
from textwire.samples import samples_dir
from textwire.sentiment_alerts.messages import Article, ArticleSentiment
from textwire.sentiment_alerts.topics import NEWS_ARTICLES, NEWS_SENTIMENT
from textwire.stream.clients.sender import Sender
from textwire.support_qa.messages import Answer, Passage, Question
from textwire.support_qa.topics import SUPPORT_ANSWERS, SUPPORT_KNOWLEDGE, SUPPORT_QUESTIONS
from textwire.wire.message import Message
from textwire.wire.registry import TOPICS
from textwire.wire.topic import Topic

MODULES = {
    "support-qa": "services.support_qa",
    "sentiment": "services.sentiment_alerts",
    "recommendations": "services.recommendations",
}
PASSAGES, ITEMS, USERS = 30, 40, 60
WORDS = ("card", "fee", "loan", "bank", "strike", "dock", "mill", "river", "winter", "board")
# A list that nobody asked for is no answer.
NO_PUSHES = {"TEXTWIRE_RECOMMENDATIONS_PUSH": "false"}
# Bad in whatever topic it stands.
ALWAYS_BAD = ("not JSON", "not UTF-8", "not an object", "empty", "without a value")


@dataclass(frozen=True)
class Flow:
    """One input topic: who reads it, what is sent on it, and what that must lead to."""

    task: str
    topic: Topic
    make: Callable[[str, Random], Message]
    expected: Expected = "answer"

    def sending(self, id_: str, dice: Random) -> Sending:
        """A good record."""
        message = self.make(id_, dice)
        record = RawRecord(self.topic.key(message).encode(), msgspec.json.encode(message))
        return Sending(id_, self.topic.name, record, self.expected)

    def bad_sending(self, id_: str, dice: Random) -> Sending:
        """A bad one."""
        record = BAD[dice.choice(ALWAYS_BAD)](id_, f"k{dice.randrange(USERS)}")
        return Sending(id_, self.topic.name, record, "dead letter")


def _question(id_: str, dice: Random) -> Message:
    return Question(id=id_, session_id=f"s{dice.randrange(USERS)}", text=f"how {_words(dice, 4)}?")


def _article(id_: str, dice: Random) -> Message:
    return Article(id=id_, title=f"{_words(dice, 12)} {id_}")


def _request(id_: str, dice: Random) -> Message:
    return ScoreRequest(id=id_, user_id=f"u{dice.randrange(USERS)}", k=5)


def _event(id_: str, dice: Random) -> Message:
    item, user = f"i{dice.randrange(ITEMS)}", f"u{dice.randrange(USERS)}"
    return BehaviourEvent(id=id_, user_id=user, kind="view", item_id=item)


FLOWS = (
    Flow("support-qa", SUPPORT_QUESTIONS, _question),
    Flow("sentiment", NEWS_ARTICLES, _article),
    Flow("recommendations", RECS_REQUESTS, _request),
    Flow("recommendations", RECS_EVENTS, _event, "count"),
)


class Applications:
    """Replicas of those services that serve the tasks; what is sent goes to all of them in turn."""

    def __init__(self, *tasks: str) -> None:
        self._tasks = tasks or TASKS
        self._flows = tuple(flow for flow in FLOWS if flow.task in self._tasks)

    @property
    def topics(self) -> Sequence[Topic]:
        """All there are."""
        return tuple(TOPICS.values())

    @property
    def reads(self) -> Reads:
        """Answers, sentiment and lists."""
        return {
            SUPPORT_ANSWERS.name: _read_answer,
            NEWS_SENTIMENT.name: _read_sentiment,
            RECS_SCORES.name: _read_scores,
        }

    def prepare(self, world: World) -> None:
        """Models, knowledge, a catalogue."""
        for task in self._tasks:
            register_first(world.models, task)
        sender = Sender("chaos", world.kafka)
        sender.send_all(SUPPORT_KNOWLEDGE, list(_passages()))
        sender.send_all(RECS_ITEMS, [Item(id=f"i{n}", title=f"item {n}") for n in range(ITEMS)])
        sender.close()

    def replicas(self, world: World, count: int, settings: Mapping[str, str]) -> list[Replica]:
        """So many of each service, those of one service beside each other."""
        return [
            Replica(
                world.folder / "logs",
                task,
                number,
                ("-m", MODULES[task]),
                {**NO_PUSHES, **world.environment(), **settings},
                task,
            )
            for task in self._tasks
            for number in range(count)
        ]

    def sendings(self, dice: Random, mixture: Mixture) -> Iterator[Sending]:
        """Records for each topic in turn, some of them bad."""
        for number, flow in zip(itertools.count(), itertools.cycle(self._flows)):
            bad = dice.random() < mixture.bad
            yield (flow.bad_sending if bad else flow.sending)(f"{flow.topic.name}-{number}", dice)

    def unseen(self, world: World) -> int:
        """How many events are in no profile yet."""
        return max(0, _events_sent(world).total() - sum(_events(world).values()))

    def judge_redis(self, world: World, verdict: Verdict) -> None:
        """Each event once in its user's profile."""
        counted_once(verdict, _events_sent(world).elements(), _events(world))


def _events_sent(world: World) -> Counter[str]:
    return Counter(sent.key for sent in world.ledger.sent if sent.expected == "count")


def _events(world: World) -> dict[str, int]:
    users = sorted(_events_sent(world))
    store = RedisResults(world.redis)
    return {user: profile.events for user, profile in read_profiles(store, users).items()}


def _read_answer(value: bytes) -> Answered | None:
    answer = msgspec.json.decode(value, type=Answer)
    if answer.outcome == "refused":
        return None
    return Answered(answer.question_id, answer.session_id, None)


def _read_sentiment(value: bytes) -> Answered:
    told = msgspec.json.decode(value, type=ArticleSentiment)
    return Answered(told.article_id, told.article_id, None)


def _read_scores(value: bytes) -> Answered | None:
    scored = msgspec.json.decode(value, type=ScoredList)
    if scored.request_id is None or getattr(scored, "error", None):
        return None
    return Answered(scored.request_id, scored.user_id, None)


def _passages() -> Iterator[Passage]:
    with (samples_dir() / "support_qa" / "knowledge.jsonl").open("rb") as lines:
        for line in itertools.islice(lines, PASSAGES):
            yield msgspec.json.decode(line, type=Passage)


def _words(dice: Random, count: int) -> str:
    return " ".join(dice.choice(WORDS) for _ in range(count))
