import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.measuring.calibration import (
    brier_score,
    centred,
    choose_threshold,
    expected_calibration_error,
    fit_calibration,
    risk_and_coverage,
)

outcomes = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=80)


def columns(rows: list[tuple[float, bool]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([row[0] for row in rows]), np.array([row[1] for row in rows])


def test_a_feature_that_tells_right_from_wrong_gets_its_chances() -> None:
    rng = np.random.default_rng(0)
    cosines = rng.uniform(0, 1, 4_000)
    right = rng.uniform(size=4_000) < 1 / (1 + np.exp(-(8 * cosines - 4)))
    calibration = fit_calibration([{"cosine": float(c)} for c in cosines], right)
    assert calibration.features == ("cosine",)
    assert calibration.weights[0] == pytest.approx(8, rel=0.1)
    assert calibration.intercept == pytest.approx(-4, rel=0.1)


def test_a_row_of_weight_two_counts_as_two_rows() -> None:
    rows = [{"cosine": c} for c in (0.1, 0.4, 0.6, 0.9)]
    right = np.array([False, True, False, True])
    heavy = fit_calibration(rows, right, np.array([1.0, 1.0, 2.0, 1.0]))
    twice = fit_calibration([*rows, rows[2]], np.array([*right, False]))
    assert heavy.weights == pytest.approx(twice.weights, rel=1e-3)


def test_what_was_fitted_on_too_many_wrong_ones_is_right_on_average_afterwards() -> None:
    rng = np.random.default_rng(0)
    cosines = rng.uniform(0, 1, 500)
    right = rng.uniform(size=500) < cosines
    rows = [{"cosine": float(c)} for c in cosines]
    gloomy = fit_calibration([*rows, *rows], np.array([*right, *np.zeros(500, dtype=np.bool_)]))
    mended = centred(gloomy, rows, right)
    logits = cosines * mended.weights[0] + mended.intercept
    assert (1 / (1 + np.exp(-logits))).mean() == pytest.approx(right.mean(), abs=1e-6)
    assert mended.weights == gloomy.weights


@pytest.mark.parametrize(("all_are", "confidence"), [(True, 3 / 4), (False, 1 / 4)])
def test_one_outcome_alone_gives_all_the_same_confidence(all_are: bool, confidence: float) -> None:
    rows = [{"cosine": 0.1}, {"cosine": 0.9}]
    calibration = fit_calibration(rows, np.array([all_are, all_are]))
    assert calibration.weights == (0.0,)
    assert 1 / (1 + np.exp(-calibration.intercept)) == pytest.approx(confidence)


def test_scores_of_known_cases() -> None:
    confidences, right = columns([(0.9, True), (0.9, True), (0.9, False), (0.2, False)])
    assert brier_score(confidences, right) == pytest.approx((0.01 + 0.01 + 0.81 + 0.04) / 4)
    # Bin 0.9: 3/4 of all, |0.9 - 2/3|. Bin 0.2: 1/4 of all, |0.2 - 0|.
    assert expected_calibration_error(confidences, right) == pytest.approx(
        0.75 * (0.9 - 2 / 3) + 0.25 * 0.2
    )


@given(outcomes, st.floats(0, 1))
def test_the_threshold_keeps_the_risk_or_answers_nothing(
    rows: list[tuple[float, bool]], max_risk: float
) -> None:
    confidences, right = columns(rows)
    threshold = choose_threshold(confidences, right, max_risk)
    risk, coverage = risk_and_coverage(confidences, right, threshold)
    assert risk <= max_risk or (threshold == 1.0 and coverage <= (confidences == 1.0).mean())


@given(outcomes, st.floats(0, 1))
def test_no_lower_threshold_keeps_the_risk(rows: list[tuple[float, bool]], max_risk: float) -> None:
    confidences, right = columns(rows)
    threshold = choose_threshold(confidences, right, max_risk)
    for lower in confidences[confidences < threshold]:
        assert risk_and_coverage(confidences, right, lower)[0] > max_risk
