from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from textwire.errors import DataFileError, RecordRejected
from textwire.recommendations.messages import Item
from textwire.rows.bad_rows import NAMED_BAD_ROWS, BadRows, Place
from textwire.rows.row import BadRow, Row
from textwire.rows.screening import Screening, as_named
from textwire.support_qa.messages import Passage

FAQ = Path("faq.csv")


def as_passage(fields: dict[str, Any], id_prefix: str = "") -> Passage:
    return as_named(fields, Passage, id_prefix)


def screened(*rows: Row | BadRow) -> tuple[list[Passage], Screening[Passage]]:
    screening = Screening(Passage)
    return list(screening.let_through(FAQ, rows)), screening


def test_an_id_follows_from_the_content() -> None:
    same = as_passage({"text": "Here.", "question": "Where?"})
    assert as_passage({"question": " Where? ", "text": "Here.\n"}).id == same.id
    assert as_passage({"question": "Where?", "text": "There."}).id != same.id


def test_a_prefix_stands_before_given_and_derived_ids() -> None:
    assert as_passage({"id": "a", "text": "x"}, "faq-").id == "faq-a"
    assert as_passage({"text": "x"}, "faq-").id == "faq-" + as_passage({"text": "x"}).id


def test_a_number_may_be_an_id() -> None:
    assert as_passage({"id": 12, "text": "x"}).id == "12"


def test_tags_may_stand_in_one_cell() -> None:
    assert as_passage({"text": "x", "tags": "cards; fees,, abroad|"}).tags == (
        "cards",
        "fees",
        "abroad",
    )


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "there is no `text`"),
        ({"text": "  "}, "`text` is empty"),
        ({"text": 5}, "`text`: expected `str`, got `int`"),
        ({"text": "x", "question": "q" * 501}, "`question`: expected `str` of length <= 500"),
        ({"text": "x", "id": True}, "`id`: expected text, got True"),
        ({"text": "x", "id": ""}, "`id` is empty"),
        ({"text": "x", "tags": ["a", 3]}, "`tags[1]`"),
    ],
)
def test_what_is_no_passage_says_why(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(RecordRejected) as caught:
        as_passage(fields)
    assert reason in str(caught.value)


def test_an_exact_repeat_is_loaded_once_and_counted() -> None:
    passages, screening = screened(Row(2, {"text": "a"}), Row(3, {"text": "a"}))
    assert len(passages) == 1
    assert (screening.taken, screening.repeats, screening.bad.count) == (1, 1, 0)


def test_one_id_with_two_contents_names_both_lines() -> None:
    rows = Row(2, {"id": "1", "text": "a"}), Row(7, {"id": "1", "text": "b"})
    passages, screening = screened(*rows)
    assert [passage.text for passage in passages] == ["a"]
    assert "faq.csv, line 7: its id `1` stands at faq.csv, line 2" in str(screening.bad)


def test_the_same_rows_give_the_same_passages_a_second_time() -> None:
    rows = [Row(2, {"text": "a"}), BadRow(3, "broken"), Row(4, {"text": "b"})]
    assert screened(*rows)[0] == screened(*rows)[0]


def test_the_first_bad_rows_are_named_and_the_rest_counted() -> None:
    bad = BadRows()
    for line in range(NAMED_BAD_ROWS + 5):
        bad.add(Place(FAQ, line), "broken")
    with pytest.raises(DataFileError) as caught:
        bad.refuse()
    assert str(caught.value).startswith("25 rows cannot be used, so nothing was sent")
    assert "and 5 more" in str(caught.value)
    assert "--skip-bad" in str(caught.value)


def test_a_table_of_items_has_prices_dates_and_truths_as_text() -> None:
    cells = {"id": "1", "title": " Pan ", "price": "12.50", "available": "false", "tags": "a; b"}
    item = as_named({**cells, "published_at": "2026-03-02"}, Item)
    assert item == Item(
        id="1",
        title="Pan",
        price=12.5,
        available=False,
        tags=("a", "b"),
        published_at=datetime(2026, 3, 2, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"price": "-1"}, "`price`"),
        ({"price": "cheap"}, "`price`"),
        ({"price": "1e12"}, "`price`"),
        ({"published_at": "soon"}, "'soon' is no time"),
        ({"available": "perhaps"}, "`available`"),
    ],
)
def test_what_is_no_item_says_why(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(RecordRejected) as caught:
        as_named({"title": "Pan", **fields}, Item)
    assert reason in str(caught.value)
