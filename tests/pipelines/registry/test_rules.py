"""Rules from a file."""

from pathlib import Path

import pytest

from pipelines.registry.rules import Rules, read_rules
from textwire.errors import SettingsError


def test_the_shipped_rules_can_be_read() -> None:
    rules = read_rules("sentiment")
    assert rules.least_gain is not None
    assert rules.keep_versions > 0


def test_rules_of_a_task_go_before_those_of_all(tmp_path: Path) -> None:
    path = tmp_path / "gate.toml"
    path.write_text("[all]\nmost_ece = 0.1\nleast_gain = 0.0\n[sentiment]\nmost_ece = 0.2\n")
    assert read_rules("sentiment", path) == Rules(most_ece=0.2, least_gain=0.0)
    assert read_rules("support-qa", path) == Rules(most_ece=0.1, least_gain=0.0)


def test_a_table_may_have_the_name_of_the_tasks_pipeline(tmp_path: Path) -> None:
    path = tmp_path / "gate.toml"
    path.write_text("[all]\nmost_ece = 0.1\n[sentiment-alerts]\nmost_ece = 0.2\n")
    assert read_rules("sentiment", path).most_ece == 0.2


@pytest.mark.parametrize(
    "content", ["[all]\nmost_eec = 0.1\n", "[all\n", "all = 3\n", '[all]\nmost_ece = "low"\n']
)
def test_what_is_no_rule_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "gate.toml"
    path.write_text(content)
    with pytest.raises(SettingsError, match=r"gate\.toml.*most_ece"):
        read_rules("sentiment", path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nowhere"):
        read_rules("sentiment", tmp_path / "nowhere.toml")
