from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.support_qa.language_model.judging import JudgedReply, Kept, plain_text, supported
from services.support_qa.language_model.reading import read_sentences
from textwire.language_model.failures import NotWorded
from textwire.support_qa.messages import Source

TEXT = (
    "Tap Card, then Order. Delivery takes 4 to 7 working days. The card costs 5.50 euros. "
    "Metal cards are free of charge."
)
SOURCES = [Source(passage_id="card", text=TEXT, title="Cards", score=1.0)]
TRUE = [
    "Tap Card, then Order.",
    "Delivery takes 4 to 7 working days.",
    "The card costs 5.50 euros.",
]
FALSE = ["The moon is made of cheese.", "Delivery takes 2 days.", "It costs nothing at all."]
ODD = [
    "**Note:** tap Card [1].",
    "- Tap Card, then Order",
    "<think>Hm. So.</think>",
    "Yes, sure.",
    "e.g.",
]


class Watched:
    """What a reply showed, each time."""

    def __init__(self, said_before: Sequence[str] = ()) -> None:
        self.shown: list[list[Kept]] = []
        self.reply = JudgedReply(SOURCES, said_before, lambda kept: self.shown.append(list(kept)))

    @property
    def texts(self) -> list[str]:
        return [plain_text(kept) for kept in self.shown]

    def hear(self, *pieces: str) -> None:
        text = ""
        for piece in pieces:
            text += piece
            self.reply.heard(text)


def test_a_sentence_shows_once_it_is_whole_and_not_before() -> None:
    watched = Watched()
    watched.hear("Tap Card, then Order.", " Delivery takes 4 to 7", " working days. The")
    assert watched.texts == [TRUE[0], f"{TRUE[0]} {TRUE[1]}"]


def test_a_sentence_may_yet_go_on_behind_its_mark() -> None:
    watched = Watched()
    watched.hear("The card costs 5.", "50 euros.", " Metal")
    assert watched.texts == ["The card costs 5.50 euros."]


def test_what_no_source_supports_never_shows_nor_what_leans_on_it() -> None:
    watched = Watched()
    watched.hear(f"{TRUE[0]} {FALSE[1]} It is the card delivery. {TRUE[2]} Next")
    assert watched.texts == [f"{TRUE[0]} {TRUE[2]}"]


def test_a_reply_that_is_mostly_dropped_shows_nothing_yet() -> None:
    watched = Watched()
    watched.hear(f"{FALSE[0]} {FALSE[1]} {TRUE[0]} Next")
    assert watched.shown == []


def test_what_could_become_the_same_answer_again_waits_until_it_is_another() -> None:
    watched = Watched([f"{TRUE[0]} {TRUE[1]}"])
    watched.hear(f"{TRUE[0]} ", "And")
    assert watched.shown == []
    watched.hear(f"{TRUE[0]} {TRUE[2]} And")
    assert watched.texts == [f"{TRUE[0]} {TRUE[2]}"]


def test_who_finds_nothing_shows_nothing() -> None:
    watched = Watched()
    watched.hear("NOTHING", ". ")
    assert watched.shown == []
    with pytest.raises(NotWorded, match="no answer"):
        watched.reply.ended("NOTHING.", cut_off=False)


replies = st.lists(st.sampled_from([*TRUE, *FALSE, *ODD]), min_size=1, max_size=8).flatmap(
    lambda some: st.sampled_from([" ", "\n", "\n- "]).map(lambda between: between.join(some))
)


@given(replies, st.lists(st.integers(1, 40), max_size=60))
def test_however_it_is_cut_nothing_shown_is_taken_back_and_all_of_it_is_supported(
    text: str, lengths: list[int]
) -> None:
    watched, at = Watched(), 0
    for length in lengths:
        at += length
        watched.reply.heard(text[:at])
    before = [list(kept) for kept in watched.shown]
    try:
        watched.reply.ended(text, cut_off=False)
    except NotWorded:
        assert not before
        return
    final = watched.reply.kept
    for earlier, later in pairwise([*before, final]):
        assert later[: len(earlier)] == earlier
    assert all(supported([sentence], SOURCES) for sentence, _, _ in final)


@given(replies, st.lists(st.integers(1, 9), min_size=20, max_size=60))
def test_judged_as_it_comes_it_is_kept_as_when_it_comes_whole(
    text: str, lengths: list[int]
) -> None:
    try:
        at_once = supported(read_sentences(text, cut_off=False), SOURCES)
    except NotWorded:
        return
    watched, at = Watched(), 0
    for length in lengths:
        at += length
        watched.reply.heard(text[:at])
    watched.reply.ended(text, cut_off=False)
    assert watched.reply.kept == at_once


@given(st.text(alphabet="Tap. \n*<>[]1-_NOTHIG!", max_size=60))
def test_no_text_stops_it(text: str) -> None:
    watched = Watched()
    for at in range(len(text) + 1):
        watched.reply.heard(text[:at])
