from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.recommendations.shops import AT, Shop, did, list_in
from textwire.errors import RecordRejected, RecordSkipped, RecordTooLarge
from textwire.recommendations.messages import ScoredList, ScoreRequest
from textwire.recommendations.results import (
    forget_writes,
    read_refusal,
    read_scores,
    read_tried,
)
from textwire.recommendations.topics import RECS_EVENTS, RECS_REQUESTS, RECS_SCORES
from textwire.results.memory import MemoryResults
from textwire.stream.decoding import Decoder
from textwire.stream.processor import Refusing, Rejected, Result
from textwire.wire.record import Partition, Record
from textwire.wire.topic import Topic

SERVICE = Shop().service


def sent(topic: Topic = RECS_REQUESTS, key: bytes | None = b"u", **fields: object) -> Rejected:
    """A record with these fields, and why the loop refuses it."""
    return rejected(msgspec.json.encode(fields), topic, key)


def rejected(value: bytes, topic: Topic = RECS_REQUESTS, key: bytes | None = b"u") -> Rejected:
    record = Record(Partition(topic.name, 3), 7, key, value, timestamp_ms=1)
    with pytest.raises(RecordRejected) as refused:
        Decoder((topic,), max_bytes=200_000).decode(record)
    return Rejected(record, refused.value)


def failed(request: ScoreRequest, error: Exception) -> Rejected:
    """A request that was decoded, and what the loop met with it later."""
    record = Record(Partition(RECS_REQUESTS.name, 3), 7, b"u", b"{}")
    return Rejected(record, error, request)


def error_in(refused: Rejected) -> str:
    scored = list_in(SERVICE.refuse(refused))
    assert scored.scores == ()
    return scored.error or ""


def test_recommendations_tells_whoever_asked() -> None:
    assert isinstance(SERVICE, Refusing)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"k": 201}, "`k` has to be a whole number from 1 to 200."),
        ({"candidates": ["i"] * 1_001}, "`candidates` has to be a list of at most 1,000,"),
        ({"k": 0, "trigger": "now"}, "200; `trigger` has to be one of push, request."),
        ({"context": "x" * 8_001}, "`context` has to be text of at most 8,000 characters."),
    ],
)
def test_a_request_that_does_not_fit_is_answered_with_what_would(
    fields: dict[str, object], told: str
) -> None:
    result = SERVICE.refuse(sent(user_id="u", id="r1", **fields))
    scored = list_in(result)
    assert (scored.user_id, scored.request_id, scored.trigger) == ("u", "r1", "request")
    assert (scored.model, scored.scored_at) == ("v1", AT)
    assert told in (scored.error or "")
    assert (scored.error or "").endswith("Correct the request and send it again.")
    assert [out.topic for out in result.messages] == [RECS_SCORES]


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        (sent(id="r1"), "`user_id` has to be text of 1 to 200 characters"),
        (rejected(b'{"user_id": "u", "k"'), "not JSON in UTF-8"),
        (sent(user_id="u", more="x" * 200_000), "too large: 200,0"),
        (failed(ScoreRequest(user_id="u"), RuntimeError("at /srv/x.py")), "error in the service"),
        (failed(ScoreRequest(user_id="u"), RecordRejected("its result is too large")), "too large"),
        (failed(ScoreRequest(user_id="u"), RecordSkipped("ops")), "passed over by an operator"),
    ],
)
def test_each_reason_is_told(refused: Rejected, told: str) -> None:
    assert told in error_in(refused)


def test_nothing_of_the_inside_is_told() -> None:
    error = error_in(failed(ScoreRequest(user_id="u"), RuntimeError("at /srv/x.py")))
    assert "srv" not in error
    assert "RuntimeError" not in error


def test_a_request_without_an_id_is_known_by_its_place() -> None:
    assert list_in(SERVICE.refuse(sent(user_id="u", k=201))).request_id == "recs.requests-3-7"


def test_where_the_request_names_no_user_the_key_does() -> None:
    assert list_in(SERVICE.refuse(rejected(b"\xff", key=b"u9"))).user_id == "u9"


@pytest.mark.parametrize(
    "refused",
    [
        rejected(b"\xff", key=None),
        sent(RECS_EVENTS, user_id="u", kind="stare"),
        Rejected(
            Record(Partition(RECS_EVENTS.name, 0), 0, b"u", b"{}"),
            RecordRejected("about no item"),
            did("click"),
        ),
        sent(user_id="u", trigger="push", k=201),
        failed(ScoreRequest(user_id="u", trigger="push"), RuntimeError()),
    ],
)
def test_nothing_is_said_where_nobody_asked_or_nobody_can_be_told(refused: Rejected) -> None:
    assert SERVICE.refuse(refused) == Result()


@pytest.mark.parametrize(
    "asks",
    [{"trial": True}, {"model": "v2"}, {"what_if": [{}]}, {"why_not": ["i"]}, {"trade_off": 2}],
    ids=lambda asks: next(iter(asks)),
)
def test_a_trial_that_is_refused_is_answered_as_a_trial_is(asks: dict[str, object]) -> None:
    result = SERVICE.refuse(sent(user_id="u", id="r", k=201, **asks))
    store = MemoryResults()
    store.write(result.writes)
    assert read_tried(store, "u", "r") == list_in(result)
    assert read_refusal(store, "u") is None


def test_what_asks_for_its_answer_on_another_topic_is_refused_there() -> None:
    shop = Shop(reply_topics=["shop.lists"])
    for reply_to, topic in (("shop.lists", "shop.lists"), ("others", RECS_SCORES.name)):
        [told] = shop.service.refuse(sent(k=201, user_id="u", reply_to=reply_to)).messages
        assert told.topic.name == topic


def test_a_refusal_leaves_the_last_list_as_it_is() -> None:
    shop = Shop()
    shop.processed(did("click", "tent"))
    served = shop.list_for("u")
    result = shop.service.refuse(sent(user_id="u", id="r2", k=201))
    shop.store.write(result.writes)
    assert read_scores(shop.store, "u") == served
    refused = read_refusal(shop.store, "u")
    assert refused is not None
    assert (refused.request_id, refused.scores) == ("r2", ())
    assert shop.pushed() is None  # the list is no other than the one served


def test_forgetting_a_user_takes_the_refusal_too() -> None:
    store = MemoryResults()
    store.write(SERVICE.refuse(sent(user_id="u", k=201)).writes)
    store.write(forget_writes("u"))
    assert read_refusal(store, "u") is None


ERRORS = st.sampled_from(
    [RecordRejected("x" * 9_000), RecordTooLarge("too large"), RecordSkipped("s"), ValueError()]
)
VALUES = st.binary(max_size=80) | st.dictionaries(
    st.sampled_from(["user_id", "id", "k", "trigger", "candidates"]),
    st.none() | st.integers() | st.text(max_size=9) | st.lists(st.text(max_size=3)),
).map(msgspec.json.encode)


@settings(max_examples=200)
@given(VALUES, st.none() | st.binary(max_size=9), ERRORS)
def test_whatever_is_refused_nothing_is_raised_and_what_is_said_can_be_sent(
    value: bytes, key: bytes | None, error: Exception
) -> None:
    record = Record(Partition(RECS_REQUESTS.name, 0), 0, key, value)
    result = SERVICE.refuse(Rejected(record, error))
    for out in result.messages:
        assert RECS_SCORES.key(out.message)
        read = msgspec.json.decode(msgspec.json.encode(out.message), type=ScoredList)
        assert 0 < len(read.error or "") < 2_000
