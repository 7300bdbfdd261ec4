"""Which words speak for a class of a text, or for a passage that may answer a question."""

from __future__ import annotations

import torch

from pipelines.explaining.asked import Asked
from pipelines.explaining.attribution import Attribution, attribute
from pipelines.explaining.report import heading, lines, misses
from pipelines.training.marks import SEPARATOR
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.torch_classifier import TorchClassifier
from textwire.support_qa.dialogue_acts import BETWEEN
from textwire.support_qa.reranking import pair_text

ANSWERS, OTHER = "answers", "other"
PAIR = ("Words of the question:", "Words of the passage:")
CONTEXT = ("Words of the message:", "Words of what stands beside it:")


def explain_class(classifier: TorchClassifier, text: str, class_name: str) -> Attribution:
    """What each word adds to the logit of one of a classifier's labels or topics."""
    column = [*classifier.labels, *classifier.topics].index(class_name)

    def logit(ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return classifier.logits(ids, mask)[:, column]

    return attribute(logit, classifier.embeddings, classifier.reader, text)


def explain_answering(reranker: TorchClassifier, pair: str) -> Attribution:
    """What each word adds to the log odds that a passage answers a question.

    Args: pair: as `reranking.pair_text` writes both.
    """
    answers, other = (reranker.labels.index(label) for label in (ANSWERS, OTHER))

    def log_odds(ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        logits = reranker.logits(ids, mask)
        return logits[:, answers] - logits[:, other]

    return attribute(log_odds, reranker.embeddings, reranker.reader, pair)


def told_of_class(artifact: Artifact, asked: Asked) -> str:
    """Of the class that is asked for, or of the likeliest."""
    classifier = TorchClassifier(artifact)
    text = asked.text if asked.beside is None else f"{asked.text}{BETWEEN}{asked.beside}"
    name = asked.class_name or _likeliest(classifier, text)
    found = explain_class(classifier, text, name)
    words = lines(found.words) if asked.beside is None else in_two(found, len(asked.text), CONTEXT)
    return "\n".join([heading(f"{name}: logit", found), *words, *misses(found)])


def told_of_pair(artifact: Artifact, asked: Asked) -> str:
    """Of a reranker, first the question's words, then the passage's."""
    pair = pair_text(asked.text, asked.beside or "")
    found = explain_answering(TorchClassifier(artifact), pair)
    words = in_two(found, pair.index(SEPARATOR), PAIR)
    return "\n".join([heading("It answers: log odds", found), *words, *misses(found)])


def in_two(found: Attribution, until: int, names: tuple[str, str]) -> list[str]:
    """Words before a place of the text, and those behind it, each under their name."""
    most = max((abs(one.added) for one in found.words), default=0.0)
    first = [one for one in found.words if one.start < until]
    second = [one for one in found.words if one.start >= until]
    return [names[0], *lines(first, most), names[1], *lines(second, most)]


def _likeliest(classifier: TorchClassifier, text: str) -> str:
    told = classifier.classify([text])
    if classifier.labels:
        return classifier.labels[int(told.labels[0].argmax())]
    return classifier.topics[int(told.topics[0].argmax())]
