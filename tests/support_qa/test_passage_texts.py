from hypothesis import given
from hypothesis import strategies as st

from textwire.support_qa.messages import Passage
from textwire.support_qa.passage_texts import MOST_PARTS, PART_LETTERS, parts, sentences


def test_sentences_end_at_marks_and_lines_and_not_after_abbreviations() -> None:
    text = "It costs approx. €5.40 a year, e.g. for a card. Ask us!\n- Second line\n- Third line"
    assert sentences(text) == [
        "It costs approx. €5.40 a year, e.g. for a card.",
        "Ask us!",
        "- Second line",
        "- Third line",
    ]


def test_chinese_sentences_end_at_their_own_marks() -> None:
    assert sentences("卡丢了怎么办？请立即冻结。") == ["卡丢了怎么办？", "请立即冻结。"]


@given(st.text(min_size=1, max_size=300))
def test_no_word_is_lost(text) -> None:
    assert (
        "".join(sentences(text)).split()
        == "".join(piece.strip() for piece in sentences(text)).split()
    )
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_a_short_passage_is_one_part_as_it_is_searched() -> None:
    passage = Passage(id="p", question="Why?", text="Because. So there.")
    assert parts(passage) == [passage.searchable_text]


def test_a_long_passage_is_read_to_its_end_in_parts_under_its_heading() -> None:
    text = " ".join(f"Sentence number {number} says a little." for number in range(200))
    found = parts(Passage(id="p", title="Numbers", text=text))
    assert all(part.startswith("Numbers\n") for part in found)
    assert all(len(part) <= PART_LETTERS + len("Numbers\n") for part in found)
    assert "number 199" in found[-1]


def test_the_longest_passages_have_no_more_parts_than_there_is_room_for() -> None:
    for text in ("x" * 50_000, "卡" * 50_000, "a. " * 16_000):
        assert 1 < len(parts(Passage(id="p", text=text))) < MOST_PARTS
