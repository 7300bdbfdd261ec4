from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from services.sentiment_alerts.notifications.targets import Target, read_targets
from textwire.errors import SettingsError


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "targets.toml"
    path.write_text(text)
    return path


def test_a_file_says_who_is_told_of_what(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        [[target]]
        name = "oncall"
        url_env = "ONCALL"
        least_severity = "high"
        companies = ["Northmere Energy"]

        [[target]]
        name = "desk"
        url_file = "/run/secrets/desk"
        alerts = false
        digest_at = 08:00:00
        zone = "Europe/London"
        """,
    )

    oncall, desk = read_targets(path)

    assert oncall.policy.least == "high"
    assert oncall.policy.companies == ("Northmere Energy",)
    assert (desk.policy.transitions, desk.digest_at) == ((), time(8))


def test_addresses_come_from_the_environment_or_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("slack://a/b/c\n mailto://x\n")

    assert Target(name="a", url_env="ONE").urls({"ONE": "pagerduty://k@a"}) == ["pagerduty://k@a"]
    assert Target(name="a", url_file=str(secret)).urls() == ["slack://a/b/c", "mailto://x"]


@pytest.mark.parametrize(
    "target",
    [
        Target(name="a"),
        Target(name="a", url_env="ONE", url_file="two"),
        Target(name="a", url_env="MISSING"),
        Target(name="a", url_file="/no/such/file"),
    ],
)
def test_a_target_without_an_address_is_refused(target: Target) -> None:
    with pytest.raises(SettingsError, match=r"[Tt]arget a"):
        target.urls({"ONE": "mailto://x"})


@pytest.mark.parametrize(
    "text",
    [
        "[[target]]\nname = 'a'\nurl = 'mailto://secret'",
        "[[target]]\nname = 'A b'",
        "[[target]]\nname = 'a'\nleast_severity = 'grave'",
        "[[target]]\nname = 'a'\nzone = 'Mars/Olympus'",
        "[[target]]\nname = 'a'\nquiet_hours = 'night'",
        "[[target]]\nname = 'a'\n[[target]]\nname = 'a'",
        "[[target",
    ],
)
def test_a_file_with_something_wrong_is_refused_as_a_whole(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"targets\.toml"):
        read_targets(written(tmp_path, text))
