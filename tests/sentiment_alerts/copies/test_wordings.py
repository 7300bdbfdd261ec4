import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.sentiment_alerts.copies.near_duplicates import sketch_of
from textwire.sentiment_alerts.copies.wordings import (
    LEAD_WEIGHT,
    MOST_STEMS,
    cosine,
    rarity,
    vector_of,
    wording_of,
)
from textwire.sentiment_alerts.scoring.clauses import Mention

VECTORS = st.dictionaries(st.sampled_from("abcdef"), st.floats(0.01, 10), max_size=6)


def test_a_wording_has_its_headline_s_stems_and_the_lead_s_half_as_heavy() -> None:
    wording = wording_of(sketch_of("Strike shuts Norvik port", "Dockers walked out, a union said"))
    assert wording["norvik"] == 1.0
    assert wording["docker"] == LEAD_WEIGHT


def test_names_of_companies_are_in_no_wording() -> None:
    mention = Mention("Norvik Ports", 0, 6)
    sketch = sketch_of("Norvik port shut by strike", mentions=[mention])
    assert set(wording_of(sketch, ["Norvik Ports"])) == {"shut", "strik"}


def test_a_wording_is_bounded() -> None:
    assert (
        len(wording_of(sketch_of(" ".join(f"word{chr(97 + n)}x" for n in range(26))))) <= MOST_STEMS
    )


def test_a_word_is_rarer_the_fewer_articles_have_it() -> None:
    assert rarity("norvik", 0, 5_000) > rarity("norvik", 50, 5_000) > rarity("norvik", 5_000, 5_000)


def test_before_anything_was_read_everyday_words_are_frequent() -> None:
    assert rarity("norvik", 0, 0) > rarity("profit", 0, 0) >= 0


def test_wordings_without_a_common_word_are_not_alike() -> None:
    assert cosine({"a": 1.0}, {"b": 1.0}) == 0.0
    assert cosine({}, {}) == 0.0


def test_a_vector_has_unit_length() -> None:
    vector = vector_of({"a": 1.0, "b": 0.5}, {"a": 3.0, "b": 8.0})
    assert sum(weight**2 for weight in vector.values()) == pytest.approx(1.0)
    assert vector_of({"a": 1.0}, {"a": 0.0}) == {}


@given(VECTORS, VECTORS)
def test_likeness_is_symmetric_and_bounded(one: dict[str, float], other: dict[str, float]) -> None:
    assert cosine(one, other) == pytest.approx(cosine(other, one))
    assert 0.0 <= cosine(one, other) <= 1.0 + 1e-9


@given(VECTORS.filter(bool))
def test_a_wording_is_like_itself(vector: dict[str, float]) -> None:
    assert cosine(vector, vector) == pytest.approx(1.0)
