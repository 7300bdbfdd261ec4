"""What `textwire up` is asked to start, by its options and by the settings."""

import pytest

from textwire.cli._stack import Wishes


def wished() -> Wishes:
    return Wishes.from_settings(
        bootstrap_servers=None,
        redis_url=None,
        sample_world=True,
        sample_knowledge=True,
        servers_only=False,
    )


@pytest.mark.parametrize(
    ("variable", "left_out"),
    [
        ("TEXTWIRE_STACK_SAMPLES", "sample_world"),
        ("TEXTWIRE_STACK_SAMPLE_KNOWLEDGE", "sample_knowledge"),
    ],
)
def test_a_setting_leaves_out_what_no_option_does(
    variable: str, left_out: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert getattr(wished(), left_out)
    monkeypatch.setenv(variable, "false")
    assert not getattr(wished(), left_out)
