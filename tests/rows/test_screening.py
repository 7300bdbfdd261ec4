from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from textwire.errors import DataFileError, RecordRejected
from textwire.recommendations.messages import Item
from textwire.rows.bad_rows import BadRows, Place
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
        ({"text": "x", "valid_until": "11/12/2026"}, "'11/12/2026' may be two days"),
        ({"text": "x", "valid_from": "2026-02-01", "valid_until": "2026-01-01"}, "not after"),
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


def test_bad_rows_are_counted_by_reason_with_the_first_places_of_each() -> None:
    bad = BadRows()
    bad.add(Place(FAQ, 2), "`text` is empty")
    for line in range(10, 304):
        bad.add(Place(FAQ, line), f"it has {line} cells and the heading has 2")
    with pytest.raises(DataFileError) as caught:
        bad.refuse()
    told = str(caught.value).splitlines()
    assert told[0] == "295 rows cannot be used, so nothing was sent:"
    assert told[1] == "  294 rows: it has 10 cells and the heading has 2"
    assert told[2] == "    faq.csv, line 10; line 11; line 12; line 13; and 290 more"
    assert told[3] == "  faq.csv, line 2: `text` is empty"
    assert "--skip-bad" in told[4]


def test_many_reasons_are_cut_and_still_counted() -> None:
    bad = BadRows()
    for letters in product("abcdefghijkl", repeat=3):
        bad.add(Place(FAQ, 1), f"wrong in the way {''.join(letters)}")
    counts = re.findall(r"^  ([\d,]+) rows|and ([\d,]+) more, for", str(bad), re.MULTILINE)
    counted = sum(int("".join(count).replace(",", "")) for count in counts)
    named = str(bad).count("faq.csv, line 1: ")
    assert counted + named == bad.count == 12**3


def test_ids_that_stand_twice_are_one_reason() -> None:
    rows = [Row(n, {"id": str(n // 2), "text": str(n)}) for n in range(6)]
    _, screening = screened(*rows)
    assert "3 rows: its id `0` stands at faq.csv, line 0" in str(screening.bad)


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ('["a,b", " c "]', ("a,b", " c ")),
        ("[draft]; b", ("[draft]", "b")),
        ("", ()),
    ],
)
def test_tags_that_hold_separators_stand_in_a_cell_as_json(
    cell: str, tags: tuple[str, ...]
) -> None:
    assert as_passage({"text": "x", "tags": cell}).tags == tags


@pytest.mark.parametrize(
    ("cell", "until"),
    [
        ("2026-12-31", datetime(2027, 1, 1, tzinfo=UTC)),
        ("31.12.2026", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2026/12/31", datetime(2027, 1, 1, tzinfo=UTC)),
        ("12/31/2026", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2026年12月31日", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2026-12-31T12:00:00+01:00", datetime(2026, 12, 31, 11, tzinfo=UTC)),
        ("", None),
    ],
)
def test_a_day_until_which_something_holds_is_part_of_it(cell: str, until: datetime | None) -> None:
    passage = as_passage({"text": "x", "valid_until": cell, "valid_from": "2026-01-01"})
    assert passage.valid_until == until
    assert passage.valid_from == datetime(2026, 1, 1, tzinfo=UTC)


def test_what_two_sources_say_is_known_of_both() -> None:
    """Else the one that lets it go would take it from the other."""
    told = {"text": "Here.", "question": "Where?"}
    assert as_passage({**told, "source": "a.csv"}).id != as_passage({**told, "source": "b.csv"}).id


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
