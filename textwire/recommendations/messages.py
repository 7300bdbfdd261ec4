"""Recommendations: items, what users do with them, requests, scores."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar, Literal, Self

import msgspec

from textwire.recommendations.column_names import EVENT_COLUMNS, ITEM_COLUMNS
from textwire.wire.message import Identifier, Message, Moment, Probability, ShortText

Title = Annotated[str, msgspec.Meta(min_length=1, max_length=1_000, pattern=r"\S")]
Description = Annotated[str, msgspec.Meta(max_length=20_000)]
OwnWords = Annotated[str, msgspec.Meta(max_length=8_000)]
Price = Annotated[float, msgspec.Meta(ge=0.0, le=1e9)]
# More would be a batch job, and its answer larger than a record may be.
MOST_CANDIDATES = 1_000
MOST_SCORES = 200

EventKind = Literal[
    "view", "click", "add_to_cart", "purchase", "comment", "share", "rating", "search", "forget"
]
Trigger = Literal["request", "push"]


class Item(Message, frozen=True, kw_only=True):
    """Something that can be recommended."""

    time_field: ClassVar[str | None] = "published_at"
    column_names: ClassVar[Mapping[str, tuple[tuple[str, ...], ...]]] = ITEM_COLUMNS

    id: Identifier
    title: Title
    description: Description | None = None
    tags: Annotated[tuple[ShortText, ...], msgspec.Meta(max_length=50)] = ()
    category: ShortText | None = None
    price: Price | None = None
    published_at: Moment | None = None
    available: bool = True

    @property
    def text(self) -> str:
        """What is embedded: the title, then the category, the tags and the description."""
        about = ", ".join(part for part in (self.category, *self.tags) if part)
        return "\n".join(part for part in (self.title, about, self.description) if part)


class BehaviourEvent(Message, frozen=True, kw_only=True):
    """What a user did, with the words they used (a comment, a search) or a value (a rating).

    `forget` asks that all that is known of the user be erased.
    """

    time_field: ClassVar[str | None] = "at"
    column_names: ClassVar[Mapping[str, tuple[tuple[str, ...], ...]]] = EVENT_COLUMNS

    user_id: Identifier
    kind: EventKind
    id: Identifier | None = None
    item_id: Identifier | None = None
    text: OwnWords | None = None
    value: Annotated[float, msgspec.Meta(ge=-1e9, le=1e9)] | None = None
    at: Moment | None = None

    def completed(self, record_id: str, record_at: datetime) -> Self:
        """Itself with an id and a time."""
        return msgspec.structs.replace(self, id=self.id or record_id, at=self.at or record_at)


class ScoreRequest(Message, frozen=True, kw_only=True):
    """Asks for a user's list: of these candidates, or of all items.

    `context` says in words what the user is after just now, such as a search.
    """

    user_id: Identifier
    id: Identifier | None = None
    candidates: (
        Annotated[tuple[Identifier, ...], msgspec.Meta(max_length=MOST_CANDIDATES)] | None
    ) = None
    k: Annotated[int, msgspec.Meta(ge=1, le=MOST_SCORES)] | None = None
    context: OwnWords | None = None
    trigger: Trigger = "request"

    def completed(self, record_id: str, record_at: datetime) -> Self:  # noqa: ARG002
        """Itself with an id."""
        return msgspec.structs.replace(self, id=self.id or record_id)


class ScoredItem(Message, frozen=True, kw_only=True, omit_defaults=False):
    """An item's place in a list. `parts` are what the ranker saw, by name."""

    item_id: str
    rank: int  # from 1
    score: Probability  # that the user will click or buy it next, calibrated
    parts: dict[str, float]
    reason: str


class ScoredList(Message, frozen=True, kw_only=True, omit_defaults=False):
    """How much a user will care, item by item, best first.

    Asked for by a request, or pushed since the user's events changed the list. A request that could
    not be served has no scores, and says in `error` why, and what to send instead; where it had no
    readable id of its own, `request_id` is its place: topic, partition, offset.
    """

    user_id: str
    scores: tuple[ScoredItem, ...]
    model: str
    scored_at: Moment
    request_id: str | None = None
    trigger: Trigger = "request"
    unknown_candidates: tuple[str, ...] = ()  # asked for, and not in the catalogue
    error: str | None = None
