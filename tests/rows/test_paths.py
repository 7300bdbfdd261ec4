from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.rows.paths import main_and_others, paths_in


@pytest.mark.parametrize(
    ("cell", "paths"),
    [
        ("Books, Books > Crime", ["Books", "Books > Crime"]),
        ("Books|New; Books", ["Books", "New"]),
        (r"Pots\, pans, New", ["Pots, pans", "New"]),
        ('[["Books", "Crime"], ["New"]]', ["Books > Crime", "New"]),
        ("[['Books', 'Crime'], ['New']]", ["Books > Crime", "New"]),
        ('["Books", "Crime"]', ["Books > Crime"]),
        (["Books", "Crime"], ["Books > Crime"]),
        ([["Books"], "New"], ["Books", "New"]),
        ("", []),
        (None, []),
        (7, []),
        ([], []),
    ],
)
def test_a_cell_holds_paths_as_shops_write_them(cell: object, paths: list[str]) -> None:
    assert paths_in(cell) == paths


def test_an_item_stands_where_most_is_said_and_beginnings_of_that_are_no_other_place() -> None:
    assert main_and_others(["Books", "Books > Crime", "New"]) == ("Books > Crime", ["New"])
    assert main_and_others(["Home/Pans", "Home"]) == ("Home/Pans", [])


def test_of_two_that_say_as_much_the_first_counts() -> None:
    assert main_and_others(["Books > Crime", "Gifts > Men"]) == ("Books > Crime", ["Gifts > Men"])


PATHS = st.lists(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(" > ".join), min_size=1
)


@given(PATHS)
def test_the_main_path_is_one_of_them_and_never_stands_among_the_others(paths: list[str]) -> None:
    main, others = main_and_others(paths)
    assert main in paths
    assert main not in others
    assert not any(main.startswith(f"{other} > ") for other in others)
    assert set(others) <= set(paths)


def test_objects_of_an_api_are_categories_each_by_their_names() -> None:
    held = [{"id": 3, "name": "Tea"}, {"id": 4, "name": "Gifts", "slug": "g"}, {"id": 5}]
    assert paths_in(held) == ["Tea", "Gifts"]
