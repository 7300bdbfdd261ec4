from hypothesis import given
from hypothesis import strategies as st

from textwire.support_qa.passage_lists import as_it_stands, told_together
from textwire.support_qa.passage_texts import sentences

STEPS = (
    "It is easy. To let guests in:\n\n- Open the page. Sign in.\n- Choose Guest.\n\nIt ends soon."
)
TABLE = "See the light.\n\nLight | Meaning\n\ngreen | all is well\n\nred | no signal. Call us."


def test_a_step_brings_all_others_and_what_leads_to_them() -> None:
    steps = frozenset({1, 2, 3, 4})
    assert told_together(STEPS, sentences(STEPS)) == [{0}, steps, steps, steps, steps, {5}]


def test_a_condition_that_asks_is_told_with_what_to_do_then() -> None:
    text = "Restart it. Red for long? Report a fault. It is free."
    assert told_together(text, sentences(text)) == [{0}, {1, 2}, {1, 2}, {3}]


def test_a_short_reply_at_the_beginning_is_told_with_what_follows_it() -> None:
    for reply in ("Yes.", "€600 at first.", "Nur samstags.", "可以。"):
        text = f"{reply} You can raise it in the app. The day ends at midnight."
        assert told_together(text, sentences(text)) == [{0, 1}, {0, 1}, {2}]
    own = "Restart it. Wait for a minute."
    assert told_together(own, sentences(own)) == [{0}, {1}]


def test_a_row_brings_its_tables_heading_and_its_own_sentences() -> None:
    assert told_together(TABLE, sentences(TABLE))[1:] == [
        {1, 2, 3, 4},
        {1, 2},
        {1, 3, 4},
        {1, 3, 4},
    ]


def test_a_list_of_many_things_is_not_kept_whole() -> None:
    long = "\n".join(f"- Part {number} is there for you to look at." for number in range(40))
    assert told_together(long, sentences(long)) == [{place} for place in range(40)]


def test_items_and_rows_stand_on_lines_of_their_own() -> None:
    found = sentences(STEPS)
    told = "To let guests in:\n- Open the page. Sign in.\n- Choose Guest.\nIt ends soon."
    assert as_it_stands(STEPS, found[1:]) == told
    assert as_it_stands(TABLE, [sentences(TABLE)[1], sentences(TABLE)[2]]) == (
        "Light | Meaning\ngreen | all is well"
    )


def test_paragraphs_are_one_text() -> None:
    assert (
        as_it_stands("It is so.\n\nThen pay.", ["It is so.", "Then pay."]) == "It is so. Then pay."
    )


@given(st.text(alphabet="ab.:|- \n1e", max_size=60))
def test_whatever_stands_in_a_text_each_sentence_is_told_with_itself(text: str) -> None:
    found = sentences(text)
    together = told_together(text, found)
    assert all(place in group for place, group in enumerate(together))
    assert as_it_stands(text, found).split() == " ".join(found).split()
