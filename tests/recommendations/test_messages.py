"""Items as senders write them."""

from __future__ import annotations

import msgspec
import pytest

from textwire.recommendations.messages import Item


@pytest.mark.parametrize("nothing", ["N/A", "none", "null", "-", " NaN ", ""])
def test_what_programs_write_where_there_is_nothing_is_no_category(nothing: str) -> None:
    sent = {"id": "mug", "title": "Mug", "category": nothing, "tags": ["tea", nothing]}
    item = msgspec.convert(sent, Item)
    assert item == Item(id="mug", title="Mug", tags=("tea",))
    assert item.text == "Mug\ntea"


@pytest.mark.parametrize("category", ["Other", "General", "Nana", "Non-fiction"])
def test_categories_that_a_shop_may_filter_by_stay(category: str) -> None:
    assert Item(id="mug", title="Mug", category=category).category == category
