from pathlib import Path

import pytest

from tests.rows.reading import good_rows
from textwire.errors import DataFileError
from textwire.recommendations.messages import Item
from textwire.rows.columns import Columns
from textwire.support_qa.messages import Passage


def test_what_stands_in_brackets_behind_a_name_is_no_part_of_it() -> None:
    match = Columns(Passage).match(["Question (public)", "Antwort [DE]", "Topic", "Checked (by)"])
    assert match.columns == {
        "question": ("Question (public)",),
        "text": ("Antwort [DE]",),
        "tags": ("Topic",),
    }


def test_a_name_without_brackets_counts_before_one_with_them() -> None:
    assert Columns(Passage).match(["Answer (internal)", "Answer"]).columns["text"] == ("Answer",)


def test_of_two_that_differ_in_brackets_the_one_that_must_be_there_is_asked_about() -> None:
    with pytest.raises(DataFileError, match=r"may each hold `text`"):
        Columns(Passage).check("faq.csv", ["Answer (old)", "Answer (new)"])


def test_of_two_that_need_not_be_there_none_is_taken() -> None:
    match = Columns(Item, made_up=("id",)).check("x", ["Title", "Price (net)", "Price (gross)"])
    assert "price" not in match.columns


def test_a_row_that_was_emptied_beside_a_merged_topic_says_nothing(tmp_path: Path) -> None:
    faq = tmp_path / "faq.csv"
    faq.write_text("Topic,Question,Answer\nCards,Free?,Yes.\nCards,,\nAsk Judith,,\n")
    assert good_rows(faq) == [{"tags": "Cards", "question": "Free?", "text": "Yes."}]
