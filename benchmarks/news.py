"""Articles through Kafka to their sentiment, and to the alert of the surge that they tip.

Latencies are of bursts: ten different articles each about companies that were quiet, one event
minute apart, of those sample articles that the model takes for negative; so about every tenth tips
a surge. An alert's latency is that from the article that tipped it (`raised_at`) to the alert on
`news.alerts`. The most that is taken is measured with the sample articles' mixture, each told of
one of 640 invented companies. An article goes through two topics and two transactions: it is read,
and then counted by the desk.

The plain loop: kafka-python, transformers in fp32 on one thread, names found as substrings, an
alert at the fifth negative article within an hour, counts in its own memory alone; copies are not
recognised.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import msgspec

from benchmarks.arrivals import TopicArrivals
from benchmarks.comparing import Candidate, measure_candidate, written
from benchmarks.driving import Load, drive
from benchmarks.news_world import NewsWorld, Pattern, article_id, invented_companies, patterns
from benchmarks.pace import Pace
from benchmarks.setting import Setting, champion, servers
from textwire.models.engines.serving import load_classifier
from textwire.samples import samples_dir
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.scoring.article_scorer import ArticleScorer
from textwire.sentiment_alerts.topics import NEWS_ALERTS, NEWS_SENTIMENT
from textwire.sentiment_alerts.watchlist import WatchedCompany
from textwire.settings import ModelSettings

TASK = "sentiment"
LIGHT = 5.0
# A minute each: 6 hours and 40 minutes.
GO_BY, GO_BY_RATE = 400, 100.0
WATCHLIST = "TEXTWIRE_SENTIMENT_ALERTS_WATCHLIST"
SERVICE = Candidate("Textwire, exactly once", "services.sentiment_alerts", "sentiment-alerts")
CANDIDATES = (SERVICE, Candidate("plain loop", "benchmarks.plain.news"))


def measure(pace: Pace) -> str:
    champion(TASK)  # lest all be started for nothing
    world = new_world()
    with servers() as plainly:
        setting = supply(plainly)
        return written(
            [
                measure_candidate(
                    setting, one, [articles(world)], pace, partial(go_by, world=world)
                )
                for one in CANDIDATES
            ]
        )


def new_world() -> NewsWorld:
    """The sample articles, told of the invented companies."""
    companies = invented_companies()
    found = patterns(samples_dir() / "sentiment_alerts")
    return NewsWorld(found, negative_ones(found, companies), [one.name for one in companies])


def negative_ones(found: Sequence[Pattern], companies: Sequence[WatchedCompany]) -> list[Pattern]:
    """Those that the champion takes for negative, so that each burst is a surge to it."""
    load = partial(load_classifier, settings=ModelSettings())
    reader = ArticleScorer.of_artifact(champion(TASK), Linker(companies), load)
    now = datetime.now(UTC)
    read = reader.read([pattern.of(companies[0].name, "it", now) for pattern in found])
    return [
        pattern
        for pattern, scored in zip(found, read, strict=True)
        if any(one.label == "negative" for one in scored.sentiment.entities)
    ]


def supply(setting: Setting) -> Setting:
    """The setting with the watchlist of the invented companies."""
    path = setting.folder / "watchlist.jsonl"
    path.write_bytes(b"\n".join(msgspec.json.encode(one) for one in invented_companies()))
    return replace(setting, supplies={**setting.supplies, WATCHLIST: str(path)})


def articles(world: NewsWorld) -> Load:
    """Bursts."""
    return Load(
        "articles",
        LIGHT,
        world.bursts(),
        {
            "article to sentiment": partial(
                TopicArrivals, topic=NEWS_SENTIMENT, ids_of=read_article
            ),
            "article to alert": connect_to_alerts,
        },
        filling=world.filling(),
        longer=2.0,
    )


class _Read(msgspec.Struct):
    article_id: str


class _Raised(msgspec.Struct):
    id: str
    entity: str | None
    raised_at: datetime


def read_article(value: bytes) -> Iterable[str]:
    """Which article a sentiment is of."""
    return [msgspec.json.decode(value, type=_Read).article_id]


def connect_to_alerts(setting: Setting) -> TopicArrivals:
    """Waits for alerts about companies; what comes of one later tells nothing more."""
    seen: set[str] = set()

    def tipping_article(value: bytes) -> Iterator[str]:
        alert = msgspec.json.decode(value, type=_Raised)
        if alert.entity is not None and alert.id not in seen:
            seen.add(alert.id)
            yield article_id(alert.raised_at)

    return TopicArrivals(setting, NEWS_ALERTS, tipping_article)


def go_by(setting: Setting, world: NewsWorld) -> None:
    """Let more than the six hours go by in which a desk that has just begun raises nothing."""
    filling = replace(articles(world), sendings=world.filling())
    drive(setting, filling, GO_BY_RATE, GO_BY)
