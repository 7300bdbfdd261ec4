"""Which pieces of words a text in Chinese, or in English, can be made of."""

from __future__ import annotations


def chinese_and_ascii(piece: str) -> bool:
    """Whether every letter of a piece is Chinese or of A to Z; digits and signs are no letters.

    A single letter of Latin script always stays, so that names such as `Müller` can be spelt.
    """
    if len(piece.strip("▁")) == 1 and _is_latin(piece[-1]):
        return True
    return all(not letter.isalpha() or letter.isascii() or _is_chinese(letter) for letter in piece)


def _is_latin(letter: str) -> bool:
    return letter < "\u0250"


def _is_chinese(letter: str) -> bool:
    # CJK Unified Ideographs, the first extension of them, and the two signs of repetition.
    return "\u4e00" <= letter <= "\u9fff" or "\u3400" <= letter <= "\u4dbf" or letter in "々〇"
