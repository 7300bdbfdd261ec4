"""Articles as the classifier is given them, by the functions that serve."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from pipelines.augmentation.framing import Framing, Parts
from pipelines.classification.examples import Examples
from pipelines.sentiment_alerts.data import LabelledArticle
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.messages import SENTIMENTS
from textwire.sentiment_alerts.scoring.clauses import (
    BETWEEN,
    CompanyText,
    Mention,
    article_text,
    company_texts,
    linked_text,
    text_of_unnamed,
)

AFTER_NAME = f" {BETWEEN} "


def parts_of(text: str) -> Parts:
    """What is said, and before it the company that it is read for, if any."""
    company, mark, said = text.rpartition(AFTER_NAME)
    return Parts(f"{company}{mark}", said, "")


FRAMING = Framing(parts_of, AFTER_NAME)


def examples_of(
    articles: Iterable[LabelledArticle], topics: Sequence[str], linker: Linker
) -> Examples:
    """An example for each article, followed by one for each company that it was labelled for.

    An article without a label gives those of its companies alone.
    """
    texts, labels, about, has_topics = [], [], [], []
    for article in articles:
        if article.label:
            texts.append(article_text(article.title, article.body))
            labels.append(SENTIMENTS.index(article.label))
            about.append([topic in (article.topics or ()) for topic in topics])
            has_topics.append(article.topics is not None)
        for company, said in texts_of_companies(article, linker).items():
            texts.append(said.read)
            labels.append(SENTIMENTS.index(article.entities[company]))
            about.append([False] * len(topics))
            has_topics.append(False)
    return Examples(
        texts,
        np.array(labels, dtype=np.int64),
        np.array(about, dtype=np.bool_).reshape(len(texts), len(topics)),
        np.array(has_topics, dtype=np.bool_),
    )


def texts_of_companies(article: LabelledArticle, linker: Linker) -> dict[str, CompanyText]:
    """What the classifier reads of each company that an article was labelled for.

    A company that the linker does not find is sought by its name as the data give it; where that
    is not in the text either, the headline is taken to speak of it.
    """
    text = linked_text(article.title, article.body)
    mentions = linker.mentions_in(text)
    linked = {mention.entity for mention in mentions}
    missed = [name for name in article.entities if name not in linked]
    mentions = sorted([*mentions, *named_in(text, missed)], key=lambda mention: mention.start)
    found = company_texts(article.title, article.body, mentions)
    return {
        name: found.get(name) or text_of_unnamed(name, article.title) for name in article.entities
    }


def named_in(text: str, names: Iterable[str]) -> list[Mention]:
    """Where a text has each name, in whatever case; names that it lacks are left out.

    As a word if it stands there as one, else wherever it stands: Chinese has no spaces.
    """
    return [Mention(name, *match.span()) for name in names for match in _places(text, name)]


def _places(text: str, name: str) -> list[re.Match[str]]:
    anywhere = re.escape(name)
    words = list(re.finditer(rf"(?<!\w){anywhere}(?!\w)", text, re.IGNORECASE))
    return words or list(re.finditer(anywhere, text, re.IGNORECASE))
