from __future__ import annotations

import pytest

from tests.article_scorers import COMPANIES, DAY, LexiconClassifier, reader
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.messages import Article
from textwire.sentiment_alerts.results.records import Explanation, StoredArticle
from textwire.sentiment_alerts.scoring.attributions import MOST_WORDS, explain

LINKER = Linker(COMPANIES)


def explained(title: str, body: str | None = None) -> Explanation:
    """An article read and explained by one model."""
    (scored,) = reader().read([Article(id="a1", title=title, body=body, published_at=DAY)])
    stored = StoredArticle(sentiment=scored.sentiment, excerpt=scored.excerpt)
    return explain(stored, LINKER, LexiconClassifier())


def weights(explanation: Explanation, entity: str | None) -> dict[str, float]:
    """By word, of a company or of the whole article."""
    (reading,) = [one for one in explanation.readings if one.entity == entity]
    return {word.text: word.weight for word in reading.words}


def test_the_word_that_the_model_goes_by_carries_the_label() -> None:
    carried = weights(explained("Harbour strike goes on in the north"), None)
    assert carried["strike"] == pytest.approx(0.85)
    assert all(weight == 0 for word, weight in carried.items() if word != "strike")


def test_each_company_is_explained_by_what_is_said_of_it() -> None:
    explanation = explained("Northmere slumps while Solvanta soars")
    of_one = weights(explanation, "Northmere Energy")
    of_other = weights(explanation, "Solvanta Power")
    assert (of_one["slumps"], of_one["soars"]) == (pytest.approx(0.85), 0.0)
    assert (of_other["slumps"], of_other["soars"]) == (0.0, pytest.approx(0.85))


def test_a_company_stands_by_its_name_and_carries_nothing() -> None:
    carried = weights(explained("Northmere slumps"), "Northmere Energy")
    assert carried == {"Northmere Energy": 0.0, "slumps": pytest.approx(0.85)}


def test_a_headline_of_many_words_is_explained_by_its_first_ones() -> None:
    carried = explained(" ".join(f"word{n}" for n in range(100))).readings[0].words
    assert len(carried) == MOST_WORDS


def test_what_the_body_says_is_no_word_of_the_headline() -> None:
    explanation = explained("Northmere reports", "Northmere slumps. It was cold.")
    assert set(weights(explanation, None)) == {"Northmere", "reports"}
