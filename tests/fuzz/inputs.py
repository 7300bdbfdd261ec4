"""Inputs near to right ones: bytes that were changed here and there, and values of odd kinds."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import msgspec
from hypothesis import strategies as st

# What parsers have stumbled over.
ODD_BYTES = (
    b"",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\r",
    b"\n",
    b'"',
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"-",
    b"1e999",
    b"-1",
    b"9" * 400,
    b"null",
    b"NaN",
    b"\xed\xa0\x80",
    b"\\ud800",
    b"---\n",
    b"```",
    b"# ",
    b"|",
    b"&a ",
    b"*a",
    b"!!python/object:os.system ",
    b"../../x",
    b"[" * 2_000,
    b"\xf0\x9f\x92\xa9",
    b"9999-12-31T23:59:60Z",
    b"0000-01-01T00:00:00+99:99",
)
MOST_EDITS = 6


def arbitrary() -> st.SearchStrategy[bytes]:
    """Any bytes, and any text."""
    return st.binary(max_size=300) | st.text(max_size=200).map(
        lambda text: text.encode("utf-8", errors="surrogatepass")
    )


def near(right: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """One of the right inputs with a few places changed.

    All edits follow from one number: a draw of hypothesis for each is ten times slower.
    """
    return st.builds(_edited, st.sampled_from(right), st.integers(0, MOST_EDITS), st.integers(0))


def _edited(data: bytes, edits: int, number: int) -> bytes:
    dice = Random(number)
    for _ in range(edits):
        begin = dice.randint(0, len(data))
        end = min(len(data), begin + dice.choice((0, 1, 1, 4, 40)))
        data = data[:begin] + _piece(data, dice) + data[end:]
    return data


def _piece(data: bytes, dice: Random) -> bytes:
    """Something odd, a few bytes of any kind, or a part of the input itself."""
    begin = dice.randint(0, len(data))
    return dice.choice(
        (dice.choice(ODD_BYTES), dice.randbytes(dice.randint(0, 8)), data[begin : begin + 20])
    )


def values() -> st.SearchStrategy[object]:
    """Anything that JSON can say."""
    leaves = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=30)
        | st.datetimes().map(str)
    )
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
        ),
        max_leaves=8,
    )


def objects_with(names: Sequence[str]) -> st.SearchStrategy[bytes]:
    """JSON objects with some of these fields, of any kind."""
    known = st.dictionaries(st.sampled_from(names), values(), max_size=len(names))
    return known.map(lambda value: msgspec.json.encode(value))


def like(right: Sequence[bytes], names: Sequence[str] = ()) -> st.SearchStrategy[bytes]:
    """Any of all these."""
    return near(right) | arbitrary() | (objects_with(names) if names else st.nothing())
