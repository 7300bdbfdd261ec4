import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textwire.search.words import MOST_TERMS, WordIndex

KNOWN = WordIndex().changed(
    {
        1: "How do I open an account?",
        2: "Freezing a lost card",
        3: "信用卡丢失怎么办",
        4: "Das Café in Zürich",
    }
)


def found(index: WordIndex, text: str, k: int = 10) -> list[int]:
    return [id_ for id_, _ in index.search([text], k)[0]]


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("opening accounts", 1),
        ("my CARD is frozen, freeze it", 2),
        ("我的信用卡", 3),
        ("ZURICH", 4),
    ],
)
def test_words_are_found_in_their_other_forms(text, id_) -> None:
    assert found(KNOWN, text) == [id_]


@settings(max_examples=300)
@given(st.text())
def test_no_text_can_break_the_search(text) -> None:
    assert len(KNOWN.search([text], 3)[0]) <= 3


@pytest.mark.parametrize(
    "text",
    ['"', "text:card AND (", "id:[1 TO 9]", "card~9^ *:*", "🙂🙂", "\x00", "a" * 100_000, "\ud800"],
)
def test_query_syntax_and_oddities_are_only_words(text) -> None:
    assert set(found(KNOWN, text)) <= {2}


def test_empty_texts_and_stop_words_find_nothing() -> None:
    assert KNOWN.search(["", "   ", "is it of the"], 5) == [[], [], []]


def test_an_empty_index_finds_nothing() -> None:
    assert WordIndex().search(["card"], 5) == [[]]


def test_a_very_long_question_is_searched_by_its_first_words() -> None:
    text = " ".join(["card", *(f"w{n}" for n in range(MOST_TERMS * 4))])
    assert found(KNOWN, text) == [2]


def test_a_rarer_word_weighs_more() -> None:
    index = WordIndex().changed({1: "card fee", 2: "card limit", 3: "card delivery"})
    hits = index.search(["card limit"], 3)[0]
    assert hits[0][0] == 2
    assert [id_ for id_, _ in hits[1:]] == [1, 3]  # equal scores, by id
    assert hits[0][1] > hits[1][1] == hits[2][1] > 0


WORDS = st.sampled_from(["card", "account", "loan", "pot", "fee"])
TEXTS = st.lists(WORDS, max_size=4).map(" ".join)
CHANGES = st.lists(
    st.tuples(
        st.dictionaries(st.integers(0, 8), TEXTS, max_size=4),
        st.sets(st.integers(0, 8), max_size=3),
    ),
    max_size=5,
)


@settings(max_examples=40)
@given(CHANGES)
def test_what_shares_a_word_is_found_after_any_changes(changes) -> None:
    index, texts = WordIndex(), {}
    for put, removed in changes:
        index = index.changed(put, removed)
        texts = {id_: text for id_, text in texts.items() if id_ not in removed} | put
    for word in ("card", "account", "loan"):
        assert set(found(index, word, k=50)) == {i for i, t in texts.items() if word in t.split()}


def test_an_earlier_moment_stays_as_it_was_and_cannot_be_changed() -> None:
    first = WordIndex().changed({1: "card"})
    second = first.changed({1: "loan", 2: "card"})
    assert (found(first, "card"), found(first, "loan")) == ([1], [])
    assert (found(second, "card"), found(second, "loan")) == ([2], [1])
    with pytest.raises(ValueError, match="latest"):
        first.changed({3: "pot"})


def test_the_fewer_texts_have_a_word_the_rarer_it_is() -> None:
    index = WordIndex().changed({1: "card fee", 2: "card loan", 3: "card limit"})
    rarities = index.rarities("card loans insurance")
    assert rarities["insur"] == 1.0
    assert 0 < rarities["card"] < rarities["loan"] < 1
