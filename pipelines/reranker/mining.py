"""Hard negatives: what the retriever finds for a question that does not answer it.

Source: Qu et al. 2021, arXiv:2010.08191, without a filter of false negatives: each of our questions
has one passage that was written for it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np

from pipelines.reranker.data import PublicSet, Ranking
from pipelines.support_qa.data import LabelledQuestion
from textwire.models.engines.encoder import Encoder
from textwire.support_qa.passage_index import PassageIndex
from textwire.support_qa.passage_texts import parts
from textwire.support_qa.reranking import candidate_text


def mine_rankings(
    index: PassageIndex, asked: Sequence[LabelledQuestion], depth: int
) -> list[Ranking]:
    """Each question with its passage, and the others among the first `depth` that are found."""
    found = index.search([question.text for question in asked], depth)
    known = index.by_id
    rankings = []
    for question, candidates in zip(asked, found, strict=True):
        right = {c.passage.id: candidate_text(c) for c in candidates}
        answer = known.get(question.passage_id or "")
        best = (right.get(answer.id) or parts(answer)[0],) if answer else ()
        same = answer.text if answer else None
        wrongs = [candidate_text(c) for c in candidates if c.passage.text != same]
        rankings.append(Ranking(question.text, best, tuple(wrongs)))
    return rankings


def mine_public(
    encoder: Encoder, public: PublicSet, depth: int, most: int, rng: random.Random
) -> list[Ranking]:
    """Questions of a public set, each beside the nearest texts of other groups than its own.

    Args: most: so many questions at most, drawn by `rng`.
    """
    asked = rng.sample(public.questions, min(most, len(public.questions)))
    vectors = encoder.encode([one.text for one in asked])  # (n, d)
    keys = encoder.encode([one.text for one in public.texts])  # (m, d)
    groups = np.array([one.group for one in public.texts])
    rankings = []
    for question, vector in zip(asked, vectors, strict=True):
        own = groups == question.group
        cosines = np.where(own, -np.inf, keys @ vector)
        nearest = np.argsort(-cosines)[: min(depth, int((~own).sum()))].tolist()
        right = [public.texts[at].text for at in np.flatnonzero(own).tolist()]
        rankings.append(
            Ranking(
                question.text,
                tuple(text for text in right if text != question.text),
                tuple(public.texts[at].text for at in nearest),
            )
        )
    return rankings
