"""Passages as a file may hold them."""

from __future__ import annotations

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
