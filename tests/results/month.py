"""A month of everything that services write, a day at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import numpy as np

from services.sentiment_alerts.posting.waiting import WaitingPosts
from tests.article_scorers import COMPANIES, DAY, article, entries_of
from tests.encoders import HashingEncoder
from tests.stream.made import record
from textwire.models.champions.last_good import LastGood, LastGoodMemory
from textwire.models.engines.cached import CachedEncoder
from textwire.observing.reports import ServiceReport, gone_writes, report_writes
from textwire.recommendations.counts.co_occurrence import co_occurrence_writes
from textwire.recommendations.counts.popularity import counted
from textwire.recommendations.experiments.experiment import Experiment
from textwire.recommendations.experiments.exposures import Exposed, Exposing, Exposure
from textwire.recommendations.experiments.outcomes import Crediting
from textwire.recommendations.experiments.stored import EXPERIMENTS_KEY
from textwire.recommendations.messages import BehaviourEvent, Item, ScoredItem, ScoredList
from textwire.recommendations.profiles.user_profile import updated
from textwire.recommendations.results import (
    Profile,
    answered_writes,
    due_writes,
    event_writes,
    home_writes,
    in_flight_writes,
    inactive_writes,
    item_writes,
    paged_writes,
    profile_writes,
    refusal_writes,
    scores_writes,
    tried_writes,
)
from textwire.results.store import ResultStore
from textwire.results.writes import Fence, Owner, SetField, Write
from textwire.sample_world.progress import WorldProgress, write_progress
from textwire.sentiment_alerts.alert_engine.engine import AlertEngine
from textwire.sentiment_alerts.event_time import Timing
from textwire.sentiment_alerts.feeds.state import FeedState, RedisFeedStates
from textwire.sentiment_alerts.messages import Article
from textwire.sentiment_alerts.results.records import Audited, Company, Explanation, WaitingPost
from textwire.sentiment_alerts.results.writing import (
    audit_writes,
    company_writes,
    digest_writes,
    explanation_writes,
    watched_writes,
    watchlist_file_writes,
)
from textwire.sentiment_alerts.surges.rules import Rules
from textwire.settings import ModelSettings
from textwire.shadow.results import WatchState, compared_writes, observed_writes, watch_write
from textwire.stream.loop.outbox import Outbox
from textwire.stream.loop.outcome import Outcome
from textwire.stream.loop.skipping import SkipOrder, skip_writes
from textwire.support_qa.analytics_results import answer_count_writes
from textwire.support_qa.desk_results import handoff_writes, suggestion_writes, wait_writes
from textwire.support_qa.feedback_results import judged, judged_writes
from textwire.support_qa.knowledge_results import (
    KnowledgeReview,
    Unanswered,
    passage_writes,
    review_writes,
    unanswered_writes,
)
from textwire.support_qa.messages import (
    Answer,
    Feedback,
    Handoff,
    HandoffReason,
    Passage,
    Question,
    Source,
)
from textwire.support_qa.parts import AnswerPart, part_writes
from textwire.support_qa.results import answer_writes
from textwire.wire.record import LogPlace, OutgoingRecord, Partition

HOUR = timedelta(hours=1)
# As by the longest language_model.timeout_s.
PART_S = 70
USERS = ("ana", "ben: 1", "ben", "cleo")
ITEMS = ("1:tent", "2:pan")
# After so many days all happens again: a company is in the news, another one has a surge.
TURN = 10


class World:
    """What all services write, without the services."""

    def __init__(self, store: ResultStore) -> None:
        self._store = store
        self._outbox = Outbox(store)
        self._offsets: Counter[str] = Counter()
        store.write(
            write for one in COMPANIES for write in company_writes(Company(entity=one.name))
        )
        store.write(watched_writes({}, COMPANIES))
        store.write(watchlist_file_writes({}, COMPANIES))

    def day(self, number: int) -> None:
        """Everything of one day."""
        now = DAY + number * timedelta(days=1)
        self._report(number, now)
        self._store.write(skip_writes(Partition("words", 0), number, SkipOrder(now)))
        self._answer(number, now)
        self._help(number, now)
        self._read_news(number, now)
        self._post_alert(number, now)
        self._act_on_alert(now)
        self._follow_users(now)
        self._count(now)
        write_progress(self._store, WorldProgress(began=DAY, reached=now))
        CachedEncoder(HashingEncoder(), self._store).encode(["the same", "every day"])
        memory = LastGoodMemory(self._store, "echo", ModelSettings())
        memory.keep(LastGood(f"version-{number}", "its digest"))

    def _count(self, now: datetime) -> None:
        """What pages and feeds know of the day, and what was said of its texts."""
        answer = Answer(
            question_id="q",
            session_id="s",
            outcome="answered",
            text="an answer",
            confidence=0.5,
            sources=(),
            model="m",
            answered_at=now,
        )
        self._store.write(answer_count_writes(answer))
        self._store.write(review_writes(KnowledgeReview(at=now)))
        said = np.full((2, 3), 0.5, dtype=np.float32)
        self._store.write(observed_writes("sentiment", "v1", said, first=1))
        self._store.write(compared_writes("sentiment", "v1", "v2", texts=2, same=1, difference=0.1))
        self._store.write([watch_write(WatchState(task="sentiment", champion="v1", at=now))])
        self._store.write(passage_writes({"p": Passage(id="p", text="t")}, f"{now}"))
        self._store.write(
            unanswered_writes(
                Unanswered(
                    session_id="s",
                    question_id="q",
                    question="a question",
                    outcome="handed_over",
                    confidence=0.1,
                    at=now,
                )
            )
        )
        self._store.write(
            explanation_writes(Explanation(article_id=f"{now}", model="m", readings=()))
        )
        self._store.write(digest_writes("desk", now.date()))
        RedisFeedStates(self._store).write("https://wire.example/rss", FeedState())

    def _report(self, number: int, now: datetime) -> None:
        """A replica of another number each day, which is killed at its end."""
        self._store.write(gone_writes(self._store, now))
        report = ServiceReport(service="echo", replica=number, at=now, started_at=now, ready=True)
        self._store.write(report_writes(report))

    def _answer(self, number: int, now: datetime) -> None:
        written = []
        for asked in range(12):
            session, id_ = f"{number}:{asked % 2}", f"q:{asked}"
            question = Question(session_id=session, id=id_, text="a question", asked_at=now)
            answer = Answer(
                question_id=id_,
                session_id=session,
                outcome="answered",
                text="an answer",
                confidence=0.5,
                sources=(),
                model="m",
                answered_at=now,
            )
            written.append(answer_writes(question, answer))
        self._apply("support.questions", written)
        part = AnswerPart(question_id="worded", session_id="session", text="an")
        self._store.write(part_writes([part], kept_s=PART_S))

    def _help(self, number: int, now: datetime) -> None:
        """A conversation that a colleague closes, one that nobody comes to, and what was judged."""
        served_and_left: list[tuple[str, HandoffReason]] = [
            (f"{number}:0", "customer_asked"),
            ("left alone", "in_danger"),
        ]
        served, left = (
            Handoff(
                id=session,
                session_id=session,
                question_id=f"q:{number}",
                reason=reason,
                conversation=(),
                candidates=(),
                opened_at=now,
            )
            for session, reason in served_and_left
        )
        feedback = Feedback(session_id=f"{number}:0", question_id="q:0", kind="helpful")
        self._apply(
            "support.replies",
            [
                handoff_writes(left),
                suggestion_writes("left alone", [Source(passage_id="p", text="t", score=0.5)]),
                handoff_writes(served),
                wait_writes(served, now + HOUR),
                handoff_writes(msgspec.structs.replace(served, state="closed")),
                judged_writes(judged(feedback, "a question", ("p",), now), None),
            ],
        )

    def _read_news(self, number: int, now: datetime) -> None:
        results = AlertEngine(self._store, Timing(), Rules()).fold(
            entries_of(_articles(number, now))
        )
        self._apply("news.desk", [result.writes for result in results])

    def _post_alert(self, number: int, now: datetime) -> None:
        """One that is taken a day later, by the webhook and by another target."""
        post = WaitingPost(
            id=f"msg_{number}", alert_id="a", partition=0, offset=number, at=now, body="{}"
        )
        for waiting in (WaitingPosts(self._store), WaitingPosts(self._store, target="desk")):
            waiting.take_over([0])
            waiting.add(post)
            for other in waiting.those(lambda one: one != post):
                waiting.done_with(other)

    def _act_on_alert(self, now: datetime) -> None:
        audited = Audited(
            alert_id="a",
            entity="Larkfield",
            topic=None,
            at=now,
            by="ada",
            action="acknowledge",
            before="open",
            after="acknowledged",
        )
        self._store.write(audit_writes(audited))

    def _follow_users(self, now: datetime) -> None:
        for item in ITEMS:
            self._store.write(item_writes(item, Item(id=item, title=item)))
        self._apply("recs.events", [_event_writes(user, now) for user in USERS])
        self._store.write(in_flight_writes(USERS[0], now))
        self._store.write(inactive_writes(self._store))

    def _apply(self, topic: str, batch: Sequence[Sequence[Write]]) -> None:
        """As the loop stores a batch: a result of 2,000 bytes for each record."""
        first = self._offsets[topic]
        self._offsets[topic] += len(batch)
        partition = Partition(topic, 0)
        sent = (OutgoingRecord(topic, b"key", bytes(2_000)),)
        outcomes = [
            Outcome(record(first + place, partition), sent, tuple(writes))
            for place, writes in enumerate(batch)
        ]
        fence, owner = Fence("group", topic, 0, "id"), Owner(1, "replica")
        self._store.claim(fence, owner)
        kept = self._outbox.with_messages(fence, outcomes, keep_from=LogPlace(1, first))
        self._store.apply(fence, kept, owner)


def _event_writes(user: str, now: datetime) -> list[Write]:
    """Of today, of a day that is still read, and of one that is not."""
    writes: list[Write] = []
    bought = ITEMS if user == USERS[0] else ()
    profile = Profile(user_id=user, at=now, bought=bought)
    for at in (now, now - timedelta(days=3), now - timedelta(days=20)):
        for item in ITEMS:
            click = BehaviourEvent(user_id=user, kind="click", item_id=item, at=at)
            shown = BehaviourEvent(user_id=user, kind="impression", item_id=item, at=at)
            purchase = BehaviourEvent(user_id=user, kind="purchase", item_id=item, at=at)
            writes += event_writes(click)
            for event in (click, shown, purchase):
                writes += co_occurrence_writes(profile, event)
                profile = updated(profile, event, None, None, half_life_days=7.0)
                profile, counts = counted(profile, event, now)
                writes += counts
    scored = ScoredList(user_id=user, scores=(), model="m", scored_at=now)
    writes += [*profile_writes(profile), *scores_writes(scored), *refusal_writes(scored)]
    writes += [*home_writes(scored), *paged_writes(scored), *answered_writes(user, ["r1"])]
    writes += [*tried_writes(scored), *_experiment_writes(user, now)]
    return writes + due_writes(user, now, now, kept_for=HOUR)


def _experiment_writes(user: str, now: datetime) -> list[Write]:
    """A list of an experiment that was shown, and a click that came of it."""
    begun = Experiment(name="e1", a="v1", b="v2", started_at=now)
    item = ScoredItem(item_id=ITEMS[0], rank=1, score=0.1, parts={}, reason="")
    scored = ScoredList(
        user_id=user, scores=(item,), model="v1", scored_at=now, list_id=f"{now}", experiment="e1",
        arm="a",
    )  # fmt: skip
    exposing = Exposing({})
    click = BehaviourEvent(user_id=user, kind="click", item_id=ITEMS[0], at=now)
    shown = Exposed(lists=(Exposure(
        list_id=scored.list_id, at=now, model="v1", ranks={ITEMS[0]: 1}, experiment="e1", arm="a"
    ),))  # fmt: skip
    return [
        SetField(EXPERIMENTS_KEY, begun.name, msgspec.json.encode(begun)),
        *exposing.shown(scored),
        *Crediting({user: shown}, {}, [begun]).writes(click),
    ]


def _articles(number: int, now: datetime) -> list[Article]:
    """Northmere all day, Solvanta once in a while, Larkfield in trouble once in a while."""
    told = [(now + hour * HOUR, "Northmere reports") for hour in range(0, 24, 2)]
    if number % TURN == 2:
        told.append((now + 7 * HOUR, "Solvanta wins"))
    if number % TURN == 3:
        told += [(now + HOUR * (8 + place / 12), "Larkfield strike") for place in range(8)]
    return [
        article(1_000 * (number + 1) + place, at, says)
        for place, (at, says) in enumerate(sorted(told))
    ]
