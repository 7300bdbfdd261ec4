"""Vectors of headings and parts: each passage once, and none crowded out."""

from __future__ import annotations

import numpy as np
import pytest

from tests.encoders import HashingEncoder
from textwire.support_qa.messages import Passage
from textwire.support_qa.passage_vectors import PassageVectors, entry_of, place_of

ENCODER = HashingEncoder()
LONG = Passage(id="long", title="Cards", text="\n\n".join(f"card {n} " * 90 for n in range(8)))
LOAN = Passage(id="loan", title="Loans", text="What a loan costs.")
BARE = Passage(id="bare", text="A card without a heading.")
NUMBERED = {1: LONG, 2: LOAN, 3: BARE}


@pytest.fixture
def vectors() -> PassageVectors:
    return PassageVectors(ENCODER.dimension).changed(NUMBERED, set(), ENCODER)


def test_a_passage_comes_up_once_however_many_of_its_parts_do(vectors: PassageVectors) -> None:
    [by_heading], [by_part] = vectors.search(ENCODER.encode(["card"]), 3, set())
    assert sorted(by_heading) == [1, 2]  # the third has none
    assert sorted(by_part) == [1, 2, 3]


def test_what_does_not_count_crowds_nobody_out(vectors: PassageVectors) -> None:
    [by_heading], [by_part] = vectors.search(ENCODER.encode(["card"]), 1, {1})
    assert (by_heading, by_part) == ([2], [3])


def test_the_best_part_is_the_nearest_and_headings_are_compared_alone(
    vectors: PassageVectors,
) -> None:
    [asked] = ENCODER.encode(["card 5"])
    [place, _], [cosine, _] = vectors.best_parts(asked, [1, 3])
    others = vectors.search(np.stack([asked]), 3, set())[1][0]
    assert others[0] == 1
    assert place > 0
    assert cosine > vectors.best_parts(asked, [3])[1][0]
    [title] = ENCODER.encode([LOAN.heading])
    assert vectors.heading_cosines(title, [2])[2] == pytest.approx(1.0)


def test_what_is_gone_is_found_no_more(vectors: PassageVectors) -> None:
    later = vectors.changed({}, {1}, ENCODER)
    assert later.search(ENCODER.encode(["card"]), 3, set())[1] == [[3, 2]]
    assert vectors.search(ENCODER.encode(["card"]), 3, set())[1][0][0] == 1


def test_a_part_has_a_number_of_its_own() -> None:
    assert place_of(entry_of(7, 3)) == (7, 3)
