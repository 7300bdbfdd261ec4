"""Inputs near to right ones: bytes that were changed here and there, and values of odd kinds."""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from math import isfinite
from random import Random
from typing import TypeVar

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
    b"9" * 5_000,
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
DEEPEST = 3
ODD_NUMBERS = (0, -1, 1, 2**31, 2**53 + 1, 2**63, 2**64, -(2**63) - 1, 10**30, 1e308, -0.0, 5e-324)
ODD_TEXTS = ("", " ", "0", "null", "true", "1e999", "9" * 5_000, "../x", "a:b", "%2F", "x" * 2_000)
ODD_CHARACTERS = (
    "\x00\x1b\n\r\t \u00a0\u200b\u202e\u2028\ufeff\uffff\\\"'/:;,%{}[]<>&\U0001f4a9e\u0301"
)

Drawn = TypeVar("Drawn")


def arbitrary() -> st.SearchStrategy[bytes]:
    """Any bytes, and any text."""
    return st.binary(max_size=300) | st.text(max_size=200).map(
        lambda text: text.encode("utf-8", errors="surrogatepass")
    )


def near(right: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """One of the right inputs with a few places changed."""
    return _by_dice(lambda dice: _edited(dice.choice(right), dice.randint(0, MOST_EDITS), dice))


def _edited(data: bytes, edits: int, dice: Random) -> bytes:
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
    return _by_dice(_value)


def objects_with(names: Sequence[str]) -> st.SearchStrategy[bytes]:
    """JSON objects with some of these fields, of any kind."""

    def drawn(dice: Random) -> bytes:
        some = dice.sample(names, dice.randint(0, len(names)))
        return msgspec.json.encode({name: _value(dice) for name in some})

    return _by_dice(drawn)


def _by_dice(draw: Callable[[Random], Drawn]) -> st.SearchStrategy[Drawn]:
    """What follows from one number: a draw of hypothesis for each part is ten times slower."""
    return st.integers(0, 2**63 - 1).map(lambda number: draw(Random(number)))


def _value(dice: Random, depth: int = 0) -> object:
    kind = dice.randrange(7 if depth < DEEPEST else 5)
    if kind == 0:
        return dice.choice((None, True, False))
    if kind == 1:
        return dice.choice((dice.choice(ODD_NUMBERS), dice.randint(-300, 300), _any_float(dice)))
    if kind == 2:
        return _text(dice)
    if kind == 3:
        return dice.choice(ODD_TEXTS)
    if kind == 4:
        return f"{datetime.fromtimestamp(dice.randrange(253_402_300_800), UTC)}"
    inner = [_value(dice, depth + 1) for _ in range(dice.randint(0, 4))]
    return inner if kind == 5 else {_text(dice): value for value in inner}


def _any_float(dice: Random) -> float:
    """Of any bits; the largest there is where these are no number."""
    (number,) = struct.unpack("d", dice.randbytes(8))
    return number if isfinite(number) else sys.float_info.max


def _text(dice: Random) -> str:
    drawn = (
        dice.choice(ODD_CHARACTERS) if dice.random() < 0.3 else chr(dice.randrange(32, 0xD800))
        for _ in range(dice.randint(0, 30))
    )
    return "".join(drawn)


def like(right: Sequence[bytes], names: Sequence[str] = ()) -> st.SearchStrategy[bytes]:
    """Any of all these."""
    return near(right) | arbitrary() | (objects_with(names) if names else st.nothing())
