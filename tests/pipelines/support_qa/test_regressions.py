from pipelines.support_qa.data import LabelledQuestion
from pipelines.support_qa.evaluate import build_index
from pipelines.support_qa.regressions import compared, first_found
from pipelines.support_qa.samples import SampleQuestions
from tests.encoders import HashingEncoder


def test_what_only_one_of_two_models_finds_is_told_apart() -> None:
    asked = [LabelledQuestion(text, "p") for text in ("lost", "won", "both", "neither")]
    found = compared(asked, ["p", "x", "p", None], ["x", "p", "p", "y"])
    assert [question.text for question in found.worse] == ["lost"]
    assert [question.text for question in found.better] == ["won"]


def test_first_found_is_what_a_search_finds_first(sample_folder: SampleQuestions) -> None:
    data = sample_folder.read()
    index = build_index(HashingEncoder(), data)
    found = first_found(index, data.held_out)
    rows = index.search([question.text for question in data.held_out], 5)
    assert found == [row[0].passage.id for row in rows]
