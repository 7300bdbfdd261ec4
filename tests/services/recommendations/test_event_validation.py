from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.recommendations.event_validation import ABOUT_AN_ITEM, IN_WORDS, checked, own_words
from tests.services.recommendations.shops import AT, did
from textwire.errors import RecordRejected


@pytest.mark.parametrize("kind", sorted(ABOUT_AN_ITEM))
def test_what_is_done_is_done_with_an_item(kind: str) -> None:
    assert checked(did(kind, "tent", at=AT), AT).item_id == "tent"
    with pytest.raises(RecordRejected, match=f"{kind} of user u is about no item"):
        checked(did(kind), AT)


@pytest.mark.parametrize("kind", sorted(IN_WORDS))
@pytest.mark.parametrize("text", [None, "", " \n"])
def test_what_is_said_has_words(kind: str, text: str | None) -> None:
    assert own_words(checked(did(kind, text=" tents ", at=AT), AT)) == "tents"
    with pytest.raises(RecordRejected, match="has no words"):
        checked(did(kind, "tent", text=text), AT)


@pytest.mark.parametrize("same_as", [None, "u"])
def test_who_signs_in_was_somebody_else(same_as: str | None) -> None:
    assert checked(did("identify", same_as="guest", at=AT), AT).same_as == "guest"
    with pytest.raises(RecordRejected, match="who else they are"):
        checked(did("identify", same_as=same_as), AT)


@given(st.none() | st.integers(-10_000, 10_000))
def test_no_event_is_later_than_now(minutes: int | None) -> None:
    at = None if minutes is None else AT + timedelta(minutes=minutes)
    kept = checked(did("click", "tent", at=at), AT).at
    assert kept == min(at or AT, AT)
