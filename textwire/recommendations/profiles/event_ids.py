"""Which events of a user were taken in: a repeat that a sender's retry makes counts once."""

from __future__ import annotations

import hashlib

import msgspec

from textwire.recommendations.results import Profile

KEPT_IDS = 256
# Two of 256 ids of one user share a digest once in 10^15 users.
DIGEST_BYTES = 8


def has_id(profile: Profile, event_id: str | None) -> bool:
    """Whether an id is one of the last `KEPT_IDS` that the user's events had."""
    digest, taken = _digest(event_id), profile.taken
    return any(
        taken[start : start + DIGEST_BYTES] == digest
        for start in range(0, len(taken), DIGEST_BYTES)
    )


def with_id(profile: Profile, event_id: str | None) -> Profile:
    """The profile with one id more, and the oldest beyond `KEPT_IDS` forgotten."""
    taken = (profile.taken + _digest(event_id))[-KEPT_IDS * DIGEST_BYTES :]
    return msgspec.structs.replace(profile, taken=taken)


def _digest(event_id: str | None) -> bytes:
    return hashlib.blake2b(str(event_id).encode(), digest_size=DIGEST_BYTES).digest()
