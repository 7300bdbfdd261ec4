import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.article_scorers import COMPANIES, LexiconClassifier, article, at
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.scoring.article_scorer import ArticleScorer
from textwire.sentiment_alerts.scoring.tone import NEUTRAL, tones


def test_a_tone_that_is_not_sure_enough_is_neutral() -> None:
    probabilities = np.float32([[0.5, 0.3, 0.2], [0.2, 0.2, 0.6], [0.3, 0.4, 0.3]])
    assert tones(probabilities, 0.0).tolist() == [0, 2, 1]
    assert tones(probabilities, 0.55).tolist() == [1, 2, 1]
    assert tones(np.empty((0, 3), dtype=np.float32), 0.5).shape == (0,)


@given(st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=1), st.floats(0, 1))
def test_more_caution_never_makes_a_tone_of_none(rows: list[list[float]], least: float) -> None:
    probabilities = np.array(rows, dtype=np.float32)
    bold, cautious = tones(probabilities, 0.0), tones(probabilities, least)
    assert ((cautious == bold) | (cautious == NEUTRAL)).all()


def test_the_scorer_counts_an_unsure_article_as_nothing_and_still_says_how_sure_it_was() -> None:
    scorer = ArticleScorer(Linker(COMPANIES), LexiconClassifier(), least_tone=0.95)
    [scored] = scorer.read([article(1, at(), "Northmere slumps")])
    [company] = scored.sentiment.entities
    assert scored.sentiment.label == company.label == "neutral"
    assert company.probabilities["negative"] > 0.8
    assert company.score < -0.8
