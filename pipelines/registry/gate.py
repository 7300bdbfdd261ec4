"""Whether a new version may serve in place of the champion, and why."""

from __future__ import annotations

from typing import NamedTuple

from pipelines.measuring.bootstrap import chance_of_gain, mean_interval
from pipelines.measuring.judgement import Judgement
from pipelines.registry.rules import Rules


class Reason(NamedTuple):
    """What a rule found."""

    passed: bool
    text: str

    def __str__(self) -> str:
        return f"{'ok' if self.passed else 'no'}: {self.text}"


def weigh(
    rules: Rules,
    challenger: Judgement,
    champion: Judgement,
    forgotten: float | None = None,
    agreement: float | None = None,
) -> list[Reason]:
    """What each rule says of two models on the same rows.

    Args: forgotten: the part that was lost of what was learned before, where that was measured.
          agreement: the part of live texts of which both say the same, where that was measured.
    """
    asked = (
        _gain(rules, challenger, champion),
        _calibrated(rules, challenger, champion.ece),
        _fast(rules, challenger, champion),
        _kept(rules, forgotten),
        _agreeing(rules, agreement),
    )
    return [reason for reason in asked if reason]


def weigh_alone(
    rules: Rules, challenger: Judgement, forgotten: float | None = None
) -> list[Reason]:
    """The same where there is no champion to compare it with."""
    asked = (_calibrated(rules, challenger, 0.0), _kept(rules, forgotten))
    return [reason for reason in asked if reason]


def _gain(rules: Rules, challenger: Judgement, champion: Judgement) -> Reason | None:
    if rules.least_gain is None:
        return None
    gain = mean_interval(challenger.scores - champion.scores)
    chance = chance_of_gain(challenger.scores, champion.scores, rules.least_gain)
    return Reason(
        chance >= rules.certainty,
        f"{challenger.metric} {challenger.score:.3f}, the champion {champion.score:.3f}, on "
        f"{len(challenger.scores):,} held-out rows: {gain.mean:+.3f} [{gain.low:+.3f}, "
        f"{gain.high:+.3f}]; better by {rules.least_gain:+g} in {chance:.0%} of all draws, "
        f"{rules.certainty:.0%} are asked for",
    )


def _calibrated(rules: Rules, challenger: Judgement, champions: float) -> Reason | None:
    if rules.most_ece is None:
        return None
    return Reason(
        challenger.ece <= max(rules.most_ece, champions),
        f"calibration error {challenger.ece:.3f}, at most {rules.most_ece:g}"
        + (f" or the champion's {champions:.3f}" if champions > rules.most_ece else ""),
    )


def _fast(rules: Rules, challenger: Judgement, champion: Judgement) -> Reason | None:
    if rules.least_speed is None:
        return None
    part = challenger.texts_per_s / champion.texts_per_s
    return Reason(
        part >= rules.least_speed,
        f"{challenger.texts_per_s:,.0f} texts/s, the champion {champion.texts_per_s:,.0f}: "
        f"{part:.2f} times as fast, at least {rules.least_speed:g}",
    )


def _kept(rules: Rules, forgotten: float | None) -> Reason | None:
    if rules.most_forgotten is None or forgotten is None:
        return None
    return Reason(
        forgotten <= rules.most_forgotten,
        f"{forgotten:.3f} of what was learned before is lost, at most {rules.most_forgotten:g}",
    )


def _agreeing(rules: Rules, agreement: float | None) -> Reason | None:
    if rules.least_agreement is None or agreement is None:
        return None
    return Reason(
        agreement >= rules.least_agreement,
        f"in shadow it says what the champion says of {agreement:.1%} of live texts, at least "
        f"{rules.least_agreement:.0%}",
    )
