"""What users were shown, and by whom: written where lists are made, read where events come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from textwire.recommendations.experiments.experiment import LONGEST_WITHIN_HOURS
from textwire.recommendations.experiments.stored import counts_key
from textwire.recommendations.keys import exposed_key
from textwire.recommendations.messages import ScoredList, ShownArm
from textwire.recommendations.results import PROFILE_TTL_S
from textwire.results.reading import read_values
from textwire.results.store import ResultStore
from textwire.results.writes import Count, Put, Write
from textwire.wire.message import Moment

KEPT_LISTS = 20
KEPT_MET = 20
KEPT_FOR = timedelta(hours=LONGEST_WITHIN_HOURS)


class Exposure(msgspec.Struct, frozen=True, kw_only=True):
    """A list that a user was shown.

    ranks    of its items, by id, from 1; of a list with pages those that were asked for.
    picks_b  which of them `b` picked, where both did.
    """

    list_id: str
    at: Moment
    model: str
    ranks: dict[str, int]
    experiment: str | None = None
    arm: ShownArm | None = None
    picks_b: tuple[str, ...] = ()


class Exposed(msgspec.Struct, frozen=True, kw_only=True):
    """What a user was shown lately, the last list last, and which experiments they have met."""

    lists: tuple[Exposure, ...] = ()
    met: tuple[str, ...] = ()


def read_exposed(store: ResultStore, user_ids: Sequence[str]) -> dict[str, Exposed]:
    """What users were shown, by user."""
    return read_values(store, {user_id: exposed_key(user_id) for user_id in user_ids}, Exposed)


class Exposing:
    """The exposures of one batch: as they are stored, and as the batch goes on with them."""

    def __init__(self, stored: Mapping[str, Exposed]) -> None:
        self._known = dict(stored)

    def shown(self, told: ScoredList, picks_b: Sequence[str] = ()) -> list[Write]:
        """A list was shown; a list whose next page is shown counts once.

        Args: picks_b: items that `b` has picked of an interleaved list.
        """
        before = self._known.get(told.user_id, Exposed())
        same = next((one for one in before.lists if one.list_id == told.list_id), None)
        exposure = _exposure(told, picks_b, same)
        others = [
            one
            for one in before.lists
            if one.list_id != told.list_id and told.scored_at - one.at <= KEPT_FOR
        ]
        writes: list[Write] = []
        met = before.met
        if told.arm is not None and told.experiment is not None:
            name, arm = told.experiment, told.arm
            if same is None:
                writes.append(_count(name, f"{arm}:lists"))
            if name not in met:
                met = (*met, name)[-KEPT_MET:]
                writes.append(_count(name, f"{arm}:users"))
        after = Exposed(lists=(*others, exposure)[-KEPT_LISTS:], met=met)
        self._known[told.user_id] = after
        put = Put(exposed_key(told.user_id), msgspec.json.encode(after), ttl_s=PROFILE_TTL_S)
        return [put, *writes]

    def forget(self, user_id: str) -> None:
        """Know nothing of a user."""
        self._known.pop(user_id, None)


def last_shown(
    exposed: Exposed, at: datetime, within: timedelta, item_id: str | None = None
) -> Exposure | None:
    """The last list shown before a moment and not longer ago; of an item, the last that has it."""
    for one in reversed(exposed.lists):
        if timedelta() <= at - one.at <= within and (item_id is None or item_id in one.ranks):
            return one
    return None


def _exposure(told: ScoredList, picks_b: Sequence[str], same: Exposure | None) -> Exposure:
    shown = {item.item_id: item.rank for item in told.scores}
    return Exposure(
        list_id=told.list_id,
        at=told.scored_at,
        model=told.model,
        ranks={**(same.ranks if same else {}), **shown},
        experiment=told.experiment if told.arm else None,
        arm=told.arm,
        picks_b=tuple(dict.fromkeys([*(same.picks_b if same else ()), *picks_b])),
    )


def _count(name: str, field: str) -> Count:
    return Count(counts_key(name), field, ttl_s=PROFILE_TTL_S)
