"""The whole pipeline, on a tiny model and a small world."""

import io
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

import pipelines
from pipelines.running.progress import Progress
from pipelines.running.run import find_made, make_and_register
from pipelines.running.training_spec import TrainingSpec
from pipelines.support_qa.data import SupportData
from pipelines.support_qa.evaluate import served_index
from pipelines.support_qa.make import make_artifact
from pipelines.support_qa.pipeline import pipeline
from pipelines.support_qa.samples import SampleQuestions
from pipelines.support_qa.settings import TASK, SupportQaTrainingSettings
from tests.pipelines.runs import empty, only_checkpoints
from textwire.errors import ArtifactError, DataError
from textwire.models.artifacts.registry import Registry
from textwire.support_qa.confidence import confidence

SupportSpec = TrainingSpec[SupportData, SupportQaTrainingSettings]
CHECKOUT = Path(pipelines.__file__).parent.parent


def quick(base: Path) -> SupportQaTrainingSettings:
    return SupportQaTrainingSettings(
        base=str(base),
        epochs=2,
        max_tokens=32,
        learning_rate=1e-3,
        min_int8_cosine=0.9,
        min_int8_top1=0.5,
    )


@pytest.fixture
def spec(tiny_base: Path, sample_folder: SampleQuestions) -> SupportSpec:
    return pipeline.spec(sample_folder, quick(tiny_base))


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(str(tmp_path / "models"))


@pytest.fixture
def written() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def progress(written: io.StringIO) -> Progress:
    return Progress(Console(file=written, width=120))


def test_what_comes_out_serves(
    spec: SupportSpec,
    registry: Registry,
    tmp_path: Path,
    progress: Progress,
    written: io.StringIO,
) -> None:
    version = make_and_register(spec, make_artifact, registry, tmp_path / "work", progress)
    artifact = registry.open(TASK, version)
    data = spec.source.read()
    index = served_index(artifact, data)
    found = index.search(["my card is lost"])[0]
    assert 0 <= confidence(found, artifact.manifest.calibration) <= 1
    assert 0 < artifact.manifest.thresholds["answer"] <= 1
    assert {"recall_at_1", "mrr", "ece", "brier", "int8_top1"} <= set(artifact.manifest.metrics)
    assert f"{len(data.held_out)} held-out questions" in artifact.file("README.md").read_text()
    assert "Fine-tuning" in written.getvalue()
    assert "\x1b" not in written.getvalue()
    assert empty(tmp_path / "work")
    assert list((tmp_path / "work" / "training-logs").rglob("events.out.tfevents.*"))


def test_the_same_again_is_found_and_anything_else_is_not(
    spec: SupportSpec, registry: Registry, tmp_path: Path, progress: Progress
) -> None:
    assert find_made(spec, registry, progress) is None
    version = make_and_register(spec, make_artifact, registry, tmp_path / "work", progress)
    assert find_made(spec, registry, progress) == version
    again = pipeline.spec(spec.source, spec.settings)
    assert again.fingerprint == spec.fingerprint
    other = pipeline.spec(spec.source, replace(spec.settings, seed=1))
    assert find_made(other, registry, progress) is None
    with spec.source.files["questions.jsonl"].open("a") as file:
        file.write('{"passage_id": "card", "text": "another", "split": "train"}\n')
    assert find_made(pipeline.spec(spec.source, spec.settings), registry, progress) is None


def test_an_artifact_that_was_spoiled_is_made_anew(
    spec: SupportSpec,
    registry: Registry,
    tmp_path: Path,
    progress: Progress,
    written: io.StringIO,
) -> None:
    version = make_and_register(spec, make_artifact, registry, tmp_path / "work", progress)
    (registry.open(TASK, version).path / "model.int8.onnx").write_bytes(b"spoiled")
    assert find_made(spec, registry, progress) is None
    assert "made anew" in written.getvalue()


def test_a_model_that_quantises_badly_is_not_registered(
    spec: SupportSpec, registry: Registry, tmp_path: Path, progress: Progress
) -> None:
    strict = replace(spec, settings=replace(spec.settings, min_int8_cosine=1.1))
    with pytest.raises(ArtifactError, match="strays too far"):
        make_and_register(strict, make_artifact, registry, tmp_path / "work", progress)
    assert registry.versions(TASK) == []
    assert only_checkpoints(tmp_path / "work")


def test_a_base_without_safe_weights_is_refused(
    sample_folder: SampleQuestions, tmp_path: Path
) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(DataError, match=r"model\.safetensors"):
        pipeline.spec(sample_folder, SupportQaTrainingSettings(base=str(tmp_path)))


def test_the_command_says_what_is_wrong_without_a_traceback(tmp_path: Path) -> None:
    done = run_command("support-qa", "run", "--data", str(tmp_path / "no.csv"), data_dir=tmp_path)
    assert done.returncode == 1
    assert "no.csv" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_shows_where_an_error_comes_from_when_asked(tmp_path: Path) -> None:
    data = str(tmp_path / "no.csv")
    done = run_command("--debug", "support-qa", "run", "--data", data, data_dir=tmp_path)
    assert done.returncode == 1
    assert "Traceback" in done.stderr


def test_an_application_is_found_by_its_folder(tmp_path: Path) -> None:
    done = run_command("--help", data_dir=tmp_path)
    assert "support-qa" in done.stdout
    assert "support-qa" in run_command("evaluate", "--help", data_dir=tmp_path).stdout


@pytest.mark.slow
def test_ending_the_command_leaves_nothing_behind(long_tiny_base: Path, tmp_path: Path) -> None:
    program = [sys.executable, "-m", "pipelines"]
    command = [*program, "support-qa", "run", "--base", str(long_tiny_base)]
    running = subprocess.Popen(
        [*command, "--epochs", "1000"],
        cwd=CHECKOUT,
        env=environment(tmp_path),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: list(tmp_path.glob("pipeline-*/tokenizer.json")))
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=120) == 128 + signal.SIGTERM
    finally:
        running.kill()
    assert only_checkpoints(tmp_path)


def run_command(*arguments: str, data_dir: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipelines", *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        env=environment(data_dir),
    )


def environment(data_dir: Path) -> dict[str, str]:
    return {**os.environ, "TEXTWIRE_STACK_DATA_DIR": str(data_dir)}


def wait_for(seen, timeout_s: float = 300) -> None:
    give_up_at = time.monotonic() + timeout_s
    while not seen():
        assert time.monotonic() < give_up_at
        time.sleep(0.1)
