"""Whether a base model knows the letters that texts are written in."""

from __future__ import annotations

from collections.abc import Sequence

from textwire.errors import DataError
from textwire.models.engines.tokenizing import MOST_UNREAD, TokenReader

SHOWN_LETTERS = 40


def require_readable(texts: Sequence[str], reader: TokenReader, base: str) -> None:
    """That a base model's vocabulary has the letters of most texts.

    Raises: DataError: of more than half of them it lacks a fifth of the tokens.
    """
    unread = reader.unread_shares(texts) >= MOST_UNREAD
    if 2 * unread.sum() > len(texts):
        first = texts[int(unread.argmax())][:SHOWN_LETTERS]
        raise DataError(
            f"The base model {base} does not know the letters of {unread.sum():,} of "
            f"{len(texts):,} texts, such as {first!r}: nothing can be learned from them. Give "
            "one of their language with --base, a folder or a name: `--base "
            "multilingual-e5-small-zh` (docs/chinese.md) or `bert-base-chinese`."
        )
