"""How much each word of a text speaks for a class, by integrated gradients."""

from __future__ import annotations

from typing import NamedTuple

import torch
from captum.attr import LayerIntegratedGradients

from textwire.models.engines.tokenizing import WordRow
from textwire.models.engines.torch_classifier import TorchClassifier

# Points on the way from the empty text to the text. Captum's own number.
STEPS = 50


class WordShare(NamedTuple):
    """A word, and what it adds to the logit of the class; below 0 it speaks against it."""

    word: str
    added: float


class Explanation(NamedTuple):
    """Why a text was told to be of a class.

    words   in the order of the text, as far as it is read.
    logit   of the class. empty: and of the same text with every word blanked out.
    missed  what of `logit` - `empty` the sum over all tokens lacks, since steps are few.
    """

    class_name: str
    words: tuple[WordShare, ...]
    logit: float
    empty: float
    missed: float


def explain_class(classifier: TorchClassifier, text: str, class_name: str) -> Explanation:
    """What each word adds to a class's logit, compared with the text of as many blanks.

    A token's part is the sum over its vector's numbers, a word's the sum over its pieces. The parts
    of all tokens add up to `logit` - `empty`, but for `missed`; [CLS] and [SEP] stay, so they add
    nothing of their own.

    Args:   class_name: one of the classifier's labels or topics.
    Source: Sundararajan et al. 2017, arXiv:1703.01365.
    """
    [row] = classifier.reader.read_words([text])
    ids, mask = (torch.from_numpy(part) for part in classifier.reader.pad([row.ids]))
    blank = _blanked(ids, row, classifier.reader.pad_id)
    column = [*classifier.labels, *classifier.topics].index(class_name)
    gradients = LayerIntegratedGradients(classifier.logits, classifier.embeddings)
    parts, missed = gradients.attribute(
        ids,
        blank,
        target=column,
        additional_forward_args=(mask,),
        n_steps=STEPS,
        internal_batch_size=STEPS,
        return_convergence_delta=True,
    )  # (1, length, d), (1,)
    by_token = parts.sum(dim=-1)[0].tolist()
    with torch.inference_mode():
        logit, empty = (float(classifier.logits(one, mask)[0, column]) for one in (ids, blank))
    words = tuple(
        WordShare(text[start:end], sum(by_token[first:last]))
        for (start, end), first, last in zip(row.words, row.firsts, row.ends, strict=True)
    )
    return Explanation(class_name, words, logit, empty, float(missed[0]))


def _blanked(ids: torch.Tensor, row: WordRow, pad_id: int) -> torch.Tensor:
    """The same, (1, length) int64, with nothing in place of each piece of a word."""
    blank = ids.clone()
    for first, end in zip(row.firsts, row.ends, strict=True):
        blank[0, first:end] = pad_id
    return blank
