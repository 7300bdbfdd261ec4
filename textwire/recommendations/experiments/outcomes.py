"""What came of lists: clicks and purchases, each credited to the last list that showed the item.

Users are what experiments compare, since one user's clicks have much in common: so sums over users
are kept, of each user's count and of its square, and grow by what one more click changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Literal, NamedTuple

import msgspec

from textwire.recommendations.experiments.experiment import Experiment
from textwire.recommendations.experiments.exposures import (
    KEPT_FOR,
    Exposed,
    Exposure,
    last_shown,
)
from textwire.recommendations.experiments.prequential import seen_before_writes
from textwire.recommendations.experiments.stored import counts_key
from textwire.recommendations.keys import outcomes_key
from textwire.recommendations.messages import BehaviourEvent, EventKind
from textwire.recommendations.results import PROFILE_TTL_S
from textwire.results.reading import read_values
from textwire.results.store import ResultStore
from textwire.results.writes import Count, Put, Write

Outcome = Literal["clicks", "purchases"]
OUTCOMES: Mapping[EventKind, Outcome] = {
    "click": "clicks",
    "view": "clicks",
    "purchase": "purchases",
}
# An item that is opened three times was found once.
KEPT_CREDITED = 100
KEPT_TALLIES = 5


class Tally(msgspec.Struct, frozen=True, array_like=True):
    """One user's part in an experiment.

    all   what was credited; of an interleaved list, to either team.
    lead  of an interleaved one, what was credited to `b` less what was to `a`.
    """

    all: int = 0
    lead: int = 0


class Outcomes(msgspec.Struct, frozen=True, kw_only=True):
    """What came of the lists of a user."""

    credited: tuple[str, ...] = ()
    tallies: dict[str, dict[str, Tally]] = {}  # experiment -> outcome -> tally


class Credit(NamedTuple):
    """A click or purchase of an item, and the list that it is credited to."""

    outcome: Outcome
    item_id: str
    shown: Exposure


def read_outcomes(store: ResultStore, user_ids: Sequence[str]) -> dict[str, Outcomes]:
    """What came of users' lists, by user."""
    return read_values(store, {user_id: outcomes_key(user_id) for user_id in user_ids}, Outcomes)


def is_outcome(event: BehaviourEvent) -> bool:
    """Whether an event may be credited to a list."""
    return event.kind in OUTCOMES and event.item_id is not None


class Crediting:
    """The outcomes of one batch: as they are stored, and as the batch goes on with them."""

    def __init__(
        self,
        exposed: Mapping[str, Exposed],
        outcomes: Mapping[str, Outcomes],
        experiments: Iterable[Experiment],
    ) -> None:
        """Nothing is written here.

        Args: experiments: that are remembered; one that has ended is credited no longer.
        """
        self._exposed = exposed
        self._known = dict(outcomes)
        self._running = {one.name: one for one in experiments if one.runs}

    def writes(self, event: BehaviourEvent) -> list[Write]:
        """What an event adds to the figures; the same item of the same list adds once."""
        outcome, exposed = OUTCOMES.get(event.kind), self._exposed.get(event.user_id)
        if outcome is None or exposed is None or event.item_id is None or event.at is None:
            return []
        newest = last_shown(exposed, event.at, KEPT_FOR)
        if newest is None:
            return []
        before = self._known.get(event.user_id, Outcomes())
        writes: list[Write] = []
        after = _remembering(before, f"{newest.list_id} {event.item_id} {outcome}")
        if after is not before:
            writes += seen_before_writes(
                newest.model, outcome, newest.ranks.get(event.item_id), event.at
            )
        shown = last_shown(exposed, event.at, KEPT_FOR, event.item_id)
        if shown is not None and self._counts(event, shown):
            credit = Credit(outcome, event.item_id, shown)
            credited = _remembering(after, f"{shown.list_id} {event.item_id} {outcome} credited")
            if credited is not after:
                after, counted = _tallied(credited, credit)
                writes += counted
        if after is before:
            return []
        self._known[event.user_id] = after
        key = outcomes_key(event.user_id)
        return [Put(key, msgspec.json.encode(after), ttl_s=PROFILE_TTL_S), *writes]

    def forget(self, user_id: str) -> None:
        """Know nothing of a user."""
        self._known.pop(user_id, None)

    def _counts(self, event: BehaviourEvent, shown: Exposure) -> bool:
        experiment = self._running.get(shown.experiment or "")
        if experiment is None or event.at is None:
            return False
        return timedelta() <= event.at - shown.at <= experiment.within


def _remembering(outcomes: Outcomes, mark: str) -> Outcomes:
    """The same with a mark; itself where it has it."""
    if mark in outcomes.credited:
        return outcomes
    kept = (*outcomes.credited, mark)[-KEPT_CREDITED:]
    return msgspec.structs.replace(outcomes, credited=kept)


def _tallied(outcomes: Outcomes, credit: Credit) -> tuple[Outcomes, list[Write]]:
    """One more, and what that adds to the sums over users."""
    name, arm = credit.shown.experiment or "", credit.shown.arm
    tallies = {kept: tally for kept, tally in outcomes.tallies.items() if kept != name}
    mine = outcomes.tallies.get(name, {})
    before = mine.get(credit.outcome, Tally())
    pick = 0
    if arm == "interleaved":
        pick = 1 if credit.item_id in credit.shown.picks_b else -1
    after = Tally(before.all + 1, before.lead + pick)
    tallies[name] = {**mine, credit.outcome: after}
    kept = dict(list(tallies.items())[-KEPT_TALLIES:])
    writes = [
        Count(counts_key(name), f"{arm}:{credit.outcome}:{field}", by, ttl_s=PROFILE_TTL_S)
        for field, by in _growth(before, after).items()
        if by
    ]
    return msgspec.structs.replace(outcomes, tallies=kept), list(writes)


def _growth(before: Tally, after: Tally) -> dict[str, int]:
    """By how much the sums over users grow; of what is no interleaved list `lead` stays 0."""
    return {
        "users": int(before.all == 0),
        "sum": after.all - before.all,
        "squares": after.all**2 - before.all**2,
        "lead": after.lead - before.lead,
        "lead_squares": after.lead**2 - before.lead**2,
        "lead_all": after.lead * after.all - before.lead * before.all,
    }
