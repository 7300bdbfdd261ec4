"""Passages as a file may hold them."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from textwire.support_qa.messages import Passage


def _texts(max_size: int) -> st.SearchStrategy[str]:
    """Any text that has something in it, without blanks around, as a loader leaves it."""
    characters = st.characters(codec="utf-8", exclude_characters="\x00")
    return st.text(characters, min_size=1, max_size=max_size).map(str.strip).filter(bool)


TAGS = st.text("abcdefghij éß", min_size=1, max_size=8).map(str.strip).filter(bool)
PASSAGES = st.builds(
    Passage,
    id=_texts(30),
    text=_texts(200),
    question=st.none() | _texts(50),
    title=st.none() | _texts(50),
    tags=st.lists(TAGS, max_size=3).map(tuple),
)
PASSAGE_LISTS = st.lists(PASSAGES, max_size=8, unique_by=lambda passage: passage.id)
# With all that a passage may have, tags that hold separators included.
_DATES = st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
_LATER = st.datetimes(datetime(2031, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC))
ANY_PASSAGES = st.builds(
    Passage,
    id=_texts(30),
    text=_texts(200),
    question=st.none() | _texts(50),
    title=st.none() | _texts(50),
    url=st.none() | _texts(50),
    tags=st.lists(_texts(10), max_size=3).map(tuple),
    language=st.none() | _texts(5),
    source=st.none() | _texts(20),
    valid_from=st.none() | _DATES,
    valid_until=st.none() | _LATER,
)
ANY_PASSAGE_LISTS = st.lists(
    ANY_PASSAGES, min_size=1, max_size=6, unique_by=lambda passage: passage.id
)
