"""Token ids of texts, padded only as far as their batch needs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from textwire.errors import ArtifactCorrupt

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]
# BERT's name, and XLM-R's; RoBERTa's tokenizers have the latter, and know every byte.
UNKNOWN_PIECES = ("[UNK]", "<unk>")
WORD_BEGINS = "▁"
# The part of a text's tokens that is unknown from which on nothing can be told of it. Of 6,080
# English headlines and questions none had a single token that MiniLM's vocabulary lacks; of 1,500
# Chinese texts 99.6 % had one in five or more. What is written in letters that it knows (Russian,
# Arabic) is read as letters, and not found so.
MOST_UNREAD = 0.2


class WordRow(NamedTuple):
    """A text's tokens and words.

    ids     of its tokens, special ones included.
    firsts  for each word the place of its first piece among them.
    ends    and the place behind its last one.
    words   letters of each word, from the first up to, and without, the last.
    """

    ids: list[int]
    firsts: list[int]
    ends: list[int]
    words: list[tuple[int, int]]


class TokenReader:
    """A fast tokenizer without the padding and truncation that its file may prescribe."""

    def __init__(self, file: Path, max_tokens: int) -> None:
        """Read `tokenizer.json`.

        Raises: ArtifactCorrupt: the file is none.
        """
        self._tokenizer = _read_tokenizer(file)
        self.pad_id = int((self._tokenizer.padding or {}).get("pad_id", 0))
        # all-MiniLM's file pads every text to 128 tokens and cuts it there.
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)
        ids = map(self._tokenizer.token_to_id, UNKNOWN_PIECES)
        self._unknown = next((one for one in ids if one is not None), None)

    def id_of(self, token: str) -> int:
        """The id of a token of the vocabulary.

        Raises: ArtifactCorrupt: it has none such.
        """
        found = self._tokenizer.token_to_id(token)
        if found is None:
            raise ArtifactCorrupt(f"The tokenizer knows no token {token!r}.")
        return int(found)

    def read(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of each text, special tokens included, cut at the limit."""
        return [encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))]

    def read_words(self, texts: Sequence[str]) -> list[WordRow]:
        """Token ids of each text as by `read`, and where its words stand, as far as it is read."""
        encodings = self._tokenizer.encode_batch(list(texts))
        return [_words_of(one, text) for one, text in zip(encodings, texts, strict=True)]

    def unread_shares(self, texts: Sequence[str]) -> Floats:
        """The part of each text's tokens with letters that the vocabulary lacks, (n,) float64.

        0 for a text without tokens, and for a tokenizer that knows all bytes. A sign or a picture
        that is not known says nothing of the language.
        """
        rows = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return np.array(
            [
                self._unread(text) / len(row.ids) if self._unknown in row.ids else 0.0
                for row, text in zip(rows, texts, strict=True)
            ]
        )

    def _unread(self, text: str) -> int:
        """How many tokens with letters the vocabulary lacks: where they stand is asked of few."""
        row = self._tokenizer.encode(text, add_special_tokens=False)
        return sum(
            token == self._unknown and any(map(str.isalpha, text[start:end]))
            for token, (start, end) in zip(row.ids, row.offsets, strict=True)
        )

    def pad(self, rows: Sequence[Sequence[int]]) -> tuple[Ids, Ids]:
        """Ids and attention mask of one batch, both (n, longest) int64."""
        longest = max(len(row) for row in rows)
        ids = np.full((len(rows), longest), self.pad_id, dtype=np.int64)
        mask = np.zeros_like(ids)
        for position, row in enumerate(rows):
            ids[position, : len(row)] = row
            mask[position, : len(row)] = 1
        return ids, mask


def _words_of(encoding: Any, text: str) -> WordRow:
    firsts: list[int] = []
    ends: list[int] = []
    words: list[tuple[int, int]] = []
    before = None
    for place, (word, (start, end)) in enumerate(
        zip(encoding.word_ids, encoding.offsets, strict=True)
    ):
        if word is None or start == end:
            continue
        if word == before:
            words[-1] = (words[-1][0], end)
            ends[-1] = place + 1
        else:
            firsts.append(place)
            ends.append(place + 1)
            # XLM-R's kind take the space before a word for a part of it.
            words.append((end - len(text[start:end].lstrip()), end))
        before = word
    return WordRow(encoding.ids, firsts, ends, words)


def whole_words(file: Path) -> frozenset[str]:
    """The words that a tokenizer has whole, in small letters: those that its language knows well.

    Raises: ArtifactCorrupt: the file is none.
    """
    vocabulary = _read_tokenizer(file).get_vocab()
    words = (token.removeprefix(WORD_BEGINS) for token in _whole(vocabulary))
    return frozenset(word.lower() for word in words if word.isalpha())


def _whole(vocabulary: Collection[str]) -> Iterable[str]:
    """Of XLM-R's kind, which mark where a word begins, those that begin one; else all."""
    marked = [token for token in vocabulary if token.startswith(WORD_BEGINS)]
    return marked or vocabulary


def _read_tokenizer(file: Path) -> Any:
    try:
        return Tokenizer.from_file(str(file))
    except Exception as error:  # tokenizers raises no narrower class
        raise ArtifactCorrupt(f"{file} is no tokenizer: {error}") from error
