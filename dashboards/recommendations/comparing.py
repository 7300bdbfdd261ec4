"""Two lists side by side: asked for as trials, which change nothing, and set beside each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from dashboards.connections import MessageSender
from dashboards.recommendations.item_cards import MatchView, best_score, match_of
from dashboards.rendering import render
from dashboards.requests import Request, send_all
from dashboards.wording import chance_words, counted
from textwire.recommendations.messages import Item, ScoredList, ScoreRequest
from textwire.recommendations.results import read_tried
from textwire.recommendations.topics import RECS_REQUESTS
from textwire.results.store import ResultStore


@dataclass(frozen=True)
class Side:
    """One of two lists: whose, under what title, and what is asked of it beside the usual."""

    title: str
    user_id: str
    wishes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Comparison(Request):
    """Lists that were asked for, by the ids of their requests."""

    sides: tuple[Side, ...]
    request_ids: tuple[str, ...]

    def lists(self, store: ResultStore) -> list[ScoredList | None]:
        """Those that have come."""
        asked = zip(self.sides, self.request_ids, strict=True)
        return [read_tried(store, side.user_id, request_id) for side, request_id in asked]


@dataclass(frozen=True)
class EntryView:
    """An item of a list, and where the other list has it."""

    rank: int
    title: str
    match: MatchView
    beside: str
    is_only_here: bool
    reason: str


@dataclass(frozen=True)
class WhyNotView:
    """An item that was asked about."""

    title: str
    step: str
    words: str
    score: str


STEP_WORDS = {
    "listed": "It is listed",
    "variant": "A variant is listed",
    "not_found": "Not looked at",
    "scored_lower": "Scored lower",
    "too_alike": "Too much alike",
    "unknown": "Not in the catalogue",
    "sold_out": "Sold out",
    "not_out_yet": "Not out yet",
    "bought": "Bought already",
    "disliked": "Turned down",
    "excluded": "Excluded",
    "seen": "Opened already",
    "filtered": "Filtered out",
    "priced_out": "Beyond the price",
    "blocked": "Blocked by a rule",
}


def compare(
    sides: Sequence[Side], k: int, now: datetime, sender: Callable[[], MessageSender]
) -> Comparison:
    """Ask for the lists of both sides."""
    requests = [
        ScoreRequest(user_id=side.user_id, id=uuid4().hex, k=k, trial=True, **side.wishes)
        for side in sides
    ]
    problem = send_all([(RECS_REQUESTS, request) for request in requests], sender)
    ids = tuple(request.id or "" for request in requests)
    return Comparison(tuple(sides), ids, asked_at=now, problem=problem)


def compared_list(
    scored: ScoredList, other: ScoredList | None, items: Mapping[str, Item], side: Side
) -> str:
    """A list, each item with its place in the other."""
    ranks = {one.item_id: one.rank for one in other.scores} if other else {}
    best = best_score(scored.scores)
    entries = [
        EntryView(
            rank=one.rank,
            title=_title(one.item_id, items),
            match=match_of(one, best, scored.mode),
            beside=_beside(one.rank, ranks.get(one.item_id)) if other else "",
            is_only_here=other is not None and one.item_id not in ranks,
            reason=one.reason,
        )
        for one in scored.scores
    ]
    return render(
        "recommendations/compared.html", title=side.title, model=scored.model, entries=entries
    )


def in_common(first: ScoredList, second: ScoredList) -> str:
    """How much two lists agree, in words."""
    ids = [{one.item_id for one in scored.scores} for scored in (first, second)]
    both, places = len(ids[0] & ids[1]), max(len(ids[0]), len(ids[1]))
    same = sum(
        one.item_id == other.item_id
        for one, other in zip(first.scores, second.scores, strict=False)
    )
    return f"{both} of {counted(places, 'item')} in both lists, {same} of them at the same place"


def why_not_table(scored: ScoredList, items: Mapping[str, Item]) -> str:
    """Why each item that was asked about is not listed."""
    rows = [
        WhyNotView(
            title=_title(one.item_id, items),
            step=STEP_WORDS[one.step],
            words=one.words if one.other is None else f"{one.words} ({_title(one.other, items)})",
            score="" if one.score is None else chance_words(one.score),
        )
        for one in scored.why_not
    ]
    return render("recommendations/why_not.html", rows=rows)


def _title(item_id: str, items: Mapping[str, Item]) -> str:
    return items[item_id].title if item_id in items else item_id


def _beside(rank: int, other: int | None) -> str:
    if other is None:
        return "only here"
    return "same place" if other == rank else f"there {other}."
