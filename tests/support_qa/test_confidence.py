from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.errors import ArtifactError
from textwire.models.artifacts.manifest import Calibration
from textwire.support_qa.confidence import FEATURES, confidence, features, with_fits
from textwire.support_qa.messages import Passage
from textwire.support_qa.passage_index import Candidate

FIRST = Candidate(Passage(id="a", text="A"), 0.8, 0.7, 6.0, 1, 1, 1.0)
RIVAL = Candidate(Passage(id="b", text="B"), 0.5, 0.6, 2.0, 2, 2, 0.6)
EVEN = Calibration(FEATURES, (2.0, 3.0, 0.5, 0.5, 1.0, 1.0, -0.5), -2.5)


def test_the_features_say_what_speaks_for_the_first() -> None:
    assert features([FIRST, RIVAL]) == {
        "cosine": 0.8,
        "cosine_margin": pytest.approx(0.3),
        "heading_margin": pytest.approx(0.1),
        "score_margin": pytest.approx(0.4),
        "agreement": 1.0,
        "word_share": 0.75,
        "missing": 0.0,
    }


def test_where_a_reranker_has_read_them_it_speaks_too() -> None:
    read = [replace(FIRST, relevance=2.0), replace(RIVAL, relevance=-1.5)]
    said = features(read)
    assert (said["relevance"], said["relevance_margin"]) == (2.0, 3.5)
    assert {name: said[name] for name in FEATURES} == features([FIRST, RIVAL])


def test_repeats_of_one_answer_do_not_compete() -> None:
    repeat = replace(FIRST, passage=Passage(id="a2", text="A"), dense_rank=2, word_rank=2)
    assert features([FIRST, repeat, RIVAL]) == features([FIRST, RIVAL])


def test_no_candidate_means_no_confidence() -> None:
    assert confidence([], EVEN) == 0.0
    assert set(features([])) == set(FEATURES)


def test_meaning_and_words_agree_only_when_both_put_it_first() -> None:
    assert features([replace(FIRST, word_rank=None, word_score=0.0), RIVAL])["agreement"] == 0.0
    assert (
        features([replace(FIRST, word_score=0.0), replace(RIVAL, word_score=0.0)])["word_share"]
        == 0.0
    )


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_better_first_or_a_worse_rival_raises_confidence(cosine, other) -> None:
    low, high = sorted((cosine, other))
    assert confidence([replace(FIRST, cosine=low), RIVAL], EVEN) <= confidence(
        [replace(FIRST, cosine=high), RIVAL], EVEN
    )
    assert confidence([FIRST, replace(RIVAL, cosine=high)], EVEN) <= confidence(
        [FIRST, replace(RIVAL, cosine=low)], EVEN
    )


@given(st.floats(-1e6, 1e6))
def test_confidence_is_a_probability_however_large_the_weights(weight) -> None:
    assert 0.0 <= confidence([FIRST], Calibration(("cosine",), (weight,), weight)) <= 1.0


def test_without_a_calibration_one_is_told_to_run_the_pipeline() -> None:
    with pytest.raises(ArtifactError, match="pipelines support-qa run"):
        confidence([FIRST], None)


def test_an_unknown_feature_is_named() -> None:
    with pytest.raises(ArtifactError, match="charm"):
        confidence([FIRST], Calibration(("charm",), (1.0,), 0.0))


def test_each_candidate_fits_as_well_as_it_would_first() -> None:
    first, rival = with_fits([FIRST, RIVAL], EVEN)
    assert first.fit == confidence([FIRST, RIVAL], EVEN)
    assert rival.fit == confidence([RIVAL, FIRST], EVEN) < first.fit


def test_a_question_whose_rare_word_the_passage_lacks_is_answered_less_surely() -> None:
    calibration = Calibration(("missing",), (-2.0,), 1.0)
    lacking = replace(FIRST, missing=1.0)
    assert confidence([lacking, RIVAL], calibration) < confidence([FIRST, RIVAL], calibration)


def test_where_some_were_read_closely_that_speaks_too() -> None:
    read = [replace(FIRST, closeness=0.7), replace(RIVAL, closeness=0.4)]
    said = features(read)
    assert said["closeness"] == 0.7
    assert said["closeness_margin"] == pytest.approx(0.3)
    assert {name: said[name] for name in FEATURES} == features([FIRST, RIVAL])


def test_one_that_was_not_read_closely_is_as_close_as_the_farthest_that_was() -> None:
    third = replace(RIVAL, passage=Passage(id="c", text="C"))
    read = [replace(FIRST, closeness=0.7), replace(RIVAL, closeness=0.4), third]
    said = features(read, of=2)
    assert (said["closeness"], said["closeness_margin"]) == (0.4, pytest.approx(-0.3))
