"""How much each word of a text adds to what a model says of it, by integrated gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from captum.attr import LayerIntegratedGradients

from pipelines.training.marks import SEPARATOR
from textwire.models.engines.tokenizing import TokenReader, WordRow

# Points on the way from the empty text to the text. Captum's own number.
STEPS = 50
# Token ids and mask, (n, length) int64, to what is explained, (n,) float32, with gradients.
Score = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


class WordShare(NamedTuple):
    """A word, where it begins in the text, and what it adds; below 0 it speaks against."""

    word: str
    start: int
    added: float


class Attribution(NamedTuple):
    """What words add to a score.

    words   in the order of the text, as far as it is read; separators are none.
    score   of the text. empty: and of the same text with every word blanked out.
    missed  what of `score` - `empty` the sum over all words lacks, since steps are few.
    is_cut  whether the text goes on beyond what is read.
    """

    words: tuple[WordShare, ...]
    score: float
    empty: float
    missed: float
    is_cut: bool


def attribute(
    score: Score, embeddings: torch.nn.Module, reader: TokenReader, text: str
) -> Attribution:
    """What each word adds to a score, compared with the text of as many blanks.

    A token's part is the sum over its vector's numbers, a word's the sum over its pieces. The parts
    of all words add up to `score` - `empty`, but for `missed`; [CLS] and [SEP] stay, so they add
    nothing of their own.

    Args:   embeddings: the layer that makes a vector of each token.
    Source: Sundararajan et al. 2017, arXiv:1703.01365.
    """
    [row] = reader.read_words([text])
    words = _words_of(row, text)
    ids, mask = (torch.from_numpy(part) for part in reader.pad([row.ids]))
    blank = _blanked(ids, words, reader.pad_id)
    parts, missed = LayerIntegratedGradients(score, embeddings).attribute(
        ids,
        blank,
        additional_forward_args=(mask,),
        n_steps=STEPS,
        internal_batch_size=STEPS,
        return_convergence_delta=True,
    )  # (1, length, d), (1,)
    by_token = parts.sum(dim=-1)[0].tolist()
    with torch.inference_mode():
        at, empty = (float(score(one, mask)[0]) for one in (ids, blank))
    return Attribution(
        tuple(
            WordShare(text[one.start : one.end], one.start, sum(by_token[one.first : one.last]))
            for one in words
        ),
        at,
        empty,
        float(missed[0]),
        is_cut=bool(row.words) and row.words[-1][1] < len(text.rstrip()),
    )


class _Word(NamedTuple):
    """Letters of a text from `start` up to `end`, and its tokens from `first` up to `last`."""

    start: int
    end: int
    first: int
    last: int


def _words_of(row: WordRow, text: str) -> list[_Word]:
    # What is pooled ends at a separator: with it blanked out, another model would be explained.
    return [
        _Word(start, end, first, last)
        for (start, end), first, last in zip(row.words, row.firsts, row.ends, strict=True)
        if text[start:end] != SEPARATOR
    ]


def _blanked(ids: torch.Tensor, words: list[_Word], pad_id: int) -> torch.Tensor:
    """The same, (1, length) int64, with nothing in place of each piece of a word."""
    blank = ids.clone()
    for word in words:
        blank[0, word.first : word.last] = pad_id
    return blank
