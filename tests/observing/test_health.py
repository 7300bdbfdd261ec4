from __future__ import annotations

from textwire.observing.health import LONGEST_REASON, Condition, Health


def test_ready_when_every_condition_is_met() -> None:
    health = Health(["model", "broker"])
    assert health.reason == "broker, model: starting"
    health.met("model")
    assert not health.ready
    health.met("broker")
    assert health.ready
    assert health.reason == ""


def test_what_is_not_met_any_more_says_why_until_it_is() -> None:
    health = Health()
    health.unmet("store", "Redis is away")
    health.unmet("store", "Redis loads its data")
    assert not health.ready
    assert health.reason == "store: Redis loads its data"
    health.met("store")
    assert health.ready


def test_meeting_what_was_never_lacking_changes_nothing() -> None:
    health = Health()
    health.met("anything")
    assert health.ready


def test_a_condition_that_two_have_holds_once_it_holds_for_both() -> None:
    health = Health()
    health.unmet("store", "Redis is away", of="reading")
    health.unmet("store", "Redis is away", of="counting")
    assert health.reason == "store: Redis is away"
    health.met("store", of="reading")
    assert not health.ready
    health.met("store", of="counting")
    assert health.ready


def test_what_is_warned_of_is_told_and_leaves_the_service_ready() -> None:
    health = Health()
    health.warn("champion", "version 7 was refused: its file is cut off")
    assert health.ready
    assert health.reason == ""
    assert health.warnings == "champion: version 7 was refused: its file is cut off"
    health.eased("champion")
    assert health.warnings == ""


def test_the_same_condition_can_be_warned_of_and_unmet_each_by_itself() -> None:
    health = Health()
    health.warn("champion", "an older one serves", of="support-qa")
    health.unmet("champion", "none serves", of="sentiment")
    health.met("champion", of="support-qa")
    health.eased("champion", of="sentiment")
    assert health.conditions == [
        Condition("champion", "sentiment", "unmet", "none serves"),
        Condition("champion", "support-qa", "warning", "an older one serves"),
    ]


def test_one_cause_is_told_once_whatever_it_leads_to() -> None:
    health = Health()
    for condition in ("pusher", "popularity"):
        health.warn(condition, "Redis is away")
    assert health.warnings == "popularity, pusher: Redis is away"
    health.unmet("redis", "Redis is away")
    assert (health.reason, health.warnings) == ("redis: Redis is away", "")
    assert len(health.conditions) == 3


def test_a_reason_is_one_line_of_bounded_length() -> None:
    health = Health()
    health.unmet("redis", "over\nthree\r\n  lines " + "and more " * 1_000)
    assert health.reason.startswith("redis: over three lines and more and")
    assert len(health.reason) <= LONGEST_REASON + len("redis: ")
    assert health.reason.endswith("…")
