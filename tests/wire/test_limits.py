from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.recommendations.messages import BehaviourEvent, Item, ScoreRequest
from textwire.support_qa.messages import Question
from textwire.wire.limits import correction, field_limits, unfit_fields
from textwire.wire.message import Message
from textwire.wire.registry import TOPICS

RECEIVED = [
    topic.message
    for topic in TOPICS.values()
    if topic.direction == "received" and not topic.internal
]


def fields(value: object) -> dict[str, msgspec.Raw]:
    return msgspec.json.decode(msgspec.json.encode(value), type=dict[str, msgspec.Raw])


@pytest.mark.parametrize(
    ("kind", "field", "words"),
    [
        (Question, "text", "text of 1 to 8,000 characters"),
        (Question, "language", "text of at most 35 characters"),
        (Question, "asked_at", "a time with its zone (RFC 3339), such as 2026-03-02T12:00:00Z"),
        (ScoreRequest, "k", "a whole number from 1 to 200"),
        (
            ScoreRequest,
            "candidates",
            "a list of at most 1,000, each of them text of 1 to 200 characters",
        ),
        (ScoreRequest, "trigger", "one of push, request"),
        (Item, "price", "a number from 0 to 1,000,000,000"),
        (Item, "available", "true or false"),
    ],
)
def test_a_limit_is_told_in_words(kind: type[Message], field: str, words: str) -> None:
    assert field_limits(kind)[field] == words


@pytest.mark.parametrize("kind", RECEIVED, ids=lambda kind: kind.__name__)
def test_every_field_that_is_received_is_bounded(kind: type[Message]) -> None:
    for field, words in field_limits(kind).items():
        assert words not in ("text", "a number", "a whole number", "an object"), field


def test_fields_that_do_not_fit_and_those_that_are_missing_are_named_in_order() -> None:
    sent = fields({"k": 201, "candidates": ["i"] * 1_001, "context": "gifts", "more": [1]})
    assert unfit_fields(sent, ScoreRequest) == ["user_id", "candidates", "k"]


def test_a_correction_says_what_each_field_has_to_be() -> None:
    assert correction(["user_id", "k"], ScoreRequest) == (
        "`user_id` has to be text of 1 to 200 characters; "
        "`k` has to be a whole number from 1 to 200"
    )


VALUES = (
    st.none()
    | st.integers(-3, 300)
    | st.text(max_size=4)
    | st.sampled_from(["x" * 201, "x" * 8_001, "view", "push", "2026-03-02T12:00:00Z"])
    | st.lists(st.text(max_size=3), max_size=3)
)


@pytest.mark.parametrize("kind", [Question, ScoreRequest, BehaviourEvent])
@given(data=st.data())
def test_a_message_is_decoded_exactly_when_no_field_is_unfit(
    kind: type[Message], data: st.DataObject
) -> None:
    names = st.sampled_from(sorted(field_limits(kind)))
    sent = data.draw(st.dictionaries(names, VALUES, max_size=5))
    try:
        msgspec.json.decode(msgspec.json.encode(sent), type=kind)
    except msgspec.ValidationError:
        assert unfit_fields(fields(sent), kind)
    else:
        assert unfit_fields(fields(sent), kind) == []
