"""The command, on a tiny model: made, skipped, promoted."""

import json
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines.cli import main
from pipelines.support_qa import cli
from pipelines.support_qa.samples import SampleQuestions
from pipelines.support_qa.settings import TASK
from tests.pipelines.support_qa.test_run import CHECKOUT, quick
from textwire.models.artifacts.registry import CHALLENGER, Registry


@pytest.fixture
def support_qa(
    tiny_base: Path,
    sample_folder: SampleQuestions,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    """Runs `pipelines support-qa`, with small settings and data."""
    monkeypatch.setenv("TEXTWIRE_STACK_DATA_DIR", str(tmp_path / "data"))
    small = replace(cli.pipeline, usual=lambda: (sample_folder, quick(tiny_base)))
    monkeypatch.setattr(cli, "pipeline", small)

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(main, ["support-qa", *words])

    return invoke


@pytest.fixture
def run(support_qa):
    """Runs `pipelines support-qa run`."""
    return partial(support_qa, "run")


def test_a_first_run_makes_the_champion_and_a_second_has_nothing_to_do(run, tmp_path: Path) -> None:
    registry = Registry(str(tmp_path / "data" / "models"))
    first = run("--no-promote")
    assert first.exit_code == 0, first.output
    assert registry.alias(TASK) is None
    second = run()
    assert "nothing to do" in second.output
    assert "now the champion" in second.output
    assert registry.versions(TASK) == [registry.alias(TASK)]
    assert run().output.count("\n") == 1


def test_force_makes_it_anew(run, tmp_path: Path) -> None:
    registry = Registry(str(tmp_path / "data" / "models"))
    first = run()
    assert first.exit_code == 0, first.output
    [made] = registry.versions(TASK)
    forced = run("--force")
    assert forced.exit_code == 0, forced.output
    assert "Fine-tuning" in forced.output
    assert registry.alias(TASK) == registry.versions(TASK)[-1] != made, forced.output


def test_own_pairs_are_learned_from_and_fitted_to_by_rules_of_ones_own(
    run, support_qa, tmp_path: Path
) -> None:
    pairs = [
        {"q": f"{word} {n}", "passage": f"the {word}", "split": ("train", "held_out")[n % 2]}
        for word in ("card", "fee", "loan", "order", "share", "app")
        for n in range(8)
    ]
    path = tmp_path / "own.jsonl"
    path.write_text("\n".join(map(json.dumps, pairs)))
    own = ("--data", str(path), "--map", "question=q")
    done = run(*own)
    assert done.exit_code == 0, done.output
    registry = Registry(str(tmp_path / "data" / "models"))
    learned = registry.alias(TASK)
    gate = tmp_path / "gate.toml"
    gate.write_text("[all]\nleast_gain = 1.0\n", encoding="utf-8")
    fitted = support_qa("calibrate", *own, "--gate", str(gate))
    assert fitted.exit_code == 0, fitted.output
    assert "own.jsonl" in registry.manifest(TASK, registry.versions(TASK)[-1]).data
    assert registry.alias(TASK) == learned
    assert registry.alias(TASK, CHALLENGER) not in (None, learned)


@pytest.mark.parametrize("verb", ["run", "calibrate"])
def test_options_that_need_data_say_so(support_qa, verb: str) -> None:
    done = support_qa(verb, "--map", "question=q")
    assert done.exit_code == 1
    assert "--data" in done.output


def test_having_nothing_to_do_needs_no_torch() -> None:
    # `make up` asks at every start, and torch alone takes longer than all else.
    program = "import sys, pipelines.support_qa.cli; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True, cwd=CHECKOUT)
