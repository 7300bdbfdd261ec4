"""What recommendations remember of users and items, and leave for pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import chain

import msgspec

from textwire.recommendations.keys import (
    ACTIVE_KEY,
    DUE_KEY,
    PUSHING_KEY,
    answered_key,
    changed_key,
    exposed_key,
    history_key,
    home_key,
    item_key,
    outcomes_key,
    paged_key,
    profile_key,
    refusal_key,
    scores_key,
    tried_key,
)
from textwire.recommendations.messages import BehaviourEvent, Item, ScoredList
from textwire.results.reading import read_list, read_table, read_value, read_values
from textwire.results.store import ResultStore
from textwire.results.writes import Append, Put, Remove, SetField, Write
from textwire.wire.message import Moment

DAY_S = 24 * 60 * 60
# A user who has not been seen for so long is forgotten without being asked to.
PROFILE_TTL_S = 180 * DAY_S
# Twice what users can be told to be waited for (`recommendations.push_at_most_s`).
LONGEST_AHEAD = timedelta(hours=2)
SCORES_TTL_S = 7 * DAY_S
# Whoever asked looks at once, or in a while when they come back to the page.
REFUSAL_TTL_S = 60 * 60
# A sender repeats a request within minutes, if it does.
ANSWERED_TTL_S = DAY_S
KEPT_ANSWERED = 20
PAGED_TTL_S = 30 * 60
KEPT_PAGED = 5
# Who tried something looks at once.
TRIED_TTL_S = 10 * 60
KEPT_TRIED = 10
KEPT_HISTORY = 100
KEPT_ACTIVE = 300


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A user, as far as is known. Weights fade with a half-life; `at` is when they were true."""

    user_id: str
    at: Moment
    vector: bytes = b""  # (d,) float16, the weighted mean of what was seen and said; empty: nothing
    model: str = ""  # whose vector it is: another model's is made anew from the history
    weight: float = 0.0  # the sum of the weights in the vector
    recent: bytes = b""  # (d,) float16, the same with a half-life of half an hour
    recent_weight: float = 0.0
    categories: dict[str, float] = {}  # category -> weight
    tags: dict[str, float] = {}  # tag -> weight, the heaviest few
    log_price: float = 0.0  # weighted mean of log(1 + price) of what was bought or looked at
    price_weight: float = 0.0
    bought: tuple[str, ...] = ()  # item ids, in order
    seen: dict[str, float] = {}  # item id -> weight of what was done with it, the last few hundred
    trail: dict[str, float] = {}  # item id -> when it was taken last, seconds; in that order
    words: tuple[str, ...] = ()  # the last things the user wrote or searched for
    disliked: tuple[str, ...] = ()  # item ids that were turned down, in order
    shown: dict[str, float] = {}  # item id -> how often it was shown and not opened, faded
    events: int = 0
    taken: bytes = b""  # digests of the last event ids that senders gave, 8 bytes each
    same_as: dict[str, str] = {}  # guest -> the last of their events that became the user's
    # day -> item id -> how much the user has added to what all users like, in its units
    counted: dict[str, dict[str, int]] = {}
    # event id -> the item it is about, which the catalogue does not know (yet), the last few
    pending: dict[str, str] = {}


def profile_writes(profile: Profile) -> list[Write]:
    """A profile as it stands now."""
    return [Put(profile_key(profile.user_id), msgspec.json.encode(profile), ttl_s=PROFILE_TTL_S)]


def event_writes(event: BehaviourEvent) -> list[Write]:
    """An event in its user's history, and the user among the active."""
    return [
        Append(
            history_key(event.user_id),
            msgspec.json.encode(event),
            keep=KEPT_HISTORY,
            ttl_s=PROFILE_TTL_S,
        ),
        SetField(ACTIVE_KEY, event.user_id, msgspec.json.encode(event.at)),
    ]


def scores_writes(scored: ScoredList) -> list[Write]:
    """A user's newest list."""
    return [Put(scores_key(scored.user_id), msgspec.json.encode(scored), ttl_s=SCORES_TTL_S)]


def home_writes(scored: ScoredList) -> list[Write]:
    """What stands in the user's own list of all items, which pushes are compared with."""
    ids = [item.item_id for item in scored.scores]
    return [Put(home_key(scored.user_id), msgspec.json.encode(ids), ttl_s=SCORES_TTL_S)]


def answered_writes(user_id: str, request_ids: Sequence[str]) -> list[Write]:
    """The ids of a user's last requests, the newest last."""
    kept = list(request_ids)[-KEPT_ANSWERED:]
    return [Put(answered_key(user_id), msgspec.json.encode(kept), ttl_s=ANSWERED_TTL_S)]


def paged_writes(scored: ScoredList) -> list[Write]:
    """A whole list, of which pages will be asked for."""
    encoded = msgspec.json.encode(scored)
    return [Append(paged_key(scored.user_id), encoded, keep=KEPT_PAGED, ttl_s=PAGED_TTL_S)]


def tried_writes(scored: ScoredList) -> list[Write]:
    """A list that only tells what would be."""
    encoded = msgspec.json.encode(scored)
    return [Append(tried_key(scored.user_id), encoded, keep=KEPT_TRIED, ttl_s=TRIED_TTL_S)]


def refusal_writes(refused: ScoredList) -> list[Write]:
    """What a user's newest refused request was answered with; their last list stays as it is."""
    encoded = msgspec.json.encode(refused)
    return [Put(refusal_key(refused.user_id), encoded, ttl_s=REFUSAL_TTL_S)]


def item_writes(item_id: str, item: Item | None) -> list[Write]:
    """An item for pages to name; None removes it."""
    if item is None:
        return [Remove(item_key(item_id))]
    return [Put(item_key(item_id), msgspec.json.encode(item))]


def forget_writes(user_id: str) -> list[Write]:
    """Everything of a user goes."""
    return [
        Remove(profile_key(user_id)),
        Remove(history_key(user_id)),
        *list_forget_writes(user_id),
        Remove(changed_key(user_id)),
        Remove(outcomes_key(user_id)),
        SetField(ACTIVE_KEY, user_id, None),
        SetField(DUE_KEY, user_id, None),
        SetField(PUSHING_KEY, user_id, None),
    ]


def list_forget_writes(user_id: str) -> list[Write]:
    """All lists of a user go, and what is remembered of their requests."""
    keys = (
        scores_key, home_key, answered_key, paged_key, refusal_key, exposed_key, tried_key,
    )  # fmt: skip
    return [Remove(where(user_id)) for where in keys]


def due_writes(
    user_id: str, changed_at: datetime, due_at: datetime, kept_for: timedelta
) -> list[Write]:
    """A user's list is to be looked at again.

    Args: changed_at: when the first event came that nobody was told of. kept_for: how long that is
          remembered; by then the list was looked at.
    """
    return [
        Put(
            changed_key(user_id),
            msgspec.json.encode(changed_at),
            ttl_s=max(1, round(kept_for.total_seconds())),
        ),
        SetField(DUE_KEY, user_id, msgspec.json.encode(due_at)),
    ]


def in_flight_writes(user_id: str, at: datetime) -> list[Write]:
    """A due user is being seen to: what comes from now on makes them due anew."""
    return [
        Remove(changed_key(user_id)),
        SetField(DUE_KEY, user_id, None),
        SetField(PUSHING_KEY, user_id, msgspec.json.encode(at)),
    ]


def pushed_writes(user_id: str) -> list[Write]:
    """A due user was seen to."""
    return [SetField(PUSHING_KEY, user_id, None)]


def read_profiles(store: ResultStore, user_ids: Sequence[str]) -> dict[str, Profile]:
    """The profiles that there are, by user."""
    return read_values(store, {user_id: profile_key(user_id) for user_id in user_ids}, Profile)


def read_user_history(
    store: ResultStore, user_id: str, count: int = KEPT_HISTORY
) -> list[BehaviourEvent]:
    """A user's last events, oldest first."""
    return read_list(store, history_key(user_id), count, BehaviourEvent)


def read_scores(store: ResultStore, user_id: str) -> ScoredList | None:
    """The list a user was given last."""
    return read_value(store, scores_key(user_id), ScoredList)


def read_refusal(store: ResultStore, user_id: str) -> ScoredList | None:
    """What the user's newest refused request was answered with, within the last hour."""
    return read_value(store, refusal_key(user_id), ScoredList)


def read_last_scores(store: ResultStore, user_ids: Sequence[str]) -> dict[str, ScoredList]:
    """The lists that users were given last, by user."""
    return read_values(store, {user_id: scores_key(user_id) for user_id in user_ids}, ScoredList)


def read_homes(store: ResultStore, user_ids: Sequence[str]) -> dict[str, list[str]]:
    """What stands in users' own lists, by user."""
    return read_values(store, {user_id: home_key(user_id) for user_id in user_ids}, list[str])


def read_answered(store: ResultStore, user_ids: Sequence[str]) -> dict[str, list[str]]:
    """The ids of the last requests that were answered, by user."""
    return read_values(store, {user_id: answered_key(user_id) for user_id in user_ids}, list[str])


def read_paged(store: ResultStore, user_id: str, list_id: str) -> ScoredList | None:
    """A whole list that is kept for its pages; None where it is not kept any more."""
    kept = read_list(store, paged_key(user_id), KEPT_PAGED, ScoredList)
    return next((scored for scored in kept if scored.list_id == list_id), None)


def read_tried(store: ResultStore, user_id: str, request_id: str) -> ScoredList | None:
    """The answer to a trial; None where there is none yet, or no longer."""
    kept = read_list(store, tried_key(user_id), KEPT_TRIED, ScoredList)
    return next((scored for scored in kept if scored.request_id == request_id), None)


def read_items(store: ResultStore, item_ids: Sequence[str]) -> dict[str, Item]:
    """Those of these items that are in the catalogue, by id."""
    return read_values(store, {item_id: item_key(item_id) for item_id in item_ids}, Item)


def read_active_users(store: ResultStore, count: int = KEPT_ACTIVE) -> list[str]:
    """Users whose events came last, the newest first, each once."""
    seen = read_table(store, ACTIVE_KEY, Moment)
    return sorted(seen, key=lambda user_id: (seen[user_id], user_id), reverse=True)[:count]


def inactive_writes(store: ResultStore) -> list[Write]:
    """Take those from the active users who are no longer among the last: now and then is enough."""
    everyone = read_active_users(store, count=2**31)
    return [SetField(ACTIVE_KEY, user_id, None) for user_id in everyone[KEPT_ACTIVE:]]


def read_dirty_since(store: ResultStore, user_ids: Sequence[str]) -> dict[str, datetime]:
    """When the first event came that nobody was told of, by user."""
    return read_values(store, {user_id: changed_key(user_id) for user_id in user_ids}, Moment)


def read_due(store: ResultStore, now: datetime, given_up_after: timedelta) -> list[str]:
    """Users whose list is to be looked at now, the longest due first.

    A time far ahead was noted by a clock that has been set back since: it has come.

    Args: given_up_after: who began to see to a user so long ago and has not done so is dead.
    """
    due = read_table(store, DUE_KEY, Moment)
    pushing = read_table(store, PUSHING_KEY, Moment)
    begun = {user: at + given_up_after for user, at in pushing.items()}
    noted = chain(begun.items(), due.items())
    ready = {user: at for user, at in noted if not now < at <= now + LONGEST_AHEAD}
    return sorted(ready, key=lambda user_id: (ready[user_id], user_id))
