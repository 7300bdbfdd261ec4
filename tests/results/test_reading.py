"""What is stored otherwise than we write it is passed over, told once and counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from tests.places import at
from textwire.errors import RedisUnavailable
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.observing.reports import (
    REPORTS_KEY,
    gone_writes,
    history_key,
    read_history,
    read_reports,
)
from textwire.recommendations import keys as recommendation_keys
from textwire.recommendations import results as recommendations
from textwire.recommendations.counts.popularity import read_popularity
from textwire.results.memory import MemoryResults
from textwire.results.reading import read_list, read_log, read_table, read_value, read_values
from textwire.results.store import ResultStore
from textwire.results.writes import Append, Count, Fence, Log, Put, Remove, SetField
from textwire.sample_world.progress import KEY as WORLD_KEY
from textwire.sample_world.progress import read_progress
from textwire.sentiment_alerts.alert_engine.state import (
    read_engine_state,
    read_entities,
    read_owner,
)
from textwire.sentiment_alerts.copies.near_duplicates import RecentArticles
from textwire.sentiment_alerts.messages import Sketch
from textwire.sentiment_alerts.results import keys, reading
from textwire.sentiment_alerts.results.records import Subject
from textwire.stream.loop.outbox import Outbox, outbox_key
from textwire.support_qa import results as support

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FENCE = Fence("group", "topic", 0)
NORTHMERE = Subject("Northmere")
SKETCH = Sketch(bands=tuple(range(36)))

# Each reader of the project, with a key that it reads.
READERS: list[tuple[str, Callable[[ResultStore], object]]] = [
    (support.answer_key("s", "q"), lambda store: support.read_answer(store, "s", "q")),
    (support.answer_key("s", "q"), lambda store: support.read_answers(store, "s", ["q"])),
    (support.session_key("s"), lambda store: support.read_turns(store, "s")),
    (support.RECENT_KEY, support.read_recent),
    (support.OUTCOMES_KEY, support.read_outcomes),
    (keys.article_key("a"), lambda store: reading.read_articles(store, ["a"])),
    (keys.RECENT_KEY, reading.read_recent_articles),
    (keys.articles_key(NORTHMERE), lambda store: reading.read_articles_of(store, *NORTHMERE)),
    (keys.cells_key(NORTHMERE), lambda store: reading.read_cells(store, *NORTHMERE)),
    (keys.ALERTS_KEY, reading.read_alerts),
    (keys.COMPANIES_KEY, reading.read_companies),
    (keys.DESK_KEY, reading.read_desk),
    (keys.entity_state_key("company", "A"), lambda store: read_entities(store, ["company:A"])),
    (keys.owner_key("alert"), lambda store: read_owner(store, "alert")),
    (keys.seen_key("a"), lambda store: RecentArticles(store, [("a", SKETCH)], 1)),
    (
        recommendation_keys.profile_key("u"),
        lambda store: recommendations.read_profiles(store, ["u"]),
    ),
    (
        recommendation_keys.history_key("u"),
        lambda store: recommendations.read_user_history(store, "u"),
    ),
    (recommendation_keys.scores_key("u"), lambda store: recommendations.read_scores(store, "u")),
    (
        recommendation_keys.scores_key("u"),
        lambda store: recommendations.read_last_scores(store, ["u"]),
    ),
    (recommendation_keys.item_key("i"), lambda store: recommendations.read_items(store, ["i"])),
    (recommendation_keys.ACTIVE_KEY, recommendations.read_active_users),
    (
        recommendation_keys.changed_key("u"),
        lambda store: recommendations.read_dirty_since(store, ["u"]),
    ),
    (recommendation_keys.DUE_KEY, lambda store: recommendations.read_due(store, NOW, MINUTE)),
    (recommendation_keys.PUSHING_KEY, lambda store: recommendations.read_due(store, NOW, MINUTE)),
    (recommendation_keys.liked_key(NOW), lambda store: read_popularity(store, NOW)),
    (recommendation_keys.shown_key(NOW), lambda store: read_popularity(store, NOW)),
    (REPORTS_KEY, read_reports),
    (REPORTS_KEY, lambda store: gone_writes(store, NOW)),
    (history_key("echoing", 0), lambda store: read_history(store, "echoing", 0)),
    (WORLD_KEY, read_progress),
    (outbox_key(FENCE), lambda store: Outbox(store).read(FENCE, [at(0)])),
]
DAMAGE = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        [
            b"{}",
            b"null",
            b"[]",
            b'"text"',
            b"-1",
            b"1e400",
            b'"2026-03-02T12:00:00"',  # no zone
            b'{"user_id": 1}',
            b"[" * 3_000,
            b'{"a":' * 3_000,
            b"\x91" * 3_000,
        ]
    ),
)


@pytest.mark.parametrize(("key", "read"), READERS, ids=[key for key, _ in READERS])
@given(damage=DAMAGE, more=DAMAGE)
@settings(max_examples=25)
def test_no_reader_fails_whatever_stands_under_its_key(
    key: str, read: Callable[[ResultStore], object], damage: bytes, more: bytes
) -> None:
    for write in (
        Put(key, damage),
        Append(key, damage, keep=9),
        SetField(key, "field", damage),
        Log(key, at(0), damage),
    ):
        store = MemoryResults()
        store.apply(
            FENCE, [(at(0), [write, SetField(key, "more", more), Append(key, more, keep=9)])]
        )
        read(store)


class Named(msgspec.Struct):
    """Something with a name."""

    name: str


GOOD, BAD = b'{"name": "good"}', b'{"name": 1}'


def test_of_several_values_the_others_are_read() -> None:
    store = MemoryResults()
    store.write([Put("t:good", GOOD), Put("t:bad", BAD)])
    store.write(Append("t:list", value, keep=9) for value in (BAD, GOOD, BAD))
    store.write([SetField("t:table", "bad", BAD), SetField("t:table", "good", GOOD)])
    store.write([Log("t:log", at(1), BAD), Log("t:log", at(2), GOOD)])
    keys = {"good": "t:good", "bad": "t:bad", "none": "t:none"}
    assert read_values(store, keys, Named) == {"good": Named("good")}
    assert read_list(store, "t:list", 9, Named) == [Named("good")]
    assert read_table(store, "t:table", Named) == {"good": Named("good")}
    assert read_log(store, "t:log", Named) == {at(2): Named("good")}


def test_each_is_counted_and_the_log_has_it_once() -> None:
    metrics = [ServiceMetrics("echoing", 0, Health()) for _ in range(2)]
    before = unreadable(metrics[0], "once:told")
    store = MemoryResults()
    store.write([Put("once:told:1:2", BAD), SetField("once:table", "f", b"x")])
    with capture_logs() as logs:
        for _ in range(3):
            assert read_value(store, "once:told:1:2", Named) is None
            assert read_list(store, "once:table", 1, Named) == []
    assert [log["key"] for log in logs] == ["once:told:1:2", "once:table"]
    assert "Expected `str`" in logs[0]["reason"]
    assert [unreadable(one, "once:told") - before for one in metrics] == [3.0, 3.0]


def test_what_the_desk_cannot_do_without_stops_it_until_somebody_acts() -> None:
    store = MemoryResults()
    store.write([Put(keys.DESK_STATE_KEY, b"theirs")])
    with pytest.raises(RedisUnavailable, match="redis-cli DEL news:engine"):
        read_engine_state(store)
    store.write([Remove(keys.DESK_STATE_KEY)])
    assert read_engine_state(store) is None


def test_refused_writes_are_counted_and_the_log_has_the_first() -> None:
    metrics = ServiceMetrics("echoing", 0, Health())
    store = MemoryResults()
    store.write([Put("refused:key", b"theirs")])
    with capture_logs() as logs:
        store.write([Count("refused:key", "n"), Count("refused:key", "n")])
    assert [log["key"] for log in logs] == ["refused:key"]
    assert counted(metrics, "textwire_redis_refused_writes_total", "refused:key") == 2.0


def unreadable(metrics: ServiceMetrics, keys: str) -> float:
    return counted(metrics, "textwire_redis_unreadable_values_total", keys)


def counted(metrics: ServiceMetrics, name: str, keys: str) -> float:
    return metrics.registry.get_sample_value(name, {"keys": keys}) or 0.0
