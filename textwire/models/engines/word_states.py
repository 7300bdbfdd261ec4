"""A vector for each word of a text, in its context: what late interaction compares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

from textwire.errors import ArtifactError
from textwire.models.artifacts.manifest import Manifest
from textwire.models.engines.encoder import Encoder, Vectors
from textwire.models.engines.tokenizing import WordRow


class WordStates(NamedTuple):
    """The words of a text, as far as it is read, and the direction of each."""

    words: list[str]
    vectors: Vectors  # (words, width) float32, unit length


@runtime_checkable
class WordEncoder(Encoder, Protocol):
    """An encoder that also gives the states it pools."""

    def encode_words(self, texts: Sequence[str]) -> tuple[Vectors, list[WordStates]]:
        """What `encode` gives, (n, dimension) float32, and each text's words.

        A word's vector is the mean of the states of its tokens.
        """
        ...


def word_states(text: str, row: WordRow, states: Vectors) -> WordStates:
    """The words of one text out of the states of its tokens, special ones included.

    Args: states: (tokens, width) float32.
    """
    if not row.firsts:
        return WordStates([], np.empty((0, states.shape[1]), dtype=np.float32))
    # Between the beginnings and the ends of words lie special tokens, which are no word's.
    bounds = np.array([row.firsts, row.ends]).T.ravel()
    sums = np.add.reduceat(np.vstack([states, np.zeros_like(states[:1])]), bounds)[::2]
    lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), np.float32(1e-9))
    return WordStates([text[begin:end] for begin, end in row.words], sums / lengths)


def word_encoder(encoder: Encoder, manifest: Manifest) -> WordEncoder | None:
    """The encoder as one of words; None where its model gives no states.

    Raises: ArtifactError: the model gives them, and the engine does not.
    """
    if not manifest.states:
        return None
    if not isinstance(encoder, WordEncoder):
        raise ArtifactError(
            f"The model {manifest.version} is to be asked for the states of words, which "
            f"{type(encoder).__name__} does not give."
        )
    return encoder
