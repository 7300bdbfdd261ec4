"""A training that was killed goes on, and ends as if it had not been."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import pipelines
from pipelines.training.run import FINISHED, clear, newest_checkpoint, run_of
from tests.pipelines.training import killed
from textwire.errors import SettingsError

CHECKOUT = Path(pipelines.__file__).parent.parent
ALL_STEPS = killed.EPOCHS * killed.BATCHES


def start(base: Path, work: Path, pause_s: float, method: str) -> subprocess.Popen[str]:
    module = "tests.pipelines.training.killed"
    return subprocess.Popen(
        [sys.executable, "-m", module, str(base), str(work), str(pause_s), method],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.PIPE,
        text=True,
    )


def kill_after(steps: int, running: subprocess.Popen[str]) -> None:
    """SIGKILL: nothing in it can tidy up."""
    assert running.stdout
    seen = 0
    for line in running.stdout:
        seen += line.strip() == "step"
        if seen == steps:
            break
    running.kill()
    running.wait()
    running.stdout.close()
    assert seen == steps


@pytest.mark.slow
@pytest.mark.parametrize("method", ["full", "lora"])
def test_a_killed_training_goes_on_and_ends_as_if_it_had_not_been(
    tiny_base: Path, tmp_path: Path, method: str
) -> None:
    calm, work = tmp_path / "calm", tmp_path / "work"
    calm.mkdir(), work.mkdir()
    model, losses = killed.train(tiny_base, calm, 0.0, method)  # type: ignore[arg-type]
    # In the middle of the second epoch, and of the last.
    kill_after(5, start(tiny_base, work, 0.05, method))
    assert not (work / "done.npz").exists()
    again = start(tiny_base, work, 0.0, method)
    said, _ = again.communicate()
    assert again.returncode == 0
    assert said.count("step\n") == ALL_STEPS  # those before the kill are shown as done
    done = np.load(work / "done.npz")
    np.testing.assert_allclose(done["losses"], losses, rtol=1e-5)
    np.testing.assert_allclose(done["vectors"], model.encode(killed.TEXTS), atol=1e-6)


def test_a_finished_training_is_not_done_again(tiny_base: Path, tmp_path: Path) -> None:
    first, losses = killed.train(tiny_base, tmp_path, 0.0, "full")
    again, same = killed.train(tiny_base, tmp_path, 3600.0, "full")  # a step would take an hour
    np.testing.assert_allclose(again.encode(killed.TEXTS), first.encode(killed.TEXTS), atol=1e-6)
    assert same == losses


def test_a_half_written_checkpoint_is_passed_over(tiny_base: Path, tmp_path: Path) -> None:
    killed.train(tiny_base, tmp_path, 0.0, "full")
    newest = newest_checkpoint(tmp_path / "run")
    assert newest
    assert newest.name == f"checkpoint-{ALL_STEPS}"
    half = newest.with_name("checkpoint-999")
    shutil.copytree(newest, half)
    (half / FINISHED).unlink()
    (half / "model.safetensors").write_bytes(b"half")
    assert newest_checkpoint(tmp_path / "run") == newest
    assert not half.exists()


def test_a_checkpoint_of_adapters_holds_adapters_alone(tiny_base: Path, tmp_path: Path) -> None:
    killed.train(tiny_base, tmp_path, 0.0, "lora")
    newest = newest_checkpoint(tmp_path / "run")
    assert newest
    from safetensors.numpy import load_file

    names = load_file(newest / "model.safetensors")
    assert names
    beside = {"loss_of.mean", "average.seen"}
    assert all("lora_" in name or name in beside for name in names)


def test_a_run_has_the_same_place_again_and_leaves_nothing_there(tmp_path: Path) -> None:
    run = run_of("support-qa", "f" * 64, tmp_path, "tensorboard, wandb", 60.0)
    assert run == run_of("support-qa", "f" * 64, tmp_path, "tensorboard,wandb", 60.0)
    assert run.report_to == ("tensorboard", "wandb")
    assert run.folder
    (run.folder / "checkpoint-1").mkdir(parents=True)
    clear(run)
    assert not (tmp_path / "training").exists()


def test_an_unknown_reporter_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Known: tensorboard, wandb, mlflow"):
        run_of("support-qa", "f" * 64, tmp_path, "tensorbord", 60.0)
