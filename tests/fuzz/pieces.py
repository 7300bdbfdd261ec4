"""A million inputs in pieces, where there is little time: what is done is kept in a file."""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from time import monotonic

import msgspec

from tests.fuzz.running import Tried, try_numbered
from tests.fuzz.targets import ALL
from textwire.stream.pacing import in_groups

PIECE = 2_000


class Piece(msgspec.Struct, frozen=True):
    """So many inputs of one target, drawn from a seed of their own."""

    which: int
    inputs: int
    seed: int


class Done(msgspec.Struct, frozen=True):
    """What came of a piece."""

    piece: Piece
    taken: int
    refused: int
    took_s: float
    failure: str = ""


def pieces_of(inputs: int, seed: int) -> Iterator[Piece]:
    """All pieces, the targets by turns, so that each has been tried whenever it is stopped."""
    shares = sum(target.share for target in ALL)
    left = {which: math.ceil(inputs * t.share / shares) for which, t in enumerate(ALL)}
    turn = seed * 1_000
    while left:
        for which, count in left.items():
            yield Piece(which, min(PIECE, count), turn)
        left = {which: count - PIECE for which, count in left.items() if count > PIECE}
        turn += 1


def try_pieces(file: Path, inputs: int, seed: int, minutes: float) -> bool:
    """Try what the file does not have yet, until the minutes are over; whether all is done."""
    until = monotonic() + 60 * minutes
    known = {done.piece for done in read(file)}
    left = [piece for piece in pieces_of(inputs, seed) if piece not in known]
    at_once = os.cpu_count() or 1
    with ProcessPoolExecutor(at_once) as pool, file.open("ab") as kept:
        for some in in_groups(left, at_once):
            if monotonic() > until:
                return False
            for done in pool.map(_try_piece, some):
                kept.write(msgspec.json.encode(done) + b"\n")
            kept.flush()
    return True


def read(file: Path) -> list[Done]:
    """What is done already."""
    lines = file.read_bytes().splitlines() if file.exists() else []
    return [msgspec.json.decode(line, type=Done) for line in lines]


def by_target(all_done: Iterable[Done]) -> list[Tried]:
    """How each target did that was tried at all; of failures, the first."""
    tried: dict[int, Tried] = {}
    for done in all_done:
        one = tried.setdefault(done.piece.which, Tried(ALL[done.piece.which].name))
        one.counts += Counter({True: done.taken, False: done.refused})
        one.took_s += done.took_s
        one.failure = one.failure or done.failure
    return [tried[which] for which in sorted(tried)]


def _try_piece(piece: Piece) -> Done:
    tried = try_numbered(piece.which, piece.inputs, piece.seed)
    return Done(piece, tried.counts[True], tried.counts[False], tried.took_s, tried.failure)
