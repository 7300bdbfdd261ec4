from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from pipelines.augmentation.framing import AS_IT_IS, Framing, Parts
from pipelines.augmentation.kept_wordings import KeptWordings
from pipelines.augmentation.more_wordings import with_wordings
from pipelines.classification.examples import Examples

CHARGED, LOGIN, PERSON = "my card was charged twice", "I cannot log in", "I asked for a person"


class Stage:
    def __init__(self) -> None:
        self.steps, self.done = 0, 0

    def expect(self, steps: int) -> None:
        self.steps += steps

    def advance(self) -> None:
        self.done += 1


class Written:
    """Wordings from a table; other texts as they are."""

    name = "written-1"

    def __init__(self, wordings: Mapping[str, str]) -> None:
        self._wordings = wordings

    def reword(self, texts: Sequence[str]) -> list[str]:
        return [self._wordings.get(text, text) for text in texts]


def examples(texts: Sequence[str]) -> Examples:
    n = len(texts)
    return Examples([*texts], np.arange(n), np.eye(n, 2, dtype=np.bool_), np.arange(n) % 2 == 0)


def augmented(
    folder: Path,
    texts: Sequence[str],
    wordings: Mapping[str, str],
    judged: Sequence[str] = (),
    framing: Framing = AS_IT_IS,
    strange: str = "",
) -> Examples:
    stage = Stage()
    found = with_wordings(
        examples(texts),
        KeptWordings(folder, Written(wordings)),
        framing,
        judged,
        lambda some: [text == strange for text in some],
        stage,
    )
    assert stage.done == stage.steps
    return found


def test_a_wording_stands_beside_its_text_under_the_same_labels(tmp_path: Path) -> None:
    found = augmented(tmp_path, [LOGIN, CHARGED], {CHARGED: "my card has been charged double"})
    assert found.texts == [LOGIN, CHARGED, "my card has been charged double"]
    assert found.labels.tolist() == [0, 1, 1]
    assert found.topics[2].tolist() == found.topics[1].tolist()
    assert found.has_topics.tolist() == [True, False, False]


def test_one_that_turned_into_its_opposite_is_left_out(tmp_path: Path) -> None:
    found = augmented(tmp_path, [PERSON], {PERSON: "I didn't ask for a person"})
    assert found.texts == [PERSON]


def test_one_that_a_model_takes_for_something_else_is_left_out(tmp_path: Path) -> None:
    reworded = "I can never log in"
    assert augmented(tmp_path, [LOGIN], {LOGIN: reworded}).texts == [LOGIN, reworded]
    assert augmented(tmp_path, [LOGIN], {LOGIN: reworded}, strange=reworded).texts == [LOGIN]


def test_nothing_that_is_judged_is_learned_from(tmp_path: Path) -> None:
    reworded = "My card has been charged double."
    judged = ["my card has been charged double"]
    assert augmented(tmp_path, [CHARGED], {CHARGED: reworded}, judged).texts == [CHARGED]


def test_what_a_pipeline_put_around_a_text_is_put_around_its_wording(tmp_path: Path) -> None:
    def parts(text: str) -> Parts:
        name, mark, said = text.partition(": ")
        return Parts(f"{name}{mark}", said, "")

    found = augmented(
        tmp_path,
        ["Ford: it posts a loss"],
        {"it posts a loss": "it has a loss"},
        (),
        Framing(parts),
    )
    assert found.texts[1] == "Ford: it has a loss"


def test_nothing_to_word_is_nothing_to_learn_more_of(tmp_path: Path) -> None:
    assert augmented(tmp_path, [LOGIN], {}).texts == [LOGIN]
