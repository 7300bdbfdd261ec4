"""Whatever loading a model does to its process, the service hears of it and goes on."""

import sys
import time
from pathlib import Path

import pytest

from tests.models import loads
from tests.models.graphs import artifact_of, endless_graph, greedy_graph
from tests.tiny_models import write_manifest
from textwire.errors import ArtifactError, Unavailable
from textwire.models.artifacts.artifact import Artifact
from textwire.models.champions.trial import MOST_CHARACTERS, NoLongerWanted, Trial
from textwire.models.engines.serving import load_encoder
from textwire.settings import ModelSettings

SETTINGS = ModelSettings(registry="s3://key:secret@models", threads=7)
# How long an endless graph runs for in a test. Its process needs 1 s to get there, on a busy
# machine more: what is asked is only that it ends.
ENDLESS_S = 3.0


@pytest.fixture
def artifact(tmp_path: Path) -> Artifact:
    return Artifact(tmp_path, write_manifest(tmp_path))


def test_a_model_that_loads_passes_with_the_settings_of_the_service(artifact: Artifact) -> None:
    Trial(loads.load_well, SETTINGS)(artifact)


@pytest.mark.parametrize(
    ("load", "told"),
    [
        (loads.refuse, "^The graph is of another width.$"),
        (loads.raise_something, "KeyError: 'head'"),
        (loads.run_out_of_memory, "MemoryError"),
        (loads.be_killed, r"SIGKILL, as when memory runs out"),
        (loads.crash, "SIGSEGV"),
        (loads.end_without_a_word, "cannot be loaded"),
    ],
    ids=lambda given: getattr(given, "__name__", ""),
)
def test_what_goes_wrong_is_told(artifact: Artifact, load, told: str) -> None:
    with pytest.raises(ArtifactError, match=told):
        Trial(load, SETTINGS)(artifact)


def test_what_hangs_is_ended(artifact: Artifact) -> None:
    began_s = time.monotonic()
    with pytest.raises(ArtifactError, match=r"not loaded within 1 s \(models.trial_timeout_s\)"):
        Trial(loads.hang, ModelSettings(trial_timeout_s=1))(artifact)
    assert time.monotonic() - began_s < 30


def test_what_hangs_is_given_up_once_it_is_no_longer_wanted(artifact: Artifact) -> None:
    asked = iter([True, False])
    with pytest.raises(NoLongerWanted):
        Trial(loads.hang, ModelSettings(trial_timeout_s=600))(artifact, lambda: next(asked))


def test_what_is_told_is_short(artifact: Artifact) -> None:
    with pytest.raises(ArtifactError) as refused:
        Trial(loads.talk, SETTINGS)(artifact)
    assert len(str(refused.value)) == MOST_CHARACTERS


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_trial_shows_no_secret_and_goes_first_when_memory_runs_out(artifact: Artifact) -> None:
    with pytest.raises(ArtifactError, match="registry told: False; goes first: 1000"):
        Trial(loads.tell_of_the_process, SETTINGS)(artifact)


def test_where_no_process_can_be_started_it_is_tried_again(
    artifact: Artifact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(Unavailable, match="No process could be started"):
        Trial(loads.load_well, SETTINGS)(artifact)


def test_a_graph_that_never_ends_is_refused(tmp_path: Path) -> None:
    endless = artifact_of(endless_graph(), tmp_path / "endless")
    settings = ModelSettings(precision="fp32", trial_timeout_s=ENDLESS_S)
    with pytest.raises(ArtifactError, match="not loaded within"):
        Trial(load_encoder, settings)(endless)


def test_a_graph_that_wants_more_memory_than_there_is_is_refused(tmp_path: Path) -> None:
    greedy = artifact_of(greedy_graph(), tmp_path / "greedy")
    with pytest.raises(ArtifactError, match=r"cannot be run .*(?i:alloc|memory)|SIGKILL"):
        Trial(load_encoder, ModelSettings(precision="fp32"))(greedy)
