import os
import subprocess
import sys
from typing import get_args

import pytest
from pydantic import ValidationError

from services.support_qa.config import SupportQaSettings, WordLanguage
from textwire.search.words import WordIndex


def test_the_service_imports_no_torch() -> None:
    code = "import sys, services.support_qa.service; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_a_model_it_says_what_to_do_in_one_line(tmp_path) -> None:
    started = subprocess.run(
        [sys.executable, "-m", "services.support_qa"],
        env=os.environ | {"TEXTWIRE_MODELS_REGISTRY": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 1
    assert "pipelines support-qa run" in started.stdout
    assert "Traceback" not in started.stdout + started.stderr


@pytest.mark.parametrize("language", get_args(WordLanguage))
def test_the_word_index_knows_every_language_that_can_be_set(language) -> None:
    assert WordIndex(language).changed({1: "zebra"}).search(["zebra"], 1)[0][0][0] == 1


@pytest.mark.parametrize("wrong", [{"candidates": 1}, {"threshold": 1.1}, {"word_language": "x"}])
def test_settings_out_of_range_are_refused(wrong) -> None:
    with pytest.raises(ValidationError):
        SupportQaSettings(**wrong)
