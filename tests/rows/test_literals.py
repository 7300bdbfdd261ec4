from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.rows.literals import MOST_LETTERS, as_literal

VALUES = st.recursive(
    st.integers() | st.text() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
HOLDERS = st.lists(VALUES, max_size=4) | st.dictionaries(st.text(), VALUES, max_size=3)


@given(HOLDERS)
def test_what_python_prints_is_read_back(value: object) -> None:
    assert as_literal(f" {value!r} ") == value


@given(HOLDERS, st.booleans())
def test_what_json_writes_is_read_back(value: object, ascii_alone: bool) -> None:
    assert as_literal(json.dumps(value, ensure_ascii=ascii_alone)) == value


@pytest.mark.parametrize(
    "text",
    [
        "", "a", "[", "[a]", "{1, 2}", "(1, 2)", "'a'", "[1] + [2]", "[__import__('os').getcwd()]",
        "[" * 10_000 + "]" * 10_000, "[" + " " * MOST_LETTERS + "]",
    ],
)  # fmt: skip
def test_what_is_no_list_and_no_dictionary_is_nothing_and_is_not_run(text: str) -> None:
    assert as_literal(text) is None


@pytest.mark.parametrize(
    "text", ["{1e999: 'a'}", "{2: 'a'}", "[b'a']", "[{'a': {b'b': 1}}]", '["\\ud83d"]', "[{1, 2}]"]
)
def test_what_json_cannot_hold_is_nothing(text: str) -> None:
    assert as_literal(text) is None
