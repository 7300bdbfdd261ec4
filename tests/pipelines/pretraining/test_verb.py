"""A user has texts that nobody labelled."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from safetensors.numpy import load_file

from pipelines.cli import main
from pipelines.pretraining.verb import MADE_BY
from pipelines.training.text_model import TextModel
from tests.slow_params import slow_but
from tests.tiny_models import MAX_TOKENS
from textwire.models.base_model import WEIGHTS, BaseModel, find_base

SUBJECTS = ("card", "fee", "parcel", "loan", "share", "account")
TEXTS = [
    f"{verb} my {what}" for what in SUBJECTS for verb in ("where is", "how do i open", "i lost")
]
QUICK = (
    "--set",
    "learning_rate=0.003",
    "--set",
    "batch_texts=6",
    "--set",
    f"max_tokens={MAX_TOKENS}",
    "--set",
    "masked=0.4",
)


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    file = tmp_path / "texts.txt"
    file.write_text("\n".join(TEXTS), encoding="utf-8")
    return file


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["pretrain", *map(str, words)])


@pytest.fixture
def masking_base(tiny_base: Path, tmp_path: Path) -> Path:
    """One whose tokenizer says which of its tokens is the mask."""
    folder = Path(shutil.copytree(tiny_base, tmp_path / "masking-base"))
    file = folder / "tokenizer_config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"mask_token": "[MASK]"}))
    return folder


def test_a_tokenizer_without_a_mask_leaves_one_way(
    tiny_base: Path, texts: Path, tmp_path: Path
) -> None:
    done = run(texts, "--to", tmp_path / "ours", "--base", tiny_base, *QUICK)
    assert done.exit_code == 1
    assert "--by simcse" in done.output


@pytest.mark.parametrize("by", slow_but(["mlm", "simcse"], "mlm"))
def test_what_comes_out_is_a_base_that_learned(
    masking_base: Path, texts: Path, tmp_path: Path, by: str
) -> None:
    to = tmp_path / "made" / "ours"
    done = run(texts, "--to", to, "--by", by, "--base", masking_base, "--epochs", 15, *QUICK)
    assert done.exit_code == 0, done.output
    assert f"`--base {to}`" in done.output.replace("\n", "")
    losses = json.loads((to / MADE_BY).read_text())["losses"]
    assert len(losses) == 15
    assert sum(losses[-3:]) < sum(losses[:3])
    before, after = load_file(masking_base / WEIGHTS), load_file(to / WEIGHTS)
    assert before.keys() == after.keys()
    moved = {name for name in before if (before[name] != after[name]).any()}
    assert any("attention" in name for name in moved)
    model = TextModel(find_base(str(to)), tmp_path, MAX_TOKENS)
    again = TextModel(BaseModel("tiny", masking_base), tmp_path, MAX_TOKENS)
    assert model.encode(TEXTS).shape == again.encode(TEXTS).shape
    assert [file.name for file in to.parent.iterdir()] == ["ours"]


def test_a_folder_that_is_there_is_not_written_over(tiny_base: Path, texts: Path) -> None:
    done = run(texts, "--to", texts.parent, "--base", tiny_base)
    assert done.exit_code == 1
    assert "is there already" in done.output


def test_too_few_texts_leave_nothing_behind(tiny_base: Path, tmp_path: Path) -> None:
    few = tmp_path / "few.txt"
    few.write_text("one text\na second text\n", encoding="utf-8")
    done = run(few, "--to", tmp_path / "made" / "ours", "--base", tiny_base)
    assert done.exit_code == 1
    assert "There are 2 texts" in done.output
    assert not any((tmp_path / "made").iterdir())


def test_a_setting_that_there_is_not_is_named(tiny_base: Path, texts: Path, tmp_path: Path) -> None:
    done = run(texts, "--to", tmp_path / "ours", "--base", tiny_base, "--set", "charm=1")
    assert done.exit_code == 1
    assert "no setting `charm`" in done.output
