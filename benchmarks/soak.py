"""Watches a running Textwire for as long as told, then counts: `python -m benchmarks.soak MINUTES`.

Needs `textwire up` in the same folder. Every record that went in is looked for among those that
came out; memory is what the services report of themselves.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from benchmarks.tables import machine, table
from textwire.addresses import redis_url
from textwire.observing.reports import read_reports
from textwire.recommendations.results import Profile, read_profiles
from textwire.recommendations.topics import RECS_EVENTS, RECS_REQUESTS, RECS_SCORES
from textwire.results.redis import RedisResults
from textwire.sample_world.progress import read_progress
from textwire.samples import samples_dir
from textwire.sentiment_alerts.messages import Alert, ArticleSentiment
from textwire.sentiment_alerts.results.reading import read_alerts
from textwire.sentiment_alerts.topics import NEWS_ARTICLES, NEWS_SENTIMENT
from textwire.stream.clients.reading import read_to_end
from textwire.stream.kafka.lookup import KafkaLookup
from textwire.support_qa.topics import SUPPORT_ANSWERS, SUPPORT_HANDOFFS, SUPPORT_QUESTIONS
from textwire.wire.registry import TOPICS
from textwire.wire.topic import Topic

RESULTS = Path(__file__).parents[1] / "docs" / "results" / "soak.md"
LOOK_EVERY_S = 15.0
# What was sent last is given so long to come out.
SETTLES_WITHIN_S = 20.0
# An alert belongs to a planted surge if it was raised within it, or soon after its end.
RAISED_WITHIN = timedelta(minutes=90)


def main(minutes: float) -> None:
    """Watch, count, print, write down."""
    store = RedisResults.from_url(redis_url())
    memory: defaultdict[str, list[float]] = defaultdict(list)
    restarts: Counter[str] = Counter()
    pids: dict[str, int] = {}
    ends_at = time.monotonic() + minutes * 60
    while time.monotonic() < ends_at:
        for report in read_reports(store):
            name = f"{report.service}/{report.replica}"
            memory[name].append(report.memory_mb)
            restarts[name] += pids.get(name, report.pid) != report.pid
            pids[name] = report.pid
        time.sleep(LOOK_EVERY_S)
    time.sleep(SETTLES_WITHIN_S)
    sections = [
        f"# Soak\n\n{minutes:g} minutes of the sample world under `make up` on: {machine()}.",
        "## In and out\n\n" + table(["what", "in", "out", "missing", "doubled"], counts(store)),
        "## Alerts\n\n" + alerts(store),
        "## Memory, MB\n\n" + memory_table(memory, restarts),
        "## Dead letters\n\n" + table(["topic", "records"], dead_letters()),
    ]
    RESULTS.write_text("\n\n".join(sections) + "\n", encoding="utf-8")
    print("\n\n".join(sections))


def counts(store: RedisResults) -> list[list[object]]:
    """What went in, what came out."""
    sent = ids(RECS_REQUESTS, lambda m: m.id if m.trigger == "request" else None)
    answered = ids(RECS_SCORES, lambda m: m.request_id)
    asked = ids(SUPPORT_QUESTIONS, lambda q: f"{q.session_id}/{q.id}")
    told = ids(SUPPORT_ANSWERS, lambda a: f"{a.session_id}/{a.question_id}")
    published = ids(NEWS_ARTICLES, lambda article: article.id)
    scored, corrected = first_and_corrected(messages(NEWS_SENTIMENT))
    outcomes = Counter(m.outcome for m in messages(SUPPORT_ANSWERS))
    handed = outcomes["handed_over"]
    refused = sum(1 for scored in messages(RECS_SCORES) if scored.error)
    handoffs = len(ids(SUPPORT_HANDOFFS, lambda m: m.id))
    events = Counter(event.user_id for event in messages(RECS_EVENTS))
    profiles = read_profiles(store, list(events))
    return [
        ["questions and answers", *compared(asked, told)],
        ["answers that hand over, and handoffs", handed, handoffs, handed - handoffs, 0],
        ["questions and requests that were refused", "", outcomes["refused"] + refused, "", ""],
        ["articles and their sentiment", *compared(published, scored)],
        ["corrections: articles that repeat one which was read later", "", corrected, "", ""],
        ["requests and scores", *compared(sent, answered)],
        [
            "events of users, and events in their profiles",
            sum(events.values()),
            sum(profile.events for profile in profiles.values()),
            sum(max(0, n - _known(profiles, user)) for user, n in events.items()),
            sum(max(0, _known(profiles, user) - n) for user, n in events.items()),
        ],
    ]


def first_and_corrected(told: Iterable[ArticleSentiment]) -> tuple[Counter[str], int]:
    """How often each article was told of, but for corrections, and how many of these there were.

    Partitions are read in any order, so an article may be read before the one that it repeats. Then
    it is told of again, as a copy.
    """
    copies: defaultdict[str, set[str | None]] = defaultdict(set)
    first: Counter[str] = Counter()
    corrected = 0
    for one in told:
        known = copies[one.article_id]
        if known and one.copy_of not in known:
            corrected += 1
        else:
            first[one.article_id] += 1
        known.add(one.copy_of)
    return first, corrected


def compared(went_in: Counter[str], came_out: Counter[str]) -> list[object]:
    """How many went in and came out, how many of these are missing, how many came too often."""
    return [
        sum(went_in.values()),
        sum(came_out.values()),
        sum((went_in - came_out).values()),
        sum((came_out - went_in).values()),
    ]


def alerts(store: RedisResults) -> str:
    """Each planted surge with the alert that was raised for it, and all alerts besides."""
    progress = read_progress(store)
    if progress is None:
        return "The sample world was not fed."
    raised = read_alerts(store)
    rows: list[list[object]] = []
    explained: set[str] = set()
    for line in (
        (samples_dir() / "sentiment_alerts" / "surges.jsonl").read_text("utf-8").splitlines()
    ):
        surge = json.loads(line)
        began = progress.began + timedelta(minutes=surge["from_minute"])
        if began > progress.reached:
            continue
        ended = progress.began + timedelta(minutes=surge["to_minute"])
        found = [a for a in raised if a.entity == surge["entity"] and _within(a, began, ended)]
        explained |= {alert.id for alert in found}
        first = min(found, key=lambda alert: alert.raised_at, default=None)
        delay = "" if first is None else f"{(first.raised_at - began).total_seconds() / 60:.0f}"
        rows.append([surge["entity"], surge["topic"], len(found), delay])
    others = [alert for alert in raised if alert.id not in explained]
    told = "; ".join(f"{alert.key} at {alert.raised_at:%d %H:%M}" for alert in others) or "none"
    head = ["planted surge", "topic", "alerts", "minutes of its own time until it was raised"]
    return table(head, rows) + f"\n\nOther alerts: {told}."


def memory_table(memory: dict[str, list[float]], restarts: Counter[str]) -> str:
    """The median of each service's first, middle and last sixth."""
    rows: list[list[object]] = []
    for name, values in sorted(memory.items()):
        parts = np.array_split(np.array(values), 6)
        medians = [f"{np.median(parts[at]):.0f}" for at in (0, 2, 5)]
        rows.append([name, *medians, f"{max(values):.0f}", restarts[name]])
    return table(["service", "first sixth", "third", "last", "most", "restarts"], rows)


def dead_letters() -> list[list[object]]:
    """How many there are of each topic that has any."""
    found = {topic.dead: sum(1 for _ in read_to_end(topic.dead)) for topic in TOPICS.values()}
    return [[name, count] for name, count in found.items() if count] or [["none", 0]]


def messages(topic: Topic) -> Iterator[Any]:
    """Everything on a topic as `read_committed` readers see it, with the ids that services give."""
    with closing(KafkaLookup()) as lookup:
        topic_id = lookup.topic_ids([topic.name]).get(topic.name, "")
    for record in read_to_end(topic.name):
        message = msgspec.json.decode(record.value or b"null", type=topic.message)
        yield message.completed(replace(record, topic_id=topic_id).id, record.at)


def ids(topic: Topic, id_of: Callable[[Any], str | None]) -> Counter[str]:
    """How often each id stands on a topic."""
    return Counter(found for found in map(id_of, messages(topic)) if found)


def _known(profiles: Mapping[str, Profile], user_id: str) -> int:
    return profiles[user_id].events if user_id in profiles else 0


def _within(alert: Alert, began: datetime, ended: datetime) -> bool:
    return began <= alert.raised_at <= ended + RAISED_WITHIN


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0)
