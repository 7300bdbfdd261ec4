"""What people thought of answers: counted for each passage, and kept to learn from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, get_args

import msgspec

from textwire.results.reading import read_list, read_table, read_tables
from textwire.results.store import ResultStore
from textwire.results.writes import Append, Count, Drop, Remove, SetField, Write
from textwire.support_qa.messages import Feedback, FeedbackKind
from textwire.support_qa.results import (
    DAY_S,
    JUDGED_KEY,
    KEPT_IDS,
    feedback_count_key,
    feedback_key,
    question_ids_key,
)

JUDGED_S = 180 * DAY_S
KEPT_JUDGED = 10_000
# Who judges without a name.
CUSTOMER = ""


class Judged(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A question with what was thought of its answer, or with what a colleague wrote instead.

    question    as it is searched: a follow-up with the questions that it leans on.
    stood_on    ids of the passages that the answer had, the one that it stood on first.
    passage_id  the source that was judged; of a correction, the passage that has the right answer.
    """

    session_id: str
    question_id: str
    question: str
    kind: FeedbackKind | Literal["replied"]
    at: datetime
    stood_on: tuple[str, ...] = ()
    text: str | None = None
    passage_id: str | None = None
    by: str | None = None

    @property
    def counts_for(self) -> str | None:
        """The passage that it speaks for or against: one that the answer had, or none."""
        if self.kind == "replied" or not self.stood_on:
            return None
        return self.passage_id if self.passage_id in self.stood_on else self.stood_on[0]


def judged(feedback: Feedback, question: str, stood_on: tuple[str, ...], at: datetime) -> Judged:
    """Feedback together with what it is about."""
    return Judged(
        session_id=feedback.session_id,
        question_id=feedback.question_id,
        question=question,
        kind=feedback.kind,
        at=at,
        stood_on=stood_on,
        text=feedback.text,
        passage_id=feedback.passage_id,
        by=feedback.by,
    )


def judged_writes(new: Judged, old: Judged | None, kept_s: int = DAY_S) -> list[Write]:
    """What a judgement leaves; it takes the place of the one that the same person gave before.

    Args: kept_s: how long the page knows of it.
    """
    encoded = msgspec.json.encode(new)
    stands = SetField(
        feedback_key(new.session_id, new.question_id), new.by or CUSTOMER, encoded, ttl_s=kept_s
    )
    kept = Append(JUDGED_KEY, encoded, keep=KEPT_JUDGED, ttl_s=JUDGED_S)
    return [*(_taken_back(old) if old else []), stands, kept, *_counted(new, 1)]


def reply_writes(reply: Judged) -> list[Write]:
    """What a colleague's reply leaves to learn from."""
    return [Append(JUDGED_KEY, msgspec.json.encode(reply), keep=KEPT_JUDGED, ttl_s=JUDGED_S)]


def read_feedback(store: ResultStore, session_id: str, question_id: str) -> dict[str, Judged]:
    """What was said about an answer, by who said it; the customer is an empty name."""
    return read_table(store, feedback_key(session_id, question_id), Judged)


def read_customers_feedback(
    store: ResultStore, session_id: str, question_ids: Sequence[str]
) -> dict[str, FeedbackKind]:
    """What a session's customer thought of these answers, where they said so, by question."""
    keys = {id_: feedback_key(session_id, id_) for id_ in question_ids}
    said = {id_: by.get(CUSTOMER) for id_, by in read_tables(store, keys, Judged).items()}
    return {id_: one.kind for id_, one in said.items() if one and one.kind != "replied"}


def read_judged(store: ResultStore, count: int = KEPT_JUDGED) -> list[Judged]:
    """The last judgements and replies of all sessions, oldest first."""
    return read_list(store, JUDGED_KEY, count, Judged)


def read_passage_feedback(store: ResultStore) -> dict[str, dict[FeedbackKind, int]]:
    """How often each passage was found helpful, unhelpful and in need of correction."""
    counts: dict[str, dict[FeedbackKind, int]] = {}
    for kind in get_args(FeedbackKind):
        for passage_id, count in read_table(store, feedback_count_key(kind), int).items():
            counts.setdefault(passage_id, {})[kind] = count
    return counts


def forget_feedback_writes(store: ResultStore, session_id: str) -> list[Write]:
    """What lets go of all that a session's customer and colleagues thought of its answers.

    How often a passage was found helpful stays: a count tells of nobody.
    """
    ids = store.tail(question_ids_key(session_id), KEPT_IDS)
    of_session = [one for one in read_judged(store) if one.session_id == session_id]
    return [
        *(Remove(feedback_key(session_id, id_.decode())) for id_ in dict.fromkeys(ids)),
        *(Drop(JUDGED_KEY, msgspec.json.encode(one)) for one in of_session),
    ]


def _taken_back(old: Judged) -> list[Write]:
    return [Drop(JUDGED_KEY, msgspec.json.encode(old)), *_counted(old, -1)]


def _counted(one: Judged, by: int) -> list[Write]:
    if one.kind == "replied" or one.counts_for is None:
        return []
    return [Count(feedback_count_key(one.kind), one.counts_for, by)]
