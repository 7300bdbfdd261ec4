"""What the page of the bot's knowledge reads: its passages, and what a review of them found.

Passages stand here as the service has them, whatever topic they came from: a page asks no broker.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from textwire.results.keys import key
from textwire.results.reading import read_list, read_table, read_value
from textwire.results.store import ResultStore
from textwire.results.writes import Append, Drop, Put, SetField, Write
from textwire.support_qa.messages import Answer, AnswerOutcome, Passage
from textwire.support_qa.results import DAY_S, answer_key

PASSAGES_KEY = key("support", "passages")
PASSAGES_VERSION_KEY = key("support", "passages-version")
REVIEW_KEY = key("support", "knowledge-review")
UNANSWERED_KEY = key("support", "unanswered")
UNANSWERED_S = 30 * DAY_S
KEPT_UNANSWERED = 2_000
# Long enough for whoever tries something to read what came of it.
TRIAL_S = 10 * 60

PairKind = Literal["conflict", "duplicate"]


class Unanswered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A question that the bot did not answer.

    question    as it is searched: a follow-up with the questions that it leans on.
    confidence  in the passage that came nearest.
    """

    session_id: str
    question_id: str
    question: str
    outcome: AnswerOutcome
    confidence: float
    at: datetime

    @property
    def place(self) -> tuple[str, str]:
        """Its session and id, by which a review names it."""
        return self.session_id, self.question_id


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """Questions that ask the same, and that nothing answers.

    asked       places of the questions, the one that stands for all first.
    nearest     the passage that comes nearest to it now, and `confidence` that it answers it.
    answered    whether the bot would answer it now.
    """

    asked: tuple[tuple[str, str], ...]
    nearest: str | None
    confidence: float
    answered: bool


class PassagePair(msgspec.Struct, frozen=True, kw_only=True):
    """Two passages, by their ids, that contradict each other or answer the same question."""

    kind: PairKind
    newer: str
    older: str


class KnowledgeReview(msgspec.Struct, frozen=True, kw_only=True):
    """What a review found. `compared` of the `passages` were compared with their neighbours."""

    at: datetime
    passages: int = 0
    compared: int = 0
    gaps: tuple[Gap, ...] = ()
    pairs: tuple[PassagePair, ...] = ()


def passage_writes(changes: Mapping[str, Passage | None], version: str) -> list[Write]:
    """What makes the passages that pages read those that the service has.

    Args: changes: by id, none for those that are gone. version: another one with each change.
    """
    return [
        *(
            SetField(PASSAGES_KEY, id_, None if passage is None else msgspec.json.encode(passage))
            for id_, passage in changes.items()
        ),
        Put(PASSAGES_VERSION_KEY, version.encode()),
    ]


def read_passages(store: ResultStore) -> dict[str, Passage]:
    """All passages that the bot has, by id."""
    return read_table(store, PASSAGES_KEY, Passage)


def read_passages_version(store: ResultStore) -> str:
    """What is another one as soon as any passage is; nothing where there are none."""
    return (store.get(PASSAGES_VERSION_KEY) or b"").decode(errors="replace")


def unanswered_writes(one: Unanswered | None) -> list[Write]:
    """What a question leaves that was not answered."""
    if one is None:
        return []
    encoded = msgspec.json.encode(one)
    return [Append(UNANSWERED_KEY, encoded, keep=KEPT_UNANSWERED, ttl_s=UNANSWERED_S)]


def read_unanswered(store: ResultStore) -> list[Unanswered]:
    """The last questions that were not answered, oldest first."""
    return read_list(store, UNANSWERED_KEY, KEPT_UNANSWERED, Unanswered)


def dropped_writes(gone: list[Unanswered]) -> list[Write]:
    """What lets go of questions that were not answered."""
    return [Drop(UNANSWERED_KEY, msgspec.json.encode(one)) for one in gone]


def forget_unanswered_writes(store: ResultStore, session_id: str) -> list[Write]:
    """What lets go of a session's questions among those that were not answered."""
    return dropped_writes([one for one in read_unanswered(store) if one.session_id == session_id])


def review_writes(review: KnowledgeReview) -> list[Write]:
    """What a review leaves, in the place of the one before."""
    return [Put(REVIEW_KEY, msgspec.json.encode(review))]


def read_review(store: ResultStore) -> KnowledgeReview | None:
    """What the last review found."""
    return read_value(store, REVIEW_KEY, KnowledgeReview)


def trial_writes(answer: Answer) -> list[Write]:
    """What a question leaves that the team tried: its answer, for a moment."""
    place = answer_key(answer.session_id, answer.question_id)
    return [Put(place, msgspec.json.encode(answer), ttl_s=TRIAL_S)]
