"""What the rules say of a new version."""

import pytest

from pipelines.registry.gate import weigh, weigh_alone
from pipelines.registry.rules import Rules
from tests.pipelines.registry.judgements import judgement

GOOD = [1.0] * 90 + [0.0] * 10
POOR = [1.0] * 70 + [0.0] * 30
BETTER = Rules(least_gain=0.001, certainty=0.95)


def passes(rules: Rules, *models, **more) -> bool:
    return all(reason.passed for reason in weigh(rules, *models, **more))


def test_a_better_one_passes_and_a_worse_one_does_not() -> None:
    assert passes(BETTER, judgement(GOOD), judgement(POOR))
    assert not passes(BETTER, judgement(POOR), judgement(GOOD))


def test_the_same_again_is_not_better_and_not_worse() -> None:
    assert not passes(BETTER, judgement(GOOD), judgement(GOOD))
    assert passes(Rules(least_gain=-0.01), judgement(GOOD), judgement(GOOD))


def test_one_row_more_is_no_sure_gain() -> None:
    almost = [1.0] * 89 + [0.0] * 11
    assert not passes(BETTER, judgement(GOOD), judgement(almost))


@pytest.mark.parametrize(("speed", "passed"), [(49.0, False), (51.0, True)])
def test_one_that_is_slower_than_allowed_is_refused(speed: float, passed: bool) -> None:
    rules = Rules(least_speed=0.5)
    assert passes(rules, judgement(GOOD, speed=speed), judgement(GOOD)) is passed


def test_one_that_is_surer_than_right_is_refused_unless_the_champion_is_too() -> None:
    rules, sure = Rules(most_ece=0.05), judgement(GOOD, sure=0.999)
    assert not passes(rules, sure, judgement(GOOD))
    assert passes(rules, sure, sure)


def test_forgetting_counts_where_it_was_measured() -> None:
    rules = Rules(most_forgotten=0.01)
    both = judgement(GOOD), judgement(GOOD)
    assert passes(rules, *both)
    assert passes(rules, *both, forgotten=0.01)
    assert not passes(rules, *both, forgotten=0.02)


def test_each_reason_says_figure_and_bound() -> None:
    told = " ".join(map(str, weigh(BETTER, judgement(GOOD), judgement(POOR))))
    assert "ok: accuracy 0.900, the champion 0.700, on 100 held-out rows" in told
    [alone] = weigh_alone(Rules(most_ece=0.05), judgement(GOOD, sure=0.999))
    assert str(alone) == "no: calibration error 0.099, at most 0.05"
