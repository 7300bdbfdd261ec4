from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.support_qa.pictures import with_named_pictures


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("👍", "thumbs up sign"),
        ("🧦🧦 lost two", "socks lost two"),
        ("nice🙌🏽thanks", "nice person raising both hands in celebration thanks"),
        ("👨‍👩‍👧", "man woman girl"),
        ("❤️", "heavy black heart"),
    ],
)
def test_a_picture_is_read_by_its_name(text: str, named: str) -> None:
    assert with_named_pictures(text) == named


@given(st.text(st.characters(codec="utf-8", exclude_categories=("So",))))
def test_a_text_without_pictures_stays_as_it_is(text: str) -> None:
    assert with_named_pictures(text) == text


@given(st.text())
def test_once_named_nothing_is_left_to_name(text: str) -> None:
    named = with_named_pictures(text)
    assert with_named_pictures(named) == named
