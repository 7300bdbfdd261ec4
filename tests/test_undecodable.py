from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.undecodable import NOT_DECODABLE

DECODERS: list[Callable[..., Any]] = [msgspec.json.decode, msgspec.msgpack.decode]


@pytest.mark.parametrize("decode", DECODERS)
@given(st.binary(max_size=200))
def test_whatever_the_bytes_nothing_else_is_raised(
    decode: Callable[..., Any], value: bytes
) -> None:
    for kind in (Any, str, dict[str, int]):
        with suppress(*NOT_DECODABLE):
            decode(value, type=kind)


@pytest.mark.parametrize("value", [b"[" * 100_000, b'"\xff"', b"{"])
def test_what_is_nested_not_utf_8_or_cut_off_is_among_it(value: bytes) -> None:
    with pytest.raises(NOT_DECODABLE):
        msgspec.json.decode(value)
