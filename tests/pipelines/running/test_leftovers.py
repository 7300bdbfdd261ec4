"""Folders of runs that were killed."""

import os
import time
from pathlib import Path

from pipelines.running.leftovers import AFTER_S, remove_leftovers


def test_what_is_old_goes_and_what_may_be_at_work_stays(tmp_path: Path) -> None:
    for name in ("pipeline-old", "pipeline-new", "models"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.onnx").write_bytes(b"half")
    long_ago = time.time() - AFTER_S - 60
    for name in ("pipeline-old", "models"):
        os.utime(tmp_path / name / "model.onnx", (long_ago, long_ago))
        os.utime(tmp_path / name, (long_ago, long_ago))
    remove_leftovers(tmp_path)
    assert sorted(place.name for place in tmp_path.iterdir()) == ["models", "pipeline-new"]


def test_a_folder_that_is_not_there_yet_holds_nothing(tmp_path: Path) -> None:
    remove_leftovers(tmp_path / "nowhere")
