from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from textwire.language_model.event_stream import event_data

BODY = (
    b': a comment\r\n\r\ndata: {"a": 1}\r\n\r\nevent: x\ndata:{"b":\ndata: "\xc3\xa9"}\n\n\n'
    b"id: 3\n\ndata: [DONE]"
)
DATA = [b'{"a": 1}', b'{"b":\n"\xc3\xa9"}', b"[DONE]"]


def read(pieces: Sequence[bytes]) -> list[bytes]:
    async def come() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    async def all_of_it() -> list[bytes]:
        return [data async for data in event_data(come())]

    return asyncio.run(all_of_it())


@given(st.lists(st.integers(0, len(BODY)), max_size=12))
def test_events_are_the_same_however_the_body_is_cut(cuts: list[int]) -> None:
    ends = [0, *sorted(cuts), len(BODY)]
    assert read([BODY[begin:end] for begin, end in pairwise(ends)]) == DATA


def test_nothing_has_no_events() -> None:
    assert read([]) == read([b"\n\n", b": ping\n\n"]) == []
