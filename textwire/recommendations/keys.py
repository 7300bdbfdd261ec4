"""Where in the store recommendations keep what they know."""

from __future__ import annotations

from datetime import UTC, datetime

from textwire.results.keys import key

ACTIVE_KEY = key("recs", "active")
DUE_KEY = key("recs", "due")
PUSHING_KEY = key("recs", "pushing")
TAKEN_KEY = key("recs", "taken")
TAKERS_KEY = key("recs", "takers")
REPEATS_KEY = key("recs", "repeats")


def profile_key(user_id: str) -> str:
    """Where a profile stands."""
    return key("recs", "profile", user_id)


def history_key(user_id: str) -> str:
    """Where a user's events stand."""
    return key("recs", "history", user_id)


def scores_key(user_id: str) -> str:
    """Where a user's last list stands."""
    return key("recs", "scores", user_id)


def home_key(user_id: str) -> str:
    """Where it stands what is in a user's own list."""
    return key("recs", "home", user_id)


def answered_key(user_id: str) -> str:
    """Where the ids of a user's last requests stand."""
    return key("recs", "answered", user_id)


def paged_key(user_id: str) -> str:
    """Where the lists stand of which a user is shown pages."""
    return key("recs", "paged", user_id)


def exposed_key(user_id: str) -> str:
    """Where the lists stand that a user was shown lately."""
    return key("recs", "exposed", user_id)


def outcomes_key(user_id: str) -> str:
    """Where it stands what came of a user's lists."""
    return key("recs", "outcomes", user_id)


def tried_key(user_id: str) -> str:
    """Where the answers to trials stand, which changed nothing."""
    return key("recs", "tried", user_id)


def refusal_key(user_id: str) -> str:
    """Where the answer to a user's newest refused request stands."""
    return key("recs", "refusal", user_id)


def item_key(item_id: str) -> str:
    """Where an item stands."""
    return key("recs", "item", item_id)


def together_key(item_id: str) -> str:
    """Where it stands what is taken together with an item."""
    return key("recs", "together", item_id)


def changed_key(user_id: str) -> str:
    """Where it stands since when a user's list may have changed."""
    return key("recs", "changed", user_id)


def liked_key(at: datetime) -> str:
    """Where the likes of a moment's day stand."""
    return key("recs", "liked", f"{at.astimezone(UTC):%Y-%m-%d}")


def likers_key(at: datetime) -> str:
    """Where it stands how many users first liked an item on a moment's day."""
    return key("recs", "likers", f"{at.astimezone(UTC):%Y-%m-%d}")


def shown_key(at: datetime) -> str:
    """Where the showings of a moment's day stand."""
    return key("recs", "shown", f"{at.astimezone(UTC):%Y-%m-%d}")
