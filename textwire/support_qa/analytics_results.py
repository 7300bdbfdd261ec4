"""How support QA does over time: counts for each hour, which go by themselves when past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from textwire.results.keys import key
from textwire.results.reading import read_tables
from textwire.results.store import ResultStore
from textwire.results.writes import Count, Write
from textwire.support_qa.messages import Answer, FeedbackKind
from textwire.support_qa.results import DAY_S
from textwire.wire.whole_numbers import whole_number

HOUR = timedelta(hours=1)
KEPT_HOURS = 30 * 24
KEPT_S = 30 * DAY_S
# Confidences by tenths: an hour has some fifty counters, however many questions it has.
BINS = 10
MILLIS = 1_000
OUTCOME, REASON, CONFIDENCE = "outcome", "reason", "confidence"
RIGHT, WRONG, SURE = "right", "wrong", "sure-millis"


class HourCounts(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted in an hour.

    confidences  of questions that something was searched for, by tenths.
    right, wrong of answers that somebody judged: thumbs up, and down or corrected, by tenths.
    sure         the sum of the confidences of those that were judged, by tenths.
    """

    begins: datetime
    outcomes: dict[str, int] = {}
    reasons: dict[str, int] = {}
    confidences: dict[int, int] = {}
    right: dict[int, int] = {}
    wrong: dict[int, int] = {}
    sure: dict[int, float] = {}


def answer_count_writes(answer: Answer) -> list[Write]:
    """What an answer adds to its hour."""
    fields = [f"{OUTCOME} {answer.outcome}"]
    if answer.handoff_reason:
        fields.append(f"{REASON} {answer.handoff_reason}")
    if was_looked_up(answer):
        fields.append(f"{CONFIDENCE} {tenth(answer.confidence)}")
    return [Count(hour_key(answer.answered_at), field, ttl_s=KEPT_S) for field in fields]


def judged_count_writes(answer: Answer, kind: FeedbackKind, by: int = 1) -> list[Write]:
    """What a judgement adds to the hour of its answer; with -1, what it takes back."""
    if answer.outcome != "answered":
        return []
    place, truth = tenth(answer.confidence), RIGHT if kind == "helpful" else WRONG
    hour, millis = hour_key(answer.answered_at), round(answer.confidence * MILLIS)
    return [
        Count(hour, f"{truth} {place}", by, ttl_s=KEPT_S),
        Count(hour, f"{SURE} {place}", by * millis, ttl_s=KEPT_S),
    ]


def read_hours(store: ResultStore, now: datetime, hours: int = KEPT_HOURS) -> list[HourCounts]:
    """The last hours, oldest first, those too in which nothing was counted."""
    last = beginning(now)
    begins = [last - ago * HOUR for ago in range(min(hours, KEPT_HOURS) - 1, -1, -1)]
    tables = read_tables(store, {at.isoformat(): hour_key(at) for at in begins}, int)
    return [_counts(at, tables[at.isoformat()]) for at in begins]


def was_looked_up(answer: Answer) -> bool:
    """Whether something was searched for it, so that its confidence says something."""
    return answer.outcome in ("answered", "asked_back") or answer.handoff_reason in (
        "low_confidence",
        "no_knowledge",
    )


def coverage(counts: Sequence[HourCounts]) -> float | None:
    """Of the questions that something was searched for, the part that was answered."""
    searched = sum(sum(hour.confidences.values()) for hour in counts)
    answered = sum(hour.outcomes.get("answered", 0) for hour in counts)
    return answered / searched if searched else None


def tenth(confidence: float) -> int:
    """The bin of a confidence, 0 to 9."""
    return min(BINS - 1, int(confidence * BINS))


def beginning(at: datetime) -> datetime:
    """When its hour began."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def hour_key(at: datetime) -> str:
    """Where an hour's counts stand."""
    return key("support", "hour", f"{at.astimezone(UTC):%Y-%m-%dT%H}")


def _counts(begins: datetime, table: dict[str, int]) -> HourCounts:
    named: dict[str, dict[str, int]] = {}
    for field, count in table.items():
        group, _, name = field.partition(" ")
        named.setdefault(group, {})[name] = count
    return HourCounts(
        begins=begins,
        outcomes=named.get(OUTCOME, {}),
        reasons=named.get(REASON, {}),
        confidences=_by_bin(named.get(CONFIDENCE, {})),
        right=_by_bin(named.get(RIGHT, {})),
        wrong=_by_bin(named.get(WRONG, {})),
        sure={place: n / MILLIS for place, n in _by_bin(named.get(SURE, {})).items()},
    )


def _by_bin(counts: dict[str, int]) -> dict[int, int]:
    """Counters by their bins; what names none is not ours."""
    by_bin = ((whole_number(name, most=BINS - 1), count) for name, count in counts.items())
    return {place: count for place, count in by_bin if place is not None}
