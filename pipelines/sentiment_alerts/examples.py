"""Articles as the classifier is given them, by the functions that serve."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from pipelines.classification.examples import Examples
from pipelines.sentiment_alerts.data import LabelledArticle
from textwire.sentiment_alerts.clauses import (
    Mention,
    article_text,
    linked_text,
    target_text,
    target_texts,
)
from textwire.sentiment_alerts.entity_linking import Linker
from textwire.sentiment_alerts.messages import SENTIMENTS


def examples_of(
    articles: Iterable[LabelledArticle], topics: Sequence[str], linker: Linker
) -> Examples:
    """An example for each article, followed by one for each company that it was labelled for."""
    texts, labels, about, is_article = [], [], [], []
    for article in articles:
        said = {None: article_text(article.title, article.body)} | company_texts(article, linker)
        for company, text in said.items():
            label = article.label if company is None else article.entities[company]
            texts.append(text)
            labels.append(SENTIMENTS.index(label))
            about.append([company is None and topic in article.topics for topic in topics])
            is_article.append(company is None)
    return Examples(
        texts,
        np.array(labels, dtype=np.int64),
        np.array(about, dtype=np.bool_).reshape(len(texts), len(topics)),
        np.array(is_article, dtype=np.bool_),
    )


def company_texts(article: LabelledArticle, linker: Linker) -> dict[str, str]:
    """What the classifier reads of each company that an article was labelled for.

    A company that the linker does not find is sought by its name as the data give it; where that
    is not in the text either, the headline is taken to speak of it.
    """
    text = linked_text(article.title, article.body)
    mentions = linker.mentions_in(text)
    linked = {mention.entity for mention in mentions}
    missed = [name for name in article.entities if name not in linked]
    mentions = sorted([*mentions, *named_in(text, missed)], key=lambda mention: mention.start)
    found = target_texts(article.title, article.body, mentions)
    return {name: found.get(name) or target_text(name, article.title) for name in article.entities}


def named_in(text: str, names: Iterable[str]) -> list[Mention]:
    """Where a text first has each name, in whatever case; names that it lacks are left out."""
    found = {name: re.search(re.escape(name), text, re.IGNORECASE) for name in names}
    return [Mention(name, *match.span()) for name, match in found.items() if match]
