"""Support QA: passages, questions, answers, handoffs, replies of colleagues, feedback."""

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

# A colleague writes with more to say than a customer, and no more than a passage may hold.
ReplyText = Annotated[str, msgspec.Meta(min_length=1, max_length=8_000, pattern=r"\S")]

AnswerOutcome = Literal[
    "answered", "asked_back", "handed_over", "acknowledged", "waiting", "replied", "refused"
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
# `in_danger`: a life may be; a colleague should look at once.
HandoffReason = Literal["low_confidence", "customer_asked", "no_knowledge", "in_danger"]
HandoffState = Literal["open", "taken", "closed"]
FeedbackKind = Literal["helpful", "unhelpful", "corrected"]
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
    in it and those that say no language. A `trial` is the team's own: it is answered as any other,
    but nobody is called, nothing is counted, and no conversation is kept.
    """

    time_field: ClassVar[str | None] = "asked_at"

    session_id: Identifier
    text: QuestionText
    id: Identifier | None = None
    language: Language | None = None
    tags: Tags = ()
    asked_at: Moment | None = None
    trial: bool = False

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

    Those of one session stand in one partition, the bot's and the desk's each in their order.
    Sorted by `answered_at`, and by offset where that is equal, they are the conversation as it was
    held.
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
    agent: str | None = None  # which colleague wrote it
    worded_by: str | None = None  # which language model, if not in the passages' own sentences


class Turn(Message, frozen=True, kw_only=True):
    """One utterance of a conversation; `refused` where the question could not be served.

    `act` is what the customer's message did, `outcome` what the bot's answer came to, `by` the name
    of the colleague who wrote. Their turns have no `question_id`: they answer no one message.
    """

    role: Role
    text: str
    at: Moment
    question_id: str | None = None
    refused: bool = False
    act: Act | None = None
    outcome: AnswerOutcome | None = None
    choices: tuple[str, ...] = ()
    by: str | None = None


class Handoff(Message, frozen=True, kw_only=True, omit_defaults=False):
    """A conversation for a person, with everything that was said before; one stands at a time.

    It is sent again whenever its state changes: `open` until a colleague takes it, `taken` by
    `agent` until it is `closed`. Each of these stands for itself, so whoever reads the one of an id
    that changed last knows all there is to know. What was said since is on support.answers.
    """

    id: str
    session_id: str
    question_id: str
    reason: HandoffReason
    conversation: tuple[Turn, ...]
    candidates: tuple[Source, ...]
    state: HandoffState = "open"
    summary: str | None = None  # what the customer wanted, in their own sentences
    opened_at: Moment | None = None
    changed_at: Moment | None = None  # when it came into this state
    agent: str | None = None  # who has it, or had it last
    handed_back: bool = False  # closed without an end: the bot goes on


class AgentReply(Message, frozen=True, kw_only=True):
    """What a colleague does about a handoff: takes it, writes, closes it.

    Who writes into an open one takes it. The first who takes it has it; another takes it over from
    them only by naming them in `takes_from`. With `hands_back` it is closed, and the bot goes on.
    """

    time_field: ClassVar[str | None] = "at"

    session_id: Identifier
    handoff_id: Annotated[str, msgspec.Meta(min_length=1, max_length=401)]
    agent: Identifier
    text: ReplyText | None = None
    takes: bool = False
    takes_from: Identifier | None = None
    closes: bool = False
    hands_back: bool = False
    at: Moment | None = None

    def __post_init__(self) -> None:
        """Refuse what does nothing.

        Raises: ValueError.
        """
        if not (self.text or self.takes or self.takes_from or self.ends):
            raise ValueError(
                "it does nothing: give `text`, `takes`, `takes_from`, `closes` or `hands_back`"
            )

    @property
    def ends(self) -> bool:
        """Whether the handoff is closed by it."""
        return self.closes or self.hands_back

    def completed(self, record_id: str, record_at: datetime) -> Self:  # noqa: ARG002
        """Itself with a time."""
        return msgspec.structs.replace(self, at=self.at or record_at)


class Feedback(Message, frozen=True, kw_only=True):
    """How good an answer was. The last word of each who judges it counts.

    `corrected` says in `text` what is right, or in `passage_id` which passage has it, or both.
    Otherwise `passage_id` is the source that is judged; without it, what the answer stood on.
    """

    time_field: ClassVar[str | None] = "at"

    question_id: Identifier
    session_id: Identifier
    kind: FeedbackKind
    text: ReplyText | None = None
    passage_id: Identifier | None = None
    by: Identifier | None = None  # a colleague; nobody: the customer
    at: Moment | None = None

    def __post_init__(self) -> None:
        """Refuse a correction that corrects nothing.

        Raises: ValueError.
        """
        if self.kind == "corrected" and not (self.text or self.passage_id):
            raise ValueError("`corrected` needs `text` or `passage_id`: what is right instead")

    def completed(self, record_id: str, record_at: datetime) -> Self:  # noqa: ARG002
        """Itself with a time."""
        return msgspec.structs.replace(self, at=self.at or record_at)
