"""`textwire recs experiment`, over the real Redis and a registry that is a folder of manifests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.cli.conftest import Command
from textwire.recommendations.experiments.stored import EXPERIMENTS_KEY, read_experiments
from textwire.results.redis import RedisResults
from textwire.results.writes import Remove


@pytest.fixture
def store(
    redis_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[RedisResults]:
    """A Redis without experiments, and a registry with three versions of which v1 is champion."""
    monkeypatch.setenv("TEXTWIRE_REDIS_URL", redis_url)
    monkeypatch.setenv("TEXTWIRE_MODELS_REGISTRY", str(tmp_path))
    task = tmp_path / "recommendations"
    for version in ("v1", "v2", "v3"):
        (task / version).mkdir(parents=True)
        (task / version / "manifest.json").write_text("{}")
    (task / "aliases").mkdir()
    (task / "aliases" / "champion").write_text("v1\n")
    (task / "aliases" / "challenger").write_text("v3\n")
    store = RedisResults.from_url(redis_url)
    store.write([Remove(EXPERIMENTS_KEY)])
    yield store
    store.write([Remove(EXPERIMENTS_KEY)])
    store.close()


def test_an_experiment_is_started_shown_stopped_and_removed(
    offline: Command, store: RedisResults, unique_name: str
) -> None:
    name = unique_name.replace("_", "-")[:60]
    assert "There is none." in offline("recs", "experiment", "list").stdout
    begun = offline("recs", "experiment", "start", name, "--b", "challenger", "--share", "0.2")
    assert f"{name} runs: v1 is a, v3 is b." in begun.stdout, begun.output
    (one,) = read_experiments(store)
    assert (one.a, one.b, one.share, one.mode) == ("v1", "v3", 0.2, "split")
    shown = offline("recs", "experiment", "show", name).stdout
    assert "20% are shown b" in shown
    assert "too few users" in shown
    figures = msgspec.json.decode(offline("recs", "experiment", "show", name, "--json").stdout)
    assert figures["arms"]["a"]["users"] == 0
    assert "Stop it first" in offline("recs", "experiment", "remove", name).output
    assert "has ended" in offline("recs", "experiment", "stop", name).stdout
    assert f"{name}\tended\tsplit" in offline("recs", "experiment", "list").stdout
    assert "is forgotten" in offline("recs", "experiment", "remove", name).stdout
    assert read_experiments(store) == []


def test_what_cannot_be_started_is_refused_with_what_to_do(
    offline: Command, store: RedisResults
) -> None:
    for arguments, told in {
        ("ok", "--b", "v9"): "--b names v9, which",
        ("ok", "--b", "v1"): "two different versions",
        ("-odd name", "--b", "v2"): "No such option",
        ("odd name", "--b", "v2"): "is no name of an experiment",
    }.items():
        refused = offline("recs", "experiment", "start", *arguments)
        assert refused.exit_code != 0
        assert told in refused.output
    assert "There is no experiment ghost" in offline("recs", "experiment", "show", "ghost").output
    assert read_experiments(store) == []
