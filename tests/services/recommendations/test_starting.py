from __future__ import annotations

import os
import subprocess
import sys

import pytest
from pydantic import ValidationError

from textwire.recommendations.config import RecommendationsSettings


def test_the_service_imports_nothing_that_only_training_needs() -> None:
    training = ("torch", "transformers", "sklearn", "scipy", "lightgbm")
    code = (
        f"import sys, services.recommendations.service; print(*set(sys.modules) & {{*{training}}})"
    )
    started = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    assert started.stdout.strip() == b""


def test_without_a_model_it_says_what_to_do_in_one_line(tmp_path) -> None:
    started = subprocess.run(
        [sys.executable, "-m", "services.recommendations"],
        env=os.environ | {"TEXTWIRE_MODELS_REGISTRY": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 1
    assert "pipelines recommendations run" in started.stdout
    assert "Traceback" not in started.stdout + started.stderr


@pytest.mark.parametrize(
    "wrong", [{"k": 0}, {"k": 201}, {"trade_off": 1.1}, {"half_life_days": 0}, {"fresh": 201}]
)
def test_settings_out_of_range_are_refused(wrong) -> None:
    with pytest.raises(ValidationError):
        RecommendationsSettings(**wrong)
