"""Recommendations: items, what users do with them, requests, scores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

import msgspec

from textwire.recommendations.column_names import (
    BASKET_COLUMNS,
    EVENT_COLUMNS,
    EVENT_KINDS,
    ITEM_COLUMNS,
    SEVERAL_CATEGORIES,
    SEVERAL_EVENTS,
    VISITOR_COLUMNS,
)
from textwire.recommendations.event_rows import BASKET, SAID, columns_beside, settled_event
from textwire.recommendations.star_scale import StarScale
from textwire.recommendations.untitled import title_from
from textwire.rows.numbers import is_no_value
from textwire.wire.file_measure import FileMeasure
from textwire.wire.guests import GuestColumns
from textwire.wire.message import Identifier, Message, Moment, Probability, ShortText

Title = Annotated[str, msgspec.Meta(min_length=1, max_length=1_000, pattern=r"\S")]
Description = Annotated[str, msgspec.Meta(max_length=20_000)]
OwnWords = Annotated[str, msgspec.Meta(max_length=8_000)]
Price = Annotated[float, msgspec.Meta(ge=0.0, le=1e9)]
# More would be a batch job, and its answer larger than a record may be.
MOST_CANDIDATES = 1_000
MOST_SCORES = 200
MOST_SUPPOSED, MOST_WHY_NOT = 20, 20

EventKind = Literal[
    "impression",
    "view",
    "click",
    "add_to_cart",
    "remove_from_cart",
    "purchase",
    "return",
    "comment",
    "like",
    "share",
    "rating",
    "dislike",
    "search",
    "identify",
    "forget",
]
Trigger = Literal["request", "push"]
Mode = Literal["for_user", "similar", "bought_together", "trending"]
ShownArm = Literal["a", "b", "interleaved"]

Number = Annotated[float, msgspec.Meta(ge=-1e15, le=1e15)]
FieldText = Annotated[str, msgspec.Meta(max_length=2_000)]
FieldValue: TypeAlias = (
    bool | Number | FieldText | Annotated[tuple[ShortText, ...], msgspec.Meta(max_length=50)]
)
"""What a further field of an item may hold."""


class Range(Message, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From `min` to `max`, both included; either may be left out."""

    min: Number | None = None
    max: Number | None = None


FilterValue: TypeAlias = (
    bool
    | Number
    | ShortText
    | Annotated[tuple[bool | Number | ShortText, ...], msgspec.Meta(max_length=100)]
    | Range
)
Filters: TypeAlias = Annotated[dict[ShortText, FilterValue], msgspec.Meta(max_length=20)]
"""What an item must have, by field: a value, any of several, or a range of numbers."""


class Item(Message, frozen=True, kw_only=True):
    """Something that can be recommended.

    `stock` of 0 or less takes it off sale, as `available: false` does. Any further field that holds
    a text, a number, true or false, or a list of texts is kept in `more`, and `filters` may name
    it. A category, a tag or a description of `N/A`, `none`, `-` and the like is none.
    """

    time_field: ClassVar[str | None] = "published_at"
    column_names: ClassVar[Mapping[str, tuple[tuple[str, ...], ...]]] = ITEM_COLUMNS
    further_field: ClassVar[str | None] = "more"
    counted_ids: ClassVar[bool] = True
    money_fields: ClassVar[frozenset[str]] = frozenset({"price"})
    written_fields: ClassVar[frozenset[str]] = frozenset({"title", "description"})
    spare_fields: ClassVar[frozenset[str]] = frozenset({"price", "description"})
    continued_by: ClassVar[str | None] = "group"
    continued_fields: ClassVar[frozenset[str]] = frozenset(
        {"title", "description", "tags", "category", "published_at", "available"}
    )
    truth_of_time: ClassVar[Mapping[str, str]] = {"published_at": "available"}
    paths_in: ClassVar[Mapping[str, tuple[tuple[str, ...], str]]] = {
        "category": (SEVERAL_CATEGORIES, "tags")
    }

    id: Identifier
    title: Title
    description: Description | None = None
    tags: Annotated[tuple[ShortText, ...], msgspec.Meta(max_length=50)] = ()
    category: ShortText | None = None
    # Of variants, such as sizes: a list shows one of them, and none when one was bought.
    group: ShortText | None = None
    price: Price | None = None
    published_at: Moment | None = None
    available: bool = True
    stock: Annotated[float, msgspec.Meta(ge=-1e9, le=1e9)] | None = None  # below 0: oversold
    more: Annotated[dict[ShortText, FieldValue], msgspec.Meta(max_length=50)] = msgspec.field(
        default_factory=dict
    )

    def __post_init__(self) -> None:
        """Leave out what programs write where there is nothing: a category `N/A` is none."""
        for name in ("category", "description"):
            said = getattr(self, name)
            if said is not None and is_no_value(said):
                msgspec.structs.force_setattr(self, name, None)
        if any(map(is_no_value, self.tags)):
            tags = tuple(tag for tag in self.tags if not is_no_value(tag))
            msgspec.structs.force_setattr(self, "tags", tags)

    @staticmethod
    def settled(fields: dict[str, Any]) -> dict[str, Any]:
        """Of WooCommerce, a product with variations is of their group too.

        A variation names its parent by the SKU, or as `id:12` where that has none.
        """
        more = fields.get("more")
        said = {name.casefold(): value for name, value in more.items()} if more else {}
        if said.get("type") == "variable" and not fields.get("group"):
            parent = said.get("sku") or fields.get("id")
            return {**fields, "group": str(parent)} if parent else fields
        named = fields.get("group")
        if said.get("type") == "variation" and isinstance(named, str):
            return {**fields, "group": named.removeprefix("id:")}
        return fields

    @staticmethod
    def stand_ins(fields: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
        """A title, where a file has none of an item and says something else of it."""
        found = None if str(fields.get("title") or "").strip() else title_from(fields)
        return {"title": found} if found else {}

    @property
    def text(self) -> str:
        """What is embedded: the title, then the category, the tags and the description."""
        about = ", ".join(part for part in (self.category, *self.tags) if part)
        return "\n".join(part for part in (self.title, about, self.description) if part)

    @property
    def on_sale(self) -> bool:
        """Whether it may be offered: it is available, and not sold out."""
        return self.available and (self.stock is None or self.stock > 0)


class BehaviourEvent(Message, frozen=True, kw_only=True):
    """What a user did, with the words they used (a comment, a search) or a value (a rating).

    An `impression` is an item that was shown; a `view` is one that was opened; a `like` is also
    what was bookmarked, or put on a list of wishes. `dislike`, `return`,
    `remove_from_cart` and a rating of 2 or less of 5 speak against an item: it is not offered to
    the user, and what is like it is put down, until they put it into the cart, buy it or praise it.
    A comment is read for its tone. Of each user the last 256 `id`s that senders gave are
    remembered, and an event whose id is among them changes nothing. `identify` says that `user_id`
    is also `same_as`, a guest whose last 100 events become the user's. `forget` asks that all that
    is known of the user be erased.
    """

    time_field: ClassVar[str | None] = "at"
    column_names: ClassVar[Mapping[str, tuple[tuple[str, ...], ...]]] = EVENT_COLUMNS
    choice_names: ClassVar[Mapping[str, Mapping[str, tuple[str, ...]]]] = {"kind": EVENT_KINDS}
    spare_fields: ClassVar[frozenset[str]] = frozenset({"user_id", "text"})
    guests_in: ClassVar[Mapping[str, GuestColumns]] = {
        "user_id": GuestColumns(VISITOR_COLUMNS, BASKET_COLUMNS)
    }
    # The lines of an order: Shopify writes its time beside the first.
    continued_by: ClassVar[str | None] = "user_id"
    continued_fields: ClassVar[frozenset[str]] = frozenset({"at"})
    listed_in: ClassVar[tuple[str, ...]] = (
        *("items", "line_items", "products", "history", "purchases", "basket"),
    )
    several_in: ClassVar[Mapping[str, tuple[str, ...]]] = SEVERAL_EVENTS
    # Tables of ratings and reviews: who gives stars has had the thing.
    implied: ClassVar[Mapping[str, tuple[str, str]]] = {"kind": ("value", "purchase")}
    measured_by: ClassVar[Callable[[], FileMeasure] | None] = StarScale
    counted_ids: ClassVar[bool] = True
    said_beside: ClassVar[Mapping[str, str]] = SAID
    # The further lines of an order may leave out who ordered.
    shared_in: ClassVar[str | None] = BASKET

    user_id: Identifier
    kind: EventKind
    id: Identifier | None = None
    item_id: Identifier | None = None
    text: OwnWords | None = None
    value: Annotated[float, msgspec.Meta(ge=-1e9, le=1e9)] | None = None
    same_as: Identifier | None = None
    at: Moment | None = None

    @staticmethod
    def columns_beside(names: Iterable[str]) -> dict[str, str]:
        """An order's number, its state, and how many of an item it has."""
        return columns_beside(names)

    @staticmethod
    def settled(fields: dict[str, Any]) -> dict[str, Any]:
        """What was sent back is a return; what says nothing is refused."""
        return settled_event(fields)

    def completed(self, record_id: str, record_at: datetime) -> Self:
        """Itself with an id and a time."""
        return msgspec.structs.replace(self, id=self.id or record_id, at=self.at or record_at)


class Supposed(Message, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that a user might do, as an event says it."""

    kind: EventKind
    item_id: Identifier | None = None
    text: OwnWords | None = None
    value: Annotated[float, msgspec.Meta(ge=-1e9, le=1e9)] | None = None


class ScoreRequest(Message, frozen=True, kw_only=True):
    """Asks for a user's list: of these candidates, or of all items.

    `context` says in words what the user is after just now, such as a search: one thing or several,
    what it is not to be, and what it may cost. `mode`: `for_user`;
    `similar` to `item_id`; `bought_together` with `item_id`; `trending` among all users. `filters`
    says what an item must have. `exclude` are ids that are left out, `exclude_seen` leaves out what
    the user opened, `allow_bought` offers again what they bought: of variants (`group`) of what was
    bought no other size is offered either. With `offset` the list is kept
    for half an hour, and pages of it are asked for by its `list_id`. `reply_to` names another topic
    for the answer, one of the setting `recommendations.reply_topics`. A request whose `id` is one
    of the user's last 20 was answered and is not answered again.

    While an experiment runs, the user's own lists are its lists, but for requests that name another
    `experiment`, a word of the sender's that is echoed.

    A `trial` asks what would be, and changes nothing: its list is not remembered as the user's.
    So does whatever has one of these. `model`: by this version, of those that are served.
    `trade_off`: instead of the setting. `what_if`: as if the user had just done this too.
    `why_not`: why these items are not listed.
    """

    user_id: Identifier
    id: Identifier | None = None
    mode: Mode = "for_user"
    item_id: Identifier | None = None
    candidates: (
        Annotated[tuple[Identifier, ...], msgspec.Meta(max_length=MOST_CANDIDATES)] | None
    ) = None
    k: Annotated[int, msgspec.Meta(ge=1, le=MOST_SCORES)] | None = None
    context: OwnWords | None = None
    filters: Filters = msgspec.field(default_factory=dict)
    exclude: Annotated[tuple[Identifier, ...], msgspec.Meta(max_length=MOST_CANDIDATES)] = ()
    exclude_seen: bool = False
    allow_bought: bool = False
    offset: Annotated[int, msgspec.Meta(ge=0, le=MOST_SCORES)] | None = None
    list_id: Identifier | None = None
    reply_to: Annotated[str, msgspec.Meta(min_length=1, max_length=249)] | None = None
    experiment: ShortText | None = None
    trial: bool = False
    model: ShortText | None = None
    trade_off: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    what_if: Annotated[tuple[Supposed, ...], msgspec.Meta(max_length=MOST_SUPPOSED)] = ()
    why_not: Annotated[tuple[Identifier, ...], msgspec.Meta(max_length=MOST_WHY_NOT)] = ()
    trigger: Trigger = "request"

    def completed(self, record_id: str, record_at: datetime) -> Self:  # noqa: ARG002
        """Itself with an id."""
        return msgspec.structs.replace(self, id=self.id or record_id)

    @property
    def is_trial(self) -> bool:
        """Whether it asks what would be."""
        asks = self.trial or self.model or self.what_if or self.why_not
        return bool(asks) or self.trade_off is not None

    @property
    def is_plain(self) -> bool:
        """Whether it asks for the user's own list of all items, and for nothing more."""
        return (
            not self.is_trial
            and self.mode == "for_user"
            and self.candidates is None
            and not (self.context or "").strip()
            and not self.filters
            and not self.exclude
            and not self.exclude_seen
            and not self.allow_bought
            and not self.offset
        )


class ScoredItem(Message, frozen=True, kw_only=True, omit_defaults=False):
    """An item's place in a list. `parts` are what the ranker saw, by name."""

    item_id: str
    rank: int  # from 1
    score: Probability  # of `for_user`: that they will click or buy it next, calibrated
    parts: dict[str, float]
    reason: str


DropReason = Literal[
    "unknown", "sold_out", "not_out_yet", "bought", "disliked", "excluded", "seen", "filtered",
    "priced_out", "blocked",
]  # fmt: skip


class DroppedItem(Message, frozen=True, kw_only=True, omit_defaults=False):
    """An item that was asked for and is not in the list, and why."""

    item_id: str
    why: DropReason


LeftOutBy = Literal[
    "listed", "variant", "not_found", "scored_lower", "too_alike", "unknown", "sold_out",
    "not_out_yet", "bought", "disliked", "excluded", "seen", "filtered", "priced_out", "blocked",
]  # fmt: skip


class WhyNot(Message, frozen=True, kw_only=True, omit_defaults=False):
    """Which step kept an item out of a list.

    In their order: what is not offered at all (as for `dropped`); `not_found`: it was not among the
    items that are looked at; `variant`: `other` of the same group is listed; `scored_lower` than
    what the list ends with; `too_alike`: scored higher, and is like `other`, which is listed.
    `score` is what the ranker makes of it, and `place` where that would put it by scores alone.
    """

    item_id: str
    step: LeftOutBy
    score: float | None = None
    place: int | None = None
    other: str | None = None
    words: str = ""


class ScoredList(Message, frozen=True, kw_only=True, omit_defaults=False):
    """How much a user will care, item by item, best first.

    Asked for by a request, or pushed since the user's events changed the list. A request that could
    not be served has no scores, and says in `error` why, and what to send instead; where it had no
    readable id of its own, `request_id` is its place: topic, partition, offset.

    Scores of `for_user` are probabilities; of `similar` the likeness of texts; of `bought_together`
    the strength of what is bought with it and of `trending` of what all users do, the first being
    1. `dropped` names the candidates of the request that are not in the list, and of a page those
    that have gone since the list was made. `unread_context`: the words of the request are in a
    language that the model does not read, so the list was made without them. `notes` are for
    people.

    Of an experiment of two models `arm` says whose list it is: of `a`, of `b`, or `interleaved`,
    where both have picked in turn, `model` names both and each item has its own model's score.
    """

    user_id: str
    scores: tuple[ScoredItem, ...]
    model: str
    scored_at: Moment
    request_id: str | None = None
    trigger: Trigger = "request"
    list_id: str = ""
    mode: Mode = "for_user"
    item_id: str | None = None
    context: str | None = None
    k: int | None = None
    offset: int = 0
    experiment: str | None = None
    arm: ShownArm | None = None
    dropped: tuple[DroppedItem, ...] = ()
    unknown_candidates: tuple[str, ...] = ()  # asked for, and not in the catalogue
    unread_context: bool = False
    why_not: tuple[WhyNot, ...] = ()
    notes: tuple[str, ...] = ()
    error: str | None = None
