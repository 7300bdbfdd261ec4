"""What an experiment has shown so far."""

from __future__ import annotations

from dataclasses import dataclass

from textwire.recommendations.experiments.experiment import Experiment
from textwire.recommendations.experiments.outcomes import Outcome
from textwire.recommendations.experiments.significance import (
    Sums,
    Verdict,
    against,
    compared,
    ratio_of,
)
from textwire.recommendations.experiments.stored import counts_key
from textwire.recommendations.messages import ShownArm
from textwire.results.reading import read_table
from textwire.results.store import ResultStore

# Means of fewer users are no normal ones yet, and nothing is said of them.
FEWEST_USERS = 50
EVEN = 0.5


@dataclass(frozen=True)
class ArmFigures:
    """One arm so far. `clicks` and `purchases` are credited ones; `clicked`, `bought` are users."""

    users: int
    lists: int
    clicks: int
    clicked: int
    purchases: int
    bought: int


@dataclass(frozen=True)
class Finding:
    """Something that was compared.

    name     what: such as `users who clicked`.
    a, b     of each arm: a share of its users or a number a user; of an interleaved one, the share
             of what was credited.
    verdict  on b - a, of an interleaved one on the share of b less one half; None: too few users.
    """

    name: str
    a: float
    b: float
    verdict: Verdict | None
    is_share: bool = True


@dataclass(frozen=True)
class Figures:
    """All of an experiment."""

    experiment: Experiment
    arms: dict[ShownArm, ArmFigures]
    findings: tuple[Finding, ...]


class Counts(dict[str, int]):
    """Counters by their names; one that never counted is 0."""

    def __missing__(self, name: str) -> int:
        return 0


def read_figures(store: ResultStore, experiment: Experiment) -> Figures:
    """An experiment's figures as they stand.

    Raises: RedisUnavailable.
    """
    return figures_of(experiment, Counts(read_table(store, counts_key(experiment.name), int)))


def figures_of(experiment: Experiment, counts: Counts) -> Figures:
    """The same from its counts."""
    if experiment.mode == "interleaved":
        arms: dict[ShownArm, ArmFigures] = {"interleaved": _arm(counts, "interleaved")}
        findings = tuple(_preferred(experiment, counts, outcome) for outcome in _NAMES)
    else:
        arms = {"a": _arm(counts, "a"), "b": _arm(counts, "b")}
        shares = [_share_of_users(experiment, counts, outcome) for outcome in _NAMES]
        means = [_a_user(experiment, counts, outcome) for outcome in _NAMES]
        findings = (*shares, *means)
    return Figures(experiment, arms, findings)


_NAMES: dict[Outcome, tuple[str, str, str]] = {
    "clicks": ("Users who clicked", "Clicks a user", "Clicks"),
    "purchases": ("Users who bought", "Purchases a user", "Purchases"),
}


def _arm(counts: Counts, arm: ShownArm) -> ArmFigures:
    return ArmFigures(
        users=counts[f"{arm}:users"],
        lists=counts[f"{arm}:lists"],
        clicks=counts[f"{arm}:clicks:sum"],
        clicked=counts[f"{arm}:clicks:users"],
        purchases=counts[f"{arm}:purchases:sum"],
        bought=counts[f"{arm}:purchases:users"],
    )


def _share_of_users(experiment: Experiment, counts: Counts, outcome: Outcome) -> Finding:
    """Of all who were shown lists, who did it: a number of 0 or 1 of each."""
    name = _NAMES[outcome][0]
    users = {arm: counts[f"{arm}:users"] for arm in "ab"}
    did = {arm: counts[f"{arm}:{outcome}:users"] for arm in "ab"}
    return _finding(experiment, name, users, did, did, is_share=True)


def _a_user(experiment: Experiment, counts: Counts, outcome: Outcome) -> Finding:
    name = _NAMES[outcome][1]
    users = {arm: counts[f"{arm}:users"] for arm in "ab"}
    sums = {arm: counts[f"{arm}:{outcome}:sum"] for arm in "ab"}
    squares = {arm: counts[f"{arm}:{outcome}:squares"] for arm in "ab"}
    return _finding(experiment, name, users, sums, squares, is_share=False)


def _finding(
    experiment: Experiment,
    name: str,
    users: dict[str, int],
    sums: dict[str, int],
    squares: dict[str, int],
    *,
    is_share: bool,
) -> Finding:
    a, b = (Sums(users[arm], sums[arm], squares[arm]) for arm in "ab")
    verdict = None
    if min(users.values()) >= FEWEST_USERS:
        verdict = compared(a, b, experiment.planned_users)
    means = [sums[arm] / users[arm] if users[arm] else 0.0 for arm in "ab"]
    return Finding(name, means[0], means[1], verdict, is_share)


def _preferred(experiment: Experiment, counts: Counts, outcome: Outcome) -> Finding:
    """Whose items were taken, of what was taken; (1 + lead / all) / 2 is the share of b."""
    at = f"interleaved:{outcome}"
    users, total, lead = counts[f"{at}:users"], counts[f"{at}:sum"], counts[f"{at}:lead"]
    of_b = (1 + lead / total) / 2 if total else 0.0
    ratio = ratio_of(
        users,
        lead,
        total,
        counts[f"{at}:lead_squares"],
        counts[f"{at}:squares"],
        counts[f"{at}:lead_all"],
    )
    verdict = None
    if ratio is not None and users >= FEWEST_USERS:
        verdict = against(of_b - EVEN, ratio.variance / 4, users, experiment.planned_users)
    return Finding(_NAMES[outcome][2], 1 - of_b if total else 0.0, of_b, verdict)
