from __future__ import annotations

from textwire.observing.health import Health


def test_ready_when_every_condition_is_met() -> None:
    health = Health(["model", "broker"])
    assert health.reason == "broker: starting; model: starting"
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


def test_a_warning_is_told_and_takes_nobody_out_of_rotation() -> None:
    health = Health()
    health.warn("champion", "v2 was refused", of="support-qa")
    health.warn("champion", "v2 was refused", of="sentiment")
    assert health.ready
    assert (health.reason, health.warnings) == ("", "champion: v2 was refused")
    health.eased("champion", of="support-qa")
    assert health.warnings == "champion: v2 was refused"
    health.eased("champion", of="sentiment")
    health.eased("never warned of")
    assert health.warnings == ""
