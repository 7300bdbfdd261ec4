from __future__ import annotations

from tests.chaos.readiness import Observation, false_seconds
from tests.chaos.truth import Truth, Wrong


def observed(at: float, status: int | None = 200, reason: str = "ready") -> Observation:
    return Observation(at, "echo-0", status, reason)


def wrong(**fields: object) -> Truth:
    """Something that was wrong from second 10 to second 30."""
    truth = Truth()
    truth.began(Wrong("broken", began=10.0, ended=30.0, recovers_within_s=5.0, **fields))
    return truth


def test_who_is_ready_while_nothing_is_wrong_is_true() -> None:
    assert not false_seconds([observed(5), observed(6)], Truth())


def test_who_is_not_ready_while_nothing_is_wrong_is_false() -> None:
    seconds = [observed(5, 503, "poll: away"), observed(6, None, "TimeoutError")]
    assert [one.at for one in false_seconds(seconds, Truth())] == [5, 6]


def test_what_is_wrong_excuses_until_it_is_mended_for_long_enough() -> None:
    seconds = [observed(at, 503, "away") for at in (8, 9.5, 11, 29, 34, 36)]
    assert [one.at for one in false_seconds(seconds, wrong())] == [8, 36]


def test_what_must_show_must_show_within_its_bound_and_until_it_ends() -> None:
    seconds = [observed(at) for at in (9, 12, 16, 29, 31)]
    assert [one.at for one in false_seconds(seconds, wrong(shows_within_s=5.0))] == [16, 29]


def test_what_befalls_another_replica_excuses_nobody() -> None:
    told = false_seconds([observed(20, 503, "away")], wrong(of="echo-1"))
    assert [one.truth for one in told] == ["nothing is wrong"]


def test_what_befalls_another_replica_excuses_what_comes_of_it_and_nothing_else() -> None:
    truth = wrong(of="echo-1", touches_others="assignment: not yet")
    seconds = [observed(20, 503, "assignment: not yet in 3"), observed(21, 503, "poll: away")]
    assert [one.at for one in false_seconds(seconds, truth)] == [21]


def test_a_replica_that_serves_and_tells_of_it_is_true() -> None:
    truth = wrong(shows_within_s=0.0, tells="v3")
    seconds = [observed(20, 200, "ready; champion v3 was refused"), observed(21)]
    assert [one.at for one in false_seconds(seconds, truth)] == [21]


def test_nobody_may_be_ready_without_a_word_while_a_partition_has_stopped() -> None:
    told = Observation(8.0, "echo-1", 200, "ready; lag grows", stalled=True)
    silent = [
        Observation(at, name, 200, "ready", stalled=True)
        for at in (7.0, 8.0)
        for name in ("echo-0",)
    ]
    assert [one.at for one in false_seconds([*silent, told], Truth())] == [7.0]
