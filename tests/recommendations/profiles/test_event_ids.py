from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.recommendations.shop import NOON
from textwire.recommendations.profiles.event_ids import DIGEST_BYTES, KEPT_IDS, has_id, with_id
from textwire.recommendations.results import Profile


@given(st.lists(st.text(max_size=5), unique=True, max_size=20))
def test_what_was_taken_is_known_and_nothing_else(ids) -> None:
    profile = Profile(user_id="u", at=NOON)
    for taken in ids:
        assert not has_id(profile, taken)
        profile = with_id(profile, taken)
    assert all(has_id(profile, taken) for taken in ids)


def test_the_memory_is_bounded_and_the_oldest_goes_first() -> None:
    profile = Profile(user_id="u", at=NOON)
    for number in range(KEPT_IDS + 1):
        profile = with_id(profile, f"e{number}")
    assert len(profile.taken) == KEPT_IDS * DIGEST_BYTES
    assert not has_id(profile, "e0")
    assert has_id(profile, "e1")
