"""What is not offered to a user, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from textwire.recommendations.messages import DropReason, Item, ScoreRequest
from textwire.recommendations.results import Profile


def left_out(request: ScoreRequest, profile: Profile | None) -> Mapping[str, DropReason]:
    """Ids of items that a list must not hold, each with why."""
    why: dict[str, DropReason] = {}
    if profile is not None:
        if request.exclude_seen:
            why |= dict.fromkeys(profile.seen, "seen")
        if not request.allow_bought:
            why |= dict.fromkeys(profile.bought, "bought")
        why |= dict.fromkeys(profile.disliked, "disliked")
    return why | dict.fromkeys(request.exclude, "excluded")


def variants_left_out(
    request: ScoreRequest, profile: Profile | None, item_of: Callable[[str], Item | None]
) -> Mapping[str, DropReason]:
    """Groups of variants that a list must not hold, each with why.

    Who bought a size has the thing: its other sizes are no news. What was sent back is no longer
    among what was bought, so another size of that may be offered.
    """
    if profile is None:
        return {}
    why: dict[str, DropReason] = {}
    if request.exclude_seen:
        why |= dict.fromkeys(_groups(profile.seen, item_of), "seen")
    if not request.allow_bought:
        why |= dict.fromkeys(_groups(profile.bought, item_of), "bought")
    return why


def _groups(item_ids: Iterable[str], item_of: Callable[[str], Item | None]) -> list[str]:
    items = (item_of(item_id) for item_id in item_ids)
    return [item.group for item in items if item is not None and item.group]
