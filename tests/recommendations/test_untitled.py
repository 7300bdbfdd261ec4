"""Items of a file that has no title for them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from textwire.errors import RecordRejected
from textwire.recommendations.messages import Item
from textwire.recommendations.untitled import LONGEST_TITLE, title_from
from textwire.rows.screening import as_named, told_stand_ins


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"description": "A pan of iron. It keeps its heat."}, "A pan of iron."),
        ({"description": "Holds 2.5 l of tea"}, "Holds 2.5 l of tea"),
        ({"category": "Amplifiers", "more": {"Brand": "Harrow"}}, "Harrow, Amplifiers"),
        ({"more": {"artist": "Can"}}, "Can"),
        ({"category": "Pianos"}, "Pianos"),
        ({"id": "iron-bread-pan_2"}, "iron bread pan 2"),
        ({"id": "IronBreadPan"}, "Iron Bread Pan"),
        ({"title": " ", "id": "x", "description": "Kettle"}, "Kettle"),
    ],
)
def test_an_item_without_a_title_is_called_by_what_else_is_said(
    fields: dict[str, Any], title: str
) -> None:
    assert as_named({"id": "x", **fields}, Item).title == title


@pytest.mark.parametrize("own_id", ["SKU-4711-XL", "b00j24is1w", "12", None])
def test_an_item_of_which_nothing_is_said_has_no_title(own_id: str | None) -> None:
    assert title_from({"id": own_id, "price": 3.0}) is None
    with pytest.raises(RecordRejected, match="title"):
        as_named({"id": own_id, "title": ""}, Item)


def test_a_title_that_there_is_stays() -> None:
    assert as_named({"id": "x", "title": "Pan", "description": "Of iron."}, Item).title == "Pan"


def test_a_long_sentence_is_cut_between_words() -> None:
    found = title_from({"description": "word " * 60})
    assert found is not None
    assert len(found[0]) <= LONGEST_TITLE
    assert found[0].endswith("word")


def test_what_stood_in_is_counted_and_told() -> None:
    stood_in: Counter[str] = Counter()
    for own_id in ("a", "b"):
        as_named({"id": own_id, "description": "A kettle"}, Item, stood_in=stood_in)
    as_named({"id": "c", "category": "Pans"}, Item, stood_in=stood_in)
    assert told_stand_ins(stood_in) == [
        "2 rows have their `title` from its description, since it is empty there.",
        "1 row has its `title` from its maker and category, since it is empty there.",
    ]
