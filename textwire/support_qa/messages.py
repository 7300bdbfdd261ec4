"""Support QA: passages, questions, answers, handoffs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar, Literal, Self

import msgspec

from textwire.support_qa.column_names import PASSAGE_COLUMNS
from textwire.wire.message import Identifier, Language, Message, Moment, Probability, ShortText, Url

# Some 2,000 tokens, far past what a customer types in one message.
MOST_QUESTION_CHARACTERS = 8_000
QuestionText = Annotated[str, msgspec.Meta(min_length=1, max_length=MOST_QUESTION_CHARACTERS)]
# A text of blanks would be found by no question, and answer none.
PassageText = Annotated[str, msgspec.Meta(min_length=1, max_length=50_000, pattern=r"\S")]
Tags = Annotated[tuple[ShortText, ...], msgspec.Meta(max_length=50)]

AnswerOutcome = Literal[
    "answered", "asked_back", "handed_over", "acknowledged", "waiting", "refused"
]
# What a message does in its conversation.
Act = Literal[
    "question",
    "follow_up",
    "greeting",
    "thanks",
    "goodbye",
    "yes",
    "no",
    "wants_person",
    "refuses_person",
    "complaint",
    "insult",
    "small_talk",
    "personal_data",
    "nonsense",
    "two_questions",
]
HandoffReason = Literal["low_confidence", "customer_asked", "no_knowledge"]
Role = Literal["customer", "bot", "agent"]


class Passage(Message, frozen=True, kw_only=True):
    """One piece of knowledge: a past question with its best answer, or a section of an article.

    `source` is the file or program it comes from. It is found from `valid_from` on and until
    `valid_until`; without them, always.
    """

    end_fields: ClassVar[frozenset[str]] = frozenset({"valid_until"})
    column_names: ClassVar[Mapping[str, tuple[tuple[str, ...], ...]]] = PASSAGE_COLUMNS

    id: Identifier
    text: PassageText
    question: ShortText | None = None
    title: ShortText | None = None
    url: Url | None = None
    tags: Tags = ()
    language: Language | None = None
    source: ShortText | None = None
    valid_from: Moment | None = None
    valid_until: Moment | None = None

    def __post_init__(self) -> None:
        """Refuse a passage that would never be found.

        Raises: ValueError.
        """
        if self.valid_from and self.valid_until and self.valid_until <= self.valid_from:
            raise ValueError("`valid_until` is not after `valid_from`, so it would never be found")

    def is_valid_at(self, moment: datetime) -> bool:
        """Whether it may answer a question then."""
        begun = self.valid_from is None or self.valid_from <= moment
        return begun and (self.valid_until is None or moment < self.valid_until)

    @property
    def searchable_text(self) -> str:
        """What is embedded and indexed: the question, or else the title, before the text."""
        return f"{self.heading}\n{self.text}" if self.heading else self.text

    @property
    def heading(self) -> str | None:
        """What it answers, or what it is called."""
        return self.question or self.title


class Question(Message, frozen=True, kw_only=True):
    """What a customer asked.

    With `tags`, only passages that have one of them may answer it; with `language`, only passages
    in it and those that say no language.
    """

    time_field: ClassVar[str | None] = "asked_at"

    session_id: Identifier
    text: QuestionText
    id: Identifier | None = None
    language: Language | None = None
    tags: Tags = ()
    asked_at: Moment | None = None

    def completed(self, record_id: str, record_at: datetime) -> Self:
        """Itself with an id and a time."""
        return msgspec.structs.replace(
            self, id=self.id or record_id, asked_at=self.asked_at or record_at
        )


class Source(Message, frozen=True, kw_only=True):
    """A passage that supports an answer, whole.

    `score` is the probability that it answers the question, as the answer's confidence is; `cited`
    are the sentences of it that the answer is made of.
    """

    passage_id: str
    text: str
    score: Probability
    title: str | None = None
    url: str | None = None
    cited: tuple[str, ...] = ()


class Answer(Message, frozen=True, kw_only=True, omit_defaults=False):
    """What the bot said, how sure it was, and from what.

    A message that asks for nothing is `acknowledged`. `asked_back` offers `choices`: questions, one
    of which may be what was meant. While a colleague is on the way the bot is `waiting` with them.
    A question that could not be served is `refused`: `text` says why and what to send instead,
    confidence is 0, and there are no sources. Where the question had no readable id of its own,
    `question_id` is its place: topic, partition, offset.
    """

    question_id: str
    session_id: str
    outcome: AnswerOutcome
    text: str
    confidence: Probability
    sources: tuple[Source, ...]
    model: str
    answered_at: Moment
    handoff_reason: HandoffReason | None = None  # why a person takes over, when one does
    act: Act | None = None  # what the customer's message did
    choices: tuple[str, ...] = ()


class Turn(Message, frozen=True, kw_only=True):
    """One utterance of a conversation; `refused` where the question could not be served.

    `act` is what the customer's message did, `outcome` what the bot's answer came to.
    """

    role: Role
    text: str
    at: Moment
    question_id: str | None = None
    refused: bool = False
    act: Act | None = None
    outcome: AnswerOutcome | None = None
    choices: tuple[str, ...] = ()


class Handoff(Message, frozen=True, kw_only=True, omit_defaults=False):
    """A question for a person, with everything that was said before."""

    id: str
    session_id: str
    question_id: str
    reason: HandoffReason
    conversation: tuple[Turn, ...]
    candidates: tuple[Source, ...]
